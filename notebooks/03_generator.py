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
# # 03 The generator: two views of the past, one step at a time
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/ACCOUNT-NOT-DECIDED/cs2s/blob/main/notebooks/03_generator.ipynb)
#
# **What you'll do.** Take the network that predicts motion apart, rebuild it in twenty lines, and find out what it
# cannot see.
#
# **What you'll learn**
# - how a convolution reads motion, and which frames and angles one unit of the network sees,
# - what the two encoders, the decoder and the residual sum are for,
# - which frames reach neither code, and which door they take instead: who sees which frame,
# - how it is fed its own predictions, and a slip of one frame in that.
#
# **What you need.** Chapter `01_motion_data` (windows, normalising), NumPy, and an idea of what a layer and a gradient
# are. No data to download, no GPU.
#
# **Time.** 1 minute to run on a laptop CPU, the same on a GPU (a guess); an estimate: 35 minutes to read, 25 for the
# exercises.

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

profile = begin({"smoke": 1, "cpu": 1, "gpu": 1})
dataset = motion_data()

# %% [markdown]
# ## The job in one picture
#
# Chapter `01_motion_data` left us with *windows*: 50 observed frames, then 25 to predict. A frame is a row: for each joint
# the three numbers of its rotation *vector*. Each number is *normalised*: its mean over the training data subtracted, the
# rest divided by its standard deviation. Numbers that never change are left out. The network knows nothing of rotations; to
# it they are columns.

# %%
from cs2s.datasets import dataset_statistics, test_windows

statistics = dataset_statistics(dataset)
actions = test_windows(dataset, statistics)
(walking,) = [windows for windows in actions if windows.action == "walking"]
window = statistics.normalise(walking.motion.rows[4]).astype("float32")
frames, columns = window.shape
print(f"a window of walking: {frames} frames x {columns} columns")

# %%
from cs2s.pictures import player, plot_film_strip
from cs2s.workbook import show

walker = walking.motion.one(4)
show(
    player({"a window of walking": walker}, 50, frame=0, title="what the network is to continue"),
    still=plot_film_strip(walker, {}, 50, title="a window of walking"),
    alt="A walking person: 50 frames that the network gets to see, then the 25 that it has to predict.",
    caption="The job: see the walk up to time 0, and make up the rest.",
)

# %% [markdown]
# So motion is a table of numbers, and a table of numbers can be looked at as an image. Each row of the image is a
# frame, each column one number of a vector, an angle for short.

# %%
from cs2s.workbook.figures.generator import body_parts, plot_motion

skeleton = next(iter(dataset.motions.values())).skeleton
parts = body_parts(statistics.used, skeleton)
show(
    plot_motion(window[:50], parts),
    alt="A striped image: 50 rows are frames, columns are angles from hips over legs and trunk to arms; below it white.",
    caption="The same job as an image: fill in the white. Down each column runs one angle; dark patches that return are the strides of "
    "a leg. Neighbouring columns belong to the same joint, or to the next one of the limb.",
)

# %% [markdown]
# ## The network on one page
#
# The part of the paper's model that predicts is called the *generator*. (The other part, which judges predictions,
# is the subject of the next chapter.) Here is all of it, with the sizes it has on these data.

# %%
from cs2s.networks import VARIANTS
from cs2s.workbook.figures.generator import plot_network

classes = len(dataset.description.classes)
show(
    plot_network(columns, classes),
    alt="Diagram: 50 frames feed a long-term and a short-term encoder; their codes meet in a decoder, whose step is "
    "added to the newest frame; the new frame is fed back.",
    caption="Follow one prediction: two encoders, down; the decoder, up; the sum with the newest frame; and back to "
    "the window. Each number is the size of what flows there.",
)

# %% [markdown]
# Five words to take along:
#
# - An *encoder* turns many frames into one short list of numbers, the *code*. The long-term encoder reads frames 0
#   to 48, once. The short-term encoder reads the newest 20, again for every new frame. (20 is the authors' number, and
#   that of this chapter's untrained networks. The model that comes with the demo data reads 16; it enters at the end.)
# - The *class logits* (a word of chapter 04) are one number more for each action, made beside the long-term code. No
#   prediction reads them, nor any loss of the authors' training; they are kept so that weights trained with the original
#   program fit.
# - The *decoder* turns both codes into a *step*: how each angle changes until the next frame.
# - The *residual* connection adds that step to the newest frame. The network need not redraw the person, only move
#   them.
# - *Feedback*: the new frame counts as observed from now on, and the next one is predicted.
#
# > **The paper.** Sections 3.1 to 3.3 of Li et al. describe this network. The long-term code is to hold what stays
# > the same through a motion, the short-term code what is going on right now.
#
# Now piece by piece, from the inside out.
#
# ## What a convolution does to a motion
#
# Take a small *patch* of the image, four frames of eleven leg angles, and a *kernel*: a smaller table of weights, 2
# frames by 7 columns. This one is ours, made to be understood: minus one seventh in the older frame, plus one seventh
# in the newer.

