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
# # 01 Motion data: what the numbers say, and where they mislead
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/ACCOUNT-NOT-DECIDED/cs2s/blob/main/notebooks/01_motion_data.ipynb)
#
# **What you'll do.** Follow a recorded movement from its file to the batch that a network is trained on, and find two
# errors in the data that papers compare on.
#
# **What you'll learn**
# - what the 117 numbers of one frame mean,
# - how to measure a frame rate that nobody told you,
# - why columns are normalised, and how one wrong row in a file can spoil that,
# - how windows are cut for training and for testing.
#
# **What you need.** Chapter `00_quickstart`, NumPy. No data to download, no GPU, no TensorFlow.
#
# **Time.** Under a minute to run on a laptop CPU, the same on a GPU; 30 minutes to read, 30 more for the exercises.

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
from cs2s.workbook import begin, motion_data, show

profile = begin({"smoke": 0.3, "cpu": 0.3, "gpu": 0.3})
dataset = motion_data()

# %% [markdown]
# ## A film that does not say how fast
#
# In *motion capture*, cameras follow markers on a person's body, and a program works out how the bones are turned. The
# paper uses two collections of such recordings, CMU and Human3.6M. Other papers compare on the same files; such files
# are called a *benchmark*. The demo data imitate those of CMU.
#
# Such a file is a film without a clock: it holds *frames*, one after the other, and not a word on how many of them
# make a second. Here is the walk that is kept for testing, every second frame of it, played twice.

# %%
from dataclasses import replace

from cs2s.datasets import TakeId, halved
from cs2s.pictures import player, plot_film_strip

# Split, person (unknown here), action, number of the take.
walk = dataset.motions[TakeId("test", "", "walking", 1)]
half = halved(walk)
films = {"film A": 60, "film B": 25}  # frames a second
twice = {name: replace(half[1 : 1 + 3 * fps], fps=float(fps)) for name, fps in films.items()}
show(
    player(twice, title="the same frames at two rates"),
    still=plot_film_strip(twice["film B"], {}, observed=75, title="film B: 75 frames of a walk, if 25 make a second"),
    alt="The same walk twice, film A at 60 and film B at 25 frames a second; one of the two walks as people do.",
    caption="One of the two is the walk as it was. Turn it, stop it, and count: how long do two steps take in each?",
)

# %% [markdown]
# ### Exercise 1: which film?
#
# Chapter 00 printed a rate. Forget it: it is a line in a program, and such a line may be wrong, as you will see. Which film
# shows the walk as it was, `"A"` or `"B"`? Decide by what you see, before it is measured below. Hints are folded; solutions
# are at the end.
#
# <details><summary>Hint</summary>Get up and walk. How long do two of your steps take?</details>
# <details><summary>Second hint</summary>Two steps take people about 1.1 seconds. In the film, stop where the left heel
# comes down, read the time, and stop again where it next does.</details>

# %% tags=["exercise"]
from cs2s.workbook.checks import motion_data as check

film = ...
check.rate(film, half.fps)

# %% [markdown]
# ## From a film to one row
#
# In the program the walk is a `Motion`: an array of rows, a skeleton, a frame rate.

# %%
print(walk.rows.shape, f"{walk.fps:g} frames a second, {walk.seconds:.1f} s")

# %% [markdown]
# A frame is one *row* of the array: 117 numbers. No number in it is the position of a hand. A row says how each *joint*
# is turned, and the hand ends up where all the joints above it put it.
#
# So we need the list of joints first. They form a tree: the hips are the *root*, and every joint hangs on its *parent*.

# %%
from cs2s.workbook.figures.motion_data import plot_skeleton

skeleton = walk.skeleton
print(len(skeleton.joints), "joints;", 3 + 3 * len(skeleton.joints), "columns")
assert 3 + 3 * len(skeleton.joints) == skeleton.columns == walk.rows.shape[1]
show(
    plot_skeleton(skeleton),
    alt="Left: a stick figure with arms stretched sideways and 38 numbered joints. Right: the joints as an indented list.",
    caption="All angles are 0 here. This pose, arms out sideways, is called a T-pose; remember it. Some joints share a "
    "place (0, 1, 7 and 13, for instance): the bones between them have no length.",
)

