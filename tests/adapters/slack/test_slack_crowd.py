"""Many people at once: whoever came first is answered first, and what is the same for all is drawn once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.adapters.slack import dispatch, fields
from bot.adapters.slack.app import Slack
from bot.adapters.slack.fields import Drawn, Say, field_blocks
from bot.domain.people import Language
from bot.domain.words import Words, _
from bot.messages import ChoiceField, Option
from bot.texts import Translators
from tests.adapters.slack.conftest import FakeHandlers

PLACES = 3
MEETINGS = ChoiceField(
    "occasions",
    _("Meetings"),
    tuple(Option(f"o{n}", _("Meeting {n}", n=n), _("{n} seats left", n=n + 1)) for n in range(5)),
)


def said(number: int) -> dict[str, object]:
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": str(number)}
    return {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": event}


async def crowd(bot: Slack, handlers: FakeHandlers, people: int) -> tuple[int, list[str]]:
    """How many of so many were let in while nothing was finished, and the order in which they were handled."""
    assert bot._front is not None
    handlers.stored.clear()
    answers = [asyncio.ensure_future(bot._front._dispatch(said(number))) for number in range(people)]
    for _turn in range(20):
        await asyncio.sleep(0)
    let_in = len(handlers.received)
    handlers.stored.set()
    assert [await answer for answer in answers] == [b""] * people
    return let_in, [inbound.event.text for inbound in handlers.received]  # type: ignore[union-attr]


@pytest.fixture
def few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_AT_ONCE", PLACES)


async def test_whoever_came_first_is_answered_first(few_places: None, bot: Slack, handlers: FakeHandlers) -> None:
    let_in, order = await crowd(bot, handlers, 10)
    assert let_in == PLACES
    assert order == [str(number) for number in range(10)]


async def test_without_a_line_all_are_let_in_at_once(bot: Slack, handlers: FakeHandlers) -> None:
    assert (await crowd(bot, handlers, 10))[0] == 10


async def test_a_fault_gives_its_place_back(
    few_places: None, bot: Slack, handlers: FakeHandlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bot._front is not None
    with monkeypatch.context() as broken:
        broken.setattr(handlers, "received", None)
        for number in range(PLACES):
            assert await bot._front._dispatch(said(number)) == b""
    assert (await crowd(bot, handlers, PLACES))[0] == PLACES


# What is drawn once


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of fields whose options were drawn."""
    drawn: list[str] = []
    draw = fields._options

    def noted(field: ChoiceField, say: Say) -> Drawn:
        drawn.append(field.name)
        return draw(field, say)

    monkeypatch.setattr(fields, "_OPTIONS", fields._Options(most=2))
    monkeypatch.setattr(fields, "_options", noted)
    return drawn


def show(translators: Translators, field: ChoiceField = MEETINGS, language: Language = Language.ENGLISH) -> str:
    return str(field_blocks(field, ("o1",), "", action="r1.1", say=translators(language).say))


def test_the_same_options_are_drawn_once(translators: Translators, drawings: list[str]) -> None:
    assert show(translators) == show(translators, replace(MEETINGS))
    assert drawings == ["occasions"]


def test_a_seat_that_was_taken_shows_at_once(translators: Translators, drawings: list[str]) -> None:
    show(translators)
    taken = replace(MEETINGS, options=(replace(MEETINGS.options[0], note="Full"), *MEETINGS.options[1:]))
    assert "Full" in show(translators, taken)
    assert "Full" not in show(translators)


def test_each_language_has_its_own(translators: Translators, drawings: list[str]) -> None:
    other = replace(MEETINGS, options=(Option("o1", _("Cancel")), Option("o2", "x")))
    assert show(translators, other) != show(translators, other, Language.SWEDISH)


def test_what_nobody_asks_for_is_forgotten(translators: Translators, drawings: list[str]) -> None:
    for name in ("a", "b", "a", "c", "a", "b"):
        show(translators, replace(MEETINGS, name=name))
    assert drawings == ["a", "b", "c", "b"]


@pytest.mark.parametrize("label", ["Märta", _("Seat of {name}", name="Märta")])
def test_what_people_wrote_is_not_kept(translators: Translators, drawings: list[str], label: Words) -> None:
    show(translators, replace(MEETINGS, options=(Option("o1", label),)))
    assert "Märta" not in str(vars(fields._OPTIONS))
    show(translators)
    assert "Meeting" in str(vars(fields._OPTIONS))  # what is the same for everybody is
