"""The pace in one workspace, in virtual time."""

from __future__ import annotations

import asyncio

import pytest

from bot.handlers.pacing import RATES, Pace, Rates
from bot.ports import Address, Surface
from tests.reliability.virtual import run


def place(conversation: str, surface: Surface = Surface.PERSON) -> Address:
    return Address("slack", "T1", conversation, surface)


async def times(pace: Pace, number: int, address: Address, *, edits: bool = False) -> list[float]:
    """When so many messages to one place go, each as soon as it may."""
    loop, went = asyncio.get_running_loop(), []
    for _ in range(number):
        await asyncio.sleep(max(pace.wait(address, edits=edits), 0.0))
        await pace.turn()
        went.append(loop.time())
        pace.went(address, edits=edits)
    return went


def most_within(went: list[float], seconds: float) -> int:
    return max(sum(begun <= other < begun + seconds for other in went) for begun in went)


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_no_conversation_gets_more_than_its_platform_allows_in_any_window(platform: str) -> None:
    rates = RATES[platform]
    went = run(times(Pace(rates), 2000, place("one")))
    for most, seconds in rates.conversation:
        assert most_within(went, seconds - 1e-6) <= most


def test_a_workspace_gets_close_to_what_its_platform_allows_and_no_more() -> None:
    async def all_at_once(pace: Pace) -> list[float]:
        pace.begin()
        return [
            time for one in await asyncio.gather(*(times(pace, 1, place(f"{n}")) for n in range(1000))) for time in one
        ]

    went = run(all_at_once(Pace(RATES["teams"])))
    assert most_within(went, 1.0) <= 50
    assert (max(went) - min(went)) < 1000 / 50 / 0.97


@pytest.mark.parametrize(("what", "most"), [("pages", 90), ("edits", 45)])
def test_pages_and_edits_have_limits_of_their_own(what: str, most: int) -> None:
    async def go(pace: Pace) -> list[float]:
        places = (place(f"{n}", Surface.HOME if what == "pages" else Surface.CHANNEL) for n in range(150))
        return [(await times(pace, 1, one, edits=what == "edits"))[0] for one in places]

    assert most_within(run(go(Pace(RATES["slack"]))), 60.0 - 1e-6) <= most


def test_what_limits_nothing_any_more_is_forgotten() -> None:
    async def go(pace: Pace) -> int:
        for n in range(100):
            pace.went(place(f"{n}"), edits=False)
        await asyncio.sleep(61)
        pace.forget()
        return len(pace._went)

    assert run(go(Pace(RATES["slack"]))) == 0


def test_without_rates_nobody_waits() -> None:
    went = run(times(Pace(Rates()), 100, place("one")))
    assert max(went) == min(went)