# %% [markdown]
# The row is laid out in the same order: 3 numbers for the place of the root, then 3 for the rotation of each joint. The
# three numbers of a rotation are called its *exponential map*. Chapter `02_exponential_maps` is about them. For now: as a
# vector, they are as long as the angle is large, in radians (3.14 is half a turn). All zeros mean "not turned".

# %%
from cs2s.workbook.figures.motion_data import plot_row

show(
    plot_row(walk, 100),
    alt="A person in mid-stride; beside it a bar for each of the 117 numbers of this row, grouped by part of the body.",
    caption="One row, joint by joint, three bars each, and the person that it is. Thighs, a knee, shoulders and elbows "
    "are turned most; end sites are always 0. The place is apart, because it is a length and the others are angles.",
)

# %% [markdown]
# ### Exercise 2: find the columns
#
# Which three columns of a row hold the rotation of `RightForeArm`? The tree tells the number of
# the joint. Try it before the next cell counts for another one.
#
# <details><summary>Hint</summary>Its number is `skeleton.joints.index("RightForeArm")`. Three columns come
# before the first joint.</details>
# <details><summary>Second hint</summary>Each joint takes three columns. Where does joint 0 begin, and where joint 1?</details>

# %% tags=["exercise"]
columns = ...
check.columns(columns)

# %% [markdown]
# `Motion` does that counting for you:

# %%
import numpy as np

knee = skeleton.joints.index("LeftLeg")
by_hand = walk.rows[:, 3 + 3 * knee : 6 + 3 * knee]
assert np.array_equal(by_hand, walk.expmaps[:, knee])
angle = np.linalg.norm(by_hand[100])
print("frame 100, left knee:", by_hand[100], f"turned by {angle:.2f} rad or {np.degrees(angle):.0f} degrees")

# %% [markdown]
# (The knee is called `LeftLeg` because it moves the lower leg: motion capture names a joint after the bone below it.)
#
# ## One angle over time
#
# One column, read from top to bottom, is a curve. Choose a joint and one of its three numbers. (On a static page the
# menus are missing; the picture below them is there.)

# %%
import ipywidgets as widgets

from cs2s.workbook import slider_picture
from cs2s.workbook.figures.motion_data import plot_joint_angle


def plot_angle(joint="LeftLeg", axis="x"):
    """Draw one number of a joint, left and right, through 300 frames of the walk."""
    return plot_joint_angle(walk[1:301], joint, axis)


names = ["LeftUpLeg", "LeftLeg", "LeftFoot", "LeftArm", "LeftForeArm", "Spine", "Head"]
slider_picture(plot_angle, joint=widgets.Dropdown(options=names, value="LeftLeg"), axis=widgets.Dropdown(options="xyz"))

# %%
show(
    plot_angle(),
    alt="Two wavy curves, left knee solid and right knee dashed, with deep dips at regular intervals; above, the walker "
    "at ten moments.",
    caption="The knees' first number. Bending is negative here; the deep dips are the swinging leg. Left and right do "
    "the same one step apart, and each bends a second time, less, while the foot carries the weight.",
)

# %% [markdown]
# ## How fast does time go?
#
# One function, `cs2s.datasets.load`, reads every data set. Here is what it loaded:

# %%
for action in dataset.actions("train"):
    lengths = [len(motion) for take, motion in dataset.split("train").items() if take.action == action]
    print(f"{action:<20}{len(lengths)} training takes of {min(lengths)} to {max(lengths)} rows")

# %% [markdown]
# Neighbouring frames are almost equal, so the paper drops every second row, the rows 1, 3, 5 and so on. Slicing a
# `Motion` with a step keeps its frame rate right.

# %%
print(f"{len(walk)} rows at {walk.fps:g} a second become {len(walk[::2])} at {walk[::2].fps:g}")
assert np.array_equal(half.rows, walk[::2].rows) and half.fps == walk.fps / 2

# %% [markdown]
# But how do we know the rate? The walk itself is a clock. A *stride* is two steps, one of each leg. Walking as they
# like, people take about 1.1 seconds for it, nearly everyone between 0.9 and 1.3. If we count the frames of a stride,
# we know the frame rate, roughly.
#
# To count them without picking peaks by eye, lay the curve of a thigh upon itself, shift it, and ask how alike the two
# are. The measure is the correlation: 1 for the same shape, 0 for unrelated, -1 for upside down. Correlation of a curve
# with itself is called *autocorrelation*.

