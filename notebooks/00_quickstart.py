# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 00 Quickstart: a machine predicts how a person will move
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/ACCOUNT-NOT-DECIDED/cs2s/blob/main/notebooks/00_quickstart.ipynb)
#
# **What you'll do.** Watch a neural network continue a movement that it has seen two seconds of, and measure
# how wrong it is. The network is that of Li et al. (2018), a *convolutional sequence-to-sequence* model, hence `cs2s`.
# Here it is called the paper's.
#
# **What you'll learn**
# - what goes in (50 frames of joint rotations) and what comes out (25 more),
# - that "the person freezes" is a predictor too, and the first one to beat,
# - which function of `cs2s` does each step, so that you can do it with your own numbers.
#
# **What you need.** Python and a little NumPy. No data to download, no GPU.
#
# **Time.** About half a minute to run on a laptop CPU, the same on a GPU, 15 minutes to read. It predicts with weights
# that come with the program; after `make demo` with the model trained there.

# %% tags=["bootstrap"]
# On Colab this installs cs2s beside Colab's own TensorFlow and NumPy. Anywhere else, or run again, it does nothing.
import importlib.util
import subprocess
import sys

if "google.colab" in sys.modules and importlib.util.find_spec("cs2s") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "git+https://github.com/ACCOUNT-NOT-DECIDED/cs2s"], check=True)
    subprocess.run([*pip, "imageio-ffmpeg", "lazy-loader", "platformdirs"], check=True)
    importlib.invalidate_caches()

# %% [markdown]
# Every notebook begins by saying how big its trainings are (the *profile*), and on which data it runs. (To change the
# profile, set the environment variable `CS2S_PROFILE` to `smoke`, `cpu` or `gpu`.)

# %%
from cs2s.workbook import begin, motion_data

profile = begin({"smoke": 0.5, "cpu": 0.5, "gpu": 0.5})
dataset = motion_data()

# %% [markdown]
# ## The motion
#
# A *take* is one recording of one person doing one thing, its *action*. Most takes are there to learn from; one of
# each action is kept to be tested on.

# %%
train_takes, test_takes = dataset.split("train"), dataset.split("test")
print(f"{len(train_takes)} takes to learn from, {len(test_takes)} to test on")
print("actions:", ", ".join(dataset.actions("test")))

# %% [markdown]
# If these are the demo data: nobody recorded them. They are made by the program in a second, from joint-angle curves
# out of the biomechanics literature, so that you can start without downloading anything. The CMU data (Carnegie
# Mellon University) are recordings of people. Of both, the paper's protocol keeps every second frame: `halved`.

# %%
from cs2s.datasets import TakeId, halved

# Split, person (unknown here), action, number of the take.
walk = halved(dataset.motions[TakeId("test", "", "walking", 1)])
print(f"{len(walk)} frames at {walk.fps:g} a second; each frame is a row of {walk.rows.shape[1]} numbers")

# %% [markdown]
# 117 numbers say where one person is: three for the position of the hips, three for the rotation of each of 38
# joints. Here are ten moments of one such take, drawn.

# %%
from cs2s.pictures import plot_film_strip
from cs2s.workbook import show

show(
    plot_film_strip(walk[100:175], {}, observed=50, title="walking, 75 frames of the test take"),
    alt="Ten stick figures of one walking person; left limbs solid, right limbs dashed.",
    caption="Ten moments of a walk. Time 0 is the last frame that a predictor gets to see; everything right of it is "
    "the future.",
)

# %% [markdown]
# ## The simplest predictor
#
# Freeze. Repeat the last observed frame for ever. It sounds like a joke, and yet in 2017 it beat the published
# networks that Martinez et al. set beside it at 80 milliseconds, because in so short a time nobody moves far. It is
# called *zero velocity*.

# %%
from cs2s.evaluation import ZeroVelocity, error_table, evaluate

frozen = evaluate(dataset, ZeroVelocity())
print(error_table(frozen))

