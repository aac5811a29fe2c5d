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
# # 07 Beyond the paper: fair choices, mended flaws, and the road to one small model
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/ACCOUNT-NOT-DECIDED/cs2s/blob/main/notebooks/07_beyond_the_paper.ipynb)
#
# **What you'll do.** Ask twelve questions about models and numbers, guess each answer, and test the guess. At the end
# stands one small network that predicts people whom it has never met.
#
# **What you'll learn**
# - why nobody may choose by the error on test windows, and what to choose by instead,
# - what may be said of a variant that was trained with one seed,
# - how a detective finds the two windows of 48 that made a good model look bad,
# - how to compare two predictors in pairs, and why two measures may name two winners,
# - what a model must not see if it is to travel.
#
# **What you need.** The generator (`03_generator`), its training (`04_adversarial_training`) and its error
# (`05_error_evaluation`). No GPU.
#
# **Time.** About 1 minute to run on a laptop CPU, the same on a GPU; an estimated 33 minutes to read, 27 for six of the
# exercises; 4 and 8 are extras.

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

from cs2s.workbook import begin, motion_data, show
from cs2s.workbook.figures import beyond_the_paper as figures

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # TensorFlow talks much, and none of it is of use here
begin({"smoke": 0.5, "cpu": 1, "gpu": 1})
dataset = motion_data()
name, fps = dataset.description.name, dataset.description.fps

# %% [markdown]
# ## How lucky is the best of twenty?
#
# Suppose you train twenty models, measure each on the test windows, and publish the best with its error. Let all twenty
# be equally good, with a true error of 1; what is measured is 1 plus noise of 5 %, because the windows are few. **Guess
# first:** what is published, on average? And does it matter that all models predict the *same* windows, so that most of
# their luck is shared: hard windows are hard for all of them?

# %%
import numpy as np

draws = np.random.default_rng(0)


def measured_errors(shared, models=20, noise=0.05):
    """Return errors of equal models in many experiments, with a share of the noise in common to all of them."""
    common, own = draws.normal(size=(10_000, 1)), draws.normal(size=(10_000, models))
    return 1 + noise * (np.sqrt(shared) * common + np.sqrt(1 - shared) * own)


# %%
luck = {}
for shared in (0, 0.5, 0.9, 0.99):
    on_test, on_validation = measured_errors(shared), measured_errors(shared)
    chosen = on_validation.argmin(axis=1)[:, None]
    luck[shared] = on_test.min(axis=1).mean(), np.take_along_axis(on_test, chosen, axis=1).mean()
    print(f"{shared:4.0%} shared: best by test {luck[shared][0]:.3f}, best by validation {luck[shared][1]:.3f}")
assert luck[0][0] < 0.92 and luck[0.9][0] > 0.96 and all(abs(honest - 1) < 0.005 for _, honest in luck.values())

# %% [markdown]
# Choosing by the test windows flatters, with nothing improved at all: the winner is the luckiest. By 9 % where each model
# has its own noise, by 3 % where nine tenths are shared, as is more like it: shared luck favours nobody. Chosen by *other*
# windows, the winner's number on the test windows is honest in every row. Those others are a *validation split*.
#
# > **The paper.** There is a training and a test split, and no third. The published code prints the test error every
# > 2,000 iterations.
#
# ## Where to take windows to choose by?
#
# Every test file must stay a test file, so they must be cut from the training files. Not at random: two windows that
# start five frames apart are nearly the same. So `hold_out` cuts *by time*: the last fifth of each file, and at least
# 35 frames, validates. Files too short to be cut stay whole; if an action has only such files, its longest validates.

# %%
from cs2s.datasets import hold_out

part = hold_out(dataset)
lengths = figures.split_lengths(dataset, part)
held = {action: sum(h for _, h in pairs) / sum(k + h for k, h in pairs) for action, pairs in lengths.items()}
print({action: f"{share:.0%}" for action, share in held.items()}, "validates")

# %%
show(
    figures.plot_split(lengths, fps),
    alt="A bar for each training file, grouped by action; the last part of each is hatched: it validates.",
    caption="What is to be predicted in validation (hatched) comes after everything that trains. The 50 frames that a "
    "validation window observes may reach back into the plain part.",
)

# %% [markdown]
# This split is not as hard as the test: the same takes, a moment later. It can rank models; it cannot promise their
# error on new takes. `cs2s train --watch validation` judges checkpoints by it and keeps the best one.
#
# ### Exercise 1: where to cut
#
# Write a function that takes a file's number of frames (after halving) and returns the frame at which validation
# begins: the last fifth is held out, rounded to the nearest frame, and 35 frames at least. (Guess: from which length on
# does the fifth decide?)
#
# <details><summary>Hint</summary>How many frames are held out? `max` chooses the larger one. Then subtract.</details>
# <details><summary>Second hint</summary>Round the number that is held out, not the place: <code>round(0.2 * frames)</code>.
# The fifth decides where it is more than 35.</details>


# %% tags=["exercise"]
from cs2s.workbook.checks import beyond_the_paper as check


def cut(frames):
    return ...


check.cut(cut)

# %% [markdown]
# ### How often did we look?
#
# A split that nobody may choose by needs somebody who counts. Each time the program measures on test windows, it writes
# a line into a log. This is the log behind all tables below (six looks are not in it, nor those of tests and chapters;
# `data/results/README.md` says more), by *protocol*: which windows, and which measures. `paper` is the one you know from chapter
# `05_error_evaluation`; the other two come later in this chapter.

# %%
import json
from collections import Counter

from cs2s.files import data_file

looks = [json.loads(line) for line in data_file("results/test_looks.jsonl").read_text().splitlines()]
looks = [look for look in looks if look["dataset"] == "cmu"]
print(len(looks), "looks at the test windows of CMU:", dict(Counter(look["protocol"] for look in looks)))
print("by day:", dict(Counter(look["made"][:10] for look in looks)))

# %% [markdown]
# A *look* is one evaluation of one predictor; most repeat earlier ones for a new table, and three times a test error had a
# say in what we did next (`data/results/README.md` tells when). A log cannot prove honesty (one can delete it), but it
# shows one's own habits.
#
# ## Does every part earn its place?
#
# An *ablation* removes one part of a model and trains it again, everything else equal.
#
# > **The paper.** The long-term encoder lowers the error. The adversarial loss makes motion look better and hardly
# > changes the errors.
#
# `make ablations` trained the paper's model on CMU for 1,500 iterations, less than a tenth of the paper's, and judged
# it on validation windows: three times as it is, with three *seeds* (other starting weights, other batches), and once,
# with one seed, each of these:
#
# - `no-long-term`: the decoder gets zeros for the long-term code; `no-gan`: the critic has no vote,
# - `teacher-forcing`: in training the decoder is fed the truth only, instead of 95 % prediction and 5 % truth,
# - `window-8`: the short-term encoder is given 8 frames instead of 20,
# - `corrected`: five quirks of the code mended at once (chapters `03_generator` and `04_adversarial_training`).
#
# **Guess first:** by how much do three equal trainings differ?

