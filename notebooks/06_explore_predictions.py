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
# # 06 Explore predictions: look before you believe a number
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/ACCOUNT-NOT-DECIDED/cs2s/blob/main/notebooks/06_explore_predictions.ipynb)
#
# **What you'll do.** Look at any moment of any prediction in a panel with sliders, and answer six questions, each by
# looking and by measuring.
#
# **What you'll learn**
# - to find the windows where a predictor fails, instead of hoping to meet them,
# - what a network does after the last moment it was trained for,
# - three faults that the error table cannot show: an angle that jumps, feet that glide, hips that fly,
# - to put a predictor of your own into the panel and onto the scoreboard.
#
# **What you need.** Chapter 00. Chapter 05 explains the error that is used here; the one sentence you need is below.
#
# **Time.** 1 minute to run on a laptop CPU, the same on a GPU, 30 minutes to read and explore.

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

# %%
from cs2s.workbook import begin, motion_data, show, workbook_predictor

profile = begin({"smoke": 0.6, "cpu": 1, "gpu": 1})
dataset = motion_data()
network = workbook_predictor(dataset, profile)

# %% [markdown]
# ## The panel
#
# A *window* is a piece of a recording: 50 frames that a predictor may see, then the true future. Each action has eight
# test windows. A *predictor* is anything that continues them. `Predictions` holds the windows, asks each predictor
# once for each action, and remembers the answers.
#
# Everything is counted from 0. Frames 0 to 49 of a window are observed; frame 50 is *predicted frame* 0, and frame 59
# is predicted frame 9: the tenth of the future, 400 ms ahead where there are 25 frames a second.

# %%
from cs2s.workbook.figures.explore_predictions import Explorer, Predictions, found_predictors

predictions = Predictions(dataset, found_predictors(dataset, network))
print("predictors:", ", ".join(predictions.predictors))

# %% [markdown]
# `network` is the trained model. `zero-velocity` freezes the last observed pose; a running average holds the mean of
# the last 2 or 4 poses. They learn nothing, and are the ones to beat.
#
# Now explore. The **frame** comes first: drag it, use the arrow keys, or press play. **predictors** takes several: hold
# Ctrl (or Cmd). **frames** says how many are predicted, **azimuth** turns the camera.

# %%
from cs2s.datasets import load

setting = {"action": "walking", "window": 4, "predictors": ("zero-velocity", "network"), "frames": 25, "frame": 59}
others = [] if dataset.description.name == "demo" else [load("demo")]  # beside CMU, the panel offers the demo data
Explorer(predictions, *[Predictions(other, found_predictors(other)) for other in others], **setting)

# %% [markdown]
# A new action or predictor takes a moment, because something has to be predicted; after that only the drawing is left.
# If your own predictor fails, its error message appears below the picture.
#
# Every picture of the panel comes from one function, which gives the same picture without sliders. The line below it
# is the *angle error*: the length of the vector of all differences between true and predicted joint angles, in radians.

# %%
from cs2s.workbook.figures.explore_predictions import error_line, plot_prediction

show(
    plot_prediction(predictions, **setting),
    alt="Three stick figures side by side at one moment: the truth, the frozen pose, the network's prediction.",
    caption=error_line(predictions, **setting),
)

# %% [markdown]
# Blue was recorded, orange with dots was predicted. Left limbs are solid, right limbs dashed. The floor squares pass
# below, because the picture follows the hips.
#
# Are these the numbers of the table in chapter 00? They must be: its rows are means over the eight windows.

# %%
import numpy as np

from cs2s.evaluation import evaluate

table = evaluate(dataset, predictions.predictors["network"])
for action in predictions.actions:
    assert np.allclose(predictions.errors(action, "network").mean(axis=0), table.errors[action], atol=1e-4)
print(f"{8 * len(predictions.actions)} windows; their errors average to the table")

# %% [markdown]
# ## Question 1: where is freezing good?
#
# For each window, subtract the network's error from that of the frozen person. Above 0 the network is better.

# %%
from cs2s.workbook.figures.explore_predictions import plot_against_freezing

show(
    plot_against_freezing(predictions, "network"),
    alt="Two scatter plots, a dot a window: how much the network gains over freezing, at predicted frames 1 and 9.",
    caption="Of each action, windows 0 to 7 from left to right. A disc: the network is better. A cross: freezing is. "
    "Set the panel to the lowest cross and look at it.",
)


