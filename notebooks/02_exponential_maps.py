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
# # 02 Exponential maps: how three numbers turn a bone
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/ACCOUNT-NOT-DECIDED/cs2s/blob/main/notebooks/02_exponential_maps.ipynb)
#
# **What you'll do.** Turn one forearm by hand, then all 38 joints of a walking person, and find the four places where
# numbers for rotations break.
#
# **What you'll learn**
# - what the three numbers of a joint mean, and Rodrigues' formula, which turns a bone by them,
# - why the sign in the files is the other way round, and how a wrong sign looks,
# - where formulas fail: no turn at all, half a turn, a full turn, and gimbal lock,
# - forward kinematics: from the rotations of all joints to points in space, in millimetres.
#
# **What you need.** NumPy and matrix products. Chapter [01](01_motion_data.ipynb) tells where the numbers come from.
#
# **Time.** Half a minute to run on a laptop CPU, the same on a GPU (none is used), 40 minutes to read.

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
from cs2s.workbook import begin, motion_data

profile = begin({"smoke": 0.5, "cpu": 0.5, "gpu": 0.5})
dataset = motion_data()

# %% [markdown]
# ## One bone, one turn
#
# Hold your left forearm out to the left, palm down. Now turn it about the elbow, any way you like. However odd the
# path was, the arm could have come from the old pose to the new one in a single turn about one fixed line: the
# *axis* (Euler proved it in 1775). So two things say everything: the direction of the axis, and the *angle*.
#
# A **rotation vector** packs both into three numbers. It points along the axis, and its length is the angle. Which
# way round? Let the thumb of your right hand point along the vector; your curled fingers show the way of turning.
#
# Our directions are those of the data: x to the person's left, y up, z forward. The sliders are the three numbers, in
# degrees (click one, then use the arrow keys).

# %%
import ipywidgets as widgets

from cs2s.workbook import show, slider_picture
from cs2s.workbook.figures.exponential_maps import plot_rotation_vector

slider_picture(
    plot_rotation_vector,
    x=widgets.IntSlider(0, -180, 180, 15),
    y=widgets.IntSlider(0, -180, 180, 15),
    z=widgets.IntSlider(90, -180, 180, 15),
)

# %% [markdown]
# The same picture without sliders, at a turn about an axis askew:

# %%
show(
    plot_rotation_vector(-60, 45, 90),
    alt="A forearm before and after a turn of 117 degrees, the axis as a dash-dotted line, the path of the fingertip.",
    caption="The rotation vector (-60, 45, 90) degrees. The fingertip moves on a circle around the axis; the arm's own "
    "three axes and its thumb turn with it.",
)

# %% [markdown]
# Try this: set all three sliders to 0, then move one. The arm turns about that axis, by that angle. Now move a second
# one: the axis leans over, and the angle is the length of the whole vector (90 and 90 make 127). The dots cut the path
# into four equal parts: half of the vector is half of the turn.
#
# Files and formulas use radians: 180 degrees are $\pi$ radians. Let us take the vector of the picture apart.

# %%
import numpy as np

rotvec = np.radians([-60, 45, 90])
angle = np.linalg.norm(rotvec)
axis = rotvec / angle
print(f"angle {angle:.3f} radians = {np.degrees(angle):.1f} degrees, axis {axis.round(2)}")

# %% [markdown]
# ## Many small turns
#
# How do we compute where the fingertip goes? Begin with a very small rotation vector $r$. It moves a point $v$ by the
# *cross product* $r \times v$: at a right angle to the axis and to $v$, so along the tangent of the circle, and as far
# as the angle times the radius. That product is linear in $v$, so it is a matrix times $v$. The matrix is called the
# *skew matrix* of $r$.


# %%
def skew(r):
    x, y, z = r
    return np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])


tip = np.array([200.0, 0, 0])
assert np.allclose(skew(rotvec) @ tip, np.cross(rotvec, tip))

# %% [markdown]
# A large turn is many small ones. Each step follows the tangent for a $1/n$ of the way:

# %%
from cs2s.workbook.figures.exponential_maps import plot_small_turns

show(
    plot_small_turns(),
    alt="A quarter circle, and three chains of straight steps that leave it outwards; more steps stay closer.",
    caption="A quarter turn in 4, 12 and 64 straight steps. A tangent always leads a little outwards, but the more "
    "steps, the less.",
)

# %% [markdown]
# So let $n$ grow. One step takes $v$ to $v + \frac1n\, r \times v$. That is the matrix $I + S/n$, with $I$ the identity
# and $S$ the skew matrix of the whole turn $r$; $n$ steps are its $n$-th power. We compare with the answer of SciPy.

