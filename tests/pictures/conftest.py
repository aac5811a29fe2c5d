"""A motion that the tests of pictures draw, and pages that are opened in a browser."""

from collections.abc import Callable

import numpy as np
import pytest
from in_a_browser import DRAWN

from cs2s.motion.motion import Motion
from cs2s.motion.skeleton import Skeleton


@pytest.fixture(scope="session")
def stride() -> Callable[..., Motion]:
    """Makes motions that swing the left leg while travelling along z; `turned` about the vertical, radians."""

    def make(skeleton: Skeleton, frames: int = 12, fps: float = 25.0, turned: float = 0.0) -> Motion:
        rows = np.zeros((frames, skeleton.columns))
        leg = 3 + 3 * skeleton.joints.index("LeftUpLeg")
        rows[:, leg] = 0.5 * np.sin(np.arange(frames) / 3)
        rows[:, 2] = 60 * np.arange(frames) / skeleton.unit_mm
        rows[:, 4] = turned
        return Motion(rows, skeleton, fps)

    return make


@pytest.fixture
def opened(browser, tmp_path):
    """Opens HTML in a page of its own and waits until it is there; at the end nothing may have gone wrong in it."""
    contexts, wrong, asked = [], [], []

    def open_page(content, width=900, height=700, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: asked.append(request.url))
        path = tmp_path / f"page-{len(contexts)}.html"
        path.write_text(content, encoding="utf-8")
        page.goto(path.as_uri())
        if options.get("java_script_enabled", True):
            page.evaluate(DRAWN)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong
    # The page itself, and what it holds: no host was asked.
    assert all(url.startswith(("file:", "data:", "about:")) for url in asked) and len(asked) >= len(contexts)
