"""``monitor parse`` and ``monitor feeds`` as a user meets them."""

from __future__ import annotations

import asyncio
import gzip
import http.server
import json
import re
import threading
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from monitor.store.database import Store
from tests.net.raw import serving

RSS = (
    '<rss version="2.0"><channel><title>The Herald</title><language>en</language><item><guid>1</guid>'
    "<link>/a</link><title>Bridge &amp;lt;b&amp;gt; closed</title><description>Short</description>"
    "<pubDate>Tue, 02 Apr 2024 12:00:00 +0430</pubDate></item></channel></rss>"
)
KEYS = ["id", "url", "title", "summary", "content", "author", "published", "updated", "language"]


def run(*arguments: str | Path, given: str | bytes = "") -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], input=given)


def test_a_document_becomes_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(RSS)
    result = run("parse", file, "--json", "--url", "https://herald.example/feed")
    assert result.exit_code == 0, result.output
    (line,) = result.stdout.splitlines()
    entry = json.loads(line)
    assert list(entry) == KEYS
    assert entry["url"] == "https://herald.example/a"
    assert entry["published"] == "2024-04-02T07:30:00Z"
    assert (entry["title"], entry["language"], entry["updated"]) == ("Bridge &lt;b&gt; closed", "en", None)


def test_standard_input_may_be_gzipped() -> None:
    result = run("parse", "-", given=gzip.compress(RSS.encode()))
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)


@pytest.mark.parametrize("document", ["", "/etc/passwd", "<html><body>Hi</body></html>", "{}", "[1]", "\0\0"])
def test_what_is_no_feed_is_one_line_and_exit_code_1(document: str) -> None:
    result = run("parse", "-", given=document)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.stderr


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    result = run("parse", tmp_path / "none.xml")
    assert result.exit_code == 1
    assert "No such file" in result.stderr


def test_a_feed_without_entries_is_fine() -> None:
    result = run("parse", "-", given='<rss version="2.0"><channel><title>T</title></channel></rss>')
    assert (result.exit_code, result.stdout) == (0, "")


# --- feeds -------------------------------------------------------------------------------------------------------


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A site on loopback with a page that announces its feed."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "feed.xml").write_text(RSS)
    (folder / "index.html").write_text(
        '<html><head><link rel="alternate" type="application/rss+xml" href="feed.xml"></head></html>'
    )
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('# mine\n[net]\nallow_private = ["127.0.0.0/8"]  # for tests\n[storage]\npath = "data"\n')
    return path


def test_a_feed_is_added_once_it_was_read_and_removed_again(config: Path, site: str) -> None:
    before = config.read_text()
    result = run("feeds", "add", f"{site}/feed.xml", "--tag", "roads", "-c", config)
    assert result.exit_code == 0, result.output
    assert config.read_text().startswith(before)
    assert tomllib.loads(config.read_text())["feed"] == [
        {"name": "the-herald", "url": f"{site}/feed.xml", "tags": ["roads"]}
    ]
    rows = json.loads(run("feeds", "list", "--json", "-c", config).stdout)
    assert [(row["name"], row["health"]) for row in rows] == [("the-herald", "new")]
    assert run("feeds", "add", f"{site}/feed.xml", "-c", config).exit_code == 1
    assert run("feeds", "remove", "the-herald", "-c", config).exit_code == 0
    assert tomllib.loads(config.read_text()) == tomllib.loads(before)
    assert run("feeds", "remove", "the-herald", "-c", config).exit_code == 2


def test_a_page_is_not_added_but_its_feed_is_named(config: Path, site: str) -> None:
    before = config.read_text()
    result = run("feeds", "add", site, "-c", config)
    assert result.exit_code == 1
    assert f"{site}/feed.xml" in result.stderr
    assert config.read_text() == before


def test_a_test_explains_what_a_poll_would_see_and_when_the_next_is(config: Path, site: str) -> None:
    result = run("feeds", "test", f"{site}/feed.xml", "-c", config)
    assert result.exit_code == 0, result.output
    assert "The Herald (rss20, 1 entry)" in result.stdout
    assert "next at " in result.stdout
    assert "posts about 1 a day" in result.stdout
    refused = run("feeds", "test", "http://127.0.0.1:1/", "-c", config)
    assert refused.exit_code == 1
    assert "Connection refused" in refused.stdout
    assert re.search(r"next at [\d -]*\d\d:\d\d: failed once, backing off ", refused.stdout)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 410 Gone\r\n\r\n", "next poll never: the publisher says that the feed is gone (410)"),
        (b"HTTP/1.1 429 Slow\r\nRetry-After: 86400\r\n\r\n", "server answered 429 and asks for 1 d"),
        (b"HTTP/1.1 429 Slow\r\nRetry-After: 999999\r\n\r\n", "asks for 11.6 d, waiting 2 d"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + RSS.encode(), "note: the answer was cut short: what "),
        (b"HTTP/1.1 200 OK\r\n\r\n<html><p>Welcome</p></html>", "no feed: the document is an HTML page"),
    ],
)  # fmt: skip
async def test_a_test_tells_what_follows_from_any_answer(config: Path, answer: bytes, said: str) -> None:
    async with serving(answer) as server:
        result = await asyncio.to_thread(run, "feeds", "test", server.url(), "-c", config)
    assert said in result.stdout
    assert "next " in result.stdout


