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
# **What you'll do.** Play any window of any prediction, turn it, change its past and see what becomes of the future;
# and answer five questions, each by guessing, by looking and by measuring.
#
# **What you'll learn**
# - to find the windows where a predictor fails, instead of hoping to meet them,
# - why the worst number need not be the worst picture,
# - what a network relies on, and what it does after the last moment it was trained for,
# - to put a predictor of your own into the explorer and onto the scoreboard.
#
# **What you need.** Chapter 00, and of 02 what Euler angles and gimbal lock are. Chapter 05 explains the error that is
# used here; the one sentence you need is below.
#
# **Time.** 1 minute to run on a laptop CPU, the same on a GPU, 25 minutes to read and play, 25 for the exercises.

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
source = workbook_predictor(dataset, profile)

# %% [markdown]
# ## The explorer
#
# A *window* is a piece of a recording: 50 frames that a predictor may see, then the true future. Each action has eight
# test windows. A *predictor* is anything that continues them. `Predictions` holds the windows, asks each predictor
# once for each action, and remembers the answers.
#
# Everything is counted from 0. Frames 0 to 49 of a window are observed; frame 50 is *predicted frame* 0, and frame 59
# is predicted frame 9: the tenth of the future, 400 ms ahead where there are 25 frames a second.

# %%
from cs2s.workbook import Explorer, Predictions, found_predictors

predictions = Predictions(dataset, found_predictors(dataset, source))
print("predictors:", ", ".join(predictions.predictors))

# %% [markdown]
# `network` is the trained model. `zero-velocity` freezes the last observed pose; a running average holds the mean of
# the last 2 or 4 poses. They learn nothing, and are the ones to beat.
#
# In the explorer, **predictors** takes several: hold Ctrl (or Cmd). **frames** says how many are predicted. The player
# below plays, turns and scrubs by itself (its keys stand under "?"); below it, the joints that differ most from the
# truth follow the frame that you see. Folded away is **What if the past had been another one?**, which question 3 needs.

# %%
from cs2s.datasets import load

setting = {"action": "walking", "window": 4, "predictors": ("zero-velocity", "network")}
others = [] if dataset.description.name == "demo" else [load("demo")]  # beside CMU, it offers the demo data
Explorer(predictions, *[Predictions(other, found_predictors(other)) for other in others], **setting)

# %% [markdown]
# The network appears once it is loaded. If a predictor of yours fails, its error message is shown above the player.
#
# Without a kernel there is no explorer, but the page below needs none. A mark is a window, as high as the network gains
# over freezing at predicted frame 9; click one, or go from one to the next by arrow keys, and it plays. The curve and the scale
# are the *angle error*: the length of the vector of the differences between true and predicted joint angles, in radians.
# The root is left out, and so are columns that do not move.

# %%
from cs2s.workbook import windows_page

show(
    windows_page(predictions, "network", seen=13),
    alt="A mark for each window, by how much the network gains over freezing; below, a player of the chosen window.",
    caption="● the network is better, ✕ freezing is. It begins with the worst window: does it look like the worst?",
    height=1010,
)

# %% [markdown]
# Blue was recorded, orange with marks was predicted. Left limbs are solid, right limbs dashed.
#
# Are these the numbers of the table in chapter 00? They must be: its rows are means over the eight windows.

# %%
import numpy as np

from cs2s.evaluation import evaluate

table = evaluate(dataset, predictions.predictors["network"])
for action in predictions.actions:
    assert np.allclose(predictions.errors(action, "network").mean(axis=0), table.errors[action], atol=1e-4)
windows = list(predictions.gains("network"))
print(f"{len(windows)} windows; their errors average to the table")

# %% [markdown]
# ## Question 1: where is freezing good?
#
# **Guess first.** In how many of all windows is a frozen person less wrong than the trained network at predicted
# frame 1? And at frame 9, more or fewer?

# %%
from cs2s.workbook.figures.explore_predictions import plot_against_freezing

