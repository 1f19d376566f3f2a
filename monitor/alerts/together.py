"""Which alerts on one article are one message: several watches that hit it need not ring a person several times."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from monitor.model.alerts import Alerted, AlertKind


def together(spoken: Sequence[Alerted], channels: Collection[str]) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """For each of ``channels`` that would hear several of them: the channel, who carries, and whom it tells as well.

    Both are positions in ``spoken``, which were decided at once for one article. The gravest carries, the first of
    equals. Only alerts of one kind that report the same changes share a message, so that nothing goes untold.
    """
    groups: dict[tuple[str, AlertKind, tuple[str, ...]], list[int]] = {}
    for number, alerted in enumerate(spoken):
        for channel in alerted.channels:
            if channel in channels:
                groups.setdefault((channel, alerted.kind, alerted.changes), []).append(number)
    for (channel, _, _), members in groups.items():
        carrier, *others = sorted(members, key=lambda number: -spoken[number].severity.rank)
        if others:
            yield channel, carrier, tuple(others)
