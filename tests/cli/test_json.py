"""Whatever a command has to say, a script can have as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from monitor.cli import main

WITHOUT = {
    "run": "it goes on for ever, and logs",
    "match": "prints JSON lines always",
    "replay": "prints JSON lines always",
    "feeds export": "prints OPML",
}


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from commands(found, (*path, name))


@pytest.mark.parametrize(("name", "command"), list(commands(main)))
def test_every_command_has_json_or_a_reason_why_not(name: str, command: click.Command) -> None:
    options = {option for parameter in command.params for option in parameter.opts}
    assert ("--json" in options) != (name in WITHOUT)


def test_the_exceptions_are_documented() -> None:
    operations = (Path(__file__).parents[2] / "docs/operations.md").read_text("utf-8")
    (paragraph,) = [each for each in operations.split("\n\n") if each.startswith("Every command has `--json`")]
    assert all(f"`{name}`" in paragraph for name in WITHOUT)