show(
    plot_against_freezing(predictions, "network"),
    alt="Two scatter plots, a mark a window: how much the network gains over freezing, at predicted frames 1 and 9.",
    caption="Of each action, windows 0 to 7 from left to right. A disc: the network is better. A cross: freezing is.",
)

# %%
milliseconds = predictions.milliseconds()
for frame in (1, 9):
    lost = sum(gain < 0 for gain in predictions.gains("network", frame).values())
    print(f"at {milliseconds[frame]:.0f} ms freezing wins {lost} of {len(windows)} windows")

# %% [markdown]
# A table hides this: a mean over eight windows says nothing about how many of them were won.
#
# ### Exercise 1: win seven, lose the table
#
# These are the errors of freezing in eight windows: 1.0, 0.8, 1.2, 0.9, 1.1, 1.0, 0.7, 1.3. Can a predictor be better
# in seven of the eight and yet have the larger mean? Write down the eight errors of one that is.
#
# <details><summary>Hint</summary>The seven wins may be as narrow as you like. What may the one loss be?</details>
# <details><summary>Second hint</summary>Seven errors each .1 lower save .7 together. So the eighth must be more than .7
# higher than 1.3.</details>

# %% tags=["exercise"]
from cs2s.workbook.checks import explore_predictions as check

answer = ...
check.wins_and_loses(answer)

# %% [markdown]
# When should freezing be right? When the person hardly moves. To test that, take the mean speed of the joints, seen
# from the hips: with $J$ joints at $p_j(t)$ and $f$ frames a second, it is
# $v(t) = \frac{f}{J} \sum_j \lVert p_j(t+1) - p_j(t) \rVert$. Step $t$ leads from frame $t$ to $t + 1$, so that steps
# 49 to 58 are those to predicted frames 0 to 9. How wrong is freezing in the quarter of all windows where these are
# slowest?

# %%
from cs2s.workbook.figures.explore_predictions import joint_speed

future_speed = np.array([joint_speed(predictions.truth(*window))[49:59].mean() for window in windows])
frozen_error = np.array([predictions.errors(action, "zero-velocity")[window, 9] for action, window in windows])
slow = future_speed <= np.quantile(future_speed, 0.25)
print(f"error of freezing: slowest quarter {frozen_error[slow].mean():.2f}, others {frozen_error[~slow].mean():.2f}")
assert frozen_error[slow].mean() < frozen_error[~slow].mean()
if dataset.description.name == "demo":
    assert [round(error.mean(), 2) for error in (frozen_error[slow], frozen_error[~slow])] == [1.84, 2.58]

# %% [markdown]
# > **Our finding.** Freezing errs least where people move least. A test set full of calm windows makes it hard to beat.
#
# ## Question 2: does the worst window look worst?
#
# **Guess first.** The page above began with the network's worst window of all. How many of the 38 joints are to blame?
# Here are the best and the worst window of each action, found by their errors.

# %%
from cs2s.workbook.figures.explore_predictions import plot_best_and_worst

show(
    plot_best_and_worst(predictions, "network"),
    alt="Two rows of overlaid poses, a column an action: above the best window of the network, below its worst one.",
    caption="True and predicted pose at one moment, hips on hips. Do the errors rank the pictures as your eye does?",
)

# %% [markdown]
# Sometimes a large error belongs to a picture that looks good. The error subtracts Euler angles as if they were ordinary
# numbers. Near *gimbal lock* (chapter 02) two of the three angles may trade many degrees while the joint hardly turns.
# So let us take the worst window apart, joint by joint, in two ways: by the length of its three differences in Euler
# angles, and by the one angle by which it would have to be turned to be right, which no choice of axes can inflate.

# %%
from cs2s.workbook import joint_differences

worst = predictions.worst("network")
truth, (predicted, errors) = predictions.truth(*worst), predictions.of_window(*worst, "network")
euler, turned = (parts[9] for parts in joint_differences(truth, predicted))
assert np.isclose(np.linalg.norm(euler), errors[9], atol=1e-4)

