"""A BVH file that goes on: its own bytes, then frames that continue its channels."""

import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from cs2s.errors import InputError
from cs2s.files.bvh import load_bvh
from cs2s.files.bvh_continued import continue_bvh
from cs2s.motion.motion import Motion

FILE = """HIERARCHY\r
ROOT my hips\r
{\r
  OFFSET 1 2 3\r
  CHANNELS 6 Xposition Yposition Zposition Yrotation Xrotation Zrotation\r
  JOINT chest { OFFSET 0 10 0\r
    CHANNELS 3 Zrotation Xrotation Yrotation\r
    JOINT hinge {\r
      OFFSET 0.0 5.0 0\r
      CHANNELS 1 Xrotation\r
      JOINT unknown {\r
        OFFSET 0 0 4\r
        CHANNELS 6 Xposition Yposition Zposition Xrotation Yrotation Zrotation\r
        End Site { OFFSET 0 1 0\r
        }\r
      }\r
    }\r
  }\r
}\r
MOTION\r
Frames:   3\r
Frame Time: 0.0333333\r
 1.5 90 -2\t175.25 10 1.5  1e1 -20.125 179.5  30  0 0 0 5 6 7\r
1.5 90 -1 178 10 1.5  12 -20.125 179.75  31  0 0 0 5 6 7 \r
1.5 90 0 179.5 10 1.5  14 -20.125 179.9375  32  0 0 0 5 6 7\r
\r
"""


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.bvh"
    path.write_bytes(FILE.encode())
    return path


def next_frames(path, frames=4, degrees=1.0) -> Motion:
    """Return a file's last frame and frames in which hips turn and walk on, the chest twists and the hinge opens."""
    motion = load_bvh(path)
    rows = np.repeat(motion.rows[-1:], frames + 1, axis=0)
    expmaps = rows[:, 3:].reshape(frames + 1, -1, 3)
    for frame in range(frames + 1):
        for joint, axis in ((0, "y"), (1, "y"), (2, "x")):
            before = Rotation.from_rotvec(-expmaps[frame, joint])
            expmaps[frame, joint] = -(before * Rotation.from_euler(axis, frame * degrees, degrees=True)).as_rotvec()
    rows[:, 2] += np.arange(frames + 1)
    return replace(motion, rows=rows)


def values(path) -> np.ndarray:
    return np.loadtxt(path.read_text().partition("Frame Time:")[2].splitlines()[1:])


def test_what_was_there_stays_byte_for_byte(source, tmp_path):
    out = tmp_path / "out.bvh"
    assert continue_bvh(source, next_frames(source), "my hips", out) == 3
    content = out.read_bytes()
    before, after = FILE.encode().split(b"Frames:   3\r\n")
    assert content.startswith(before + b"Frames:   7\r\n" + after.rstrip() + b"\r\n")
    assert content.endswith(b"\r\n") and b"\n" not in content.replace(b"\r\n", b"")
    again = load_bvh(out)
    assert (len(again), again.fps) == (7, 30)
    np.testing.assert_array_equal(again.rows[:3], load_bvh(source).rows)
    np.testing.assert_allclose(again.positions()[3:], next_frames(source).positions()[1:], atol=0.2)
    assert (list(tmp_path.iterdir()).count(out), len(list(tmp_path.iterdir()))) == (1, 2)


def test_channels_go_on_without_leaps_past_half_a_turn(source, tmp_path):
    out = tmp_path / "out.bvh"
    continue_bvh(source, next_frames(source, 40, 10.0), "my hips", out)
    given = values(out)
    # The hips turn about y, first of their channels, the chest about y, its last: both pass 180 degrees.
    assert np.abs(np.diff(given[:, 3])).max() < 20 and given[-1, 3] > 360
    assert np.abs(np.diff(given[:, 9:10], axis=0)).max() < 45
    assert np.abs(np.diff(given[:, 6:9], axis=0)).max() < 60
    # One channel, and one axis.
    np.testing.assert_allclose(given[3:, 9], 32 + 10 * np.arange(1, 41), atol=1e-3)
    expected = next_frames(source, 40, 10.0)
    turned = [Rotation.from_rotvec(one.expmaps[:, :3].reshape(-1, 3)) for one in (load_bvh(out)[3:], expected[1:])]
    assert (turned[0].inv() * turned[1]).magnitude().max() < 1e-4


