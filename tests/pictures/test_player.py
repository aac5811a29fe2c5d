"""The player as HTML: what stands in it, how little, and what it refuses. How it moves is tested in a browser."""

import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from cs2s.errors import InputError
from cs2s.files.formats import load_motion
from cs2s.motion.motion import Motion
from cs2s.motion.retargeting import retarget
from cs2s.motion.skeleton import CMU, HUMAN36M, Skeleton
from cs2s.pictures.body import Body
from cs2s.pictures.player import player, player_page

SCRIPT = Path(__file__).parents[2] / "cs2s" / "pictures" / "player.js"
SKELETONS = pytest.mark.parametrize("skeleton", [CMU, HUMAN36M], ids=lambda skeleton: skeleton.name)


def film_of(fragment):
    """What the script is told."""
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', fragment).group(1))


def text_of(fragment):
    """The words that a reader may see, and the labels that a screen reader says."""
    words = []

    class Reader(HTMLParser):
        quiet = False

        def handle_starttag(self, tag, attributes):
            self.quiet = tag in ("script", "style")
            words.extend(value for name, value in attributes if name in ("aria-label", "title") and value)

        def handle_data(self, data):
            words.extend([] if self.quiet else [data.strip()])

    Reader().feed(fragment)
    return [word for word in words if word]


def noisy(skeleton, frames, seed=0, fps=25.0):
    """A motion that moves everything, more than people do."""
    draws = np.random.default_rng(seed)
    rows = np.zeros((frames, skeleton.columns))
    time = np.arange(frames)[:, None] / fps
    speed, phase = draws.uniform(0.5, 2, skeleton.columns), draws.uniform(0, 6, skeleton.columns)
    rows[:, 3:] = 0.3 * np.sin(2 * np.pi * speed * time + phase)[:, 3:] + draws.normal(0, 0.02, (frames, 1))
    rows[:, 2] = 30 * np.arange(frames) / skeleton.unit_mm
    return Motion(rows, skeleton, fps)


def test_the_script_is_small_and_asks_nothing_of_anybody():
    script = SCRIPT.read_text(encoding="utf-8")
    assert len(script.encode()) <= 20_000
    assert not re.search(r"https?:|//\w|fetch|XMLHttp|WebSocket|import\b|eval|sendBeacon|\.src\b", script)


@SKELETONS
def test_600_frames_of_two_people_take_400_kB_at_most(skeleton):
    fragment = player({"one": noisy(skeleton, 600), "other": noisy(skeleton, 600, 1)}, 50, predicted=["other"])
    assert len(fragment.encode()) <= 400_000
    assert not re.search(r"https?:", fragment)


def test_real_people_take_much_less(cmu_folder):
    motion = load_motion(next(iter(sorted((cmu_folder / "test" / "walking").glob("*.txt")))))[:600]
    still = Motion(np.repeat(motion.rows[:1], len(motion), axis=0), CMU, motion.fps)
    bare, real = (len(player({"one": one, "other": one[::-1]})) for one in (still, motion))
    # In bytes a coordinate, base64 and all: 2 people, 600 frames, 28 points of the CMU skeleton.
    assert (real - bare) / (2 * len(motion) * 28 * 3) < 0.75


def test_what_was_observed_is_written_once(stride):
    truth = stride(CMU, frames=75)
    apart = replace(truth, rows=truth.rows.copy())
    apart.rows[50:, 3:] += 0.1
    film = film_of(player({"ground truth": truth, "model": apart}, 50, predicted=["model"]))
    assert [person["same"] for person in film["people"]] == [0, 50]
    assert len(film["people"][1]["data"]) < len(film["people"][0]["data"])


def test_it_is_the_same_each_time(stride):
    assert player({"a": stride(CMU)}, 3) == player({"a": stride(CMU)}, 3)


