"""axe-core finds nothing serious or critical in what is ours, on any chapter's page and in the player."""

from pathlib import Path

import numpy as np
import pytest
from nbconvert import HTMLExporter

from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import CMU
from cs2s.pictures.player import player, player_page

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))

# What is ours on a page that nbconvert makes: text and outputs. Its code cells and prompts have its own colours.
OURS = [".jp-RenderedMarkdown", ".jp-OutputArea-output"]
# Links are told from text by colour alone: that is the template's, too.
NOT_OURS = ["link-in-text-block"]
FOUND = """async ([include, not]) => {
    const rules = Object.fromEntries(not.map(rule => [rule, {enabled: false}]));
    const {violations, passes} = await axe.run({include}, {rules});
    const told = violations.filter(({impact}) => impact === 'serious' || impact === 'critical')
        .flatMap(({id, help, nodes}) => nodes.map(node => `${id}: ${help}: ${node.html.slice(0, 200)}`));
    return {told, passed: passes.reduce((sum, {nodes}) => sum + nodes.length, 0)};
}"""


@pytest.fixture
def judged(browser, axe, tmp_path):
    """Opens a page, does something there, and returns what axe-core finds in it and in its frames."""
    contexts = []

    def judge(content, include, do=lambda page: None, width=1100, **options):
        # axe-core is put into each frame, which our pages forbid everybody else.
        context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.route("http*://**", lambda route: route.abort())
        path = tmp_path / "page.html"
        path.write_text(content, encoding="utf-8")
        page.goto(path.as_uri(), wait_until="load")
        do(page)
        for frame in page.frames:
            frame.evaluate(axe)
        found = page.evaluate(FOUND, [include, NOT_OURS])
        return found["told"], found["passed"], len(page.frames)

    yield judge
    for context in contexts:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_chapters_have_no_serious_fault(judged, chapter):
    page, _ = HTMLExporter(template_name="lab").from_filename(str(chapter))
    told, passed, frames = judged(page, OURS)
    assert not told
    assert passed > 20 and frames == 1 + page.count("<iframe")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 360])
def test_the_player_has_no_serious_fault_also_with_its_list_of_keys(judged, scheme, width):
    rows = np.random.default_rng(0).normal(0, 0.1, (30, CMU.columns))
    motions = {name: Motion(rows, CMU, 25.0) for name in ("truth", "model", "other model")}
    errors = {name: np.linspace(0, 1, 20) for name in ("model", "other model")}
    page = player_page(player(motions, 10, predicted=list(errors), errors=errors, title="a walk", play=False), "a walk")
    for do in (lambda page: None, lambda page: page.locator("button[name=help]").click()):
        told, passed, _ = judged(page, ["body"], do, width, color_scheme=scheme)
        assert not told and passed > 20


@pytest.mark.slow
def test_what_is_wrong_is_found(judged):
    told, _, _ = judged("<!DOCTYPE html><html lang='en'><title>x</title><body><img src='data:,'></body>", ["body"])
    assert len(told) == 1 and told[0].startswith("image-alt")
