"""A town on each database."""

from collections.abc import AsyncIterator

import pytest

from tests.fixtures.kinds import Kind
from tests.flows.samples import COHORT, FREE, SINGLE
from tests.handlers.prepared import prepared
from tests.handlers.town import Town


@pytest.fixture
async def town(engine: Kind) -> AsyncIterator[Town]:
    """A bot with a series of days, a cohort and a free afternoon, on SQLite and on PostgreSQL."""
    async with prepared(engine, SINGLE, COHORT, FREE) as opened:
        yield opened


@pytest.fixture
async def small_town(sqlite: Kind) -> AsyncIterator[Town]:
    """The same, on SQLite alone: for what has nothing to do with the database."""
    async with prepared(sqlite, SINGLE, COHORT, FREE) as opened:
        yield opened
