"""The shape of the configuration file: one class a table. The door to pydantic.

A class names the keys of its table, their types and bounds; it has no defaults of its own, those are the model's.
``docs/configuration.md`` explains every key (a test compares).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from functools import partial
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, Strict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from monitor.config import values
from monitor.model.watches import Merging, Severity

T = TypeVar("T", bound="Table")


def _reads(reader: Callable[[object], Any]) -> PlainValidator:
    def validate(value: object) -> Any:
        try:
            return reader(value)
        except values.MistakeError as mistake:
            raise PydanticCustomError("mistake", "{text}", {"text": mistake.message, "hint": mistake.hint}) from mistake

    return PlainValidator(validate)


def _unset() -> Any:
    return Field(default=None)


Line = Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f]*$")]
Name = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$")
]
Strings = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Strict(False)]
Duration = Annotated[timedelta, _reads(values.duration)]
Pause = Annotated[timedelta, _reads(values.pause)]
Hours = Annotated[tuple[time, time], _reads(values.hours)]
Zone = Annotated[ZoneInfo, _reads(values.zone)]
Network = Annotated[IPv4Network | IPv6Network, _reads(values.network)]
Moment = Annotated[str, _reads(values.moment)]
WebAddress = Annotated[str, _reads(values.web_address)]
SeverityName = Annotated[Severity, _reads(partial(values.choice, Severity))]
MergingName = Annotated[Merging, _reads(partial(values.choice, Merging))]
Language = Annotated[str, _reads(values.language)]
Country = Annotated[str, _reads(values.country)]
Expectation = Annotated[bool, _reads(values.expectation)]
Listen = Annotated[tuple[str, int], _reads(values.listen_address)]
InDoubt = Annotated[str, _reads(partial(values.word_of, ("retry", "hold")))]
Where = Annotated[str, _reads(partial(values.word_of, ("title", "lead", "top", "body", "text")))]
RequestHeaders = Annotated[tuple[tuple[str, str], ...], _reads(values.request_headers)]
Positive = Annotated[int, Field(ge=1)]


class Table(BaseModel):
    """A table of the file: unknown keys are faults, and ``"5"`` is not a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def given(self) -> dict[str, Any]:
        """The keys that the file has, by field name."""
        given = self.model_fields_set
        return {name: value for name, value in self.__dict__.items() if name in given}


class StorageTable(Table):
    """``[storage]``"""

    path: Line = _unset()
    keep_articles: Duration = _unset()
    keep_backups: Duration = _unset()


class PollingTable(Table):
    """``[polling]``"""

    polls_per_hour: Positive = _unset()
    min_interval: Duration = _unset()
    max_interval: Duration = _unset()
    user_agent_contact: Line = _unset()


class NetTable(Table):
    """``[net]``"""

    allow_private: Annotated[tuple[Network, ...], Strict(False)] = _unset()
    host_pace: Pause = _unset()
    timeout: Duration = _unset()
    connect_timeout: Duration = _unset()
    max_wire_bytes: Positive = _unset()
    max_decoded_bytes: Positive = _unset()
    in_flight: Annotated[int, Field(ge=1, le=1000)] = _unset()
    respect_robots: bool = _unset()


class FeedTable(Table):
    """``[[feed]]``"""

    name: Name
    url: WebAddress
    tags: Strings = _unset()
    language: Language = _unset()
    country: Country = _unset()
    publisher: Name = _unset()
    interval: Duration = _unset()
    weight: Annotated[float, Field(gt=0, le=1000)] = _unset()
    alert_younger_than: Duration = _unset()
    headers: RequestHeaders = _unset()


class ChannelTable(Table):
    """``[channels.NAME]``"""

    url: str = _unset()
    url_file: Line = _unset()
    in_doubt: InDoubt = _unset()
    secret: Annotated[str, Field(min_length=1)] = _unset()
    secret_file: Line = _unset()
    digest: Moment = _unset()
    max_per_hour: Positive = _unset()


