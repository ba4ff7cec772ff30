"""What the tests of storage share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.unit_of_work import UnitOfWork, unit_of_work


@pytest.fixture
async def work(engine_url: str) -> AsyncIterator[UnitOfWork]:
    opened = unit_of_work(engine_url)
    yield opened
    await opened.close()


@pytest.fixture
async def on_postgresql(postgresql_url: str) -> AsyncIterator[UnitOfWork]:
    opened = unit_of_work(postgresql_url)
    yield opened
    await opened.close()
