"""Speed, as ratios of two things done in one run. Not a test: `python tests/benchmark.py [CMU_FOLDER]`.

Prints how much faster the cached load is than `np.loadtxt` of the same files, the vectorised angle error than a loop
over frames and joints, and the fast rollout than the plain one, in training and in prediction; then what batch size,
half precision and XLA do to the fast one. Last, how long the explorer takes to open, to show another window, and to
predict from another past, how long the demo data take, and how large and how fast the page is on which a browser
predicts. `--only` does a part. Figures called promised are for two idle cores.
"""

import argparse
import io
import itertools
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from cs2s.datasets.descriptions import CMU_DATA
from cs2s.datasets.loading import load
from cs2s.datasets.windows import dataset_statistics, test_windows
from cs2s.evaluation.baselines import ZeroVelocity
from cs2s.evaluation.measures import angle_error
from cs2s.networks.tensorflow import tf
from cs2s.pictures.page import prediction_page
from cs2s.training.adversarial import build_model
from cs2s.training.pretrained import pretrained_for
from cs2s.training.settings import Settings
from cs2s.workbook.explorer import Explorer
from cs2s.workbook.predictions import Predictions, found_predictors


def seconds(work: Callable[[], object], repeats: int) -> list[float]:
    """Return the wall-clock seconds of each repetition."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times


def compare(name: str, slow: Callable[[], object], fast: Callable[[], object], repeats: int) -> None:
    """Time both ways, the slow one less often, and print the ratio of the medians."""
    slow_times, fast_times = seconds(slow, 3), seconds(fast, repeats)
    ratio = statistics.median(slow_times) / statistics.median(fast_times)
    print(
        f"{name}: {statistics.median(slow_times):.3f} s against {statistics.median(fast_times):.4f} s "
        f"({min(fast_times):.4f} to {max(fast_times):.4f}), {ratio:.0f} times faster"
    )


def plain_angles(expmap: np.ndarray) -> tuple[float, float, float]:
    """Return the paper's Euler angles of one exponential map ``(3,)``, as one writes it down without thinking."""
    angle = np.linalg.norm(expmap)
    x, y, z = expmap / (angle + np.finfo(np.float32).eps)
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    matrix = np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew
    second = -np.arcsin(np.clip(matrix[0, 2], -1, 1))
    cosine = np.cos(second)
    first = np.arctan2(matrix[1, 2] / cosine, matrix[2, 2] / cosine)
    return first, second, np.arctan2(matrix[0, 1] / cosine, matrix[0, 0] / cosine)


def loop_error(truth: np.ndarray, predicted: np.ndarray, joint_angles: Callable = plain_angles) -> np.ndarray:
    """Return the paper's error the slow way, one frame and one joint at a time, as the original does it.

    Arguments are the rows of those of `cs2s.evaluation.measures.angle_error`, the result is its mean over the windows;
    `joint_angles` turns one exponential map into three Euler angles.
    """

    def angles(rows: np.ndarray) -> np.ndarray:
        result = np.zeros_like(rows)
        for frame, row in enumerate(rows):
            for column in range(6, len(row), 3):
                result[frame, column : column + 3] = joint_angles(row[column : column + 3])
        return result

    errors = []
    for true_rows, predicted_rows in zip(truth, predicted, strict=True):
        true_angles = angles(true_rows)
        use = np.std(true_angles, axis=0) > 1e-4
        difference = true_angles[-len(predicted_rows) :] - angles(predicted_rows)
        errors.append(np.sqrt((difference[:, use] ** 2).sum(axis=1)))
    return np.mean(errors, axis=0)