class RouteTable(Table):
    """``[[route]]``"""

    channels: Annotated[Strings, Field(min_length=1)]
    min_severity: SeverityName = _unset()
    watches: Strings = _unset()
    feeds: Strings = _unset()
    continue_: Annotated[bool, Field(alias="continue")] = _unset()


class AlertsTable(Table):
    """``[alerts]``"""

    timezone: Zone = _unset()
    quiet_hours: Hours = _unset()
    max_per_hour: Positive = _unset()
    digest: Moment = _unset()
    rise_when_corroborated: bool = _unset()


class HeartbeatTable(Table):
    """``[heartbeat]``"""

    url: WebAddress = _unset()
    url_file: Line = _unset()


class WebSubTable(Table):
    """``[websub]``"""

    callback: WebAddress
    listen: Listen = _unset()


class HttpTable(Table):
    """``[http]``"""

    listen: Listen


class TermsTable(Table):
    """``[terms.NAME]``"""

    any: Strings = _unset()
    case: Strings = _unset()
    exclude: Annotated[Strings, Field(alias="except")] = _unset()


class WatchTestTable(Table):
    """``[[watch.test]]``"""

    text: Annotated[str, Field(min_length=1)]
    expect: Expectation
    title: str = _unset()
    lang: Language = _unset()


class WatchTable(Table):
    """``[[watch]]``"""

    name: Name
    severity: SeverityName = _unset()
    all: Strings = _unset()
    any: Strings = _unset()
    none: Strings = _unset()
    query: Annotated[str, Field(min_length=1)] = _unset()
    where: Where = _unset()
    lang: Annotated[tuple[Language, ...], Strict(False)] = _unset()
    feeds: Strings = _unset()
    min_score: Annotated[float, Field(ge=0, le=1)] = _unset()
    channels: Strings = _unset()
    merging: MergingName = _unset()
    min_independent: Positive = _unset()
    unconfirmed_after: Duration = _unset()
    shadow: Duration = _unset()
    test: Annotated[tuple[WatchTestTable, ...], Strict(False)] = _unset()


SINGLE_TABLES: dict[str, type[Table]] = {
    "storage": StorageTable,
    "polling": PollingTable,
    "net": NetTable,
    "alerts": AlertsTable,
    "heartbeat": HeartbeatTable,
    "websub": WebSubTable,
    "http": HttpTable,
}
LISTED_TABLES: dict[str, type[Table]] = {"feed": FeedTable, "route": RouteTable, "watch": WatchTable}
NAMED_TABLES: dict[str, type[Table]] = {"channels": ChannelTable, "terms": TermsTable}


def keys_of(shape: type[Table]) -> dict[str, type[Table] | None]:
    """The keys of a table as they stand in the file, each with the shape of the tables listed under it."""
    listed: dict[str, type[Table]] = {"test": WatchTestTable} if shape is WatchTable else {}
    return {field.alias or name: listed.get(name) for name, field in shape.model_fields.items()}


def read_table(shape: type[T], raw: object) -> T | list[ErrorDetails]:
    """The table, or every error that pydantic found in it (paths as in the file)."""
    try:
        return shape.model_validate(raw)
    except ValidationError as error:
        return error.errors(include_url=False)


def read_without_unknown(
    shape: type[T], raw: object, errors: list[ErrorDetails], *, needed: frozenset[str]
) -> T | None:
    """The table without its unknown keys, where nothing else is wrong and one of the keys ``needed`` is there.

    The fault of the unknown key stays; but what else is wrong, in the query for example, is told at the same time.
    """
    unknown = {error["loc"][0] for error in errors if error["type"] == "extra_forbidden" and len(error["loc"]) == 1}
    if not isinstance(raw, dict) or len(unknown) < len(errors) or not needed & raw.keys():
        return None
    table = read_table(shape, {key: each for key, each in raw.items() if key not in unknown})
    return table if isinstance(table, Table) else None