# %%
from scipy.spatial.transform import Rotation

exact = Rotation.from_rotvec(rotvec).as_matrix()
for n in (1, 10, 100, 1000, 10000):
    steps = np.linalg.matrix_power(np.eye(3) + skew(rotvec) / n, n)
    print(f"{n:6d} steps: largest error of a number in the matrix {np.abs(steps - exact).max():.5f}")
assert np.abs(steps - exact).max() < 2e-4

# %% [markdown]
# Ten times the steps, a tenth of the error. You may know the limit of $(1 + s/n)^n$ for numbers: it is $e^s$, the
# exponential. Here is the same with matrices, and hence the name: the **exponential map** takes a rotation vector to
# its rotation. In this field, the vector itself is called "exponential map" too.
#
# ## Rodrigues' formula
#
# Nobody wants ten thousand steps. Rodrigues found the limit in closed form in 1840:
#
# $$R = I + \sin\theta\, K + (1 - \cos\theta)\, K^2$$
#
# $\theta$ is the angle, and $K$ is the skew matrix of the axis $k$ (of length 1). $R$ is the *rotation matrix*: $R v$
# is the turned $v$. You can see why on the circle of the fingertip $v$. $K v = k \times v$ is its tangent, and $K^2 v$
# points from the tip to the centre; both are as long as the radius. The tip goes $\sin\theta$ of a radius along the
# one, and $1 - \cos\theta$ along the other.


# %%
def rodrigues(r):
    theta = np.linalg.norm(r)
    K = skew(r / theta)
    return np.eye(3) + np.sin(theta) * K + (1 - np.cos(theta)) * K @ K


assert np.allclose(rodrigues(rotvec), exact)

# %% [markdown]
# What is in a rotation matrix? Its columns are where the three axes go: x', y', z' of the picture. So they have length
# 1 and stand at right angles, and the determinant is 1 (a mirror would have -1).

# %%
R = rodrigues(rotvec)
print(R.round(2))
assert np.allclose(R.T @ R, np.eye(3)) and np.isclose(np.linalg.det(R), 1)
assert np.allclose(R[:, 0], R @ [1, 0, 0])

# %% [markdown]
# **The first place that breaks: no turn at all.** Then $\theta$ is 0, and the axis is 0 divided by 0. That is no rare
# case: a joint that never moves holds three zeros in every frame.

# %%
with np.errstate(invalid="ignore"):
    print(rodrigues(np.zeros(3)))
# The tiniest turn is still fine.
assert np.isfinite(rodrigues(np.array([0, 0, 1e-9]))).all()

# %% [markdown]
# The cure is to leave the vector undivided. Its skew matrix is $S = \theta K$, so the formula now has the factors
# $\sin\theta/\theta$ before $S$ and $(1-\cos\theta)/\theta^2$ before $S^2$. At 0 they tend to $1$ and $\frac12$.
# `np.sinc(x)` is $\sin(\pi x)/(\pi x)$, correct at 0. It gives us both, since $1-\cos\theta = 2\sin^2\frac\theta2$.
# That is how `cs2s` does it, for any number of joints at once.

# %%
from cs2s.motion import expmap_to_rotmat

assert np.allclose(expmap_to_rotmat(rotvec), rodrigues(rotvec))
assert np.array_equal(expmap_to_rotmat(np.zeros(3)), np.eye(3))
print("38 joints in 50 frames:", expmap_to_rotmat(np.zeros((50, 38, 3))).shape)

# %% [markdown]
# Two turns, one after the other, are a product of matrices: the first stands on the right, next to the point. Do not
# add the vectors instead. First x then z is another turn than first z then x, and a sum cannot know which was meant.

# %%
about_x, about_z = np.radians([90, 0, 0]), np.radians([0, 0, 90])
x_first = expmap_to_rotmat(about_z) @ expmap_to_rotmat(about_x)
z_first = expmap_to_rotmat(about_x) @ expmap_to_rotmat(about_z)
for name, matrix in (("x first", x_first), ("z first", z_first), ("sum", expmap_to_rotmat(about_x + about_z))):
    print(f"{name}: the forearm, once pointing along x, points to {(matrix @ [1, 0, 0]).round(2) + 0.0}")

# %% [markdown]
# ## The sign in the files
#
# Now a person. We take a walk and leave out its first frame, which is no motion in the CMU files (chapter
# `01_motion_data` shows it). `expmaps` has three numbers for each joint in each frame.

