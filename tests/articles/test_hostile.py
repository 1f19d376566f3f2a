"""No page, whatever is in it, costs more than its own worker and its own deadline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import pytest_asyncio

from monitor.articles.extract import extract_article
from monitor.model.articles import Article, NotExtracted, PageHints
from monitor.model.workers import WorkerFailure
from monitor.workers.pool import WorkerPool

DEADLINE = timedelta(seconds=30)
HINTS = PageHints(url="https://norport.example/pier")

_spec = spec_from_file_location("hostile", Path(__file__).with_name("hostile.py"))
assert _spec is not None
assert _spec.loader is not None
hostile = module_from_spec(_spec)
_spec.loader.exec_module(hostile)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[WorkerPool]:
    async with WorkerPool(2) as pool:
        yield pool


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in hostile.HEAVY else []) for name in hostile.PAGES]
)
async def test_a_hostile_page_ends_with_an_outcome(pool: WorkerPool, name: str) -> None:
    outcome = await pool.run(extract_article, hostile.PAGES[name](), HINTS, deadline=DEADLINE)
    assert isinstance(outcome, Article | NotExtracted), outcome


@pytest.mark.slow
async def test_good_pages_among_bad_ones_all_return() -> None:
    good = hostile.wrapped("")
    bad = hostile.wrapped("<div>pier</div>" * 19_000)
    async with WorkerPool(2) as pool:

        async def one(number: int) -> bool:
            short = timedelta(milliseconds=1) if number % 10 == 5 else DEADLINE
            outcome = await pool.run(extract_article, bad if number % 10 == 5 else good, HINTS, deadline=short)
            return isinstance(outcome, WorkerFailure) == (number % 10 == 5)

        assert all(await asyncio.gather(*(one(number) for number in range(60))))


@pytest.mark.slow
async def test_203_good_pages_among_6_bad_ones_return_as_if_they_were_alone() -> None:
    good = hostile.wrapped("")
    bad = ["20 MB of paragraphs", "100,000 links", "4.9 MB of one text", "a gzip bomb", "4 MB of JSON-LD", "NULs"]
    async with WorkerPool(2) as pool:
        alone = await pool.run(extract_article, good, HINTS, deadline=DEADLINE)

        async def one(number: int) -> Article | NotExtracted | WorkerFailure:
            body = hostile.PAGES[bad[number // 35]]() if number % 35 == 5 else good
            return await pool.run(extract_article, body, HINTS, deadline=DEADLINE)

        outcomes = await asyncio.gather(*(one(number) for number in range(209)))
    assert outcomes.count(alone) == 203
    assert all(isinstance(outcome, Article | NotExtracted) for outcome in outcomes)
