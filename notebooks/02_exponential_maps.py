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
# **What you'll do.** Turn an arm by hand, then all 38 joints of a walking person, and find the four places where
# numbers for rotations break.
#
# **What you'll learn**
# - what the three numbers of a joint mean, and Rodrigues' formula, which turns a bone by them,
# - why the sign in the files is the other way round, and how a wrong sign looks,
# - where formulas fail: no turn, half a turn, a full turn, and gimbal lock,
# - forward kinematics: from the rotations of all joints to points in space.
#
# **What you need.** NumPy; matrix products, the transpose, the determinant, the cross product. Chapter [01](01_motion_data.ipynb) tells where the numbers come from.
#
# **Time.** Half a minute to run on a laptop CPU, the same on a GPU (none is used). An estimate: 23 minutes to read, 37 for
# the first five exercises; the last is an extra.

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
# ## One arm, one turn
#
# Hold your left arm out to the left, thumb forward. Now turn it about the shoulder, any way you like. However odd the
# path was, a single turn about one fixed line, the *axis*, leads from the old pose to the new one (Euler, 1775). So two
# things say everything: the direction of the axis, and the *angle*.
#
# A **rotation vector** $r$ packs both into three numbers. It points along the axis, and its length is the angle. Which
# way round? Let the thumb of your right hand point along the vector; your curled fingers show the way of turning. As in
# the data, x goes to the person's left, y up, z forward.
#
# Drag the hand, or move the sliders. The other numbers are other names of the same turn; this chapter explains them.

# %%
from cs2s.pictures import arm_panel
from cs2s.workbook import show
from cs2s.workbook.figures.exponential_maps import plot_rotation_vector

show(
    arm_panel((-60, 45, 90)),
    alt="A person whose left arm can be turned by dragging or by sliders; beside it numbers, gimbal rings, and a ball.",
    caption="One turn by 117 degrees. The fingertip moves on a circle around the axis; the arm's own axes turn with it.",
    height=620,
    still=plot_rotation_vector(-60, 45, 90),
)

# %% [markdown]
# *Predict* how long the vector (90, 90, 0) is, then type it. (The axis leans over, and the angle is the length: 127.)
# Files and formulas use radians: 180 degrees are $\pi$.

# %%
import numpy as np

rotvec = np.radians([-60, 45, 90])
angle = np.linalg.norm(rotvec)
axis = rotvec / angle
print(f"angle {angle:.3f} radians = {np.degrees(angle):.1f} degrees, axis {axis.round(2)}")

# %% [markdown]
# ### Exercise 1: x to y, y to z, z to x
#
# One turn takes x to where y was, y to where z was, and z to where x was. Say first which line stays where it is, and
# after how many such turns all is as before. Write the rotation vector (three numbers, radians), and try it in the
# panel, in degrees, before you ask the check.
#
# <details><summary>Hint</summary>The line that stays treats x, y and z alike.</details>
# <details><summary>Second hint</summary>After three turns all is as before, so one is a third of a full turn. The axis
# is (1, 1, 1) divided by its length.</details>

# %% tags=["exercise"]
from cs2s.workbook.checks import exponential_maps as check

vector = ...
check.cycle(vector)

# %% [markdown]
# ## Rodrigues' formula
#
# Where does the fingertip $v$ go? Look along the axis: it moves on a circle.

# %%
from cs2s.workbook.figures.exponential_maps import plot_rodrigues_circle

show(
    plot_rodrigues_circle(),
    alt="A circle seen along the axis: from v up along the tangent, then across towards the centre's side, to R v.",
    caption="Two steps lead from v to Rv: along the circle's tangent by sin θ of a radius, then towards the centre's side "
    "by 1 - cos θ of a radius.",
)

# %% [markdown]
# The *cross product* of the axis $k$ (of length 1) and $v$ is the tangent, as long as the radius. It is linear in $v$, so
# it is a matrix times $v$, the *skew matrix* $K$. And $KKv$, the tangent of the tangent, points to the centre. With the
# steps of the picture, for any $v$:
#
# $$R = I + \sin\theta\, K + (1 - \cos\theta)\, K^2$$
#
# That is Rodrigues' formula (1840). $R$ is the *rotation matrix*: $Rv$ is the turned $v$.


# %%
def skew(k):
    x, y, z = k
    return np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])


def rodrigues(r):
    theta = np.linalg.norm(r)
    K = skew(r / theta)
    return np.eye(3) + np.sin(theta) * K + (1 - np.cos(theta)) * K @ K


