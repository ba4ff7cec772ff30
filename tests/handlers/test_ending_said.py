"""What a coordinator is told before an edition is closed is true: of links, bookings, reminders and what is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from sqlalchemy import Connection, select

from bot.domain.rounds import Mode, Round, State, boxes
from bot.domain.rules import Anchor, Audience, Rule, Topic
from bot.domain.workshops import State as WorkshopState
from bot.domain.workshops import Workshop
from bot.flows import ending
from storage.links import Kind, Links
from storage.nobody import ERASED
from storage.rounds import Rounds
from storage.tables import links, members, nudges, registrations
from storage.workshops import Workshops
from tests.fixtures.seed_board import KICK_OFF, ROLE_GROUPS
from tests.flows.samples import NOW, SINGLE, words
from tests.handlers import test_ending
from tests.handlers.test_ending import OVER, SCRIPT, close, lived
from tests.handlers.town import Town, text

small = test_ending.small


def _with_links(connection: Connection) -> None:
    """A workshop that is over, with the links to its pages, and the link to a board."""
    someone = str(connection.execute(select(members.c.person)).scalars().first())
    Workshops(connection, NOW).add(Workshop("w1", SINGLE.id, SCRIPT, someone, NOW, state=WorkshopState.ENDED))
    there = Links(connection, OVER)
    for kind, about in ((Kind.WORKSHOP, "w1"), (Kind.WORKSHOP, f"coach w1 {someone}"), (Kind.BOARD, "r1")):
        there.give_out(kind, about)


async def test_links_to_workshops_open_nothing_afterwards_and_those_to_boards_do(town: Town) -> None:
    await lived(town)
    await town.work.run(_with_links)
    assert await town.count(links) == 3
    assert "Links to workshops open nothing" in text((await town.person("admin").press(ending.CLOSE, SINGLE.id)).view)
    await close(town)
    assert [row[1] for row in (await town.contents(links))["links"]] == ["board"]


async def test_who_booked_for_others_is_forgotten_and_the_booking_stays(town: Town) -> None:
    await lived(town)
    assert await town.count(registrations, registrations.c.made_by == ERASED) == 0
    await close(town)
    assert await town.count(registrations, registrations.c.made_by == ERASED) == await town.count(registrations) == 1


IN_A_MONTH = OVER + timedelta(days=30)
EVERYBODY = (Audience.CHANNELS, Audience.COORDINATORS, Audience.PARTICIPANTS)
OWN = Rule("mitt", Topic.MESSAGE, Anchor.DAY, EVERYBODY, at=time(9), on=IN_A_MONTH.date(), text=words("Hör av er."))


async def sent_in_two_months(town: Town, *, closes: bool) -> int:
    """How many reminders go out after the last meeting, with one of the coordinators' own among them."""
    await lived(town)
    await town.load(replace(SINGLE, chat_rules=(OWN,), asks_feedback=False))
    await town.tick.run()
    if closes:
        said = text((await town.person("admin").press(ending.CLOSE, SINGLE.id)).view)
        assert "reminders that were still to come are not sent." in said
        await close(town)
    before = await town.count(nudges, nudges.c.state == "sent")
    for day in range(60):
        town.clock.at = OVER + timedelta(days=day)
        await town.tick.run()
    return await town.count(nudges, nudges.c.state == "sent") - before


async def test_no_reminder_is_sent_once_it_is_closed_not_even_one_s_own(town: Town) -> None:
    assert await sent_in_two_months(town, closes=True) == 0


async def test_control_of_an_edition_that_is_not_closed_reminders_go_on(town: Town) -> None:
    assert await sent_in_two_months(town, closes=False) > 0


async def test_a_paused_workshop_and_sealed_answers_are_named_with_what_to_do(small: Town) -> None:
    def begin(connection: Connection) -> None:
        someone = str(connection.execute(select(members.c.person)).scalars().first())
        held = Workshop("w1", SINGLE.id, SCRIPT, someone, NOW, state=WorkshopState.PAUSED)
        Workshops(connection, NOW).add(held)
        asked = boxes(KICK_OFF, [one.words for one in ROLE_GROUPS])
        still = Round("r2", SINGLE.id, KICK_OFF.title, asked, Mode.SEALED, NOW, state=State.OPEN)
        Rounds(connection, NOW).add(still)

    await small.work.run(begin)
    said = await close(small)
    for part in ("It is paused. Go on with it, or end it.", "Its sealed answers are opened when it closes"):
        assert part in said