# %%
import numpy as np

patch = window[10:14, 6:17]
kernel = np.array([[-1.0] * 7, [1.0] * 7]) / 7

# %% [markdown]
# Lay the kernel on the patch, multiply what lies on top of each other, and add up: one number. Then move on by two
# columns, at the end of a row by two frames. That 2 is the *stride*. For the result in row $i$ and column $j$, with
# $k$ the kernel and $x$ the patch:
#
# $$y_{ij} = \sum_{a=0}^{1} \sum_{b=0}^{6} k_{ab}\; x_{2i+a,\;2j+b}$$


# %%
def convolve(values, kernel):
    rows, wide = (len(values) - 2) // 2 + 1, (values.shape[1] - 7) // 2 + 1
    result = np.zeros((rows, wide))
    for i in range(rows):
        for j in range(wide):
            result[i, j] = (kernel * values[2 * i : 2 * i + 2, 2 * j : 2 * j + 7]).sum()
    return result


result = convolve(patch, kernel)

# %%
from cs2s.workbook.figures.generator import plot_convolution

show(
    plot_convolution(patch, kernel, result),
    alt="Three tables of numbers: a patch of 4 by 11, a kernel of 2 by 7, a result of 2 by 3; two places are boxed.",
    caption="The solid box in the patch gives the number in the solid box of the result; two columns further on, the "
    "dashed box gives the dashed one. This kernel measures by how much seven neighbouring angles grow, on average, from "
    "one frame to the next.",
)

# %% [markdown]
# Keras calls this layer `Conv2D`. It wants two more axes: one of the motions in a batch, one of *channels* (an image
# from a camera has three; ours has one).

# %%
import keras

layer = keras.layers.Conv2D(1, (2, 7), strides=2, padding="valid", use_bias=False)
layer.build((None, *patch.shape, 1))
layer.kernel.assign(kernel[:, :, None, None])
by_keras = layer(patch[None, :, :, None])
assert np.allclose(by_keras[0, :, :, 0], result, atol=1e-2)  # GPUs round coarsely

# %% [markdown]
# In the network nobody chooses the kernels: they are learned. Layer 1 has 64 of them, called *filters*, so it turns
# one channel into 64. A filter of layer 2 reads all 64 at once: it has a kernel of its own for each, and adds up what
# they give.
#
# Why 7 columns and only 2 frames? We know of no stated reason; seven columns are a little more than two joints of one
# limb. Joints further apart meet only after more layers, as you will see in a moment.
#
# ## Three layers, and a code
#
# What happens at the edges? With *VALID* padding nothing is added, and what does not fill a stride is dropped. With
# *SAME* padding zeros are laid around the image, so that every number counts. Of $n$ rows or columns, a kernel that
# spans $k$ of them makes
#
# $$\text{VALID: } \left\lfloor \frac{n-k}{2} \right\rfloor + 1 \qquad \text{SAME: } \left\lceil \frac{n}{2} \right\rceil$$
#
# where $\lfloor\;\rfloor$ rounds down and $\lceil\;\rceil$ rounds up. `layer_sizes` does that three times:

# %%
from cs2s.workbook.figures.generator import layer_sizes

for padding in ("valid", "same"):
    for name, frames in (("long-term", 49), ("short-term", 20)):
        rows, wide = layer_sizes(frames, 2, padding), layer_sizes(columns, 7, padding)
        print(f"{padding:5}  {name:10}", " -> ".join(f"{r} x {w}" for r, w in zip(rows, wide, strict=True)))

# %% [markdown]
# It is a fact of the authors' code, not a statement of the paper, that CMU data get VALID padding, and Human3.6M, their
# other data set, SAME. Keep an eye on the 20 that becomes 10, 5, and then 2: half of 5 is not 2.
#
# After each convolution comes a *leaky ReLU*: $\max(x, 0.2\,x)$, which lets positive numbers through and leaves a fifth
# of negative ones. Without such a bend, three layers in a row could do no more than one. At the end the numbers of all
# channels are laid in one row, and a *dense* layer, in which every output looks at every input, makes the code.

# %%
import tensorflow as tf

from cs2s.networks import EncodingModule

keras.utils.set_random_seed(0)
module = EncodingModule(512)
module.build((None, 20, columns))


