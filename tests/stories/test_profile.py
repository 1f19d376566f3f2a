"""What a story is about, as stored."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.articles import Article
from monitor.stories import fingerprint as prints
from monitor.stories import profile as profiles

TEXTS = st.text(alphabet=st.sampled_from(list("Ab éЖшﷺﷲ漢字กสلا۱۲1,.! ½ǅ㎏_|\n\x1f")), max_size=120)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=3))
def test_a_profile_comes_back_as_it_was_stored(reports: list[tuple[str, str]]) -> None:
    profile = profiles.Profile()
    for title, text in reports:
        print_ = prints.fingerprint(Article(url="https://one.example/a", title=title, text=text))
        article = profiles.weigh(print_, dict.fromkeys(print_.vocabulary(), 2.0))
        profile = profiles.joined(profile, article, {"killed": (1, 3)})
    again = profiles.from_json(profile.to_json())
    assert list(again.terms) == list(profile.terms)
    assert all(abs(again.terms[term] - weight) < 1e-4 for term, weight in profile.terms.items())
    assert (again.lead_reports, again.names, again.numbers) == (profile.lead_reports, profile.names, profile.numbers)
    assert (again.listed, again.counts, again.days) == (profile.listed, profile.counts, profile.days)
    assert again.to_json() == profile.to_json()
    opening = profiles.opening(profile.to_json())
    assert (opening.reports, opening.lead, opening.lead_reports) == (again.reports, again.lead, again.lead_reports)
    assert opening.agreed == again.agreed


def test_an_empty_profile_is_stored_as_nothing() -> None:
    assert profiles.from_json("{}") == profiles.Profile()


def test_the_opening_of_a_profile_that_an_earlier_version_stored_is_found() -> None:
    stored = (
        '{"reports":1,"terms":["blast|balkh",[7071,7071]],"lead":["blast|balkh",[7071,7071],[1,1]],'
        '"names":["balkh",[1]],"numbers":"","counts":{},"listed":"blast","days":[],"languages":[]}'
    )
    assert dict(profiles.opening(stored).lead) == {"blast": 0.7071, "balkh": 0.7071}
    assert profiles.from_json(stored).names == {"balkh": 1}
    assert profiles.opening("{}") == profiles.Opening()