# %%
def frozen_wins(frame):
    """Count the windows in which the network is more wrong than a frozen person."""
    wins = 0
    for action in predictions.actions:
        network, frozen = (predictions.errors(action, name)[:, frame] for name in ("network", "zero-velocity"))
        wins += int((network > frozen).sum())
    return wins


milliseconds = predictions.milliseconds()
of_all = f"of {8 * len(predictions.actions)} windows"
for frame in (1, 9):
    print(f"at {milliseconds[frame]:.0f} ms freezing wins {frozen_wins(frame)} {of_all}")

# %% [markdown]
# A table hides this: a mean over eight windows says nothing about how many of them were won.
#
# When should freezing be right? When the person hardly moves. To test that, take the mean speed of the joints, seen
# from the hips: with $J$ joints at $p_j(t)$ and $f$ frames a second, it is
# $v(t) = \frac{f}{J} \sum_j \lVert p_j(t+1) - p_j(t) \rVert$.

# %%
from cs2s.workbook.figures.explore_predictions import joint_speed

truth, predicted = predictions.motions("walking", 4, ["network"])
from_hips = truth.positions() - truth.positions()[:, :1]
speed = truth.fps * np.linalg.norm(np.diff(from_hips, axis=0), axis=-1).mean(axis=-1)
assert np.allclose(speed, joint_speed(truth))
print(f"75 frames, {len(speed)} steps between them, {speed.mean():.0f} mm a second on average")

# %% [markdown]
# Step $t$ leads from frame $t$ to frame $t + 1$, so that steps 49 to 58 are those to predicted frames 0 to 9. How wrong
# is freezing in the quarter of all windows where these are slowest?

# %%
windows = [(action, window) for action in predictions.actions for window in range(8)]
future_speed = np.array([joint_speed(predictions.motions(*w, [])[0])[49:59].mean() for w in windows])
frozen_error = np.array([predictions.errors(action, "zero-velocity")[window, 9] for action, window in windows])
slow = future_speed <= np.quantile(future_speed, 0.25)
print(
    f"error of freezing, slowest quarter: {frozen_error[slow].mean():.2f}, all others: {frozen_error[~slow].mean():.2f}"
)
assert frozen_error[slow].mean() < frozen_error[~slow].mean()

# %% [markdown]
# > **Our finding.** Freezing errs least where people move least. A test set full of calm windows makes it hard to beat.
#
# ## Question 2: when does a prediction drift?
#
# Take one window and follow its error from frame to frame, with the poses above it.

# %%
from cs2s.workbook.figures.explore_predictions import plot_drift

show(
    plot_drift(predictions, "walking", 4, ["network", "zero-velocity", "running-average-4"]),
    alt="Above, six moments with the true and the predicted pose overlaid. Below, three curves of error over time.",
    caption="The dotted lines are the six moments above. Which limb leaves the truth first?",
)

# %% [markdown]
# To be sure, place both bodies with their hips at one point and measure how far apart their joints are.

# %%
moment = 50 + 9
places = [motion.positions()[moment] for motion in (truth, predicted["network"])]
apart = np.linalg.norm((places[0] - places[0][0]) - (places[1] - places[1][0]), axis=-1)
for joint in apart.argsort()[:-6:-1]:
    print(f"{truth.skeleton.joints[joint]:18s} {apart[joint]:4.0f} mm from the truth at {milliseconds[9]:.0f} ms")

# %% [markdown]
# Joints at the ends of long chains of bones lead the list: their place suffers from the wrong rotations of all joints
# before them, the hips included.
#
# When has a prediction drifted? There is no natural limit. We take half a radian, and say so.

# %%
for name in ("zero-velocity", "running-average-4", "network"):
    drifted = np.flatnonzero(predictions.errors("walking", name)[4] > 0.5)
    print(f"{name:18s} beyond 0.5 radians", f"first at {milliseconds[drifted[0]]:.0f} ms" if len(drifted) else "never")

# %% [markdown]
# A running average begins with an error already: the mean of the last poses is not where the person is.
#
# ## Question 3: does the worst window look worst?
#
# Nobody should search for it by hand. Here are the best and the worst window of each action at predicted frame 9,
# found by their errors.

# %%
from cs2s.workbook.figures.explore_predictions import best_and_worst, plot_best_and_worst