# %%
print(f"{worst[0]}, window {worst[1]}: {errors[9]:.2f} radians, by rotation angles {np.linalg.norm(turned):.2f}")
for joint in euler.argsort()[:-5:-1]:
    print(f"{truth.skeleton.joints[joint]:14s} Euler {euler[joint]:.2f}   rotation angle {turned[joint]:.2f}")
if source == "pretrained:demo":
    assert np.allclose([errors[9], euler.max(), np.linalg.norm(turned)], [4.83, 4.68, 1.03], atol=0.02)

# %% [markdown]
# In the player these are the hatched and the solid bars. Let it play: where only the hatched one leaps, an Euler angle
# leaps, not the joint.
#
# The wrap is what one thinks of first: 179 and -179 degrees are 2 apart on a circle, and 358 to a subtraction. Is it to
# blame? Take all differences the short way round, and count in how many windows that makes half a radian; then do the
# same with rotation angles.

# %%
from cs2s.evaluation.measures import euler_columns


def three_ways(action, window, frame=9):
    """Return the network's error as tables have it, the short way round, and by rotation angles; a joint and its E2."""
    truth, (predicted, errors) = predictions.truth(action, window), predictions.of_window(action, window, "network")
    angles, guessed = euler_columns(truth), euler_columns(predicted)
    differences = (angles[50 + frame] - guessed[frame]) * (angles.std(axis=0) > 1e-4)
    short = (differences + np.pi) % (2 * np.pi) - np.pi
    euler, turned = (parts[frame] for parts in joint_differences(truth, predicted))
    joint = (euler - turned).argmax()
    second = abs(np.degrees(angles[50 + frame, 4 + 3 * joint]))
    return errors[frame], np.linalg.norm(short), np.linalg.norm(turned), truth.skeleton.joints[joint], second


# %%
found = {window: three_ways(*window) for window in windows}
wraps, leaps = ([window for window in windows if found[window][0] - found[window][way] > 0.5] for way in (1, 2))
print(f"of {len(windows)} windows, more than .5 radians too much: {len(wraps)} by the wrap, {len(leaps)} by all leaps")
for window in wraps:
    print(f"by the wrap: {window[0]} {window[1]}, {found[window][0]:.2f}, the short way {found[window][1]:.2f} radians")
joints, seconds = [found[window][3] for window in leaps], np.array([found[window][4] for window in leaps])
print(f"most often {max(joints, key=joints.count)}; E2 of the joint to blame, in size: {seconds.min():.0f} to", end=" ")
print(f"{seconds.max():.0f} degrees, {(seconds < 70).sum()} of {len(seconds)} below 70")

# %%
assert all(one[0] - one[1] > -1e-6 for one in found.values()) and len(leaps) >= len(wraps)
if source == "pretrained:demo":
    assert (wraps, len(leaps), (seconds < 70).sum()) == ([worst], 17, 8)
    assert [round(found[worst][1], 2), round(seconds.min()), round(seconds.max())] == [3.06, 60, 86]
    assert all("Arm" in joint for joint in joints)

# %% [markdown]
# > **Our finding.** The published measure can punish a pose by more than its turns deserve. On the demo data it does so by
# > more than half a radian in 17 of 40 windows, each time by an arm. The wrap at 180 degrees is to blame in one of them only,
# > but that is the worst window: 4.83 radians are 3.06 the short way round. In all 17 the arm's E2 is at 60 to 86 degrees,
# > so on the way to gimbal lock, and in 8 of them still below 70. Look before you call a window bad.
#
# ### Exercise 2: without its worst joint
#
# `differences` is `(joints, 3)`: true minus predicted Euler angles of one frame. How large would the angle error be if
# the joint that contributes most to it were predicted perfectly? (First guess for the window above: is the error of its
# worst joint subtracted from the whole?)
#
# <details><summary>Hint</summary>The error is the length of all differences laid in one row. What of a joint adds up:
# lengths, or something else?</details>
# <details><summary>Second hint</summary>Squares add up: <code>(differences ** 2).sum(axis=1)</code> is the part of each
# joint. Take the largest away from their sum, then the root.</details>