# %%
from scipy.spatial.transform import Rotation

R = rodrigues(rotvec)
print(R.round(2))
assert np.allclose(R, Rotation.from_rotvec(rotvec).as_matrix())
assert np.allclose(R.T @ R, np.eye(3)) and np.isclose(np.linalg.det(R), 1)

# %% [markdown]
# Its columns are where the three axes go, x', y', z' of the panel. They stand at right angles, so the transpose is the way
# back. (The way from $r$ to $R$ is the **exponential map**. In this field the vector itself is called so, too; we say
# rotation vector.)

# %% [markdown]
# **The first place that breaks: no turn at all.** Then the axis is 0 divided by 0, and a joint that never moves holds
# three zeros in every frame. The cure is to leave the vector undivided: with $S = \theta K$ the factors are
# $\sin\theta/\theta$ and $(1-\cos\theta)/\theta^2$, which tend to $1$ and $\frac12$. So does `cs2s`.

# %%
from cs2s.motion import expmap_to_rotmat

with np.errstate(invalid="ignore"):
    print(rodrigues(np.zeros(3)))
assert np.array_equal(expmap_to_rotmat(np.zeros(3)), np.eye(3))
assert np.allclose(expmap_to_rotmat(rotvec), R)

# %% [markdown]
# Two turns, one after the other, are a product of matrices: the first stands on the right, next to the point. *Predict*
# where the arm points after 90 degrees about x, then 90 about z; and the other way round; and by the sum of the vectors.

# %%
about_x, about_z = np.radians([90, 0, 0]), np.radians([0, 0, 90])
x_first = expmap_to_rotmat(about_z) @ expmap_to_rotmat(about_x)
z_first = expmap_to_rotmat(about_x) @ expmap_to_rotmat(about_z)
for name, matrix in (("x first", x_first), ("z first", z_first), ("sum", expmap_to_rotmat(about_x + about_z))):
    print(f"{name}: the arm, once pointing along x, points to {(matrix @ [1, 0, 0]).round(2) + 0.0}")

# %% [markdown]
# ### Exercise 2: turn a point without a matrix
#
# Turn one point by a rotation vector, both of the shape `(3,)`, with the circle and without any matrix. Its centre lies
# on the axis, but not at 0: where? Say first where half a turn about z takes the point (1, 2, 3). Two lines are missing.
#
# <details><summary>Hint</summary>The centre is the part of the point along the axis, `k * (k @ point)`. From there to the
# point is the radius. Which product of k and the point is the tangent?</details>
# <details><summary>Second hint</summary>Centre + cosine times radius + sine times `np.cross(k, point)`.</details>


# %% tags=["exercise"]
def turn(vector, point):
    theta = np.linalg.norm(vector)
    if theta == 0:
        return point
    k = vector / theta
    centre = ...
    return ...


check.turn(turn)

# %% [markdown]
# ## The sign in the files
#
# The authors of the files write a point as a row and multiply from the left, $vR$. That is $R^\top v$ with a column, and
# the transpose turns back. So they store **minus** the rotation vector: two reversals make one right turn.
#
# | | here: columns | in files: rows |
# |---|---|---|
# | vector | $r$ | $-r$, the *stored* one |
# | a turned point | $R v$ | $v R$ |
# | first A, then B | $B A$ | $A B$ |
#
# That is the one convention of this workbook: **here columns, in files rows; minus swaps them.** In the panel, "in
# files" swaps the numbers while the arm stays; the orange arm is what you get without the minus.

# %%
tip = np.array([531.0, 0, 0])
stored = -rotvec
assert np.allclose(tip @ expmap_to_rotmat(stored), expmap_to_rotmat(rotvec) @ tip)

# %% [markdown]
# Now a person who walks (without the first frame, which is no motion in the CMU files). We flip the sign of every joint
# but the hips. *Predict:* which joint will look most wrong?

# %%
from dataclasses import replace

from cs2s.datasets import TakeId, halved

walk = halved(dataset.motions[TakeId("test", "", "walking", 1)])[1:]
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
# A bent human knee is in front of the line from hip to ankle. How far, on average over all frames and both legs?

# %%
from cs2s.workbook import knees_ahead

gaps, flipped_gaps = knees_ahead(walk), knees_ahead(flipped)
print(f"as stored: {gaps.mean():+.0f} mm, in front in {(gaps > 0).mean():.1%} of all frames")
print(f"flipped:   {flipped_gaps.mean():+.0f} mm, in front in {(flipped_gaps > 0).mean():.1%}")
assert gaps.mean() > 50 and flipped_gaps.mean() < -50

