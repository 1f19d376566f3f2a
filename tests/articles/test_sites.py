"""Rules for single sites: what is shipped can be used, what is wrong is told, and a rule never costs an article."""

from __future__ import annotations

import pytest
from lxml.html import fromstring

from monitor.articles.extract import explain_article
from monitor.articles.sites import BadSiteRuleError, body_by, drop_by, read_rule, rule_for, shipped_rules
from monitor.model.articles import Article, PageHints

TOLD = "The harbour authority of Norport said on Monday that the new pier would open in the spring of next year."
OTHER = "Mosque bombing in the north: what is known one year after the blast that killed so many of the town."


def test_every_shipped_rule_can_be_used() -> None:
    assert shipped_rules()


def test_a_rule_stands_for_its_hosts_and_those_below_them() -> None:
    rule = rule_for("http://caravan-news.localhost:8123/a")
    assert rule is not None
    assert rule_for("http://www.caravan-news.localhost/a") is rule
    assert rule_for("http://news.localhost/a") is None
    assert rule_for("http://[broken/a") is None
    assert rule_for("") is None


def test_what_a_rule_drops_is_left_out_and_told() -> None:
    box = f'<div class="inline-related"><strong>Read next:</strong> <p>{OTHER}</p></div>'
    body = f"<html><title>Pier</title><body><article><h1>Pier</h1>{f'<p>{TOLD}</p>' * 4}{box}<p>{TOLD}</p></article>"
    page = body.encode()
    reading = explain_article(page, PageHints(url="http://caravan-news.localhost/a"))
    assert isinstance(reading.article, Article)
    assert OTHER not in reading.article.text
    assert TOLD in reading.article.text
    assert [line.reason for line in reading.dropped if OTHER in line.text] == ["by the site rule magazine.toml"]


def test_the_first_body_that_has_text_is_taken_as_it_is() -> None:
    rule = read_rule("a.toml", "hosts = ['a.example']\nbody = ['//main', \"//div[@id='story']\"]")
    tree = fromstring(f"<html><body><main></main><p>{OTHER}</p><div id='story'><p>{TOLD}</p>One<br>two</div></body>")
    assert body_by(rule, tree) == [TOLD, "One", "two"]
    assert body_by(rule, fromstring(f"<html><body><p>{TOLD}</p></body></html>")) == []


def test_a_drop_that_takes_the_whole_page_leaves_the_root() -> None:
    rule = read_rule("a.toml", "hosts = ['a.example']\ndrop = ['//html', '//p/text()', '//p']")
    tree = fromstring(f"<html><body><p>{TOLD}</p></body></html>")
    assert [line.text for line in drop_by(rule, tree)] == [TOLD]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hosts = [", "a.toml: "),
        ("hosts = ['a.example']", "needs hosts, and body or drop"),
        ("body = ['//p']", "needs hosts"),
        ("hosts = ['a.example']\nbody = ['//p[']", "'//p[' is no XPath"),
        ("hosts = ['a.example']\nbody = '//p'", "body is a list of texts"),
        ("hosts = ['https://a.example/']\nbody = ['//p']", "is no host name"),
        ("hosts = ['A.example']\nbody = ['//p']", "is no host name"),
        ("hosts = ['a.example']\nbodi = ['//p']", "unknown key 'bodi'"),
    ],
)
def test_a_rule_that_cannot_be_used_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(BadSiteRuleError, match=r"a\.toml") as raised:
        read_rule("a.toml", text)
    assert said in str(raised.value)
