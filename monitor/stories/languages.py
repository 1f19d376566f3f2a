"""What the rules know of each language, from one small file a language: ``languages/CODE.toml``.

A file has ``function_words``, number words, casualty patterns and correction markers; see docs/identity.md.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def files_by_language() -> dict[str, dict[str, Any]]:
    """Every language file as written, by ISO 639-1 code."""
    folder = files("monitor.stories").joinpath("languages")
    return {
        each.name.removesuffix(".toml"): tomllib.loads(each.read_text("utf-8"))
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name.endswith(".toml")
    }


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """The commonest words of all languages, which say nothing about an event."""
    return frozenset(word for spec in files_by_language().values() for word in spec.get("function_words", "").split())