# %% [markdown]
# > **Our finding.** The stored numbers are minus the usual rotation vector. A flipped sign and columns instead of rows
# > are the same mistake, and no error message will ever tell you.
#
# ## Back from matrix to vector
#
# Rotations from elsewhere are often matrices. Two things can be read off Rodrigues' formula. The diagonals of $I$, $K$
# and $K^2$ sum to 3, 0 and -2, so that of $R$ sums to $1 + 2\cos\theta$. And $R - R^\top$ keeps only the middle term: its
# three numbers are $2\sin\theta$ times the axis. So divide by $2\sin\theta$.


# %%
def back_by_sine(R):
    cosine = (np.trace(R, axis1=-2, axis2=-1) - 1) / 2
    theta = np.arccos(np.clip(cosine, -1, 1))[..., None]
    twist = np.stack([R[..., i, j] - R[..., j, i] for i, j in ((2, 1), (0, 2), (1, 0))], axis=-1)
    return theta * twist / (2 * np.sin(theta))


assert np.allclose(back_by_sine(R), rotvec)
print("half a turn about z comes back as", back_by_sine(np.diag([-1.0, -1, 1])))

# %% [markdown]
# **The second place that breaks: half a turn.** A person upside down came back upright, and nobody complained: the sine
# is 0, and so is what it divides. And *near* half a turn? We go to the matrix and back, and measure the angle between
# what we had and what we got; also in `float32`, as networks compute. Beside it stands the way of `cs2s`, by four other
# numbers, a *quaternion*, which the next section explains.

# %%
from cs2s.motion import rotmat_to_expmap
from cs2s.workbook import half_turn_errors
from cs2s.workbook.figures.exponential_maps import plot_half_turn_error

