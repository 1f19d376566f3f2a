"""Numbers and nouns agree; mistyped words find what was meant."""

from monitor.model.words import counted, did_you_mean


def test_one_is_singular_all_else_is_plural() -> None:
    assert [counted(number, "feed") for number in (0, 1, 2)] == ["0 feeds", "1 feed", "2 feeds"]
    assert counted(2, "story", "stories") == "2 stories"
    assert counted(12_345, "article") == "12,345 articles"


def test_a_mistyped_word_is_told_what_it_was_meant_to_be() -> None:
    assert did_you_mean("BALHK", ["Balkh", "Herat"]) == "did you mean 'Balkh'?"
    assert did_you_mean("sport", ["Balkh", "Herat"], otherwise="there are two") == "there are two"
    assert did_you_mean("sport", []) == ""