def encode(module, motion):
    features = motion[..., None]
    for convolution in module.convolutions:
        features = tf.nn.leaky_relu(tf.nn.conv2d(features, convolution.kernel, 2, "VALID"), 0.2)
    flat = tf.reshape(features, (len(motion), -1))
    return flat @ module.dense.kernel + module.dense.bias


# %% [markdown]
# Six lines, and they are `cs2s.networks.encoder.EncodingModule`, which the network uses twice:

# %%
recent = window[30:50]
code = encode(module, recent[None])
print(f"{recent.shape[0]} frames x {recent.shape[1]} columns become a code of {code.shape[1]} numbers")
assert np.allclose(code, module(recent[None]), atol=1e-2)

# %% [markdown]
# The module does one thing more, and only while training: *dropout*. After each convolution a random part of the
# numbers (20 %, 20 %, then 50 %) is set to zero and the rest scaled up. A network that cannot rely on any single one
# learns less by heart.

# %%
assert np.array_equal(module(recent[None]), module(recent[None]))
assert not np.allclose(module(recent[None], training=True), module(recent[None], training=True))

# %% [markdown]
# ## Where the parameters sit
#
# Now the whole generator, as in the authors' code, with fresh random weights.

# %%
from cs2s.networks import Generator

keras.utils.set_random_seed(0)
generator = Generator(columns, classes, VARIANTS["paper"])
generator.build()

# %% [markdown]
# How many weights has it? Every convolution has kernel height x kernel width x channels in x channels out. A dense
# layer has one weight for every pair of input and output, and one *bias* for each output. The long-term encoder has `512 +
# classes` outputs: its code and the class logits.
#
# ### Exercise 1: counting weights
#
# How many weights has the second convolution of an encoder, the one that turns 64 channels into 128? And *guess*, before
# the next cell tells: which part of the whole network has most, convolutions or dense layers?
#
# <details><summary>Hint</summary>One filter looks at 2 frames x 7 columns of all 64 channels. These convolutions have
# no bias.</details>
# <details><summary>Second hint</summary>2 x 7 x 64 for one filter, and there are 128 filters.</details>

# %% tags=["exercise"]
from cs2s.workbook.checks import generator as check

weights = ...
check.conv2_parameters(weights)

# %%
convolutions = sum(2 * 7 * before * after for before, after in ((1, 64), (64, 128), (128, 128)))
last_columns = layer_sizes(columns, 7, "valid")[-1]
sizes = {
    "convolutions of both encoders": 2 * convolutions,
    "dense of the long-term encoder": (6 * last_columns * 128 + 1) * (512 + classes),
    "dense of the short-term encoder": (2 * last_columns * 128 + 1) * 512,
    "decoder": (1024 + 1) * 512 + (512 + 1) * columns,
}

# %%
total = sum(sizes.values())
for name, size in sizes.items():
    print(f"{name:32} {size:9,}  {size / total:4.0%}")
assert total == generator.count_params()
if dataset.description.name == "demo":
    shares = [round(100 * size / total) for size in sizes.values()]
    assert round(total / 1e6, 1) == 3.4 and shares[:2] == [21, 47]

# %% [markdown]
# Almost half of all weights sit in one place: the dense layer that makes the long-term code. The convolutions, which
# give the network its name, hold a fifth, because one kernel serves all places of the image.
#
# ## What one unit sees
#
# A *unit* is one number in the output of a layer. In layer 1 it sees 2 frames by 7 columns. In layer 2 it sees 2 by 7
# *units*, which stand two frames and two columns apart, and so on. The part of the motion that it sees is its
# *receptive field*. Move it about. Can you find a unit of layer 3 that sees frame 19? (Beyond the last row or column,
# the sliders stay at the last.)

# %%
import ipywidgets as widgets

from cs2s.workbook import slider_picture
from cs2s.workbook.figures.generator import plot_receptive_field


def plot_unit(layer=3, row=1, column=1, padding="valid"):
    """Frame what a unit sees of the newest 20 frames of our window of walking."""
    return plot_receptive_field(recent, parts, layer, row, column, padding)


slider_picture(
    plot_unit,
    layer=widgets.IntSlider(3, 1, 3),
    row=widgets.IntSlider(1, 0, 9),
    column=widgets.IntSlider(1, 0, 35),
    padding=widgets.Dropdown(options=["valid", "same"]),
)

# %%
show(
    plot_unit(),
    alt="The image of 20 frames; a black box around 8 frames and 43 columns, from left leg to left arm, the rest pale.",
    caption="What a unit in the last row of layer 3 sees: 8 frames, 43 columns. Try the first layer, and SAME padding, too.",
)