# %%
from cs2s.datasets import TakeId, halved

walk = halved(dataset.motions[TakeId("test", "", "walking", 1)])[1:]
frames, joints, numbers = walk.expmaps.shape
print(f"{frames} frames, {joints} joints, {numbers} numbers each")

# %% [markdown]
# The files hold **minus** the usual rotation vector. Their authors write a point as a row and multiply from the left,
# $v_\text{row} R$. That is the same as $R^\top v$ with a column, and the transpose of a rotation turns back. Two
# reversals make one right turn:

# %%
stored = -rotvec
assert np.allclose(tip @ expmap_to_rotmat(stored), expmap_to_rotmat(rotvec) @ tip)
# Columns instead of rows: the same as the wrong sign.
assert np.allclose(expmap_to_rotmat(stored) @ tip, tip @ expmap_to_rotmat(-stored))

# %% [markdown]
# What if you overlook that? Let us flip the sign of every joint but the hips, so that both walkers face the same way.

# %%
from dataclasses import replace

flipped_rows = walk.rows.copy()
flipped_rows[:, 6:] *= -1
flipped = replace(walk, rows=flipped_rows)

# %%
from cs2s.workbook.figures.exponential_maps import plot_side_views

moments = slice(100, 130, 5)
people = {"as stored": walk.positions()[moments], "sign flipped": flipped.positions()[moments]}
show(
    plot_side_views(people, walk.skeleton),
    alt="Two rows of stick figures from the side. Above, a person walks; below, knees and elbows bend the wrong way.",
    caption="Six moments, seen from the person's right. With the wrong sign the knees bend like a bird's, and hanging "
    "arms point to the sky.",
)

# %% [markdown]
# Pictures can mislead, so we measure. Draw a line from hip to ankle: a bent human knee is in front of it. How far, on
# average over all frames and both legs?


# %%
def knee_ahead(motion):
    """Return how far the knees are in front of the line from hip to ankle, (2, frames), millimetres."""
    at = {name: motion.positions()[:, j] for j, name in enumerate(motion.skeleton.joints)}
    # Left times up is forward.
    ahead = np.cross(at["LeftUpLeg"] - at["RightUpLeg"], [0, 1, 0])
    ahead /= np.linalg.norm(ahead, axis=-1, keepdims=True)
    gaps = []
    for side in ("Left", "Right"):
        hip, knee, ankle = (at[side + part] for part in ("UpLeg", "Leg", "Foot"))
        down = (ankle - hip) / np.linalg.norm(ankle - hip, axis=-1, keepdims=True)
        # From hip to knee, less what goes along the line: how the knee lies off it.
        across = knee - hip - down * np.sum(down * (knee - hip), axis=-1, keepdims=True)
        gaps.append(np.sum(across * ahead, axis=-1))
    return np.array(gaps)


# %%
gaps, flipped_gaps = knee_ahead(walk), knee_ahead(flipped)
print(f"as stored: {gaps.mean():+.0f} mm, in front in {(gaps > 0).mean():.1%} of all frames")
print(f"flipped:   {flipped_gaps.mean():+.0f} mm, in front in {(flipped_gaps > 0).mean():.1%}")
assert gaps.mean() > 50 and flipped_gaps.mean() < -50

# %% [markdown]
# > **Our finding.** The stored numbers are minus the usual rotation vector. Both ways of getting it wrong, a flipped
# > sign and columns instead of rows, are the same mistake, and no error message will ever tell you.
#
# ## Back from matrix to vector
#
# Rotations that come from elsewhere, such as a file of another format, are often matrices. How do we get the vector
# back? Two things can be read off Rodrigues' formula. The diagonals of $I$, $K$ and $K^2$ sum to 3, 0 and -2, so that
# of $R$ sums to $1 + 2\cos\theta$. And $R - R^\top$ keeps only the middle term, as $K$ alone changes its sign when
# transposed: its three numbers are $2\sin\theta$ times the axis. So divide by $2\sin\theta$.


# %%
def back_by_sine(R):
    cosine = (np.trace(R, axis1=-2, axis2=-1) - 1) / 2
    theta = np.arccos(np.clip(cosine, -1, 1))[..., None]
    twist = np.stack([R[..., i, j] - R[..., j, i] for i, j in ((2, 1), (0, 2), (1, 0))], axis=-1)
    return theta * twist / (2 * np.sin(theta))


assert np.allclose(back_by_sine(R), rotvec)