# %% tags=["exercise"]
def without_worst_joint(differences):
    return ...


check.without_worst_joint(without_worst_joint)

# %% [markdown]
# ### Exercise 3: win in angles, lose in millimetres
#
# The other way round too, a number can please and a picture not. An arm lies stretched out: an upper arm of 300 mm, a
# forearm of 250 mm. Prediction A turns the shoulder too far by 0.1 radians and gets the elbow right. Prediction B gets
# the shoulder right and turns the elbow too far by `answer` radians. Choose it such that B has the *larger* angle error,
# and yet its hand is *nearer* to the true one.
#
# <details><summary>Hint</summary>A turn by a small angle moves what lies at a distance r by about r times the angle. Which
# r has the hand in A, which in B?</details>
# <details><summary>Second hint</summary>In A the hand is off by about 550 · 0.1 = 55 mm. In B it is 250 times your angle,
# which must stay below that, while the angle is above 0.1.</details>

# %% tags=["exercise"]
answer = ...
check.elbow(answer)

# %% [markdown]
# Does it happen? Count the windows in which the network beats freezing by one measure and loses to it by the other.
# Millimetres are the mean distance of the joints while both bodies have their hips at one place, turned alike.

# %%
from cs2s.evaluation.measures import mpjpe


def millimetres(action, window, name, frame=9):
    """Return the mean distance of the joints from the true ones."""
    joints = range(len(dataset.description.skeleton.joints))
    return mpjpe(predictions.truth(action, window)[50:], predictions.of_window(action, window, name)[0], joints)[frame]


gains = predictions.gains("network")
nearer = {window: millimetres(*window, "zero-velocity") - millimetres(*window, "network") for window in windows}
for words, wins in (("angles only", 1), ("millimetres only", -1)):
    split = [window for window in windows if wins * gains[window] > 0 > wins * nearer[window]]
    print(f"the network wins by {words} in {len(split)} of {len(windows)} windows, such as {split[:2]}")

# %% [markdown]
# ## Question 3: what if?
#
# What does a network rely on? Ask it about a past that never was. `WhatIf` says what is to be changed; it is what the
# folded controls of the explorer make. Some changes (mirror, turn, move, faster, bend or hold a joint) make another
# person, whose true future changes alike, so that the error still has a meaning. Others (noise, a lost limb, lost
# frames) only spoil what the predictor sees, as a poor camera does; the true future stays. Noise and turns are given in
# degrees, moves in metres, lost frames as a share of all.

# %%
from cs2s.workbook import WhatIf, window_page

hurried = WhatIf(faster=1.5)
show(
    window_page(predictions, "walking", 4, ["network"], what_if=hurried, frame=49, play=False),
    alt="Four stick figures: the true walk and its prediction, and both for the same walk played 1.5 times as fast.",
    caption="Left the walk as it was, right the same walk 1.5 times as fast. Whose prediction parts from its truth first?",
    height=850,
)

# %% [markdown]
# ### Exercise 4: what does freezing not notice?
#
# Predict before you measure. Six changes: `"mirror"`, `"turn"`, `"move"`, `"faster"`, `"noise"`, `"lost frames"`. Which
# of them leave the angle error of *zero velocity* exactly as it was, in every window? Answer with a list.
#
# <details><summary>Hint</summary>What does the angle error leave out? And what does a mirror do to three angles, of the
# true and of the frozen pose alike?</details>
# <details><summary>Second hint</summary>It leaves out the hips: where they are and how they are turned. A mirror swaps left
# and right and changes signs; the length of a vector asks for neither.</details>

# %% tags=["exercise"]
answer = ...
check.unmoved_by(answer)

# %% [markdown]
# Now **guess for the network**: which of these changes costs it most? And does it notice a mirror, a turn, a move?

