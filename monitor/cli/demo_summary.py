"""The end of the demo: what the run decided, held against what is right."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from monitor.cli.demo_run import Run
from monitor.model.words import counted
from monitor.newsroom.expectations import Verdict


def show_summary(console: Console, run: Run) -> None:
    """A table for each watch with ✓ and ✗, the known limits, the troubles, and one closing line."""
    console.print(Rule("[bold]held against seeds/expected.toml", style="dim"))
    for watch, verdicts in groupby(sorted(run.verdicts, key=lambda each: each.expectation.watch), _watch_of):
        console.print(_table(watch, list(verdicts)))
    limits = {each.expectation.limit for each in run.verdicts if each.expectation.limit}
    for name in sorted(limits):
        console.print(Text.assemble(("* ", "yellow"), (run.expected.limits[name], "yellow")))
    for problem in run.problems:
        console.print(Text(f"✗ {problem}", "bold red"))
    console.print()
    console.print(_closing(run))


def in_json(run: Run) -> dict[str, Any]:
    """The same for a machine."""
    return {
        "right": run.right,
        "verdicts": [
            {
                "watch": each.expectation.watch,
                "article": each.expectation.article,
                "expected": str(each.expectation),
                "got": each.got,
                "fault": each.fault,
                "why": each.expectation.why,
                "limit": each.expectation.limit,
            }
            for each in run.verdicts
        ],
        "problems": run.problems,
        "alerts": run.alerts,
        "digests_and_notices": len(run.messages) - run.alerts,
        "webhooks_received": run.posts,
        "mails_received": run.mails,
        "requests_served": run.requests,
        "elapsed_s": round(run.elapsed_s, 2),
    }


def _watch_of(verdict: Verdict) -> str:
    return verdict.expectation.watch


def _table(watch: str, verdicts: list[Verdict]) -> Table:
    right = sum(not each.fault for each in verdicts)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False, title_justify="left",
                  title=Text.assemble((watch, "bold"), (f"  {right} of {len(verdicts)}", "dim")))  # fmt: skip
    table.add_column(width=1)
    table.add_column(min_width=20)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", style="dim")
    for each in verdicts:
        table.add_row(*_row(each))
    return table


def _row(verdict: Verdict) -> tuple[Text, Text, Text, Text]:
    expectation = verdict.expectation
    article = Text(expectation.article.removesuffix("@1"))
    why = Text(expectation.why + (" *" if expectation.limit else ""))
    if not verdict.fault:
        style = "bold" if expectation.kind else "dim"
        return Text("✓", "green"), Text(str(expectation), style), article, why
    wrong = Text.assemble((verdict.fault, "bold red"), "\n", (f"got {verdict.got}", "red"))
    return Text("✗", "bold red"), wrong, article, why


def _closing(run: Run) -> Text:
    wrong = sum(bool(each.fault) for each in run.verdicts)
    counts = " · ".join((
        counted(run.alerts, "alert"),
        f"{len(run.messages) - run.alerts} digests and notices",
        f"{run.posts} webhooks and {run.mails} e-mails arrived, each once",
        f"{run.requests} requests",
        f"{run.elapsed_s:.1f} s",
    ))  # fmt: skip
    if run.right:
        return Text.assemble(
            ("✓ ", "bold green"), (f"all {len(run.verdicts)} as expected", "bold green"), f" · {counts}"
        )
    told = f"{wrong} of {len(run.verdicts)} differ" if wrong else "all as expected, but there was trouble"
    return Text.assemble((f"✗ {told}", "bold red"), f" · {counts}")
