"""Several watches that hit one article: who carries the message for whom."""

from monitor.alerts.together import Spoken, together
from monitor.model.alerts import AlertKind
from monitor.model.watches import Severity

PEOPLE = {"desk", "duty"}


def spoken(
    severity: Severity, *channels: str, kind: AlertKind = AlertKind.NEW, changes: tuple[str, ...] = ()
) -> Spoken:
    return Spoken(kind=kind, severity=severity, channels=channels, changes=changes)


def test_the_gravest_carries_the_first_of_equals_and_each_channel_by_itself() -> None:
    low, high = spoken(Severity.LOW, "desk", "duty"), spoken(Severity.HIGH, "desk")
    equal = spoken(Severity.HIGH, "duty", "desk")
    assert list(together([low, high, equal], PEOPLE)) == [("desk", 1, (2, 0)), ("duty", 2, (0,))]


def test_an_alert_that_is_alone_on_its_channel_is_a_message_of_its_own() -> None:
    assert list(together([spoken(Severity.LOW, "desk"), spoken(Severity.HIGH, "duty")], PEOPLE)) == []


def test_only_the_channels_that_are_asked_for_share_messages() -> None:
    both = spoken(Severity.LOW, "desk", "hook"), spoken(Severity.HIGH, "hook", "desk")
    assert list(together(both, {"desk"})) == [("desk", 1, (0,))]


def test_what_says_something_else_goes_by_itself() -> None:
    three = spoken(Severity.HIGH, "desk", kind=AlertKind.UPDATE, changes=("killed 1 → 3",))
    two = spoken(Severity.HIGH, "desk", kind=AlertKind.UPDATE, changes=("killed 2 → 3",))
    new = spoken(Severity.HIGH, "desk")
    assert list(together([three, two, new], PEOPLE)) == []
    assert list(together([three, new, three], PEOPLE)) == [("desk", 0, (2,))]
