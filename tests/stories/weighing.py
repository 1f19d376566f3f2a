"""Reports weighed as in a store that has counted so many articles."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.model.articles import Article
from monitor.stories import profile as profiles
from monitor.stories import rarity
from monitor.stories.fingerprint import fingerprint


def weighed(
    title: str, text: str, language: str | None = None, counts: Mapping[str, int] | None = None, counted: int = 0
) -> profiles.Weighed:
    """A report; ``counts`` has in how many of the ``counted`` articles a term stands."""
    print_ = fingerprint(Article(url="https://one.example/a", title=title, text=text, language=language))
    return profiles.weigh(print_, rarity.idf(print_.vocabulary(), counts or {}, counted))


def story_of(*reports: profiles.Weighed) -> profiles.Profile:
    """The profile of a story that they tell."""
    profile = profiles.Profile()
    for report in reports:
        profile = profiles.joined(profile, report, {})
    return profile
