"""Which entries of a feed document are new, which are revised, and which are known. Pure.

The identity ladder, within one feed: the guid where it is unique in the document; guid and link where it is not; the
link where there is no guid; a digest of title and content where there is neither. On top: an unknown guid with a known
link and title is the same item; when at least four fifths of a feed's guids change at once, links alone tell.
The same link under a new guid and a new title is new: live blogs do that. Dates decide nothing about newness.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
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
    return Identity(
        guid=(entry.guid or "").strip() or None,
        link_key=link_key(entry.url),
        title_key=title,
        text_hash=blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
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


def changes(listed: Sequence[ListedEntry], known: Iterable[KnownEntry]) -> Changes:
    """Compare a document with what is known of its feed.

    ``known`` needs to hold only the entries that share a guid, a link or a digest with the document.
    """
    matcher = _Matcher([identity(entry) for entry in listed], list(known))
    new: list[Change] = []
    revised: list[Change] = []
    unchanged = 0
    taken: set[int] = set()
    fresh: set[tuple[str | None, str | None, str]] = set()
    for entry, keys in zip(listed, matcher.identities, strict=True):
        match = matcher.find(keys)
        if match is None:
            key = (
                (keys.guid, keys.link_key, keys.title_key)
                if keys.guid or keys.link_key
                else (None, None, keys.bare_key)
            )
            if key not in fresh:
                fresh.add(key)
                new.append(Change(listed=entry, identity=keys))
        elif match.id in taken or not _is_revised(keys, match):
            unchanged += 1
        else:
            taken.add(match.id)
            revised.append(Change(listed=entry, identity=keys, known=match))
    return Changes(new=tuple(new), revised=tuple(revised), unchanged=unchanged, churned=matcher.churned)


def _is_revised(keys: Identity, known: KnownEntry) -> bool:
    if known.revision >= MOST_REVISIONS:
        return keys.title_key != known.identity.title_key
    return keys.text_hash != known.identity.text_hash


class _Matcher:
    """Finds the stored entry of a listed one by the rungs of the ladder."""

    def __init__(self, identities: list[Identity], known: list[KnownEntry]) -> None:
        self.identities = identities
        self._guids = Counter(each.guid for each in identities)
        self._links = Counter(each.link_key for each in identities)
        self._by_guid: dict[str, list[KnownEntry]] = {}
        self._by_link: dict[str, list[KnownEntry]] = {}
        self._by_text: dict[str, KnownEntry] = {}
        for entry in known:
            if entry.identity.guid:
                self._by_guid.setdefault(entry.identity.guid, []).append(entry)
            if entry.identity.link_key:
                self._by_link.setdefault(entry.identity.link_key, []).append(entry)
            if not entry.identity.guid and not entry.identity.link_key:
                self._by_text[entry.identity.bare_key] = entry
        self.churned = self._is_churned()

    def find(self, keys: Identity) -> KnownEntry | None:
        """The stored entry that is the same item; None when there is none."""
        return self._by_first_rung(keys) or self._by_link_and_title(keys) or self._by_churn(keys)

    def _by_first_rung(self, keys: Identity) -> KnownEntry | None:
        if keys.guid:
            candidates = self._by_guid.get(keys.guid, [])
            if self._guids[keys.guid] == 1 and len(candidates) == 1:
                return candidates[0]
            return _first(candidates, lambda each: each.identity.link_key == keys.link_key, keys)
        if keys.link_key:
            candidates = self._by_link.get(keys.link_key, [])
            if self._links[keys.link_key] == 1 and len(candidates) == 1:
                return candidates[0]
            return _first(candidates, lambda each: each.identity.title_key == keys.title_key, keys)
        return self._by_text.get(keys.bare_key)

    def _by_link_and_title(self, keys: Identity) -> KnownEntry | None:
        candidates = self._by_link.get(keys.link_key, []) if keys.link_key else []
        return next((each for each in candidates if each.identity.title_key == keys.title_key), None)

    def _by_churn(self, keys: Identity) -> KnownEntry | None:
        if not self.churned or not keys.link_key or self._links[keys.link_key] != 1:
            return None
        candidates = self._by_link.get(keys.link_key, [])
        return candidates[0] if len(candidates) == 1 else None

    def _is_churned(self) -> bool:
        """At least four fifths of the guids are unknown, and as many of their links are known."""
        with_guid = [each for each in self.identities if each.guid]
        moved = [each for each in with_guid if each.guid not in self._by_guid and each.link_key in self._by_link]
        return len(moved) >= CHURN_LEAST and len(moved) >= CHURN_SHARE * len(with_guid)


def _first(candidates: list[KnownEntry], rule: object, keys: Identity) -> KnownEntry | None:
    """Among several: the one of the same text, else the first that the rule takes with the same title, else any."""
    assert callable(rule)
    fitting = [each for each in candidates if rule(each)]
    same_text = next((each for each in fitting if each.identity.text_hash == keys.text_hash), None)
    same_title = next((each for each in fitting if each.identity.title_key == keys.title_key), None)
    return same_text or same_title or (fitting[0] if len(fitting) == 1 else None)
