"""The demo data set: synthetic motion of one person on the CMU skeleton, made from a seed in about a second.

Walking and running follow joint-angle curves of the biomechanics literature; squatting, waving and boxing
move between postures along minimum-jerk paths. The takes of an action differ in tempo, amplitude, phase,
asymmetry, heading, noise and transitions; the tempo, amplitude, phase and noise of a test take lie between
those of the training takes and occur in none of them. Taught in ``notebooks/01_motion_data``.

Anatomical angles are degrees about x, y and z: flexion (ankle: dorsiflexion, toes: extension), external
rotation, abduction; of pelvis, trunk and head: forward, turn to the left, left side up. All are 0 in a
neutral stance with vertical legs and hanging arms. Lengths are in the skeleton's file unit.

Sources (a few key points of their curves, rounded; these are no recordings):
    Winter, "Biomechanics and Motor Control of Human Movement", 4th ed., Wiley 2009 (walking, legs).
    Murray, Drought, Kory, "Walking patterns of normal men", J. Bone Joint Surg. 46-A, 1964 (pelvis, trunk).
    Meyns, Bruijn, Duysens, "The how and why of arm swing during human walking", Gait & Posture 38, 2013.
    Novacheck, "The biomechanics of running", Gait & Posture 7, 1998.
    Escamilla, "Knee biomechanics of the dynamic squat exercise", Med. Sci. Sports Exerc. 33, 2001.
    Rab, Petuskey, Bagley, "A method for determination of upper extremity kinematics", Gait & Posture 15, 2002
    (angles of the arm; the waving itself, like the guard of the boxer, is staged by eye).
    Piorkowski, Lees, Barton, "Single maximal versus combination punch kinematics", Sports Biomech. 10, 2011.
    Flash, Hogan, "The coordination of arm movements", J. Neurosci. 5, 1985 (minimum jerk).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.random import Generator
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

from cs2s.datasets.descriptions import DEMO_DATA
from cs2s.errors import InputError
from cs2s.motion.rotations import expmap_to_rotmat, rotmat_to_expmap
from cs2s.motion.skeleton import CMU

__all__ = ["ACTIONS", "SOURCE_FPS", "TEST_TAKES", "TRAIN_TAKES", "generate_take", "take_parameters"]

# What is made is said by the description, which can be read without the libraries that making takes.
ACTIONS = DEMO_DATA.actions
SOURCE_FPS = DEMO_DATA.source_fps
TRAIN_TAKES, TEST_TAKES = (len(DEMO_DATA.takes[split]) for split in ("train", "test"))
_MARGIN = 15  # frames made before and after a take, for the smoothing, and cut off again

Array = np.ndarray
# Body part -> (frames, 2 sides, 3) or, in the middle of the body, (frames, 3); degrees.
Angles = dict[str, Array]


@dataclass(frozen=True)
class TakeParameters:
    """What distinguishes one take from the others; tempo and amplitude are 1 where the literature's."""

    seconds: float
    tempo: float
    amplitude: float
    phase: float  # where in its cycle the motion begins, in cycles
    noise: float  # standard deviation of the slow wandering of every joint, degrees
    asymmetry: float  # how much larger than average the left side's movements are, as a fraction
    heading: float  # direction the person faces, degrees to the left of +z
    turn: float  # standard deviation of the wandering of a walker's heading, degrees

    @property
    def time(self) -> Array:
        """Times of the frames ``(frames,)``, seconds, with the margins."""
        return np.arange(-_MARGIN, round(self.seconds * SOURCE_FPS) + _MARGIN) / SOURCE_FPS


# Levels of the training takes run from the first to the second number.
_LEVELS = {"tempo": (0.85, 1.18), "amplitude": (0.85, 1.15), "phase": (0.0, 0.84), "noise": (1.0, 2.0)}