def test_what_is_not_predicted_keeps_its_numbers(source, tmp_path):
    out = tmp_path / "out.bvh"
    continue_bvh(source, next_frames(source), "my hips", out)
    given = values(out)
    np.testing.assert_array_equal(given[3:, 10:], np.broadcast_to([0, 0, 0, 5, 6, 7], (4, 6)))
    np.testing.assert_array_equal(given[3:, :2], np.broadcast_to([1.5, 90], (4, 2)))
    np.testing.assert_allclose(given[3:, 2], [1, 2, 3, 4])
    # As many digits as there were, and those blanks.
    assert re.fullmatch(rb"(-?\d+\.\d{4} ?)+", out.read_bytes().splitlines()[-1])


def test_joints_that_the_motion_does_not_hold_are_held_and_made_up_for(source, tmp_path):
    """A root above the hips that a reader left out: the hips are where they are to be nevertheless."""
    lines = FILE.replace("\r\n", "\n").split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith("ROOT"))
    end = lines.index("MOTION")
    ground = [
        "ROOT ground",
        "{",
        "OFFSET 0 0 0",
        "CHANNELS 6 Xposition Yposition Zposition Xrotation Yrotation Zrotation",
    ]
    inner = ["JOINT my hips", *lines[start + 1 : end]]
    rows = ["7 0 3 0 90 0 " + line for line in lines[end + 3 : end + 6]]
    text = "\n".join([*lines[:start], *ground, *inner, "}", *lines[end : end + 3], *rows]) + "\n"
    whole = tmp_path / "ground.bvh"
    whole.write_text(text)
    # What a reader makes of it: the hips are the root, turned and moved in space.
    turn = Rotation.from_euler("y", 90, degrees=True)
    plain = next_frames(source)
    expmaps = plain.expmaps.copy()
    expmaps[:, 0] = -(turn * Rotation.from_rotvec(-expmaps[:, 0])).as_rotvec()
    predicted = Motion.from_parts(
        turn.apply(plain.translation) + np.array([7, 0, 3]), expmaps, plain.skeleton, plain.fps
    )
    out = tmp_path / "out.bvh"
    continue_bvh(whole, predicted, "my hips", out)
    given = values(out)
    np.testing.assert_allclose(given[3:, 3:6], np.broadcast_to([0, 90, 0], (4, 3)))
    np.testing.assert_array_equal(given[3:, 6:9], np.broadcast_to([1.5, 90, 0], (4, 3)))
    # z in the root's frame is x in space.
    np.testing.assert_allclose(given[3:, 0], [8, 9, 10, 11], atol=1e-4)
    # The hips turn as before.
    np.testing.assert_allclose(given[3:, 9], 179.5 + np.arange(1, 5), atol=2)


def test_another_rate_is_said_where_it_was_told(source, tmp_path):
    predicted = replace(next_frames(source), fps=50.0)
    continue_bvh(source, predicted, "my hips", tmp_path / "out.bvh", new_rate=True)
    assert b"Frame Time: 0.02\r\n" in (tmp_path / "out.bvh").read_bytes()


def test_a_file_that_is_gone_is_said(source, tmp_path):
    predicted = next_frames(source)
    source.write_text("HIERARCHY\n")
    with pytest.raises(InputError, match="it has no line MOTION any more"):
        continue_bvh(source, predicted, "my hips", tmp_path / "out.bvh")
    with pytest.raises(InputError, match="does not exist"):
        continue_bvh(tmp_path / "no.bvh", predicted, "my hips", tmp_path / "out.bvh")
    assert not (tmp_path / "out.bvh").exists()