def compare_interleaved(name: str, ways: dict[str, Callable[[], object]], pairs: int = 20, warm_up: int = 3) -> None:
    """Time several ways in turns, so that whatever else the machine does falls on all; print ratios to the first."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(warm_up + pairs):
        for way, work in ways.items():
            times[way] += seconds(work, 1)
    times = {way: found[warm_up:] for way, found in times.items()}
    plain = next(iter(times))
    print(name)
    for way, found in times.items():
        low, middle, high = (1e3 * value for value in (min(found), statistics.median(found), max(found)))
        ratios = sorted(a / b for a, b in zip(times[plain], found, strict=True))
        spread = f"{ratios[len(ratios) // 4]:.2f} to {ratios[-1 - len(ratios) // 4]:.2f}"
        ratio = statistics.median(times[plain]) / statistics.median(found)
        print(
            f"  {way:28} median {middle:7.1f} ms ({low:.1f} to {high:.1f}); "
            f"{ratio:.2f} times faster (quartiles of pairs {spread})"
        )


DRAWS = np.random.default_rng(0)


def motion(windows: int, frames: int) -> tf.Tensor:
    """Return made-up normalised motion of CMU's width, ``(windows, frames, 70)``, other motion at each call."""
    return tf.constant(0.1 * DRAWS.standard_normal((windows, frames, 70)).cumsum(axis=1), tf.float32)