def take_parameters(split: str, action: str, take: int, seed: int = 0) -> TakeParameters:
    """Draw the parameters of a take, with the arguments of `generate_take`.

    Each training take has one of `TRAIN_TAKES` levels of tempo, amplitude, phase and noise, in an order of
    its own for each (a Latin hypercube), moved by at most 10 % of a step. A test take lies midway between two
    levels, moved by as much: at least 0.3 steps away from every training take.
    """
    takes = {"train": TRAIN_TAKES, "test": TEST_TAKES}
    if action not in ACTIONS or not 1 <= take <= takes.get(split, 0):
        raise InputError(
            f"the demo has no take {take} of {action!r} in {split!r}, but takes 1-{TRAIN_TAKES} in train and "
            f"1-{TEST_TAKES} in test of {', '.join(ACTIONS)}"
        )
    design = np.random.default_rng([seed, ACTIONS.index(action)])
    rng = np.random.default_rng([seed, 0, split == "test", ACTIONS.index(action), take])
    drawn = {}
    for name, (low, high) in _LEVELS.items():
        order = design.permutation(TRAIN_TAKES)
        level = order[take - 1] if split == "train" else rng.integers(TRAIN_TAKES - 1) + 0.5
        drawn[name] = float(low + (high - low) / (TRAIN_TAKES - 1) * (level + rng.uniform(-0.1, 0.1)))
    seconds = float(rng.uniform(*{"train": (16, 19), "test": (25, 30)}[split]))
    asymmetry, heading, turn = rng.uniform([-0.07, -40, 0], [0.07, 40, 25]).tolist()
    return TakeParameters(seconds, **drawn, asymmetry=asymmetry, heading=heading, turn=turn)


def generate_take(split: str, action: str, take: int, seed: int = 0) -> Array:
    """Make one take, always the same for the same arguments.

    Args:
        split: ``"train"`` or ``"test"``.
        action: one of `ACTIONS`.
        take: number of the take, from 1 to `TRAIN_TAKES` or `TEST_TAKES`.
        seed: of the whole data set, at least 0.

    Returns:
        ``(frames, 117)`` float32 rows of the benchmark's format at `SOURCE_FPS`: root translation in the CMU
        skeleton's unit, then 38 exponential maps in radians.

    Raises:
        InputError: if there is no such take.
    """
    p = take_parameters(split, action, take, seed)
    rng = np.random.default_rng([seed, 1, split == "test", ACTIONS.index(action), take])
    return _MAKERS[action](p, rng)[_MARGIN:-_MARGIN]


def _track(time: Array, knots: Array | list[float], values: Array | list[float]) -> Array:
    """Move from value to value between the knots along minimum-jerk paths (Flash and Hogan 1985)."""
    knots, values = np.asarray(knots, float), np.asarray(values, float)
    before = np.clip(np.searchsorted(knots, time, "right") - 1, 0, len(knots) - 2)
    x = np.clip((time - knots[before]) / (knots[before + 1] - knots[before]), 0, 1)
    return values[before] + (values[before + 1] - values[before]) * x**3 * (10 - 15 * x + 6 * x**2)


def _wander(time: Array, rng: Generator, *channels: int, hertz: tuple[float, float] = (0.1, 0.6)) -> Array:
    """Return smooth random curves ``(frames, *channels)``, mean 0, deviation 1, within a frequency band."""
    waves = np.sin(2 * np.pi * (np.outer(time, rng.uniform(*hertz, 12)) + rng.uniform(0, 1, 12)))
    # Products this small only slow down when BLAS spreads them over threads; einsum does not use BLAS.
    return np.einsum("fw,w...->f...", waves, rng.normal(0, np.sqrt(2 / 12), (12, *channels)))


def _tempo(p: TakeParameters, rng: Generator) -> Array:
    """Return the tempo over time: the take's, wandering by 2 %, changed for a while in the middle."""
    start, end = np.array([rng.uniform(0.2, 0.4), rng.uniform(0.6, 0.8)]) * p.seconds
    change = rng.choice([-0.14, 0.15]) * _track(p.time, [start, start + 1.5, end, end + 1.5], [0, 1, 1, 0])
    return p.tempo * (1 + change + 0.02 * _wander(p.time, rng))


def _add(angles: Angles, amount: Array, **parts: tuple[float, float, float]) -> None:
    """Add angles to body parts, each times an amount ``(frames,)`` or, for sided parts, ``(frames, 2)``."""
    for part, degrees in parts.items():
        fitting = amount if amount.ndim == angles[part].ndim - 1 else amount[:, None]
        angles[part] += fitting[..., None] * degrees


