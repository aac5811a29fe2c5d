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
# **What you'll do.** Watch a neural network continue a movement that it has seen two seconds of, and measure
# how wrong it is.
#
# **What you'll learn**
# - what goes in (50 frames of joint rotations) and what comes out (25 more),
# - that "the person freezes" is a predictor too, and the first one to beat,
# - which function of `cs2s` does each step, so that you can do it with your own numbers.
#
# **What you need.** Python and a little NumPy. No data to download, no GPU.
#
# **Time.** About 3 minutes to run on a laptop CPU, 10 to read. After `make demo` it runs in half a minute, because
# it then uses the model trained there.

# %%
import os
from pathlib import Path

from cs2s.loading import load

PROFILE = os.environ.get("CS2S_PROFILE", "cpu")
# Iterations of training, should there be no trained model yet: sizes for a quick check, a laptop, a GPU.
ITERATIONS = {"smoke": 2, "cpu": 60, "gpu": 2000}[PROFILE]
print(f"profile {PROFILE}: a model is trained for {ITERATIONS} iterations if 'make demo' has not made one")

# %% [markdown]
# ## The motion
#
# The workbook brings its own motion, made from joint-angle curves out of the biomechanics literature: five
# actions, nine takes each to learn from and one to be tested on. A *take* is one recording.

# %%
dataset = load("demo")
print(f"{len(dataset.motions)} takes of {', '.join(dataset.actions('train'))}")

# %%
from cs2s.datasets import TakeId
from cs2s.windows import halved

walk = halved(dataset.motions[TakeId("test", "", "walking", 1)])
print(f"{len(walk)} frames at {walk.fps:g} a second; each frame is a row of {walk.rows.shape[1]} numbers")

# %% [markdown]
# 117 numbers say where one person is: three for the position of the hips, three for the rotation of each of 38
# joints. Here are ten moments of three seconds of them, drawn.

# %%
from IPython.display import Image, display

from cs2s.figures import plot_film_strip
from cs2s.notebook import as_png

display(
    Image(
        as_png(plot_film_strip(walk[100:175], {}, observed=50, title="walking, one of the test takes")),
        alt="Ten stick figures of one walking person; left limbs solid, right limbs dashed.",
    )
)

# %% [markdown]
# *Ten moments of a walk. Left limbs are solid, right limbs dashed. Time 0 is the last frame that a predictor gets
# to see; everything right of it is the future.*
#
# ## The simplest predictor
#
# Freeze. Repeat the last observed frame for ever. It sounds like a joke, and yet in 2017 it beat most published
# networks at 80 milliseconds (Martinez et al.), because in so short a time nobody moves far. It is called *zero
# velocity*.

# %%
from cs2s.baselines import ZeroVelocity
from cs2s.evaluation import evaluate
from cs2s.tables import error_table

frozen, frozen_motions = evaluate(dataset, ZeroVelocity())
print(error_table(frozen))

# %% [markdown]
# Each number is a distance between true and predicted joint angles, in radians, averaged over eight windows of a
# test take. A column is one future frame: `f9` is the tenth, 400 ms ahead. The further ahead, the worse; chapter
# 05 takes this number apart.
#
# ## A network
#
# Now the model of the paper. It looks at 50 frames, predicts one, looks again, predicts the next, 25 times. If you ran
# `make demo`, its model is waiting; otherwise we train one here, briefly.

# %%
import tempfile

from cs2s.provenance import made_by
from cs2s.runs import Run
from cs2s.settings import Settings
from cs2s.windows import dataset_statistics

trained = Path("..") / "runs" / "demo"
if PROFILE != "smoke" and trained.is_dir() and Run.open(trained).checkpoints:
    run = Run.open(trained)
else:
    settings = Settings("demo", iterations=ITERATIONS, learning_rate=1e-3, batch_size=8)
    workspace = tempfile.TemporaryDirectory()
    made_from = made_by(data=dataset.fingerprint)
    run = Run.create(Path(workspace.name) / "quickstart", settings, made_from, dataset_statistics(dataset))
print(f"{run.settings.iterations} iterations of {run.settings.batch_size} windows, seed {run.settings.seed}")

# %%
from cs2s.training import train

if not run.checkpoints:
    train(run, dataset, verbose=2)