# %% [markdown]
# Each number is a distance between true and predicted joint angles: the root of the sum of all squared differences.
# So it is in radians, but of all moving joints together, not of one. It is averaged over eight windows of a test take.
# (A *window* is the stretch of frames that a predictor works on: 50 observed, 25 to predict.) A column is one future
# frame: `f9` is the tenth, because counting starts at 0. The next line tells how far ahead that is; a third,
# where it differs, what the paper prints.
#
# At first the error grows from column to column. Later it may fall again: a runner of the demo data takes a stride in
# about 14 frames, and at `f13` is back near the frozen pose. Chapter `05_error_evaluation` takes this number apart.
#
# ## A network
#
# Now the model of the paper. It looks at 50 frames, predicts one, looks again, predicts the next, 25 times. If you
# have trained one already, it is waiting in the folder `runs/`; otherwise one that came with the program is taken. (If
# you have the real recordings, that is our own single small model, which predicts all 25 at once: chapter 07.)

# %%
from cs2s.workbook import workbook_predictor

trained = workbook_predictor(dataset, profile)

# %% [markdown]
# The same function `evaluate` judges the network. What it gives back holds two things: the errors, and the motions
# themselves. For each action these are a pair: the eight true windows (75 frames each), and what was predicted (25 each).

# %%
from cs2s.training import load_predictor

network = load_predictor(trained)
network.name = "network"
learned = evaluate(dataset, network)
print(error_table(learned))
true_walks, predicted_walks = learned.motions["walking"]
print("walking:", true_walks.rows.shape, "true,", predicted_walks.rows.shape, "predicted (windows, frames, numbers)")

# %% [markdown]
# Compare the last rows of the two tables, at the tenth frame:

# %%
frame = 9
gain = 1 - learned.average[frame] / frozen.average[frame]
print(f"zero velocity {frozen.average[frame]:.2f}, the network {learned.average[frame]:.2f}: {gain:.0%} less")
assert gain > 0

# %% [markdown]
# An average hides as much as it tells. Is there any action, any frame, at which freezing is better than the network?

# %%
for action, errors in learned.errors.items():
    for f in (1, 3, 7, 9, 13, 24):
        if errors[f] > frozen.errors[action][f]:
            print(f"{action}, frame {f}: the network {errors[f]:.2f}, freezing {frozen.errors[action][f]:.2f}")

# %% [markdown]
# If the network came with the program, it was trained to predict 10 frames; whatever lies beyond, it makes by feeding on
# its own predictions. And a runner who is back where the stride began makes freezing look clever.

# %% [markdown]
# ## See it
#
# Numbers hide what went wrong; pictures show it. What was predicted of a window is a motion, and so are the frames
# that were observed: `then` puts one behind the other.

# %%
from cs2s.motion import Motion


def sample_motions(action: str, window: int) -> tuple[Motion, dict[str, Motion]]:
    """Return a test window as motions: the truth, and what each predictor made of it."""
    truth = learned.motions[action][0].one(window)
    futures = {"zero velocity": frozen, "network": learned}
    return truth, {name: truth[:50].then(of.motions[action][1].one(window)) for name, of in futures.items()}


# %%
truth, predictions = sample_motions("walking", 4)
show(
    plot_film_strip(truth, predictions, observed=50, title="walking, test window 4"),
    alt="Three rows of stick figures: what really happened, the frozen person, the network's prediction.",
    caption="What really happened, the frozen person, and the network's prediction. Follow the left leg (solid) "
    "from +160 ms on: where does it go in each row?",
)

# %% [markdown]
# The other windows are one slider away. In window 0 of the demo data's walking the person stands and is about to
# walk: does the network foresee it? `frame` runs over all 75 frames, from 50 on it is future; `azimuth` turns your
# point of view, in degrees. The arrow keys move a slider, too.

# %%
from cs2s.pictures import plot_frame


def plot_moment(action: str = "walking", window: int = 4, frame: int = 59, azimuth: int = -55):
    """Draw one frame of a test window: the truth and both predictions, seen from any side."""
    truth, predictions = sample_motions(action, window)
    return plot_frame(truth, predictions, 50, frame, title=f"{action}, window {window}", azimuth=azimuth)


# %%
import ipywidgets as widgets

from cs2s.workbook import slider_picture

slider_picture(
    plot_moment,
    action=widgets.Dropdown(options=dataset.actions("test"), value="walking"),
    window=widgets.IntSlider(4, 0, 7),
    frame=widgets.IntSlider(59, 0, 74),
    azimuth=widgets.IntSlider(-55, -180, 180, 5),
)

