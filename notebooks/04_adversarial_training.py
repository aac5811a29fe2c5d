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
# # 04 Adversarial training: a critic against hesitant motion
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/ACCOUNT-NOT-DECIDED/cs2s/blob/main/notebooks/04_adversarial_training.ipynb)
#
# **What you'll do.** Watch a person whose future is the mean of two futures, set a critic on the network that predicts
# it, and measure how hard the critic pulls.
#
# **What you'll learn**
# - why the mean squared error alone teaches a network to hesitate,
# - what a discriminator is, and its losses, each one by hand in NumPy first,
# - how much the critic's term weighs, before and after a short training, and what errors are without it,
# - one training step written out, a training run that is interrupted and resumed,
# - what the curves of such a training tell, and what they hide.
#
# **What you need.** Chapter `03_generator` for the generator. Gradient descent. No GPU.
#
# **Time.** About 2 minutes to run on a laptop CPU, an estimated 4 on a GPU (it trains longer there). 33 minutes to read,
# 25 more for the exercises (an estimate: nobody was timed). The appendix on 16-bit numbers and on several machines is
# for those who need it.

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
import os

from cs2s.workbook import begin, motion_data

# In the appendix, TensorFlow would complain that most CPUs have no 16-bit arithmetic. The chapter says so itself.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
profile = begin({"smoke": 1, "cpu": 2, "gpu": 4})
dataset = motion_data()

# %% [markdown]
# ## Two futures and their mean
#
# Somebody walks, and for a moment both feet are side by side. In half of all such recordings the left foot comes
# forward next, in the other half the right. What should a network predict?
#
# Both futures are in one recording: an odd number of half strides later, the feet have changed roles. `feet_apart`
# measures how far the left foot is ahead of the right one; we begin where that is nearly 0. `roles_changed` looks for the
# lag after which the curve is upside down: one half stride, or three, whichever fits best.

# %%
from cs2s.datasets import TakeId, halved
from cs2s.workbook.figures.adversarial_training import feet_apart, roles_changed

walk = halved(dataset.motions[TakeId("test", "", "walking", 1)])
apart, frames = feet_apart(walk), 50
start = 20 + int(abs(apart[20:60]).argmin())
lag = roles_changed(apart, start, frames)
print(f"from frame {start} on; the feet have changed roles {lag} frames later")

# %% [markdown]
# Two pieces of the walk, that lag apart, are the two futures. Between them lies their mean: the same joints, each with
# the average of its two angles.

# %%
from dataclasses import replace

one, other = walk[start : start + frames], walk[start + lag : start + lag + frames]
mean = replace(one, rows=(one.rows + other.rows) / 2)
futures = {"one future": one, "the other future": other, "the mean of both": mean}

# %%
from cs2s.pictures import player, plot_film_strip
from cs2s.workbook import show

show(
    player(futures, title="two futures and their mean", azimuth=90),
    still=plot_film_strip(one, {}, frames, title="one of the futures"),
    alt="A person walks three times, seen from the side: two walks whose steps alternate, and one that glides along "
    "with its legs together.",
    caption="Both futures are recorded walks. Their mean is a person that glides: which of the three would you call "
    "motion?",
)

# %%
from cs2s.workbook.figures.adversarial_training import plot_futures

show(
    plot_futures(futures, moment=int(abs(feet_apart(one)).argmax())),
    alt="Above, three curves over time: two futures swing in opposite directions, their mean stays near zero. Below, "
    "three side views of a person: two strides, and one with the legs together.",
    caption="How far the left foot is ahead. Each future takes long steps; their mean hardly moves its feet. Below: "
    "the people at the dotted line, seen from the side (left limbs solid, right limbs dashed).",
)

# %% [markdown]
# Now let a network guess anywhere on the line between both futures: 0 is one of them, 1 the other. Which guess has the
# lowest *mean squared error*, the average of the squared differences over all numbers of both futures?

# %%
import numpy as np

guesses = np.linspace(0, 1, 5)  # below, columns from 6 on: the joints' angles, without the person's place and heading
futures_rows = np.stack([one.rows[:, 6:], other.rows[:, 6:]])
errors = [np.square(futures_rows - (1 - g) * futures_rows[0] - g * futures_rows[1]).mean() for g in guesses]
for guess, error in zip(guesses, errors, strict=True):
    print(f"guess {guess:.2f}: mean squared error {error:.4f}")

# %% [markdown]
# The middle wins, with half the error of a guess that really happens. This is no accident of walking: the mean of some
# numbers is always what has the least squared distance to them.

# %%
strides = [np.ptp(feet_apart(motion)) for motion in futures.values()]
print(f"feet swing through {strides[0]:.0f} mm, {strides[1]:.0f} mm, and {strides[2]:.0f} mm in the mean")
assert np.argmin(errors) == 2 and np.isclose(errors[2], errors[0] / 2)
assert strides[2] < 0.2 * min(strides[:2])

# %% [markdown]
# So a network that is trained on squared errors, and cannot know which future comes, should learn to hesitate; and the
# farther ahead, the more futures there are to average. Does a real one? `pretrained:demo`, the paper's network trained on
# the demo data with its critic, predicts the test windows. We measure how far joints move from frame to frame, seen from
# the hips, and divide by how far they really moved.

# %%
import contextlib
import io

from cs2s.datasets import load
from cs2s.evaluation import PAPER, evaluate, movements
from cs2s.training import load_predictor
from cs2s.workbook.figures.adversarial_training import plot_movement

with contextlib.redirect_stdout(io.StringIO()):
    predicted = evaluate(load("demo"), load_predictor("pretrained:demo"), PAPER)
moved = movements(predicted.motions)

# %%
show(
    plot_movement({"pretrained:demo": {"movement": moved}}),
    alt="A panel for each action: predicted movement over recorded movement, frame by frame. It goes up and down about one, "
    "and in the last 250 milliseconds lies below one in all five.",
    caption="Movement of the joints in eight windows of each action, predicted over recorded; 1 is as lively as the "
    "recording.",
)

# %%
for action, of_action in moved.items():
    share = of_action["predicted"] / of_action["recorded"]
    early, late = share[:5].mean(), share[15:].mean()
    print(f"{action:10s} frames 0 to 4: {early:.2f} of the recorded movement, 15 to 24: {late:.2f}")
    assert late < early and max(share[-6:]) < 1