# %%
# alike[0] belongs to a shift by 1 frame, alike[1] to a shift by 2, and so on.
thigh = half.expmaps[1:, skeleton.joints.index("LeftUpLeg"), 0].astype(float)
alike = np.array([np.corrcoef(thigh[:-lag], thigh[lag:])[0, 1] for lag in range(1, 110)])

# %% [markdown]
# The first peak, after the trivial one at shift 0, is the stride: a shift at which the two are more alike than at the
# shifts beside it. (Row 0 is left out; why, you will see.)

# %%
from cs2s.datasets import stride_period
from cs2s.workbook.figures.motion_data import plot_likeness

peaks = [lag for lag in range(2, 109) if alike[lag - 2] < alike[lag - 1] >= alike[lag] and alike[lag - 1] > 0.5]
stride = peaks[0]
assert stride == stride_period(half)
print(f"a stride: {stride} frames, so about {stride / 1.1:.0f} a second ({stride / 1.3:.0f} to {stride / 0.9:.0f})")

# %%
show(
    plot_likeness(thigh, alike, stride, half[1:]),
    alt="Above: the thigh's angle and a shifted dashed copy that falls upon it, with the walker at each quarter of a "
    "stride. Below: correlation against shift, its first peak marked.",
    caption="Shifted by one stride the curve nearly falls on itself, and the person stands as before. At half that shift, "
    "forward meets backward: the correlation is at its lowest.",
)

# %% [markdown]
# The estimate is as good as the guess of 1.1 seconds, within some 20 %. On the demo data we can check it, because the
# program that makes them knows: 25 a second after halving. Our range must hold the true rate.

# %%
assert stride / 1.3 < half.fps < stride / 0.9

# %% [markdown]
# Now the same for the CMU data. You need not have them: the command below was run on the 38 of their 48 files that we
# have, and its findings are a small file in the repository.

# %%
import json

from cs2s.files import data_file

cmu = json.loads(data_file("results/cmu_data_info.json").read_text())
print("made by:", cmu["made_from"]["command"], f"({cmu['files']} files)")
for found in cmu["strides"]:
    print(f"{found['action']}: a stride of {found['frames_after_halving']} frames")

# %% [markdown]
# 68 frames a stride are about 62 frames a second, and hardly fewer than 52. At 25 a second this person would need 2.7
# seconds for two steps: as in the slower film above, if it showed this person. So the papers' labels see the CMU data.
#
# > **The paper.** It prints CMU errors under 80, 160, 320, 400 and 1000 ms, for predicted frames 1, 3, 7, 9 and 24, as
# > if a frame lasted 40 ms. On Human3.6M that is right: 50 Hz, halved to 25.

# %%
assert round(68 / 1.1) == 62 and round(68 / 1.3) == 52 and round(68 / 25, 1) == 2.7
assert {walked["frames_after_halving"] for walked in cmu["strides"] if walked["action"] == "walking"} == {68}

# %% [markdown]
# > **Our finding.** CMU was captured at 120 Hz (its original files say 0.0083333 seconds a frame), so after halving 60
# > are left. The stride says so too.
#
# ### Exercise 3: the true milliseconds
#
# How many milliseconds after the last observed frame is predicted frame 9, on CMU, after halving? Frames are counted
# from 0. The papers' tables say 400.
#
# <details><summary>Hint</summary>Predicted frame 0 is one step ahead of the last observed one.</details>
# <details><summary>Second hint</summary>Frame 9 is ten steps ahead, and at 60 frames a second a step takes 1000/60
# milliseconds.</details>

# %% tags=["exercise"]
ahead = ...
check.milliseconds(ahead)

# %% [markdown]
# What that does to all labels:

# %%
print("predicted frame:      ", *(f"{frame:>5}" for frame in (1, 3, 7, 9, 24)))
for rate in (25, 60):
    print(f"at {rate} a second, ms:  ", *(f"{(frame + 1) * 1000 / rate:5.0f}" for frame in (1, 3, 7, 9, 24)))

# %% [markdown]
# "One second" is 0.42. Methods compared on the same frames stay comparable. But a number of CMU beside one of Human3.6M
# under the same label compares different times. `cs2s` prints the true ones.
#
# ## Columns of very different size
#
# A network that is punished for squared errors cares most about the columns that vary most. How much does each column
# vary? All training rows, full rate, put under each other:

# %%
from cs2s.workbook.figures.motion_data import plot_spread

rows = np.concatenate([motion.rows for motion in dataset.split("train").values()])
mean, std = rows.mean(axis=0), rows.std(axis=0)
moving = std[std >= 1e-4]
print(rows.shape, f"spread from {moving.min():.3f} to {moving.max():.3g}; {(std < 1e-4).sum()} columns below 1e-4")

# %%
show(
    plot_spread(std, skeleton),
    alt="Left: spread of 117 columns, sorted, on a logarithmic axis: three places on top, joints, then constants. Right: "
    "a person with a dot at each joint, largest at shoulders and elbows.",
    caption="The place of the root (triangles) varies more than any angle (dots): people cross the room, and its unit is "
    "56 mm. The lowest triangle is the height. Crosses: columns that never move.",
)

# %% [markdown]
# The cure is *normalising*: subtract each column's mean $\mu$ and divide by its standard deviation $\sigma$, both over
# the training rows, $z = (x - \mu) / \sigma$. The result $z$ says how many standard deviations a number is from usual.
# Columns with $\sigma < 0.0001$ would blow up; they are dropped, and the model never sees them.

# %%
from cs2s.datasets import dataset_statistics

used = np.flatnonzero(std >= 1e-4)
z = (rows[:, used] - mean[used]) / std[used]

statistics = dataset_statistics(dataset)
assert np.array_equal(used, statistics.used) and np.array_equal(z, statistics.normalise(rows))
print(len(used), "of", len(std), "columns are used")
print(
    f"z: mean up to {np.abs(z.mean(axis=0)).max():.4f}, spread {z.std(axis=0).min():.3f} to {z.std(axis=0).max():.3f}"
)

# %% [markdown]
# ### Exercise 4: the way back
#
# A network answers in $z$. Write the way back to rows: from `z` `(frames, used columns)`, with `mean` and `std`
# `(columns,)` and the indices `used`, make `(frames, columns)`. What should stand in the columns that the network never
# saw?
#
# <details><summary>Hint</summary>Start from an array in which every row is `mean`, and overwrite some of its columns.</details>
# <details><summary>Second hint</summary>`rows = np.tile(mean, (len(z), 1))`, then `rows[:, used] = ...`</details>


# %% tags=["exercise"]
def unnormalise(z, mean, std, used):
    return ...


check.unnormalise(unnormalise)

# %%
back = statistics.unnormalise(z)
print("largest difference to the rows:", np.abs(back - rows).max())
assert np.allclose(back, rows, atol=1e-3)

# %% [markdown]
# ## The row that nobody moved
#
# How far is a row from the usual? Take the largest $|z|$ of its used columns. Which training row is the farthest?

# %%
from cs2s.datasets import Statistics


def distances(takes):
    """Return the used columns, and for each row the largest |z| of its columns."""
    rows = np.concatenate(takes)
    statistics = Statistics.of(rows)
    return statistics.used, np.abs(statistics.normalise(rows)).max(axis=1)


used_now, far = distances([motion.rows for motion in dataset.split("train").values()])
print(f"{len(used_now)} columns used; row {far.argmax()} is the farthest, {far.max():.1f} standard deviations")

# %% [markdown]
# On the demo data that is an ordinary row inside a take. On CMU it is row 0 of a file, and it is 32 standard
# deviations out: a T-pose. Nobody stood like that; programs that convert motion files put it there.
#
# ### A planted mistake
#
# To see what such a row does, put one in front of every take of the demo data: a row of zeros. One more thing must come
# from CMU: a column that never moves and is not 0. There the index fingers were not recorded, and one number of each
# stands at 0.124 or -0.124 rad in all other rows. In the demo data they stand at 0, so we set them to 1/8 and -1/8.

# %%
fingers = [3 + 3 * skeleton.joints.index(name) + 2 for name in ("LeftHandIndex1", "RightHandIndex1")]
# Should these data have T-poses already, they are cut off first.
clean = [motion.rows[dataset.description.t_pose_rows :].copy() for motion in dataset.split("train").values()]
for take in clean:
    take[:, fingers] = [0.125, -0.125]