# %% [markdown]
# **The second place that breaks: half a turn.** At 180 degrees the sine is 0, so $R$ equals its transpose and all
# three numbers vanish. Here is half a turn about z, and an axis askew:

# %%
print("half a turn about z comes back as", back_by_sine(np.diag([-1.0, -1, 1])))

askew = np.array([1, 2, 3]) / np.sqrt(14)
with np.errstate(invalid="ignore"):
    print("half a turn about", askew.round(2), "comes back as", back_by_sine(expmap_to_rotmat(np.pi * askew)))

# %% [markdown]
# A person upside down came back upright, and nobody complained; the other came back turned about a wrong axis. (The
# rounding of your machine may give nan instead.) And *near* half a turn? We turn by almost 180 degrees, go to the
# matrix and back, and measure the angle between what we had and what we got. Networks compute in `float32`, with seven
# digits, so we do it in that as well. Beside our way back we set that of `cs2s`, which goes through a *quaternion*; the
# next section says what that is.

# %%
from cs2s.motion import rotmat_to_expmap

short = np.logspace(1.5, -9, 22)  # degrees
near = expmap_to_rotmat(np.radians(180 - short)[:, None] * askew)


def error_of(back, dtype):
    """Return by how many degrees a way back is wrong for each of the rotations `near`."""
    # What we got is undone after what we had: the turn that remains is the error.
    returned = expmap_to_rotmat(back(near.astype(dtype)).astype(np.float64))
    return np.degrees(np.linalg.norm(rotmat_to_expmap(near @ np.swapaxes(returned, -1, -2)), axis=-1))


# %%
from cs2s.workbook.figures.exponential_maps import plot_half_turn_error

with np.errstate(divide="ignore", invalid="ignore"):
    errors = {
        "divided by the sine, float32": error_of(back_by_sine, np.float32),
        "divided by the sine, float64": error_of(back_by_sine, np.float64),
        "cs2s: by the quaternion, float32": error_of(rotmat_to_expmap, np.float32),
    }
show(
    plot_half_turn_error(short, errors),
    alt="Errors against the distance to a half turn: two curves rise to 100 degrees, the quaternion's stays flat.",
    caption="To the right, the turn comes closer to 180 degrees. Divided by the sine, the rotation is lost, in "
    "float64 only later; through the quaternion the error stays at the last digit.",
)

# %%
at = np.argmin(np.abs(short - 0.1))
lost = errors["divided by the sine, float32"][at]
kept = errors["cs2s: by the quaternion, float32"].max()
print(f"{short[at]:.2f} degrees short of half a turn, float32: wrong by {lost:.1f} degrees")
print(f"by the quaternion, wherever: at most {kept:.6f} degrees")
assert lost > 0.5 and kept < 1e-3

# %% [markdown]
# > **Our finding.** The paper's published code goes back by dividing by the same vanishing numbers. For a rotation by
# > half a turn it gives no numbers at all: it notices that its axis is no unit vector any more and means to raise an
# > error, which in Python 3 is a `TypeError` of its own. About the axis (1, 2, 3) that happens from 179.999 degrees on.
# > Our tests keep a hole (three nan) where it has no result, beside the right one.
#
# ## Quaternions, in one picture
#
# The way that works takes a detour over four numbers, a *quaternion* $(w, x, y, z)$: $w = \cos\frac\theta2$, and
# $(x, y, z)$ is the axis times $\sin\frac\theta2$. Note the half angle.

# %%
from cs2s.workbook.figures.exponential_maps import plot_double_cover

show(
    plot_double_cover(),
    alt="A cosine and a sine of half the angle from 0 to 720 degrees; the dots at 90 and at 450 have opposite signs.",
    caption="A turn about x. At 90 and at 450 degrees the arm is at the same place, but w and x, both 0.71 at first, "
    "are then both -0.71: q and -q are one rotation.",
)

# %% [markdown]
# From the matrix one can read, without dividing, the products of any two of the four numbers. Their squares sum to 1,
# so the largest number is at least 0.5 in size. Take its products with all four, and divide by it: that is never a
# division by something small. `rotmat_to_quat` does so, and chooses the sign with $w \ge 0$.

# %%
from cs2s.motion import quat_to_expmap, rotmat_to_quat

quat = rotmat_to_quat(expmap_to_rotmat(np.pi * askew))
print("half a turn:", quat.round(3) + 0.0)
assert np.isclose(np.sum(quat**2), 1)
assert np.allclose(quat_to_expmap(quat), np.pi * askew)
assert np.allclose(quat_to_expmap(-rotmat_to_quat(R)), rotvec)