# %%
import csv

from cs2s.evaluation import read_json

told_frames = (1, 3, 9, 24)
ablations = {path.stem: read_json(path)[0] for path in sorted(data_file("results/ablations").glob("*.json"))}
of_best = {title: evaluation.average[list(told_frames)] for title, evaluation in ablations.items()}
of_last = {}
for title in ablations:
    with data_file(f"results/ablations/{title}.csv").open() as file:
        *_, row = csv.DictReader(file)
    of_last[title] = np.array([float(row[f"validation_error_f{frame}"]) for frame in told_frames])

# %% [markdown]
# A seed's luck hangs on the frame: so there is a yardstick for each frame, and none for all. Each seed is compared with
# the mean of the other two; the largest difference is what a seed may do. A variant is compared with the mean of all
# three. And a checkpoint is luck, too: so we do it for each run's best one, and for its last one.

# %%
same = ("paper", "another-seed", "third-seed")
both = {"best checkpoint": of_best, "last checkpoint": of_last}
changed, yards = zip(*(figures.beside_seeds(errors, same) for errors in both.values()), strict=True)
variants = list(changed[0])
for words, yard in zip(both, yards, strict=True):
    print(words, " ".join(f"f{frame} ±{most:.1f} %" for frame, most in zip(told_frames, yard, strict=True)))
assert np.allclose(yards[0], [10.1, 7.3, 4.8, 2.4], atol=0.05)
assert {evaluation.made_from["settings"]["iterations"] for evaluation in ablations.values()} == {1500}

# %%
cmu_fps = ablations["paper"].fps
panels = [f"frame {frame} ({1000 * (frame + 1) / cmu_fps:.0f} ms)" for frame in told_frames]
show(
    figures.plot_changes(
        {panel: {t: [of[t][k] for of in changed] for t in variants} for k, panel in enumerate(panels)},
        {panel: [yard[k] for yard in yards] for k, panel in enumerate(panels)},
        list(both),
        "the mean of the paper's three seeds",
    ),
    alt="Four panels, one a frame. For each variant two marks around 0, on dotted bars as wide as what a seed changes; at "
    "frame 1 the bar of the best checkpoints is widest. Teacher forcing is far to the right from frame 3 on.",
    caption="CMU, validation windows; each variant was trained once. A filled mark is beyond what another seed changes in "
    "that frame, at that checkpoint.",
)

# %%
for title in variants:
    beyond = np.all([np.abs(of[title]) > yard for of, yard in zip(changed, yards, strict=True)], axis=0)
    at = [f"f{frame} ({changed[0][title][k]:+.0f} %)" for k, frame in enumerate(told_frames) if beyond[k]]
    print(
        f"{title:16} more than a seed at both checkpoints, best one's change in brackets: {', '.join(at) or 'nowhere'}"
    )
assert all((np.abs(of["teacher-forcing"]) > yard)[1:].all() for of, yard in zip(changed, yards, strict=True))
assert (np.abs(changed[0]["no-long-term"]) < yards[0]).all() and abs(changed[1]["no-long-term"][1]) > yards[1][1]
assert all(of["window-8"][1] > yard[1] for of, yard in zip(changed, yards, strict=True))

# %%
(still,) = read_json(data_file("results/zero_velocity_on_validation.json"))
fed_truth = of_best["teacher-forcing"] / still.average[list(told_frames)]
print(
    "fed with the truth only, over freezing's error:",
    *(f"f{f} {r:.2f}" for f, r in zip(told_frames, fed_truth, strict=True)),
)
assert still.made_from["data"] == ablations["paper"].made_from["data"] and (np.abs(fed_truth - 1) < 0.025).all()

# %% [markdown]
# > **Our finding.** Fed with the truth only, this network learned next to nothing: it is no better than freezing, and 20 %
# > above the paper's feeding from frame 3 on, at both checkpoints, far beyond a seed. With a short-term window of 8 it is
# > 8 % worse at frame 3, beyond a seed at both. Without the long-term encoder the errors are higher, the paper's
# > direction, but at the best checkpoints by no more than a seed may do, at the last ones at frame 3 by more. Without the
# > critic they are lower at frame 24 by more than a seed, at both. One seed of each variant was trained: hints.
#
# What a seed does depends on the frame, and on the checkpoint: the best ones scatter most at frame 1, the last ones at
# frame 9. "No more than a seed" is not "no effect"; it is "cannot be told from here".
#
# ### Exercise 2: more than a seed?
#
# `seeds` is `(3, frames)`, the errors of three equal trainings; `variant` is `(frames,)`. In which frames does the
# variant differ from the mean of the three by more than any seed does from the mean of the *other two*? Take both as
# shares: the variant's difference of the mean of the three, a seed's difference of the mean of the other two. Return an
# array of true and false.
#
# <details><summary>Hint</summary>First the mean of the other two, for each seed: an array as large as `seeds`. At the end
# comes a maximum: over seeds, or over frames?</details>
# <details><summary>Second hint</summary><code>(seeds.sum(axis=0) - seeds) / 2</code> are the means of the other two; then
# <code>.max(axis=0)</code>, so that every frame keeps its own.</details>


# %% tags=["exercise"]
def beyond_a_seed(seeds, variant):
    return ...


check.beyond_a_seed(beyond_a_seed)

# %% [markdown]
# ## What is the network blind to?
#
# The short-term encoder halves its newest 20 frames three times, so that 4 are left over and fall off (chapter
# `03_generator`). How does a predicted *step* depend on each observed frame? The gradient tells: where it is 0, nothing
# that happens in that frame matters. Beside the paper's network stands ours, `AlignedGenerator` (preset `aligned-conv`),
# whose two windows end with the newest frame and hold a multiple of 8 frames, 48 and 16. Fresh weights will do: what a
# network *can* see does not hang on training.
#
# <details><summary>How else do the two differ?</summary>Ours is of half the size: convolutions of 32, 64 and 64 filters (the
# paper's have 64, 128 and 128) and codes of 256 numbers (512). Its encoders see how each frame differs from the newest one,
# and how it differs from the one before it; for the oldest of the 48 that takes a 49th. The decoder gives five frames at a
# time.</details>

# %%
from cs2s.datasets import TrainingWindows, dataset_statistics
from cs2s.networks import tf
from cs2s.training import Settings, model_for

tf.get_logger().setLevel("ERROR")
classes = len(dataset.description.classes)
statistics = dataset_statistics(part)
batch, _ = TrainingWindows(part, statistics).draw(256, seed=0, iteration=0)


def network_of(**given):
    return model_for(Settings.for_preset(dataset=name, **given), statistics, classes).predicting


# %%
def sight(network):
    observed = tf.constant(batch[:16, :50])
    with tf.GradientTape() as tape:
        tape.watch(observed)
        step = network(observed, frames=1)[:, 0] - observed[:, -1]
        size = tf.reduce_sum(step**2)
    return np.abs(tape.gradient(size, observed)).sum(axis=(0, 2))


