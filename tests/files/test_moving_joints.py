"""Position channels on joints below the root: bones where they are rigid, the person's way where the hips have it."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.files.bvh import load_bvh
from cs2s.motion.retargeting import retarget

BODY = {
    "ground": ("", (0, 0, 0)),
    "Hips": ("ground", (0, 95, 0)),
    "LeftUpLeg": ("Hips", (9, -4, 0)),
    "LeftLeg": ("LeftUpLeg", (0, -43, 0)),
    "RightUpLeg": ("Hips", (-9, -4, 0)),
    "RightLeg": ("RightUpLeg", (0, -43, 0)),
    "LeftArm": ("Hips", (17, 43, 0)),
    "LeftForeArm": ("LeftArm", (28, 0, 0)),
    "RightArm": ("Hips", (-17, 43, 0)),
    "RightForeArm": ("RightArm", (-28, 0, 0)),
}
FRAMES = 4


def written(path, body=BODY, offsets=True, places=None, turns=None):
    """A BVH file of four frames with positions for all joints.

    Args:
        path: the file.
        body: name -> parent and offset.
        offsets: whether the OFFSETs are told, else zeros.
        places: name -> ``(frames, 3)``, where its position channels are not those of `body`.
        turns: name -> ``(frames, 3)`` degrees about z, x and y.
    """
    lines, columns = ["HIERARCHY"], []

    def write(name: str) -> None:
        told = body[name][1] if offsets else (0, 0, 0)
        lines.extend([f"{'JOINT' if body[name][0] else 'ROOT'} {name}", "{", f"OFFSET {' '.join(map(str, told))}"])
        lines.append("CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation")
        columns.append(np.broadcast_to((places or {}).get(name, body[name][1]), (FRAMES, 3)))
        columns.append(np.broadcast_to((turns or {}).get(name, (0, 0, 0)), (FRAMES, 3)))
        below = [other for other, (parent, _) in body.items() if parent == name]
        for other in below:
            write(other)
        if not below:
            lines.extend(["End Site", "{", "OFFSET 0 -45 0" if "Leg" in name else "OFFSET 30 0 0", "}"])
        lines.append("}")

    write(next(iter(body)))
    rows = [" ".join(f"{value:.9g}" for value in row) for row in np.concatenate(columns, axis=1)]
    path.write_text("\n".join([*lines, "MOTION", f"Frames: {FRAMES}", "Frame Time: 0.04", *rows, ""]))
    return path


def naive(body, places, turns, name: str, frame: int) -> tuple[np.ndarray, np.ndarray]:
    """Where a joint is and how it turns columns, by the format's own words, one joint after the other."""
    parent, offset = body[name]
    own = Rotation.from_euler("ZXY", np.broadcast_to(turns.get(name, (0, 0, 0)), (FRAMES, 3))[frame], degrees=True)
    place = np.broadcast_to(places.get(name, offset), (FRAMES, 3))[frame]
    if not parent:
        return place, own.as_matrix()
    where, turned = naive(body, places, turns, parent, frame)
    return where + turned @ place, turned @ own.as_matrix()


def drawn(seed: int):
    """Ways of the root and of the hips, and turns of some joints."""
    draws = np.random.default_rng(seed)
    places = {"ground": draws.normal(scale=50, size=(FRAMES, 3)), "Hips": draws.normal((0, 95, 0), 5, size=(FRAMES, 3))}
    turns = {name: draws.uniform(-90, 90, (FRAMES, 3)) for name in ("ground", "Hips", "LeftUpLeg", "LeftArm")}
    return places, turns


def assert_as_told(motion, body, places, turns):
    where = motion.positions() / motion.skeleton.unit_mm
    for number, name in enumerate(motion.skeleton.joints):
        for frame in range(FRAMES):
            if name in body:
                np.testing.assert_allclose(where[frame, number], naive(body, places, turns, name, frame)[0], atol=1e-5)