def test_names_and_titles_are_words_whatever_they_are(stride):
    wild = "</script><b>&\"bold'"
    walk = stride(CMU)
    fragment = player(
        {wild: walk, "other": walk}, 6, predicted=[wild], errors={wild: np.ones(6)}, errors_are=wild, title=wild
    )
    assert "</script><b>" not in fragment and fragment.count("</script>") == 2 and '&"bold' not in fragment
    assert film_of(fragment)["people"][0]["name"] == wild
    assert any(wild in word for word in text_of(fragment))
    assert "</script><b>" not in player_page(fragment, wild)


def test_everything_that_can_be_pressed_has_a_name_and_every_key_is_listed(stride):
    fragment = player({"a": stride(CMU), "b": stride(CMU)}, 6, predicted=["b"], title="walk")
    for tag in re.findall(r"<(?:button|select|input|canvas)\b[^>]*>", fragment):
        after = fragment.split(tag)[1].split("<")[0].strip()
        assert "aria-label=" in tag or after, tag
    listed = " ".join(re.findall(r"<dt>(.*?)</dt>", fragment)).lower()
    (keys,) = re.findall(r"const keys = \{(.*?)\};", SCRIPT.read_text(encoding="utf-8"), re.DOTALL)
    for key in re.findall(r'"(.)":|\b([a-z]|Home|End): ', keys):
        name = key[0] or key[1]
        assert name == "=" or name.replace("-", "−").lower() in listed, f"'{name}' is a key and not listed"
    alone = player({"a": stride(CMU)})
    assert "side by side" not in alone and "last observed" not in " ".join(text_of(alone))


def test_the_still_picture_has_a_row_for_each_motion_and_says_what_is_observed(stride):
    truth = stride(CMU, frames=20)
    fragment = player({"ground truth": truth, "model": truth}, 10, predicted=["model"], title="a stride")
    (still,) = re.findall(r'<div class="still".*?</svg>', fragment, re.DOTALL)
    words = re.findall(r"<text[^>]*>(.*?)</text>", still)
    assert words.count("observed") == 2 and {"predicted", "true future", "ground truth", "model"} <= set(words)
    assert [word for word in words if word.endswith(" ms")][2:4] == ["0 ms", "+80 ms"]
    assert 'aria-label="a stride: stick figures that move, ground truth beside model."' in still
    assert still.count('class="limb"') > 8 * 2 * 5


def test_frame_rates_may_differ_where_nothing_was_observed(stride):
    film = film_of(player({"fast": stride(CMU, frames=24, fps=50.0), "slow": stride(CMU, frames=24)}))
    assert (film["fps"], film["frames"]) == (50, 48)
    assert [person["fps"] for person in film["people"]] == [50, 25]


def test_long_observations_are_shown_from_a_second_before_their_end(stride):
    assert film_of(player({"a": stride(CMU, frames=200)}, 190))["at"]["frame"] == 165
    assert film_of(player({"a": stride(CMU, frames=75)}, 50))["at"]["frame"] == 0
    assert film_of(player({"a": stride(CMU, frames=75)}, 50, frame=60))["at"]["frame"] == 60


def test_who_has_no_more_numbers_is_gone(stride):
    truth = stride(CMU)
    lost = replace(truth, rows=truth.rows.copy())
    lost.rows[8:] = np.nan
    film = film_of(player({"truth": truth, "lost": lost}, 6, predicted=["lost"]))
    assert [(p["frames"], p["gone"]) for p in film["people"]] == [(12, False), (8, True)]
    lost.rows[:] = np.nan
    with pytest.raises(InputError, match="'lost' begins with a frame that holds no numbers"):
        player({"truth": truth, "lost": lost})


def test_who_flies_off_does_not_shrink_the_others(stride):
    truth = stride(CMU)
    lost = replace(truth, rows=truth.rows.copy())
    lost.rows[8:, :3] = 1e5
    alone, both = (film_of(player(motions, 6)) for motions in ({"truth": truth}, {"truth": truth, "lost": lost}))
    assert both["near"] == alone["near"] and both["high"] <= 3000
    assert max(both["world"]["half"]) < 12_000


