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
# # 08 Your own motion: from a file to its future
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/ACCOUNT-NOT-DECIDED/cs2s/blob/main/notebooks/08_your_own_motion.ipynb)
#
# **What you'll do.** Open a motion capture file of your own, let a network predict what comes next, and save both as a
# file that Blender opens.
#
# **What you'll learn**
# - how BVH and ASF/AMC files tell a movement, and how one of their lines becomes a row of 117 numbers,
# - why changing the frame rate by averaging numbers goes wrong, and what to do instead,
# - how the movement of one body is put onto another, and what is lost,
# - how to build a data set of your own captures, train on it and judge the result.
#
# **What you need.** Chapters [01](01_motion_data.ipynb) and [02](02_exponential_maps.ipynb): rows, and rotation
# vectors. A file of your own if you have one; no other data, no GPU.
#
# **Time.** 2 minutes to run on a laptop CPU, about the same on a GPU (which trains longer in it), 45 minutes to read,
# exercises included. It predicts with the single small model, whose weights come with the program.

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
from cs2s.workbook import begin, show

profile = begin({"smoke": 0.7, "cpu": 1.5, "gpu": 1.5})

# %% [markdown]
# Have you a `.bvh` file, or an `.amc` file with its `.asf` beside it? Write its path between the quotation marks. It
# should hold one person and last three seconds or more. If you leave it empty, the chapter makes a file for you.

# %%
import tempfile
from pathlib import Path

MY_MOTION = ""  # for instance "captures/dance.bvh"

temporary = tempfile.TemporaryDirectory()
folder = Path(temporary.name)

# %% [markdown]
# The other files that we need are made from the synthetic demo motion, in a temporary folder. To begin with, ten
# seconds of a walk, in the format that most programs know: *BVH*, for Biovision hierarchy.

# %%
from cs2s.datasets import TakeId, load
from cs2s.files import load_bvh, save_bvh

demo = load("demo")
walk = demo.motions[TakeId("test", "", "walking", 1)][500:1000]
save_bvh(walk, folder / "walk.bvh")
lines = (folder / "walk.bvh").read_text().splitlines()

# %% [markdown]
# ## What a motion file looks like
#
# BVH is text. It begins with the skeleton:

# %%
print("\n".join(lines[:19]), "\n...")

# %% [markdown]
# Braces hold what hangs on a joint: here a leg hangs on the hips. `OFFSET` says where a joint sits, seen from its
# parent, while nothing turns. `CHANNELS` names the numbers that each frame will give for this joint: the root has a
# place and three angles, the others three angles. The end of the last bone is an `End Site`; it has no channels.
#
# After the skeleton comes the motion: how many frames, how long each lasts, then one line of numbers a frame.

# %%
at = lines.index("MOTION")
for line in lines[at : at + 5]:
    print(line[:90])

# %% [markdown]
# The numbers follow the joints from top to bottom, channel by channel. Let us count both.

# %%
named = [line.split()[1] for line in lines[:at] if line.split()[0] in ("ROOT", "JOINT")]
channels = sum(int(line.split()[1]) for line in lines[:at] if line.split()[0] == "CHANNELS")
numbers = [float(word) for word in lines[at + 3].split()]
print(f"{len(named)} joints with {channels} channels; {len(numbers)} numbers in a line")
assert channels == len(numbers) == 3 + 3 * len(named)

# %% [markdown]
# 96 numbers are not yet 117: a row of the benchmark also has three zeros for each of the 7 ends of bones, and 3 + 3 x
# (31 + 7) = 117. `load_bvh` turns the file into a `Motion` with such rows. With all angles at 0 we see the skeleton
# alone; this is the *rest pose*.

# %%
from dataclasses import replace

import numpy as np

from cs2s.motion import Motion
from cs2s.pictures import player
from cs2s.workbook.figures.your_own_motion import plot_bodies

loaded = load_bvh(folder / "walk.bvh")
at_rest = replace(loaded, rows=0 * loaded.rows)
# In the film the rest pose is carried along: the first three numbers of each row are the place.
carried = replace(loaded, rows=loaded.rows * (np.arange(loaded.rows.shape[1]) < 3))
show(
    player({"HIERARCHY: the rest pose": carried[:150], "MOTION: the lines after it": loaded[:150]}, azimuth=35),
    still=plot_bodies({"HIERARCHY: the rest pose": at_rest, "with the first line of MOTION": loaded}, azimuth=35),
    alt="Left, a stick figure with arms stretched out and legs apart. Right, the same figure walking.",
    caption="Above MOTION the file holds a body, below it what the body does. Both are seen from the front, a "
    "little from the person's left.",
)

# %% [markdown]
# ## From a line to a row
#
# The angles of a joint are *Euler angles*: three turns about three axes, one after the other, in degrees. The order is
# that of the channels, here Z, Y, X. And the axes turn along: the second turn is about the y axis *as the first turn
# has left it*. (Try it with a book: a quarter turn about its spine, then about its lower edge. Now the other way
# round.)
#
# Each single turn is a rotation matrix, here for points written as columns. Turns about axes that turn along are
# multiplied from left to right, the first one leftmost. Take the left thigh:

# %%
from scipy.spatial.transform import Rotation