# %% [markdown]
# ## Two vectors for one rotation
#
# **The third place that breaks: a full turn.** Turn by 190 degrees to one side, or by 170 to the other: the same pose.
# So the vectors 190 and -170 mean one rotation. Their mean, though, is a vector of 10 degrees, a very different pose.

# %%
one, other = np.radians([0, 0, 190]), np.radians([0, 0, -170])
assert np.allclose(expmap_to_rotmat(one), expmap_to_rotmat(other))
print("their mean, degrees:", np.degrees((one + other) / 2).round(6))

# %% [markdown]
# A network that is trained on squared errors, and cannot know which of the two will come, answers with that mean.
# `wrap_angle` takes the length modulo $2\pi$ and keeps the direction, as the paper's loader does for Human3.6M. That
# removes whole turns, but 190 and -170 stay what they are. `rotmat_to_expmap` always gives the shorter of the two.

# %%
from cs2s.motion import wrap_angle

print("wrapped:", np.degrees(wrap_angle(np.radians([0, 0, 370]))).round(6))
assert np.allclose(wrap_angle(one), one) and np.allclose(wrap_angle(other), other)
assert np.allclose(rotmat_to_expmap(expmap_to_rotmat(one)), other)
longest = np.degrees(np.linalg.norm(walk.expmaps, axis=-1).max())
print(f"the longest vector in the walk: {longest:.0f} degrees, far from any trouble")
assert longest < 150

# %% [markdown]
# ## Euler angles, and gimbal lock
#
# *Euler angles* are one more way: turn about x by $E_1$, then about y by $E_2$, then about z by $E_3$.
#
# > **The paper.** It measures its errors in Euler angles, as papers before it did. They are read off the matrix (for
# > rows): $E_2 = -\arcsin R_{02}$, and with $c = \cos E_2$, $E_1 = \operatorname{atan2}(R_{12}/c,\; R_{22}/c)$,
# > $E_3 = \operatorname{atan2}(R_{01}/c,\; R_{00}/c)$.
#
# Indices count from 0; $\operatorname{atan2}(b, a)$ is the direction of the point $(a, b)$. There is a division by $c$,
# so you know where to look for **the fourth place that breaks**: at $E_2 = \pm 90$ degrees.

# %%
from cs2s.motion import rotmat_to_euler

R_row = expmap_to_rotmat(stored)
E2 = -np.arcsin(R_row[0, 2])
c = np.cos(E2)
E1 = np.arctan2(R_row[1, 2] / c, R_row[2, 2] / c)
E3 = np.arctan2(R_row[0, 1] / c, R_row[0, 0] / c)
print("our turn in Euler angles, degrees:", np.degrees([E1, E2, E3]).round(1))
assert np.allclose([E1, E2, E3], rotmat_to_euler(R_row))
assert np.allclose(Rotation.from_euler("xyz", [E1, E2, E3]).as_matrix(), R)

# %% [markdown]
# Stretch your right arm and raise it evenly, from below to above: at your side, in front of you, or between the two.
# From each frame to the next it turns by exactly 3 degrees. At rest the arm points to the right. $E_2$ turns it about
# the upright axis, and at 90 degrees it points straight ahead. The slider `second` is the largest $E_2$ on the way:
# move it towards 90, and the hand passes ever closer to straight ahead.

# %%
from cs2s.workbook.figures.exponential_maps import plot_gimbal_lock

slider_picture(plot_gimbal_lock, second=widgets.IntSlider(60, 0, 90, 5))

# %%
show(
    plot_gimbal_lock(85),
    alt="Three Euler angles over time, two of which fall steeply; below, the true step stays 3 degrees throughout.",
    caption="The arm moves evenly (solid line below: 3 degrees a frame), and passes 5 degrees beside straight ahead. "
    "There, E1 and E3 rush through most of 180 degrees (dashed line below).",
)

# %% [markdown]
# Why? $E_1$ comes first, and rolls the arm about its own length. $E_3$ comes last, and turns about z. If by then the
# arm points along z, that rolls it about its own length, too. Two of the three angles do one job: this is *gimbal
# lock*. Nothing is wrong with the arm; the three numbers are a bad map of that place, as longitude is at the North
# Pole.
#
# Call the length of the change of $(E_1, E_2, E_3)$ the *Euler step*.

# %%
from cs2s.workbook.figures.exponential_maps import arm_raise, steps_in_degrees