show(
    plot_best_and_worst(predictions, "network"),
    alt="Two rows of overlaid poses, a column an action: above the best window of the network, below its worst one.",
    caption="True and predicted pose at one moment, hips on hips. Do the errors rank the pictures as your eye does?",
)

# %% [markdown]
# Sometimes a large error belongs to a picture that looks good. The error subtracts Euler angles as if they were ordinary
# numbers, and that goes wrong in two ways. 179 degrees and -179 degrees are 2 degrees apart on a circle, and 358 to a
# subtraction. And near *gimbal lock* (chapter 02) two of the three angles may trade many degrees, while the joint hardly
# turns. So let us compare three numbers: the error as the table has it; with differences taken the short way round; and
# with the angle by which each joint would have to be turned to be right, which no choice of numbers can inflate.

# %%
from cs2s.evaluation import geodesic_angle
from cs2s.motion import expmap_to_euler


def three_ways(action, window, frame=9):
    """Return the network's error as the table has it, the short way round and by rotation angles, and a joint's name."""
    motions = predictions.truth(action, window), predictions.predicted(action, "network").one(window)
    # The error leaves out the hips, joint 0, and every angle at rest.
    true, guessed = (expmap_to_euler(motion.expmaps[:, 1:]) for motion in motions)
    difference = (true[50 + frame] - guessed[frame]) * (true.std(axis=0) > 1e-4)
    short = (difference + np.pi) % (2 * np.pi) - np.pi
    angles = np.radians(geodesic_angle(motions[0].expmaps[50 + frame, 1:], motions[1].expmaps[frame, 1:]))
    too_much = np.linalg.norm(difference, axis=-1) - angles
    joint = motions[0].skeleton.joints[1 + int(np.argmax(too_much))]
    return np.linalg.norm(difference), np.linalg.norm(short), np.linalg.norm(angles), joint


# %%
for action, (_, worst) in best_and_worst(predictions, "network").items():
    error, short, turned, joint = three_ways(action, worst)
    assert np.isclose(error, predictions.errors(action, "network")[worst, 9], atol=1e-3)
    print(f"{action:12s} worst window {worst}: {error:.2f}, short way {short:.2f}, by angles {turned:.2f} ({joint})")

# %%
found = [three_ways(*window) for window in windows]
wraps, leaps = (sum(one[0] - one[way] > 0.5 for one in found) for way in (1, 2))
print(f"of {len(windows)} windows, more than .5 radians too much: {wraps} by the wrap, {leaps} against rotation angles")
print("most often:", max((one[3] for one in found if one[0] - one[2] > 0.5), key=[one[3] for one in found].count))
assert all(one[0] - one[1] > -1e-6 for one in found) and leaps >= wraps

# %% [markdown]
# > **Our finding.** The published measure can punish a good pose by several radians. The wrap at 180 degrees, which one
# > thinks of first, is seldom to blame; mostly it is an arm near gimbal lock. How often it happens to your model is
# > printed above, with the joint. Look before you call a window bad.
#
# ## Question 4: who sees a change coming?
#
# Walking goes on by itself; starting and stopping are decisions. To find them, compare how fast the true joints move in
# the last ten observed steps and in the last ten of the future.

# %%
observed_end, future_end = slice(39, 49), slice(64, 74)
change = []
for window in range(8):
    speed = joint_speed(predictions.motions("walking", window, [])[0])
    change.append(speed[future_end].mean() - speed[observed_end].mean())
starts, stops = int(np.argmax(change)), int(np.argmin(change))
print(f"walking, mm a second: window {starts} changes by {change[starts]:+.0f}, window {stops} by {change[stops]:+.0f}")

# %% [markdown]
# On the demo data the first is a person about to walk off, the second one about to stop. (In the CMU walking take
# nobody does either, and the changes are small; set the panel to soccer instead.)

# %%
from matplotlib.figure import Figure

from cs2s.pictures import GUESS, TRUTH


def plot_speeds(action, windows, frames=25):
    """Draw the speed of the joints over time, true and predicted: one panel a window."""
    figure = Figure(figsize=(5 * len(windows), 3.4), layout="constrained")
    for axes, window in zip(np.ravel(figure.subplots(1, len(windows), sharey=True)), windows, strict=True):
        truth, predicted = predictions.motions(action, window, ["network"], frames)
        for name, motion, look, colour in (
            ("truth", truth, "-", TRUTH),
            ("network", predicted["network"], ".--", GUESS),
        ):
            time = (np.arange(1, len(motion)) - 49) * 1000 / motion.fps
            axes.plot(time, joint_speed(motion), look, color=colour, label=name)
        axes.axvline(0, color="grey", ls=":", label="last observed frame")
        axes.set(title=f"{action}, window {window}", xlabel="milliseconds", ylabel="joint speed (mm a second)")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
    return figure