def _posture(p: TakeParameters, **parts: tuple[float, float, float]) -> Angles:
    """Return the angles of a take in which nothing moves: those of the parts given, 0 of all others."""
    angles = {part: np.zeros((len(p.time), 2, 3)) for part in _SIDED}
    angles |= {part: np.zeros((len(p.time), 3)) for part in _MIDDLE}
    _add(angles, np.ones(len(p.time)), **parts)
    return angles


# Flexion over the gait cycle, from one contact of the foot to the next, as pairs of % of the cycle and
# degrees: walking at natural cadence, running at 3 m/s. A take moves `amplitude` times as far, one side by its
# asymmetry more than the other, and drifts by 4 %: the knees of the test walker swing to 78 degrees (left) and 69
# (right), not to the table's 64.
_FLEXION_TABLE = """
hip      walking  0 22  10 18  20 10  30 2  40 -6  51 -11  60 -5  70 9  80 19  90 23
hip      running  0 38  10 35  20 22  30 7  40 -5  47 -4  56 14  66 36  78 52  90 47
knee     walking  0 4  8 14  15 19  25 15  40 6  50 11  60 36  71 64  80 52  90 18  96 4
knee     running  0 20  8 35  15 43  25 36  36 23  45 34  55 70  67 96  78 80  90 36  96 21
ankle    walking  0 0  6 -5  15 2  30 7  43 10  52 2  62 -19  72 -8  82 1  92 1
ankle    running  0 8  8 16  18 25  28 15  38 -13  43 -20  55 -10  70 0  85 4
toes     walking  0 8  10 0  30 0  42 6  55 28  62 22  72 4  88 10
toes     running  0 8  10 2  22 4  32 25  39 26  48 6  70 2  88 8
shoulder walking  0 -20  25 -4  50 14  75 -4
shoulder running  0 -38  25 -12  50 24  75 -12
elbow    walking  0 18  25 24  50 36  75 26
elbow    running  0 84  25 86  50 104  75 96
"""
# Of standing, walking and running: strides per second, part of the stride in stance (standing's is walking's,
# for a foot still swings while a walker stops), degrees of lean, of pelvic turn, of pelvic list and of the
# trunk's turn.
_STRIDE_HZ, _STANCE, _LEAN = (0.7, 0.93, 1.4), (0.62, 0.62, 0.37), (1, 3, 8)
_PELVIS_TURN, _PELVIS_LIST, _TRUNK_TURN = (0, 5, 7), (0, 4, 4), (0, 11, 20)
# (Body part, gait) -> smooth curve through the points of its line, periodic with period 1.
_FLEXION = {}
for _part, _name, *_numbers in map(str.split, _FLEXION_TABLE.strip().splitlines()):
    _points = np.array(_numbers, float).reshape(-1, 2) / [100, 1]
    _FLEXION[_part, _name] = CubicSpline(*np.vstack([_points, _points[0] + [1, 0]]).T, bc_type="periodic")