async def test_what_follows_is_in_the_json_too(config: Path) -> None:
    async with serving(b"HTTP/1.1 503 Busy\r\nRetry-After: 7200\r\n\r\n") as server:
        result = await asyncio.to_thread(run, "feeds", "test", server.url(), "--json", "-c", config)
    told = json.loads(result.stdout)
    assert (told["problem"], told["why"]) == ("the server answered 503", "server answered 503 and asks for 2 h")
    assert told["next_poll"]


async def test_a_test_names_a_permanent_move(config: Path, site: str) -> None:
    answer = f"HTTP/1.1 301 Moved\r\nLocation: {site}/feed.xml\r\n\r\n".encode()
    async with serving(answer) as server:
        result = await asyncio.to_thread(run, "feeds", "test", server.url(), "-c", config)
    assert f"note: the address has moved permanently to {site}/feed.xml" in result.stdout


@pytest.mark.parametrize("password", ["hunter2", "hunter@hunter2"])
def test_a_list_of_feeds_shows_no_password(config: Path, password: str) -> None:
    url = f"https://reader:{password}@herald.example/feed?a=b@c"
    config.chmod(0o600)
    config.write_text(f'{config.read_text()}[[feed]]\nname = "herald"\nurl = "{url}"\n')
    result = run("feeds", "list", "--json", "-c", config)
    assert json.loads(result.stdout)[0]["url"] == "https://…@herald.example/feed?a=b@c"
    assert "hunter2" in run("feeds", "export", "-c", config).stdout  # what cannot be imported again is no export


def test_one_address_in_two_spellings_is_configured_once(config: Path, tmp_path: Path) -> None:
    assert run("feeds", "add", "herald.example/feed", "--name", "herald", "--unchecked", "-c", config).exit_code == 0
    assert tomllib.loads(config.read_text())["feed"][0]["url"] == "https://herald.example/feed"
    again = run("feeds", "add", "HTTPS://Herald.example:443/feed#top", "--unchecked", "-c", config)
    assert again.exit_code == 1
    assert "is configured already, as herald" in again.stderr
    opml = tmp_path / "feeds.opml"
    opml.write_text('<opml><body><outline text="H" xmlUrl="https://HERALD.example/feed"/></body></opml>')
    assert "added 0 feeds" in run("feeds", "import", opml, "-c", config).stdout


def test_a_site_is_searched_for_its_feeds(config: Path, site: str) -> None:
    found = json.loads(run("feeds", "discover", site, "--json", "-c", config).stdout)
    assert [each["url"] for each in found] == [f"{site}/feed.xml"]


def test_a_site_without_feeds_says_why(config: Path) -> None:
    result = run("feeds", "discover", "http://nobody.invalid/", "-c", config)
    assert result.exit_code == 1
    assert "the name nobody.invalid was not found" in result.stderr


@pytest.mark.parametrize("words", [("test", "heralt"), ("remove", "heralt"), ("accept", "heralt")])
def test_a_name_that_no_feed_has_is_answered_with_the_nearest(config: Path, words: tuple[str, str]) -> None:
    run("feeds", "add", "https://herald.example/feed", "--name", "herald", "--unchecked", "-c", config)
    result = run("feeds", *words, "-c", config)
    assert result.exit_code == 2
    assert "no feed is named 'heralt'" in result.stderr
    assert "'herald'" in result.stderr


def test_only_a_suspect_feed_can_be_accepted(config: Path) -> None:
    run("feeds", "add", "https://herald.example/feed", "--name", "herald", "--unchecked", "-c", config)
    (config.parent / "data").mkdir()
    Store(config.parent / "data/monitor.db").close()
    result = run("feeds", "accept", "herald", "-c", config)
    assert result.exit_code == 1
    assert "herald is not suspect" in result.stderr


def test_what_is_changed_is_told_as_json(config: Path, tmp_path: Path) -> None:
    url = "https://herald.example/feed"
    added = json.loads(run("feeds", "add", url, "--name", "herald", "--unchecked", "--json", "-c", config).stdout)
    assert added == {
        "added": [{"name": "herald", "url": url, "tags": [], "language": None}],
        "config": str(config),
    }
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        f'<opml><body><outline xmlUrl="{url}"/><outline text="B" xmlUrl="https://b.example/f"/></body></opml>'
    )
    told = json.loads(run("feeds", "import", opml, "--json", "-c", config).stdout)
    assert (len(told["added"]), told["already"]) == (1, 1)
    removed = json.loads(run("feeds", "remove", "herald", "--json", "-c", config).stdout)
    assert removed == {"removed": "herald", "config": str(config)}


def test_opml_goes_in_and_out(config: Path, tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        '<opml><body><outline text="Asia"><outline text="Herald" xmlUrl="https://a.example/f"/></outline>'
        '<outline text="Herald" xmlUrl="https://b.example/f"/></body></opml>'
    )
    assert run("feeds", "import", opml, "-c", config).exit_code == 0
    assert [each["name"] for each in tomllib.loads(config.read_text())["feed"]] == ["herald", "herald-2"]
    assert "added 0 feeds" in run("feeds", "import", opml, "-c", config).stdout
    exported = run("feeds", "export", "-c", config).stdout
    assert 'xmlUrl="https://a.example/f" category="Asia"' in exported
