"""``monitor doctor``: what is wrong, and what to do about it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli.output import EXIT_FAILED, config_option, json_option, print_json

_MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


@click.command("doctor", help="Find what is wrong and say what to do; exit 1 when something is.")
@config_option
@json_option
@click.option("--offline", is_flag=True, help="Do not try to reach the feeds' servers.")
def command(config_path: Path | None, as_json: bool, offline: bool) -> None:
    """Look at the configuration, the machine, the database, the daemon, feeds, channels and the network, in that order.

    It changes nothing, sends nothing, and can run beside the daemon.
    """
    from monitor.cli.doctor_findings import examine_all

    findings = examine_all(config_path, now=datetime.now(UTC), offline=offline)
    if as_json:
        print_json(
            [{"part": each.part, "level": each.level, "said": each.said, "todo": each.todo} for each in findings]
        )
    else:
        for each in findings:
            click.echo(f"{_MARKS[each.level]} {each.part:<15}{each.said}")
            for line in each.todo.splitlines():
                click.echo(f"{'':<17}→ {line}")
    if any(each.level == "error" for each in findings):
        sys.exit(EXIT_FAILED)