# %% [markdown]
# Up and down, and on average less at the end than at the start, in every action: it hesitates, although it was trained
# with a critic. (It was trained for ten frames. Beyond them lies what no loss has asked for, which alone may calm it.)
#
# ### Exercise 1: seventy to thirty
#
# Of 100 futures 70 are 0 and 30 are 1, and nothing tells which one comes. First guess, then work it out: which constant has
# the lowest mean squared error, and which one the lowest mean *absolute* error? Write both, in this order, as
# `(squared, absolute)`.
#
# <details><summary>Hint</summary>Write the error as a function of the guess g, for instance
# `0.7 * g**2 + 0.3 * (1 - g) ** 2`, and try a few guesses.</details>
# <details><summary>Second hint</summary>`np.linspace(0, 1, 101)` are guesses enough; the best is number `np.argmin(...)`
# of them.</details>

# %% tags=["exercise"]
from cs2s.workbook.checks import adversarial_training as check

best = ...
check.best_guesses(best)

# %% [markdown]
# > **The paper.** A second network judges whether a whole motion looks recorded, and the generator is also trained to
# > please it, so that predictions look like real motion.
#
# ## The critic
#
# The second network is called the *discriminator*, the training of two networks against each other *adversarial*, and
# the pair a GAN, a *generative adversarial network*. The discriminator gets a whole motion, the observed frames and
# the future, and the action it claims to be. It answers with one number.

# %%
from cs2s.datasets import TrainingWindows, dataset_statistics
from cs2s.training import Settings, build_model, fake_motion

name, statistics = dataset.description.name, dataset_statistics(dataset)
settings = Settings.for_preset(name, output_length=10, window_length=16, batch_size=8)
windows = TrainingWindows(dataset, statistics, settings.output_length)
model = build_model(settings, windows.columns, windows.classes)

# %%
from cs2s.workbook.figures.generator import plot_discriminator

show(
    plot_discriminator(windows.columns, windows.classes, frames=settings.output_length),
    alt="Diagram: a recorded or a predicted motion goes through three convolutions and dense layers, joined by the "
    "action, into one number.",
    caption="The discriminator, with the shape of everything that flows. The encoding module is that of chapter 03 "
    "with more filters. How a predicted motion is put together comes further down.",
)

# %% [markdown]
# That one number is called a *logit*. The *sigmoid* turns a logit $x$ into a probability $D$ that the motion was
# recorded:
#
# $$D = \sigma(x) = \frac{1}{1 + e^{-x}}$$
#
# Logit 0 means 50 %, positive "recorded", negative "predicted". Recorded motions are called *real*, predicted ones
# *fake*. (`fake_motion` puts a fake together; how, comes further down.) A fresh discriminator cannot
# tell them apart:

# %%
real, labels = windows.draw(8, seed=0, iteration=0)
predicted = model.rollout(real, training=False)
real_logits = model.discriminator(real, labels).numpy()
fake_logits = model.discriminator(fake_motion(real, predicted, settings.options), labels).numpy()


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


print("D of 8 recorded motions: ", sigmoid(real_logits).round(2))
print("D of their predictions:  ", sigmoid(fake_logits).round(2))

# %% [markdown]
# ## How wrong is a probability?
#
# *Cross-entropy* is the minus logarithm of the probability that was given to the truth. Certain and right costs 0;
# certain and wrong costs without limit. For recorded motion the cost is $-\log D$, for predicted motion
# $-\log (1 - D)$. In NumPy:


# %%
def cost(logits, recorded):
    probability = sigmoid(logits) if recorded else 1 - sigmoid(logits)
    return -np.log(probability)


for logit in (-4, 0, 4):
    print(f"logit {logit:+d}: costs {cost(logit, True):.3f} if recorded, {cost(logit, False):.3f} if predicted")

# %% [markdown]
# At logit 0 each cost is $\log 2 = 0.693$. The discriminator's loss is the sum of both mean costs, so knowing nothing
# costs $2 \log 2 = 1.386$. Remember this number: it is the yardstick for every curve below. Our fresh discriminator is
# close to it:

# %%
by_hand = cost(real_logits, True).mean() + cost(fake_logits, False).mean()
loss, _ = model.discriminator_losses(real, labels, predicted, training=False)
print(f"by hand {by_hand:.4f}, of the model {float(loss):.4f}, 2 log 2 = {2 * np.log(2):.4f}")
assert np.isclose(by_hand, loss, rtol=1e-4) and abs(by_hand - 2 * np.log(2)) < 0.1

# %% [markdown]
# TensorFlow has this function ready. It also survives a logit of 100, at which `1 - sigmoid` is exactly 0 in NumPy,
# and its logarithm infinite:

# %%
import tensorflow as tf

ready = tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.zeros(8), logits=fake_logits)
np.testing.assert_allclose(ready, cost(fake_logits, False), rtol=1e-5)
print(tf.nn.sigmoid_cross_entropy_with_logits(labels=[0.0], logits=[100.0]).numpy())

# %% [markdown]
# ### Exercise 2: the discriminator's loss
#
# Write the discriminator's loss from two arrays of logits, of recorded and of predicted motions, without calling `cost`:
# the sum of both mean cross-entropies, and finite at logits of 1000, too. Before you run it, predict what it is for logits
# that are all 0.
#
# <details><summary>Hint</summary>$-\log D$ of a logit x is $\log (1 + e^{-x})$; what is $-\log (1 - D)$?</details>
# <details><summary>Second hint</summary>`np.logaddexp(0, x)` is $\log (e^0 + e^x)$, for any x.</details>


# %% tags=["exercise"]
def discriminator_loss(real_logits, fake_logits):
    return ...


check.discriminator_loss(discriminator_loss)

# %% [markdown]
# ## What the generator wants
#
# The generator wants the discriminator to fail. On predicted motions the discriminator minimises the mean of
# $-\log (1 - D)$, so the first idea is to let the generator minimise the opposite, the mean of $\log (1 - D)$. Look
# what that does while the discriminator is winning, that is at very negative logits. The controls move the point:

# %%
import ipywidgets as widgets

from cs2s.workbook import slider_picture
from cs2s.workbook.figures.adversarial_training import plot_generator_losses

slider_picture(plot_generator_losses, logit=widgets.FloatSlider(-4, min=-7, max=7, step=0.5))

# %%
show(
    plot_generator_losses(-4),
    alt="Left: two falling loss curves over the logit. Right: their slopes; at logit -4 one is almost 0, the other "
    "almost -1.",
    caption="Left: both losses fall as the logit rises, so both want the same. Right: how hard they push. Where the "
    "discriminator is sure (left part), the first loss pushes with almost nothing.",
)