def _gait(p: TakeParameters, rng: Generator, usual: float, other: float) -> Array:
    """Return the rows of a gait: at its usual level (0 stand, 1 walk, 2 run), for a while at another one."""
    knots = rng.uniform(0.3, 0.6) * p.seconds + np.cumsum([0, 1.4, rng.uniform(0.6, 2.2), 1.4])
    level = _track(p.time, knots, [usual, other, other, usual])
    weights = np.maximum(0, 1 - np.abs(level[:, None] - np.arange(3)))
    phase = p.phase + np.cumsum(_tempo(p, rng) * (weights @ _STRIDE_HZ)) / SOURCE_FPS
    sides = phase[:, None] + [0, 0.5]
    size = p.amplitude * (1 + 0.04 * _wander(p.time, rng))[:, None] * (1 + p.asymmetry * _MIRROR)
    angles = _posture(p, hip=(0, 6, -1.5), shoulder=(0, 0, 7), elbow=(0, 15, 0))
    _add(angles, weights[:, 0], hip=(2, 0, 0), knee=(3, 0, 0), ankle=(1, 0, 0), elbow=(14, 0, 0))
    for (part, gait), curve in _FLEXION.items():
        _add(angles, weights[:, [ACTIONS.index(gait) + 1]] * size * curve(sides % 1), **{part: (1, 0, 0)})
    # The trunk leans, and nods at every step.
    _add(angles, weights @ _LEAN, pelvis=(0.4, 0, 0), trunk=(0.6, 0, 0), head=(-0.7, 0, 0))
    _add(angles, np.cos(4 * np.pi * (phase - 0.05)) * (1 - weights[:, 0]), trunk=(1.5, 0, 0))
    # The pelvis turns with the leading leg, the trunk with the arms against it, and the head keeps looking
    # ahead. The pelvis drops on the swinging side. The legs undo both, and come down close to the middle.
    forward = p.amplitude * np.cos(2 * np.pi * phase)
    turn, counter = forward * (weights @ _PELVIS_TURN), forward * (weights @ _TRUNK_TURN)
    lists = p.amplitude * np.sin(2 * np.pi * (phase + 0.07)) * (weights @ _PELVIS_LIST)
    _add(angles, turn, pelvis=(0, -1, 0), head=(0, 1, 0))
    _add(angles, counter, trunk=(0, 1, 0), head=(0, -1, 0))
    _add(angles, lists, pelvis=(0, 0, 1), trunk=(0, 0, -0.9))
    _add(angles, turn[:, None] * _MIRROR, hip=(0, 1, 0))
    _add(angles, -lists[:, None] * _MIRROR - 1.3 * (1 - weights[:, :1]), hip=(0, 0, 1))
    half = (weights @ _STANCE)[:, None] / 2
    from_midstance = np.abs((sides - half + 0.5) % 1 - 0.5)
    stance = 1 / (1 + np.exp((from_midstance - half) / 0.02))
    return _rows(angles, p, rng, p.heading + p.turn * _wander(p.time, rng, hertz=(0.01, 0.06)), stance)


def _squatting(p: TakeParameters, rng: Generator) -> Array:
    """Squat again and again, every squat with a depth, duration and pauses of its own."""
    beat = 2 * p.phase + np.cumsum(_tempo(p, rng)) / SOURCE_FPS
    depth = p.amplitude * rng.uniform(0.72, 1.08, 30)
    # Deeper takes longer. Down, a moment at the bottom, up, a moment at the top.
    seconds = [depth**0.5, rng.uniform(0.08, 0.3, 30), 0.9 * depth**0.5, rng.uniform(0.08, 0.4, 30)]
    knots = np.cumsum(np.stack(seconds, axis=1))
    depths = np.outer(depth, [1, 0.98, 0, 0]).ravel()
    # The arms rise for balance, a little behind the legs.
    down, up = _track(beat, knots, depths), _track(beat - 0.08, knots, depths)
    up = up[:, None] * p.amplitude * (1 + p.asymmetry * _MIRROR)
    angles = _posture(p, hip=(4, 12, 9), knee=(6, 0, 0), shoulder=(6, 0, 8), elbow=(14, 10, 0))
    _add(angles, down, hip=(92, 4, 8), knee=(104, 0, 0), pelvis=(24, 0, 0), trunk=(14, 0, 0))
    _add(angles, -down, head=(24, 0, 0))
    _add(angles, up, shoulder=(100, 0, 0), elbow=(12, 0, 0))
    return _rows(angles, p, rng, p.heading)