@pytest.mark.parametrize("offsets", [True, False])
def test_hips_that_move_below_a_moving_root_become_the_root(tmp_path, offsets):
    places, turns = drawn(1)
    motion = load_bvh(written(tmp_path / "a.bvh", offsets=offsets, places=places, turns=turns))
    assert motion.skeleton.joints[0] == "Hips"
    assert "ground" not in motion.skeleton.joints
    assert_as_told(motion, BODY, places, turns)
    assert motion.notes == ("'Hips' makes its own way below 'ground', left out: it is the root here",)
    assert set(retarget(motion)[1].matched.values()) == set(BODY) - {"ground"}


def test_a_chain_of_joints_above_the_hips_may_move_too(tmp_path):
    body = {"scene": ("", (0, 0, 0)), "mover": ("scene", (0, 1, 0))} | BODY | {"ground": ("mover", (0, 2, 0))}
    places, turns = drawn(2)
    places["mover"] = np.random.default_rng(3).normal(size=(FRAMES, 3))
    turns["scene"] = turns["LeftArm"]
    motion = load_bvh(written(tmp_path / "a.bvh", body, places=places, turns=turns))
    assert motion.skeleton.joints[0] == "Hips"
    assert_as_told(motion, body, places, turns)


def test_a_root_that_moves_above_still_hips_stays(tmp_path):
    places, turns = drawn(4)
    del places["Hips"]
    motion = load_bvh(written(tmp_path / "a.bvh", places=places, turns=turns))
    assert motion.skeleton.joints[0] == "ground"
    assert motion.notes == ()
    assert_as_told(motion, BODY, places, turns)


@pytest.mark.parametrize("names", ["known", "unknown"])
def test_positions_that_do_not_change_are_the_bones(tmp_path, names):
    # OFFSETs of zero, and others of the same body at another scale.
    body = BODY if names == "known" else {f"j{n}": (f"j{list(BODY).index(p)}" if p else "", o)
                                          for n, (p, o) in enumerate(BODY.values())}  # fmt: skip
    root, _, turned, *_ = body
    places, turns = {root: np.arange(12.0).reshape(4, 3)}, {turned: [(0, 5 * n, 0) for n in range(FRAMES)]}
    for offsets in (True, False):
        motion = load_bvh(written(tmp_path / "a.bvh", body, offsets, places, turns))
        assert motion.notes == ()
        assert motion.skeleton.joints[0] == root
        assert_as_told(motion, body, places, turns)


def test_the_offset_is_meant_where_all_positions_are_zero_and_rounding_is_no_move(tmp_path):
    still = {name: np.zeros(3) for name in BODY if name not in ("ground", "Hips")}
    expected = load_bvh(written(tmp_path / "a.bvh"))
    np.testing.assert_array_equal(load_bvh(written(tmp_path / "b.bvh", places=still)).rows, expected.rows)
    rounded = {"LeftLeg": np.array([(0, -43.01, 0), (0.02, -43, 0), (0, -43, 0), (0, -42.99, 0)])}
    again = load_bvh(written(tmp_path / "c.bvh", places=rounded))
    np.testing.assert_array_equal(again.skeleton.offsets, expected.skeleton.offsets)
    assert again.notes == ()


def test_unknown_names_hang_on_the_hips_where_all_that_branches_does(tmp_path):
    body = {f"j{n}": (f"j{list(BODY).index(p)}" if p else "", o) for n, (p, o) in enumerate(BODY.values())}
    places, turns = drawn(5)
    places = {"j0": places["ground"], "j1": places["Hips"]}
    motion = load_bvh(written(tmp_path / "a.bvh", body, places=places, turns={"j0": turns["Hips"]}))
    assert motion.skeleton.joints[0] == "j1"
    assert_as_told(motion, body, places, {"j0": turns["Hips"]})


