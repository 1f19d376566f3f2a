"""``monitor extract``: a line for every argument, in order, whatever the arguments are."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from monitor.articles.repeats import line_hash
from monitor.cli.extract import command
from monitor.config.load import load_config
from monitor.store import host_lines
from monitor.store.database import Store

PAGE = (
    "<html><head><title>New pier</title></head><body><article><h1>New pier</h1>"
    + "<p>The harbour authority of Norport said on Monday that the new pier would open in the spring.</p>"
    + "<p>Published on 2 April 2024</p>"
    + "<p>A spokesman for the fishermen said that the price of a berth had not been settled by the council yet.</p>"
    + "<p>Three companies have built it since the storm of two years ago took the old one away from the town.</p>"
    "</article></body></html>"
)
KEYS = {
    "path", "title", "lead", "text", "author", "published", "language", "canonical_url", "site", "dateline", "method",
    "partial",
}  # fmt: skip


@contextmanager
def serving(body: bytes) -> Iterator[str]:
    """The address of a server that answers with ``body``."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/pier"
        server.shutdown()


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout


def test_results_come_in_the_order_of_the_arguments(tmp_path: Path) -> None:
    paths = []
    for number in range(12):
        path = tmp_path / f"{number}.html.gz"
        path.write_bytes(gzip.compress(PAGE.replace("New pier", f"Pier {number}").encode()))
        paths.append(str(path))
    code, output = run("--json", *paths)
    lines = [json.loads(line) for line in output.splitlines()]
    assert code == 0
    assert [line["path"] for line in lines] == paths
    assert [line["title"] for line in lines] == [f"Pier {number}" for number in range(12)]
    assert all(set(line) >= KEYS for line in lines)


def test_what_cannot_be_read_has_a_line_of_its_own_and_exit_code_1(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.html", tmp_path / "bad.html"
    good.write_text(PAGE)
    bad.write_bytes(b"%PDF-1.7")
    code, output = run("--json", str(tmp_path / "absent.html"), str(bad), str(good), str(tmp_path))
    lines = [json.loads(line) for line in output.splitlines()]
    assert code == 1
    assert [line["partial"] for line in lines] == ["unreachable", "non-html", None, "unreachable"]
    assert all(set(line) >= KEYS for line in lines)
    assert lines[1]["error"]["kind"] == "non-html"


def test_people_see_the_article_and_what_was_dropped(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    code, output = run(str(path), "--url", "https://norport.example/pier")
    assert code == 0
    assert "New pier" in output
    assert "norport.example" in output
    assert "dropped (1 line)" in output
    assert "Published on 2 April 2024  – byline or date of publication" in output


def test_the_title_is_not_told_as_dropped(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    (line,) = [json.loads(each) for each in run("--json", str(path))[1].splitlines()]
    assert [each["text"] for each in line["dropped"]] == ["Published on 2 April 2024"]


def test_the_publisher_stands_apart_from_the_name_that_the_page_states(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    output = run(str(path), "--url", "https://www.norport.example/pier")[1]
    assert "site:       –" in output
    assert "publisher:  norport.example" in output


def test_a_name_that_is_no_file_is_said_to_be_none(tmp_path: Path) -> None:
    (line,) = [json.loads(each) for each in run("--json", str(tmp_path / "nofile"))[1].splitlines()]
    assert line["error"]["detail"].startswith("there is no such file here")


def test_an_address_is_read_with_the_lines_that_the_database_knows_of_its_host(tmp_path: Path) -> None:
    notice = "A spokesman for the fishermen said that the price of a berth had not been settled by the council yet."
    config = tmp_path / "config.toml"
    config.write_text(f'[storage]\npath = "{tmp_path / "data"}"\n[net]\nallow_private = ["127.0.0.0/8"]\n')
    page = PAGE.replace(
        "</article>", "<p>The council will vote on it next week, two of its members said.</p></article>"
    )
    with serving(page.encode()) as url:
        before = json.loads(run("--json", "--config", str(config), url)[1])
        (tmp_path / "data").mkdir()
        store = Store(tmp_path / "data" / "monitor.db")
        assert store.path == load_config(config).settings.storage.database
        with store.transaction() as db:
            for story in range(3):
                host_lines.record(db, "127.0.0.1", [line_hash(notice)], story_id=story, now=datetime.now(UTC))
        store.close()
        after = json.loads(run("--json", "--config", str(config), url)[1])
    assert notice in before["text"]
    assert notice not in after["text"]
    assert notice in [each["text"] for each in after["dropped"]]


@pytest.mark.parametrize("arguments", [()])
def test_no_argument_is_a_mistake_of_usage(arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2


def test_a_page_is_read_from_standard_input() -> None:
    result = CliRunner().invoke(command, ["--json", "-"], input=PAGE.encode())
    line = json.loads(result.stdout)
    assert (result.exit_code, line["path"], line["title"]) == (0, "-", "New pier")