# %%
pasts = {
    "as it was": WhatIf(),
    "mirror": WhatIf(mirror=True),
    "turn": WhatIf(turn=90),
    "move": WhatIf(move_x=3),
    "faster": hurried,
    "noise": WhatIf(noise=3),
    "lost frames": WhatIf(lost_frames=0.5),
    "lost arm": WhatIf(lost_limb="left arm"),
    "lost arm, 1 frame": WhatIf(lost_limb="left arm", lost_limb_frames=1),
}
after = {}
for words, past in pasts.items():
    for name in ("zero-velocity", "network"):
        errors = [predictions.errors(action, name, what_if=past)[:, 9] for action in predictions.actions]
        after[words, name] = np.array(errors)

# %%
print(f"mean angle error at {milliseconds[9]:.0f} ms")
for words in pasts:
    frozen, network = (after[words, name].mean() for name in ("zero-velocity", "network"))
    print(f"{words:18s} zero-velocity {frozen:.2f}   network {network:.2f}")
same = [
    words
    for words in pasts
    if np.allclose(after[words, "zero-velocity"], after["as it was", "zero-velocity"], atol=1e-3)
]
assert same == ["as it was", "mirror", "turn", "move"]

# %% [markdown]
# Three things to look for in your table, and then in the explorer:
# - **One bad frame.** An arm that is lost in the very last frame only costs about as much as one that is lost for a
#   second. The last observed pose is where the network begins, and freezing stays.
# - **Missing frames** cost little: what was lost stands still for a frame or two. On the demo data freezing even gains by
#   them: in boxing, running and waving an older pose happens to lie nearer to what comes.
# - **The mirror.** If it costs the network something, it has learned which hand people lead with. (Press *worst window*
#   in the explorer with the mirror on.)

# %%
one, all_frames = (after[words, "network"].mean() for words in ("lost arm, 1 frame", "lost arm"))
print(f"lost in the last frame only: {one:.2f}; in the last 25: {all_frames:.2f}")
if source == "pretrained:pose-mlp":
    assert all(round(after[words, "network"].mean(), 2) == 0.85 for words in ("as it was", "mirror", "turn", "move"))
if source == "pretrained:demo":
    was, mirrored = (after[words, "network"].mean(axis=1) for words in ("as it was", "mirror"))
    assert predictions.actions[int(np.argmax(mirrored - was))] == "boxing"
    lost, whole = (after[words, "zero-velocity"].mean(axis=1) for words in ("lost frames", "as it was"))
    assert [a for a, gain in zip(predictions.actions, whole - lost, strict=True) if gain > 0] == [
        "boxing",
        "running",
        "waving",
    ]
    assert all(abs(after[words, "network"].mean() - 1.44) < 0.05 for words in ("turn", "move"))

# %% [markdown]
# > **Our finding.** On the demo data the shipped network does not care where people stand or look: from 1.44 radians the
# > error moves by less than .05. The mirror costs boxing most, where people lead with one hand. On CMU the single small
# > model notices neither mirror nor turn nor move: its error stays at .85, to the second digit.
#
# On the demo data there is one more thing: if people hurry, freezing gets *better*, and beats the network. Has the network
# never learned such speeds? Look at the actions one by one, before you conclude.

# %%
from cs2s.datasets import TakeId, halved, stride_period

rest = {}
for words in ("as it was", "faster"):
    for name in ("zero-velocity", "network"):
        means = dict(zip(predictions.actions, after[words, name].mean(axis=1), strict=True))
        print(f"{words:10s} {name:14s}", "  ".join(f"{action} {error:.2f}" for action, error in means.items()))
        rest[words, name] = np.mean([error for action, error in means.items() if action != "running"])
print("without running:", ", ".join(f"{words} {name} {error:.2f}" for (words, name), error in rest.items()))

# %%
if dataset.description.name == "demo":
    stride = stride_period(halved(dataset.motions[TakeId("test", "", "running", 1)]))
    print(f"a stride of the runner: {stride} frames, hurried {stride / 1.5:.0f}")
    running = [
        after[words, "zero-velocity"][predictions.actions.index("running")].mean() for words in ("as it was", "faster")
    ]
    assert stride == 15 and [round(error, 2) for error in running] == [2.44, 1.07]