# %% [markdown]
# The slope of $\log (1 - D)$ by the logit is $-D$: a bad generator, which needs the push most, gets none. The loss
# *saturates*. The usual cure (Goodfellow et al. 2014) is to minimise $-\log D$ instead, which wants the same and
# has the slope $D - 1$. This *non-saturating* loss is what the paper's code uses. The slopes, by automatic
# differentiation:

# %%
logit = tf.Variable(-4.0)
for name_of_loss, sign, target in (("log(1 - D)", -1, 0.0), ("-log D", 1, 1.0)):
    with tf.GradientTape() as tape:
        value = sign * tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=logit)
    print(f"slope of {name_of_loss} at logit -4: {float(tape.gradient(value, logit)):.3f}")

# %% [markdown]
# ## A toy with two futures
#
# What would the best of all critics do? Take the smallest case: the future is a number, about -1 in half of the
# recordings and about 1 in the other half, each blurred a little (a normal distribution of deviation 0.5). The generator
# has *no noise*, as the paper's has none: for one past it has one answer, and its predictions are that answer, blurred alike. Its objective is squared error + weight times $(-\log D)$, and the critic is the best there
# is, at every moment: it knows how densely recordings and predictions lie. Move its weight:

# %%
from cs2s.workbook.figures.adversarial_training import plot_two_futures

weights_of_critic = [0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1, 3, 10, 100]
slider_picture(plot_two_futures, weight=widgets.SelectionSlider(value=0.01, options=weights_of_critic))

# %%
show(
    plot_two_futures(1),
    alt="Left: two heaps of recordings at -1 and 1, a heap of predictions at 0.58, and the critic's D, lowest between "
    "0 and the predictions. Right: the answer stays at 0 for weights below 0.19, then climbs towards 1.",
    caption="At weight 1 the answer has left the mean, and rests on its way to one of the futures. Below 0.19 it "
    "does not move at all.",
)

# %%
from cs2s.workbook import resting_place

for weight in (0.01, 0.1, 0.2, 1, 10):
    print(f"weight {weight:5.2f}: the answer rests at {resting_place(weight):.2f}")
assert resting_place(0.01) == resting_place(0.18) == 0 < resting_place(0.2) and 0.9 < resting_place(10) < 1

# %% [markdown]
# Three things to take along:
#
# - A critic of small weight changes *nothing*: the squared error holds the answer at the mean. There is a threshold.
# - Above it, the answer goes to *one* of the futures; chance, at the start, decides to which. From then on it is always
#   that one. This is all that a generator without
#   noise can do: one past, one future. Half of the time it is the wrong one. At 1, the squared error is 0 or 4, 2 in the
#   mean, where the answer 0 has 1: predictions that look right are paid for in error.
# - The best critic's loss says how far apart recordings and predictions are (2 log 2 less twice what is called their
#   *Jensen-Shannon divergence*). Even at weight 100 it stays far below 2 log 2: two heaps are no single heap.
#
# ### Exercise 3: what the best critic loses
#
# What is the best critic's loss if predictions lie exactly as recordings do, and what if they have no place in common?
# Write both as `(alike, apart)`.
#
# <details><summary>Hint</summary>What is D where both are equally dense? And where there are only recordings?</details>
# <details><summary>Second hint</summary>The loss is the sum of two mean costs; the table with logit 0 has one.</details>

# %% tags=["exercise"]
losses_of_best = ...
check.best_losses(losses_of_best)

# %% [markdown]
# ### Exercise 4: half as blurred
#
# *Predict, then test*: if recordings and predictions are blurred by 0.25 in place of 0.5, does the answer leave the mean
# at a `"smaller"` weight, a `"larger"` one, or `"the same"`? `resting_place(weight, blur=0.25)` tells.
#
# <details><summary>Hint</summary>The critic pushes up the hills of the recordings. What happens to the hills?</details>
# <details><summary>Second hint</summary>Try weights between 0.001 and 1, and look where the answer is no longer 0.</details>

# %% tags=["exercise"]
at_a_weight = ...
check.leaves_the_mean(at_a_weight)

# %% [markdown]
# ## The whole objective
#
# The generator minimises a sum of three terms:
#
# $$\text{mean squared error} + 0.01 \cdot \text{mean}(-\log D) + 0.001 \cdot \tfrac{1}{2} \sum w^2$$
#
# The third one keeps weights small. It sums over every *kernel* weight $w$, those that multiply; the *biases*, those
# that are added, go free. It is called *L2 penalty*.

# %%
kernels = [weight.numpy() for weight in model.generator.trainable_variables if "kernel" in weight.path]
terms = {
    "mean squared error": float(np.square(real[:, 50:] - predicted).mean()),
    "GAN": settings.gan_loss_weight * float(cost(fake_logits, True).mean()),
    "L2": settings.l2_weight * sum(float(np.square(kernel).sum()) for kernel in kernels) / 2,
}
print({term: round(value, 4) for term, value in terms.items()})

# %%
reconstruction, without_penalty, objective = model.generator_losses(real, labels, training=False)
assert np.isclose(sum(terms.values()), objective, rtol=1e-4)
assert np.isclose(terms["mean squared error"] + terms["GAN"], without_penalty, rtol=1e-4)

# %% [markdown]
# The GAN term looks tiny. But a loss can be large and push nowhere; what moves the weights is its *gradient*, the
# slopes by all weights. So we also measure the length of each term's gradient.


# %%
def gradient_lengths(model):
    """Return the length of each term's gradient by the generator's weights, on the batch above."""
    weights = [weight.value for weight in model.generator.trainable_variables]
    with tf.GradientTape(persistent=True) as tape:  # persistent: it will be asked for three gradients
        reconstruction, loss, objective = model.generator_losses(real, labels, training=False)
        parts = {"mean squared error": reconstruction, "GAN": loss - reconstruction, "L2": objective - loss}
    # TensorFlow gives None for a weight that a part does not depend on.
    return {
        term: float(tf.linalg.global_norm([g for g in tape.gradient(part, weights) if g is not None]))
        for term, part in parts.items()
    }


lengths = gradient_lengths(model)
print({term: f"{length:.2g}" for term, length in lengths.items()})

# %%
from cs2s.workbook.figures.adversarial_training import plot_objective

show(
    plot_objective(terms, lengths),
    alt="Left, one bar: L2 is most of the value, the GAN term a thin line. Right, three points on a scale of powers of "
    "ten: the mean squared error's gradient is the longest, the GAN term's the shortest.",
    caption="The three terms before training. Values add up to the objective, so they share a bar. Gradients point in "
    "different directions, so their lengths do not add; each step of the scale is a factor of ten.",
)

