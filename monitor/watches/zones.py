"""The parts of an article that a clause can be limited to."""

from __future__ import annotations

from enum import IntEnum


class Zone(IntEnum):
    """Where a term has to stand. The first five are the article's text, the others what is known about it."""

    TITLE = 0
    LEAD = 1
    TOP = 2
    """Title or lead."""
    BODY = 3
    TEXT = 4
    """Title, lead and body: the default."""
    AUTHOR = 5
    SOURCE = 6
    """Name of the feed, the site's name, its host and the publisher."""
    URL = 7

    @property
    def word(self) -> str:
        """The field's name in a query."""
        return self.name.lower()


TEXT_ZONES = frozenset({Zone.TITLE, Zone.LEAD, Zone.TOP, Zone.BODY, Zone.TEXT})
WHERE = tuple(zone.word for zone in sorted(TEXT_ZONES))
"""The values of a watch's ``where``."""