for second in (0, 60, 85, 90):
    true, euler = steps_in_degrees(arm_raise(second))
    print(f"E2 up to {second:2d}: true step {true.max():.1f} degrees, Euler step up to {euler.max():5.1f}")
assert np.allclose(true, 3) and euler.max() > 250

# %% [markdown]
# In the last row $E_1$ and $E_3$ both jump by 180 degrees, and $180\sqrt2$ is 255.
#
# Does it matter for people, who seldom aim at a pole? In all rows of all test takes, hips left out, we look at the
# steps that truly are smaller than 5 degrees, and among them for the largest change of the Euler angles.

# %%
found = []
for take, motion in dataset.split("test").items():
    take_rotmats = expmap_to_rotmat(motion[1:].expmaps.astype(np.float64))
    for joint in range(1, joints):
        true, euler = steps_in_degrees(take_rotmats[:, joint])
        at = np.argmax(np.where(true < 5, euler, 0))
        found.append((euler[at], true[at], take.action, walk.skeleton.joints[joint]))
euler_step, true_step, action, joint = max(found)
print(f"{action}, {joint}: truly {true_step:.1f} degrees, in Euler angles {euler_step:.0f}")

# %%
if dataset.description.name == "cmu":
    assert (action, joint) == ("jumping", "RThumb") and true_step < 1 and 490 < euler_step < 492
else:
    assert (action, joint) == ("squatting", "RightArm") and true_step < 3.3 and 59 < euler_step < 60

# %% [markdown]
# > **Our finding.** On the demo data, an arm that turns by 3.2 degrees changes its Euler angles by 60. On the CMU
# > recordings it is a thumb in a jump: 0.9 degrees, and 491 in Euler angles, because near the lock two angles also pass
# > from -180 to 180. (That thumb flickers: it flips by nearly 180 degrees in single frames, which no thumb does.)
# > Errors measured in Euler angles can be large where a pose looks right.
#
# ## A chain of bones
#
# Rotations alone are no picture. *Forward kinematics* finds out where the joints are. Take an arm of two bones: the
# elbow turns the forearm, and the shoulder turns everything after it, the already bent elbow included.

# %%
from cs2s.workbook.figures.exponential_maps import plot_two_bones

show(
    plot_two_bones(30, 45),
    alt="An arm of two bones at rest, with the elbow bent, and with the shoulder turned as well.",
    caption="The elbow bends by 45 degrees, then the shoulder lifts the whole arm by 30. The forearm ends up at 75.",
)

# %% [markdown]
# With rows, as in the files: the forearm $f$ is first turned by the elbow, then by the shoulder, $f R_e R_s$, and put
# at the end of the turned upper arm $u R_s$. An *offset* is a bone at rest, from the parent joint to this one; so that
# of the elbow, `LeftForeArm`, is the upper arm.

# %%
bones = dict(zip(walk.skeleton.joints, walk.skeleton.offsets, strict=True))
upper, fore = bones["LeftForeArm"], bones["LeftHand"]
# Minus, as in the files.
R_shoulder, R_elbow = (expmap_to_rotmat(-np.radians([0, 0, degrees])) for degrees in (30, 45))
hand = upper @ R_shoulder + fore @ R_elbow @ R_shoulder
print("the hand, seen from the shoulder:", hand.round(1), "mm")

# %% [markdown]
# In this flat case school geometry knows the answer, too:

# %%
lengths, directions = np.array([upper[0], fore[0]]), np.radians([30, 75])
assert np.allclose(hand[:2], [lengths @ np.cos(directions), lengths @ np.sin(directions)])

# %% [markdown]
# For a whole person, go through the joints, parents first. Each has a *global* rotation, its own times its parent's,
# and a place: its parent's, plus the offset turned by the parent. Six lines do it.


# %%
def place(rotmats, skeleton, root):
    turned, placed = [], []
    for joint, parent in enumerate(skeleton.parents):
        own, offset = rotmats[:, joint], skeleton.offsets[joint]
        turned.append(own if parent < 0 else own @ turned[parent])
        placed.append(offset + root if parent < 0 else offset @ turned[parent] + placed[parent])
    return np.stack(placed, axis=1)


# %%
rotmats = expmap_to_rotmat(walk.expmaps.astype(np.float64))
root = walk.translation.astype(np.float64) * walk.skeleton.unit_mm
positions = place(rotmats, walk.skeleton, root)
assert np.allclose(positions, walk.skeleton.forward_kinematics(walk.expmaps, walk.translation))
assert np.allclose(positions, walk.positions())
print("frames, joints, coordinates:", positions.shape)