if source == "pretrained:demo":
    assert np.allclose([after["faster", name].mean() for name in ("network", "zero-velocity")], [2.13, 2.05], atol=0.02)
    assert np.allclose(list(rest.values()), [2.38, 1.35, 2.30, 2.06], atol=0.02)

# %% [markdown]
# > **Our finding.** One action makes freezing win. A stride of the demo runner takes 15 frames, and hurried by half 10: so
# > at predicted frame 9 the runner is back in the frozen pose (exercise 3 of chapter 00), and the error of freezing falls
# > from 2.44 to 1.07. Without running the network wins, 2.06 against 2.30. It does lose by the hurry, from 1.35 to 2.06.
#
# ## Question 4: who sees a change coming?
#
# Walking goes on by itself; starting and stopping are decisions. To find them, compare how fast the true joints move in
# the last ten observed steps and in the last ten of the future. **Guess first:** if somebody stands and is about to walk
# off, what does a network predict that saw standing people go on standing, and sometimes walk?

# %%
from cs2s.workbook.figures.explore_predictions import plot_speeds

observed_end, future_end = slice(39, 49), slice(64, 74)
speeds = [joint_speed(predictions.truth("walking", window)) for window in range(8)]
change = [speed[future_end].mean() - speed[observed_end].mean() for speed in speeds]
starts, stops = int(np.argmax(change)), int(np.argmin(change))
print(f"walking, mm a second: window {starts} changes by {change[starts]:+.0f}, window {stops} by {change[stops]:+.0f}")

# %% [markdown]
# On the demo data the first is a person about to walk off, the second one about to stop. (In the CMU walking take
# nobody does either, and the changes are small; look at soccer instead.)

# %%
show(
    plot_speeds(predictions, "walking", [starts, stops], "network"),
    alt="Joint speed over time in two windows. Truth and prediction agree up to the last observed frame, then part.",
    caption="Left a start, right a stop. Does the dashed line follow the blue one through the change?",
)

# %% [markdown]
# No predictor that sees joint angles alone can know when you will decide to walk. What it can do is average over what
# people did in such moments, and an average of walking and standing is a slow, small movement. Beware of the stop: a
# predictor that always slows down looks clever there. Judge it together with its opposite.
#
# And after the last trained frame? The tables end at 25 frames, and so does training, or sooner. Nothing keeps us from
# asking for 100: each predicted frame is fed back in as if it had been observed. **Guess first:** rest, explode, repeat?

# %%
quarters = []
for action, window in windows:
    _, future = predictions.motions(action, window, ["network"], 100)
    quarters.append(joint_speed(future["network"])[49:].reshape(4, 25).mean(axis=1))
first, *_, last = speeds = np.mean(quarters, axis=0)
print("network, mm a second in 25 frames each:", ", ".join(f"{speed:.0f}" for speed in speeds))
print("It", "slows down." if last < first / 2 else "speeds up." if last > 2 * first else "keeps its speed, about.")
if source == "pretrained:demo":
    assert last < 0.4 * first

# %% [markdown]
# The network that comes with the demo data slows down to a third of its speed. A likely reason, which we did not test:
# where the future is open, the mean of all futures is a pose in the middle, and the next mean is that pose again. (In the
# explorer: 100 **frames**.)
#
# ## Question 5: could a body do that?
#
# A foot on the floor does not glide. Call a foot *on the floor* while it is less than 30 mm above the lowest place that
# either foot reaches, and measure how fast it moves along the floor. **Guess first:** who is best, by this measure?

# %%
from dataclasses import replace

from cs2s.workbook.figures.explore_predictions import foot_sliding


def on_true_hips(truth, motion):
    """Return a motion with the true place and rotation of the hips; all other joints as they are."""
    return replace(motion, rows=np.concatenate([truth.rows[:, :6], motion.rows[:, 6:]], axis=1))