def _waving(p: TakeParameters, rng: Generator) -> Array:
    """Wave with one raised arm, then the other or both, swaying from foot to foot."""
    phase = p.phase + np.cumsum(1.35 * _tempo(p, rng)) / SOURCE_FPS
    raised = np.array([[1, 0], [0, 1], [1, 1]])[np.cumsum(rng.integers(1, 3, 13)) % 3]
    changes = np.cumsum(rng.uniform([3.5], [6.5], 12))
    knots = np.stack([changes, changes + rng.uniform(0.7, 1.0, 12)], axis=1).ravel()
    up = np.stack([_track(p.time, knots, np.repeat(side, 2)[1:-1]) for side in raised.T], axis=1)
    swing = up * np.sin(2 * np.pi * phase)[:, None] * p.amplitude * (1 + p.asymmetry * _MIRROR)
    angles = _posture(p, hip=(3, 6, 5), knee=(5, 0, 0), shoulder=(3, 0, 8), elbow=(16, 15, 0))
    # Raised: upper arm level to the side and a little forward, turned outwards so that the forearm points up.
    _add(angles, up, shoulder=(20, 70, 70), elbow=(72, 0, 0), clavicle=(0, 0, 9))
    _add(angles, swing, shoulder=(0, -9, 7), elbow=(-24, 0, 0), wrist=(-12, 0, 0))
    # The body leans away from the raised arm, follows the hand a little and sways.
    sway = p.amplitude * 4 * np.sin(np.pi * phase / 3) + _wander(p.time, rng)
    _add(angles, up @ _MIRROR, trunk=(0, 0, 4), head=(0, 0, -1.6))
    _add(angles, swing @ _MIRROR, trunk=(0, 3, -1.5))
    _add(angles, sway, trunk=(0, 0, -0.6), head=(0, 0, 0.3), pelvis=(0, 0, -0.3))
    _add(angles, sway[:, None] * _MIRROR, hip=(0, 0, 1))
    return _rows(angles, p, rng, p.heading)


# Punch -> striking side (0 left), shoulder, elbow, turn of the body to the left, seconds to the target.
# Hooks take longer (Piorkowski et al. 2011). Straight punches go to the chest: level arms are in gimbal lock.
_PUNCHES = {
    "jab": (0, (76, -40, 2), (12, 50, 0), -16, 0.24),
    "cross": (1, (78, -40, -4), (12, 50, 0), 48, 0.28),
    "lead hook": (0, (100, -72, 12), (84, 20, 0), -34, 0.34),
}
_COMBINATIONS = (("jab", "cross"), ("jab", "jab", "cross"), ("jab", "cross", "lead hook"))


def _boxing(p: TakeParameters, rng: Generator) -> Array:
    """Shadow-box, left foot in front: combinations of punches, and slips, in random order on a steady bounce."""
    beat = np.cumsum(_tempo(p, rng)) / SOURCE_FPS
    guard = {"shoulder": (60, -12, 12), "elbow": (116, 20, 0)}
    guard |= {"hip": (22, 16, 8), "knee": (30, 0, 0), "pelvis": (7, -28, 0), "trunk": (12, -8, 0)}
    angles = _posture(p, **guard)
    angles["hip"][:, 1, 0] -= 20
    bounce = p.amplitude * np.cos(2 * np.pi * (p.phase + 1.7 * beat))
    _add(angles, bounce, knee=(5, 0, 0), hip=(2.5, 0, 0), shoulder=(2, 0, 0), trunk=(1.5, 0, 0))
    start, free = 0.3 + p.phase, [0.0, 0.0]
    while start < beat[-1]:
        for punch in _COMBINATIONS[rng.integers(len(_COMBINATIONS))]:
            side, shoulder, elbow, turn, reach = _PUNCHES[punch]
            # An arm strikes again only when it is back in the guard.
            start = max(start, free[side])
            hit, free[side] = start + reach, start + reach + 0.45
            size = p.amplitude**0.4 * (1 + 0.5 * p.asymmetry * (1, -1)[side])
            strike = size * _track(beat, [start, hit, hit + 0.06, free[side]], [0, 1, 1, 0])
            for part, target in (("shoulder", shoulder), ("elbow", elbow)):
                angles[part][:, side] += strike[:, None] * np.subtract(target, guard[part])
            if "hook" in punch:
                angles["shoulder"][:, side, 2] += 38 * size * _track(beat, [start - 0.05, hit - 0.15, hit], [0, 1, 0])
            # The body winds up against the punch before it turns into it.
            knots = [start - 0.15, start + 0.03, hit, hit + 0.05, free[side] + 0.1]
            body = turn * size * _track(beat, knots, [0, -0.15, 1, 1, 0])
            _add(angles, body, pelvis=(0, 0.3, 0), trunk=(0, 0.7, 0))
            _add(angles, np.abs(body), pelvis=(0.1, 0, 0))
            start += 0.38
        if rng.random() < 0.3:
            # Slip to one side, knees bent.
            slip = p.amplitude * _track(beat, start + np.array([0, 0.28, 0.4, 0.75]), [0, 1, 1, 0])
            _add(angles, slip, trunk=(8, 0, rng.choice([-20, 20])), knee=(16, 0, 0), hip=(10, 0, 0))
            start += 0.6
        start += rng.uniform(0.25, 0.5)
    # The legs stay where they are while the pelvis turns, and the eyes stay on the opponent.
    angles["hip"][..., 1] -= (angles["pelvis"][:, 1:2] + 28) * _MIRROR
    angles["head"][:, 1] = -(angles["pelvis"] + angles["trunk"])[:, 1]
    angles["head"][:, 0] = -8 - 0.4 * (angles["trunk"][:, 0] - 12)
    return _rows(angles, p, rng, p.heading)


