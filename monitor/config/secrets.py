"""Secrets: ``${env:NAME}``, ``*_file``, and who may read the file that holds them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from monitor.model.faults import Fault, KeyPath

_FROM_OUTSIDE = "${env:"
_REFERENCE = re.compile(r"\$\{([^}\n]*)\}?")
_NAME = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")
_JUDGED_BY_CONTENT = (
    "http", "https", "stdout", "json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos",
)  # fmt: skip
_TOKEN = re.compile(r"[/=](?=[\w-]*\d)[\w-]{16,}")
"""What services put into the path of a web hook: long, with digits."""
_TELLING_QUERY = re.compile(r"(?:pass|token|key|secret|auth|user)", re.IGNORECASE)
LARGEST_SECRET_BYTES = 16_384


def expand(text: str, environ: Mapping[str, str], *, file: str, path: KeyPath) -> tuple[str, list[Fault]]:
    """The text with every ``${env:NAME}`` replaced, and a fault for each that cannot be."""
    faults: list[Fault] = []

    def replace(match: re.Match[str]) -> str:
        name = _NAME.fullmatch(match[1]) if match[0].endswith("}") else None
        if name and environ.get(name[1]):
            return environ[name[1]]
        if name:
            state = "empty" if name[1] in environ else "not set"
            message, hint = f"the environment variable {name[1]} is {state}", "set it, or remove this table"
        else:
            message, hint = f"'{match[0]}' is not a reference", 'write "${env:NAME}"'
        faults.append(Fault(message=message, hint=hint, file=file, path=path, column=match.start(), word=match[0]))
        return match[0]

    return _REFERENCE.sub(replace, text), faults


def in_directory(directory: Path, name: str) -> Path:
    """The path that ``name`` means: ``~`` is the home directory, a relative one counts from ``directory``."""
    try:
        return directory / Path(name).expanduser()
    except RuntimeError:
        return directory / name  # a user who does not exist: the path will not either


def from_file(name: str, directory: Path, *, file: str, path: KeyPath) -> tuple[str, list[Fault]]:
    """The secret in the file ``name`` (relative to the configuration's directory), without space around it."""
    target = in_directory(directory, name)
    try:
        with target.open("rb") as stream:
            raw = stream.read(LARGEST_SECRET_BYTES + 1)
        secret = raw.decode("utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        return "", [Fault(message=f"the secret file {target} cannot be read: {reason}", file=file, path=path)]
    if not secret or len(raw) > LARGEST_SECRET_BYTES:
        reason = "is empty" if not secret else "is too large for a secret"
        return "", [Fault(message=f"the secret file {target} {reason}", file=file, path=path)]
    if readable_by_others(target) and not target.is_relative_to("/run"):
        message = f"the secret file {target} is readable by other users"
        return secret, [Fault(message=message, hint=f"chmod 600 {target}", file=file, path=path, level="warning")]
    return secret, []


def readable_by_others(path: Path) -> bool:
    """True when the file's group or the world may read it (never where the system has no such modes)."""
    if os.name != "posix":
        return False
    return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def holds_secret(url: str) -> bool:
    """Whether the URL of a channel, as written in the file, gives away a secret to who reads it.

    True for every Apprise URL, since most carry tokens in their path, but for ``stdout://``, plain mail, web hooks and
    web addresses without credentials or a token; false where all its credentials come from ``${env:NAME}``.
    A mistyped scheme is judged by the one that was meant.
    """
    if _FROM_OUTSIDE in url:
        return False
    scheme, _, rest = url.partition("://")
    near = get_close_matches(scheme.lower(), _JUDGED_BY_CONTENT, n=1, cutoff=0.8)
    if rest and not near:
        return True
    return has_credentials(url) or bool(_TELLING_QUERY.search(rest.partition("?")[2]) or _TOKEN.search(rest))


def has_credentials(url: str) -> bool:
    """Whether a name or a password is written before the host."""
    return _FROM_OUTSIDE not in url and "@" in re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]