def about(axis, degrees):
    return Rotation.from_euler(axis, degrees, degrees=True).as_matrix()


place, angles = np.array(numbers[:3]), np.array(numbers[3:]).reshape(-1, 3)
z, y, x = angles[named.index("LeftUpLeg")]
thigh = about("z", z) @ about("y", y) @ about("x", x)
print(f"{z:.1f} degrees about z, {y:.1f} about y, {x:.1f} about x:\n{thigh.round(3)}")

# %% [markdown]
# From the matrix to the rotation vector, and then the minus sign: the benchmark's rows hold *minus* the usual vector
# (chapter [02](02_exponential_maps.ipynb) tells why). That is all, and it is what the loader does.

# %%
row_numbers = -Rotation.from_matrix(thigh).as_rotvec()
joint = loaded.skeleton.joints.index("LeftUpLeg")
print("a row's three numbers:", row_numbers.round(4))
assert np.allclose(loaded.expmaps[0, joint], row_numbers)
assert np.allclose(walk.expmaps[0, joint], row_numbers, atol=1e-5)

# %% [markdown]
# SciPy does all joints at once. Capital letters mean axes that turn along; small letters mean axes that stay. (For a
# single turn both are the same.)


# %%
def reading(order, sign):
    """Return the first line as a motion of one row: its angles in some order, its vectors with some sign."""
    maps = loaded.expmaps[:1].copy()
    vectors = sign * Rotation.from_euler(order, angles, degrees=True).as_rotvec()
    for name, vector in zip(named, vectors, strict=True):
        maps[0, loaded.skeleton.joints.index(name)] = vector
    return Motion.from_parts(loaded.translation[:1], maps, loaded.skeleton, loaded.fps)


right = reading("ZYX", -1)
assert np.allclose(right.rows, loaded.rows[:1]) and np.allclose(place, loaded.translation[0])

# %% [markdown]
# What happens if we get it wrong? Nobody complains: every three angles are *some* rotation.

# %%
wrong = {"axes that stay (zyx)": reading("zyx", -1), "without the minus sign": reading("ZYX", 1)}
for name, body in wrong.items():
    off = np.linalg.norm(body.positions() - right.positions(), axis=-1)[0]
    print(f"{name}: a joint is up to {off.max():.0f} mm from where it should be ({body.skeleton.joints[off.argmax()]})")

# %%
show(
    plot_bodies({"as the format wants it": right, **wrong}, behind=("correct", right), azimuth=35),
    alt="Three stick figures: correct; with fixed axes, hands and feet a little off; with the wrong sign, limbs flung out.",
    caption="A wrong order looks almost right, and that makes it dangerous: it hits joints that turn about several "
    "axes. A wrong sign is hard to miss.",
)

# %% [markdown]
# > **Our finding.** The rows of the benchmark are BVH files read in this way. The first three frames of CMU's capture
# > 35_01 give the first rows of its `walking_1.txt` to 5e-9 radians on every joint but the root; the root differs by
# > 0.0024 radians, and we do not know why. (`tests/test_bvh.py` asserts it, with limits of 2e-5 and 0.0025.)
#
# ## Bones with axes of their own: ASF and AMC
#
# The CMU database's own format is another one (its BVH files are a conversion by B. Hahne, who shared it freely): the
# skeleton in an *ASF* file, the motion in an *AMC* file. It differs in three ways. A bone has a direction and a length. It has only the *degrees of freedom* that a body
# has (`dof rx`: a knee bends about one axis). And each bone is turned about axes of its own, tilted by `axis`, which
# stay where they are. Here is a leg of one bone, which leans 20 degrees outwards; `axis` tilts its axes by as much
# about z. The AMC file then holds one frame, with -30 degrees about x and 10 about z:

# %%
asf = """
:units
  length 0.45
:root
  order TX TY TZ RX RY RZ
:bonedata
  begin
     name lfemur
     direction 0.34202 -0.939693 0
     length 7.2
     axis 0 0 20 XYZ
     dof rx rz
  end
:hierarchy
  begin
    root lfemur
  end
"""
amc = ":DEGREES\n1\nroot 0 17 0 0 0 0\nlfemur -30 10\n"
for ending, text in {"asf": asf, "amc": amc}.items():
    (folder / f"leg.{ending}").write_text(text)

# %% [markdown]
# With $C$ the tilt and $M$ the turn about the bone's own axes, the bone turns by $C M C^{-1}$: into the bone's axes,
# turn, back out. Since these axes stay, the matrix of the first one (x) stands on the right. (For rotations, the
# inverse is the transpose.)

# %%
from cs2s.files import load_amc

C, M = about("z", 20), about("z", 10) @ about("x", -30)
by_hand = -Rotation.from_matrix(C @ M @ C.T).as_rotvec()
leg = load_amc(folder / "leg.amc")
print(leg.skeleton.joints, leg.expmaps[0, 1].round(4))
assert np.allclose(leg.expmaps[0, 1], by_hand)

