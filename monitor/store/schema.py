"""The schema and its versions, applied by sqlite-utils' migrations.

A released version is frozen: its SQL files (``sql/NNNN_*.sql``) are never edited again, a change is a new version.
"""

from __future__ import annotations

from importlib.resources import files

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x6E77736D
"""``nwsm`` in ``PRAGMA application_id``: tells our file from any other SQLite database."""

NEXT_START = "the next start of 'monitor run' or 'monitor once'"

migrations = Migrations("newsmonitor")


def _run_files(db: Database, version: str) -> None:
    for resource in sorted(files("monitor.store").joinpath("sql").iterdir(), key=lambda each: each.name):
        if resource.name.startswith(f"{version}_"):
            for statement in statements(resource.read_text("utf-8")):
                db.conn.execute(statement)


def statements(script: str) -> list[str]:
    """The statements of a script, each ending in ``;`` at a line's end; comment lines start with ``--``.

    ``executescript`` would do, but it commits the surrounding transaction first.
    """
    lines = [line for line in script.splitlines() if not line.lstrip().startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";\n") if part.strip(" \n;")]


@migrations()
def v0001(db: Database) -> None:
    """The first schema."""
    _run_files(db, "0001")


class SchemaError(Exception):
    """The file is not ours, or of a newer version; the message is one line for the user."""


def migrate(db: Database) -> None:
    """Apply what is missing; call inside ``BEGIN IMMEDIATE``, since two processes starting together would race.

    Raises SchemaError for another program's database and for one that a newer version has migrated.
    """
    _refuse_foreign(db)
    _refuse_newer(db)
    if migrations.pending(db):
        migrations.apply(db)
        db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def refuse_all_but_present(db: Database) -> None:
    """Raise SchemaError unless the database is of this version of the schema; changes nothing."""
    _refuse_foreign(db)
    _refuse_newer(db)
    if migrations.pending(db):
        raise SchemaError(
            f"an earlier version of newsmonitor wrote it: {NEXT_START} copies it and brings it up to date"
        )


def is_behind(db: Database) -> bool:
    """Whether this is a database of ours that an earlier version wrote, which :func:`migrate` would change."""
    (application_id,) = db.conn.execute("PRAGMA application_id").fetchone()
    return application_id == APPLICATION_ID and bool(migrations.pending(db))


def versions() -> list[str]:
    """The versions of the schema, the oldest first."""
    return [each.name for each in migrations.pending(Database(memory=True))]


def _refuse_newer(db: Database) -> None:
    unknown = sorted({each.name for each in migrations.applied(db)} - set(versions()))
    if unknown:
        raise SchemaError(f"the database was migrated to {unknown[-1]} by a newer version of newsmonitor: upgrade")


def _refuse_foreign(db: Database) -> None:
    (application_id,) = db.conn.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID and db.table_names():
        raise SchemaError("this SQLite file belongs to another program")