networks = {preset: network_of(preset=preset) for preset in ("paper", "aligned-conv", "dct-mlp")}
influences = {preset: sight(networks[preset]) for preset in ("paper", "aligned-conv")}
assert (influences["paper"][48:] == 0).all() and (influences["aligned-conv"][1:] > 0).all()

# %%
show(
    figures.plot_sight(influences),
    alt="Two bar charts over 50 observed frames. In the upper one the two newest frames are hatched, in the lower one "
    "frame 0; there the newest frames have the highest bars.",
    caption="Share of each observed frame in what moves the first step. The paper's network does not know the two "
    "newest frames, and with them the present speed. Ours leaves out the oldest one.",
)

# %% [markdown]
# ### Exercise 3: foretell the blind frames
#
# The long-term encoder of the paper's network sees frames 0 to 47 of the 50, whatever is done to the other. Give the
# short-term one the newest `recent` frames instead of 20. Which of the frames 0 to 49 does *neither* encoder see? Return
# the list of their numbers; it may be empty. The cell below tests your function on real networks: foretell 8, 9 and 17 on
# paper first.
#
# <details><summary>Hint</summary>The window begins at frame 50 - recent. Of it, whole eights are seen, from its old
# end.</details>
# <details><summary>Second hint</summary>It sees up to, and without, frame 50 - recent + 8 · (recent // 8). Of the rest the
# long-term encoder sees what is below 48.</details>


# %% tags=["exercise"]
def blind(recent):
    return ...


check.blind(blind)

# %%
for recent in (8, 9, 17, 20):
    unseen = np.flatnonzero(sight(network_of(window_length=recent)) == 0)
    print(f"{recent:2} frames: blind to {unseen.tolist()}; you said {blind(recent)}")

# %% [markdown]
# A window of 8 is blind to nothing, and yet the table above has it 8 % worse at frame 3: it also sees 12 frames less. What
# was gained and what was lost, one number cannot say.

# %% [markdown]
# ## What did mending give?
#
# The chapters before found more flaws in the paper's training, most of them only in its code. `dct-mlp`, a small model of
# ours that comes next, avoids them:
#
# | flaw | mended |
# |---|---|
# | row 0 of a file is a T-pose that nobody struck (chapter `01_motion_data`) | dropped from training windows |
# | halving the frame rate throws the odd rows away | they are as good a recording: twice the windows |
# | left and right are learned separately | half the windows are seen in a mirror |
# | fake motion has a hole at its seam; blended truth is of the wrong frame (chapters 03, 04) | no critic, nothing blended |
# | squared errors of normalised values: the largest rule, and joints that hardly move count like legs | absolute errors, in radians |
# | late frames miss most, and so rule | predicted frame f, from 1, weighs $1 / \sqrt f$ |
# | the last weights predict, wherever the last batch pulled them | a running mean of the weights predicts |
#
# To see what a change gives, we took it back and trained again on CMU (`make changes`: 1,200 iterations, one seed each,
# validation windows). Two more choices of its training were taken back: `no-weight-decay` (nothing pulls the weights
# towards 0) and `constant-rate` (the learning rate stays, where it else falls along a cosine). **Guess first:** which two
# rows of the picture matter most?

# %%
changes = {path.stem: read_json(path)[0] for path in sorted(data_file("results/changes").glob("*.json"))}
assert all(evaluation.protocol == "validation" for evaluation in [*ablations.values(), *changes.values()])
small = {title: e.average for title, e in changes.items() if not title.startswith("aligned-")}
all_made, other = small.pop("none-taken-back"), small.pop("another-seed")
lost = {title: 100 * (errors / all_made - 1) for title, errors in small.items()}
order = sorted(lost, key=lambda title: -lost[title][9])
seed_changes = 100 * np.abs(other / all_made - 1)

# %%
show(
    figures.plot_changes(
        {panels[k]: {t: [lost[t][told_frames[k]]] for t in order} for k in (1, 2, 3)},
        {panels[k]: [seed_changes[told_frames[k]]] for k in (1, 2, 3)},
        ("taken back",),
        "the model with all of them",
    ),
    alt="Three panels, one a frame. For each change that was taken back a mark; no mirror and the squared loss are far to "
    "the right of 0 in the first two panels. Dotted bars are wide at frame 3, hardly to be seen at frame 9.",
    caption="CMU, validation windows, one seed each. Right of 0: without this change the error is larger, so it helps. "
    "The bars are the difference of two seeds, and two are few.",
)
at_stake = [lost[title][frame] for title in ("no-mirror", "squared-loss") for frame in (3, 9)]
assert order[:2] == ["no-mirror", "squared-loss"] and lost[order[2]][9] < 3
assert (round(min(at_stake)), round(max(at_stake))) == (13, 23)

# %% [markdown]
# > **Our finding.** The mirror and absolute errors in radians stand out: without one of them the small model is 13 to 23 %
# > worse at frames 3 and 9. Of the others one seed each says little: reasonable rather than proven.
#
# ## Can a small model do it?
#
# A joint cannot jump. Its angle over 50 frames is a smooth curve, and a smooth curve is a sum of a few slow waves. The
# *discrete cosine transform* (DCT) writes 50 numbers as 50 others: how much of each cosine is in the curve, from the
# constant (number 0) to the fastest. We take the right knee of somebody walking. **Guess first:** how many of the 50 do
# you need to see its double bend?

# %%
from cs2s.datasets import halved
from cs2s.networks import cosine_basis

basis = cosine_basis(50)
walk = next(halved(motion) for take, motion in part.split("train").items() if take.action == "walking")
curve = np.degrees(walk.expmaps[20:70, dataset.description.skeleton.joints.index("RightLeg")])
curve = curve[:, curve.std(axis=0).argmax()]
assert np.allclose(basis.T @ (basis @ curve), curve, atol=1e-3)


def plot_kept(kept=10):
    """Draw the knee's curve, its coefficients, and what the first of them give back."""
    return figures.plot_cosines(curve, basis, fps, kept)


# %%
import ipywidgets as widgets

from cs2s.workbook import slider_picture

slider_picture(plot_kept, kept=widgets.IntSlider(10, 1, 50))

# %%
show(
    plot_kept(),
    alt="Left: bars of 50 coefficients that shrink to the right, the first ten filled. Right: the knee's curve and the "
    "curve from ten coefficients: the same two bends, off by up to 6 degrees, most near the ends and the turns.",
    caption="Left: the coefficients, on a logarithmic scale. Right: what ten of them give back of the knee.",
)

# %% [markdown]
# $$c_k = \sum_{t=0}^{49} b_{kt}\, x_t, \qquad b_{kt} \propto \cos\left(\frac{\pi}{50} (t + \tfrac{1}{2}) k\right)$$
#
# With the right factors the matrix $b$ is *orthonormal*: its transpose undoes it.