# %%
show(
    plot_speeds("walking", [starts, stops]),
    alt="Joint speed over time in two windows. Truth and prediction agree up to the last observed frame, then part.",
    caption="Left a start, right a stop. Does the dashed line follow the black one through the change?",
)

# %%
for word, window in (("start", starts), ("stop", stops)):
    truth, predicted = predictions.motions("walking", window, ["network"])
    pair = [joint_speed(motion)[future_end].mean() for motion in (truth, predicted["network"])]
    print(f"{word}: {pair[0]:.0f} mm a second in truth, {pair[1]:.0f} predicted, {pair[1] / pair[0]:.0%}")

# %% [markdown]
# No predictor that sees joint angles alone can know when you will decide to walk. What it can do is average over what
# people did in such moments, and an average of walking and standing is a slow, small movement.
#
# Beware of the stop: a predictor that always slows down looks clever there. Judge it together with its opposite.
#
# ## Question 5: what comes after the last trained frame?
#
# A *horizon* is how far ahead one predicts. The tables end at 25 frames, and so does training, or sooner. Nothing keeps
# us from asking for 100: each predicted frame is fed back in as if it had been observed. The truth is drawn as long as
# the recording lasts.

# %%
to_come = [joint_speed(predictions.motions("walking", window, [], 100)[0])[49:].sum() for window in range(8)]
show(
    plot_speeds("walking", [int(np.argmax(to_come))], frames=100),
    alt="Joint speed over 150 frames, true and predicted. After the last observed frame the two curves part.",
    caption="The window with most movement still to come. Does the dashed line rest, explode or repeat?",
)

# %%
recorded, quarters = [], []
for action, window in windows:
    truth, predicted = predictions.motions(action, window, ["network"], 100)
    recorded.append(joint_speed(truth)[49:74].mean())
    quarters.append(joint_speed(predicted["network"])[49:].reshape(4, 25).mean(axis=1))
first, *_, last = speeds = np.mean(quarters, axis=0)
print(f"truth, frames 0 to 24 of the future: {np.mean(recorded):.0f} mm a second")
print("network, 25 frames each:", ", ".join(f"{speed:.0f}" for speed in speeds))
print("It", "slows down." if last < first / 2 else "speeds up." if last > 2 * first else "keeps its speed, about.")

# %% [markdown]
# Three models that we tried, two on the demo data and one on CMU, slowed down on average over the windows, though not
# in every action. A likely reason, which we did not test: where the future is open, the mean of all futures is a pose in
# the middle, and the next mean is that pose again.
#
# > **The paper.** Besides the newest frames, every step of the decoder is given a code of the whole observed past. It
# > stays the same for all steps: a memory of what is being done. Does it keep your network walking?
#
# ## Question 6: could a body do that?
#
# A foot on the floor does not glide. Call a foot *on the floor* while it is less than 30 mm above the lowest place that
# either foot reaches, and measure how fast it moves along the floor: $\lVert \Delta(x, z) \rVert \cdot f$, where
# $\Delta$ is the change from one frame to the next, and $y$ points up.

# %%
from cs2s.workbook.figures.explore_predictions import foot_sliding

future = predictions.motions("walking", 4, [])[0][49:]
feet = future.positions()[:, [future.skeleton.joints.index(f"{side}ToeBase") for side in ("Left", "Right")]]
low = feet[..., 1] < feet[..., 1].min() + 30
along_floor = future.fps * np.linalg.norm(np.diff(feet[..., [0, 2]], axis=0), axis=-1)
on_floor = low[1:] & low[:-1]
assert np.isclose(along_floor[on_floor].mean(), foot_sliding(future))

# %%
print("feet on the floor, mm a second")
for action in predictions.actions:
    motions = [predictions.motions(action, window, ["zero-velocity", "network"]) for window in range(8)]
    true = np.nanmean([foot_sliding(truth[49:]) for truth, _ in motions])
    frozen, network = (np.nanmean([foot_sliding(p[n][49:]) for _, p in motions]) for n in ("zero-velocity", "network"))
    print(f"{action:12s} truth {true:5.0f}   zero-velocity {frozen:3.0f}   network {network:5.0f}")
    assert frozen == 0