slides = {}
print("feet on the floor, mm a second")
for action in predictions.actions:
    motions = [predictions.motions(action, window, ["zero-velocity", "network"]) for window in range(8)]
    for name in ("zero-velocity", "network"):
        slides[action, name] = np.nanmean([foot_sliding(made[name][49:]) for _, made in motions])
    slides[action, "truth"] = np.nanmean([foot_sliding(truth[49:]) for truth, _ in motions])
    slides[action, "on true hips"] = np.nanmean(
        [foot_sliding(on_true_hips(truth, made["network"])[49:]) for truth, made in motions]
    )
    assert slides[action, "zero-velocity"] == 0
    print(f"{action:12s}", "   ".join(f"{of} {slide:4.0f}" for (one, of), slide in slides.items() if one == action))

# %%
if source == "pretrained:demo":
    part = {action: slides[action, "on true hips"] / slides[action, "network"] for action in predictions.actions}
    assert max(part[action] for action in ("boxing", "squatting", "waving")) < 0.25
    assert min(part["walking"], part["running"]) > 0.65

# %% [markdown]
# True feet are not at 0: they roll, and land while they still move. A frozen person is perfect by this measure, which is
# why one number never is enough. A network knows of no floor: nothing in its loss speaks of one.
#
# Which joints are to blame? `on true hips` has the network's legs on hips that are where, and turned as, the true ones
# are. On the demo data three quarters of the sliding and more are gone then in boxing, squatting and waving: there the
# hips glide, and take the feet along. In walking and running most of it is left: there the legs err, too. Choose *fixed
# room* and *trails* in the player to see it.
#
# And the table will not tell you: the angle error leaves out the *root*, the position and the rotation of the hips. Move
# a whole prediction by ten units of the file, more than half a metre:

# %%
from cs2s.evaluation import angle_error
from cs2s.motion import Motion

truths = Motion.stacked([predictions.truth("walking", window) for window in range(8)])
predicted = predictions.predicted("walking", "network")
moved = replace(predicted, rows=predicted.rows + 10 * (np.arange(predicted.rows.shape[-1]) == 0))
assert np.allclose(angle_error(truths, predicted), angle_error(truths, moved), atol=1e-5)
print("moved by", round(10 * dataset.description.skeleton.unit_mm), "mm: the same error")

# %% [markdown]
# > **Our finding.** What the measure ignores, a model can get badly wrong without a trace in the table. Whoever looks at
# > predictions sees it at once.
#
# ## Your own predictor
#
# A predictor has a `name`, and a call that turns an observed motion into the one that follows. Here both are batches:
# observed rows `(windows, 50, columns)` become predicted rows `(windows, frames, columns)`. This one keeps the last step
# going: $x_{49}$ is the last observed pose, and the pose $k$ frames after it is predicted to be
# $x_{49} + k\,(x_{49} - x_{48})$. (Chapter 00 met it in its last exercise. Now it gets a name, and a film.)


# %%
class ConstantVelocity:
    """Goes on as in the last observed step."""

    name = "constant-velocity"

    def __call__(self, observed, frames):
        rows = observed.rows
        step = rows[:, -1:] - rows[:, -2:-1]
        return replace(observed, rows=rows[:, -1:] + np.arange(1, frames + 1)[:, None] * step)


# %%
mine = Predictions(dataset, {**predictions.predictors, "constant-velocity": ConstantVelocity()})
Explorer(mine, **{**setting, "predictors": ("constant-velocity",)})

# %% [markdown]
# Play it to the end and see it fall apart. A picture is no score, though. On the scoreboard it meets the others, over
# all windows of all actions, by the same function that judges every model in this workbook:

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
if dataset.description.name == "demo":
    assert np.allclose([constant[0] / frozen[0], constant[24] / frozen[24]], [0.5, 2.5], atol=0.05)