# %%
coefficients = basis @ (curve - curve.mean())
power = np.square(coefficients).cumsum() / np.square(coefficients).sum()
print(f"10 of 50 coefficients hold {power[9]:.1%} of the variance, 20 hold {power[19]:.1%}")
assert power[9] > 0.9

# %% [markdown]
# ### Exercise 4: keep the slow cosines
#
# Write a function that takes a curve `(frames,)`, the orthonormal basis `(frequencies, frames)` and a number, and
# returns the curve made of the first so many cosines.
#
# <details><summary>Hint</summary>Coefficients are `basis @ curve`. The first, not the largest, are kept.</details>
# <details><summary>Second hint</summary>The transpose of the first rows of the basis brings the first coefficients
# back.</details>


# %% tags=["exercise"]
def smoothed(curve, basis, kept):
    return ...


check.smoothed(smoothed)

# %% [markdown]
# `DctMlp` (preset `dct-mlp`) follows siMLPe (Guo et al. 2023), with fewer layers. It takes the newest frame off every
# observed one, so that it sees motion relative to now, and turns time into 50 frequencies with $b$. Matrices mix columns and
# frequencies; $b^{\top}$ leads back. No convolution, no feedback, no activation function. The last layer starts at 0, so an
# untrained network freezes.
#
# <details><summary>Layer by layer</summary>A dense layer mixes columns; then come blocks, each a 50 by 50 matrix over
# frequencies and a <em>layer normalisation</em> (every frequency's numbers brought to mean 0 and deviation 1), added to what
# came in; a dense layer leads back to columns.</details>

# %%
untrained = networks["dct-mlp"](batch[:4, :50], frames=25).numpy()
assert np.allclose(untrained, np.repeat(batch[:4, 49:50], 25, axis=1), atol=1e-5)
sizes = {preset: network.count_params() for preset, network in networks.items()}
for preset, count in sizes.items():
    print(f"{preset:13} {count:9,} weights, {count / sizes['paper']:.1%} of the paper's generator")
assert sizes["dct-mlp"] < 0.1 * sizes["paper"]

# %% [markdown]
# ## Who is best under the paper's protocol?
#
# On the CMU files that could be had, each of our models was trained three times. Of the paper's, `paper` is one seed's
# whole training, *stopped at 6,000* the mean of three. All on the paper's eight windows an action; a cell is the mean of
# the runs and half their range, in radians. All frames and rows are in `data/results/README.md`.

# %%
from IPython.display import Markdown

from cs2s.evaluation import measured, paper_markdown

kept = data_file("results/predictors")
results = measured(kept)

# %%
plain, of_seeds = results["paper-plain"][0], np.array([run.average for run in results["paper-6000"]])
assert all(of_seeds[:, f].min() <= plain.average[f] <= of_seeds[:, f].max() for f in (1, 3, 7, 9, 13))
left_out = ("running-average-2", "aligned-conv")
Markdown(paper_markdown({t: runs for t, runs in results.items() if t not in left_out}, frames=(3, 9, 24)))

# %% [markdown]
# > **The paper.** The row *conv seq2seq, printed* is that of Li et al. (2018); *LTD, printed* that of Mao et al. (2019).
# > Both had all 48 files, 40 of them to train on; we have 32 and 6 to test on. Both are averaged over our six actions.
#
# The last row is ours: the LTD program of its authors, on the same files as our models, one run of 8 of its 50 epochs.
# A longer one might do better, and another seed may differ. *Plain rollout* is the paper's model trained as the authors did:
# each window of the short-term encoder drops numbers of its own, where in ours windows that share frames drop the same. Up
# to frame 13 it lies among the three seeds of ours. Between our own rows the comparison is fair in data and windows, and not
# in effort: settings of our own models were chosen for these data, the paper's were taken as they are.
#
# ## Why did more training make the paper's model worse?
#
# Look at the rows of the paper's model: after 20,000 iterations its late frames are worse than after 6,000. Run `paper-6000-0` is the
# training of run `paper-0`, kept on its way. **Guess first:** overfitting? Here is a first clue.

# %%
actions = list(results["paper"][0].errors)
early, late = results["paper-6000"][-1], results["paper"][0]
assert (early.predictor, late.predictor) == ("runs/paper-6000-0@6000", "runs/paper-0@20000")
with data_file("results/runs/paper-0.csv").open() as file:
    trained_on = {int(row["iteration"]): float(row["reconstruction"]) for row in csv.DictReader(file)}
for iteration, evaluation in ((6000, early), (20000, late)):
    tested = " ".join(f"f{frame} {evaluation.average[frame]:.3f}" for frame in told_frames)
    print(f"after {iteration:6,}: training batches {trained_on[iteration]:.4f}, test windows {tested}")

# %% [markdown]
# Better where it trains, and from frame 7 on much worse where it is tested: that *is* what overfitting looks like. A second clue: where did
# it get worse? Beside the radians of eight windows stand degrees, over *all* test windows (next section).

# %%
corrected = measured(kept, "corrected")
early_all, late_all = corrected["paper-6000"][-1], corrected["paper"][0]
print("frame 9       radians, eight windows    degrees, all windows")
for action in actions:
    radians = [evaluation.errors[action][9] for evaluation in (early, late)]
    degrees = [evaluation.errors[action][9] for evaluation in (early_all, late_all)]
    told = [f"{a:5.2f} -> {b:5.2f} ({b / a - 1:+.0%})" for a, b in (radians, degrees)]
    print(f"{action:13} {told[0]:25} {told[1]}")

# %% [markdown]
# Two actions only: by 62 and 70 % in Euler angles, by 7 and 13 % in degrees. So the trace leads to single windows, and
# to the leaps of Euler angles (chapter `05_error_evaluation`). The third clue is a line-up (`cs2s leap-study`): all
# joints whose Euler angles are off by more than 2 radians at frame 9, each with the angle by which its *rotation* is wrong.

# %%
study = json.loads(data_file("results/cmu_leap_study.json").read_text())
for leap in study["leaps"]:
    told = f"{leap['euler']:.2f} radians for a rotation of {leap['degrees']:3.0f} degrees"
    print(f"{leap['action']:11} window {leap['window']}, {leap['joint']:8} {told}")

# %% [markdown]
# ### Exercise 5: which joint made this window the worst?
#
# Three suspects, and the rotation of one of them is truly wrong, by half a turn. Write the detective: `differences` is `(joints, 3)`, true minus predicted
# Euler angles of one window in radians; `turned` is `(joints,)`, the angle by which each rotation is wrong, in radians. The
# window's error is the length of all differences. For which joint would the error drop most if its one angle stood in the
# place of its three differences? Return its number. (Guess: is it always the joint with the largest Euler error?)
#
# <details><summary>Hint</summary>The error is a length, so its square is a sum over joints. By how much does that sum drop
# if joint j is replaced?</details>
# <details><summary>Second hint</summary>By <code>(differences[j] ** 2).sum() - turned[j] ** 2</code>. A thumb that is truly
# wrong by half a turn keeps most of its error.</details>


