"""Numbers and nouns agree."""

from monitor.model.words import counted


def test_one_is_singular_all_else_is_plural() -> None:
    assert [counted(number, "feed") for number in (0, 1, 2)] == ["0 feeds", "1 feed", "2 feeds"]
    assert counted(2, "story", "stories") == "2 stories"
    assert counted(12_345, "article") == "12,345 articles"
