"""What is material between two versions of an article."""

from __future__ import annotations

import pytest

from monitor.stories.changes import Version, material_changes, new_counts
from tests.stories.texts import BLAST, BLAST_TITLE

MORE = (
    "A spokesman for the security command said late on Tuesday that members of a group had hidden in the house "
    "for weeks and had bought fertiliser at the market of the town. He said that two of them escaped over the fields "
    "towards the river and that a search with dogs had begun at the northern bridge."
)


def kinds(text: str, *, title: str = BLAST_TITLE, partial: bool = False) -> list[str]:
    before = Version(title=BLAST_TITLE, text=BLAST)
    after = Version(title=title, text=text, partial=partial)
    return [change.kind for change in material_changes(before, after, language="en")]


@pytest.mark.parametrize(
    "text",
    [
        BLAST,
        f"{BLAST}\nUpdated 14:05 GMT",
        f"Last updated on 3 April 2024 at 9:41 am\n{BLAST}",
        f"{BLAST}\n17 comments\n1,204 views\n3 min read",
        f"{BLAST}\nRead more: Ministry says 45 arrested in the capital\nAlso read: Floods cut the road to Herat",
        BLAST.replace("loud bang", "heavy bang"),
        BLAST.replace(". ", ".\n\n"),
        BLAST.replace("Tuesday evening", "Tuesday, 2 April, in the evening"),
    ],
)
def test_cosmetic_edits_are_not_material(text):
    assert kinds(text) == []


def test_a_changed_count_is_said_in_words():
    before, after = Version(title="", text=BLAST), Version(title="", text=BLAST.replace("one person", "three people"))
    (change,) = material_changes(before, after, language="en")
    assert (change.kind, change.text) == ("count", "killed 1 → 3")


def test_a_correction_in_the_title_is_material():
    assert "correction" in kinds(BLAST, title=f"CORRECTED: {BLAST_TITLE}")


def test_a_correction_in_the_middle_of_the_old_text_is_none():
    before = Version(title="", text=f"{BLAST} The correction officer spoke. {BLAST}")
    assert material_changes(before, before, language="en") == ()


def test_a_retraction_is_material():
    assert "retraction" in kinds(f"Editors' note: this report has been withdrawn.\n{BLAST}")


def test_a_new_number_at_the_top_is_material():
    assert "number" in kinds(BLAST.replace("on Tuesday evening", "on Tuesday evening, breaking 40 windows"))


def test_genuinely_new_sentences_are_material():
    assert "new-text" in kinds(f"{BLAST} {MORE}")


def test_a_body_shrunk_is_material():
    assert "shrunk" in kinds(BLAST[: len(BLAST) // 3])


def test_a_text_read_only_in_part_did_not_shrink():
    assert kinds(BLAST[: len(BLAST) // 3], partial=True) == []


def test_a_higher_count_than_the_storys_is_news():
    assert [each.text for each in new_counts({"killed": (1, 2)}, {"killed": (5,), "injured": (3,)})] == ["killed 2 → 5"]


def test_a_lower_count_than_the_storys_is_none():
    assert new_counts({"killed": (5,)}, {"killed": (3,)}) == ()


def test_a_change_is_told_once_though_a_correction_gives_the_same_numbers():
    note = "Correction: an earlier version said that one person was killed; the toll is three."
    changed = f"{BLAST.replace('at least one person', 'at least three people')} {note}"
    old, new = Version(title=BLAST_TITLE, text=BLAST), Version(title=BLAST_TITLE, text=changed)
    changes = material_changes(old, new, language="en")
    assert [change.kind for change in changes] == ["correction", "count"]
    assert [change.text for change in changes if change.kind == "count"] == ["killed 1 → 3"]
    # The correction added later recalls the old toll, which is no new one.
    before = Version(title=BLAST_TITLE, text=changed.removesuffix(note))
    assert [change.kind for change in material_changes(before, new, language="en")] == ["correction"]