t_pose = np.zeros((1, 117), np.float32)
planted = [np.concatenate([t_pose, take]) for take in clean]

# %%
used_clean, far_clean = distances(clean)
used_planted, far_planted = distances(planted)
print(f"without: {len(used_clean)} columns used; row {far_clean.argmax()} the farthest, {far_clean.max():.1f}")
print(f"planted: {len(used_planted)} columns used; row {far_planted.argmax()} the farthest, {far_planted.max():.1f}")
assert set(used_planted) - set(used_clean) == set(fingers)

# %% [markdown]
# So the first harm: the fingers' two columns now have a spread, count as used, and the network has to predict them.

# %%
from cs2s.motion import Motion
from cs2s.workbook.figures.motion_data import plot_farthest

distance = {"without T-poses": far_clean, "with a T-pose in front of each take": far_planted}
farthest = [np.concatenate(takes)[[far.argmax()]] for takes, far in ((clean, far_clean), (planted, far_planted))]
show(
    plot_farthest(distance, {name: Motion(row, skeleton, 50.0) for name, row in zip(distance, farthest, strict=True)}),
    alt="Distance of each training row from the mean; in the lower panel a tall spike stands at the start of each take. "
    "Beside each panel the person of the farthest row: below, in a T-pose.",
    caption="Above, the rows as they are. Below, each take begins with a spike, and all spikes are equally tall. On the "
    "right, whose row it is that lies farthest out.",
)

# %% [markdown]
# ### Why all spikes are equally tall
#
# The spikes come from the fingers. A finger's column holds two values only: 0 in a share $p$ of the rows, the T-poses,
# and $c$ in all others, here 1/8. Before you read on: had the fingers stood at $c = 1$, would the spikes be taller?
#
# ### Exercise 5: how tall is a spike?
#
# Write how many standard deviations the 0 lies from the mean of such a column, as a function of $c > 0$ and $p$. With
# its sign. Try it with $c$ = 1/8 and $c$ = 1.
#
# <details><summary>Hint</summary>The mean of a column that is $c$ in a share $1-p$ of the rows is $c(1-p)$. Its
# variance is the mean of the squares less the square of the mean.</details>
# <details><summary>Second hint</summary>The mean of the squares is $c^2(1-p)$, so the variance is
# $c^2(1-p) - c^2(1-p)^2 = c^2 p(1-p)$. Now subtract the mean from 0, and divide by the root.</details>


# %% tags=["exercise"]
def spike(c, p):
    return ...


check.spike(spike)

# %% [markdown]
# The mean is $c(1-p)$, the variance $c^2 p(1-p)$. Normalise the 0 of the T-pose:
#
# $$z = \frac{0 - c(1-p)}{c\sqrt{p(1-p)}} = -\sqrt{\frac{1-p}{p}}$$
#
# The angle $c$ has cancelled. The height of a spike says how rare the row is, and nothing about the pose.

# %%
p = len(planted) / sum(map(len, planted))
print(f"one row in {1 / p:.0f} is a T-pose: predicted {np.sqrt((1 - p) / p):.2f}, found {far_planted.max():.2f}")
assert np.isclose(far_planted.max(), np.sqrt((1 - p) / p), rtol=1e-3)

# %% [markdown]
# ### In the CMU files
#
# Now the files as they are published, from the same small file of findings as before:

# %%
first = cmu["first_rows"]
print(sum(row["t_pose"] for row in first), "of", len(first), "files begin with a T-pose")
print(
    f"one row in {cmu['train_rows'] / cmu['train_files']:.0f}; {first[0]['largest_z']} standard deviations from the mean"
)
print(f"{cmu['used_columns']} columns used; without first rows {cmu['used_columns_without_first_rows']}")
assert cmu["used_because_of_first_rows"] == fingers
p = cmu["train_files"] / cmu["train_rows"]
assert np.isclose(first[0]["largest_z"], np.sqrt((1 - p) / p), rtol=1e-3)

# %% [markdown]
# > **Our finding.** Row 0 of each CMU file at hand (38 of the 48) is a T-pose: no motion, left there by the conversion
# > from the original format. It is 32 standard deviations from the mean, and it makes 2 columns look used that are not:
# > 70 instead of 68.
#
# The formula holds here too, so the 32 says only that 1 row in 1056 is a T-pose. How odd is the pose itself? Judge it
# by the mean and spread of the other rows, in the 68 columns that really move:

# %%
print("T-pose, by the other rows' statistics:", max(row["largest_z_by_other_rows"] for row in first))
print("real motion, at most:", max(row["largest_z_elsewhere"] for row in first))

# %% [markdown]
# Not odd at all: 3.9 standard deviations, where real motion goes up to 13. Whoever throws out what lies far from the
# mean throws out a leap and keeps the T-pose.
#
# ### Exercise 6: find the T-pose
#
# So how does one find it? Write a function that gets `rows` `(frames, columns)`, unnormalised, the columns that move, the
# first three of them the place, and returns the number of the row that is a T-pose. It need not be the first one. In the
# T-pose some angles may differ from 0 by what the conversion added. The farthest row is another one; and in one more row
# about half of the joints were lost, and stand at 0.
#
# <details><summary>Hint</summary>What is true of a T-pose, and of hardly any row that somebody moved? Look at
# the picture of a row again.</details>
# <details><summary>Second hint</summary>Sensors never measure exactly 0. Count the zeros of each row, and take the row that has
# most.</details>


# %% tags=["exercise"]
def find_t_pose(rows):
    return ...


check.t_pose_row(find_t_pose)

# %%
print("share of used columns that are exactly 0, T-pose:", min(row["zeros"] for row in first))
print("any other row, at most:", max(row["most_zeros_elsewhere"] for row in first))

# %% [markdown]
# What gives it away are its zeros: 86 % of its used columns, all but the place and seven angles, are exactly 0, and at
# most 14 % of any other row. Look at a suspicious row, not at one number.
#
# `cs2s` keeps the row by default, because the paper's numbers were made with it.
#
# ## Windows
#
# The model never sees a whole take. It sees a *window*: 50 observed frames, and 25 to predict, after halving. The eight
# test windows of each action are fixed by the paper; this is one of them.

# %%
from cs2s.datasets import test_windows
from cs2s.workbook.figures.motion_data import plot_window

tests = test_windows(dataset, statistics)
walking = next(windows for windows in tests if windows.action == "walking")
print("observed", walking.observed.rows.shape, "to predict", walking.future.rows.shape)
show(
    plot_window(statistics.normalise(walking.motion.rows[3]), statistics.used, walking.motion.one(3)),
    alt="A walker above an image of a window: 75 frames to the right, used columns downwards; a vertical line after 50 "
    "frames.",
    caption="A window as the model sees it: bright is above the mean, dark below. The stripes of the legs repeat with "
    "every stride. Everything right of the line has to be guessed.",
)

# %% [markdown]
# ### Exercise 7: room for a window
#
# A file has `rows` rows. It is halved by `[::2]`. At how many places can a window of 75 frames begin, if every
# place is allowed? (The paper allows one fewer.)
#
# <details><summary>Hint</summary>Try 149 and 151 rows with paper and pencil.</details>
# <details><summary>Second hint</summary>149 rows become 75 frames, which is room for one window; 151 become 76.</details>


# %% tags=["exercise"]
def starts_in(rows):
    return ...


check.starts(starts_in)

# %% [markdown]
# ### The eight test windows
#
# Where do they start? A random generator with the seed 1234567890 draws them, and it begins anew for each action.

# %%
half_lengths = {take.action: len(halved(motion)) for take, motion in dataset.split("test").items()}
for windows in tests:
    draws = np.random.RandomState(1234567890)
    starts = [draws.randint(0, half_lengths[windows.action] - 75) for _ in range(8)]
    assert starts == [start for _, start in windows.starts]
    print(f"{windows.action:<20}{half_lengths[windows.action]:>5} frames, starts {starts}")

# %%
from cs2s.workbook.figures.motion_data import plot_test_windows

show(
    plot_test_windows(tests, half_lengths),
    alt="For each action a line as long as its test take, and eight bars that show where the windows lie.",
    caption="Each bar is a window: dark observed, light with an outline to predict. Windows of an action overlap, and "
    "long stretches are never tested.",
)

# %% [markdown]
# On the demo data all five actions have the same eight starts, though no two takes are equally long. (Why? The second
# of the details below.)
#
# > **Our finding.** On CMU, basketball (289 frames) and soccer (299) get the same eight starts too, so they are not
# > drawn independently. And running has 82 frames: 7 possible starts for 8 windows.

