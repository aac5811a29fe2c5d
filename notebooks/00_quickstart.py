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
# Whatever we call *the paper's* is theirs.
#
# **What you'll learn**
# - what goes in (50 frames of joint rotations) and what comes out (25 more),
# - that "the person freezes" is a predictor too, and the first one to beat,
# - where the network loses to it, and why,
# - which function of `cs2s` does each step, so that you can do it with your own numbers.
#
# **What you need.** Python and a little NumPy. No data to download, no GPU.
#
# **Time.** About half a minute to run on a laptop CPU, the same on a GPU; 15 minutes to read, 20 more for the exercises.

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
from cs2s.workbook import begin, motion_data, show

profile = begin({"smoke": 0.5, "cpu": 0.5, "gpu": 0.5})
dataset = motion_data()

# %% [markdown]
# ## Watch it first
#
# Two predictors see two seconds of a person walking. One says: the person freezes. The other is a trained network. If
# you have trained one already, it is waiting in the folder `runs/`; otherwise one that came with the program is taken:
# on the demo data the paper's network, on the CMU data a small one of our own, from chapter 07.

# %%
from cs2s.evaluation import ZeroVelocity, evaluate
from cs2s.training import load_predictor
from cs2s.workbook import workbook_predictor

network = load_predictor(workbook_predictor(dataset, profile))
network.name = "network"
frozen, learned = evaluate(dataset, ZeroVelocity()), evaluate(dataset, network)

# %% [markdown]
# Both were asked about the same stretches of motion, and what they answered are motions again. `then` puts the answer
# behind the frames that were observed. For each action there are eight stretches, called *windows*; `.one(4)` is the
# fifth of them, counted from 0.

# %%
from cs2s.motion import Motion


def sample_motions(action: str, window: int) -> tuple[Motion, dict[str, Motion]]:
    """Return a test window as motions: the truth, and what each predictor made of it."""
    truth = learned.motions[action][0].one(window)
    futures = {"zero velocity": frozen, "network": learned}
    return truth, {name: truth[:50].then(of.motions[action][1].one(window)) for name, of in futures.items()}


# %%
from cs2s.pictures import player, plot_film_strip

truth, guesses = sample_motions("walking", 4)
show(
    player({"what happened": truth, **guesses}, 50, predicted=list(guesses), title="walking, test window 4"),
    still=plot_film_strip(truth, guesses, observed=50, title="walking, test window 4"),
    alt="A walking person three times: what really happened, the person freezing after two seconds, and the network's "
    "prediction, which walks on.",
    caption="Time 0 is the last frame that the predictors got to see; what comes then, they made up. Drag a figure to "
    "turn all three, press ? for the keys. Where does the left leg go in each?",
)

# %% [markdown]
# ## The motion
#
# What was that? A *take* is one recording of one person doing one thing, its *action*. Most takes are there to learn
# from; one of each action is kept to be tested on.

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
# joints. Each window has 75 frames, 50 observed and 25 to predict. Here are ten moments of another one.

# %%
show(
    plot_film_strip(walk[100:175], {}, observed=50, title="walking, 75 frames of the test take"),
    alt="Ten stick figures of one walking person; left limbs solid, right limbs dashed.",
    caption="Ten moments of a walk. Time 0 is the last frame that a predictor gets to see; everything right of it is "
    "the future.",
)

# %% [markdown]
# ### Exercise 1: how far ahead?
#
# Halved, the demo data have 25 frames a second. How many seconds of future are 25 predicted frames? Put your answer in
# the place of the three dots and run the cell: the check tells you what it thinks of it. Hints are folded, the second
# one says nearly all; solutions are at the end of the notebook.
#
# <details><summary>Hint</summary>How long does one frame last?</details>
# <details><summary>Second hint</summary>One frame is 1/25 of a second; the first predicted one is already 1/25 of a
# second ahead.</details>

# %% tags=["exercise"]
from cs2s.workbook.checks import quickstart as check

seconds = ...
check.seconds_predicted(seconds)

# %% [markdown]
# ## The simplest predictor
#
# Freeze. Repeat the last observed frame for ever. It sounds like a joke, and yet in 2017 it beat the published
# networks that Martinez et al. set beside it at 80 milliseconds, because in so short a time nobody moves far. It is
# called *zero velocity*.
#
# ### Exercise 2: your first predictor
#
# Write zero velocity yourself, on the rows of motions alone: arrays in, an array out. `observed` has the shape
# `(windows, 50, columns)`; return `(windows, frames, columns)`, every frame of which is the last observed one.
#
# <details><summary>Hint</summary>`observed[:, -1]` loses the axis of the frames. Which slice keeps it, with one frame
# left in it?</details>
# <details><summary>Second hint</summary>`observed[:, -1:]` keeps it, and `np.repeat` has an argument `axis`.</details>


