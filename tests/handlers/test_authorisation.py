"""Who may do what: every action there is × everybody who might try, cell by cell."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, select

from bot.domain.people import Role
from bot.flows import buttons
from bot.handlers import words
from bot.handlers.events import Reply
from bot.handlers.routes import ROUTES
from bot.messages import Form
from storage.people import People
from storage.tables import registrations, seats
from tests.flows.samples import FREE, SINGLE, with_capacity
from tests.handlers.test_changing import substitute
from tests.handlers.town import Person, Town, open_town, text

EVERYBODY = ("owner", "participant", "neighbour", "stranger", "coordinator", "admin")
"""Who registered, who sits on one of the seats, somebody in the same workspace, somebody elsewhere, and two roles."""

ALLOWED: dict[str, tuple[str, ...]] = {
    buttons.CHANGE: ("owner",),
    buttons.SUBSTITUTE: ("owner", "participant"),
    buttons.CANCEL: ("owner", "participant"),
    buttons.CANNOT_COME: ("owner", "participant"),
    buttons.UNDO: ("owner", "participant"),
    buttons.ACCEPT: ("owner", "participant"),
    buttons.DECLINE: ("owner", "participant"),
    buttons.DISCARD: ("owner",),
    words.STATUS: ("coordinator", "admin"),
    # Everybody may see what is open to all or their own, and the code itself is the permission to claim.
    words.CLAIM: EVERYBODY,
    **dict.fromkeys(
        (buttons.REGISTER, buttons.MINE, buttons.PROGRAMMES, buttons.PROGRAMME, buttons.LANGUAGE, buttons.HELP,
         words.MATERIALS, words.THANKS),
        EVERYBODY,
    ),
}  # fmt: skip

CANARIES = ("OWNERS-NEED", "OWNERS-INVOICE", "owner@example.org", "member@example.org")
"""What only the one who registered wrote, or what is about people: it must never reach anybody without a part in it."""


def test_every_action_has_a_row_and_every_row_an_action() -> None:
    assert set(ALLOWED) == set(ROUTES)


@dataclass
class Place:
    """A registration of two seats, and everybody around it."""

    town: Town
    registration: str
    seat: str  # the participant's
    offered: str
    draft: str

    def person(self, who: str) -> Person:
        return self.town.person({"participant": "member"}.get(who, who))

    def about(self, action: str) -> str:
        return {
            buttons.CANNOT_COME: self.seat,
            buttons.ACCEPT: self.offered,
            buttons.DECLINE: self.offered,
            buttons.DISCARD: self.draft,
            buttons.REGISTER: FREE.id,
            buttons.PROGRAMME: FREE.id,
            buttons.LANGUAGE: "en",
            words.CLAIM: "",
        }.get(action, self.registration)


async def build(town: Town) -> Place:
    owner, member = town.person("owner"), town.person("member")
    for person in (member, town.person("neighbour"), town.person("stranger", "teams", "T9")):
        await person.open_home()
    await owner.register(FREE.id, takes_part="others", places="2", needs="OWNERS-NEED", invoice="OWNERS-INVOICE")
    await substitute(owner, "Member", "member@example.org", seat=0)
    coordinator = town.person("coordinator", "slack")
    await coordinator.open_home()

    def appoint(connection: Connection) -> None:
        known = People(connection, town.clock.now())
        known.appoint(str(known.present(coordinator.actor)), Role.COORDINATOR)

    await town.work.run(appoint)
    draft = (await owner.press(buttons.REGISTER, SINGLE.id)).view
    assert isinstance(draft, Form)
    rows = await town.work.run(lambda c: c.execute(select(seats.c.id, seats.c.person)).all())
    seat = next(row.id for row in rows if row.person)
    registration = await town.work.run(lambda c: c.execute(select(registrations.c.id)).scalar_one())
    return Place(town, registration, seat, seat, draft.token.split(".")[0])


async def prepare(place: Place, action: str) -> None:
    """Bring the participant's seat into the state in which the action can be done."""
    state = {buttons.ACCEPT: "offered", buttons.DECLINE: "offered", buttons.UNDO: "cancelled"}.get(action, "confirmed")
    later = place.town.clock.at.replace(year=2028)
    change = seats.update().values(
        state=state, before_cancel="confirmed", undo_until=later if state == "cancelled" else None,
        offered_until=later if state == "offered" else None,
    )  # fmt: skip
    await place.town.work.run(lambda c: c.execute(change.where(seats.c.id == place.seat)))


def denied(reply: Reply) -> bool:
    said = text(reply.view)
    return any(part in said for part in ("is not yours", "Only the one who", "Only coordinators", "somebody else"))


@pytest.fixture
async def place(sqlite_url: str) -> AsyncIterator[Place]:
    async with open_town(sqlite_url, SINGLE, with_capacity(FREE, 5)) as town:
        yield await build(town)


@pytest.mark.parametrize("action", sorted(ROUTES))
async def test_every_cell(place: Place, action: str) -> None:
    """Those without a part in it first, so that nothing has been done before they try."""
    allowed = ALLOWED[action]
    await prepare(place, action)
    for who in sorted(EVERYBODY, key=lambda name: name in allowed):
        if who in allowed:
            await prepare(place, action)
        before = await place.town.contents(registrations, seats)
        reply = await place.person(who).press(action, place.about(action))
        assert denied(reply) == (who not in allowed), (who, text(reply.view))
        assert "went wrong" not in text(reply.view)
        if who not in allowed:
            assert await place.town.contents(registrations, seats) == before
        if who not in ("owner", "participant"):
            assert not [canary for canary in CANARIES if canary in repr(reply)], (who, reply)
        if who == "participant":
            assert not [canary for canary in CANARIES[:2] if canary in repr(reply)], reply


async def test_an_action_without_a_route_says_so(place: Place) -> None:
    assert "no longer in use" in text((await place.person("owner").press("reveal", "author")).view)


async def test_a_form_about_a_registration_is_checked_again_at_the_click(place: Place) -> None:
    member = place.person("participant")
    form = (await member.press(buttons.CANCEL, place.registration)).view
    await place.town.work.run(lambda c: c.execute(seats.update().values(person=None)))
    reply = text((await member.submit(form)).view)
    assert "is not yours" in reply
    assert await place.town.states() == ["confirmed", "confirmed"]


async def test_the_role_is_looked_at_anew_each_time(place: Place) -> None:
    coordinator = place.person("coordinator")
    assert "Status" in text((await coordinator.say("status")).view)
    town = place.town

    def dismiss(connection: Connection) -> None:
        people = People(connection, town.clock.now())
        people.appoint(str(people.present(coordinator.actor)), Role.PARTICIPANT)

    await town.work.run(dismiss)
    assert "Only coordinators" in text((await coordinator.say("status")).view)


async def test_status_holds_numbers_and_no_names(place: Place) -> None:
    said = repr((await place.person("admin").say("status")).view)
    assert not [canary for canary in (*CANARIES, "Owner", "Member") if canary in said]