_walking, _running = partial(_gait, usual=1, other=0), partial(_gait, usual=2, other=1)
_MAKERS: dict[str, Callable[[TakeParameters, Generator], Array]] = dict(
    zip(ACTIONS, (_walking, _running, _squatting, _waving, _boxing), strict=True)
)

# From angles to rows. Body part -> its joints, which share the part's angles; sided ones lack Left or Right.
_MIDDLE = {"pelvis": ("Hips",), "trunk": ("LowerBack", "Spine", "Spine1"), "head": ("Neck", "Neck1", "Head")}
_SIDED = {"hip": "UpLeg", "knee": "Leg", "ankle": "Foot", "toes": "ToeBase"}
_SIDED |= {"clavicle": "Shoulder", "shoulder": "Arm", "elbow": "ForeArm", "wrist": "Hand"}
_SIDES, _MIRROR = ("Left", "Right"), np.array([1, -1])
_PARENTS = {joint: CMU.joints[max(parent, 0)] for joint, parent in zip(CMU.joints, CMU.parents, strict=True)}
_OFFSETS = dict(zip(CMU.joints, CMU.offsets / CMU.unit_mm, strict=True))


def _about(axis: int, radians: Array | float) -> Array:
    """Return rotation matrices ``(..., 3, 3)``, for column vectors, about x (axis 0), y (1) or z (2)."""
    return expmap_to_rotmat(np.asarray(radians)[..., None] * np.eye(3)[axis])


# Joint -> its turn from the zero pose (arms out, legs apart) to the neutral stance.
_NEUTRAL = dict.fromkeys(CMU.joints, np.eye(3))
for _side, _sign in zip(_SIDES, _MIRROR, strict=True):
    _apart = _about(2, -np.arctan2(_OFFSETS[_side + "Leg"][0], -_OFFSETS[_side + "Leg"][1]))
    _NEUTRAL |= {_side + name: _apart for name in ("UpLeg", "Leg", "Foot", "ToeBase")}
    _NEUTRAL |= {_side + name: _about(2, -_sign * np.pi / 2) for name in ("Arm", "ForeArm", "Hand")}
# Joint -> its offset from its parent in the neutral stance.
_BONES = {joint: _NEUTRAL[_PARENTS[joint]] @ offset for joint, offset in _OFFSETS.items()}


