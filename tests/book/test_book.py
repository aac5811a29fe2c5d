"""The book: every link inside leads somewhere, no page asks another host, search finds, and axe has no complaint."""

import importlib.util
import re
import subprocess
import sys
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urldefrag

import pytest

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"


def needed(*names: str) -> None:
    """Skip where the extra ``book`` is not installed."""
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed: pip install 'cs2s[book]'")


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    """The book, built from nothing; a warning of Sphinx is an error."""
    needed("sphinx", "myst_nb", "furo", "latex2mathml")
    out = tmp_path_factory.mktemp("book") / "html"
    done = subprocess.run([sys.executable, BOOK / "build.py", "--out", out], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return out


class Page(HTMLParser):
    """What a page links to, what it loads, and which places it has."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links, self.loaded, self.places = [], [], {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.places |= {told[name] for name in ("id", "name") if told.get(name)}
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])
        elif tag == "link" and told.get("href"):
            self.loaded.append(told["href"])
        elif told.get("src"):
            self.loaded.append(told["src"])


@pytest.mark.slow
def test_every_link_inside_leads_somewhere_and_nothing_is_loaded_from_elsewhere(book):
    pages = {path: Page(path) for path in book.rglob("*.html")}
    assert len(pages) > 25
    lost, foreign = [], []
    for path, page in pages.items():
        for address in [*page.links, *page.loaded]:
            if re.match(r"https?:|//", address):
                foreign += [(path.name, address)] * (address in page.loaded)
                continue
            if address.startswith(("data:", "mailto:", "javascript:")):
                continue
            where, place = urldefrag(address)
            target = (path.parent / unquote(where).partition("?")[0]).resolve() if where else path
            if not target.is_file() or (target in pages and unquote(place) not in pages[target].places):
                lost.append((path.name, address))
    assert not lost and not foreign, (lost[:40], foreign[:10])


@pytest.mark.slow
def test_it_holds_what_a_reader_looks_for(book):
    text = {path.relative_to(book).as_posix(): path.read_text(encoding="utf-8") for path in book.rglob("*.html")}
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        chapter = text[f"chapters/{notebook.stem}.html"]
        assert "colab-badge" not in chapter and "glossary.html#term-" in chapter and "unpkg" not in chapter
        assert "importlib.util.find_spec" not in chapter, "the cell for Colab"
    assert "<math" in text["chapters/03_generator.html"]
    assert "chapters/02_exponential_maps.html" in text["reference/motion.html"]
    assert "expmap_to_rotmat" in text["reference/motion.html"]
    assert "nbgrader autograde 00_quickstart" in text["teaching.html"] and "TIME 0" not in text["teaching.html"]
    assert "NSF EIA-0196217" in text["data.html"] and "361,378" in text["cards.html"]
    assert "cs2s-page" in text["index.html"] and "make demo" in text["index.html"]
    assert len(text["index.html"].encode()) <= 1_200_000
    # A newcomer's way in, and from any page back to it.
    for place in ("what", "found", "start"):
        assert f'href="#{place}"' in text["index.html"] and f'id="{place}"' in text["index.html"]
    assert 'href="../index.html">The page that predicts' in text["chapters/08_your_own_motion.html"]
    assert all("This is the notebook as it was last run" in text[name] for name in text if name.startswith("chapters/"))
    # No number stands apart from how sure it is.
    assert "1.055 ±\N{NO-BREAK SPACE}0.065" in text["results.html"]
    assert text["cards.html"].index("what it is") < text["cards.html"].index('id="pretrained-pose-mlp"')


def test_the_first_page_tells_what_the_tables_and_cards_tell():
    """Its errors are those of the table under the corrected protocol, 417 ms ahead; its weights, those of the cards."""
    words = re.sub(r"\s+", " ", (BOOK / "start.html").read_text(encoding="utf-8"))
    table = (ROOT / "data" / "results" / "README.md").read_text(encoding="utf-8").partition("| MPJPE mm, 417 ms |")[2]
    errors = dict(re.findall(r"^\| ([^|]*?) \|(?:[^|]*\|){5} ([\d.]+) [(±]", table, re.MULTILINE))
    ours, paper, freezing = (
        round(float(errors[name]))
        for name in ("single small model (`pose-mlp`), all 3 runs", "the paper's model (`paper`)", "zero velocity")
    )
    assert f"417 ms ahead, joints are {ours} mm off" in words
    assert f"trained here, is {paper} mm off, and a person who freezes {freezing} mm" in words

    def weights(name):
        card = (ROOT / "data" / "pretrained" / f"{name}.md").read_text(encoding="utf-8")
        return int(re.search(r"; ([\d,]+) weights", card)[1].replace(",", ""))

    assert f"has {round(weights('pose-mlp'), -3) // 1000} thousand" in words
    assert f"the paper's {weights('paper') / 1e6:.1f} million" in words and "A ninth of the weights" in words
    assert round(weights("paper") / weights("pose-mlp")) == 9


def test_each_term_stands_in_the_glossary_once_and_is_linked_once():
    sys.path.insert(0, str(BOOK))
    try:
        from chapters import chapter, terms_of
    finally:
        sys.path.remove(str(BOOK))
    glossary = (BOOK / "glossary.md").read_text(encoding="utf-8")
    headings = re.findall(r"^(\S.*)\n: ", glossary, re.MULTILINE)
    assert len(headings) == len(set(headings)) and headings == sorted(headings, key=str.lower)
    words = [
        word.strip()
        for line in re.findall(r"^% (?:words|only): (.*)$", glossary, re.MULTILINE)
        for word in line.split(",")
    ]
    assert len({*words, *headings}) == len(words) + len(headings)
    terms = terms_of(glossary)
    assert terms["windows"] == "window" and terms["a take"] == "take" and "take" not in terms
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        links = re.findall(r"glossary\.md#(term-[\w-]+)", chapter(notebook, terms))
        assert len(links) == len(set(links)) and len(links) > 5, notebook.stem
        # Code and formulas are left alone.
        assert "](../glossary.md" not in "".join(re.findall(r"`[^`\n]*`", chapter(notebook, terms)))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def address(book):
    """Where the book is served: from a file a browser may not read the pages that search tells of."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(book)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def offline(browser, address):
    """Opens pages of the book; at the end none may have asked another host, or have failed."""
    wrong, contexts = [], []

    def asked(request):
        if not request.url.startswith((address, "data:", "blob:", "about:")):
            wrong.append(request.url)

    def open_page(name, width=1200, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("request", asked)
        page.on("response", lambda answer: wrong.append((answer.url, answer.status)) if answer.status >= 400 else None)
        page.on("pageerror", lambda error: wrong.append((name, str(error))))
        page.goto(address + name)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


@pytest.mark.slow
def test_no_page_asks_anybody_and_all_fit_a_telephone(offline, address, book):
    page = offline("contents.html", width=360)
    for path in sorted(book.rglob("*.html")):
        page.goto(address + path.relative_to(book).as_posix())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path.name


@pytest.mark.slow
def test_a_telephone_shows_people_and_the_moment_of_prediction_at_once(offline):
    page = offline("index.html", width=390)
    page.wait_for_selector(".cs2s-player.ready")
    moment = page.locator("[name=moment]").bounding_box()
    assert moment["y"] + moment["height"] <= 844


@pytest.mark.slow
def test_search_finds(offline):
    page = offline("contents.html")
    page.goto(page.url.replace("contents.html", "search.html?q=exponential"))
    page.wait_for_selector("#search-results li a")
    assert any("exponential" in text.lower() for text in page.locator("#search-results li").all_inner_texts())


@pytest.mark.slow
def test_players_take_the_colours_that_a_reader_chooses(offline):
    page = offline("chapters/00_quickstart.html")
    page.wait_for_selector("iframe")
    page.wait_for_function(
        "[...document.querySelectorAll('iframe')].some(frame => frame.contentDocument.querySelector('.ready'))"
    )
    player = next(frame for frame in page.frames if frame.query_selector(".cs2s-player.ready"))
    seen = set()
    for _ in range(3):
        page.locator(".theme-toggle:visible").first.click()
        theme = page.evaluate("document.body.dataset.theme").replace("auto", "light")
        player.wait_for_function(f"document.querySelector('.cs2s-player').dataset.theme === '{theme}'", timeout=5000)
        seen.add(player.evaluate("getComputedStyle(document.querySelector('.cs2s-player')).backgroundColor"))
    assert len(seen) == 2


# A page of each kind: in a narrow window its head and its menus are others.
OF_EACH_KIND = ("index", "contents", "chapters/00_quickstart", "reference/cli", "tables", "genindex", "search")


# Colours take most of axe's time, and those of the text are no others in a narrow window.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "scheme", "rules"),
    [(1200, "light", "all"), (1200, "dark", "colours"), (360, "light", "no colours"), (360, "dark", "no colours")],
)
def test_axe_has_no_complaint(offline, address, book, axe, width, scheme, rules):
    options = {
        "all": {},
        "colours": {"runOnly": ["color-contrast", "link-in-text-block"]},
        "no colours": {"rules": {"color-contrast": {"enabled": False}}},
    }
    page, found, passed = offline("contents.html", width, scheme), [], 0
    for path in sorted(book.rglob("*.html")):
        name = path.relative_to(book).as_posix()
        page.goto(address + name)
        page.evaluate(axe)
        chosen = options["all" if name.removesuffix(".html") in OF_EACH_KIND else rules]
        result = page.evaluate("options => axe.run(options)", {**chosen, "resultTypes": ["violations"]})
        passed += len(result["passes"])
        found += [(name, fault["id"], fault["nodes"][0]["html"][:200]) for fault in result["violations"]]
    assert not found and passed > 25