def batch(size: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Return made-up windows ``(size, 75, 70)`` with labels ``(size, 8)``, one-hot."""
    return motion(size, 75), tf.one_hot(np.arange(size) % 8, 8)


def multiplications(model: Callable) -> float:
    """Return how many multiplications the prediction of one window takes, half of what TensorFlow's profiler counts."""
    profiler = tf.compat.v1.profiler
    predict = tf.function(lambda observed: model(observed, frames=25)).get_concrete_function(motion(1, 50))
    options = {**profiler.ProfileOptionBuilder.float_operation(), "output": "none"}
    return profiler.profile(predict.graph, options=options).total_float_ops / 2


def compare_rollouts() -> None:
    """Compare the fast rollout with the plain one: CMU's sizes, batches of 16, 25 frames."""
    batches = (batch(16), batch(16))
    windows = batches[0][0]
    models = {
        "plain": build_model(Settings.for_preset("cmu", rollout="plain"), 70, 8),
        "fast": build_model(Settings.for_preset("cmu"), 70, 8),
        "fast, one batch for both": build_model(Settings.for_preset("cmu", batches="one"), 70, 8),
    }

    def rollout(model: object) -> Callable[[], object]:
        @tf.function
        def forward_and_backward() -> list:
            with tf.GradientTape() as tape:
                error = tf.reduce_mean(tf.square(model.rollout(windows, training=True)))
            return tape.gradient(error, [variable.value for variable in model.generator.trainable_variables])

        return lambda: forward_and_backward()[-1].numpy()

    def iteration(model: object) -> Callable[[], object]:
        step = tf.function(model.train_step)
        return lambda: step(batches)["reconstruction"].numpy()

    def prediction(model: object, observed: tf.Tensor) -> Callable[[], object]:
        predict = tf.function(lambda: model(observed, frames=25))
        return lambda: predict().numpy()

    two = {way: models[way] for way in ("plain", "fast")}
    for name, ways in (
        ("rollout of 16 windows, forward and backward", {way: rollout(model) for way, model in two.items()}),
        ("training iteration, both steps", {way: iteration(model) for way, model in models.items()}),
        ("prediction of 8 windows", {way: prediction(model, motion(8, 50)) for way, model in two.items()}),
        ("prediction of 1 window", {way: prediction(model, motion(1, 50)) for way, model in two.items()}),
    ):
        built = {way: seconds(work, 1)[0] for way, work in ways.items()}
        compare_interleaved(name, ways)
        print("  first call, building the graph: " + ", ".join(f"{way} {s:.1f} s" for way, s in built.items()))
    counts = ", ".join(f"{way} {multiplications(model) / 1e6:.0f} million" for way, model in two.items())
    print(f"multiplications of one window's prediction: {counts}")


def compare_variants() -> None:
    """Compare the ways to train and predict with the fast rollout, on the same number of windows."""

    def training(size: int = 16, precision: str = "float32", xla: bool = False) -> Callable[[], object]:
        model = build_model(Settings.for_preset("cmu", batch_size=size, precision=precision), 70, 8)
        step, batches = tf.function(model.train_step, jit_compile=xla), (batch(size), batch(size))
        return lambda: [step(batches)["reconstruction"].numpy() for _ in range(64 // size)]

    def prediction(windows: int, xla: bool) -> Callable[[], object]:
        model, observed = build_model(Settings.for_preset("cmu"), 70, 8), motion(windows, 50)
        predict = tf.function(lambda: model(observed, frames=25), jit_compile=xla)
        return lambda: predict().numpy()

    ways = {"batches of 16": training()} | {f"batches of {size}": training(size) for size in (8, 32, 64)}
    ways |= {"batches of 16, XLA": training(xla=True), "batches of 16, bfloat16": training(precision="mixed_bfloat16")}
    compare_interleaved("training on 64 windows", ways, pairs=4, warm_up=1)
    for windows in (8, 1):
        ways = {way: prediction(windows, xla) for way, xla in (("without XLA", False), ("XLA", True))}
        compare_interleaved(f"prediction of {windows} window{'s' if windows > 1 else ''}", ways)


def compare_explorer() -> None:
    """Time the explorer on the demo data with its shipped network: opening, another window, another past."""
    demo = load("demo")
    predictors = found_predictors(demo, folders=())
    chosen = {"action": "walking", "predictors": ("zero-velocity", *pretrained_for("demo"))}
    opened = []

    def open_one() -> None:
        opened.append(Explorer(Predictions(demo, found_predictors(demo, folders=())), **chosen))

    shown = seconds(open_one, 1)
    loaded = seconds(lambda: opened[0].wait(), 1)
    print(f"the explorer: first picture {shown[0]:.2f} s (promised: 2 s), its network {loaded[0]:.1f} s later")
    kept = Explorer(Predictions(demo, predictors), **chosen)
    kept.wait()
    windows, angles = itertools.cycle(range(8)), itertools.count(1)

    def past() -> None:
        kept.what_if["turn"].value = next(angles) % 180

    def step() -> None:
        kept.controls["window"].value = next(windows)

    def quick_past() -> None:
        kept.what_if["faster"].value = 1 + 0.05 * (next(angles) % 20)

    for name, work in (
        ("another window", step),
        ("another past (turn), predicted anew (promised: 0.3 s)", past),
        ("another past (turned and faster), predicted anew (promised: 0.3 s)", quick_past),
    ):
        work()
        times = seconds(work, 20)
        print(f"  {name}: {statistics.median(times):.3f} s ({min(times):.3f} to {max(times):.3f})")


def compare_demo() -> None:
    """Compare making the demo data (promised: 2 s) with writing the same rows as text and reading them back."""
    rows = [motion.rows for motion in load("demo").motions.values()]

    def through_text() -> None:
        for take in rows:
            file = io.StringIO()
            np.savetxt(file, take, delimiter=",")
            file.seek(0)
            np.loadtxt(file, delimiter=",")

    compare("the demo data (promised: 2 s), against the same rows through text", through_text, lambda: load("demo"), 5)


_FIRST_MOVE = """
    new MutationObserver((_, observer) => {
        if (Number(document.querySelector('.cs2s-player.ready')?.dataset.frame) > 0) {
            window.firstMove ??= performance.now();
            observer.disconnect();
        }
    }).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-frame']});
"""
"""Notes when the person on the page first moves."""

_PREDICT = """() => {
    document.querySelector('.cs2s-player').player.play(false);
    const {rows} = cs2sPage.take(), times = [];
    for (let n = 0; n < 220; n++) {
        const last = 60 + 2 * n % (rows.length - 130), seen = rows.slice(last - 49, last + 1);
        const begun = performance.now();
        cs2sPage.predictor.predict(seen, 25, 60);
        times.push((performance.now() - begun) / 1000);
    }
    return times.slice(20);
}"""
"""Seconds of 200 predictions of 25 frames, at 200 moments, after 20 to warm up."""


def compare_page() -> None:
    """Measure the page that predicts, in chromium: its bytes, when it is seen, when it moves, and a prediction."""
    from playwright.sync_api import sync_playwright

    text = prediction_page()
    print(f"the page that predicts: {len(text.encode()) / 1e6:.2f} MB (promised: at most 1.2)")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "index.html"
        path.write_text(text, encoding="utf-8")
        executable = shutil.which("chromium") or shutil.which("google-chrome")
        flags = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        seen: dict[str, list[float]] = {"first-contentful-paint": [], "the person moves": [], "the model is ready": []}
        for _ in range(7):
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            page.add_init_script(_FIRST_MOVE)
            page.goto(path.as_uri())
            page.evaluate("cs2sPage.ready")
            seen["the model is ready"].append(page.evaluate("performance.now()"))
            page.wait_for_function("window.firstMove")
            seen["the person moves"].append(page.evaluate("window.firstMove"))
            seen["first-contentful-paint"].append(
                page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            )
            if len(seen["the person moves"]) < 7:
                page.close()
        for what, times in seen.items():
            print(
                f"{what}: {statistics.median(times):.0f} ms ({min(times):.0f} to {max(times):.0f}) after it is opened"
            )
        processor = page.context.new_cdp_session(page)
        processor.send("Performance.enable", {"timeDomain": "threadTicks"})

        def spent() -> float:
            metrics = processor.send("Performance.getMetrics")["metrics"]
            return next(metric["value"] for metric in metrics if metric["name"] == "ThreadTime")

        for _ in range(3):
            before = spent()
            times = sorted(page.evaluate(_PREDICT))
            own = (spent() - before) / 220
            print(
                f"a prediction, not drawn: median {1000 * statistics.median(times):.1f} ms, {1000 * times[0]:.1f} to "
                f"{1000 * times[-1]:.1f}; of the processor's time {1000 * own:.1f} on average (promised: under 16)"
            )
        browser.close()


def main() -> None:
    """Run the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data/cmu_mocap"))
    parser.add_argument("--only", choices=("data", "rollout", "variants", "explorer", "demo", "page"))
    arguments = parser.parse_args()
    if arguments.only in (None, "data"):
        compare_data(arguments.folder)
    if arguments.only in (None, "rollout"):
        compare_rollouts()
    if arguments.only in (None, "variants"):
        compare_variants()
    if arguments.only in (None, "explorer"):
        compare_explorer()
    if arguments.only in (None, "demo"):
        compare_demo()
    if arguments.only in (None, "page"):
        compare_page()


def compare_data(folder: Path) -> None:
    """Compare loading and the angle error with their plain ways."""
    dataset = load("cmu", folder)
    files = [folder / CMU_DATA.file(take) for take in dataset.motions]
    compare(
        f"loading {len(files)} CMU files, cached, against np.loadtxt",
        lambda: [np.loadtxt(file, delimiter=",") for file in files],
        lambda: load("cmu", folder),
        repeats=20,
    )
    windows = test_windows(dataset, dataset_statistics(dataset))[0]
    predicted = ZeroVelocity()(windows.observed, 25)
    # Both must give the same numbers for the comparison to mean anything.
    slow = loop_error(windows.motion.rows, predicted.rows)
    np.testing.assert_allclose(slow, angle_error(windows.motion, predicted).mean(axis=0), atol=1e-3)
    compare(
        "angle error of 8 windows, against a loop over frames and joints",
        lambda: loop_error(windows.motion.rows, predicted.rows),
        lambda: angle_error(windows.motion, predicted),
        repeats=20,
    )


if __name__ == "__main__":
    main()