# %% [markdown]
# ### Exercise 2: what a unit sees
#
# How many columns does one unit of layer 2 see, without padding? *Predict* it first; then the picture tells, with the
# layer set to 2.
#
# <details><summary>Hint</summary>It reads 7 units of layer 1, which stand 2 columns apart. In the picture's title are the
# first and the last column; both count.</details>
# <details><summary>Second hint</summary>The first of the seven sees 7 columns. How many new ones does each of the other
# six add?</details>

# %% tags=["exercise"]
columns_seen = ...
check.columns_seen(columns_seen)

# %% [markdown]
# A kernel that spans $k$ units sees one of them, and $k-1$ more. For layer 1 these stand 1 apart in the motion, for
# layer 2 they stand 2 apart, for layer 3 it is 4. So without padding a unit of layer $l$ sees
#
# $$1 + (2-1)(1 + 2 + \dots + 2^{l-1}) = 2^l \text{ frames} \qquad 1 + (7-1)(2^l - 1) \text{ columns.}$$
#
# Check the box in the picture: a *gradient* says how strongly an output depends on each input, so it must be zero
# outside of the box. It is. (A `GradientTape` writes down what is computed, so that TensorFlow can differentiate it.)

# %%
from cs2s.workbook.figures.generator import receptive_field

motion = tf.Variable(recent[None, :, :, None])
with tf.GradientTape() as tape:
    features = motion
    for convolution in module.convolutions:
        features = convolution(features)
    unit = tf.reduce_sum(features[0, 1, 1])
seen = np.argwhere(tape.gradient(unit, motion)[0, :, :, 0])
assert (*seen.min(0), *seen.max(0)) == (8, 8, 15, 50)
assert receptive_field(1, 3, 20, 2, "valid") == (8, 15) and receptive_field(1, 3, columns, 7, "valid") == (8, 50)

# %% [markdown]
# In layer 1, with its 7 columns, no unit sees both an arm and a leg. In layer 3 some do. Which limbs never meet?

# %%
place = {name: (first, last) for name, first, last in parts}
units = [receptive_field(unit, 3, columns, 7, "valid") for unit in range(last_columns)]
meet = {
    limb: [unit for unit, (first, last) in enumerate(units) if first <= place["left leg"][1] and last >= place[limb][0]]
    for limb in ("right leg", "left arm", "right arm")
}

# %%
for limb, seeing in meet.items():
    print(f"columns of layer 3 that see left leg and {limb}:", seeing or "none")
assert not meet["right arm"]

# %% [markdown]
# > **Our finding.** When you walk, your left leg swings together with your right arm. Because of the order in which the
# > columns are listed, no convolution of this network sees both. Only the dense layer brings them together.
#
# ## The blind spot
#
# Now the same question for the whole code: on which of its 20 frames does the short-term code depend? Gradient again.
# Where it is exactly zero, the code cannot know what is there. *Guess*: all 20, the newest, the oldest?

# %%
from cs2s.workbook import dependence, influence

padded = EncodingModule(512, padding="same")
padded.build((None, 20, columns))
influences = {"VALID padding": influence(module, recent), "SAME padding": influence(padded, recent)}

# %%
from cs2s.workbook.figures.generator import plot_influence

show(
    plot_influence(influences, parts),
    alt="Two images of 20 frames by all columns, with bars by frame. With VALID padding frames 16 to 19 and the last "
    "columns are hatched: exactly zero. With SAME padding nothing is.",
    caption="How strongly the code depends on every number it is given: dark is strongly, hatched not at all; the bars "
    "add up each frame. Left, the newest four frames do not count, nor do the last columns; right, everything counts.",
)

# %% [markdown]
# With VALID padding the *newest four* frames, 16 to 19, never reach this code. No unit of layer 3 sees frame 19.

# %%
valid, same = influences.values()
assert (valid[:16].sum(axis=1) > 0).all() and (valid[16:] == 0).all()
assert (same > 0).any(axis=1).all()

# %% [markdown]
# A picture of gradients may still seem abstract. So let the person go wild in those four frames, with angles a
# hundred standard deviations off, and look at the code:

# %%
wild = recent.copy()
wild[16:] += 100 * np.random.default_rng(0).standard_normal((4, columns))
change = {"VALID": module, "SAME": padded}
change = {name: float(np.abs(m(wild[None]) - m(recent[None])).max()) for name, m in change.items()}
print("largest change of a number of the code:", {name: round(c, 2) for name, c in change.items()})
assert change["VALID"] == 0 < change["SAME"]