# %% [markdown]
# True feet are not at 0: they roll, and land while they still move. A frozen person is perfect by this measure, which is
# why one number never is enough. A network knows of no floor: nothing in its loss speaks of one, and every small error
# of a hip or a knee moves the foot at the end of the leg.
#
# Where the hips fly, the feet fly with them. Here is the path of the hips, seen from above.


# %%
def plot_paths(action, window, names, frames=25):
    """Draw where the hips go in the future, seen from above, from the last observed frame on."""
    figure = Figure(figsize=(6, 4.2), layout="constrained")
    axes = figure.subplots()
    truth, predicted = predictions.motions(action, window, names, frames)
    for (name, motion), look in zip({"truth": truth, **predicted}.items(), ("o-", "s--", "^:"), strict=False):
        hips = motion.positions()[49:, 0] / 1000
        colour = TRUTH if name == "truth" else GUESS
        axes.plot(*(hips - hips[0])[:, [0, 2]].T, look, color=colour, ms=4, label=name)
    axes.set(title=f"{action}, window {window}", xlabel="x (metres)", ylabel="z (metres)")
    axes.set_aspect("equal", adjustable="datalim")
    axes.margins(0.1)
    figure.legend(loc="outside right", frameon=False)
    return figure


# %%
show(
    plot_paths("walking", 5, ["network", "zero-velocity"]),
    alt="The path of the hips from above: the true one, the network's, and the frozen one, which is a single point.",
    caption="A mark is a frame. The frozen person stays at 0, 0; compare length and direction of the other two.",
)

# %%
print("the hips travel in 25 predicted frames, mm")
for action in predictions.actions:
    motions = [predictions.motions(action, window, ["network"]) for window in range(8)]
    pairs = [[m.positions()[[49, -1], 0][:, [0, 2]] for m in (truth, p["network"])] for truth, p in motions]
    true, network = np.linalg.norm(np.diff(pairs, axis=2), axis=-1).mean(axis=(0, 2))
    print(f"{action:12s} truth {true:5.0f}   network {network:5.0f}")

# %% [markdown]
# Look at the actions on the spot, such as waving or washing a window: do the network's hips travel where the true ones
# stay? The table will not tell you. The angle error leaves out the *root*, the position and the rotation of the hips.
# Move a whole prediction by ten units of the file, which is more than half a metre:

# %%
from cs2s.evaluation import angle_error
from cs2s.motion import Motion

truth = Motion.stacked([predictions.truth("walking", window) for window in range(8)])
predicted = predictions.predicted("walking", "network")
moved = Motion.from_parts(
    predicted.translation + np.array([10, 0, 0]), predicted.expmaps, predicted.skeleton, predicted.fps
)
assert np.allclose(angle_error(truth, predicted), angle_error(truth, moved), atol=1e-5)
print("moved by", round(10 * dataset.description.skeleton.unit_mm), "mm: the same error")

# %% [markdown]
# > **Our finding.** What the measure ignores, a model can get badly wrong without a trace in the table. Whoever draws
# > predictions sees it at once.
#
# ## Side by side, and as a film
#
# The panel and the function take any number of predictors. Here is a running person, with three.

# %%
three = {"action": "running", "window": 3, "predictors": ("zero-velocity", "running-average-4", "network")}
show(
    plot_prediction(predictions, **three, frame=59, azimuth=-90),
    alt="Four stick figures of a running person side by side: the truth and three predictions.",
    caption=error_line(predictions, **three, frames=25, frame=59),
)

# %% [markdown]
# A film goes into a file, whose ending says of what kind: `.gif` for slides and web pages, `.mp4` for talks, `.html` for
# a page with a slider of its own. To be small, this one shows every fourth frame, from the last observed one on.
# It keeps the true time, so it is over soon, and starts again.

# %%
import contextlib
import io
import tempfile
from pathlib import Path

from IPython.display import Image, display

from cs2s.pictures import save_animation

truth, predicted = predictions.motions("walking", 5, ["network"])
part = slice(49, None, 4)
with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):  # no progress bar on the page
    film = save_animation(truth[part], {"network": predicted["network"][part]}, 1, Path(folder) / "walk.gif")
    content = film.read_bytes()
print(f"{len(content) / 1000:.0f} kB")
display(
    Image(content, format="gif", alt="A film of a walk: the truth on the left, the network's prediction on the right.")
)