# %% [markdown]
# A network that predicts points can stretch a leg. One that predicts rotations cannot: whatever the 38 rotations are,
# every bone keeps its length.

# %%
parents = np.array(walk.skeleton.parents)
bone_lengths = np.linalg.norm(positions[:, 1:] - positions[:, parents[1:]], axis=-1)
print(f"the largest change of any bone in {frames} frames: {np.ptp(bone_lengths, axis=0).max():.0e} mm")
assert np.ptp(bone_lengths, axis=0).max() < 1e-9

# %% [markdown]
# **Millimetres.** One unit of the CMU files is an inch divided by 0.45: 25.4 / 0.45 = 56.44 mm. The original code
# multiplies by 70 and calls the result millimetres. How tall is our person, from the lowest joint to the highest?

# %%
height = np.ptp(positions[..., 1], axis=1).mean()
thigh = np.linalg.norm(bones["LeftLeg"])
for unit in (25.4 / 0.45, 70):
    scale = unit / walk.skeleton.unit_mm
    print(f"unit {unit:.2f} mm: height {height * scale:.0f} mm, thigh {thigh * scale:.0f} mm")
assert np.isclose(walk.skeleton.unit_mm, 56.44, atol=0.005)

# %% [markdown]
# > **Our finding.** With 70, every length is 24 % too large. The height then looks like a usual one, but for a wrong
# > reason. The benchmark's skeleton lacks the bone of the thorax, about
# > 11.7 cm, which the conversion of the recordings to BVH (a file format) dropped. So our figures have a short upper
# > trunk. We leave it so, because it is the benchmark's, and say so.
#
# ## Small errors near the root
#
# One thing is left to see. We turn one joint of the left leg at a time by 5 degrees about x, in every frame, and
# measure how far the tip of the toes moves.

# %%
leg = ["Hips", "LeftUpLeg", "LeftLeg", "LeftFoot", "LeftToeBase"]
toes, error = walk.skeleton.joints.index("LeftToeBaseEnd"), expmap_to_rotmat(np.radians([5, 0, 0]))
shifts = {}
for name in leg:
    spoilt = rotmats.copy()
    spoilt[:, walk.skeleton.joints.index(name)] @= error
    moved = place(spoilt, walk.skeleton, root)[:, toes] - positions[:, toes]
    shifts[name] = np.linalg.norm(moved, axis=-1).mean()

# %%
from cs2s.workbook.figures.exponential_maps import plot_shifts

show(
    plot_shifts(shifts, 5),
    alt="Five bars, from the hips to the toes, each shorter than the one above it.",
    caption="One and the same error of 5 degrees, averaged over the walk: the nearer to the root, the further the toes "
    "are off.",
)

# %%
ratio = shifts["LeftUpLeg"] / shifts["LeftToeBase"]
print(f"at the hip joint {shifts['LeftUpLeg']:.0f} mm, at the toes {shifts['LeftToeBase']:.0f} mm: {ratio:.0f} times")
assert list(shifts.values()) == sorted(shifts.values(), reverse=True) and ratio > 8

# %% [markdown]
# The paper's error counts an angle at the toes as much as one at the hip. Keep that in mind when you read its tables.
#
# ## What you found
#
# - A rotation vector is axis times angle. (-60, 45, 90) degrees is one turn of 117.2 degrees; 10000 small steps
#   come within 0.0002 of Rodrigues' formula, which has 3 terms.
# - Zero, half and full turns break naive formulas. Divided by the sine, a turn 0.1 degrees short of 180 comes back
#   wrong by more than a degree in `float32`; by the quaternion it is right to 0.0001 degrees.
# - The files store minus the usual vector. With the flipped sign, the knees of the demo walker are 79 mm *behind* the
#   line from hip to ankle instead of 79 mm in front.
# - In gimbal lock, a step of 3 degrees looks like one of 255 in Euler angles.
# - One unit is 56.44 mm, not 70, and 5 degrees at the hip move the toes 14 times as far as 5 degrees at the toes.
#
# ## Exercises
#
# Put your answer in the place of the three dots and run the cell.
#
# ### Exercise 1: a quarter turn
#
# A quarter turn takes an arm that points along x to where it points along y. Which usual rotation vector is it (three
# numbers, radians)?
#
# <details><summary>Hint</summary>x and y both move, so the axis is the third one. The right hand tells the sign; a
# quarter of $2\pi$ is the length.</details>

