"""Every mistake has its sentence: what, where, which word, and what to do. The sentences are kept in a golden file."""

from __future__ import annotations

from pathlib import Path

from monitor.config.load import examine
from monitor.config.report import render_faults
from monitor.model.faults import Fault
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.watches.compile import compile_watchlist

GOLDEN = Path(__file__).parent / "faults.txt"

QUERIES = [
    "NOT cricket", "balkh OR NOT kabul", "balkh NEAR/5 (blast AND bomb)", "title:(lead:balkh)", "*lan", "b*", "ex*sion",
    "balkh and blast", "balkh && blast", "balkh || blast", '"balkh province', "(balkh OR blast", "balkh) OR blast",
    "balkh blast", "titel:balkh", "@balk", "balkh AND", "AND balkh", "balkh OR blast AND bomb", "balkh NEAR/999 blast",
    "ATLEAST blast", "balkh NEAR NOT blast", "10:30", "", "()", "@", "ATLEAST/2 (a1 AND b1)", "lang:en NEAR/3 balkh",
    "(" * 60 + "balkh" + ")" * 60, "---", "بلخ انفجار", "(balkh OR (NOT kabul))", "colour:red AND not blue",
    "title: balkh", "balkh w/5 blast", "balkh ADJ blast", "Балх И взрыв", "بلخ یا کابل", "balkh -cricket",
    "balkh&&blast", "balkh AND lang:english", "balkh AND url:*.af",
    "balkh AND -cricket", "(!cricket AND balkh)", "balkh AND explo!", "explo$ OR balkh~2", "balkh^2",
]  # fmt: skip


def golden_text() -> str:
    blocks = []
    for query in QUERIES:
        spec = WatchlistSpec(
            terms={"balkh": TermList(name="balkh", any=("Balkh",))}, watches=(WatchSpec(name="w", query=query),)
        )
        shown = query if len(query) < 70 else query[:60] + "…"
        lines = [f"> {shown}"]
        lines += [_line(fault) for fault in compile_watchlist(spec).faults if fault.level == "error"]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _line(fault: Fault) -> str:
    return f"  column {(fault.column or 0) + 1}, '{fault.word}': {fault.message} — {fault.hint}"


def test_every_fault_reads_as_in_the_golden_file() -> None:
    """After a deliberate change of wording, write ``golden_text()`` to ``faults.txt`` and read it as prose."""
    assert golden_text() == GOLDEN.read_text("utf-8")


def test_every_query_of_the_golden_file_is_refused() -> None:
    assert all(len(block.splitlines()) > 1 for block in golden_text().split("\n\n"))


def test_all_faults_of_a_watchlist_are_reported_at_once() -> None:
    spec = WatchlistSpec(
        terms={
            "empty": TermList(name="empty"),
            "bad": TermList(name="bad", any=("*x", "ok", "@empty"), exclude=("…",)),
        },
        watches=(
            WatchSpec(name="a", query="x AND"),
            WatchSpec(name="a", all=("y", "@nothing"), where="titel"),
            WatchSpec(name="b"),
            WatchSpec(name="c", none=("z",)),
            WatchSpec(name="d", any=("*z",), min_score=2.0),
        ),
    )
    messages = {fault.message for fault in compile_watchlist(spec).errors}
    assert messages == {
        "term list 'empty' is empty", "a term cannot begin with a wildcard", "the term has no letter or digit",
        "the query ends after AND", "a second watch named 'a'", "unknown term list '@nothing'", "unknown zone 'titel'",
        "the watch has no condition", "the watch has only exclusions", "min_score is 2.0",
        "a term list inside a term list",
    }  # fmt: skip


def test_a_fault_is_shown_with_file_line_caret_and_hint(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[[watch]]\nname = "w"\nquery = "titel:balkh AND blast"\n', "utf-8")
    examined = examine(file, {})
    rendered = render_faults(compile_watchlist(examined.settings.watchlist).faults, examined.sources)
    assert f"{file}:3" in rendered
    assert "^" in rendered
    assert "unknown field 'titel'" in rendered
    assert "did you mean 'title'?" in rendered