# %% [markdown]
# `length 0.45` in `:units` says how many units are an inch, as no BVH file does. One unit is 25.4 / 0.45 = 56.44 mm.
# The rows of the benchmark use this unit for the hips' place.
#
# ### One performance in two formats
#
# Somebody sends us a walk twice, as AMC and as BVH. Are they the same? We make such a pair, and give the AMC what the
# BVH lacks: a bone of 116.5 mm above the chest joint (`Spine1`).

# %%
from cs2s.files import save_amc

chest = walk.skeleton.joints.index("Spine1")
longer = walk.skeleton.offsets.copy()  # in millimetres
longer[[parent == chest for parent in walk.skeleton.parents]] += [0, 116.5, 0]
amc_file = save_amc(replace(walk, skeleton=replace(walk.skeleton, offsets=longer)), folder / "walk.amc")
print("made", amc_file.name, "and", amc_file.with_suffix(".asf").name)

# %%
amc, bvh = load_amc(amc_file), loaded
names = {joint: joint if joint != "Hips" else "root" for joint in named}
pairs = {a: (amc.skeleton.joints.index(b), bvh.skeleton.joints.index(a)) for a, b in names.items()}
turns = max(np.abs(amc.expmaps[:, a] - bvh.expmaps[:, b]).max() for a, b in pairs.values())
print(f"rotations differ by at most {turns:.1e} radians")
assert turns < 1e-6

# %% [markdown]
# The rotations agree. And the places of the joints?

# %%
there, here = amc.positions(), bvh.positions()
apart = {name: np.linalg.norm(there[:, a] - here[:, b], axis=-1).max() for name, (a, b) in pairs.items()}
for name in ("Hips", "LeftFoot", "Spine", "Spine1", "Neck", "Head", "LeftShoulder", "LeftHand"):
    print(f"{name:<14}{apart[name]:8.3f} mm apart")
assert max(apart[name] for name in ("LeftFoot", "Spine1")) < 0.01 and abs(apart["Head"] - 116.5) < 0.1

# %%
show(
    plot_bodies({"walk.bvh": bvh, "walk.amc": amc}, behind=("walk.bvh", bvh), azimuth=35),
    alt="Two stick figures with equal legs; in the right one neck, head and arms sit higher than in the grey body.",
    caption="The same legs and the same angles everywhere. Head and arms of the AMC file sit 116.5 mm higher.",
)

# %% [markdown]
# Everything that hangs on the chest is off by one length, everything below is right. So the bones tell: in one of the
# files the bone between chest and neck has no length.
#
# > **Our finding.** This is what happened to the CMU files. In capture 01_01, AMC against BVH, rotations agree to 2e-6
# > radians; root, legs and spine are within 0.006 mm; head and arms are 116.5 mm apart, 7.9 % of the body's height. The
# > conversion to BVH, on which the benchmark rests, dropped the length of the thorax. With that length set to 0 in the
# > AMC, head and arms fall within 0.006 mm too. It dropped the wrists as well (98 and 97 mm). And frame i of the AMC is
# > row i + 1 of the BVH, whose row 0 is a T-pose that nobody performed. (`tests/test_amc.py` asserts all this, with
# > wider limits.)
#
# ## Any frame rate
#
# The demo model works at 25 frames a second. Files have 30, 60, 120 or anything else. Leaving out frames is safe where
# the rates divide; otherwise new frames must be made *between* old ones. Average the neighbours? Here is a file
# to try it on: somebody who turns on the spot, at 30 frames a second.

