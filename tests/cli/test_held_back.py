"""``cs2s predict --held-back`` draws what came beside what was predicted; ``demo:ACTION`` is a motion at hand."""

import numpy as np
from typed import refused, run

from cs2s.datasets.descriptions import TakeId
from cs2s.datasets.loading import load
from cs2s.files.formats import load_motion, save_motion
from cs2s.motion.resampling import resample


def test_a_take_of_the_demo_data_is_read_by_its_action(demo, tmp_path, capsys):
    assert run("convert", "demo:boxing", tmp_path / "boxing.h5") == 0
    boxing = demo.motions[TakeId("test", "", "boxing", 1)]
    read = load_motion(tmp_path / "boxing.h5")
    np.testing.assert_array_equal(read.rows, boxing.rows)
    assert read.fps == boxing.fps
    assert f"demo:boxing: {len(boxing)} frames at 50 a second" in capsys.readouterr().out
    told = refused(capsys, "convert", "demo:flying", tmp_path / "a.h5")
    assert "there is no demo:flying: choose one of demo:walking, demo:running" in told


def test_the_end_of_a_file_is_held_back(trained_run, tmp_path, monkeypatch, capsys):
    walk = load("demo").motions[TakeId("test", "", "walking", 1)][:300]
    save_motion(walk, tmp_path / "walk.h5")
    drawn = {}

    def save_animation(truth, predictions, observed, out, *, title):
        drawn.update(truth=truth, predictions=predictions, observed=observed, title=title)

    monkeypatch.setattr("cs2s.pictures.film.save_animation", save_animation)
    command = ("predict", tmp_path / "walk.h5", "--run", trained_run, "--frames", 30, "--held-back")
    assert run(*command, "--out", tmp_path / "a.gif") == 0
    # The demo's model predicts at 25 frames a second; what is observed ends 30 of these before the file does.
    told = resample(walk, 25, keep="last")
    np.testing.assert_allclose(drawn["truth"].rows, told.rows[-80:], atol=1e-6)
    assert drawn["observed"] == 50 and next(iter(drawn["predictions"])) == "freezing"
    for motion in drawn["predictions"].values():
        np.testing.assert_allclose(motion.rows[:50], told.rows[-80:-30], atol=1e-6)
        assert len(motion) == 80 and not np.allclose(motion.rows[50:], told.rows[-30:], atol=1e-3)
    frozen = drawn["predictions"]["freezing"].rows
    np.testing.assert_allclose(frozen[50:], np.repeat(told.rows[-31:-30], 30, axis=0), atol=1e-6)
    assert drawn["title"] == "walk.h5, its end held back"
    # What is tried on the file itself sees nothing of its end either.
    assert "tried on 23 stretches" in capsys.readouterr().out
    assert "OUT must be a picture" in refused(capsys, *command, "--out", tmp_path / "a.bvh")
    few = ("predict", tmp_path / "walk.h5", "--run", trained_run, "--frames", 140, "--held-back")
    assert "the motion has 10 frames" in refused(capsys, *few, "--out", tmp_path / "a.gif")