# %% [markdown]
# **On the command line** the same goes without a notebook:
# ```
# cs2s sample --run runs/demo --out samples.h5
# cs2s animate samples.h5 --action walking --sample 5 --out walk.gif
# cs2s evaluate --dataset demo --predictor zero-velocity --predictor runs/demo
# ```
#
# ## Your own predictor
#
# A predictor has a `name`, and a call that turns an observed motion into the one that follows. Here both are batches:
# observed rows `(windows, 50, columns)` become predicted rows `(windows, frames, columns)`. This one keeps the last step going: $x_{49}$ is the last observed pose, and the pose $k$
# frames after it is predicted to be $x_{49} + k\,(x_{49} - x_{48})$.


# %%
from dataclasses import replace


class ConstantVelocity:
    """Goes on as in the last observed step."""

    name = "constant-velocity"

    def __call__(self, observed, frames):
        rows = observed.rows
        step = rows[:, -1:] - rows[:, -2:-1]
        return replace(observed, rows=rows[:, -1:] + np.arange(1, frames + 1)[:, None] * step)


# %%
mine = Predictions(dataset, {**predictions.predictors, "constant-velocity": ConstantVelocity()})
setting = {**setting, "predictors": ("constant-velocity",), "frame": 55}
Explorer(mine, **setting)

# %%
show(
    plot_prediction(mine, **setting),
    alt="Two stick figures: the truth, and constant velocity, whose limbs swing too far.",
    caption=error_line(mine, **setting) + " In the panel, play on to the end and see it fall apart.",
)

# %% [markdown]
# A picture is no score. On the scoreboard it meets the others, over all windows of all actions, by the same function
# that judges every model in this workbook:

# %%
from cs2s.evaluation import error_table

board = [evaluate(dataset, mine.predictors[name]) for name in ("zero-velocity", "network", "constant-velocity")]
print(error_table(*board, of_actions=False))
frozen, _, constant = (evaluation.average for evaluation in board)
assert constant[0] < frozen[0] and constant[-1] > 2 * frozen[-1]

# %%
overtaken = int(np.argmax(constant > frozen))
print(f"constant velocity beats freezing before {milliseconds[overtaken]:.0f} ms, and is worse from there on")
for frame in (0, 24):
    print(f"at {milliseconds[frame]:.0f} ms its error is {constant[frame] / frozen[frame]:.1f} times that of freezing")

# %% [markdown]
# > **Our finding.** Two lines of NumPy beat freezing for the first moments: a body has momentum. Then every limb swings
# > past where it would have turned back. In the last exercise you keep the good part.
#
# ## Somebody else's checkpoint
#
# Every run in `runs/` appears in the panel of its data set by itself. A checkpoint of the authors' own program becomes
# such a run by one command. It needs the CMU data, because a checkpoint does not hold the normalisation:
# ```
# cs2s data download cmu
# cs2s import-checkpoint Models/NAME-24000 --dataset cmu --run runs/original
# ```
# Start this notebook anew, and `runs/original` is among the predictors.

# %%
print(
    "runs in the panel:",
    [name for name in predictions.predictors if name.startswith("runs/")] or "none but the network",
)

# %% [markdown]
# ## What you found
#
# - Freezing errs least where people move least: on the demo data its error at 400 ms is 1.84 radians in the slowest
#   quarter of the windows, and 2.58 in the others.
# - The largest error is not always the worst picture: near gimbal lock, Euler angles say more than the joint has turned.
# - The error leaves out the root. Hips moved by 564 mm cost 0 radians, so feet may glide unseen; a frozen person glides
#   at 0 mm a second and is still no good predictor.
# - Constant velocity has half the error of freezing at 40 ms, and 2.5 times as much at 1000 ms (demo data).
# - What your network does after frame 24, and how fast its feet glide, depends on its training: the numbers are printed
#   under questions 5 and 6.
#
# ## Exercises
#
# Write your answer in the place of the three dots and run the cell: it says whether it is right, and if not, why.
#
# ### Exercise 1: who gains least?
#
# Mean angle errors on CMU at predicted frame 1, which papers label 80 ms. Freezing was computed here; the row of the
# paper's network comes from secondary sources and was not checked against the paper's own text.
#
# | | basketball | jumping | running | soccer | walking | washwindow |
# |---|---|---|---|---|---|---|
# | zero velocity | .49 | .36 | .56 | .27 | .41 | .34 |
# | the paper's network | .37 | .39 | .28 | .26 | .35 | .30 |
#
# Which action gains least from the network? A loss is a negative gain. Answer with its name, in quotes.
#
# <details><summary>Hint</summary>Subtract the second row from the first, and keep the sign.</details>

