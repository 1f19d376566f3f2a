"""Which alerts on one article are one message: several watches that hit it need not ring a person several times."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from monitor.model.alerts import Alerted, AlertKind
from monitor.model.watches import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What bears on whether an alert shares its message."""

    kind: AlertKind
    severity: Severity
    changes: tuple[str, ...]
    channels: tuple[str, ...]

    @classmethod
    def of(cls, alerted: Alerted) -> Spoken:
        """The same of a decision."""
        return cls(
            kind=alerted.kind, severity=alerted.severity, changes=alerted.changes, channels=alerted.channels
        )  # fmt: skip


def together(spoken: Sequence[Spoken], channels: Collection[str]) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """For each of ``channels`` that would hear several of them: the channel, who carries, and whom it tells as well.

    Both are positions in ``spoken``, which were decided at once for one article. The gravest carries, the first of
    equals. Only alerts of one kind that report the same changes share a message, so that nothing goes untold.
    """
    groups: dict[tuple[str, AlertKind, tuple[str, ...]], list[int]] = {}
    for number, each in enumerate(spoken):
        for channel in each.channels:
            if channel in channels:
                groups.setdefault((channel, each.kind, each.changes), []).append(number)
    for (channel, _, _), members in groups.items():
        carrier, *others = sorted(members, key=lambda number: -spoken[number].severity.rank)
        if others:
            yield channel, carrier, tuple(others)