# %% tags=["exercise"]
def culprit(differences, turned):
    return ...


check.culprit(culprit)

# %% [markdown]
# And the case solved: what the two arms add to the average, because their Euler angles count and not their rotations.

# %%
arms = [leap for leap in study["leaps"] if leap["joint"] == "LeftArm"]
leapt, rise = sum(study["average"] - leap["average_by_angle"] for leap in arms), late.average[9] - early.average[9]
print(f"the rise is {rise:.3f}; two arms add {leapt:.3f}; without that the average is {late.average[9] - leapt:.3f}")
assert len(arms) == 2 and leapt > rise
assert [round(8 * early.errors[a][9], 1) for a in ("soccer", "washwindow")] == [7.3, 9.1]

# %%
at_6000 = sorted(run.average[9] for run in results["paper-6000"])
print("three seeds after 6,000:", *(f"{error:.3f}" for error in at_6000), "; printed 0.948")
(high,) = [run for run in results["paper-6000"] if run.average[9] == at_6000[-1]]
assert [f"{at_6000[0]:.2f}", f"{at_6000[-1]:.2f}"] == ["1.00", "1.13"] and round(high.errors["soccer"][9], 2) == 1.45

# %%
show(
    figures.plot_leaps(study),
    alt="A row of dots for each action. Three dots lie far to the right of their rows, with arrows back to rings; those "
    "in soccer and washing windows lie near the other dots, that in jumping does not.",
    caption="The paper's model, 20,000 iterations, frame 9: a dot is a window. Rings: with the rotation's angle in "
    "place of the named joint's Euler angles. The thumb in jumping is truly wrong by half a turn.",
)

# %% [markdown]
# > **Our finding.** Two left arms, in two of 48 windows, are more than the whole rise. Their rotations are wrong by 38
# > and 15 degrees; the Euler angles say 5.6 and 7.4 radians.
#
# In this run they are new: after 6,000 iterations soccer's eight windows had 7.3 radians together, those of washing
# windows 9.1, too few for such a leap beside seven others. They need no long training, though: another seed has soccer at
# 1.45 after 6,000 already, as high as this run after 20,000 (why, we did not look). What longer training really cost is in
# the column of degrees.
#
# And the rest, 1.02 beside the printed 0.95? No mistake in the steps of training that we could find: ten of its iterations
# equal ten of the authors' from the same weights and batches (`tests/training/test_original_training.py`). A seed can be
# the gap: three of them lie between 1.00 and 1.13 after 6,000, and after 20,000 there is one. And eight of 40 training
# files are missing, all five of washing windows among them. How much is which, these runs cannot tell.
#
# ## How sure is a mean?
#
# The *corrected protocol* is ours, and no paper prints it: all windows, 5 frames apart, without the T-pose row; the angle
# between rotations, in degrees; true millimetres (MPJPE, the mean distance of joints, root aligned); NPSS, which compares
# the frequencies of Euler angles over time (Gopalakrishnan et al. 2019; 0 is best); and a 95 % interval.
#
# The interval is a *bootstrap*: draw the windows again, with repetition, a thousand times, and see how far the mean
# moves. Neighbouring windows share most of their frames, so whole stretches of time or whole takes are drawn (*blocks*).
# Here are two very similar predictors on the validation windows. **Guess first:** can two be told apart if their
# intervals nearly coincide?

# %%
from dataclasses import replace

from cs2s.evaluation import CORRECTED, EveryWindow, RunningAverage, ZeroVelocity, difference, error_table, evaluate

protocol = replace(CORRECTED, cut=EveryWindow("validation", 10))
frozen, mean_of_two = (evaluate(part, predictor, protocol) for predictor in (ZeroVelocity(), RunningAverage(2)))
print(error_table(frozen, mean_of_two, of_actions=False).split("position error")[0])

# %%
less, frame = difference(mean_of_two, frozen), 7
numbers = {
    title: tuple(float(scores["degrees"][frame]) for scores in (result.scores, *result.interval))
    for title, result in (
        ("zero-velocity", frozen.overall),
        ("running-average-2", mean_of_two.overall),
        ("minus running-average-2", less),
    )
}
shared = np.corrcoef(*(one.overall.drawn["degrees"][:, frame] for one in (frozen, mean_of_two)))[0, 1]
value, low, high = numbers["minus running-average-2"]
print(
    f"of the luck of the draw they share {shared:.1%}; difference {value:.2f} degrees, 95 % from {low:.2f} to {high:.2f}"
)
assert low > 0 and shared > 0.9

# %%
show(
    figures.plot_paired(numbers, "zero-velocity", f"joint angle error at frame {frame} [degrees]"),
    alt="Left: two intervals of about one degree that nearly coincide. Right: the interval of their difference, short and "
    "entirely above 0.",
    caption="The same draws, looked at in two ways. On the right, what is hard for both has dropped out.",
)

# %% [markdown]
# A draw with many hard blocks is hard for both. So form the difference *in each draw*, then its interval: at this frame it
# lies above 0, and freezing is better, on these takes. `cs2s evaluate` prints such differences when it measures several predictors.
#
# ### Exercise 6: a paired comparison
#
# `first` and `second` are `(blocks,)`: two predictors' mean errors in the same blocks, all of one size. `times` is
# `(draws, blocks)`: how often each block was drawn. Return the two ends of the 95 % interval of the difference of the
# drawn means, first minus second: the percentiles that leave out 2.5 % of the draws on either side.
#
# <details><summary>Hint</summary>One number a draw: the mean of <code>first - second</code>, each block counted as often as
# it was drawn. Then one interval of these: between their percentiles 2.5 and 97.5.</details>
# <details><summary>Second hint</summary><code>times @ (first - second) / times.sum(axis=1)</code>, and
# <code>np.percentile</code> at 2.5 and 97.5.</details>


# %% tags=["exercise"]
def paired(first, second, times):
    return ...


check.paired(paired)

# %% [markdown]
# Now CMU's test windows, the first run of each predictor with its interval (`data/results/README.md` has all runs, frames
# and measures). Below it, what the intervals are drawn from.

# %%
from cs2s.evaluation import blocks_markdown

shown = ("zero-velocity", "paper", "aligned-conv", "dct-mlp", "average", "pose-mlp")
print(f"{'':13}  degrees, frame 9        MPJPE mm, frame 9       NPSS")
for title in shown:
    one = corrected[title][0].overall
    ends = [[scores[key] for scores in (one.scores, *one.interval)] for key in ("degrees", "mpjpe_mm")]
    told = [f"{a[9]:5.1f} ({b[9]:.1f} to {c[9]:.1f})" for a, b, c in ends]
    print(f"{title:13}  {told[0]:22}  {told[1]:22}  {one.scores['npss']:.3f}")

# %%
Markdown(blocks_markdown(corrected["paper"][0]))