# %%
starts = {test["action"]: test["starts"] for test in cmu["test_starts"]}
assert starts["basketball"] == starts["soccer"]
print("CMU running:", sorted(starts["running"]))

# %% [markdown]
# ### Training windows
#
# In training the windows are drawn without end: first a file, each as likely as any other, then a start in it. Short
# files therefore count as much as long ones. With each window comes a *one-hot* row that tells its action: a 1 in the
# action's place, and 0 elsewhere.

# %%
from cs2s.datasets import TrainingWindows

drawing = TrainingWindows(dataset, statistics)
batch, labels = drawing.draw(batch_size=16, seed=0, iteration=0)
print("windows", batch.shape, "one-hot actions", labels.shape)
assert batch.shape == (16, 75, len(statistics.used)) and (labels.sum(axis=1) == 1).all()

# %% [markdown]
# A start is drawn from 0 up to, but not including, $n - 75$ for a take of $n$ frames. On short files that is little:

# %%
few = cmu["training_starts"]
print(f"CMU: {few['fewest']['file']} has {few['fewest']['starts']} possible start, the longest file {few['most']}")
print(f"training windows that begin with the T-pose: {few['share_with_first_row']:.1%}")

# %% [markdown]
# > **Our finding.** One of the 32 CMU training files is always seen through the same window, and that one begins with the
# > T-pose. In all, 1 training window in 20 does.
#
# ## The whole way in a few lines
#
# This is all that the following chapters need from this one:

# %%
from cs2s.datasets import load

dataset = load(dataset.description.name)
statistics = dataset_statistics(dataset)
again, labels = TrainingWindows(dataset, statistics).draw(batch_size=16, seed=0, iteration=0)
tests = test_windows(dataset, statistics)
rows = statistics.unnormalise(again)
assert np.array_equal(again, batch)

# %% [markdown]
# A batch depends on seed and iteration alone, so an interrupted training can go on as if nothing had happened. On the
# command line, `cs2s data info demo` prints the findings of this chapter for any data set.
#
# ## Three details, for the curious
#
# Nothing later needs them. Their code is folded: open it by the bar at its left.
#
# <details><summary>Why a threshold of 0.0001, and not exactly 0?</summary>
#
# Because of rounding. Columns that stand still may wobble in their last digit, and the mean itself is rounded: as in
# the paper's code, all sums are made in float32. With 39,542 rows, as in the demo data, that alone gives a column of
# 0.3 in every row a spread above 0.0001, so that it counts as moving. On CMU it does not happen: no constant column of
# our files gets above 0.000034.
#
# </details>

# %% jupyter={"source_hidden": true}
constant = np.full((39_542, 117), 0.3, np.float32)
print(f"standard deviation in float32: {constant.std(axis=0)[0]:.6f}")
print(f"standard deviation in float64: {constant.astype(float).std(axis=0)[0]:.6f}")
print(f"largest of a constant column on CMU: {cmu['largest_unused_std_without_first_rows']:.6f}")
assert constant.std(axis=0)[0] > 1e-4 and cmu["largest_unused_std_without_first_rows"] < 0.000034

# %% [markdown]
# <details><summary>Why do all demo actions have the same eight starts?</summary>
#
# The cause is how `randint` draws: it takes as many random bits as the largest possible start needs, and throws away
# numbers that are too large. The largest starts of the demo data, 562 to 628, all need 10 bits, and the same seed gives
# the same bits. Only a number between 562 and 628 could have told the actions apart, and none came.
#
# </details>

# %% jupyter={"source_hidden": true}
largest = half_lengths["walking"] - 75 - 1
bits = np.random.RandomState(1234567890).randint(0, 2**32, 40, dtype=np.uint32)
numbers = bits % 2 ** largest.bit_length()
print(f"starts 0 to {largest} need {largest.bit_length()} bits:", numbers[numbers <= largest][:8])
assert list(numbers[numbers <= largest][:8]) == [start for _, start in walking.starts]

# %% [markdown]
# <details><summary>What do the files look like?</summary>
#
# The benchmark is text: one line for each row, numbers separated by commas. `parse_rows` reads it, as float32, as in
# the paper's code; 9 digits are enough for those to come back exactly. A line that is too short, or that holds a word,
# is refused with a sentence that names the line. (On Human3.6M, whole turns are then taken off every three numbers, so
# that their length is below 2 pi; even off the place, which is no angle.)
#
# </details>