# %% tags=["exercise"]
import numpy as np


def freeze(observed, frames):
    return ...


check.freeze(freeze)

# %% [markdown]
# How wrong is it?

# %%
from cs2s.evaluation import error_table

print(error_table(frozen))
if dataset.description.name == "demo":
    assert [round(frozen.average[f], 2) for f in (1, 9)] == [0.87, 2.39]
    shown = [1, 3, 7, 9, 13, 24]
    assert [a for a, errors in frozen.errors.items() if (np.diff(errors[shown]) > 0).all()] == ["squatting"]

# %% [markdown]
# Each number is a distance between true and predicted joint angles: the root of the sum of all squared differences.
# So it is in radians, but of all moving joints together, not of one. It is averaged over eight windows of a test take.
# A column is one future frame: `f9` is the tenth, because counting starts at 0. The next line tells how far ahead that
# is; a third, where it differs, what the paper prints. Chapter `05_error_evaluation` takes this number apart.
#
# At first the error grows from column to column. But then, on the demo data, it falls again in all actions but
# squatting. Look at running.
#
# ### Exercise 3: when is freezing right?
#
# Think before you look it up. Somebody runs so evenly that the same pose comes back every `period` frames, exactly.
# At which of the predicted frames 0, 1, ..., `frames - 1` is zero velocity exactly right? Return a list.
#
# <details><summary>Hint</summary>The frozen pose is that of the last observed frame. How many frames after it does the
# same pose come again, and which number does that predicted frame have?</details>
# <details><summary>Second hint</summary>With a period of 3, predicted frame 2 is right: it is three frames after the
# last observed one. So is 5.</details>


# %% tags=["exercise"]
def right_again(period, frames):
    return ...


check.right_again(right_again)

# %% [markdown]
# Now test it. How many frames does the runner of the demo data take for a stride, and where has the error its lowest
# point after the start? (Nobody runs exactly evenly, so it is low there, not 0. With the CMU data, at 60 frames a second,
# 25 frames are over before a stride is.)

# %%
from cs2s.datasets import stride_period

run = halved(dataset.motions[TakeId("test", "", "running", 1)])
dip = 5 + frozen.errors["running"][5:].argmin()
print(f"a stride takes {stride_period(run)} frames; freezing is least wrong at predicted frame {dip}")
if dataset.description.name == "demo":
    assert stride_period(run) - 1 == dip == 14

# %% [markdown]
# ## A network
#
# The paper's model looks at 50 frames, predicts one, looks again, predicts the next, 25 times. The same function
# `evaluate` has judged it. What that gives back holds two things: the errors, and the motions themselves. For each
# action these are a pair: the eight true windows (75 frames each), and what was predicted (25 each).

# %%
print(error_table(learned))
true_walks, predicted_walks = learned.motions["walking"]
print("walking:", true_walks.rows.shape, "true,", predicted_walks.rows.shape, "predicted (windows, frames, numbers)")

# %% [markdown]
# ### Exercise 4: the gain
#
# "20 % better than freezing" is how papers like to say it. Write the gain as a function of the two errors: by what
# part of the frozen error is the network's error lower? 0.25 means a quarter less, and a negative gain means that
# freezing was better.
#
# <details><summary>Hint</summary>What must come out if both errors are the same? And if the network is perfect?</details>
# <details><summary>Second hint</summary>If both are the same, the gain is 0; if the network's error is 0, it is 1. The
# error to divide by is the frozen one.</details>


# %% tags=["exercise"]
def gain_of(frozen, learned):
    return ...


check.gain(gain_of)

# %% [markdown]
# At the tenth frame, on average over the actions:

# %%
frame = 9
gain = 1 - learned.average[frame] / frozen.average[frame]
print(f"zero velocity {frozen.average[frame]:.2f}, the network {learned.average[frame]:.2f}: {gain:.0%} less")
assert gain > 0

# %% [markdown]
# ## Where it loses
#
# An average hides as much as it tells. Is there any action, any frame, at which freezing is better than the network?
# Before you run the cell, guess one, with what you know of runners.

# %%
for action, errors in learned.errors.items():
    for f in (1, 3, 7, 9, 13, 24):
        if errors[f] > frozen.errors[action][f]:
            print(f"{action}, frame {f}: the network {errors[f]:.2f}, freezing {frozen.errors[action][f]:.2f}")