# %% [markdown]
# Running has two windows and one block: each draw takes that one again, so running adds nothing to the width of the average's
# interval. Walking, soccer and basketball have two or three. These intervals are too narrow rather than too wide, and none
# of them says anything of another person.
#
# One number in the last column is odd. In NPSS the paper's model after 20,000 iterations is worse than freezing. Where?

# %%
npss = {title: {a: runs[0].actions[a].scores["npss"] for a in actions} for title, runs in corrected.items()}
worse = [a for a in actions if npss["paper"][a] > npss["zero-velocity"][a]]
overall = [corrected[title][0].overall.scores["npss"] for title in ("paper", "zero-velocity")]
print(f"NPSS {overall[0]:.3f} against freezing's {overall[1]:.3f}; worse in {worse}")
assert overall[0] > overall[1] and set(worse) == {leap["action"] for leap in arms}

# %% [markdown]
# In the two actions of the detective story: NPSS is taken of Euler angles, and a leap counts as motion.
#
# ## Can a prediction win in angles and lose in millimetres?
#
# `average`, which averages the predictions of six networks (three `aligned-conv`, three `dct-mlp`), and `pose-mlp`, the
# single small model at the end of the road, are the two best by most measures. Who wins, by radians and by millimetres? **Guess first:**
# in how many of six actions do the measures disagree?

# %%
two = ("average", "pose-mlp")
radians, degrees, millimetres = (
    {title: {a: np.mean([run.actions[a].scores[key][9] for run in of[title]]) for a in actions} for title in two}
    for of, key in ((results, "angle_error"), (corrected, "degrees"), (corrected, "mpjpe_mm"))
)
print("frame 9, walking, average:", *(f"{m['average']['walking']:.3g}" for m in (radians, degrees, millimetres)))

# %% [markdown]
# ### Exercise 7: two judges, two winners
#
# In which actions is `average` ahead of `pose-mlp` in radians and *behind* it in millimetres? Find them by a line of code
# on `radians` and `millimetres` (predictor, then action: error at frame 9), and give a list of names. Then ask the
# `degrees`, too: which judge do they side with?
#
# <details><summary>Hint</summary>Ahead means a smaller error. Two conditions for each action of
# <code>actions</code>.</details>
# <details><summary>Second hint</summary><code>radians["average"][a] &lt; radians["pose-mlp"][a]</code> is one of
# them.</details>

# %% tags=["exercise"]
answer = ...
check.split_verdict(answer)

# %%
print(f"{'frame 9':12} radians          degrees         millimetres (average, pose-mlp)")
for a in actions:
    cells = [
        f"{m['average'][a]:{w}} {m['pose-mlp'][a]:{w}}"
        for m, w in ((radians, "6.3f"), (degrees, "6.2f"), (millimetres, "6.1f"))
    ]
    print(f"{a:12}", "   ".join(cells))

# %%
above = [{a: 100 * (m["average"][a] / m["pose-mlp"][a] - 1) for a in actions} for m in (radians, millimetres)]
show(
    figures.plot_disagreement(
        *above, ("average against pose-mlp: angle error [%]", "average against pose-mlp: MPJPE [%]")
    ),
    alt="Six marks, all in the upper half. Three of them are diamonds in the hatched upper left quarter.",
    caption="Frame 9 on CMU, means over runs. Hatched: the two measures name different winners (diamonds). Left of 0 and "
    "below 0 `average` is better.",
)
assert all(more > 0 for more in above[1].values())

# %% [markdown]
# An arm's Euler angles may leap for a small turn, and a small turn of the hip moves a whole leg: radians ask
# for numbers, millimetres for places. (The windows differ, too: radians are of the paper's eight an action, degrees and millimetres of
# all.) Neither judge is wrong; whoever publishes one alone has chosen the winner.
#
# ## Why does an average of models help?
#
# At frame 9 `average` beats every one of its members (asserted below). Call the members' predictions $f_i$, their mean $\bar f$ and the truth $y$.
# Then, exactly (Krogh and Vedelsby 1995):
#
# $$(\bar f - y)^2 = \frac{1}{n} \sum_i (f_i - y)^2 - \frac{1}{n} \sum_i (f_i - \bar f)^2$$
#
# The squared error of the mean is the mean squared error *minus* how much the members disagree. Try it with three that
# learn nothing:

# %%
from cs2s.datasets import all_windows

best_member = min(run.average[9] for title in ("aligned-conv", "dct-mlp") for run in results[title])
assert results["average"][0].average[9] < best_member
trio = [ZeroVelocity(), RunningAverage(2), RunningAverage(4)]
windows = all_windows(part, statistics, "validation", 40)
together = replace(windows[0].motion, rows=np.concatenate([w.motion.rows for w in windows]))

# %%
guesses = np.stack([statistics.normalise(member(together[:50], 25).rows) for member in trio]).astype(float)
mean_guess, target = guesses.mean(axis=0), statistics.normalise(together[50:].rows)
of_mean, of_members = (np.square(g - target).mean() for g in (mean_guess, guesses))
disagreement = np.square(guesses - mean_guess).mean()
print(f"members {of_members:.5f} - disagreement {disagreement:.5f} = mean {of_mean:.5f}")
assert np.isclose(of_mean, of_members - disagreement, rtol=1e-3)

# %% [markdown]
# Two cautions. The mean beats the members' *average*, not always the best member. And the paper's error is taken of Euler
# angles, where the equation does not hold: it is a good reason, not a proof.
#
# ### Exercise 8: what averaging gains
#
# `guesses` is `(members, ...)`. By how much is the mean squared error of the members' mean lower than the average of
# the members' mean squared errors? (Guess: do you need the truth?)
#
# <details><summary>Hint</summary>The second sum of the equation. Over which axis are members averaged, and what is left
# over to be averaged then?</details>
# <details><summary>Second hint</summary><code>var</code> divides by n, as the equation does, and has an
# <code>axis</code>.</details>


# %% tags=["exercise"]
def gained(guesses):
    return ...


check.gained(gained)

# %% [markdown]
# ## What leads to one small model that travels?
#
# An average needs all members' weights. Can one network do it? First, three yardsticks for the road. One is the paper's
# angle error. One is the field's newer benchmark (since about 2020, protocol `positions`): where joints are, the hips
# held still, in all 3,066 test windows, after 10 observed frames or more. Its "millimetres" are 1.24 times too long, since
# the field multiplies by 70 where a unit is 56.44 mm. And one is off every benchmark: seven files by strangers
# (`cs2s evaluate FILES`), the error over that of freezing.

# %%
from cs2s.motion import CMU

positions = measured(kept, "positions")
foreign = json.loads(data_file("results/foreign_files.json").read_text())
fair = [a for a in actions if a != "washwindow"]  # of washing windows no training file is public
assert positions["paper"][0].overall.windows == 3066 and round(70 / CMU.unit_mm, 2) == 1.24