# %% [markdown]
# > **Our finding.** Two lines of NumPy beat freezing for the first moments: a body has momentum. Then every limb swings
# > past where it would have turned back. Exercise 5 keeps the good part.
#
# ### Exercise 5: constant velocity with brakes
#
# Momentum is good, for ever is bad. Let each step be 0.8 times the one before: the first predicted step is 0.8 times the
# last observed one, the second 0.64 times, and so on. How far does it get, in last observed steps, if it goes on for
# ever? Think of that first. Then write it; take and return rows, as arrays.
#
# <details><summary>Hint</summary>0.8 + 0.64 + ... never exceeds 4. By frame k how many last observed steps have been made?
# Not 0.8 to the power of k: that is the last of them.</details>
# <details><summary>Second hint</summary><code>np.cumsum(0.8 ** np.arange(1, frames + 1))</code> says how many, by each
# frame. <code>[:, None]</code> gives it an axis for the columns, as in <code>ConstantVelocity</code>.</details>


# %% tags=["exercise"]
def damped_velocity(observed, frames):
    return ...


check.damped_velocity(damped_velocity)

# %% [markdown]
# ## Films and commands
#
# Without a notebook the same goes on the command line; the ending of the file says what becomes of it, a page with the
# player (`.html`), `.gif` or `.mp4`. Every trained run of this data set is offered by its explorer.
# ```
# cs2s sample --run runs/demo --out samples.h5
# cs2s animate samples.h5 --action walking --sample 5 --out walk.html
# ```

# %%
print("runs in the explorer:", [name for name in predictions.predictors if name.startswith("runs/")] or "none")

# %% [markdown]
# ## What you found
#
# - Freezing errs least where people move least: on the demo data its error at 400 ms is 1.84 radians in the slowest
#   quarter of the windows, and 2.58 in the others.
# - The largest error is not always the worst picture: on the demo data the network's worst window is 4.83 radians, of
#   which one arm has 4.68. The short way round it is 3.06, and by rotation angles 1.03.
# - What is seen last counts most. And a mean may be one action's: at half again the speed the network is worse than
#   freezing, 2.13 against 2.05 on the demo data, because the runner's pose comes back; without running it wins.
# - Feet glide mostly because the hips do, unless people walk or run (demo data).
# - The error leaves out the root: hips moved by 564 mm cost 0 radians.
# - Constant velocity has half the error of freezing at 40 ms, and 2.5 times as much at 1000 ms (demo data).
#
# ## Exercises
#
# Five stand above, beside what they are about. Two more, with nobody to check them but the explorer:
# - Make a class of `damped_velocity`, with a `name`, like `ConstantVelocity`. For how long does it beat freezing on the
#   scoreboard? Does it ever beat the network?
# - Find the change of the past that makes your network's future look least like a human's, and say what it relied on.
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
# ### Solution 1: seven wins

# %% tags=["solution"] jupyter={"source_hidden": true}
# Seven narrow wins, and one loss that is larger than all of them together.
assert check.wins_and_loses([0.9, 0.7, 1.1, 0.8, 1.0, 0.9, 0.6, 3.0])


# %% [markdown]
# ### Solution 2: what is left of the error


# %% tags=["solution"] jupyter={"source_hidden": true}
def without_worst_joint(differences):
    squares = (differences**2).sum(axis=1)
    return np.sqrt(squares.sum() - squares.max())


assert check.without_worst_joint(without_worst_joint)

# %% [markdown]
# ### Solution 3: the elbow

# %% tags=["solution"] jupyter={"source_hidden": true}
# 0.15 is above 0.1, and 250 mm · 0.15 = 37 mm is below 55 mm.
assert check.elbow(0.15)

# %% [markdown]
# ### Solution 4: what freezing does not notice

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.unmoved_by(["mirror", "turn", "move"])


# %% [markdown]
# ### Solution 5: brakes


# %% tags=["solution"] jupyter={"source_hidden": true}
def damped_velocity(observed, frames):
    step = observed[:, -1:] - observed[:, -2:-1]
    made = np.cumsum(0.8 ** np.arange(1, frames + 1))
    return observed[:, -1:] + made[:, None] * step


assert check.damped_velocity(damped_velocity)