# %%
turner = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Yrotation Xrotation Zrotation
  End Site
  {
    OFFSET 0 60 0
  }
}
MOTION
Frames: 16
Frame Time: 0.0333333
"""
headings = (np.linspace(87, 252, 16) + 180) % 360 - 180
frames = "".join(f"0 95 0 {heading:.3f} 0 0\n" for heading in headings)
(folder / "turner.bvh").write_text(turner + frames)
turning = load_bvh(folder / "turner.bvh")
print(f"{turning.fps:g} frames a second; headings", headings[5:10].round())

# %% [markdown]
# The headings run up to 180 degrees and go on at -180: the same direction, other numbers. (1 / 0.0333333 is 30.00003;
# the loader takes the whole number that these digits allow.) Now to 25 a second, by the average of the numbers, and by
# `resample`:

# %%
from cs2s.motion import resample
from cs2s.workbook.figures.your_own_motion import plot_headings

told = np.arange(16) / 30
slow = resample(turning, 25)
averaged = np.interp(np.arange(len(slow)) / 25, told, headings)
turned = Rotation.from_rotvec(-slow.expmaps[:, 0]).as_euler("YXZ", degrees=True)[:, 0]
true = 87 + 330 * np.arange(len(slow)) / 25
off = [np.abs((found - true + 180) % 360 - 180).max() for found in (averaged, turned)]
print(f"wrong by up to: averaged {off[0]:.0f} degrees, resample {off[1]:.4f} degrees")
assert off[0] > 90 and off[1] < 0.01

# %%
show(
    plot_headings((told, headings), averaged, turned, 25),
    alt="Headings rise to 180 degrees and go on at minus 180; one averaged point lies in between, far from both.",
    caption="Circles: the file. Diamonds lie on its line, as they should. One cross has fallen between the two ends "
    "of the scale: for one frame the person faces elsewhere.",
)

# %% [markdown]
# The plainest case: between 170 and -170 degrees the average is 0. But nobody looked ahead for a moment; the shortest
# turn goes through 180. Turning at constant speed along the shortest way is called *slerp* (spherical linear
# interpolation, Shoemake 1985): take the rotation from one to the next, take a share of its rotation *vector*, and put
# that onto the first.

# %%
import ipywidgets as widgets

from cs2s.workbook import slider_picture
from cs2s.workbook.figures.your_own_motion import plot_between

slider_picture(
    plot_between,
    first=widgets.IntSlider(170, -180, 180, 10),
    second=widgets.IntSlider(-170, -180, 180, 10),
    percent=widgets.IntSlider(50, 0, 100, 10),
)

# %%
show(
    plot_between(),
    alt="A circle seen from above: two arrows point back, their averaged number points forward, slerp points back.",
    caption="Halfway from 170 to -170 degrees. The average of the numbers looks the opposite way. Where the "
    "jump at 180 does not lie between (try 10 and 50), both agree.",
)

# %% [markdown]
# `resample` does this for every joint; the hips' place goes straight on. Where every second or third frame will do, it
# takes those as they are: the paper's halving.

# %%
assert np.array_equal(resample(walk, 25).rows, walk[::2].rows)

# %% [markdown]
# ## Another body
#
# Now your file. If you named none, here is one as another program might write it: a person with longer legs who walks
# another way, without recorded fingers; joints named as Mixamo does, lengths in centimetres, channels in the order
# Z, X, Y, 30 frames a second, Windows line ends.

# %%
from cs2s.files import load_motion
from cs2s.motion import looking_along
from cs2s.workbook import perform, save_as_elsewhere

mine_path = Path(MY_MOTION).expanduser().resolve() if MY_MOTION else Path("mine.bvh")
if not MY_MOTION:
    elsewhere = looking_along(perform(walk), np.radians(-140))
    save_as_elsewhere(resample(elsewhere, 30), folder / mine_path)
mine = load_motion(folder / mine_path)
print(f"{len(mine)} frames at {mine.fps:g} a second, {len(mine.skeleton.joints)} joints and ends of bones")
print(f"unit of length {mine.skeleton.unit_mm:.4g} mm; joints: {', '.join(mine.skeleton.joints[:5])}, ...")

# %% [markdown]
# BVH names no unit of length, so `cs2s` guesses it, by the height of the person: of seven units, from the millimetre to
# the metre, the one in which it is a likely one. Where two are, or none is, it says so. (`load_motion(file,
# unit_mm=...)` overrules it.)
#
# The model knows the CMU skeleton alone. To put a movement onto another skeleton is called *retargeting*. First: which
# joint is which? There is a table for each common naming scheme.

# %%
from cs2s.motion import SCHEMES

print(len(SCHEMES), "schemes:", ", ".join(SCHEMES))
for joint in ("Hips", "LeftUpLeg", "LowerBack", "Spine1", "Neck1"):
    names = {scheme: " or ".join(SCHEMES[scheme].get(joint, ["-"])) for scheme in ("ASF", "Mixamo", "SMPL")}
    print(f"{joint:<11}", names)

# %% [markdown]
# Mixamo's `Spine` is our `LowerBack`: what counts is the place in the body, and the name may mislead. `retarget` finds
# the scheme that fits best, and reports what became of each joint.

# %%
from cs2s.motion import retarget

ours, report = retarget(mine)
print(report)

# %% [markdown]
# Read this report whenever you load a new kind of file. A joint that the file lacks does not turn. The turn of a joint
# that only the file has is handed on to the next joint further out that both have; at the fingertips there is none, and
# it is lost. (The report lists both.)
#
# The last line is about the rest pose. Suppose we copied the rotations, joint by joint, as they are:

# %%
maps = np.zeros_like(ours.expmaps)
for joint, name in report.matched.items():
    maps[:, ours.skeleton.joints.index(joint)] = mine.expmaps[:, mine.skeleton.joints.index(name)]
copied = Motion.from_parts(ours.translation, maps, ours.skeleton, ours.fps)


# %%
def thigh_of(motion, names):
    """Return the direction of the left thigh, (frames, 3)."""
    start, end = (motion.skeleton.joints.index(names[joint]) for joint in ("LeftUpLeg", "LeftLeg"))
    bone = motion.positions()[:, end] - motion.positions()[:, start]
    return bone / np.linalg.norm(bone, axis=-1, keepdims=True)


same = dict(zip(ours.skeleton.joints, ours.skeleton.joints, strict=True))
for name, motion in {"copied": copied, "retargeted": ours}.items():
    cosine = np.sum(thigh_of(mine, report.matched) * thigh_of(motion, same), axis=-1)
    print(f"{name}: the left thigh is off by {np.degrees(np.arccos(np.clip(cosine, -1, 1))).mean():.2f} degrees")

# %%
bodies = {"the file": mine, "rotations copied": copied, "retargeted": ours}
show(
    player({name: motion[: round(2 * motion.fps)] for name, motion in bodies.items()}, azimuth=0),
    still=plot_bodies(bodies, behind=("the file", mine)),
    alt="Three persons from the front; with rotations copied the legs are spread wide, retargeted they are not.",
    caption="From the front. In the rest pose of the file made here the legs hang straight down; in CMU's each leans "
    "20 degrees outwards. Copied rotations start from the wrong pose: legs astride.",
)

# %% [markdown]
# So where the rest poses differ, `retarget` turns each bone until it points where the file's bone points. About its
# own length a bone may turn, too; there it takes the smallest turn. Files of the CMU database have CMU's rest pose, and
# are taken over number by number.
#
# > **Our finding.** By either way, AMC or BVH, capture 01_01 becomes the same rows to 1e-4 radians
# > (`tests/test_retargeting.py`).
#
# The bones keep the CMU skeleton's lengths. Shorter legs that hang on hips as high as before would hover, and feet that
# stand would slide: so the hips' way is made shorter or longer, as the legs are (the report says by how much). How far
# above the floor is the figure?

# %%
floor = {name: motion.positions()[..., 1].min() for name, motion in {"file": mine, "CMU skeleton": ours}.items()}
print(", ".join(f"{name}: lowest joint at {height:.0f} mm" for name, height in floor.items()))
assert MY_MOTION or abs(floor["CMU skeleton"] - floor["file"]) < 60

# %% [markdown]
# The floor is at 0 mm; the toes of the walk made here dip a little into it.
#
# ## What comes next?
#
# `prepare` does both steps, skeleton and rate, and keeps the last frame exactly as it is: from there we go on.

# %%
from cs2s.datasets import describe
from cs2s.training import continue_motion, prepare

ready, _ = prepare(mine, describe("cmu"))
print(f"{len(ready)} frames at {ready.fps:g} a second")
assert ready.fps == 60

# %% [markdown]
# ### Two things that make a stranger
#
# Guess first: what would a network that has only seen CMU recordings make of this person? In those files nobody's index
# fingers are recorded; their angle is always the same. And nearly everybody walks along one line. Here is `dct-mlp`, our
# earlier small model, which sees rows as they are. We give it the last 50 frames: as they are, with the two fingers where
# CMU has them, and turned to look along z as well. How far do joints move in the first predicted frame, and how far are
# they off 25 frames later?

# %%
from cs2s.evaluation import ask
from cs2s.motion import heading, standing_at
from cs2s.training import load_predictor

small = load_predictor("pretrained:dct-mlp")
past, truth = ready[-75:-25], ready[-25:]
fingers = [3 + 3 * ready.skeleton.joints.index(f"{side}HandIndex1") + 2 for side in ("Left", "Right")]
with_fingers = replace(past, rows=past.rows.copy())
with_fingers.rows[:, fingers] = small.statistics.mean[fingers]

# %%
here, look = with_fingers.rows[-1, :3], heading(with_fingers[-1:])[0]
along_z = looking_along(standing_at(with_fingers, here), -look)
turned_back = standing_at(looking_along(small(replace(along_z, rows=along_z.rows.astype(np.float32)), 25), look), -here)
futures = {
    "as it is": small(replace(past, rows=past.rows.astype(np.float32)), 25),
    "fingers as in CMU": small(replace(with_fingers, rows=with_fingers.rows.astype(np.float32)), 25),
    "and turned": turned_back,
    "all that by ask": ask(small, past, 25),
}


# %%
def joints_apart(one, other):
    """Return how far the joints of two poses are from each other on average, millimetres."""
    return np.linalg.norm(one.positions() - other.positions(), axis=-1).mean()


for name, future in futures.items():
    first, last = joints_apart(past[-1:], future[:1]), joints_apart(truth[-1:], future[-1:])
    print(f"{name:18} first step {first:4.0f} mm, after 25 frames {last:5.0f} mm off")
print(f"{'freezing':18} first step    0 mm, after 25 frames {joints_apart(truth[-1:], past[-1:]):5.0f} mm off")
assert MY_MOTION or joints_apart(past[-1:], futures["as it is"][:1]) > 5 * joints_apart(past[-1:], past[-2:-1])

# %% [markdown]
# > **Our finding.** Two columns that all but stand still in training (.1242 radians, with a deviation of .0038) outweigh
# > a whole body: a hand without fingers is 32 deviations off, and a network that is nearly linear multiplies that. And
# > whoever walks another way than most of the recordings is predicted to glide sideways. Nothing warned of it, and the
# > exit code was 0.
#
# So `ask` holds what a network cannot judge, turns the person to look along z and puts it back after. `cs2s predict`
# asks this way, and tells you which joints are bent as in no training, or if the first step leaps. The single model has
# no need of it: it sees neither heading nor place.
#
# Before you believe a prediction, test it on what you know. We hold back the last 25 frames of the file, 0.42 seconds,
# predict them, and compare. Two predictors compete: freezing, and `pretrained:`, the single small model of chapter
# [07](07_beyond_the_paper.ipynb), which knows neither place nor heading.

# %%
from cs2s.evaluation import ZeroVelocity

network = load_predictor("pretrained:")
truth = ready[-75:]
guesses = {
    "zero velocity": continue_motion(ready[:-25], ZeroVelocity()),
    "network": continue_motion(ready[:-25], network),
}

# %% [markdown]
# The error is the paper's, the angle error in radians (chapter [05](05_error_evaluation.ipynb)). It takes the observed
# frames too, since columns that never move in the window do not count.

# %%
from cs2s.evaluation import angle_error

for name, guess in guesses.items():
    error = angle_error(truth, guess[50:])
    print(f"{name:<14}", {f"{1000 * (n + 1) / ready.fps:.0f} ms": round(float(error[n]), 2) for n in (1, 3, 9, 24)})

# %%
from cs2s.pictures import plot_film_strip

show(
    player(
        {"the file": truth, **guesses},
        50,
        predicted=list(guesses),
        errors={name: angle_error(truth, guess[50:]) for name, guess in guesses.items()},
        errors_are="angle error (radians)",
        speed=0.5,
        title="the end of the file, held back",
    ),
    still=plot_film_strip(truth, guesses, observed=50, title="the end of the file, held back"),
    alt="A person three times: what the file holds, the frozen person, and the network's prediction; below, their errors.",
    caption="What the file holds, and what two predictors make of the frames before. Blue is recorded, orange with "
    "dots predicted. It plays at half speed: 25 frames are soon over.",
    height=600,
)

# %% [markdown]
# Compare the two lines of numbers column by column, and look at the feet: one that stands in the file should stand in
# the prediction, too. The predictor sees to that (`cs2s.motion.standing`): it moves the root, and bends the leg.
#
# Choose a moment and a side to look from. Frame 50 is the first predicted one.

# %%
from cs2s.pictures import plot_frame


def plot_moment(frame=59, azimuth=-55):
    """Draw one frame of the file and of both predictions."""
    return plot_frame(truth, guesses, 50, frame, title="your motion, held back and predicted", azimuth=azimuth)


slider_picture(plot_moment, frame=widgets.IntSlider(59, 0, 74), azimuth=widgets.IntSlider(-55, -180, 180, 5))

# %%
show(
    plot_moment(),
    alt="Three stick figures at the tenth predicted frame: the file, the frozen person, the network's prediction.",
    caption="The tenth predicted frame, 167 ms ahead. Compare legs and arms with the recorded person on the left.",
)

# %% [markdown]
# The network learned from 32 recordings of a few people. On seven files by others it made about half the error of
# freezing (chapter [07](07_beyond_the_paper.ipynb)), on one of them nearly as much; on yours it may do worse, and then
# freezing is the better guess. So always hold back the end first. `cs2s predict` does it for you, and says what came
# out.
#
# Now the true future, which nobody knows: 50 observed frames, and 25 that the network appends.

# %%
from cs2s.files import save_motion

future = continue_motion(ready, network, frames=25)
save_motion(future, folder / "next.bvh")
again = load_motion(folder / "next.bvh")
print(f"next.bvh: {len(again)} frames at {again.fps:g} a second")
assert len(again) == 75 and again.fps == ready.fps

# %% [markdown]
# Open it in Blender (File, Import, Motion Capture): the prediction begins with frame 51. For a film, `save_animation`
# writes .gif, .mp4 or .html.

# %%
import contextlib
import io

from cs2s.pictures import save_animation

with contextlib.redirect_stderr(io.StringIO()):  # no progress bar on the page
    film = save_animation(future[:50], {"network": future}, 50, folder / "next.gif", title="what comes next?")
print(f"{film.name}: {film.stat().st_size / 1e6:.1f} MB")
show(
    player({"network": future}, 50, predicted=["network"], speed=0.5, room=True, title="what comes next?"),
    still=plot_film_strip(future[:50], {"network": future}, observed=50, title="what comes next?"),
    alt="A person who does what the file holds, and then what the network predicts.",
    caption="The end of the file and the 0.42 seconds after it. Nothing here tells whether it is right.",
)

# %% [markdown]
# The same on the command line. A small helper runs commands in the temporary folder; the word in capitals stands for the
# path of your file.

# %%
import shlex

from cs2s.cli import main


def command(words):
    """Run a command line in the temporary folder, and show it."""
    print("$ cs2s", words)
    paths = {"MINE": str(mine_path)}
    with contextlib.chdir(folder):
        assert main([paths.get(word, word) for word in shlex.split(words)]) == 0


command("predict MINE --out next.bvh --frames 10")

# %% [markdown]
# And `convert` goes from any format to any other. Ending in `.txt`, it writes rows of the benchmark: the question
# "how do I get this format from BVH?" has this answer.

# %%
command("convert MINE rows.txt --fps 120")
command("convert walk.bvh walk.h5")
assert np.loadtxt(folder / "rows.txt", delimiter=",").shape[1] == 117

# %% [markdown]
# ## A data set of your own
#
# Predictions get better when the network has seen *your* kind of movement. A data set is a folder with takes to learn
# from and takes to be tested on, by action. `data add` puts files there: any format, any skeleton it knows. For a small
# one we save four demo takes as if they were yours.

# %%
for action, ending in (("walking", "bvh"), ("boxing", "amc")):
    for split in ("train", "test"):
        save_motion(demo.motions[TakeId(split, "", action, 1)], folder / f"{split}_{action}.{ending}")

command("data add train_walking.bvh --action walking --to captures --fps 50")

# %% [markdown]
# The first call settles the folder's frame rate; every further file is brought to it. The paper's windows take every
# second frame, so 50 a second make a model of 25. Since a window is 75 frames long, a take needs more than 150.

# %%
with contextlib.redirect_stdout(io.StringIO()):  # these three say the same as the first
    command("data add test_walking.bvh --action walking --to captures --split test")
    command("data add train_boxing.amc --action boxing --to captures")
    command("data add test_boxing.amc --action boxing --to captures --split test")
own = load("own", folder / "captures")
for take in own.motions:
    print(own.file(take), len(own.motions[take]), "rows")

# %% [markdown]
# Now train. These are a few iterations, to see that it works; the paper takes 20,000.

# %%
iterations = {"smoke": 2, "cpu": 20, "gpu": 300}[profile]
small = "--batch-size 4 --window-length 16 --output-length 5 --learning-rate 1e-3 --quiet"
command(f"train --dataset own --data-dir captures --run mine --iterations {iterations} {small}")

# %% [markdown]
# The same test, beside freezing. A column's head tells the frame (`f9` is the tenth), when it comes at this folder's
# rate, and what the paper calls it.

# %%
command("evaluate --dataset own --data-dir captures --predictor zero-velocity --predictor mine")

# %% [markdown]
# Read the last two rows, and do not expect much: two takes and a minute of training are next to nothing. What you have
# seen is that the way is open: more takes, more actions, thousands of iterations.
#
# The table is only as good as its test takes. They must be others than those trained on, best of another day or another
# person. And look at the films: chapter [05](05_error_evaluation.ipynb) tells what this error hides.
#
# ### The row that nobody performed
#
# Many files begin with a T-pose in row 0, for the sake of programs. Leave it in or out? Let us plant one: a row of
# zeros. In all other rows the index fingers keep one angle, as in the CMU files. Then we count the columns that the
# normalisation takes to be moving, once with row 0 and once without.

# %%
from cs2s.datasets import add_takes, dataset_statistics

maps = walk.expmaps.copy()
maps[:, [walk.skeleton.joints.index(f"{side}HandIndex1") for side in ("Left", "Right")], 2] = 0.125
with_fingers = Motion.from_parts(walk.translation, maps, walk.skeleton, walk.fps)
planted = replace(walk, rows=0 * walk.rows[:1]).then(with_fingers)
for skip in (0, 1):
    add_takes([planted[skip:]], "walking", folder / f"skip{skip}", fps=50)
    used = dataset_statistics(load("own", folder / f"skip{skip}")).used
    print(f"--skip {skip}: {len(used)} columns are used")

# %% [markdown]
# One row, and two columns that never move are predicted as well. In your own files, look at row 0 and leave it out
# with `cs2s data add --skip 1`. In the benchmark, it stays: comparison with the paper needs its numbers.
#
# > **Our finding.** In the CMU files the row lifts the used columns from 68 to 70 (chapter
# > [01](01_motion_data.ipynb)).
#
# ## When a file is broken
#
# Files come cut short, edited by hand, written by strange programs. Whatever is wrong should be said in a sentence with
# its line. Let us break the walk in five ways.

# %%
text = "\n".join(lines) + "\n"
broken = {
    "a brace lost": text.replace("}", "", 1),
    "cut short": text[:-30],
    "a frame removed": text[: text.rindex("\n", 0, -1) + 1],
    "a number that is none": text.replace(lines[at + 3].split()[0], "nan", 1),
    "a joint twice": text.replace("JOINT Head", "JOINT Neck"),
}

# %%
from cs2s.errors import InputError

with contextlib.chdir(folder):
    for what, content in broken.items():
        Path("broken.bvh").write_text(content)
        try:
            load_bvh("broken.bvh")
        except InputError as error:
            print(f"{what}:\n    {error}")

# %% [markdown]
# None of them was half read. Our tests throw hundreds of such files at both parsers, made by a program that spoils them
# at random (`tests/test_bvh.py`, `tests/test_amc.py`).
#
# ## What does not work
#
# - **Other axes.** Which way is up is judged from how the person stands in the frames, and told where it is another
#   axis than y. Somebody who lies all the time may be stood up: `--up y` overrules.
# - **Your body.** The network predicts the CMU skeleton. `cs2s predict` brings that back onto the file's own, from BVH to
#   BVH; what CMU does not know (fingers, faces, tails) stays as it was in the last frame.
# - **Unknown names.** Joints named as in none of the schemes are mapped by `--names FILE`. Bones that change their
#   length, as faces and clothes do, are refused.
# - **Shaking.** Nothing is smoothed before frames are left out. A tremor of 24 times a second, taken 25 times a
#   second, turns into a slow sway:

# %%
seconds = np.arange(240) / 120
tremor = np.sin(2 * np.pi * 24 * seconds)
sampled = np.interp(np.arange(50) / 25, seconds, tremor)
for name, curve in {"captured": tremor[1:], "after": sampled[1:]}.items():
    print(f"{name}: it changes its sign {np.sum(np.diff(np.sign(curve)) != 0)} times in two seconds")

# %% [markdown]
# - **The future.** What a file cannot tell, such as the obstacle ahead, no predictor of poses can know.
#
# ## What you found
#
# - A BVH line becomes a row in three steps: a matrix of the three angles in the order of the channels, its rotation
#   vector, a minus sign. Checked by hand against the loader, to 1e-8.
# - Two formats of one performance agree in every rotation, and the bones tell what a conversion dropped: 116.5 mm
#   between chest and neck, in our pair as in CMU's.
# - Averaging headings across 180 degrees is wrong by up to 144 degrees; turning the shortest way by less than 0.01.
# - Rotations copied onto another rest pose put the thigh 20 degrees off; turned bones point where they pointed.
# - The held-back end is a fair test of any predictor on your own file, with freezing to compare: on our walk, which it
#   never saw, the network errs by 0.68 radians at 167 ms, freezing by 1.23.
# - One T-pose row makes 2 columns that never move look used.
#
# ## Exercises
#
# Put your answer in the place of the three dots and run the cell.
#
# ### Exercise 1: from centimetres to the rows' unit
#
# A BVH file in centimetres puts the hips at a height of 101.6. Which number stands for it in a row of the CMU
# skeleton, whose unit is 25.4 / 0.45 mm?
#
# <details><summary>Hint</summary>First to millimetres, then divide by the millimetres in one unit.</details>

# %% tags=["exercise"]
from cs2s.workbook.checks import your_own_motion as check

hips_height = ...
check.height(hips_height)

# %% [markdown]
# ### Exercise 2: how many frames?
#
# A file has 301 frames, and says `Frame Time: 0.0333333`. How many frames are left at 25 a second, if the first one
# stays and the last one is not passed?
#
# <details><summary>Hint</summary>How much time lies between the first frame and the last? Three posts carry two
# lengths of fence.</details>

# %% tags=["exercise"]
frames_left = ...
check.frames(frames_left)

# %% [markdown]
# ### Exercise 3: channels in any order
#
# Write the matrix `(3, 3)` of a joint's three angles, in degrees, in the order that its channels say: `order` is
# `"ZYX"`, `"ZXY"` or any other. Use `about`, or SciPy.
#
# <details><summary>Hint</summary>The matrix of the first channel stands on the left. `about("z", 30)` takes a small
# letter: `axis.lower()`.</details>


# %% tags=["exercise"]
def matrix(angles, order):
    return ...


check.matrix(matrix)

# %% [markdown]
# ### Exercise 4: into the row
#
# The three numbers that a row of the benchmark holds for a joint with these angles, in radians. Your `matrix` does the
# first step.
#
# <details><summary>Hint</summary>`Rotation.from_matrix(...)` has a method `as_rotvec()`. And something is still
# missing then.</details>


# %% tags=["exercise"]
def joint_numbers(angles, order):
    return ...


check.row_numbers(joint_numbers)

# %% [markdown]
# ### Exercise 5: halfway
#
# Write slerp for the middle: from two rotation matrices `first` and `second`, `(3, 3)` each, the matrix that has gone
# half of the shortest turn from the first to the second.
#
# <details><summary>Hint</summary>`first @ turn` equals `second` for `turn = first.T @ second`. Half of a turn is the
# rotation of half its rotation vector.</details>


# %% tags=["exercise"]
def halfway(first, second):
    return ...


check.halfway(halfway)

# %% [markdown]
# ## Further reading
#
# - Meredith, Maddock: *Motion Capture File Formats Explained*, University of Sheffield, 2001. BVH, ASF/AMC and
#   others, with their pitfalls.
# - Shoemake: *Animating Rotation with Quaternion Curves*, SIGGRAPH 1985. Where slerp comes from.
# - Gleicher: *Retargetting Motion to New Characters*, SIGGRAPH 1998. How to keep feet on the floor when the body changes.
# - CMU Graphics Lab Motion Capture Database, mocap.cs.cmu.edu. Thousands of ASF/AMC files to try this chapter on.
#
# ## Next
#
# This was the last chapter. Go back to [00 Quickstart](00_quickstart.ipynb) and read its picture again, now that you
# know every number behind it.
#
# ## Solutions
#
# ### Solution 1: the unit

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.height(101.6 * 10 / (25.4 / 0.45))

# %% [markdown]
# ### Solution 2: the frames

# %% tags=["solution"] jupyter={"source_hidden": true}
last = 300 / 30  # seconds from the first frame to the last
assert check.frames(int(last * 25) + 1)

# %% [markdown]
# ### Solution 3: the matrix


# %% tags=["solution"] jupyter={"source_hidden": true}
def matrix(angles, order):
    first, second, third = (about(axis.lower(), angle) for axis, angle in zip(order, angles, strict=True))
    return first @ second @ third


assert check.matrix(matrix)

# %% [markdown]
# ### Solution 4: the numbers of the row


# %% tags=["solution"] jupyter={"source_hidden": true}
def joint_numbers(angles, order):
    return -Rotation.from_matrix(matrix(angles, order)).as_rotvec()


assert check.row_numbers(joint_numbers)

# %% [markdown]
# ### Solution 5: slerp halfway


# %% tags=["solution"] jupyter={"source_hidden": true}
def halfway(first, second):
    turn = Rotation.from_matrix(first.T @ second).as_rotvec()
    return first @ Rotation.from_rotvec(turn / 2).as_matrix()


assert check.halfway(halfway)