def test_what_is_no_limb_may_move(tmp_path):
    """Targets of inverse kinematics hang on the root of a game's character, a prop in its hand."""
    body = BODY | {"ik_foot_l": ("ground", (9, 0, 0)), "sword": ("LeftForeArm", (30, 0, 0))}
    places, turns = drawn(6)
    del places["Hips"]
    places["ik_foot_l"] = np.random.default_rng(7).normal(scale=30, size=(FRAMES, 3))
    places["sword"] = np.random.default_rng(8).normal(scale=30, size=(FRAMES, 3))
    motion = load_bvh(written(tmp_path / "a.bvh", body, places=places, turns=turns))
    assert len(motion.notes) == 2
    assert all(f"'{name}' moves from its place" in " ".join(motion.notes) for name in ("ik_foot_l", "sword"))
    assert_as_told(motion, BODY, places, turns)
    # Beside hips that have a way of their own it is left out.
    places["Hips"] = drawn(6)[0]["Hips"]
    motion = load_bvh(written(tmp_path / "b.bvh", body, places=places, turns=turns))
    assert motion.skeleton.joints[0] == "Hips"
    assert "ik_foot_l" not in motion.skeleton.joints
    assert "below 'ground', 'ik_foot_l'" in motion.notes[0]
    assert_as_told(motion, BODY, places, turns)


def test_bones_that_give_a_little_are_read_with_a_note(tmp_path):
    places = {"LeftLeg": np.array([(0, -43, 0), (0, -43.3, 0), (0, -43.1, 0), (0, -43, 0)])}
    motion = load_bvh(written(tmp_path / "a.bvh", places=places))
    (note,) = motion.notes
    assert "'LeftLeg' strays by up to 0.3% of the longest bone" in note
    lengths = np.linalg.norm(motion.skeleton.offsets, axis=1) / motion.skeleton.unit_mm
    assert lengths[motion.skeleton.joints.index("LeftLeg")] == pytest.approx(43.05)


def test_a_bone_that_changes_its_length_is_said_with_its_line(tmp_path):
    places = {"LeftLeg": np.array([(0, -43, 0), (0, -43, 0), (0, -50, 0), (0, -43, 0)])}
    with pytest.raises(InputError, match=r"a.bvh, line \d+: the bone to 'LeftLeg' is 50 long in frame 3 and mostly 43"):
        load_bvh(written(tmp_path / "a.bvh", places=places))
    swings = {"LeftLeg": np.array([(0, -43, 0), (0, -43, 0), (0, 0, 43), (0, -43, 0)])}
    with pytest.raises(InputError, match="'LeftLeg' swings by position channels in frame 3, not by rotations"):
        load_bvh(written(tmp_path / "a.bvh", places=swings))


def test_half_a_body_that_moves_against_the_other_is_no_root(tmp_path):
    body = BODY | {
        "Spine": ("Hips", (0, 10, 0)),
        "LeftArm": ("Spine", (17, 33, 0)),
        "RightArm": ("Spine", (-17, 33, 0)),
    }
    places = {"Spine": np.array([(0, 10, 0), (0, 20, 0), (0, 10, 0), (0, 10, 0)])}
    with pytest.raises(InputError, match="the bone to 'Spine' is 20 long in frame 2"):
        load_bvh(written(tmp_path / "a.bvh", body, places=places))


def test_the_open_cases(own_motion):
    """A moving root above moving hips, and OFFSETs of zero; the values are those of two other readers."""
    motion = load_bvh(own_motion / "04/ground.bvh")
    where = {name: motion.positions()[:, n] / 10 for n, name in enumerate(motion.skeleton.joints)}
    np.testing.assert_allclose(where["Hips"], [(0.5, 94, 0), (0.5, 93, 10), (0.5, 92, 20)], atol=1e-4)
    np.testing.assert_allclose(where["LeftLeg"][2], (9.5, 45, 20), atol=1e-4)
    rows = retarget(motion)[0]
    assert (np.diff(rows.translation[:, 2] * rows.skeleton.unit_mm) > 80).all()
    motion = load_bvh(own_motion / "05/positions.bvh")
    knee = motion.positions()[2, motion.skeleton.joints.index("LeftLeg")] / 10
    np.testing.assert_allclose(knee, (9.0, 48.7, 12.5), atol=0.06)