# %% [markdown]
# The reason is the 5 rows that became 2. Rows 0 and 1 make one row, rows 2 and 3 another; row 4 finds no partner and
# is dropped, and row 4 stands for the frames 16 to 19.
#
# ### Exercise 3: blind frames
#
# A short-term encoder with VALID padding is given windows of 30 frames, numbered 0 (oldest) to 29. Which of them never
# reach the code? Foretell it on paper, as a list or a set of their numbers; then ask the check. (No frame is blind in the
# windows of 16 that the model of the demo data was trained with. Why?)
#
# <details><summary>Hint</summary>30 rows become 15, then 7, then 3. How many frames do three rows of layer 3 see
# together?</details>
# <details><summary>Second hint</summary>Each row of layer 3 sees 8 frames, and they stand 8 apart. What comes after the
# last of them is lost.</details>

# %% tags=["exercise"]
blind = ...
check.blind_frames(blind)

# %% [markdown]
# ### Exercise 4: another stride
#
# Now for any window and any stride: three convolutions, each 2 frames tall, without padding. Write a function that
# returns the frames that never reach the code. *Foretell* them for 20 frames and stride 3, before you run it: how many of
# the 20 does the code see? The newest are not the only ones that it loses.
#
# <details><summary>Hint</summary>Of n rows, `(n - 2) // stride + 1` are left. Then go backwards: on which two rows of
# layer 2 does row u of layer 3 depend?</details>
# <details><summary>Second hint</summary>`{stride * u, stride * u + 1}`. Begin with all rows of layer 3, replace each by
# its two, three times, and see which frames are missing.</details>


# %% tags=["exercise"]
def blind_by_stride(length, stride):
    return ...


check.blind_by_stride(blind_by_stride)

# %% [markdown]
# There is a second blind spot in the picture, at its right edge:

# %%
last_seen = receptive_field(last_columns - 1, 3, columns, 7, "valid")[1]
unseen = [skeleton.joints[(column - 3) // 3] for column in statistics.used[last_seen + 1 :]]
print(f"columns {last_seen + 1} to {columns - 1} are never seen; they belong to:", ", ".join(dict.fromkeys(unseen)))
assert (valid[:, last_seen + 1 :] == 0).all() and (valid[:16, : last_seen + 1].sum(axis=0) > 0).all()

# %% [markdown]
# > **Our finding.** With the authors' sizes on CMU (20 frames, 70 columns, VALID) the short-term encoder does not see the
# > newest 4 of its frames, and neither encoder the last 3 columns, which are the right thumb. (The demo data have 72
# > columns, and lose 5.) With SAME padding both encoders see all they are given.
#
# ## The decoder: newest frame plus a step
#
# Is the newest frame lost, then? No. It comes in by another door: the residual sum. One prediction, by hand:

# %%
observed = window[None, :50]
# The first 512 outputs are the code; the rest are the class logits.
long_code = generator.long_term(observed[:, :49])[:, :512]
short_code = generator.short_term(observed[:, 30:])
hidden = tf.nn.leaky_relu(generator.hidden(tf.concat([long_code, short_code], axis=1)), 0.2)
step = generator.step(hidden)
predicted = observed[:, -1] + step
assert np.allclose(predicted, generator.decode(long_code, observed[:, 30:]), atol=1e-2)

# %% [markdown]
# ### Who sees which frame
#
# So the newest frame is where the step is added. Does it also help to choose the step? *Predict*, then move the slider
# from prediction 0 to 6: which is the first prediction whose step depends on frame 49? And the first one whose
# step depends on a frame that the network has made itself?

# %%
from cs2s.workbook.figures.generator import plot_timeline

slider_picture(plot_timeline, prediction=widgets.IntSlider(0, 0, 6))

# %%
show(
    plot_timeline(5),
    alt="Rows of small boxes along time: all frames, those that reach the long-term code, those that reach the short-term "
    "code with the newest four hatched, and the newest one, which is added.",
    caption="Prediction 5. The short-term code sees its first predicted frame, 50. It does not see what was predicted "
    "after that, nor the frame to which its step is added.",
)

# %% [markdown]
# The gradient of the step agrees, in the network itself:

# %%
from cs2s.workbook import step_sees

for prediction, last in ((0, 47), (3, 48), (4, 49)):
    found = step_sees(generator, window[:50], prediction)
    print(f"the step of prediction {prediction} depends on observed frames up to {found.max()}")
    assert found.max() == last

# %% [markdown]
# Frames 48 and 49 reach no code at first: 48 counts from the step of prediction 3 on, 49 from that of prediction 4. How
# fast the person moves right now, the first steps cannot know.
#
# What is the residual good for? This generator has learned nothing yet. Compare it with a network without the sum, whose
# output has to be the whole pose, and with zero velocity (the newest frame, held for ever), on the first predicted frame
# of all test windows.

# %%
everything = statistics.normalise(np.concatenate([windows.motion.rows for windows in actions])).astype("float32")
newest, truth = everything[:, 49], everything[:, 50]
first = generator(everything[:, :50], frames=1)[:, 0].numpy()
guesses = {"zero velocity": newest, "untrained, with residual": first, "untrained, without the sum": first - newest}
errors = {name: float(np.sqrt(((guess - truth) ** 2).mean())) for name, guess in guesses.items()}
for name, error in errors.items():
    print(f"{name:26} {error:.2f} standard deviations off")
assert errors["zero velocity"] < errors["untrained, with residual"] < 0.5 * errors["untrained, without the sum"]

# %% [markdown]
# An untrained network with residual is close to zero velocity, a good place to start learning from. It has to
# learn steps, which are small, and not poses, which are large.
#
# ## Twenty-five steps
#
# ### Exercise 5: your own rollout
#
# Write the rollout for any network. `step(recent)` takes the recent frames `(n, columns)` and returns the step
# `(columns,)`. `observed` is `(n, columns)`; return the predictions, `(frames, columns)`. Call `step` always with n
# frames. Say first: after how many predictions is everything that `step` is given made by itself?
#
# <details><summary>Hint</summary>Three lines in a loop: predict, keep, slide on.</details>
# <details><summary>Second hint</summary>A prediction is `recent[-1]` plus the step. `np.concatenate([recent[1:],
# predicted[None]])` drops the oldest frame and appends a new one.</details>


# %% tags=["exercise"]
def my_roll_out(step, observed, frames):
    return ...


check.roll_out(my_roll_out)

# %% [markdown]
# Here is that of the network, readable. Encode the past once; then look at the newest 20 frames, step, add, slide on.


# %%
def roll_out(generator, observed, frames=25):
    long_code = generator.long_term(observed[:, :49])[:, :512]
    recent, predictions = observed[:, 30:], []
    for _ in range(frames):
        codes = tf.concat([long_code, generator.short_term(recent)], axis=1)
        hidden = tf.nn.leaky_relu(generator.hidden(codes), 0.2)
        predictions.append(recent[:, -1] + generator.step(hidden))
        recent = tf.concat([recent[:, 1:], predictions[-1][:, None]], axis=1)
    return tf.stack(predictions, axis=1)


# %% [markdown]
# And here is `cs2s.networks.generator.Generator`, which does the same:

# %%
prediction = roll_out(generator, observed)
assert np.allclose(prediction, generator(observed), atol=1e-2)
print("prediction:", prediction.shape)

# %% [markdown]
# Now we can watch the blind spot at work. Shift every number of the newest observed frame by 1. *Predict* from the
# timeline: what do the predictions do, and from which on?

# %%
shifted = observed.copy()
shifted[:, 49] += 1
difference = (roll_out(generator, shifted) - prediction)[0].numpy()
reaction = np.abs(difference - 1).max(axis=1)
print("how far predictions 0 to 6 move other than by 1:", reaction[:7].round(3))
assert np.allclose(difference[:4], 1, atol=1e-4)
assert reaction[4] > 1e-3

# %% [markdown]
# For four predictions the shift is passed on unchanged, through the sum alone. The fifth, number 4, is the first that
# reacts.

# %% [markdown]
# ## What it is fed while it trains
#
# While training, the true future is known. One could always feed back the truth (*teacher forcing*), but then the
# network never meets its own mistakes. Or always the prediction; then it is far off course before it has learned
# anything. It is again a fact of the authors' code that it feeds back a blend. With $\hat y_t$ the prediction number $t$
# and $y_t$ its truth, the next input is
#
# $$0.95\,\hat y_t + 0.05\,y_{t+1}$$
#
# Look at the indices. Truth $t+1$ is blended with prediction $t$, and what is predicted next is number $t+1$. Does that
# matter? Move one true frame by 1, and see which predictions move. *Predict*: how much of its own truth is in prediction 1?
#
# `cs2s` has an option that mends it: `blended_frame="same"` blends truth $t$ with prediction $t$.

# %%
from dataclasses import replace

mended = Generator(columns, classes, replace(VARIANTS["paper"], blended_frame="same"))
mended.build()
for weight, value in zip(mended.trainable_variables, generator.trainable_variables, strict=True):
    weight.assign(value)
dependences = {
    "the authors' code: truth t + 1": dependence(generator, window),
    "mended: truth t": dependence(mended, window),
}

# %%
from cs2s.workbook.figures.generator import plot_dependence

show(
    plot_dependence(dependences),
    alt="Two tables of 6 by 6 numbers. Left, the framed diagonal holds 5 per cent, except for its first cell; right, it "
    "is zero and the 5 per cent stand one place to the right.",
    caption="By how many per cent of the shift each prediction moves. Framed: a prediction and its own truth. In the "
    "authors' version, left, 5 % of the truth is in the prediction that is to be compared with it.",
)

# %%
authors, mend = dependences.values()
assert np.allclose(authors.diagonal()[1:], 0.05, atol=1e-4) and (authors[0] == 0).all()
assert (mend.diagonal() == 0).all() and np.allclose(mend.diagonal(1), 0.05, atol=1e-4)

# %% [markdown]
# > **Our finding.** In training, every prediction but the first has 5 % of its own answer in the frame that it is added
# > to. The true frame right after the observed ones (number 0) is never fed back. When the trained network predicts,
# > there is no truth to blend in, and the help is gone.
#
# The setting is called *sampling* 0.95, which elsewhere means a coin: take the prediction with a probability of 95 %,
# else the truth (Bengio et al. 2015). Here both frames are mixed, always. All places in which the authors' network does
# something else than one would expect are options with names (`fake_past` belongs to the next chapter):

# %%
from dataclasses import asdict

corrected = asdict(VARIANTS["corrected"])
for option, value in asdict(VARIANTS["paper"]).items():
    if value != corrected[option]:
        print(f"{option:14} authors' code: {value:8} corrected: {corrected[option]}")

# %% [markdown]
# ## Errors add up
#
# Last, a trained network, one that comes with the program. That of the demo data reads the newest 16 frames, two eights:
# none is blind. So the timeline above is not its timeline, and nothing is passed on unseen for four predictions.

# %%
from cs2s.training import load_predictor

shipped = {"demo": "pretrained:demo", "cmu": "pretrained:paper"}[dataset.description.name]
trained = load_predictor(shipped).model
found = step_sees(trained, window[:50])
print(f"{trained.window_length} frames; the step of prediction 0 depends on observed frames up to {found.max()}")
assert dataset.description.name != "demo" or (trained.window_length, found.max()) == (16, 49)

# %% [markdown]
# *Alone*, it is fed its own predictions. *Helped*, it is fed
# the true frames at every step. That is much easier, since it is always one step ahead only; so we let freezing have the
# same help: hold the newest true frame. To compare at the same distance, we also add the helped steps up, from frame 49
# on. *Guess* which is closer after 25 frames: the network alone, or the helped steps added up?

# %%
from cs2s.workbook import alone_and_helped

past, future = everything[:, :50], everything[:, 50:]
predictions = alone_and_helped(trained, everything)
errors = {name: np.sqrt(((p - future) ** 2).mean(axis=(0, 2))) for name, p in predictions.items()}

# %%
from cs2s.workbook.figures.generator import plot_alone_and_helped

show(
    plot_alone_and_helped(errors),
    alt="Five curves of error against the number of the prediction: freezing, the network alone and the added steps grow; "
    "freezing and the network with help stay low and flat.",
    caption="Below, always one step ahead: freezing is off by half as much again. Above, up to 25 steps ahead. Compare "
    "the network alone (solid) with the dashed curve.",
)

# %%
for name, error in errors.items():
    print(f"{name:25}", "  ".join(f"prediction {number}: {error[number]:.2f}" for number in (0, 9, 24)))
assert np.isclose(errors["network alone"][0], errors["network, helped"][0], rtol=1e-2)
assert errors["network alone"][24] > 2 * errors["network, helped"][24]
assert errors["helped steps, added up"][24] > errors["network alone"][24]

# %% [markdown]
# And as people: the window of the beginning again, continued in three ways. Columns become rows, rows become motions.

# %%
number = [windows.action for windows in actions].index("walking") * 8 + 4
rows = {name: statistics.unnormalise(predictions[name][number]) for name in ("network alone", "helped steps, added up")}
guesses = {name: walker[:50].then(replace(walker[:25], rows=row)) for name, row in rows.items()}
show(
    player({"what happened": walker, **guesses}, 50, predicted=list(guesses), title="alone and helped"),
    still=plot_film_strip(walker, guesses, 50, title="alone and helped"),
    alt="A walking person three times: what happened, what the network alone makes of it, and the helped steps added up.",
    caption="Overlay them, and step on from time 0: at which frame do you first see the network alone leave the truth?",
)

# %% [markdown]
# So help at every step is no cure: added up, the small errors of the helped steps are level with the network alone up to
# prediction 9, where its training ended, and beyond come to an even larger one. (One network; another may part earlier.)
#
# And what becomes of a mistake when the network is alone? Plant one, a little noise in the newest frame, and see how much of it is
# left in each prediction. 100 %: what was planted is as large as ever. 0 %: the steps made up for it.

# %%
noise = 0.1 * np.random.default_rng(0).standard_normal(past[:, 49].shape).astype("float32")
nudged = past.copy()
nudged[:, 49] += noise
alone = predictions["network alone"]
left = np.sqrt(((trained(nudged, frames=25).numpy() - alone) ** 2).mean(axis=(0, 2)) / (noise**2).mean())
print("left of the mistake:", "  ".join(f"prediction {number}: {left[number]:.0%}" for number in (0, 4, 9, 24)))
assert np.isclose(left[0], 1, atol=0.1) and left[24] > 0.8

# %% [markdown]
# Nearly all of it. This network met its own mistakes in training, where predictions were fed back, and still it hardly
# makes up for this one. How it trains, and against whom, is the next chapter.
#
# ## What you found
#
# - The generator has 3.4 million weights on the demo data; 47 % of them make the long-term code, 21 % are kernels.
# - A unit of the third layer sees 8 frames and 43 columns. Left leg and right arm meet in no convolution.
# - With VALID padding the code of 20 frames does not depend on the newest 4, nor on the columns at the right edge;
#   only multiples of 8 frames lose nothing.
# - At first no code sees frames 48 and 49, and the newest counts through the residual sum alone: for 4 predictions a
#   shift of it is passed on as it is. The model of the demo data reads 16 frames, and all of them.
# - In training, 5 % of the right answer is blended into the input of the prediction that is to be judged by it.
#
# ## Exercises
#
# All five stand above, beside what they are about.
#
# ## Further reading
#
# - Li, Zhang, Lee, Lee: *Convolutional Sequence to Sequence Model for Human Dynamics*, CVPR 2018,
#   [arXiv:1805.00655](https://arxiv.org/abs/1805.00655), sections 3.1 to 3.3.
# - Bengio, Vinyals, Jaitly, Shazeer: *Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks*, NeurIPS
#   2015, [arXiv:1506.03099](https://arxiv.org/abs/1506.03099). The coin.
# - Martinez, Black, Romero: *On human motion prediction using recurrent neural networks*, CVPR 2017,
#   [arXiv:1705.02445](https://arxiv.org/abs/1705.02445). Where the residual sum and the feedback of predictions come
#   from.
# - Dumoulin, Visin: *A guide to convolution arithmetic for deep learning*, 2016,
#   [arXiv:1603.07285](https://arxiv.org/abs/1603.07285). Padding and stride, with pictures.
#
# ## Next
#
# Somebody taught the last network; who, and against whom? [04 Adversarial training](04_adversarial_training.ipynb).
#
# ## Solutions
#
# ### Solution 1: weights of a convolution

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.conv2_parameters(2 * 7 * 64 * 128)

# %% [markdown]
# ### Solution 2: columns that a unit sees

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.columns_seen(7 + 6 * 2)

# %% [markdown]
# ### Solution 3: the newest six
#
# With stride 2 a code is blind to the newest `length % 8` frames. Only multiples of 8 lose nothing, such as 16; the
# long-term encoder with its 49 frames loses one.

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.blind_frames(set(range(3 * 8, 30)))
for length in (16, 20, 23, 30):
    small = EncodingModule(8)
    small.build((None, length, columns))
    assert (influence(small, window[50 - length : 50]).sum(axis=1) == 0).sum() == length % 8

# %% [markdown]
# ### Solution 4: gaps, too
#
# Of 20 frames with stride 3 the rows are 20, 7, 2, 1, and the code sees 0, 1, 3, 4, 9, 10, 12 and 13: eight.


# %% tags=["solution"] jupyter={"source_hidden": true}
def blind_by_stride(length, stride):
    rows = length
    for _ in range(3):
        rows = (rows - 2) // stride + 1
    seen = set(range(rows))
    for _ in range(3):
        seen = {stride * unit + step for unit in seen for step in (0, 1)}
    return sorted(set(range(length)) - seen)


assert check.blind_by_stride(blind_by_stride)
assert set(range(20)) - set(blind_by_stride(20, 3)) == {0, 1, 3, 4, 9, 10, 12, 13}

# %% [markdown]
# ### Solution 5: a rollout
#
# After n predictions the n recent frames are all its own.


# %% tags=["solution"] jupyter={"source_hidden": true}
def my_roll_out(step, observed, frames):
    recent, predictions = observed, []
    for _ in range(frames):
        predicted = recent[-1] + step(recent)
        predictions.append(predicted)
        recent = np.concatenate([recent[1:], predicted[None]])
    return np.stack(predictions)


assert check.roll_out(my_roll_out)