# %% tags=["exercise"]
from cs2s.workbook.checks import exponential_maps as check

vector = ...
check.quarter_turn(vector)

# %% [markdown]
# ### Exercise 2: turn back
#
# Write a function that takes rotation matrices of the shape `(..., 3, 3)`, one or a whole batch, and returns those
# that turn back.
#
# <details><summary>Hint</summary>We asserted above what `R.T @ R` is. For a batch, `.T` reverses all the axes; look for
# a function that swaps two of them.</details>


# %% tags=["exercise"]
def undo(rotmat):
    return ...


check.undo(undo)

# %% [markdown]
# ### Exercise 3: how far apart?
#
# Two rotation matrices `(3, 3)` are given. By how many degrees must one turn to come from the first to the second? (It
# is called the *geodesic* distance, and free of gimbal lock.)
#
# <details><summary>Hint</summary>Undo one, do the other: the result is a rotation. Its angle is the length of its
# rotation vector.</details>


# %% tags=["exercise"]
def angle_between(first, second):
    return ...


check.angle_between(angle_between)

# %% [markdown]
# ### Exercise 4: Rodrigues without a matrix
#
# Turn one point by a usual rotation vector, both of the shape `(3,)`. Because $K^2 v = k\,(k \cdot v) - v$, the formula
# is also $v\cos\theta + (k \times v)\sin\theta + k\,(k \cdot v)(1-\cos\theta)$. It must survive the vector $(0, 0, 0)$.
#
# <details><summary>Hint</summary>`np.cross` and `@` are the two products. If the angle is 0, return the point as it
# is, before you divide.</details>


# %% tags=["exercise"]
def turn(vector, point):
    return ...


check.turn(turn)

# %% [markdown]
# ### Exercise 5: where is the hand?
#
# An arm of two bones once more, in three dimensions. `shoulder` and `elbow` are maps *as the files store them*, `upper`
# and `fore` the bones at rest, all of the shape `(3,)`. Where is the hand, seen from the shoulder?
#
# <details><summary>Hint</summary>Rows: bone @ matrix. What turns the forearm first stands next to it.
# `expmap_to_rotmat` takes stored maps as they are.</details>


# %% tags=["exercise"]
def hand_of(shoulder, elbow, upper, fore):
    return ...


check.hand(hand_of)

# %% [markdown]
# ## Further reading
#
# - Grassia: *Practical parameterization of rotations using the exponential map*, Journal of Graphics Tools 3(3), 1998.
#   What exponential maps are good for in animation, and where they fail.
# - Huynh: *Metrics for 3D rotations: comparison and analysis*, Journal of Mathematical Imaging and Vision 35, 2009. Six
#   ways to say how far apart two rotations are.
# - Zhou, Barnes, Lu, Yang, Li: *On the continuity of rotation representations in neural networks*, CVPR 2019,
#   [arXiv:1812.07035](https://arxiv.org/abs/1812.07035). Why three or four numbers always jump somewhere; six need not.
#
# ## Next
#
# You can read all 117 numbers now, and draw them. [03 The generator](03_generator.ipynb) builds the network that
# continues them.
#
# ## Solutions
#
# ### Solution 1: the quarter turn

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.quarter_turn([0, 0, np.pi / 2])

# %% [markdown]
# ### Solution 2: the transpose


# %% tags=["solution"] jupyter={"source_hidden": true}
def undo(rotmat):
    return np.swapaxes(rotmat, -1, -2)


assert check.undo(undo)

# %% [markdown]
# ### Solution 3: the geodesic distance


# %% tags=["solution"] jupyter={"source_hidden": true}
def angle_between(first, second):
    return np.degrees(np.linalg.norm(rotmat_to_expmap(first @ second.T)))


assert check.angle_between(angle_between)

# %% [markdown]
# ### Solution 4: one turned point


# %% tags=["solution"] jupyter={"source_hidden": true}
def turn(vector, point):
    theta = np.linalg.norm(vector)
    if theta == 0:
        return point
    k = vector / theta
    return point * np.cos(theta) + np.cross(k, point) * np.sin(theta) + k * (k @ point) * (1 - np.cos(theta))


assert check.turn(turn)

# %% [markdown]
# ### Solution 5: the hand in space


# %% tags=["solution"] jupyter={"source_hidden": true}
def hand_of(shoulder, elbow, upper, fore):
    first, second = expmap_to_rotmat(shoulder), expmap_to_rotmat(elbow)
    return upper @ first + fore @ second @ first


assert check.hand(hand_of)
