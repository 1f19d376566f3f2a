"""``monitor backtest`` and ``monitor label`` over a store that the line itself has filled."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from monitor.cli.backtest import command as backtest
from monitor.cli.label import command as label
from monitor.store.database import Store
from tests.acceptance.score import perform
from tests.acceptance.test_main_job import BLAST, FESTIVAL, MARKET

WATCHES = """
[channels.log]
url = "stdout://"
[[watch]]
name = "explosion"
query = "{}"
"""
SINCE = ("--since", "36500d")


async def filled(directory: Path) -> Path:
    """A configuration over a store with three articles of three stories; all of them known to two explosions' watch."""
    async with perform(directory / "data", "north") as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        score.outlets["north"].says("blast", "Blast kills one in Balkh house", BLAST)
        await score.poll_all()
        score.outlets["north"].says("market", "Car explosion at Balkh livestock market wounds nine", MARKET)
        await score.pass_time(timedelta(days=1))
    return written(directory, "config.toml", "(explo* OR blast) AND Balkh NOT parade")


def written(directory: Path, name: str, query: str) -> Path:
    path = directory / name
    path.write_text(f'[storage]\npath = "{directory / "data"}"\n' + WATCHES.format(query), "utf-8")
    path.chmod(0o600)
    return path


def run(command: object, *arguments: str, typed: str = "") -> Result:
    result = CliRunner().invoke(command, arguments, input=typed)  # type: ignore[arg-type]  # a click command
    assert result.exit_code == 0, result.output
    return result


async def test_a_backtest_reads_the_stored_articles(tmp_path: Path) -> None:
    config = str(await filled(tmp_path))
    report = json.loads(run(backtest, "--config", config, *SINCE, "--json").stdout)[0]
    assert (report["watch"], report["articles"], report["stories"]) == ("explosion", 3, 2)
    assert {hit["title"][:5] for hit in report["hits"]} == {"Blast", "Car e"}
    assert "2 hits in 2 stories among 3 articles" in run(backtest, "--config", config, *SINCE).stdout


async def test_a_backtest_over_no_article_says_so_once_and_what_to_do(tmp_path: Path) -> None:
    config = str(await filled(tmp_path))
    told = run(backtest, "--config", config, "--since", "1d").stdout
    assert told.startswith("no article was stored since ")
    assert told.endswith(": give a longer --since\n")
    (tmp_path / "empty" / "data").mkdir(parents=True)
    Store(tmp_path / "empty" / "data" / "monitor.db").close()
    empty = str(written(tmp_path / "empty", "config.toml", "blast"))
    assert run(backtest, "--config", empty).stdout == (
        "no article is stored yet: 'monitor once' or 'monitor run' reads what the feeds list\n"
    )
    assert json.loads(run(backtest, "--config", empty, "--json").stdout)[0]["articles"] == 0


async def test_a_proposal_is_compared_with_the_watches_in_force(tmp_path: Path) -> None:
    config = str(await filled(tmp_path))
    proposal = written(tmp_path, "proposal.toml", "blast OR festival")
    shown = run(backtest, "--config", config, "--against", str(proposal), *SINCE).stdout
    assert "+1 gained, −1 lost" in shown
    assert "Festival opens" in shown


async def test_labels_are_kept_and_give_a_precision_with_its_interval(tmp_path: Path) -> None:
    config = str(await filled(tmp_path))
    first = run(label, "explosion", "--config", config, *SINCE, typed="y\nq\n").stdout
    assert "1 of 2 hits labelled" in first
    again = run(label, "explosion", "--config", config, *SINCE, typed="n\n").stdout
    assert "1/1" in again
    assert "precision 50 %" in again or "precision 50%" in again
    told = json.loads(run(label, "explosion", "--config", config, *SINCE, "--json").stdout)
    assert (told["hits"], told["labelled"]) == (2, 2)
    assert told["low"] < told["precision"] < told["high"]


async def test_labels_survive_a_broken_line(tmp_path: Path) -> None:
    config = str(await filled(tmp_path))
    run(label, "explosion", "--config", config, *SINCE, typed="y\ny\n")
    (file,) = (tmp_path / "data" / "labels").iterdir()
    file.write_text("{broken\n" + file.read_text("utf-8"), "utf-8")
    assert "2 of 2 hits labelled" in run(label, "explosion", "--config", config, *SINCE).stdout
