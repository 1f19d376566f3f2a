"""``monitor match``: what goes in, what comes out, and what the configuration adds to an article of a known feed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CONFIG = """
[[feed]]
name = "kabulnow"
url = "https://kabulnow.com/feed/"
tags = ["south-asia"]
language = "en"

[[watch]]
name = "tagged"
all = ["Balkh"]
feeds = ["south-asia"]

[[watch]]
name = "asked"
query = "Balkh AND tag:south* AND lang:en"

[[watch]]
name = "persian"
all = ["Balkh"]
lang = ["fa"]

[[watch]]
name = "opening"
query = "lead:Balkh"
"""


def match(tmp_path: Path, *articles: dict[str, Any] | str) -> tuple[list[dict[str, Any]], str, int]:
    """The lines printed, what was said on standard error, and the exit code."""
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    lines = [each if isinstance(each, str) else json.dumps(each) for each in articles]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    command = [sys.executable, "-m", "monitor", "match", "articles.jsonl"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr, done.returncode


def test_a_hit_has_exactly_the_keys_of_the_contract(tmp_path: Path) -> None:
    (hit, *_), said, code = match(tmp_path, {"id": "a", "title": "Balkh", "text": "News.", "feed": "kabulnow"})
    assert (list(hit), said, code) == (["id", "watch", "score", "reasons", "spans"], "", 0)
    assert hit["spans"] == [{"field": "title", "start": 0, "end": 5, "term": "Balkh"}]


@pytest.mark.parametrize(
    ("given", "watches"),
    [
        ({"feed": "kabulnow"}, ["tagged", "asked"]),
        ({"feed": "https://kabulnow.com/feed/"}, ["tagged", "asked"]),
        ({"feed": "kabulnow", "lang": "fa"}, ["tagged", "persian"]),
        ({"feed": "another"}, ["persian"]),
        ({"feed": "another", "tags": ["South Asia"], "lang": "en"}, ["asked"]),
        ({"feed": "another", "tags": ["south-asia"], "lang": "ps"}, ["tagged"]),
        ({}, ["persian"]),
    ],
    ids=str,
)
def test_a_known_feed_gives_its_articles_tags_and_language(
    tmp_path: Path, given: dict[str, Any], watches: list[str]
) -> None:
    hits, _, _ = match(tmp_path, {"id": 1, "title": "Balkh", "text": "News.", **given})
    assert [hit["watch"] for hit in hits] == watches


def test_the_lead_is_the_opening_of_the_text_where_none_is_given(tmp_path: Path) -> None:
    far = "Word. " * 100
    articles = [
        {"id": "opening", "title": "News", "text": "A blast shook Balkh. " + far},
        {"id": "far", "title": "News", "text": far + "Balkh."},
        {"id": "given", "title": "News", "lead": "Of Balkh.", "text": far},
        {"id": "only given", "title": "News", "lead": "Of the north.", "text": "A blast shook Balkh. " + far},
    ]
    hits, _, _ = match(tmp_path, *articles)
    assert [hit["id"] for hit in hits if hit["watch"] == "opening"] == ["opening", "given"]


def test_a_line_that_cannot_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = {"title": "Balkh", "text": "News."}
    hits, said, code = match(tmp_path, "{", good, '["a"]', {"title": 5, "text": "x"}, {"id": "e"}, good)
    assert [hit["id"] for hit in hits] == [2, 6]
    assert [line.split(": ")[1] for line in said.splitlines()] == [
        f"articles.jsonl:{number}" for number in (1, 3, 4, 5)
    ]
    assert code == 1