# %%
gan_share, ratio = terms["GAN"] / sum(terms.values()), lengths["mean squared error"] / lengths["GAN"]
print(f"GAN: {gan_share:.2%} of the value; the mean squared error's gradient is {ratio:.0f} times as long")
assert gan_share < 0.01 and ratio > 100

# %% [markdown]
# > **Our finding.** At the start, adversarial training is hardly adversarial: the GAN term is under 1 % of the objective,
# > and its gradient less than a hundredth as long as the mean squared error's. *Predict*: does that change while both
# > networks learn?
#
# ## One step, by hand
#
# One iteration of the training is two steps, each on a batch of its own. First the discriminator learns, while the
# generator stands still; then the other way round. A `GradientTape` records what is computed, so that TensorFlow can
# differentiate it.


# %%
def step(optimizer, network, objective):
    """Take one step of gradient descent on the weights of one network."""
    with tf.GradientTape() as tape:
        value = objective()
    weights = network.trainable_variables
    gradients = tape.gradient(value, [weight.value for weight in weights])
    optimizer.apply_gradients(zip(gradients, weights, strict=True))


# %% [markdown]
# The discriminator's objective is its loss plus the same kind of penalty on its own kernels. Dropout stays off here,
# so that before and after can be compared.

# %%
before = float(loss)
step(
    model.discriminator_optimizer,
    model.discriminator,
    lambda: model.discriminator_losses(real, labels, predicted, training=False)[1],
)
after = float(model.discriminator_losses(real, labels, predicted, training=False)[0])
print(f"discriminator loss {before:.4f} -> {after:.4f}")
assert after < before

# %% [markdown]
# Then the generator's step, on a batch of its own:

# %%
batch = windows.draw(8, seed=0, iteration=0, stream=1)
before = float(model.generator_losses(*batch, training=False)[1])
step(model.generator_optimizer, model.generator, lambda: model.generator_losses(*batch, training=False)[2])
after = float(model.generator_losses(*batch, training=False)[1])
print(f"generator loss {before:.4f} -> {after:.4f}")
assert after < before

# %% [markdown]
# `ConvSeq2Seq.train_step` is these two steps, with dropout on. Both use *Adam*, gradient descent that gives every
# weight a step width of its own. The common factor, the *learning rate*, is 0.00005 in the authors' code, times 0.99 after
# every 10,000 iterations.
#
# ### Exercise 5: a staircase
#
# *Predict* by how much the rate falls among the paper's 20,000 iterations, of which the first has the number 0: by a half,
# by a tenth, by a hundredth? Then write the rate as a function of the number of iterations done before.
#
# <details><summary>Hint</summary>How often has it fallen when 9,999 iterations are done, how often when 10,000 are?</details>
# <details><summary>Second hint</summary>`//` divides and rounds down; each fall multiplies by 0.99 once more.</details>


# %% tags=["exercise"]
def rate_after(iteration):
    return ...


check.learning_rate(rate_after)

# %% [markdown]
# What the optimiser really uses in the first 20,000 iterations:

# %%
schedule = model.generator_optimizer._learning_rate
rates = [float(schedule(iteration)) for iteration in range(20_000)]
print(f"{len(set(rates))} rates: {', '.join(f'{rate:.3e}' for rate in sorted(set(rates), reverse=True))}")
assert len(set(rates)) == 2 and np.isclose(min(rates) / max(rates), 0.99)

# %% [markdown]
# > **Our finding.** In the paper's 20,000 iterations, the rate falls once, by 1 %. It is as good as constant.
#
# ## What is shown as fake
#
# The discriminator judges whole motions. A predicted one should be the 50 observed frames, 0 to 49, then the
# prediction. Is it? `fake_motion` puts together what the discriminator is shown. We give it a motion that has its own
# frame numbers as values, 0 to 59, and a prediction that is all -1.

# %%
from cs2s.networks import VARIANTS


def shown_as_fake(variant):
    """Return the values that the discriminator is shown, for a motion whose values are its frame numbers."""
    numbered = np.arange(60, dtype=np.float32).reshape(1, 60, 1)
    return fake_motion(numbered, -np.ones((1, 10, 1), np.float32), VARIANTS[variant]).numpy().ravel()


print(len(shown_as_fake("paper")), "places; the first three:", shown_as_fake("paper")[:3].astype(int))

# %% [markdown]
# ### Exercise 6: the past that is shown
#
# Which 50 frames of the true motion precede the prediction in what the paper's discriminator is shown? Guess; then look,
# at the places around the seam; then write their numbers, as a list.
#
# <details><summary>Hint</summary>`shown_as_fake("paper")[46:54]` shows the seam; -1 is the prediction.</details>
# <details><summary>Second hint</summary>One frame is missing, and one is of the future. `[*range(3), 7]` is
# `[0, 1, 2, 7]`.</details>

# %% tags=["exercise"]
shown_past = ...
check.frames_shown(shown_past)

# %% [markdown]
# Look at the seam before you read on.

# %%
print("places 46 to 53 of what is shown:", shown_as_fake("paper")[46:54].astype(int))

# %% [markdown]
# 46, 47, 48, then 50. Frame 49, the last observed one, is missing. In its place is frame 50: the true frame that is to
# be predicted first. Then comes the prediction of that frame once more. So it is in
# the authors' code.
#
# How large is the slip? Suppose a perfect generator, whose prediction is the truth. We put its motions together as
# the discriminator is shown them, and measure how far the joints move from frame to frame.

# %%
from cs2s.datasets import test_windows
from cs2s.workbook.figures.adversarial_training import step_sizes

walking = next(w for w in test_windows(dataset, statistics, frames=10) if w.action == "walking")
order = {"recorded": [*range(60)], "perfect prediction, shown as fake": [*range(49), 50, *range(50, 60)]}
steps = {
    label: np.mean([step_sizes(replace(walk, rows=rows[places])) for rows in walking.motion.rows], axis=0)
    for label, places in order.items()
}

# %%
from cs2s.workbook.figures.adversarial_training import plot_steps

show(
    plot_steps(steps),
    alt="Movement from frame to frame. The recorded curve is even; the other jumps to twice its height at place 49 and "
    "falls to zero at place 50.",
    caption="Mean movement of the joints in eight windows of walking. In what is shown as fake, even a perfect "
    "prediction has a double step at place 49 and stands still at place 50.",
)