short = np.logspace(1.5, -9, 22)  # degrees
askew = np.array([1, 2, 3]) / np.sqrt(14)
errors = {
    "divided by the sine, float32": half_turn_errors(back_by_sine, short, askew, np.float32),
    "divided by the sine, float64": half_turn_errors(back_by_sine, short, askew),
    "cs2s: by the quaternion, float32": half_turn_errors(rotmat_to_expmap, short, askew, np.float32),
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
# > **Our finding.** The published code of the paper divides by the same vanishing numbers. For half a turn it gives no
# > numbers at all but stops with a `TypeError`.
#
# What is left where the sine is 0? As $K^2 v = k\,(k \cdot v) - v$, the formula without its middle term is
# $\frac12(R + R^\top) = \cos\theta\, I + (1 - \cos\theta)\, k k^\top$. In $k k^\top$ stand the products of any two numbers of
# the axis, and nothing is divided by a sine.


# %%
def read_off(R):
    """Return 2 sine times the axis, the angle, and (1 - cosine) times the products of any two numbers of the axis."""
    twist = np.array([R[2, 1] - R[1, 2], R[0, 2] - R[2, 0], R[1, 0] - R[0, 1]])
    cosine = (np.trace(R) - 1) / 2
    theta = np.arctan2(np.linalg.norm(twist) / 2, cosine)
    return twist, theta, (R + R.T) / 2 - cosine * np.eye(3)


twist, theta, products = read_off(expmap_to_rotmat(np.pi * askew))
assert np.allclose([*twist, theta], [0, 0, 0, np.pi]) and np.allclose(products, 2 * np.outer(askew, askew))

# %% [markdown]
# ### Exercise 3: survive half a turn
#
# Finish a way back for one matrix `(3, 3)` that is right for every turn: half ones, those beside them, and none. The
# shortest vector is wanted, without `rotmat_to_expmap`. Up to an angle of 2 no division fails (`np.sinc(x)` is
# $\sin \pi x / \pi x$, and 1 at 0). From there on you need the products. Say first: which column of `products` can never be
# zero? (At exactly half a turn, $r$ and $-r$ are both right.)
#
# <details><summary>Hint</summary>Each column of `products` is k times one of its own numbers, and something positive.
# The largest number on the diagonal belongs to a column that is never zero.</details>
# <details><summary>Second hint</summary>Take that column and divide it by its length: it is k or -k. The right one of the
# two has a positive product with `twist`. Times theta, it is the answer.</details>


# %% tags=["exercise"]
def back(R):
    twist, theta, products = read_off(R)
    if theta < 2:
        return twist / 2 / np.sinc(theta / np.pi)
    return ...


check.survive(back)

# %% [markdown]
# ## Quaternions: half the angle
#
# The other way back takes a detour over four numbers, a *quaternion* $(w, x, y, z)$: $w = \cos\frac\theta2$, and
# $(x, y, z)$ is the axis times $\sin\frac\theta2$. Note the half angle.

# %%
from cs2s.workbook.figures.exponential_maps import plot_half_angle

show(
    plot_half_angle(),
    alt="Two circles. On the left the arm at 90 and at 450 degrees is in one place; on the right they are opposite.",
    caption="The arm at 450 degrees is where it was at 90. Its quaternion has gone only half as far round and is now "
    "opposite: q and -q are one rotation.",
)

# %% [markdown]
# From the matrix one reads, without dividing, the products of any two of the four. Their squares sum to 1, so the largest
# is at least 0.5 in size: divide its products with all four by it.

# %%
from cs2s.motion import quat_to_expmap, rotmat_to_quat

quat = rotmat_to_quat(expmap_to_rotmat(np.pi * askew))
print("half a turn:", quat.round(3) + 0.0)
assert np.allclose(quat_to_expmap(quat), np.pi * askew)

# %% [markdown]
# ## Two vectors for one rotation
#
# **The third place that breaks: a full turn.** Turn by 190 degrees to one side, or by 170 to the other: the same pose.
# In the panel, go to "190° about z" and look at the ball of all vectors no longer than $\pi$. It holds every rotation
# once, but for its surface: opposite points are one half turn. *Predict* where the mean of 190 and -170 lies.

# %%
one, other = np.radians([0, 0, 190]), np.radians([0, 0, -170])
assert np.allclose(expmap_to_rotmat(one), expmap_to_rotmat(other))
print("their mean, degrees:", np.degrees((one + other) / 2).round(6))
assert np.allclose(rotmat_to_expmap(expmap_to_rotmat(one)), other)

# %%
longest = np.degrees(np.linalg.norm(walk.expmaps, axis=-1).max())
print(f"the longest vector in the walk: {longest:.0f} degrees, far from any trouble")
assert longest < 150

# %% [markdown]
# A network that is trained on squared errors, and cannot know which of the two will come, answers with that mean.
#
# ### Exercise 4: the average of 190 and -170
#
# Write a function that averages two rotations: it takes two rotation vectors `(3,)` in radians, about any axes, and
# returns a vector of the rotation half way between, by the shorter way. The whole way from the first pose to the second
# is `R_other @ R_one.T`: first back, then on. Say first what must come out for 190 and -170 degrees about z, and for 170
# and -170.
#
# <details><summary>Hint</summary>Average what the rotations do, not what they are called. How far is half of the whole
# way, and from where does it start?</details>
# <details><summary>Second hint</summary>Half of the shortest vector of the whole way is half of the way; do that after
# the first rotation. (Or add two quaternions, one of them with the sign that brings it nearer.)</details>


# %% tags=["exercise"]
def average(one, other):
    return ...


check.average(average)

# %% [markdown]
# ## Euler angles, and gimbal lock
#
# *Euler angles* are one more name: turn about x by $E_1$, then about y by $E_2$, then about z by $E_3$.
#
# > **The paper.** It measures its errors in Euler angles, as papers before it did. They are read off the matrix (for
# > rows): $E_2 = -\arcsin R_{02}$, and with $c = \cos E_2$, $E_1 = \operatorname{atan2}(R_{12}/c,\; R_{22}/c)$,
# > $E_3 = \operatorname{atan2}(R_{01}/c,\; R_{00}/c)$.
#
# ($\operatorname{atan2}(b, a)$ is the direction of the point $(a, b)$.) There is a division by $c$, so you know where to
# look for **the fourth place that breaks**.

# %%
from cs2s.motion import rotmat_to_euler

angles = rotmat_to_euler(expmap_to_rotmat(stored))
print("our turn in Euler angles, degrees:", np.degrees(angles).round(1))
assert np.allclose(Rotation.from_euler("xyz", angles).as_matrix(), R)

# %% [markdown]
# Three rings do the three turns. Move `E2` to -90 and then `E1` and `E3`, by turns.

# %%
from cs2s.workbook.figures.exponential_maps import plot_rings

show(
    arm_panel((-30, -70, 20), mode="euler"),
    alt="The panel again, with sliders for three Euler angles and three rings, each of which holds the next.",
    caption="Each ring turns about the axis by which the next larger one holds it. At E2 = -90 the axes of E1 and E3 are "
    "one line, and both sliders do the same.",
    height=620,
    still=plot_rings(),
)

# %% [markdown]
# $E_1$ rolls the arm about its own length. $E_3$ comes last, and turns about z; if by then the arm points along z, that
# rolls it, too. Two of three angles do one job: this is *gimbal lock*. Nothing is wrong with the arm; the numbers are a
# bad map of that place, as longitude is at the North Pole.
#
# Now raise your *right* arm evenly, from below to above, and pass close by straight ahead. At rest it points the other
# way, so straight ahead is E2 = +90 for it, and we pass at +85. *Predict* what the three angles do meanwhile.

# %%
from cs2s.workbook.figures.exponential_maps import plot_gimbal_lock

show(
    plot_gimbal_lock(85),
    alt="Three Euler angles over time, two of which fall steeply; below, the true step stays 3 degrees throughout.",
    caption="The arm moves evenly (solid line below: 3 degrees a frame), and passes 5 degrees beside straight ahead. "
    "There, E1 and E3 rush through most of 180 degrees (dashed line below).",
)

# %%
from cs2s.workbook import arm_raise, steps_in_degrees

true, euler = steps_in_degrees(arm_raise(90))
print(f"through the lock itself: truly {true.max():.1f} degrees a frame, in Euler angles up to {euler.max():.0f}")
assert np.allclose(true, 3) and euler.max() > 250

# %% [markdown]
# Does it matter for people? Among all steps of all test takes that truly are smaller than 5 degrees, hips left out, we
# look for the largest change of $(E_1, E_2, E_3)$.

# %%
from cs2s.workbook import largest_euler_step

euler_step, true_step, action, joint = largest_euler_step(dataset.split("test"))
print(f"{action}, {joint}: truly {true_step:.1f} degrees, in Euler angles {euler_step:.0f}")
if dataset.description.name == "cmu":
    assert (action, joint) == ("jumping", "RThumb") and true_step < 1 and 490 < euler_step < 492
else:
    assert (action, joint) == ("squatting", "RightArm") and true_step < 3.3 and 59 < euler_step < 60

# %% [markdown]
# > **Our finding.** On the demo data, an arm that turns by 3.2 degrees changes its Euler angles by 60; on the CMU
# > recordings it is a thumb in a jump, 0.9 degrees and 491. Errors measured in Euler angles can be large where a pose
# > looks right.
#
# ### Exercise 5: find the lock
#
# Find a rotation vector (radians) that puts the left arm into gimbal lock, but does not turn about y alone. Say in
# everyday words where the arm points. The panel helps you search; then check.
#
# <details><summary>Hint</summary>In the lock the arm points along z: straight ahead, or back. How it is rolled about
# itself does not matter.</details>
# <details><summary>Second hint</summary>Turn about x first, by anything, then by 90 degrees about y: a product of two
# matrices, and back to a vector. Or think of exercise 1, whose opposite takes x to z.</details>

# %% tags=["exercise"]
vector = ...
check.lock(vector)

# %% [markdown]
# ## A chain of bones
#
# *Forward kinematics* finds out where the joints are. Take an arm of two bones: the elbow turns the forearm, and the
# shoulder turns everything after it, the already bent elbow included.

# %%
from cs2s.workbook.figures.exponential_maps import plot_two_bones

show(
    plot_two_bones(30, 45),
    alt="An arm of two bones at rest, with the elbow bent, and with the shoulder turned as well.",
    caption="The elbow bends by 45 degrees, then the shoulder lifts the whole arm by 30. The forearm ends up at 75.",
)

# %% [markdown]
# For a whole person, go through the joints, parents first, with rows as in the files. Each joint has a *global*
# rotation: its own, then its parent's. Its place is its parent's, plus the *offset* (the bone at rest) turned by the
# parent.


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
assert np.allclose(positions, walk.positions())

# %% [markdown]
# A network that predicts points can stretch a leg; one that predicts rotations cannot.
#
# One thing is left. We turn one joint of the left leg at a time by 5 degrees, in every frame. *Predict:* how many times
# as far do the toes move if it is the thigh's joint, `LeftUpLeg`, instead of the toes' own, `LeftToeBase`?

# %%
from cs2s.workbook import shifts_of
from cs2s.workbook.figures.exponential_maps import plot_shifts

leg = ["Hips", "LeftUpLeg", "LeftLeg", "LeftFoot", "LeftToeBase"]
shifts = shifts_of(walk, leg, "LeftToeBaseEnd", degrees=5)
show(
    plot_shifts(shifts, 5),
    alt="Five bars, from the hips to the toes, each shorter than the one above it.",
    caption="One and the same error of 5 degrees, averaged over the walk: the nearer to the root, the further the toes "
    "are off.",
)
ratio = shifts["LeftUpLeg"] / shifts["LeftToeBase"]
assert list(shifts.values()) == sorted(shifts.values(), reverse=True) and 13.5 < ratio < 15

# %% [markdown]
# The paper's error counts an angle at the toes as much as one at the thigh. Keep that in mind when you read its tables.
#
# ## What you found
#
# - A rotation vector is axis times angle. (-60, 45, 90) degrees is one turn of 117.2 degrees.
# - Divided by the sine, a turn 0.1 degrees short of 180 comes back wrong by more than half a degree in `float32`; by the
#   quaternion it is right to 0.001 degrees.
# - The files store minus the usual vector. With the flipped sign, the knees of the demo walker are 79 mm *behind* the
#   line from hip to ankle instead of 79 mm in front.
# - In gimbal lock, a step of 3 degrees looks like one of 255 in Euler angles.
# - 5 degrees at the thigh's joint move the end of the toes 14 times as far as 5 degrees at the toes.
#
# ## Exercises
#
# Five stand above, beside what they are about. One more, for those with time, needs rows, order and chain together.
#
# ### Exercise 6: where is the hand?
#
# An arm of two bones, in three dimensions. `shoulder` and `elbow` are vectors *as the files store them*, `upper` and
# `fore` the bones at rest, all of the shape `(3,)`. Where is the hand, seen from the shoulder? Say first which of the two
# matrices stands next to `fore`.
#
# <details><summary>Hint</summary>Rows: bone @ matrix. `expmap_to_rotmat` takes stored vectors as they are.</details>
# <details><summary>Second hint</summary>The elbow turns the forearm first, so its matrix stands next to it; then the
# shoulder's. The upper arm knows nothing of the elbow. Add both.</details>


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
# ### Solution 1: a third of a turn

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.cycle(np.ones(3) / np.sqrt(3) * 2 * np.pi / 3)

# %% [markdown]
# ### Solution 2: once round the centre
#
# Half a turn about z takes (1, 2, 3) to (-1, -2, 3).


# %% tags=["solution"] jupyter={"source_hidden": true}
def turn(vector, point):
    theta = np.linalg.norm(vector)
    if theta == 0:
        return point
    k = vector / theta
    centre = k * (k @ point)
    return centre + np.cos(theta) * (point - centre) + np.sin(theta) * np.cross(k, point)


assert check.turn(turn)
assert np.allclose(turn(np.array([0, 0, np.pi]), np.array([1, 2, 3])), [-1, -2, 3])

# %% [markdown]
# ### Solution 3: the column that is never zero


# %% tags=["solution"] jupyter={"source_hidden": true}
def back(R):
    twist, theta, products = read_off(R)
    if theta < 2:
        return twist / 2 / np.sinc(theta / np.pi)
    k = products[:, np.argmax(np.diag(products))]
    k = k / np.linalg.norm(k)
    return theta * (k if k @ twist >= 0 else -k)


assert check.survive(back)

# %% [markdown]
# ### Solution 4: half of the way
#
# 190 and -170 are one rotation, which is its own average. 170 and -170 lie 20 degrees apart, about 180.


# %% tags=["solution"] jupyter={"source_hidden": true}
def average(one, other):
    first, second = expmap_to_rotmat(one), expmap_to_rotmat(other)
    half = rotmat_to_expmap(second @ first.T) / 2
    return rotmat_to_expmap(expmap_to_rotmat(half) @ first)


assert check.average(average)

# %% [markdown]
# ### Solution 5: as if to shake hands
#
# Straight ahead with the thumb up: the opposite of exercise 1 takes x to z, and z, the thumb, to y.

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.lock(-np.ones(3) / np.sqrt(3) * 2 * np.pi / 3)

# %% [markdown]
# ### Solution 6: the hand in space


# %% tags=["solution"] jupyter={"source_hidden": true}
def hand_of(shoulder, elbow, upper, fore):
    first, second = expmap_to_rotmat(shoulder), expmap_to_rotmat(elbow)
    return upper @ first + fore @ second @ first


assert check.hand(hand_of)
