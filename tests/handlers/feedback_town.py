"""A meeting with those who are at it, whoever was elsewhere, and what they say of it when it has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.domain.people import Role
from bot.domain.registrations import Participant, Register, SeatState
from bot.domain.rounds import Round
from bot.flows import buttons as known
from bot.handlers.events import Reply
from bot.handlers.sweeping import Sweeper
from bot.messages import Action, Card, Form
from storage.people import People
from storage.registrations import NewSeat, Registrations
from storage.rounds import Rounds
from storage.tables import rounds
from tests.flows.samples import FREE, LUND, occasion, words
from tests.handlers.town import Person, Town, buttons, text

THERE = ("anna", "bodil", "cecilia", "doris", "ellen")
ELSEWHERE = occasion("annan", FREE.occasions[0].starts_at.date() + timedelta(days=60))
MEETINGS = replace(FREE, id="traffar", title=words("Träffar"), occasions=(FREE.occasions[0], ELSEWHERE))
MEETING = MEETINGS.occasions[0]
END = MEETING.ends_at
DAY_AFTER = datetime.fromisoformat("2027-02-10T08:00Z")  # 09.00 in Stockholm
NUDGE = datetime.fromisoformat("2027-02-15T08:00Z")  # five days after is a Sunday
CLOSES = datetime.fromisoformat("2027-02-16T15:00Z")  # the fifth working day, 16.00
ASKS = "What did you think of the meeting?"


async def arrived(town: Town, *names: str, at: str = MEETING.id, programme: str = MEETINGS.id) -> list[Person]:
    """People with a confirmed seat at one of the meetings."""
    found = [town.person(name) for name in names]
    for person in found:
        await person.open_home()

    def seat(connection: Connection) -> None:
        for person in found:
            id = str(People(connection, town.clock.now()).present(person.actor))
            booked = Register(programme, LUND.name, LUND.key, person.profile.name, person.profile.email, ())
            who = Participant(person.profile.name, person.profile.email, id)
            new = NewSeat(at, who, SeatState.CONFIRMED, lodging=False)
            Registrations(connection, town.clock.now()).add(booked, id, [new])

    await town.work.run(seat)
    return found


async def coordinating(town: Town, name: str = "karin") -> Person:
    person = town.person(name)
    await person.open_home()

    def appoint(connection: Connection) -> None:
        people = People(connection, town.clock.now())
        people.appoint(str(people.present(person.actor)), Role.COORDINATOR)

    await town.work.run(appoint)
    return person


async def held(town: Town, *names: str) -> list[Person]:
    """The meeting with these people, as it ends; before that nothing was asked."""
    await town.load(MEETINGS)
    people = await arrived(town, *(names or THERE))
    await town.tick_at(END - timedelta(seconds=1))
    assert await asked(town) == []
    await town.tick_at(END)
    for post in town.posts.values():
        post.sent.clear()
    return people


async def asked(town: Town) -> list[Round]:
    """All rounds about meetings, as they stand."""

    def read(connection: Connection) -> list[Round]:
        store = Rounds(connection, town.clock.now())
        ids = connection.execute(select(rounds.c.id).order_by(rounds.c.opens_at, rounds.c.id)).scalars().all()
        return [found for id in ids if (found := store.get(id)) is not None and found.programme == MEETINGS.id]

    return await town.read(read)


async def the_round(town: Town) -> Round:
    (only,) = await asked(town)
    return only


async def says(person: Person, plus: str = "", minus: str = "", intressant: str = "") -> Reply:
    """Answer by the form, in the round that is there."""
    about = await the_round(person.town)
    form = (await person.press(known.SEAL, about.id)).view
    assert isinstance(form, Form), text(form)
    return await person.submit(form, {"q.plus": plus, "q.minus": minus, "q.intressant": intressant})


async def closed(town: Town) -> None:
    await town.tick_at(CLOSES)
    await Sweeper(town.work, town.clock, town.surroundings.urn_keys, town.surroundings.journal).run()


def news(town: Town, person: Person) -> list[str]:
    """What has reached somebody since the meeting ended."""
    return [message.text for message in town.messages(person)]


def offers(view: object) -> list[Action]:
    assert isinstance(view, Card)
    return [one.action for one in buttons(view) if one.action is not None]