# %%
recorded, fake = steps.values()  # entry 48 is the movement from place 48 to place 49
print(f"at place 49: {recorded[48]:.1f} mm recorded, {fake[48]:.1f} mm shown; at place 50: {fake[49]:.1f} mm")
assert 1.8 < fake[48] / recorded[48] < 2.2 and fake[49] == 0

# %% [markdown]
# > **Our finding.** The seam gives every fake away, however good it is: a step of double size, then none. The generator
# > can only hide it by moving its first frames away from the truth. Whether the discriminator goes by it is another
# > question; the curves below do not answer it.
#
# The option `fake_past` mends it; the preset `"corrected"` sets it, with the other slips of chapter `03_generator`.

# %%
whole = shown_as_fake("corrected")
print("places 46 to 53, corrected:", whole[46:54].astype(int))
assert (whole[:50] == np.arange(50)).all()

# %% [markdown]
# ## A training run
#
# A *run* is a folder: the settings, the normalisation, the history of losses and errors, and *checkpoints*, files from
# which the training can go on. Ours is short, with a learning rate twenty times the paper's, to see something in a
# minute.

# %%
import tempfile
from pathlib import Path

from cs2s.files import made_by
from cs2s.training import Run

iterations = {"smoke": 4, "cpu": 60, "gpu": 2000}[profile]
settings = replace(settings, iterations=iterations, checkpoint_interval=iterations // 2, learning_rate=1e-3)
folder = tempfile.TemporaryDirectory()
run = Run.create(Path(folder.name) / "run", settings, made_by(data=dataset.fingerprint), statistics)

# %% [markdown]
# `train` does all the rest. It tells the error at each checkpoint. This training does not finish: the *callback* `Diary`,
# which writes down the losses of every single iteration, stops it at three quarters, half-way between two checkpoints.

# %%
from cs2s.training import train
from cs2s.workbook import Diary

first = Diary(settings.checkpoint_interval, stop=3 * iterations // 4)
with contextlib.redirect_stdout(io.StringIO()):
    train(run, dataset, verbose=0, callbacks=[first])
print(f"stopped after {first.rows[-1]['iteration']} iterations; checkpoints: {run.checkpoints}")
assert run.checkpoints == [iterations // 2]

# %% [markdown]
# ## Interrupted, resumed
#
# A quarter of the work is lost: the iterations since the checkpoint. What does a checkpoint hold?

# %%
import h5py

with h5py.File(run.checkpoint_file(run.choose_checkpoint())) as file:
    for part, group in file.items():
        sizes = []  # visititems calls a function with everything in the group; only arrays have a size
        group.visititems(lambda _, item, sizes=sizes: sizes.append(item.size) if hasattr(item, "size") else None)
        print(f"{part:25s}{len(sizes):4d} arrays{sum(sizes) / 1e6:8.2f} million numbers")

# %% [markdown]
# The weights of both networks. Two optimisers, each twice the size of its network, because Adam keeps two numbers for
# every weight; they also count the iterations. And `vars`: the states of all random generators, so that dropout
# goes on with the same draws. The windows of a batch need no state, because they depend on the seed and the iteration
# number alone. To resume means to open the run and train it:

# %%
run = Run.open(run.folder)
second = Diary(settings.checkpoint_interval)
with contextlib.redirect_stdout(io.StringIO()):
    trained = train(run, dataset, verbose=0, callbacks=[second])
print(f"resumed at iteration {second.rows[0]['iteration']}; checkpoints: {run.checkpoints}")

# %% [markdown]
# Some iterations were now computed twice: once before the interruption, once after it. Are they the same?
# But for the last digits: numbers of 32 bits are rounded, and sums of them round by the order in which they are added.

# %%
again = {row["iteration"]: row for row in second.rows}
twice = [(row, again[row["iteration"]]) for row in first.rows if row["iteration"] in again]
difference = max(abs(a[loss] / b[loss] - 1) for a, b in twice for loss in a)
print(f"{len(twice)} iterations computed twice; losses differ by {difference:.1e} at most, relatively")
# On a GPU, parallel sums in changing order make the last digits differ, and training lets them grow.
assert profile == "gpu" or difference < 0.01

# %%
from cs2s.workbook.figures.adversarial_training import plot_resumed

show(
    plot_resumed(first.rows, second.rows),
    alt="Three panels of losses over iterations: reconstruction falls, GAN loss and discriminator loss move about the "
    "lines of a discriminator that cannot tell; where the resumed training repeats iterations, its rings lie on the "
    "first curve.",
    caption="Every iteration's losses, each on its own random batch, hence the noise. Rings: the resumed training. "
    "Where it repeats iterations, the rings sit on the line.",
)

# %% [markdown]
# With the option `--deterministic` a training that is killed anywhere and resumed ends in the same bits as one that
# never was; `tests/training/test_training.py` kills one twice, once while it writes a checkpoint, and compares
# every array. To go beyond what was planned, `run.continued` changes the number of iterations, and refuses to
# change anything else:

# %%
from cs2s.errors import InputError

print(run.continued({"iterations": 2 * iterations}).settings.iterations, "iterations planned now")
try:
    run.continued({"batch_size": 16})
except InputError as refusal:
    print("refused:", str(refusal).split(",")[0])

# %% [markdown]
# Did it learn? The history has the mean reconstruction of each stretch, and the errors on the test windows at each
# checkpoint. The first falls; the others may still go up or down after so few iterations.

# %%
for row in run.read_history():
    print({label: row[label] for label in ("iteration", "reconstruction", "test_error_f1", "test_error_f9")})
rows = [row["reconstruction"] for row in first.rows + second.rows]
assert profile == "smoke" or np.mean(rows[-10:]) < np.mean(rows[:10])

# %% [markdown]
# And the pull of the GAN term, now that the generator is better?

# %%
lengths_after = gradient_lengths(trained)
ratio_after = lengths_after["mean squared error"] / lengths_after["GAN"]
print({term: f"{length:.2g}" for term, length in lengths_after.items()}, f"ratio {ratio:.0f} -> {ratio_after:.0f}")
assert ratio_after < ratio

# %% [markdown]
# The ratio has fallen: the better the generator, the less its squared error pulls, while the critic learns. So what was
# said of the start does not hold later.
#
# ## Two thousand iterations
#
# How far does it fall? Two longer trainings, on the demo data at this chapter's learning rate and on CMU at six times the
# paper's, were looked at from checkpoint to checkpoint, each time on the same four batches of what they train on, without
# dropout (`make critic`). The ratio begins at 3,000. *Predict* where it ends: above 100, above 1, or below?

# %%
import csv
import json

from cs2s.files import data_file
from cs2s.workbook.figures.adversarial_training import plot_critic, pulls

studies = json.loads(data_file("results/critic_study.json").read_text())
long = {"demo": studies["critic-demo"], "CMU": studies["critic-cmu"]}
show(
    plot_critic(long),
    alt="Four panels over 2,000 iterations: the ratio of the pulls falls from thousands below ten and stays above one; the "
    "critic is right more and more often; reconstruction and discriminator loss fall.",
    caption="One training each. Top left: how many times as long the squared error's gradient is as the critic's, times its "
    "weight of 0.01. Top right: 50 % is a guess.",
)

# %%
for name, study in long.items():
    told = zip([moment["iteration"] for moment in study["checkpoints"]], pulls(study), strict=True)
    print(
        f"{name:5s}", {iteration: round(float(r), 1) for iteration, r in told if iteration in (0, 200, 600, 1000, 2000)}
    )
    assert pulls(study)[0] > 2900 and min(pulls(study)[1:]) > 1 and max(pulls(study)[1:]) < 10

# %% [markdown]
# > **Our finding.** Within 200 iterations the ratio falls below 10, and from then on it stays between 1.1 and 9.5, on both
# > data sets: the squared error leads, but the critic is no longer negligible. Meanwhile the critic wins: after 2,000
# > iterations it takes nine motions of ten for what they are. (One training each, at rates above the paper's.)
#
# ## Three critics
#
# Now to the title: does a critic make people move? Three trainings on the demo data, alike but for the critic's weight: 0,
# the authors' 0.01, and 1. Here is the same window of a walk, from the part of its take that was held out. *Guess* first: who
# hesitates?

# %%
weights = {"weight 0": "critic-demo-none", "weight 0.01": "critic-demo", "weight 1": "critic-demo-strong"}


def person(run, future):
    """Return ten recorded frames, and what a run's study says came next, or what it predicted."""
    shown = studies[run]["shown"]
    rows = shown["recorded"][:10] + (shown["recorded"][10:] if future == "recorded" else shown["predicted"])
    return replace(walk, rows=np.array(rows), fps=shown["fps"])


# %%
guesses = {name: person(run, "predicted") for name, run in weights.items()}
happened = person("critic-demo", "recorded")
show(
    player({"what happened": happened, **guesses}, 10, predicted=list(guesses), title="critics of three weights"),
    still=plot_film_strip(happened, guesses, 10, title="critics of three weights"),
    alt="A person walks on; beside it three predictions, which all take half a step and then nearly stand.",
    caption="Ten observed frames, then a second. With a critic or without: all three come to a halt.",
)

# %% [markdown]
# One window may mislead; here are all that were held out, by action.

# %%
show(
    plot_movement({name: studies[run] for name, run in weights.items()}),
    alt="A panel for each of five actions: predicted movement over recorded movement for three weights. All three curves fall "
    "with time and cross each other.",
    caption="Movement of the joints, predicted over recorded, in windows that were held out. Which curve is the strong "
    "critic's?",
)

# %%
late = {}
for name, run in weights.items():
    moves = studies[run]["movement"]
    late[name] = {a: np.divide(m["predicted"], m["recorded"])[15:].mean() for a, m in moves.items()}
    print(f"{name:12s} frames 15 to 24:", {action: round(float(share), 2) for action, share in late[name].items()})
livelier = [max(late, key=lambda name, action=action: late[name][action]) for action in late["weight 1"]]
assert max(max(of_action.values()) for of_action in late.values()) < 1 and len(set(livelier)) == 3

# %% [markdown]
# > **Our finding.** In these trainings a critic does not cure hesitation. In frames 15 to 24 everybody moves less than was
# > recorded, whatever the weight, and which weight is liveliest depends on the action.
#
# Why not, if it works in the toy? A guess: there nobody can know which future comes. How a walk goes on, its past tells; a
# network that stands still on windows it never saw may lack knowledge rather than courage, and a critic does not tell what
# comes. And the critic of weight 1 has a story of its own:

# %%
strong = studies["critic-demo-strong"]["checkpoints"][-1]
print(
    {name: round(strong[name], 3) for name in ("discriminator_loss", "right_recorded", "right_predicted", "pull_gan")}
)
assert abs(strong["discriminator_loss"] - 2 * np.log(2)) < 0.01 and strong["right_predicted"] == 0
assert strong["pull_gan"] < 0.01 * studies["critic-demo"]["checkpoints"][-1]["pull_gan"]

# %% [markdown]
# It takes every motion for recorded, its loss is that of one who knows nothing, and its pull is gone. A generator that
# listens to its critic a hundred times as closely has learned to please it, and not by moving: by what, the numbers do not
# say. "Cannot tell" in the table below is not the same as "is like recorded motion".
#
# ## With and without
#
# What does the critic change in the error? The paper's model was trained on CMU for 1,500 iterations, at ten times the
# paper's rate, which falls to .3 of it after every 500: with its critic from three seeds (other starting weights and
# batches), and once without. The errors are those of *held-out* windows, cut from the ends of the training files and not
# trained on. Guess, with the toy in mind: whose error is lower?


# %%
def history_of(name):
    """Return the rows that a training has left in data/results."""
    with open(data_file(f"results/{name}"), newline="") as file:
        return list(csv.DictReader(file))


critics = {"critic, seed 0": "paper", "seed 1": "another-seed", "seed 2": "third-seed", "no critic, seed 0": "no-gan"}
ended = {name: history_of(f"ablations/{run}.csv")[-1] for name, run in critics.items()}
for name, row in ended.items():
    print(f"{name:18s}", {f"f{frame}": round(float(row[f"validation_error_f{frame}"]), 3) for frame in (1, 9, 24)})

# %%
errors_at = {f: [float(row[f"validation_error_f{f}"]) for row in ended.values()] for f in (1, 9, 24)}
assert all(errors_at[f][3] < min(errors_at[f][:3]) for f in (1, 24)) and errors_at[9][3] > min(errors_at[9][:3])
at_500 = [
    {row["iteration"]: float(row["validation_error_f24"]) for row in history_of(f"ablations/{run}.csv")}["500"]
    for run in critics.values()
]
assert at_500[3] > min(at_500[:3])

# %% [markdown]
# > **Our finding.** After 1,500 iterations without the critic, the angle error of held-out windows is lower at frames 1 and
# > 24 than with it, from any of the three seeds, and among them at frame 9. It is one training without, and at iteration
# > 500 it was not ahead yet. As in the toy, the critic does not lower the error. That is not what it is for.
#
# ## Reading the losses of a GAN
#
# In most trainings a falling loss is good news. Here two networks pull at each other, and each loss depends on the
# other network.
#
# | discriminator loss | what it says | what to do |
# |---|---|---|
# | near 1.386 | it cannot tell: fakes are perfect, or it has learned nothing | look at the predictions |
# | falling towards 0 | it wins; the generator no longer fools it | lower its rate, or raise the GAN weight |
# | above 1.386 for long | it is worse than guessing: unstable | lower both learning rates |
#
# A longer training, made once on the CMU recordings and kept in `data/results/` (`make results`; 1,500 iterations, at six
# times the paper's rate):

# %%
from cs2s.workbook.figures.adversarial_training import plot_history

history = history_of("cmu_main_job_history.csv")
show(
    plot_history(history),
    alt="Three panels over the iterations of a training on CMU: discriminator loss with a line at 1.386, "
    "reconstruction, and test errors at two frames.",
    caption="CMU, 1,500 iterations. Each point is the mean since the one before it, or the test error at that time. "
    "Compare where each panel stops improving.",
)

# %%
judged = [float(row["discriminator_loss"]) for row in history]
tested = [float(row["test_error_f9"]) for row in history]
rebuilt = [float(row["reconstruction"]) for row in history]
print(f"discriminator loss {judged[0]:.2f} -> {judged[-1]:.2f} (cannot tell: {2 * np.log(2):.2f})")
print(f"reconstruction {rebuilt[0]:.2f} -> {rebuilt[-1]:.2f}, error at frame 9 {tested[0]:.2f} -> {tested[-1]:.2f}")
assert judged[-1] < judged[0] < 2 * np.log(2) and rebuilt[-1] < 0.5 * rebuilt[0] and tested[-1] > 0.9 * tested[0]

# %% [markdown]
# The discriminator wins, more clearly from stretch to stretch: it can tell predictions from recordings. It may go by the
# seam at frame 49, which gives each of them away; and even without it one past has one prediction and many futures.
#
# The reconstruction falls to less than half, the error at frame 9 by less than a tenth, and not steadily. The one is
# measured on the takes that are learned from, the other on takes that were never seen.
#
# > **Our finding.** The authors' code has no *validation set*, no third part of the data to decide by when to stop, such as
# > the held-out windows above. The errors that it watches while training are those of the test takes themselves, and this
# > run of ours watched them too. Whoever picks the best checkpoint by them reports a number that is too good. Ours takes
# > the last checkpoint unless told otherwise, and `--watch validation` holds windows out.
#
# ## What you found
#
# - Of two equally likely futures, the mean has half the squared error of either, and hardly moves. The paper's network,
#   critic and all, moves less in its last ten frames than in its first five, in all five actions.
# - A discriminator that knows nothing has the loss 2 log 2 = 1.386. The best one's loss measures how far apart recordings
#   and predictions are.
# - In a toy of two futures, a critic below a weight of 0.19 changes nothing; above it, the answer goes to one of the
#   futures, and its squared error rises.
# - Before training, the GAN term is less than 1 % of the generator's objective, its gradient less than a hundredth as long
#   as the mean squared error's. Within 200 iterations that ratio falls below 10, and in 2,000 it stays above 1.
# - On the demo data, critics of weight 0, 0.01 and 1 leave people as hesitant as each other (one training each). The
#   strongest ends up knowing nothing.
# - On CMU, 1,500 iterations without the critic give a lower error at frames 1 and 24 than with it (one training, three).
# - What is shown as fake lacks frame 49 and holds the true frame 50: a step of double size, then none, even for a
#   perfect prediction. `fake_past` mends it.
# - A training that is stopped resumes from its last checkpoint with the same losses, but for their last digits.
# - In 1,500 iterations on CMU the discriminator wins. The learning rate falls by 1 % in 20,000, and the test error is
#   watched while training.
#
# ## Exercises
#
# Six stand above, beside what they are about. The last one needs the gradients.
#
# ### Exercise 7: as strong as the error
#
# You have measured the length of the squared error's gradient, and that of the GAN term *at a certain weight*. At which
# weight would both be equally long? First guess it for the lengths before the training: less than 1, or more?
#
# <details><summary>Hint</summary>What happens to the length of a gradient when its loss is doubled?</details>
# <details><summary>Second hint</summary>It doubles. So how many times the present weight is needed?</details>


# %% tags=["exercise"]
def equal_pull(reconstruction_length, gan_length, weight):
    return ...


check.equal_pull(equal_pull)

# %% [markdown]
# ## Further reading
#
# - Goodfellow et al.: *Generative Adversarial Nets*, NIPS 2014, [arXiv:1406.2661](https://arxiv.org/abs/1406.2661).
#   The idea, and the non-saturating loss in its section 3.
# - Mathieu, Couprie, LeCun: *Deep multi-scale video prediction beyond mean square error*, ICLR 2016,
#   [arXiv:1511.05440](https://arxiv.org/abs/1511.05440). The mean of two futures, in video, where it blurs.
# - Micikevicius et al.: *Mixed Precision Training*, ICLR 2018, [arXiv:1710.03740](https://arxiv.org/abs/1710.03740).
#
# ## Next
#
# A loss is no verdict. [05 Error evaluation](05_error_evaluation.ipynb) takes apart the number by which predictions
# are compared.
#
# ## Solutions
#
# ### Solution 1: mean and median

# %% tags=["solution"] jupyter={"source_hidden": true}
tried = np.linspace(0, 1, 101)
by_square = tried[np.argmin(0.7 * tried**2 + 0.3 * (1 - tried) ** 2)]
by_distance = tried[np.argmin(0.7 * abs(tried) + 0.3 * abs(1 - tried))]
assert check.best_guesses((by_square, by_distance))

# %% [markdown]
# ### Solution 2: both sides


# %% tags=["solution"] jupyter={"source_hidden": true}
def discriminator_loss(real_logits, fake_logits):
    return np.logaddexp(0, -real_logits).mean() + np.logaddexp(0, fake_logits).mean()


assert check.discriminator_loss(discriminator_loss)

# %% [markdown]
# ### Solution 3: a coin, and certainty

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.best_losses((2 * np.log(2), 0))

# %% [markdown]
# ### Solution 4: steeper hills

# %% tags=["solution"] jupyter={"source_hidden": true}
for weight in (0.001, 0.01, 0.1):
    print(weight, round(resting_place(weight, blur=0.25), 2))
assert check.leaves_the_mean("smaller")

# %% [markdown]
# ### Solution 5: by a hundredth


# %% tags=["solution"] jupyter={"source_hidden": true}
def rate_after(iteration):
    return 5e-5 * 0.99 ** (iteration // 10_000)


assert check.learning_rate(rate_after)

# %% [markdown]
# ### Solution 6: 49 is missing

# %% tags=["solution"] jupyter={"source_hidden": true}
assert check.frames_shown([*range(49), 50])

# %% [markdown]
# ### Solution 7: so many times the weight


# %% tags=["solution"] jupyter={"source_hidden": true}
def equal_pull(reconstruction_length, gan_length, weight):
    return weight * reconstruction_length / gan_length


assert check.equal_pull(equal_pull)
print(f"for the lengths above: {equal_pull(lengths['mean squared error'], lengths['GAN'], 0.01):.1f}")

# %% [markdown]
# ## Appendix: GPUs, numbers of 16 bits, several machines
#
# The same code runs there. This asks TensorFlow what it can use:

# %%
print(len(tf.config.list_physical_devices("GPU")), "GPUs,", len(tf.config.list_physical_devices("CPU")), "CPU device")

# %% [markdown]
# How long does one training iteration take, and so the paper's 20,000? The first one takes longest, because TensorFlow
# compiles the step then; we take the shortest of four. The setting `precision` says in what numbers the layers compute;
# it is explained below the table.

# %%
import time

from cs2s.training import training_batches


def seconds_an_iteration(network, count=4):
    """Measure training iterations; return the shortest, which other work on the machine disturbed least."""
    seconds = []
    for iteration in range(count):
        began = time.perf_counter()
        network.fit(training_batches(windows, network.settings, iteration, iteration + 1), verbose=0, shuffle=False)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


# %%
tf.get_logger().setLevel("ERROR")  # a new model each time means to compile each time, of which TensorFlow would warn
# Most CPUs only imitate 16 bits: of large batches that takes minutes, and tells nothing.
halves = ["mixed_bfloat16", "mixed_float16"] if tf.config.list_physical_devices("GPU") else []
cases = {
    "smoke": [(8, "float32")],
    "cpu": [(8, "float32"), (16, "float32"), (8, "mixed_bfloat16")],
    "gpu": [(size, precision) for size in (16, 64) for precision in ["float32", *halves]],
}
for size, precision in cases[profile]:
    told = replace(settings, batch_size=size, precision=precision)
    # The model trained above is compiled already.
    network = trained if told == trained.settings else build_model(told, windows.columns, windows.classes)
    seconds = seconds_an_iteration(network)
    print(f"batch {size:2d}, {precision:14s}: {seconds:.3f} s; 20,000 take {20_000 * seconds / 3600:.1f} hours")

# %% [markdown]
# That was for 10 predicted frames, on whatever machine ran this page (two CPU cores for the page as it is published).
# The paper trains with 25, which takes longer still. So 20,000 iterations are a matter for a GPU, or for a night.
#
# *Mixed precision* is what makes GPUs faster. Numbers in memory usually take 32 bits, `float32`. With
# `precision="mixed_bfloat16"` or `"mixed_float16"` the layers compute in 16 bits. Weights, losses, and the poses
# themselves stay in 32, because rounding errors would add up there. How far are the predictions off?

# %%
exact = model(real[:, :50]).numpy()
for precision in ("mixed_bfloat16", "mixed_float16"):
    half = build_model(replace(settings, precision=precision), windows.columns, windows.classes)
    half.set_weights(model.get_weights())
    answer = half(real[:, :50]).numpy()
    off = abs(answer - exact).max() / abs(exact).max()
    print(f"{precision:14s}: off by {off:.3%}, computed in {half.generator.hidden.compute_dtype}")
    assert off < 0.02 and answer.dtype == np.float32

# %% [markdown]
# A fraction of a per cent. Where 16 bits were timed above, the table tells whether they are faster on this machine.
# GPUs gain most (we have measured none for this page). Of CPUs, only the newest have 16-bit arithmetic, often of the
# one kind and not of the other; without it, each number is converted back and forth, which can take several times as
# long. On a CPU, `float32` is the safe choice.
#
# `float16` has one more trap: numbers below 0.00000003 become 0, and gradients are often that small. So the loss is
# multiplied by a large number first, and the gradients are divided by it. Keras has an optimiser that does so, and
# lowers its factor when it was too large:

# %%
factor = float(half.generator_optimizer.scale_loss(1.0))  # of the last model above, that with float16
print(f"{type(half.generator_optimizer).__name__}: factor {factor:.0f}")
print(f"1e-8 in float16: {np.float16(1e-8)}; scaled first: {float(np.float16(1e-8 * factor)) / factor:.2e}")
assert np.float16(1e-8) == 0 and np.float16(1e-8 * factor) > 0

# %% [markdown]
# ### Two machines
#
# Whoever outgrows one machine shares each batch: `cs2s train --distribute devices` among the GPUs of one computer,
# `--distribute workers` among several computers. These find each other by an environment variable of TensorFlow's own,
# `TF_CONFIG`. On two machines, of which the first (the *chief*) writes the run:
# ```
# export TF_CONFIG='{"cluster": {"worker": ["one:12345", "two:12345"]}, "task": {"type": "worker", "index": 0}}'
# cs2s train --dataset cmu --run runs/cmu --distribute workers
# ```
# and the same on the second one, with `"index": 1`. Each computes the gradients of its half of the batch, the sums are
# exchanged, and so every step is the one that a single machine would have made (but for dropout, of which each half has
# draws of its own). If one worker dies, the others end with a sentence, and `--resume` goes on. It is Keras' `fit` that
# cannot do this; `cs2s.training.distributed` has the loop, some forty lines.
#
# ### The same from a terminal
#
# Every field of `Settings` is an option of `cs2s train`; `Ctrl-C` stops it, `--resume` goes on.
# ```
# cs2s train --dataset demo --run runs/mine --iterations 2000 --learning-rate 3e-4 --tensorboard logs
# cs2s train --run runs/mine --resume
# cs2s train --run runs/mine --resume --iterations 4000
# cs2s train --dataset cmu --run runs/half --precision mixed_bfloat16
# ```
# `--tensorboard` also writes the curves into a folder; `tensorboard --logdir logs` shows them live in a browser.