# %%
road = ["zero-velocity", "paper", "aligned-conv", "dct-mlp", "average", "pose-mlp"]
strangers = {t["predictor"].removeprefix("pretrained:"): [t["ratios"]["hips_mm"][9]] for t in foreign}
stations = {
    "angle error, six actions [rad]": {t: [run.average[9] for run in results[t]] for t in road},
    "positions, five actions [field's mm]": {
        t: [np.mean([run.errors[a][9] for a in fair]) for run in positions[t]] for t in road
    },
    "strangers, over freezing's": strangers,
}

# %%
show(
    figures.plot_road(road, stations),
    alt="Three panels with a predictor a row, from zero velocity at the top to pose-mlp at the bottom. In the second "
    "panel the lowest row is far to the left of all others, in the third to the left; there the paper's model is right of 1.",
    caption="Frame 9, 167 ms ahead; a ring is a run. Left is better. Of `aligned-conv` strangers were not measured.",
)
last, before = strangers["pose-mlp"][0], min(v[0] for t, v in strangers.items() if t != "pose-mlp")
assert round(strangers["paper"][0], 2) == 1.03 and last < 0.6 < before

# %% [markdown]
# What is wrong with `dct-mlp`? It sees *rows*: where somebody stands, which way they look, how their file's skeleton bends
# fingers. In the training files these hardly vary, so a small difference is a huge one once it is divided by a tiny
# deviation. `pose-mlp` goes another way, step by step:
#
# 1. **Poses instead of rows.** It sees how each joint's rotation differs from its newest one, as two rows of a matrix
#    and not as angles, and where 25 joints are, the hips held still. Of the root it sees only how it moved from its newest frame.
# 2. **A loss on what is measured.** The distance of joints in metres, and that of their steps, beside a little of the
#    rotations: a hip now counts as much as the whole leg that hangs on it.
# 3. **Short pasts.** Three windows in ten show only 10 to 50 frames, so that a take that has just begun is nothing new.
# 4. **Other bodies.** Each joint is seen in *rest frames* of its own: files twist thighs about themselves and shins
#    back, and nobody sees it but the numbers. Four windows in ten turn the joints that do not move by a few degrees.
# 5. **Dropout**, since 0.36 million weights learn 32 files by heart.
# 6. **People put together.** In four windows of ten the back, the left arm, the right arm, or several of these, are
#    another window's. 32 files show few ways to hold one's arms while walking; now there are many more. On takes that were
#    held out, angle errors fell by 3 % and positions by 7 (frame 9, three seeds).
# 7. **Two branches.** Two networks side by side, each of which learns from its own half of every batch; their mean
#    predicts. Its angle errors are 1.5 % smaller than theirs.
#
# The rest is as above: mixing over time and over features in turn, the mirror, a running mean. Half the windows are
# played a little faster or slower, at .8 to 1.25 of their speed. And the paper's Euler angles are in the loss, too, as points
# on circles, which do not leap.

# %%
from cs2s.training import load_predictor, preset_defaults

chosen, size = preset_defaults("pose-mlp"), data_file("pretrained/pose-mlp.npz").stat().st_size
told = "position_weight rotation_weight euler_weight short turned grafted dropout speed branches".split()
print({setting: getattr(chosen, setting) for setting in told})
print(f"the file of its weights has {size / 1e6:.1f} MB")
assert (chosen.short, chosen.turned, chosen.grafted) == (0.3, 0.4, 0.4) and round(size / 1e6, 1) == 0.7

# %% [markdown]
# ### What does each step give?
#
# `make steps` trained the single model for a while, as it was after step 5 (one larger branch), and again without each of
# five choices, with the same seeds. All were judged on validation windows, in both benchmarks' errors, and in positions once
# more after ten observed frames. **Guess first:** which step matters most for angles, which for positions, and which for a short past?

# %%
from cs2s.evaluation import steps_markdown

both, after_ten = (measured(data_file("results/steps"), f"validation-{which}") for which in ("both", "short"))
trained = {int(run.made_from["settings"]["iterations"]) for runs in both.values() for run in runs}
print(f"iterations: {trained}; seeds: { {step: len(runs) for step, runs in both.items()} }")
Markdown(steps_markdown(both, after_ten))

# %% [markdown]
# The first row is the model with all of them. In the others a number is the mean change of pairs of equal seeds, and half
# the range of those changes. In the picture a mark is such a pair, and the dotted bar is what another seed of the whole
# model changes, each compared with the mean of the others, frame by frame and measure by measure.

# %%
asked = {
    f"{unit}, frame {frame}{', after 10' if of is after_ten else ''}": (of, measure, frame)
    for of, measure, unit, at in (
        (both, "angle_error", "radians", (3, 9)),
        (both, "field_mm", "mm", (3, 9)),
        (after_ten, "field_mm", "mm", (9,)),
    )
    for frame in at
}
step_errors = {
    step: np.array([[run.overall.scores[m][f] for run in of[step]] for of, m, f in asked.values()]).T for step in both
}
everything = step_errors.pop("none-taken-back")
seeds = {f"seed {n}": errors for n, errors in enumerate(everything)}
_, of_a_seed = figures.beside_seeds(seeds, list(seeds))
given = {step: 100 * (errors / everything - 1) for step, errors in step_errors.items()}

# %%
show(
    figures.plot_changes(
        {panel: {step: given[step][:, k] for step in given} for k, panel in enumerate(asked)},
        {panel: [of_a_seed[k]] * len(seeds) for k, panel in enumerate(asked)},
        list(seeds),
        "the model with all steps, same seed",
    ),
    alt="Five panels: radians and millimetres at frames 3 and 9, and millimetres after ten observed frames. For each step "
    "taken back a mark a seed around 0, on dotted bars as wide as what another seed changes.",
    caption="CMU, validation windows. Right of 0: without this step the error is larger, so it helps. A filled mark is beyond "
    "what another seed changes.",
)

# %%
for step, change in given.items():
    sure = (np.abs(change) > of_a_seed).all(axis=0) & (np.ptp(np.sign(change), axis=0) == 0)
    told = [f"{panel} ({change[:, k].mean():+.0f} %)" for k, panel in enumerate(asked) if sure[k]]
    print(f"{step}: all seeds beyond a seed, on one side: {'; '.join(told) or 'nowhere'}")

# %% [markdown]
# Only what is printed there may be said of a step, and only of trainings as short as these. That rotations went in instead
# of Euler numbers could not be taken back alone: it is another network. Of strangers' motion single steps were not
# measured.
#
# ### What makes no difference?
#
# What a model does not see cannot mislead it. **Guess first:** by how much does the prediction change if a walker is turned
# by 115 degrees and moved by metres?

# %%
from cs2s.motion import expmap_to_rotmat, rotmat_to_expmap

travelling = load_predictor("pretrained:")
walk = windows[0].motion.one(0)
turn = expmap_to_rotmat(np.array([0, 2.0, 0]))
rows = walk.rows.astype(float)
rows[..., :3] = rows[..., :3] @ turn + [30, 0, -10]
rows[..., 3:6] = rotmat_to_expmap(expmap_to_rotmat(rows[..., 3:6]) @ turn)

