"""What happens next in a motion of one's own: its last frames observed, a predictor's frames appended.

Taught in ``notebooks/08_your_own_motion``.
"""

from collections.abc import Mapping

from tqdm import tqdm

from cs2s.datasets.descriptions import Description
from cs2s.datasets.windows import OBSERVED, PREDICTED
from cs2s.errors import InputError
from cs2s.evaluation.baselines import Predictor
from cs2s.evaluation.strangers import ask
from cs2s.motion.motion import Motion
from cs2s.motion.resampling import resample
from cs2s.motion.retargeting import RetargetReport, retarget
from cs2s.motion.skeleton import CMU

__all__ = ["check_continuable", "continue_motion", "prepare"]

_MOST_FRAMES = 1000


def prepare(
    motion: Motion,
    description: Description,
    *,
    names: Mapping[str, str] | None = None,
    up: str | None = None,
    forward: str | None = None,
) -> tuple[Motion, RetargetReport | None]:
    """Bring a motion to the skeleton and the frame rate that a model of a data set predicts.

    The last frame stays as it is: it is the one to go on from.

    Args:
        motion: at any frame rate; on any skeleton if the data set's is that of CMU, else on the data set's own.
        description: of the data that the model was trained on.
        names: what joints are called, where names are of no scheme, see `cs2s.motion.retargeting.retarget`.
        up: which of the file's axes is up, where it is not to be judged.
        forward: which of the file's axes becomes z.

    Returns:
        The motion, and what became of its joints if it was retargeted.

    Raises:
        InputError: if it cannot be retargeted.
    """
    report = None
    if description.skeleton is CMU:
        motion, report = retarget(motion, names=names, up=up, forward=forward)
    elif motion.skeleton.joints != description.skeleton.joints or motion.root != description.root:
        raise InputError(
            f"a model of the {description.name} data takes rows of that data only, not a motion of "
            f"{motion.skeleton.name}: use a run trained on demo, cmu or own."
        )
    return resample(motion, description.fps, keep="last"), report


def check_continuable(motion: Motion, frames: int, least: int = OBSERVED) -> None:
    """Make sure that a motion is long enough to be continued by so many frames.

    Args:
        motion: at the frame rate of the predictor's data.
        frames: how many frames to predict.
        least: how many frames the predictor must see, see `cs2s.training.settings.Settings.least_observed`.

    Raises:
        InputError: if it has fewer frames, or `frames` is not between 1 and 1000.
    """
    if not 1 <= frames <= _MOST_FRAMES:
        raise InputError(f"{frames} frames cannot be predicted: it must be between 1 and {_MOST_FRAMES}.")
    if len(motion) < least:
        raise InputError(
            f"the motion has {len(motion)} frames at {motion.fps:g} a second, but the model observes {least}: "
            f"it must last at least {least / motion.fps:.2f} seconds."
        )


def continue_motion(motion: Motion, predictor: Predictor, frames: int = PREDICTED) -> Motion:
    """Let a predictor go on from the last 50 frames of a motion, or from fewer if it is shorter and they are enough.

    It is asked for 25 frames, and for further ones as if those had been observed, so that any number takes seconds; a
    bar shows how far it is. Joints that the model does not predict, since they never turned in its training data, stay
    as they are.

    Args:
        motion: on the skeleton and at the frame rate of the predictor's data, see `prepare`.
        predictor: a baseline or a model.
        frames: how many frames to predict, at most 1000.

    Returns:
        The observed frames, 50 at most, and then the predicted ones.

    Raises:
        InputError: if the motion is too short, or the prediction holds numbers that are not finite.
    """
    check_continuable(motion, frames, getattr(predictor, "least_observed", OBSERVED))
    continued = observed = motion[-OBSERVED:]
    # No bar for what takes a moment, nor where it would be written into a file.
    with tqdm(total=frames, unit="frame", leave=False, disable=True if frames <= PREDICTED else None) as bar:
        while (missing := len(observed) + frames - len(continued)) > 0:
            predicted = ask(predictor, continued[-OBSERVED:], PREDICTED)[:missing]
            continued = continued.then(predicted)
            bar.update(len(predicted))
    return continued