@SKELETONS
def test_a_body_has_every_bone_that_can_be_seen_once(skeleton, stride):
    world = stride(skeleton).positions().round()
    body = Body.of(skeleton, [world])
    drawn = sorted((one, other) for _, path in body.limbs for one, other in itertools.pairwise(path))
    seen = sorted((parent, joint) for joint, parent in enumerate(body.parents) if parent >= 0)
    assert drawn == seen
    # What is left out stands on what is drawn.
    shown = {tuple(place) for place in world[3, list(body.joints)]}
    assert {tuple(place) for place in world[3]} == shown
    assert [side for _, side in body.ends] == ["left", "right"] * 2 and body.skull
    assert {side for side, _ in body.limbs} == {"left", "right", "middle"}


@pytest.mark.parametrize("name", ["bvhtb_walk01", "pymo_walk", "ad_cmu1_jumping_jacks", "bvhtb_freebvh"])
def test_files_of_others_are_shown_as_they_came_and_retargeted(name, reference):
    motion = load_motion(reference / "data" / "wild" / f"{name}.bvh")[:40]
    motions = {"as it came": motion}
    if name != "ad_cmu1_jumping_jacks":  # whose names are in no scheme
        motions["retargeted"] = retarget(motion)[0]
    film = film_of(player(motions))
    assert len(film["people"]) == len(film["bodies"]) == len(motions)
    assert all(len(body["ends"]) == 4 for body in film["bodies"][1:])


def test_a_body_without_head_and_hips_is_shown_too():
    trunk = Skeleton.from_table("trunk", "Root - 0 0 0\nTop Root 0 1 0", 10.0)
    film = film_of(player({"trunk": Motion(np.zeros((2, trunk.columns)), trunk, 25.0)}))
    assert film["bodies"] == [{"parents": [-1, 0], "limbs": [["middle", [0, 1]]], "skull": None, "ends": []}]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"motions": {}}, "no motion to show"),
        ({"predicted": ["c"]}, "'c' is predicted, and not among the motions: a, b"),
        ({"observed": 13}, "12 frames cannot have 13 observed"),
        ({"observed": -1}, "cannot have -1 observed"),
        ({"speed": 0}, "the speed must be a number from 0.01 to 100"),
        ({"speed": float("nan")}, "the speed must be"),
        ({"view": "above"}, "no view 'above': choose one of beside, over, both"),
        ({"frame": 12}, "no frame 12: frames are from 0 to 11"),
        ({"errors": dict.fromkeys("abcde", np.ones(2))}, "5 curves cannot be told apart: give at most 4"),
        ({"errors": {"b": np.ones(7)}}, "errors of 'b' have shape .7,.: 6 frames can have errors"),
        ({"joint_errors": {"b": np.ones((12, 3))}}, r"joint errors of 'b' have shape \(12, 3\), wanted is \(12, 38\)"),
        ({"joint_errors": {"c": np.ones((12, 3))}}, "joint errors of 'c'"),
    ],
)
def test_what_cannot_be_shown_is_refused(changes, words, stride):
    given = {"motions": {"a": stride(CMU), "b": stride(CMU)}, "observed": 6, **changes}
    with pytest.raises(InputError, match=words):
        player(given.pop("motions"), **given)


def test_motions_that_do_not_fit_are_refused(stride):
    with pytest.raises(InputError, match="25 and 60 frames a second have no observed frames in common"):
        player({"a": stride(CMU), "b": stride(CMU, fps=60.0)}, 6)
    with pytest.raises(InputError, match="'a' must be one motion of a frame or more"):
        player({"a": stride(CMU)[:0]})
    with pytest.raises(InputError, match="'a' must be one motion"):
        player({"a": Motion.stacked([stride(CMU)] * 2)})


def test_comments_for_readers_of_the_script_stay_behind(stride):
    assert not re.search(r"^\s*(//|/\*)", player({"a": stride(CMU)}), re.MULTILINE)
