"""A town on each database."""

from collections.abc import AsyncIterator

import pytest

from tests.flows.samples import COHORT, FREE, SINGLE
from tests.handlers.town import Town, open_town


@pytest.fixture
async def town(engine_url: str) -> AsyncIterator[Town]:
    """A bot with a series of days, a cohort and a free afternoon, on SQLite and on PostgreSQL."""
    async with open_town(engine_url, SINGLE, COHORT, FREE) as opened:
        yield opened


@pytest.fixture
async def small_town(sqlite_url: str) -> AsyncIterator[Town]:
    """The same, on SQLite alone: for what has nothing to do with the database."""
    async with open_town(sqlite_url, SINGLE, COHORT, FREE) as opened:
        yield opened
