"""Durations as options: ``90s``, ``15m``, ``6h``, ``7d``, as in the configuration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


class Duration(click.ParamType[timedelta]):
    """Turns ``6h`` into a timedelta."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The configuration's own reading of durations, with its own words for a mistake."""
        from monitor.config.values import MistakeError, duration

        if isinstance(value, timedelta):
            return value
        try:
            return duration(value)
        except MistakeError as error:
            on_a_shell = error.hint.replace(", in quotes", "").replace('"', "")
            self.fail(f"{error}: {on_a_shell}", param, ctx)


def duration_option(name: str, *rest: str, help: str) -> Callable[[F], F]:  # noqa: A002 - click's word
    """An option whose value is a timedelta, or None."""
    return click.option(name, *rest, type=Duration(), default=None, help=help)