# %% [markdown]
# The same picture without sliders, for those who read this on a page:

# %%
show(
    plot_moment(),
    alt="Three stick figures at the tenth predicted frame: truth, zero velocity, network.",
    caption="The tenth predicted frame (frame 59). Compare each prediction with the truth on the left: which leg is "
    "forward, how far have the arms swung?",
)

# %% [markdown]
# ## On the command line
#
# The same functions do the same work in a terminal (`cs2s train --help` explains the options):
# ```
# cs2s train --dataset demo --run runs/mine --iterations 300 --learning-rate 1e-3 --batch-size 8 --output-length 10
# cs2s sample --run runs/mine --out samples.h5
# cs2s evaluate --dataset demo --predictor zero-velocity --predictor runs/mine
# cs2s animate samples.h5 --action boxing --out boxing.gif
# ```
#
# ## What you found
#
# - 50 frames in, 25 frames out, 117 numbers each.
# - Freezing is wrong by a little in the first frames and by a lot at the tenth: on the demo data 0.87 radians at
#   80 ms, 2.39 at 400 ms.
# - A network trained for minutes is better at the tenth frame; the line under its table says by how much.
#
# **The other chapters.** `01_motion_data` opens the files, `02_exponential_maps` explains the rotations,
# `03_generator` builds the network, `04_adversarial_training` trains it, `05_error_evaluation` takes the error apart,
# and in `06_explore_predictions` you play with what came out.
#
# ## Exercises
#
# Put your answer in the place of the three dots and run the cell: the check tells you what it thinks of it. Hints are
# folded, solutions are at the end of the notebook.
#
# ### Exercise 1: how far ahead?
#
# Halved, the demo data have 25 frames a second. How many seconds of future are 25 predicted frames?
#
# <details><summary>Hint</summary>One frame is 1/25 of a second.</details>

# %% tags=["exercise"]
from cs2s.workbook.checks import quickstart as check

seconds = ...
check.seconds_predicted(seconds)

# %% [markdown]
# ### Exercise 2: the gain
#
# Write the gain as a function of the two errors: by what part of the frozen error is the network's error lower? 0.25
# means a quarter less, and a negative gain means that freezing was better.
#
# <details><summary>Hint</summary>If the network's error is as large as the frozen one, the gain is 0; if the network
# is perfect, it is 1.</details>


# %% tags=["exercise"]
def gain_of(frozen, learned):
    return ...


check.gain(gain_of)

# %% [markdown]
# ### Exercise 3: your first predictor
#
# Write zero velocity yourself, on the rows of motions alone: arrays in, an array out. `observed` has the shape
# `(windows, 50, columns)`; return `(windows, frames, columns)`, every frame of which is the last observed one.
#
# <details><summary>Hint</summary>`observed[:, -1:]` keeps the axis of the frames, with one frame left in it.
# `np.repeat` has an argument `axis`.</details>


# %% tags=["exercise"]
import numpy as np


def freeze(observed, frames):
    return ...


check.freeze(freeze)

# %% [markdown]
# ## Further reading
#
# - Li, Zhang, Lee, Lee: *Convolutional Sequence to Sequence Model for Human Dynamics*, CVPR 2018,
#   [arXiv:1805.00655](https://arxiv.org/abs/1805.00655). The paper of this workbook.
# - Martinez, Black, Romero: *On human motion prediction using recurrent neural networks*, CVPR 2017,
#   [arXiv:1705.02445](https://arxiv.org/abs/1705.02445). Where zero velocity was first set beside the networks of its time.
#
# ## Next
#
# What are these 117 numbers, and can they be trusted? [01 Motion data](01_motion_data.ipynb) opens the files.
#
# ## Solutions
#
# ### Solution 1: how far ahead

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.seconds_predicted(25 / 25)

# %% [markdown]
# ### Solution 2: the gain as a function


# %% tags=["solution"] jupyter={"source_hidden": true}
def gain_of(frozen, learned):
    return 1 - learned / frozen


assert check.gain(gain_of)

# %% [markdown]
# ### Solution 3: zero velocity


# %% tags=["solution"] jupyter={"source_hidden": true}
def freeze(observed, frames):
    return np.repeat(observed[:, -1:], frames, axis=1)


assert check.freeze(freeze)
