"""Which entries of a feed document are new, which are revised, and which are known. Pure.

The identity ladder, within one feed: the guid where it is unique in the document; guid and link where it is not; the
link where there is no guid; a digest of title and content where there is neither. On top: an unknown guid with a known
link and title is the same item; when at least four fifths of a feed's guids change at once, links alone tell.
The same link under a new guid and a new title is new: live blogs do that. Dates decide nothing about newness.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode, urlsplit

from monitor.feeds.text import one_line, plain_text
from monitor.model.feeds import ListedEntry
from monitor.model.polling import Change, Changes, Identity, KnownEntry

CHURN_SHARE = 0.8
CHURN_LEAST = 3
"""Fewer guids than this changing at once prove nothing."""
MOST_REVISIONS = 20
"""Beyond this an entry's text is taken for restless (counters, relative times) and only its title is compared."""
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|igshid|ref_src|cmpid|at_\w+", re.IGNORECASE)


def identity(entry: ListedEntry) -> Identity:
    """The keys of an entry; ``updated`` is no part of the digest, since some feeds change it with every fetch."""
    title = one_line(entry.title).casefold()
    text = "\0".join((title, plain_text(entry.content), plain_text(entry.summary)))
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Identity(
        guid=(entry.guid or "").strip() or None,
        link_key=link_key(entry.url),
        title_key=title or f"#{digest}",
        text_hash=digest,
    )


