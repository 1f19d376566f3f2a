"""``monitor init``: a commented configuration to start from."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import click

from monitor.cli.output import fail, json_option, print_json


@click.command("init", help="Write a commented config.toml that runs as it is; overwrite nothing.")
@click.argument("path", type=click.Path(path_type=Path), default=Path("config.toml"))
@json_option
def command(path: Path, as_json: bool) -> None:
    """Write the example configuration, readable by its owner only, since secrets tend to move in."""
    target = path / "config.toml" if path.is_dir() else path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(example())
    except FileExistsError:
        fail(f"{target} exists already: it is left as it is")
    except OSError as error:
        fail(f"cannot write {target}: {error.strerror}")
    if as_json:
        print_json({"wrote": target})
        return
    click.echo(f"wrote {target}; next: edit it, then `monitor check` and `monitor run`")


def example() -> str:
    """The text of ``config.example.toml``: from the package, or from the checkout that this is run in."""
    packaged = files("monitor.config").joinpath("config.example.toml")
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return (Path(__file__).parents[2] / "config.example.toml").read_text("utf-8")
