"""Is one text a copy of another, even cut short: shingles, the sampled sketch that finds candidates, containment.

Rules:

1. A shingle is four words in a row, hashed to 64 bits.
2. The sketch samples shingles by the value of their hash, so that two texts sample the same ones: one in 4 of the
   first 100 words, one in 8 up to 400, one in 16 after that; at least 8, at most 96. A copy is nearly always
   cut from the end, which is why the head is sampled most densely.
3. Containment is the share of the shorter text's shingles that the other has. SimHash and MinHash compare whole
   texts and find none of the copies that were cut to 60 words.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence

from monitor.stories.words import stable_hash

SHINGLE_WORDS = 4
MIN_SHINGLES = 8
"""A text with fewer can be threaded into a story but never be silenced as a copy."""
MIN_SKETCH = 8
MAX_SKETCH = 96
MAX_SHINGLES = 3000

_ALL_BITS = 2**64 - 1
_UPPER_HALF = slice(1 if sys.byteorder == "little" else 0, None, 2)
_STEPS = ((100, 2**64 // 4), (400, 2**64 // 8), (MAX_SHINGLES, 2**64 // 16))


def shingles(words: Sequence[str]) -> list[int]:
    """Hashes (signed, 64 bits) of all runs of four words in order; of the first MAX_SHINGLES only.

    Python hashes a tuple of integers alike in every process (xxHash, without the salt that strings have), four times
    as fast as arithmetic in Python; a release that changed it would only make copies unfindable for COPY_WITHIN.
    """
    hashes = list(map(stable_hash, words[: MAX_SHINGLES + SHINGLE_WORDS - 1]))
    return list(map(hash, zip(hashes, hashes[1:], hashes[2:], hashes[3:], strict=False)))


def shorten(hashes: Sequence[int]) -> frozenset[int]:
    """The set of shingles as stored and compared: the upper 32 bits of each."""
    return frozenset(array("I", array("q", hashes).tobytes())[_UPPER_HALF])


def sketch(hashes: Sequence[int]) -> tuple[int, ...]:
    """The sample of ``hashes`` that is stored and looked up: as unsigned numbers the smallest, less 2**63."""
    chosen: set[int] = set()
    start = 0
    for end, limit in _STEPS:
        chosen.update([value for value in hashes[start:end] if 0 <= value < limit])
        start = end
    if len(chosen) < MIN_SKETCH:
        chosen.update(sorted({value & _ALL_BITS for value in hashes})[:MIN_SKETCH])
    smallest = sorted(chosen)[:MAX_SKETCH]
    return tuple([value - 2**63 for value in smallest])


def shortened(sketched: int) -> int:
    """The 32 bits by which the shingle of a sketched hash is stored."""
    return (sketched + 2**63) >> 32


def pack_shingles(shortened: Iterable[int]) -> bytes:
    """The set of shingles, shortened to 32 bits each, as stored with the article."""
    return array("I", list(shortened)).tobytes()


def unpack_shingles(packed: bytes) -> frozenset[int]:
    """The inverse of :func:`pack_shingles`."""
    return frozenset(array("I", packed))


def pack_sketch(values: Iterable[int]) -> bytes:
    """A sketch as stored with its article, so that expiry deletes its rows by primary key."""
    return array("q", values).tobytes()


def unpack_sketch(packed: bytes) -> tuple[int, ...]:
    """The inverse of :func:`pack_sketch`."""
    return tuple(array("q", packed))


def containment(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of the smaller set that the other contains, 0 for an empty set."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
