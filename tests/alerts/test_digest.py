"""A message that names many stories ends with how many more there are, and with the command that lists them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.alerts.digest import (
    LONGEST_LIST,
    REASONS,
    Flood,
    Passed,
    digest_text,
    notice_of_first_reading,
    summary_of_floods,
    summary_of_held,
)
from monitor.model.alerts import SuppressionReason
from monitor.model.delivery import HoldReason

MANY = [
    {"watch": "w", "severity": "high", "story": {"id": n}, "article": {"title": f"Title {n}"}, "changes": []}
    for n in range(LONGEST_LIST + 3)
]
FLOOD = Flood(feed="north", entries=43, together=43, singly=0)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (summary_of_held(MANY, HoldReason.STORM, UTC), "monitor alerts list"),
        (summary_of_floods(MANY, [FLOOD], UTC), "monitor alerts suppressed --reason flood"),
        (notice_of_first_reading(MANY, ["north"], UTC), "monitor alerts suppressed --reason baseline"),
    ],
)
def test_what_is_too_much_for_one_message_can_be_listed(text: str, command: str) -> None:
    assert text.splitlines()[-1] == f"and 3 more: {command}"


@pytest.mark.parametrize("reason", REASONS)
def test_what_is_too_much_for_a_digest_can_be_listed_too(reason: str) -> None:
    assert SuppressionReason(reason)
    text = digest_text(
        [Passed(reason=reason, payload=each) for each in MANY], 0, since=datetime(2024, 4, 2, tzinfo=UTC), zone=UTC
    )
    assert text.splitlines()[-1] == f"and 3 more: monitor alerts suppressed --reason {reason}"
