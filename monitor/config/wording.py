"""What the validator found, as faults in words of the configuration file rather than of the validator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic_core import ErrorDetails

from monitor.config.shape import LISTED_TABLES, NAMED_TABLES, SINGLE_TABLES, Table, keys_of
from monitor.model.faults import Fault, KeyPath
from monitor.model.words import closest, did_you_mean

TOP_LEVEL = ("include", *SINGLE_TABLES, *LISTED_TABLES, *NAMED_TABLES)
_EXPECTED = {
    "string_type": "a string",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "model_type": "a table",
    "model_attributes_type": "a table",
}
_YES_OR_NO = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
_BOUNDS = {
    "greater_than": ("must be more than", "gt"),
    "greater_than_equal": ("must be at least", "ge"),
    "less_than_equal": ("must be at most", "le"),
}


def faults_of(errors: Iterable[ErrorDetails], *, shape: type[Table], file: str, path: KeyPath) -> list[Fault]:
    """The faults of one table that stands at ``path``."""
    return [_fault(error, shape, file, path) for error in errors]


def unknown_table(key: str, value: object, *, file: str, allowed: Iterable[str] = TOP_LEVEL) -> Fault:
    """A top-level key or table that does not exist, or not in this file."""
    if key in TOP_LEVEL:
        return Fault(
            message=f"'{key}' does not belong in an included file", file=file, path=(key,), word=key,
            hint="an included file holds [[watch]] and [terms.NAME] tables only",
        )  # fmt: skip
    if isinstance(value, dict) and (inner := _inner_table(key, value, allowed)):
        message, hint = f"unknown table [[{key}.{inner[1]}]]", f"did you mean [[{inner[0]}.{inner[1]}]]?"
    elif isinstance(value, list | dict):
        message, hint = unknown_header(key, listed=isinstance(value, list), allowed=allowed)
    else:
        message = f"unknown key '{key}'"
        hint = did_you_mean(key, allowed) or _home_of(key) or f"known at the top: {', '.join(allowed)}"
    return Fault(message=message, hint=hint, file=file, path=(key,), word=key)


def _inner_table(key: str, value: dict[str, Any], allowed: Iterable[str]) -> tuple[str, str] | None:
    """For ``[[wacth.test]]`` alone, the table that was meant and its inner one: watch and test."""
    meant = closest(key, LISTED_TABLES.keys() & {*allowed})
    inner = [each for each in value if meant and keys_of(LISTED_TABLES[meant]).get(each)]
    return (meant, inner[0]) if inner else None


def stands_for(fault: Fault) -> str:
    """The table that a mistyped one was most likely meant to be, where a fault is that of a mistyped table."""
    match fault.path:
        case (str(key),) if key not in TOP_LEVEL:
            return closest(key, TOP_LEVEL)
        case _:
            return ""


def unknown_header(key: str, *, listed: bool, allowed: Iterable[str]) -> tuple[str, str]:
    """The message and the hint for a table that does not exist."""
    headers = {each: _header(each) for each in allowed if each != "include"}
    meant = closest(key, headers)
    hint = f"did you mean {headers[meant]}?" if meant else f"known: {', '.join(headers.values())}"
    return f"unknown table {f'[[{key}]]' if listed else f'[{key}]'}", hint


def _header(key: str) -> str:
    return f"[[{key}]]" if key in LISTED_TABLES else f"[{key}.NAME]" if key in NAMED_TABLES else f"[{key}]"


def title_of(path: KeyPath) -> str:
    """The table of a path as its header is written: ``[[feed]]``, ``[channels.log]``, ``[[watch.test]]``."""
    names = ".".join(str(part) for part in path if isinstance(part, str))
    return f"[[{names}]]" if any(isinstance(part, int) for part in path) else f"[{names}]"


def _fault(error: ErrorDetails, shape: type[Table], file: str, path: KeyPath) -> Fault:
    loc = tuple(error["loc"])
    at = (*path, *loc)
    word = ""
    match error["type"]:
        case "mistake":
            message, hint = error["ctx"]["text"], error["ctx"]["hint"]
        case "extra_forbidden":
            word = str(loc[-1])
            message, hint = _unknown_key(word, _shape_at(shape, loc), at)
        case "missing":
            message, hint = f"{title_of(at[:-1])} has no '{loc[-1]}'", ""
        case kind:
            message, hint = _of_kind(kind, error.get("ctx", {}), error["input"], at)
    return Fault(message=message, hint=hint, file=file, path=at, word=word)


def _of_kind(kind: str, context: dict[str, Any], value: object, at: KeyPath) -> tuple[str, str]:
    key = next((str(part) for part in reversed(at) if isinstance(part, str)), "the value")
    if kind in _EXPECTED:
        hint = _rewritten(kind, key, value) if key == at[-1] else ""
        which = f"each of '{key}'" if isinstance(at[-1], int) else f"'{key}'"
        return f"{which} must be {_EXPECTED[kind]}, not {_kind_of(value)}", hint
    if kind in _BOUNDS:
        words, bound = _BOUNDS[kind]
        return f"'{key}' {words} {context[bound]:g}", ""
    if kind in ("string_too_short", "too_short"):
        return f"'{key}' must not be empty" if isinstance(value, list) else f"an empty string in '{key}'", ""
    if kind == "string_pattern_mismatch":
        return f"'{key}' has a control character in it, or a space at its start or end", ""
    if kind == "string_too_long":
        return f"'{key}' is longer than {context['max_length']} characters", ""
    return f"'{key}' is not valid ({kind.replace('_', ' ')})", ""


def _rewritten(kind: str, key: str, value: object) -> str:
    """The value as it was most likely meant, when that can be told."""
    match kind, value:
        case "tuple_type", str():
            return f'write {key} = ["{value}"]'
        case "int_type" | "float_type", str() if value.strip().isdecimal():
            return f"write {key} = {int(value)}, without quotes"
        case "bool_type", str() if value.lower() in _YES_OR_NO:
            return f"write {key} = {_YES_OR_NO[value.lower()]}, without quotes"
        case "string_type", int() | float() if not isinstance(value, bool):
            return f'write {key} = "{value}"'
        case _:
            return ""


def _kind_of(value: object) -> str:
    match value:
        case str():
            return "a string"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return "a date"


def _shape_at(shape: type[Table], loc: KeyPath) -> type[Table]:
    return keys_of(shape).get(str(loc[0])) or shape if len(loc) > 1 else shape


def _unknown_key(key: str, shape: type[Table], at: KeyPath) -> tuple[str, str]:
    known = [*keys_of(shape)]
    hint = did_you_mean(key, known) or _home_of(key) or f"known here: {', '.join(known)}"
    return f"unknown key '{key}' in {title_of(at[:-1])}", hint


def _home_of(key: str) -> str:
    """Where a key that stands in the wrong table belongs."""
    if key in TOP_LEVEL:
        what = "a top-level key: write it above the first [table]" if key == "include" else "a table of its own"
        return f"'{key}' is {what}"
    tables = SINGLE_TABLES | LISTED_TABLES | NAMED_TABLES
    homes = [name for name, shape in tables.items() if key in keys_of(shape)]
    return f"'{key}' belongs in [{homes[0]}]" if len(homes) == 1 else ""