# %% jupyter={"source_hidden": true}
from pathlib import Path

from cs2s.files import parse_rows

text = "\n".join(",".join(f"{number:.9g}" for number in row) for row in walk.rows[:3])
for line in text.splitlines():
    print(line[:60], "...")
parsed = parse_rows(text.encode(), columns=117, path=Path("walking_1.txt"))
assert np.array_equal(parsed, walk.rows[:3])

# %% [markdown]
# ## What you found
#
# - A row has 117 numbers: 3 for the place, 3 for each of 38 joints. Joint j begins at column 3 + 3j.
# - A stride takes 25 frames on the demo data and 68 on CMU, so CMU cannot have 25 a second. It has 60 after halving, its
#   original files say, and the frame that papers call 400 ms is 167 ms ahead.
# - 72 columns of the demo data move; on CMU 68 do, and 70 are used, because row 0 of every file at hand is a T-pose.
# - Its 32 standard deviations say how rare the row is, not how odd the pose. Its zeros (86 %) give it away.
# - Eight test windows are fewer than they look: they overlap, and actions share their starts.
#
# ## Exercises
#
# Seven stand above, each beside what it is about. Did you pick the right film before it was measured? And the spikes:
# did you expect that they know nothing of the pose?
#
# ## Further reading
#
# - CMU Graphics Lab Motion Capture Database, mocap.cs.cmu.edu. Where the recordings come from.
# - Ionescu, Papava, Olaru, Sminchisescu: *Human3.6M: Large Scale Datasets and Predictive Methods for 3D Human Sensing
#   in Natural Environments*, IEEE TPAMI 36(7), 2014. The other data set of the paper.
# - Murray, Drought, Kory: *Walking patterns of normal men*, Journal of Bone and Joint Surgery 46-A, 1964. How long a
#   stride takes, and how it looks.
# - Martinez, Black, Romero: *On human motion prediction using recurrent neural networks*, CVPR 2017,
#   [arXiv:1705.02445](https://arxiv.org/abs/1705.02445). Its published code draws
#   eight test windows an action with this very seed, as did that of Jain et al. before.
#
# ## Next
#
# What do the three numbers of a joint mean? [02 Exponential maps](02_exponential_maps.ipynb) turns them into rotations
# and rotations into stick figures.
#
# ## Solutions
#
# ### Solution 1: the film

# %% tags=["solution"] jupyter={"source_hidden": true}
# Film A shows 60 frames a second, film B 25. In which of them does a stride take nearer to 1.1 seconds?
assert check.rate(min(films, key=lambda film: abs(stride / films[film] - 1.1)), half.fps)

# %% [markdown]
# ### Solution 2: the columns

# %% tags=["solution"] jupyter={"source_hidden": true}
joint = skeleton.joints.index("RightForeArm")
columns = [3 + 3 * joint, 4 + 3 * joint, 5 + 3 * joint]
assert check.columns(columns)

# %% [markdown]
# ### Solution 3: the milliseconds

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.milliseconds((9 + 1) * 1000 / 60)

# %% [markdown]
# ### Solution 4: back to rows
#
# The columns that the network never saw get their mean: they did not move in any training row.


# %% tags=["solution"] jupyter={"source_hidden": true}
def unnormalise(z, mean, std, used):
    rows = np.tile(mean, (len(z), 1))
    rows[:, used] = z * std[used] + mean[used]
    return rows


assert check.unnormalise(unnormalise)

# %% [markdown]
# ### Solution 5: the spike


# %% tags=["solution"] jupyter={"source_hidden": true}
def spike(c, p):
    return -np.sqrt((1 - p) / p)


assert check.spike(spike)

# %% [markdown]
# ### Solution 6: the T-pose


# %% tags=["solution"] jupyter={"source_hidden": true}
def find_t_pose(rows):
    return (rows == 0).sum(axis=1).argmax()


assert check.t_pose_row(find_t_pose)

# %% [markdown]
# ### Solution 7: the room


# %% tags=["solution"] jupyter={"source_hidden": true}
def starts_in(rows):
    frames = len(range(0, rows, 2))
    return frames - 75 + 1


assert check.starts(starts_in)
