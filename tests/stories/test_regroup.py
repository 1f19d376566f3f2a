"""Merging and splitting by hand, and a story as a person reads it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from monitor.cli.stories import command
from monitor.pipeline import regroup
from monitor.pipeline.regroup import RegroupError
from monitor.store import articles, stories
from tests.stories.texts import BLAST, BLAST_TITLE, NOW, RAIN, RAIN_TITLE


@pytest.fixture
def two(put):
    """Two stories, the first with a copy."""
    first = put(BLAST_TITLE, BLAST)
    copy = put(BLAST_TITLE, BLAST[:500], url="https://two.example/x", feed="two", guid="x", hours=1)
    other = put(RAIN_TITLE, RAIN, url="https://three.example/r", feed="three", guid="r", hours=2)
    return first, copy, other


def test_a_merged_story_takes_the_articles_and_later_reports(two, put, store):
    first, _, other = two
    with store.transaction() as db:
        regroup.merge(db, other.story_id, into=first.story_id, now=NOW)
        assert stories.get(db, other.story_id).merged_into == first.story_id
        assert stories.get(db, first.story_id).articles == 3
        assert stories.publishers(db, first.story_id) == (3, 2)
    copy = put(RAIN_TITLE, RAIN, url="https://four.example/r", feed="four", guid="r", hours=3)
    assert copy.story_id == first.story_id


def test_a_split_undoes_a_merge(two, store):
    first, _, other = two
    with store.transaction() as db:
        regroup.merge(db, other.story_id, into=first.story_id, now=NOW)
        new_id = regroup.split(db, first.story_id, [other.article_id], now=NOW)
        assert [each.id for each in articles.of_story(db, new_id)] == [other.article_id]
        assert stories.get(db, first.story_id).articles == 2
        assert stories.publishers(db, new_id) == (1, 1)


def test_copies_go_with_their_source(two, store):
    first, copy, other = two
    with store.transaction() as db:
        regroup.merge(db, other.story_id, into=first.story_id, now=NOW)
        new_id = regroup.split(db, first.story_id, [first.article_id], now=NOW)
        assert {each.id for each in articles.of_story(db, new_id)} == {first.article_id, copy.article_id}


@pytest.mark.parametrize(("story", "into"), [(1, 1), (1, 99), (99, 1)])
def test_what_cannot_be_merged_is_refused(two, store, story, into):
    with store.transaction() as db, pytest.raises(RegroupError):
        regroup.merge(db, story, into=into, now=NOW)


def test_a_story_is_never_left_empty(two, store):
    first, _, other = two
    with store.transaction() as db, pytest.raises(RegroupError):
        regroup.split(db, other.story_id, [other.article_id], now=NOW)
    with store.transaction() as db, pytest.raises(RegroupError):
        regroup.split(db, first.story_id, [other.article_id], now=NOW)


def test_a_story_is_shown_as_a_person_wants_to_read_it(two, put, store, tmp_path):
    put("Explosion in Dehdadi district kills three", BLAST.replace("one person", "three people"), hours=4)
    config = tmp_path / "config.toml"
    config.write_text(f'[storage]\npath = "{tmp_path}"\n', "utf-8")
    shown = CliRunner().invoke(command, ["show", "1", "--config", str(config)])
    assert shown.exit_code == 0, shown.output
    assert "First report" in shown.output
    assert "1 copy folded: two.example" in shown.output
    assert "killed 1 → 3" in shown.output
    missing = CliRunner().invoke(command, ["show", "77", "--config", str(config)])
    assert missing.exit_code == 1


def test_merging_and_splitting_are_told_to_scripts_with_all_that_moved(two, tmp_path):
    first, copy, other = two
    config = tmp_path / "config.toml"
    config.write_text(f'[storage]\npath = "{tmp_path}"\n', "utf-8")

    def told(*arguments: object) -> dict:
        shown = CliRunner().invoke(command, [*map(str, arguments), "--json", "--config", str(config)])
        assert shown.exit_code == 0, shown.output
        return json.loads(shown.stdout)

    into = first.story_id
    assert told("merge", other.story_id, into) == {
        "story": into, "merged": other.story_id, "articles": [other.article_id],
    }  # fmt: skip
    split = told("split", into, first.article_id)
    assert (split["split"], split["articles"]) == (into, [first.article_id, copy.article_id])
    assert told("show", split["story"])["articles"] == 2


def test_what_was_said_goes_with_the_articles(two, store):
    first, copy, other = two
    with store.transaction() as db:
        for placed, kind in ((first, "new"), (copy, "update"), (other, "new")):
            db.execute(
                "INSERT INTO alerts (watch, article_id, story_id, kind, severity, score, created, payload) "
                "VALUES ('w', ?, ?, ?, 'high', 1, '2024-04-02T18:00:00Z', '{}')",
                (placed.article_id, placed.story_id, kind),
            )

        def told() -> dict[int, int]:
            return dict(db.execute("SELECT article_id, story_id FROM alerts").fetchall())

        regroup.merge(db, other.story_id, into=first.story_id, now=NOW)
        assert set(told().values()) == {first.story_id}
        new_id = regroup.split(db, first.story_id, [other.article_id], now=NOW)
        assert told() == {first.article_id: first.story_id, copy.article_id: first.story_id, other.article_id: new_id}