# %% tags=["exercise"]
from cs2s.workbook.checks import explore_predictions as check

answer = ...
check.least_gain(answer)

# %% [markdown]
# ### Exercise 2: find the worst window
#
# `errors` is an array `(windows, frames)` as `predictions.errors` gives it. Return the window, counted from 0, with the
# largest error at the predicted frame `frame`.
#
# <details><summary>Hint</summary>Choose the column first. What is left has one number a window; <code>argmax</code> gives
# the place of its largest.</details>


# %% tags=["exercise"]
def worst_window(errors, frame):
    return ...


check.worst_window(worst_window)

# %% [markdown]
# ### Exercise 3: how fast does somebody go?
#
# `positions` is `(frames, joints, 3)` in millimetres with y up; joint 0 is the hips. Return the mean speed of the hips
# over the ground in metres a second: the length of their path, seen from above, by the time it took.
#
# <details><summary>Hint</summary>Take the hips and leave out the axis that points up: <code>positions[:, 0, [0, 2]]</code>.
# <code>np.diff(..., axis=0)</code> gives the steps; between n frames there are n - 1.</details>


# %% tags=["exercise"]
def ground_speed(positions, fps):
    return ...


check.ground_speed(ground_speed)

# %% [markdown]
# ### Exercise 4: constant velocity with brakes
#
# Momentum is good, for ever is bad. Let each step be 0.8 times the one before: the first predicted step is 0.8 times the
# last observed one, the second 0.64 times, and so on. Take and return rows, as arrays.
#
# <details><summary>Hint</summary><code>np.cumsum(0.8 ** np.arange(1, frames + 1))</code> says how many last observed steps
# have been made by each frame. <code>[:, None]</code> gives it an axis for the columns, as in
# <code>ConstantVelocity</code>.</details>


# %% tags=["exercise"]
def damped_velocity(observed, frames):
    return ...


check.damped_velocity(damped_velocity)

# %% [markdown]
# Right? Then give it a class with a `name` like `ConstantVelocity`, and see on the scoreboard for how long it beats
# freezing, and whether it ever beats the network.
#
# ## Further reading
#
# - Li, Zhang, Lee, Lee: *Convolutional Sequence to Sequence Model for Human Dynamics*, CVPR 2018.
# - Martinez, Black, Romero: *On human motion prediction using recurrent neural networks*, CVPR 2017. Where freezing
#   became the predictor to beat.
# - Fragkiadaki, Levine, Felsen, Malik: *Recurrent Network Models for Human Dynamics*, ICCV 2015. Source of the windows
#   and of the error.
#
# ## Next
#
# Can it be done better, and how would one know? [07 Beyond the paper](07_beyond_the_paper.ipynb) mends what the paper left
# broken. Have you a recording of your own? [08 Your own motion](08_your_own_motion.ipynb) predicts what comes next in it.
#
# ## Solutions
#
# ### Solution 1: who gains least

# %% tags=["solution"] jupyter={"source_hidden": true}
# .36 - .39 is the only negative gain.
assert check.least_gain("jumping")


# %% [markdown]
# ### Solution 2: the worst window


# %% tags=["solution"] jupyter={"source_hidden": true}
def worst_window(errors, frame):
    return errors[:, frame].argmax()


assert check.worst_window(worst_window)


# %% [markdown]
# ### Solution 3: speed over the ground


# %% tags=["solution"] jupyter={"source_hidden": true}
def ground_speed(positions, fps):
    steps = np.diff(positions[:, 0, [0, 2]], axis=0)
    metres = np.linalg.norm(steps, axis=1).sum() / 1000
    return metres * fps / len(steps)


assert check.ground_speed(ground_speed)


# %% [markdown]
# ### Solution 4: brakes


# %% tags=["solution"] jupyter={"source_hidden": true}
def damped_velocity(observed, frames):
    step = observed[:, -1:] - observed[:, -2:-1]
    made = np.cumsum(0.8 ** np.arange(1, frames + 1))
    return observed[:, -1:] + made[:, None] * step


assert check.damped_velocity(damped_velocity)
