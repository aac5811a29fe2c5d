"""`cs2s.datasets.download` against a local server that can cut, corrupt, withhold and count."""

import contextlib
import gzip
import shutil
import socket
import subprocess
import sys
import threading
import tracemalloc
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import cs2s
from cs2s.datasets import download as module
from cs2s.datasets.descriptions import CMU_DATA
from cs2s.datasets.download import download, git_blob_id, published_files
from cs2s.errors import InputError
from cs2s.files.places import data_file

CONTENTS = {
    f"{split}/{action}/{action}_{take}.txt": f"{split} {action} {take}\n".encode() * 5000
    for split, takes in (("test", 1), ("train", 3))
    for action in ("walking", "jumping")
    for take in range(1, takes + 1)
}
FILES = {path: git_blob_id(content) for path, content in CONTENTS.items()}
FIRST, SECOND, THIRD = list(FILES)[:3]


class Server(ThreadingHTTPServer):
    """Serves `contents` below /data; what `faults` names for a path happens to its next requests."""

    def __init__(self, contents):
        super().__init__(("127.0.0.1", 0), Handler)
        self.contents = dict(contents)
        self.faults = {}
        self.stopped = threading.Event()
        self.requests = Counter()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/data"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.removeprefix("/data/")
        self.server.requests[path] += 1
        content = self.server.contents.get(path)
        fault = self.server.faults.get(path)
        if fault in ("endless", "bomb", "drops"):
            self.endless(path)
            return
        if content is None or fault == "missing":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if fault == "cut":
            content = content[: len(content) // 2]
        elif fault == "corrupt":
            content = content[:-1] + b"!"
        self.wfile.write(content)

    def endless(self, path):
        """What no honest server does, until the reader has enough of it."""
        fault = self.server.faults[path]
        self.send_response(200)
        if fault == "bomb":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        piece = gzip.compress(bytes(1 << 24)) if fault == "bomb" else bytes(1 << 16) if fault == "endless" else b"x"
        with contextlib.suppress(OSError):
            while not self.server.stopped.wait(0.01 if fault == "drops" else 0):
                self.wfile.write(piece)
                self.wfile.flush()

    def log_message(self, *args):
        pass


@pytest.fixture
def serve(monkeypatch):
    """Return a function that starts a server of the given contents; all are stopped after the test."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    servers = []

    def start(contents):
        servers.append(Server(contents))
        threading.Thread(target=servers[-1].serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return servers[-1]

    yield start
    for server in servers:
        server.stopped.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def server(serve):
    return serve(CONTENTS)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "cache" / "cmu"


def tree(folder):
    """Return path -> content of every file below `folder`."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def partial(target):
    return target.with_name(f"{target.name}.partial")


def put(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(CONTENTS[path])


def failure(*args, **kwargs):
    """Return the sentence that a download stops with; every one says that the work so far is kept."""
    with pytest.raises(InputError) as raised:
        download(*args, progress=False, **kwargs)
    message = str(raised.value)
    assert message.endswith("files already verified are kept, running the same command again goes on")
    assert "\n" not in message
    return message


def test_git_blob_id_is_gits_own():
    # `git hash-object` of an empty file, and the example of the Git book's chapter on objects.
    assert git_blob_id(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert git_blob_id(b"what is up, doc?") == "bd9dbf5aae1a3862dd1526723246b20206e5fc37"


def test_manifest_lists_the_48_files():
    files = published_files(data_file("cmu_mocap.txt"))
    assert len(files) == len(set(files.values())) == 48
    assert all(len(blob_id) == 40 and set(blob_id) <= set("0123456789abcdef") for blob_id in files.values())
    takes = Counter()
    for path in files:
        split, action, name = path.split("/")
        assert name.startswith(f"{action}_") and name.endswith(".txt")
        takes[split, action] += 1
    actions = {action for _, action in takes}
    assert len(actions) == 8
    assert takes == {("test", a): 1 for a in actions} | {("train", a): 5 for a in actions}


def test_manifest_and_address_name_the_same_commit():
    text = data_file("cmu_mocap.txt").read_text(encoding="utf-8")
    _, _, _, owner, repository, commit, tree = CMU_DATA.url.split("/", 6)
    assert f"https://github.com/{owner}/{repository}\n" in text
    assert f"at commit {commit}, tree {tree}/." in text


@pytest.mark.parametrize(
    "line",
    [
        "abc a.txt",
        f"{'0' * 40}  a.txt",
        f"{'0' * 40} ../a.txt",
        f"{'0' * 40} /a.txt",
        f"{'0' * 40} a/../b.txt",
    ],
)
def test_malformed_manifest_line_is_named(line):
    with pytest.raises(InputError, match="manifest, line 2: expected"):
        published_files(f"# comment\n{line}\n")


def test_path_listed_twice_is_named(tmp_path):
    (tmp_path / "list.txt").write_text(f"{'0' * 40} a.txt\n\n{'1' * 40} a.txt\n")
    with pytest.raises(InputError, match=r"list\.txt, line 3: a\.txt is listed twice"):
        published_files(tmp_path / "list.txt")


def test_data_file_of_an_installed_package(tmp_path, monkeypatch):
    (tmp_path / "cs2s" / "data").mkdir(parents=True)
    (tmp_path / "cs2s" / "data" / "cmu_mocap.txt").touch()
    monkeypatch.setattr(cs2s, "__file__", str(tmp_path / "cs2s" / "__init__.py"))
    assert data_file("cmu_mocap.txt") == tmp_path / "cs2s" / "data" / "cmu_mocap.txt"


def test_import_is_light():
    code = "import sys, cs2s.datasets.download; print(*{'requests', 'pooch', 'tqdm', 'tensorflow'} & set(sys.modules))"
    root = Path(cs2s.__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True).stdout == b"\n"


def test_fetches_everything_with_a_progress_bar(server, target, capsys):
    assert download(FILES, server.url + "/", target) == target
    assert tree(target) == CONTENTS
    assert not partial(target).exists()
    assert server.requests == dict.fromkeys(FILES, 1)
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{len(FILES)}/{len(FILES)}" in err
    assert all(path in err for path in FILES)


def test_no_progress_bar_when_not_wanted(server, target, capsys):
    download(FILES, server.url, target, progress=False)
    assert capsys.readouterr() == ("", "")


def test_complete_folder_needs_no_network(server, target):
    put(target, *FILES)
    assert download(FILES, server.url, target) == target
    assert not server.requests
    assert tree(target) == CONTENTS


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("missing", "the server answers 404 Not Found"),
        ("cut", "the transfer was cut before its end"),
        ("corrupt", f"wrong content, expected git blob id {FILES[THIRD]}, got "),
    ],
)
def test_failed_file_is_named_and_the_next_call_goes_on(server, target, fault, sentence):
    server.faults[THIRD] = fault
    message = failure(FILES, server.url, target)
    assert message.startswith(f"{THIRD} could not be fetched from {server.url}/{THIRD}: {sentence}")
    assert not target.exists()
    assert tree(partial(target)) == {path: CONTENTS[path] for path in (FIRST, SECOND)}

    server.faults.clear()
    server.requests.clear()
    download(FILES, server.url, target)
    assert tree(target) == CONTENTS
    assert server.requests == {path: 1 for path in FILES if path not in (FIRST, SECOND)}
    assert not partial(target).exists()


def test_id_of_wrong_content_is_told(server, target):
    server.faults[FIRST] = "corrupt"
    assert git_blob_id(CONTENTS[FIRST][:-1] + b"!") in failure(FILES, server.url, target)


def test_half_written_file_in_staging_is_fetched_again(server, target):
    put(partial(target), FIRST, SECOND)
    (partial(target) / SECOND).write_bytes(CONTENTS[SECOND][:100])
    download(FILES, server.url, target)
    assert tree(target) == CONTENTS
    assert server.requests == {path: 1 for path in FILES if path != FIRST}


def test_interrupt_leaves_staging_to_resume_from(server, target, monkeypatch):
    def interrupted(session, url, path, blob_id, fetch=module._fetch):
        if path == THIRD:
            raise KeyboardInterrupt
        return fetch(session, url, path, blob_id)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(module, "_fetch", interrupted)
        download(FILES, server.url, target)
    assert not target.exists()
    assert set(tree(partial(target))) == {FIRST, SECOND}
    download(FILES, server.url, target)
    assert server.requests == dict.fromkeys(FILES, 1)


def test_existing_folder_is_completed_and_otherwise_left_alone(server, target):
    put(target, FIRST, THIRD)
    (target / "notes.txt").write_text("mine")
    before = (target / FIRST).stat()
    server.faults[SECOND] = "cut"
    failure(FILES, server.url, target)
    assert set(tree(target)) == {FIRST, THIRD, "notes.txt"}

    server.faults.clear()
    download(FILES, server.url, target)
    assert tree(target) == CONTENTS | {"notes.txt": b"mine"}
    assert (target / FIRST).stat() == before
    assert not {FIRST, THIRD} & set(server.requests)
    assert not partial(target).exists()


def test_wrong_file_in_the_folder_stops_before_anything(server, target):
    put(target, FIRST)
    (target / FIRST).write_bytes(b"edited")
    message = failure(FILES, server.url, target)
    assert message.startswith(f"{target / FIRST} is not the published file (git blob id {git_blob_id(b'edited')}")
    assert "move it away" in message
    assert not server.requests
    assert tree(target) == {FIRST: b"edited"}
    assert not partial(target).exists()


def test_folder_behind_a_link_is_staged_beside_the_real_one(server, target, tmp_path):
    target.mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(target)
    server.faults[SECOND] = "missing"
    failure(FILES, server.url, link)
    assert set(tree(partial(target))) == {FIRST}
    server.faults.clear()
    assert download(FILES, server.url, link) == link
    assert link.is_symlink()
    assert tree(target) == CONTENTS


def test_unreachable_host(target, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as closed:  # bound but not listening: nobody else gets the port, nobody answers
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        message = failure(FILES, url, target)
    assert f"{FIRST} could not be fetched from {url}/{FIRST}: 127.0.0.1 cannot be reached" in message
    assert not target.exists()


def test_server_that_stops_answering(target, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(module, "_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        message = failure(FILES, f"http://127.0.0.1:{silent.getsockname()[1]}", target)
    assert "stopped answering (ReadTimeout)" in message


@pytest.mark.parametrize("fault", ["endless", "bomb"])
def test_an_answer_without_end_is_cut_off(server, target, fault):
    """An endless answer, and one that unpacks to a thousand times its size, took 3 GB of memory and more."""
    server.faults[FIRST] = fault
    tracemalloc.start()
    try:
        assert "it is larger than 64 MiB, which no published file is" in failure(FILES, server.url, target)
        # What has arrived, and what a piece of it may be unpacked to.
        assert tracemalloc.get_traced_memory()[1] < 4 * module._MOST_BYTES
    finally:
        tracemalloc.stop()
    assert not target.exists()
    # Neither a lock nor an empty folder of files that never came.
    assert not list(target.parent.iterdir())


def test_a_server_that_sends_a_byte_now_and_then_is_given_up(server, target, monkeypatch):
    monkeypatch.setattr(module, "_WATCHED", 0.3)
    server.faults[SECOND] = "drops"
    message = failure(FILES, server.url, target)
    assert message.startswith(f"{SECOND} could not be fetched from {server.url}/{SECOND}: 127.0.0.1 sends less than")
    assert tree(partial(target)) == {FIRST: CONTENTS[FIRST]}
    assert list(target.parent.iterdir()) == [partial(target)]


def test_two_downloads_into_one_folder_do_not_break_each_other(server, target):
    server.faults[SECOND] = "drops"
    code = f"""
from pathlib import Path
from cs2s.datasets.download import download
download({FILES!r}, {server.url!r}, Path({str(target)!r}), progress=False)
"""
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as other:
        while not server.requests[SECOND]:
            assert other.poll() is None
        assert f"another process is fetching files into {target}" in failure(FILES, server.url, target)
        other.kill()
    server.faults.clear()
    download(FILES, server.url, target, progress=False)
    assert tree(target) == CONTENTS
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_password_in_an_address_is_told_to_nobody(server, target, capsys):
    server.faults[FIRST] = "missing"
    message = failure(FILES, server.url.replace("//", "//me:secret@"), target)
    assert f"{FIRST} could not be fetched from {server.url}/{FIRST}: the server answers 404" in message
    assert "secret" not in message
    assert "secret" not in failure(FILES, "ftp://me:secret@host/x", target)
    assert "secret" not in failure(FILES, "http://me:secret@host:99999", target)
    assert "secret" not in failure(FILES, "http://me:sec@ret@host:99999", target)
    assert "secret" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("url", ["", "here", "/srv/data", "file:///srv/data", "ftp://host/x", "http://", "http://[::1"])
def test_address_that_is_none(target, url):
    assert failure(FILES, url, target).startswith(f"{url!r} is no address to download from")
    assert not target.parent.exists()


@pytest.mark.parametrize("url", ["http://a..b", "http://*", "http://host:99999"])
def test_host_that_is_none(target, url):
    assert f"{FIRST} could not be fetched from {url}/{FIRST}: " in failure(FILES, url, target)


def test_folder_that_is_a_file(server, target):
    target.parent.mkdir()
    target.write_text("mine")
    assert failure(FILES, server.url, target).startswith(f"{target} is not a folder")
    assert target.read_text() == "mine"
    assert not server.requests


def test_folder_that_cannot_be_made(server, tmp_path):
    (tmp_path / "file").write_text("mine")
    message = failure(FILES, server.url, tmp_path / "file" / "cmu")
    assert message.startswith(f"cannot read or write {tmp_path / 'file'}")
    assert not server.requests


def test_folder_that_cannot_be_written(server, target, monkeypatch):
    # Permissions do not bind root, as whom tests may run, so the answer about them is made up.
    target.mkdir(parents=True)
    monkeypatch.setattr(module.os, "access", lambda path, mode: path != target)
    assert failure(FILES, server.url, target).startswith(f"{target} cannot be written to")
    assert not server.requests


def test_failed_move_keeps_what_was_fetched(server, target, monkeypatch):
    target.mkdir(parents=True)
    put(target, FIRST)

    def refused(source, destination):
        raise PermissionError(13, "Permission denied", str(source), None, str(destination))

    with monkeypatch.context() as patch:
        patch.setattr(module.os, "replace", refused)
        message = failure(FILES, server.url, target)
    assert message.startswith(f"cannot read or write {target / SECOND} (Permission denied)")
    assert set(tree(target)) == {FIRST}
    download(FILES, server.url, target)
    assert tree(target) == CONTENTS
    assert server.requests == {path: 1 for path in FILES if path != FIRST}


def test_the_published_files_themselves(reference, serve, target):
    """What is at hand of the real files: enough to see them verified, too few to be put into place."""
    source = reference / "data" / "cmu_mocap"
    files = published_files(data_file("cmu_mocap.txt"))
    contents = {path: (source / path).read_bytes() for path in files if (source / path).exists()}
    assert len(contents) == 38
    absent = next(path for path in files if path not in contents)
    server = serve(contents)

    message = failure(files, server.url, target)
    assert message.startswith(f"{absent} could not be fetched from {server.url}/{absent}: the server answers 404")
    assert not target.exists()
    reached = list(files)[: list(files).index(absent)]
    assert tree(partial(target)) == {path: contents[path] for path in reached}

    download({path: files[path] for path in contents}, server.url, target)
    assert tree(target) == contents
    assert server.requests == dict.fromkeys(contents, 1) | {absent: 1}
    shutil.rmtree(target)  # 40 MB that pytest would keep for three runs