# %%
here, there = (travelling(motion[:50], 10) for motion in (walk, replace(walk, rows=rows)))
hips_still = [replace(m, rows=np.concatenate([0 * m.rows[:, :6], m.rows[:, 6:]], axis=1)) for m in (here, there)]
apart = np.abs(hips_still[0].positions() - hips_still[1].positions()).max()
print(f"turned by {np.degrees(2):.0f} degrees and moved by metres: predictions differ by {apart:.3f} mm at most")
assert apart < 0.5

# %% [markdown]
# Here is the field's table for the five actions. The printed rows had eight more training files, observed 10 frames, and
# kept the iteration that was best on the test windows; of ours none was chosen.

# %%
from cs2s.evaluation import FRAMES, PUBLISHED_POSITIONS, positions_markdown

ours = np.mean([[run.errors[a][list(FRAMES)] for a in fair] for run in positions["pose-mlp"]], axis=(0, 1))
assert all((ours < np.mean([table.rows[a] for a in fair], axis=0)).all() for table in PUBLISHED_POSITIONS)

# %%
rows = {title: positions[title] for title in ("zero-velocity", "paper", "average", "pose-mlp")}
Markdown(positions_markdown(rows, without="washwindow", frames=(3, 9, 24)))

# %%
for told in foreign:
    ratios = " ".join(f"f{frame} {told['ratios']['hips_mm'][frame]:.2f}" for frame in (0, 3, 9, 24))
    print(f"{told['predictor'].removeprefix('pretrained:'):14} error / freezing's, strangers: {ratios}")

# %% [markdown]
# > **Our finding.** One network of 0.7 MB is below all printed rows on average over the five actions (not in each of them),
# > and makes half of freezing's error on strangers, whose files were watched while it was designed. In the paper's Euler
# > angles it is below LTD's printed row with each of three seeds, and level with our average of six networks at frame 9.
#
# What does not work yet: all of these predict *one* future, and hesitate where there are several; on CMU the last predicted
# frame lies 417 ms ahead, and nothing here says anything about a second; one test take an action and seven files by others
# are few people; Human3.6M we could not get. And each choice wears out the validation windows, too.
#
# ## What you found
#
# - The luckiest of 20 equal models looks 9 % better than it is, if the test windows choose it; 3 % if nine tenths of the
#   luck is shared.
# - One seed of three differs from the other two by up to 10 % at frame 1 and 2 % at frame 24 (best checkpoints; last ones
#   3 and 2 %): a yardstick for each frame.
# - The paper's network is blind to the 2 newest frames; with a short-term window of 8 it would be to none, and yet it was
#   8 % worse at frame 3.
# - Two left arms of 48 windows made the paper's model worse by more than it got worse.
# - Two intervals may nearly coincide while the difference, drawn in pairs, is clearly above 0.
# - In 3 of 6 actions radians and millimetres name different winners.
# - What a model does not see cannot mislead it: to `pose-mlp`, place and heading make no difference.
#
# ## Exercises
#
# Eight stand above, beside what they are about. Two more, with nobody to check them:
# - Take exercise 5 to another predictor: `cs2s leap-study cmu --predictor pretrained:pose-mlp` (it needs the CMU data, and
#   leaves a look in your log).
# - Find a setting of `dct-mlp` that beats its preset on the validation windows, with three seeds. Is it more than a seed?
#
# ## Further reading
#
# - Mao, Liu, Salzmann, Li: *Learning trajectory dependencies for human motion prediction*, ICCV 2019,
#   [arXiv:1908.05436](https://arxiv.org/abs/1908.05436). LTD, the first to predict motion by its cosines.
# - Guo, Du, Shen, Lepetit, Alameda-Pineda, Moreno-Noguer: *Back to MLP: a simple baseline for human motion prediction*,
#   WACV 2023, [arXiv:2207.01567](https://arxiv.org/abs/2207.01567). siMLPe, the model that `dct-mlp` follows.
# - Gopalakrishnan, Mali, Kifer, Giles, Ororbia: *A neural temporal model for human motion prediction*, CVPR 2019,
#   [arXiv:1809.03036](https://arxiv.org/abs/1809.03036). NPSS.
# - Polyak, Juditsky: *Acceleration of stochastic approximation by averaging*, SIAM J. Control and Optimization 30(4),
#   1992. The running mean of weights.
# - Krogh, Vedelsby: *Neural network ensembles, cross validation, and active learning*, NIPS 1995.
#
# ## Next
#
# Have you a recording of your own? [08 Your own motion](08_your_own_motion.ipynb) reads it, brings it onto the model's
# skeleton and frame rate, and predicts what comes next.
#
# ## Solutions
#
# ### Solution 1: a fifth, or 35


# %% tags=["solution"] jupyter={"source_hidden": true}
def cut(frames):
    return frames - max(35, round(0.2 * frames))  # from 178 frames on, a fifth is more than 35


assert check.cut(cut)

# %% [markdown]
# ### Solution 2: a yardstick for each frame


# %% tags=["solution"] jupyter={"source_hidden": true}
def beyond_a_seed(seeds, variant):
    others = (seeds.sum(axis=0) - seeds) / (len(seeds) - 1)
    return np.abs(variant / seeds.mean(axis=0) - 1) > np.abs(seeds / others - 1).max(axis=0)


assert check.beyond_a_seed(beyond_a_seed)

# %% [markdown]
# ### Solution 3: whole eights


# %% tags=["solution"] jupyter={"source_hidden": true}
def blind(recent):
    seen = 50 - recent + 8 * (recent // 8)
    return list(range(max(48, seen), 50))


assert check.blind(blind)

# %% [markdown]
# ### Solution 4: there and back


# %% tags=["solution"] jupyter={"source_hidden": true}
def smoothed(curve, basis, kept):
    return basis[:kept].T @ (basis[:kept] @ curve)


assert check.smoothed(smoothed)

# %% [markdown]
# ### Solution 5: squares add up


# %% tags=["solution"] jupyter={"source_hidden": true}
def culprit(differences, turned):
    return ((differences**2).sum(axis=1) - turned**2).argmax()


assert check.culprit(culprit)

# %% [markdown]
# ### Solution 6: the difference first, then the interval


# %% tags=["solution"] jupyter={"source_hidden": true}
def paired(first, second, times):
    return np.percentile(times @ (first - second) / times.sum(axis=1), [2.5, 97.5])


assert check.paired(paired)

# %% [markdown]
# ### Solution 7: three of six

# %% tags=["solution"] jupyter={"source_hidden": true}
# The degrees side with the radians in walking and jumping, with the millimetres in washing windows.
answer = [
    a
    for a in actions
    if radians["average"][a] < radians["pose-mlp"][a] and millimetres["average"][a] > millimetres["pose-mlp"][a]
]
assert check.split_verdict(answer)

# %% [markdown]
# ### Solution 8: their disagreement


# %% tags=["solution"] jupyter={"source_hidden": true}
def gained(guesses):
    return guesses.var(axis=0).mean()


assert check.gained(gained)
