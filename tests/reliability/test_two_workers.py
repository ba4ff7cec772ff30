"""Figure 5: two workers over a day, the connection of one of them torn at every step; each nudge exactly once.

Here transactions are torn; `python -m tests.reliability.two_workers` does the same in full size by killing processes.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from storage.tables import metadata
from storage.unit_of_work import unit_of_work
from tests.reliability.two_workers import Plan, tear

pytestmark = pytest.mark.alone


async def test_A3a_figure_5_two_workers_send_each_nudge_once_although_one_dies_at_every_step(engine_url: str) -> None:
    outcome = await tear(engine_url, Plan(nudges=2000, steps=96), seed=1)
    assert outcome.kills > 24, outcome
    assert outcome.sound, outcome
    assert outcome.latest <= timedelta(seconds=1), outcome


async def test_the_same_check_catches_a_claim_that_selects_before_it_updates(engine_url: str) -> None:
    """Whether the two meet is a matter of chance, so they get several days to do so."""
    careless = Plan(nudges=600, steps=12)
    for seed in range(1, 9):
        if (await tear(engine_url, careless, seed=seed, careless=True, statements=1000)).claimed_twice:
            return
        await emptied(engine_url)
    pytest.fail("nothing was ever claimed twice")


async def emptied(url: str) -> None:
    """The same database for another try."""

    def empty(connection: Connection) -> None:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())

    work = unit_of_work(url)
    await work.run(empty)
    await work.close()