# %%
from cs2s.model_predictor import load_predictor

predictor = load_predictor(run.folder)
learned, learned_motions = evaluate(dataset, predictor)
print(error_table(learned))

# %% [markdown]
# Compare the last rows of the two tables. Average error at 400 ms:

# %%
frame = 9
gain = 1 - learned.average[frame] / frozen.average[frame]
print(f"zero velocity {frozen.average[frame]:.2f}, the network {learned.average[frame]:.2f}: {gain:.0%} less")
# Two iterations of the smoke profile teach a network nothing, and are not meant to.
assert PROFILE == "smoke" or gain > 0

# %% [markdown]
# ## See it
#
# Numbers hide what went wrong; pictures show it. One function draws the truth beside a prediction, at any frame
# and from any side.

# %%
import numpy as np

from cs2s.motion import Motion


def sample_motions(action: str, window: int) -> tuple[Motion, dict[str, Motion]]:
    """Return a test window as motions: the truth, and what each predictor made of it."""
    truth = learned_motions[action][0][window]
    predicted = {
        "zero velocity": frozen_motions[action][1][window],
        "network": learned_motions[action][1][window],
    }
    continued = {name: np.concatenate([truth[:50], rows]) for name, rows in predicted.items()}
    return Motion(truth, walk.skeleton, walk.fps), {
        name: Motion(rows, walk.skeleton, walk.fps) for name, rows in continued.items()
    }


# %%
truth, predictions = sample_motions("walking", 4)
display(
    Image(
        as_png(plot_film_strip(truth, predictions, observed=50, title="walking, test window 4")),
        alt="Three rows of stick figures: what really happened, the frozen person, the network's prediction.",
    )
)

# %% [markdown]
# *What really happened, the frozen person, and the network's prediction. Blue was recorded, orange with dots was
# predicted. This is one of the better windows. In window 0 the person stands and is about to walk: look whether the
# network foresees it.*
#
# Now you. Move the sliders; the arrow keys work too.

# %%
from cs2s.animation import plot_frame


def plot_moment(action: str = "walking", window: int = 4, frame: int = 62, azimuth: int = -55):
    """Draw one frame of a test window: the truth and both predictions, seen from any side."""
    truth, predictions = sample_motions(action, window)
    return plot_frame(truth, predictions, 50, frame, title=f"{action}, window {window}", azimuth=azimuth)


# %%
import ipywidgets as widgets

from cs2s.notebook import slider_picture

slider_picture(
    plot_moment,
    action=widgets.Dropdown(options=dataset.actions("test"), value="walking"),
    window=widgets.IntSlider(4, 0, 7),
    frame=widgets.IntSlider(62, 0, 74),
    azimuth=widgets.IntSlider(-55, -180, 180, 15),
)

# %% [markdown]
# The same picture without sliders, for those who read this on a page:

# %%
display(Image(as_png(plot_moment()), alt="Three stick figures 480 ms into the future: truth, zero velocity, network."))

# %% [markdown]
# ## What you found
#
# - 50 frames in, 25 frames out, 117 numbers each.
# - Freezing is a serious opponent at 80 ms and a poor one at 400 ms.
# - A small network, trained for minutes, beats it there; how clearly, the last table says.
#
# **On the command line** the same functions do the same work:
# ```
# cs2s train --dataset demo --run runs/mine --iterations 300 --learning-rate 1e-3 --batch-size 8 --output-length 10
# cs2s sample --run runs/mine --out samples.h5
# cs2s evaluate --dataset demo --predictor zero-velocity --predictor runs/mine
# cs2s animate samples.h5 --action boxing --out boxing.gif
# ```
#
# **Try**
# 1. Which action gains least from the network, and why would that be? (Look at its windows with the sliders.)
# 2. In `evaluate`, replace `ZeroVelocity()` by `RunningAverage(4)` from `cs2s.baselines`. Better or worse at 80 ms? At
#    one second?
# 3. Train twice as long with `cs2s train --run runs/mine --resume --iterations 600`. Is twice the work worth it?
#
# **Further reading.** Li, Zhang, Lee, Lee: *Convolutional Sequence to Sequence Model for Human Dynamics*, CVPR 2018.
# Martinez, Black, Romero: *On human motion prediction using recurrent neural networks*, CVPR 2017.