def _rows(
    angles: Angles, p: TakeParameters, rng: Generator, heading: Array | float, stance: Array | None = None
) -> Array:
    """Turn anatomical angles and a heading in degrees into rows ``(frames, 117)``, feet on the ground.

    `stance`, ``(frames, 2 sides)``, is 0 in the air and 1 on the ground, or None for an action on the spot.
    """
    degrees = {joint: angles[part] / len(joints) for part, joints in _MIDDLE.items() for joint in joints}
    for part, name in _SIDED.items():
        for number, sign in enumerate(_MIRROR):
            signs = (1 if part == "knee" else -1, sign, sign)  # knees bend backwards, all else forwards
            degrees[_SIDES[number] + name] = angles[part][:, number] * signs
    wander = p.noise * _wander(p.time, rng, len(degrees), 3)
    vector = {joint: np.radians(degrees[joint] + wander[:, j]) for j, joint in enumerate(degrees)}
    # Angles are rotation vectors, but hips and shoulders first turn about the bone, then swing it; and the
    # pelvis first turns in itself, then to the heading.
    facing = _about(1, np.radians(heading))
    matrix = {"Hips": facing @ expmap_to_rotmat(vector["Hips"])}
    for joint in ("LeftUpLeg", "RightUpLeg", "LeftArm", "RightArm"):
        matrix[joint] = expmap_to_rotmat(vector[joint] * [1, 0, 1]) @ _about(1, vector[joint][:, 1])
    # The legs, with the root of the skeleton at the origin.
    shanks, ankles = [], []
    for side in _SIDES:
        thigh = matrix["Hips"] @ matrix[side + "UpLeg"]
        knee = matrix["Hips"] @ _BONES[side + "UpLeg"] + thigh @ _BONES[side + "Leg"]
        shanks.append(thigh @ expmap_to_rotmat(vector[side + "Leg"]))
        ankles.append(knee + shanks[-1] @ _BONES[side + "Foot"])
    lower = np.minimum(ankles[0][:, 1], ankles[1][:, 1])
    feet = np.empty((len(p.time), 2, 3, 3))  # frames, sides, points (heel, ball, toe tip), xyz
    for number, (side, shank, ankle) in enumerate(zip(_SIDES, shanks, ankles, strict=True)):
        foot, toes, ball = side + "Foot", side + "ToeBase", _BONES[side + "ToeBase"]
        if stance is None:
            # The foot of the lower ankle stands flat; the other heel rises until its ball is on the ground.
            # Both point where the axis of the knee lets them.
            length = np.linalg.norm(ball)
            steepness = np.minimum((ankle[:, 1] - lower - ball[1]) / length, 0.95)
            pitch = np.arcsin(steepness) - np.arcsin(-ball[1] / length)
            sole = _about(1, np.arctan2(-shank[:, 2, 0], shank[:, 0, 0])) @ _about(0, pitch)
            matrix[foot] = np.swapaxes(shank, 1, 2) @ sole
            vector[toes][:, 0] -= pitch
        else:
            sole = shank @ expmap_to_rotmat(vector[foot])
        feet[:, number, 0] = ankle + sole @ [0, ball[1], -0.7]
        feet[:, number, 1] = ankle + sole @ ball
        feet[:, number, 2] = feet[:, number, 1] + sole @ expmap_to_rotmat(vector[toes]) @ _BONES[toes + "End"]
    rows = np.zeros((len(p.time), CMU.columns), np.float32)
    rows[:, :3] = _root(feet, stance, facing[..., 2])
    for joint in vector:
        column, parent = 3 + 3 * CMU.joints.index(joint), _NEUTRAL[_PARENTS[joint]]
        if joint in matrix:
            vector[joint] = rotmat_to_expmap(matrix[joint] @ (_NEUTRAL[joint] @ parent.T))
        # The joint turns by parent^-1 matrix neutral; the files store minus its rotation vector.
        rows[:, column : column + 3] = -vector[joint] @ parent
    return rows


def _root(feet: Array, stance: Array | None, ahead: Array) -> Array:
    """Place the pelvis ``(frames, 3)`` so that the feet, given relative to it, stand still on the ground."""
    lowest = feet[..., 1].min(axis=(1, 2))
    planted = (1 if stance is None else stance[..., None]) * np.exp((lowest[:, None, None] - feet[..., 1]) / 0.12)
    known = planted.sum(axis=(1, 2))[:, None] + 1e-6
    steps = (planted[..., None] * np.gradient(feet, axis=0)).sum(axis=(1, 2)) / known
    steps[:, 1] = lowest
    # In flight nothing is known: smoothing with these weights bridges it.
    smooth = gaussian_filter1d(steps * known, 1.5, axis=0) / gaussian_filter1d(known, 1.5, axis=0)
    # Nobody walks backwards: legs that lose their swing on the ground, at a stop, slide instead.
    smooth -= np.maximum(0, np.sum(smooth * ahead, axis=1, keepdims=True)) * ahead
    root = -np.cumsum(smooth, axis=0) if stance is not None else -feet[:, :, 1].mean(axis=1)
    root[:, 1] = -smooth[:, 1]
    return root
