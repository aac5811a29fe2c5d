"""People in charts: each is the frame that it should be, in its place, at its moment."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from cs2s.motion.skeleton import CMU
from cs2s.pictures.axis_people import add_people, add_person, evenly


@pytest.fixture
def axes():
    axes = Figure(figsize=(8, 4)).add_subplot()
    axes.set(xlim=(10, 30), ylim=(0, 1))
    return axes


def drawn(place):
    """Where bones begin and end, in metres."""
    places = np.concatenate([np.asarray(line.get_xydata(), float) for line in place.lines])
    return places[np.isfinite(places).all(axis=1)]


@pytest.mark.parametrize(("front", "across"), [(False, 2), (True, 0)])
def test_a_person_is_seen_from_the_right_or_from_the_front(axes, stride, front, across):
    walk = stride(CMU, turned=2.0)
    place = add_person(axes, walk[7:], (0.2, 0.3, 0.1, 0.4), front=front)
    # The hips upright and at the origin, wherever the person went and looked.
    maps = walk.expmaps[7].astype(float)
    maps[0] = 0
    joints = CMU.forward_kinematics(maps[None], np.zeros((1, 3)))[0][:, [across, 1]] / 1000
    apart = np.linalg.norm(drawn(place)[:, None] - joints, axis=-1)
    assert apart.min(axis=1).max() < 1e-6 and apart.min(axis=0).max() < 1e-6
    assert not place.axison and {line.get_linestyle() for line in place.lines} >= {"-", "--"}
    # As large as fits into the box, and in its middle.
    axes.figure.draw_without_rendering()
    box, whole = place.get_window_extent(), axes.get_window_extent()
    assert (box.x0 + box.x1) / 2 == pytest.approx(whole.x0 + 0.25 * whole.width)
    assert box.height <= 0.4 * whole.height + 1 and box.width <= 0.1 * whole.width + 1


def test_people_stand_at_their_moments(axes, stride):
    walk = stride(CMU, frames=40)
    add_people(axes, walk, {12.5: 3, 20.0: 39})
    assert [line.get_xdata()[0] for line in axes.lines] == [12.5, 20.0]
    axes.figure.draw_without_rendering()
    for at, frame, place in zip((12.5, 20.0), (3, 39), list(axes.child_axes), strict=True):
        box = place.get_window_extent()
        assert (box.x0 + box.x1) / 2 == pytest.approx(axes.transData.transform((at, 0))[0])
        assert box.y0 > axes.get_window_extent().y1
        np.testing.assert_allclose(drawn(place), drawn(add_person(axes, walk[frame:], (0, 0, 1, 1))))
    other = Figure().add_subplot()
    other.set(xlim=(0, 40))
    add_people(other, walk, [5, 30])
    assert [line.get_xdata()[0] for line in other.lines] == [5, 30]


def test_frames_are_spread_evenly():
    assert evenly(100, 5).tolist() == [10, 30, 50, 70, 90]
    assert evenly(7, 1).tolist() == [4]