# %% [markdown]
# Two causes are likely. Who is back where the stride began makes freezing look clever: the runner at frame 13, the walker
# at 24. And each frame that the network predicts feeds on those that it predicted before, mistakes included; if it came with
# the program, 10 frames in a row are all that was asked of it in training.
#
# Numbers hide what went wrong; a film shows it. Below this one are the errors of this very window, frame by frame.

# %%
from cs2s.evaluation import angle_error

truth, guesses = sample_motions("running", 7)
curves = {name: angle_error(truth, guess[50:]) for name, guess in guesses.items()}
show(
    player(
        {"what happened": truth, **guesses},
        50,
        predicted=list(guesses),
        errors=curves,
        errors_are="angle error (radians)",
        title="running, test window 7",
    ),
    still=plot_film_strip(truth, guesses, observed=50, title="running, test window 7"),
    alt="A running person three times: what happened, frozen, and predicted; below, two curves of errors over time.",
    caption="Freezing's error rises and falls with the stride. Stop the film where it is lowest: do the three agree? "
    "Then where the network's is highest: what does it do wrong?",
    height=600,
)

# %% [markdown]
# ## See any moment
#
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
# ## What you found
#
# - 50 frames in, 25 frames out, 117 numbers each.
# - Freezing is wrong by a little in the first frames and by a lot at the tenth: on the demo data 0.87 radians at
#   80 ms, 2.39 at 400 ms. It gets better again whenever the pose nearly comes back: for the runner of the demo data at
#   frame 14.
# - A network trained for minutes is better at the tenth frame, by the part that its table says. It is not better
#   everywhere: beyond the 10 frames that it was trained for, freezing beats it for some actions.
#
# **The other chapters.** `01_motion_data` opens the files, `02_exponential_maps` explains the rotations,
# `03_generator` builds the network, `04_adversarial_training` trains it, `05_error_evaluation` takes the error apart,
# and in `06_explore_predictions` you play with what came out.
#
# ## Exercises
#
# Four stand above, beside what they are about. The last needs all of them.
#
# ### Exercise 5: keep going
#
# Freezing says that nothing moves. The next simplest guess is that everything goes on as in the last step: the
# difference between the last two observed frames is added again and again. Write it, and before you look at the
# solution, say where it will be better than freezing (at the first frame? the tenth? the last?) and why.
#
# <details><summary>Hint</summary>The first predicted frame is the last observed one plus one step, the second plus two
# steps. Which array holds 1, 2, 3, ...?</details>
# <details><summary>Second hint</summary>`step = observed[:, -1:] - observed[:, -2:-1]` has the shape
# `(windows, 1, columns)`, and `np.arange(1, frames + 1)[:, None]` the shape `(frames, 1)`. They multiply.</details>


# %% tags=["exercise"]
def keep_going(observed, frames):
    return ...


check.keep_going(keep_going)

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
# ### Solution 2: zero velocity


# %% tags=["solution"] jupyter={"source_hidden": true}
def freeze(observed, frames):
    return np.repeat(observed[:, -1:], frames, axis=1)


assert check.freeze(freeze)

# %% [markdown]
# ### Solution 3: when freezing is right


# %% tags=["solution"] jupyter={"source_hidden": true}
def right_again(period, frames):
    return list(range(period - 1, frames, period))


assert check.right_again(right_again)

# %% [markdown]
# ### Solution 4: the gain as a function


# %% tags=["solution"] jupyter={"source_hidden": true}
def gain_of(frozen, learned):
    return 1 - learned / frozen


assert check.gain(gain_of)

# %% [markdown]
# ### Solution 5: keeping going, and how it does
#
# Nobody can stop or turn within one frame, so at first it is far better than freezing. But limbs swing to and fro: what
# goes on for ever is soon behind the body's back. On the demo data it is worse than freezing from the fifth frame on.


# %% tags=["solution"] jupyter={"source_hidden": true}
def keep_going(observed, frames):
    step = observed[:, -1:] - observed[:, -2:-1]
    return observed[:, -1:] + step * np.arange(1, frames + 1)[:, None]


class KeepGoing:
    name = "keep going"

    def __call__(self, observed, frames):
        return Motion(keep_going(observed.rows, frames), observed.skeleton, observed.fps)


assert check.keep_going(keep_going)
going = evaluate(dataset, KeepGoing())
worse = int((going.average > frozen.average).argmax())
print(
    f"first frame: freezing {frozen.average[0]:.2f}, keeping going {going.average[0]:.2f}; worse from frame {worse} on"
)
if dataset.description.name == "demo":
    assert worse == 4