def link_key(url: str | None) -> str | None:
    """A link without what does not tell pages apart: scheme, ``www.``, tracking parameters, a final slash.

    The fragment stays: change logs and live blogs number their items with it.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url.strip()
    host = parts.netloc.rpartition("@")[2].lower().removeprefix("www.")
    host = re.sub(r":(80|443)$", "", host)
    query = urlencode(
        [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
    )
    return (
        f"{host}{parts.path.rstrip('/')}"
        + (f"?{query}" if query else "")
        + (f"#{parts.fragment}" if parts.fragment else "")
    )


def changes(listed: Sequence[ListedEntry], known: Iterable[KnownEntry], *, left_out: int = 0) -> Changes:
    """Compare a document with what is known of its feed.

    ``known`` needs to hold only the entries that share a guid, a link or a digest with the document. Whatever is
    recorded as new or revised by the result is unchanged when the same document is compared again. ``left_out`` counts
    the items that the document lists and the item delta left out, since they were seen.
    """
    comparison = _Comparison([identity(entry) for entry in listed], known, left_out)
    for rung in (comparison.by_guid_link_or_text, comparison.by_link_and_title, comparison.by_link_alone):
        comparison.climb(rung)
    new: list[Change] = []
    fresh: set[tuple[str, ...]] = set()
    for place, keys in enumerate(comparison.listed):
        marks = _marks(keys)
        if place not in comparison.found and not fresh & marks:
            fresh |= marks
            new.append(Change(listed=listed[place], identity=keys))
    takers = [
        Change(listed=listed[place], identity=comparison.current[entry.id], known=entry)
        for place, entry in sorted(comparison.takers.items())
    ]
    revised = tuple(change for change in takers if _is_revised(change))
    return Changes(
        new=tuple(new),
        revised=revised,
        adopted=tuple(each for each in takers if each.known and not _is_revised(each) and _has_new_guid(each)),
        unchanged=len(comparison.found) - len(revised) + left_out,
        churned=comparison.churned,
    )


def _marks(keys: Identity) -> set[tuple[str, ...]]:
    """By what a second listing of the same new item is known within one document."""
    marks: set[tuple[str, ...]] = set()
    if keys.link_key:
        marks.add(("link and title", keys.link_key, keys.title_key))
    elif keys.guid:
        marks.add(("guid and title", keys.guid, keys.title_key))
    else:
        marks.add(("text", keys.bare_key))
    return marks


def _is_revised(change: Change) -> bool:
    if change.known is None:
        return False
    before, after = change.known.identity, change.identity
    if change.known.revision >= MOST_REVISIONS:
        return after.title_key != before.title_key
    return after.text_hash != before.text_hash


def _has_new_guid(change: Change) -> bool:
    return change.known is not None and change.identity.guid != change.known.identity.guid


class _Comparison:
    """Assigns stored entries to listed ones, rung by rung; each stored entry is taken once.

    ``found`` has every listed place that is known, ``takers`` those that took their entry (others repeat it), and
    ``current`` the identity of each entry as it will be recorded: a key that the document leaves out is kept.
    """

    def __init__(self, listed: list[Identity], known: Iterable[KnownEntry], left_out: int) -> None:
        self.listed = listed
        self.entries = {entry.id: entry for entry in known}
        self.current = {entry.id: entry.identity for entry in self.entries.values()}
        self.found: dict[int, KnownEntry] = {}
        self.takers: dict[int, KnownEntry] = {}
        self._taken: set[int] = set()
        self._guids = Counter(each.guid for each in listed)
        self._links = Counter(each.link_key for each in listed)
        self._holders: dict[tuple[str, str], dict[int, None]] = {}
        for entry in self.entries.values():
            self._index(entry.id)
        self.churned = self._is_churned(left_out)

    def climb(self, rung: Callable[[Identity], int | None]) -> None:
        """Try one rung for every place that is not known yet."""
        for place, keys in enumerate(self.listed):
            if place in self.found:
                continue
            entry_id = rung(keys)
            if entry_id is None:
                continue
            self.found[place] = self.entries[entry_id]
            if entry_id not in self._taken:
                self._take(place, entry_id, keys)

    def by_guid_link_or_text(self, keys: Identity) -> int | None:
        """The entry's own strongest key."""
        if keys.guid:
            return self._among(self._with("guid", keys.guid), keys, alone=self._guids[keys.guid] == 1, key="link_key")
        if keys.link_key:
            return self._among(self._with("link", keys.link_key), keys, alone=self._links[keys.link_key] == 1, key="")
        bare = [each for each in self._with("text", keys.bare_key) if not self.current[each].link_key]
        return next((each for each in bare if not self.current[each].guid), None)

    def by_link_and_title(self, keys: Identity) -> int | None:
        """An unknown guid, but a known link and title."""
        candidates = self._with("link", keys.link_key) if keys.link_key else []
        return next((each for each in candidates if self.current[each].title_key == keys.title_key), None)

    def by_link_alone(self, keys: Identity) -> int | None:
        """Where the feed changed its guids altogether."""
        if not self.churned or not keys.link_key or self._links[keys.link_key] != 1:
            return None
        candidates = [each for each in self._with("link", keys.link_key) if each not in self._taken]
        return candidates[0] if len(candidates) == 1 else None

    def _among(self, candidates: list[int], keys: Identity, *, alone: bool, key: str) -> int | None:
        """One of several: the only one where the key is unique, else that with the same link and text or title."""
        if alone and len(candidates) == 1:
            return candidates[0]
        fitting = [each for each in candidates if not key or getattr(self.current[each], key) == getattr(keys, key)]
        same_text = [each for each in fitting if self.current[each].text_hash == keys.text_hash]
        same_title = [each for each in fitting if self.current[each].title_key == keys.title_key]
        chosen = same_text or same_title or (fitting if key and len(fitting) == 1 else [])
        return chosen[0] if chosen else None

    def _take(self, place: int, entry_id: int, keys: Identity) -> None:
        before = self.current[entry_id]
        self._index(entry_id, remove=True)
        self.current[entry_id] = replace(keys, guid=keys.guid or before.guid, link_key=keys.link_key or before.link_key)
        self._index(entry_id)
        self._taken.add(entry_id)
        self.takers[place] = self.entries[entry_id]

    def _index(self, entry_id: int, *, remove: bool = False) -> None:
        keys = self.current[entry_id]
        for kind, key in (("guid", keys.guid), ("link", keys.link_key), ("text", keys.bare_key)):
            if key and remove:
                del self._holders[kind, key][entry_id]
            elif key:
                self._holders.setdefault((kind, key), {})[entry_id] = None

    def _with(self, kind: str, key: str) -> list[int]:
        return list(self._holders.get((kind, key), ()))

    def _is_churned(self, left_out: int) -> bool:
        """At least four fifths of the guids are unknown, and as many of their links are known."""
        with_guid = [each for each in self.listed if each.guid]
        moved = [
            each
            for each in with_guid
            if not self._with("guid", each.guid or "") and self._with("link", each.link_key or "")
        ]
        return len(moved) >= CHURN_LEAST and len(moved) >= CHURN_SHARE * (len(with_guid) + left_out)
