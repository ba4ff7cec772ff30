"""Who may do what: every action there is × everybody who might try, cell by cell."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations

import pytest
from sqlalchemy import Connection, select

from bot.domain.faq import Outcome
from bot.domain.people import Role
from bot.domain.permissions import TABLE, May, Standing, allow
from bot.domain.programmes import FaqEntry
from bot.flows import appointing, buttons, documents, faq, handing, leaving, linking, matters, newcomers, subscriptions
from bot.handlers import permissions
from bot.handlers.bound_flows import FLOWS
from bot.handlers.events import Reply
from bot.handlers.handing import to_contact
from bot.handlers.matters import open_matter
from bot.handlers.routes import ROUTES
from bot.handlers.visit import Visit
from bot.messages import Card, Form
from storage.inquiries import Inquiries, Misses
from storage.newcomers import Newcomers
from storage.people import People
from storage.posts import Posts
from storage.tables import bindings, codes, contacts, feeds, inquiries, registrations, runs, seats, tellings, wishes
from storage.tables import matters as matter_rows
from tests.fixtures.kinds import Kind
from tests.flows.samples import CONTACT, FREE, LUND, SINGLE, with_capacity, words
from tests.handlers.prepared import prepared
from tests.handlers.test_changing import substitute
from tests.handlers.town import Person, Town, text

EVERYBODY = ("owner", "participant", "neighbour", "stranger", "deputy", "stand_in", "coordinator", "admin")
"""Who registered, who sits on one of the seats, somebody in the same workspace, somebody elsewhere, the deputies of a
coordinator who is here and of one who is away, and two roles."""

LET_IN: dict[May, tuple[str, ...]] = {
    May.EVERYBODY: EVERYBODY,
    May.DEPUTIES: ("deputy", "stand_in", "coordinator", "admin"),
    May.COORDINATORS: ("stand_in", "coordinator", "admin"),
    May.ADMINISTRATORS: ("admin",),
}

THEIRS: dict[str, tuple[str, ...]] = {
    buttons.CHANGE: ("owner",),
    buttons.SUBSTITUTE: ("owner", "participant"),
    buttons.CANCEL: ("owner", "participant"),
    buttons.CANNOT_COME: ("owner", "participant"),
    buttons.UNDO: ("owner", "participant"),
    buttons.ACCEPT: ("owner", "participant"),
    buttons.DECLINE: ("owner", "participant"),
    buttons.COME: ("owner", "participant"),
    buttons.DISCARD: ("owner",),
    leaving.TAKE_OVER: ("owner", "participant"),
    leaving.LEAVE_IT: ("owner", "participant"),
    # Without a name of something these are about oneself; another's reminder is as good as none.
    buttons.SNOOZE: EVERYBODY,
    buttons.TIMELINE: EVERYBODY,
    subscriptions.RENEW_LINK: EVERYBODY,
    linking.UNLINK: EVERYBODY,
    # The inquiry is the owner's.
    faq.HELPED: ("owner",),
    faq.NOT_HELPED: ("owner",),
    faq.PICK: ("owner",),
    faq.NONE_OF_THESE: ("owner",),
    faq.HUMAN: ("owner",),
    faq.TAKE_BACK: ("owner",),
    # The question was handed to the participant.
    handing.ANSWER: ("participant",),
    handing.GIVE_BACK: ("participant",),
    handing.RIGHT: ("participant",),
    # Of the owner's organisation are the owner and the participant, who is its contact.
    newcomers.WHO: LET_IN[May.COORDINATORS],
    newcomers.NOT_OURS: ("owner", "participant", *LET_IN[May.COORDINATORS]),
    newcomers.BELONGS: LET_IN[May.COORDINATORS],
    # No round here is one of an organisation that somebody looks after; see test_workshop_documents.
    buttons.DOCUMENTS: LET_IN[May.COORDINATORS],
    documents.NEW_LINK: LET_IN[May.COORDINATORS],
}
"""Whose the thing is that the action is about in `Place`."""

NAMING_A_PROGRAMME = (buttons.TIMELINE, subscriptions.RENEW_LINK)
"""What everybody may do for themselves, and coordinators for a programme."""

COFFEE = (FaqEntry("fika", words("Får man kaffe?"), words("Ja, gärna.")),)
FIVE_SEATS = replace(with_capacity(FREE, 5), faq=COFFEE)

CANARIES = ("OWNERS-NEED", "OWNERS-INVOICE", "owner@example.org", "member@example.org")
"""What only the one who registered wrote, or what is about people: it must never reach anybody without a part in it."""

ABOUT_A_REGISTRATION = (
    buttons.CHANGE, buttons.SUBSTITUTE, buttons.CANCEL, buttons.UNDO, leaving.TAKE_OVER, leaving.LEAVE_IT,
)  # fmt: skip

ABOUT_SOMEBODY = (newcomers.NOT_OURS, newcomers.BELONGS, newcomers.REMOVE, newcomers.UNDO_REMOVE)

STORED = (registrations, seats, codes, matter_rows, contacts, bindings, wishes, feeds, tellings)


def may(action: str) -> tuple[str, ...]:
    return THEIRS[action] if TABLE[action] is May.THEIRS else LET_IN[TABLE[action]]


# --- The table --------------------------------------------------------------------------------------------------------


def test_every_action_and_every_form_has_a_row_and_every_row_one_of_them() -> None:
    assert set(TABLE) == set(ROUTES) | set(FLOWS)


def test_whose_a_thing_is_is_told_for_every_row_that_asks_for_it() -> None:
    assert set(THEIRS) == {action for action, let_in in TABLE.items() if let_in is May.THEIRS}


@pytest.mark.parametrize("action", sorted(TABLE))
def test_every_cell_of_the_table(action: str) -> None:
    """Each set of standings there can be: one is let in if and only if the row names one of them."""
    named = {
        May.EVERYBODY: set(Standing),
        May.THEIRS: set(Standing),
        May.DEPUTIES: {Standing.DEPUTY, Standing.COORDINATOR, Standing.ADMINISTRATOR},
        May.COORDINATORS: {Standing.COORDINATOR, Standing.ADMINISTRATOR},
        May.ADMINISTRATORS: {Standing.ADMINISTRATOR},
    }[TABLE[action]]
    for number in range(len(Standing) + 1):
        for standing in combinations(Standing, number):
            assert allow(standing, action) == bool(named & set(standing)), standing


@pytest.mark.parametrize("action", ["", "reveal", "Status", "status ", "__class__"])
def test_what_has_no_row_is_allowed_to_nobody(action: str) -> None:
    assert not allow(frozenset(Standing), action)


# --- The press --------------------------------------------------------------------------------------------------------


@dataclass
class Place:
    """A registration of two seats, a matter, a contact, and everybody around them."""

    town: Town
    registration: str
    seat: str  # the participant's
    draft: str
    matter: str
    contact: str  # person id
    inquiry: str = ""
    handed: str = ""  # a miss

    def person(self, who: str) -> Person:
        return self.town.person({"participant": "member"}.get(who, who))

    def about(self, action: str) -> str:
        return {
            buttons.CANNOT_COME: self.seat,
            buttons.ACCEPT: self.seat,
            buttons.DECLINE: self.seat,
            buttons.COME: self.seat,
            buttons.DISCARD: self.draft,
            buttons.LANGUAGE: "en",
            matters.DONE: self.matter,
            matters.DONE_IN_STATUS: self.matter,
            appointing.END_POST: f"contact:{FREE.id}:{LUND.key}:{self.contact}",
            appointing.CONFIRM_END_POST: f"contact:{FREE.id}:{LUND.key}:{self.contact}",
            faq.PICK: f"{self.inquiry} {FREE.id}.fika",
            **dict.fromkeys(set(ASKED_OF) - {faq.PICK}, self.inquiry),
            **dict.fromkeys(HANDED, self.handed),
            **dict.fromkeys(ABOUT_SOMEBODY, f"{FREE.id} {LUND.key} {self.contact}"),
            **dict.fromkeys((linking.LINK, *NAMING_A_PROGRAMME, buttons.PAUSE, appointing.LEAVE), ""),
            **dict.fromkeys(ABOUT_A_REGISTRATION, self.registration),
        }.get(action, FREE.id)


async def furnish(town: Town) -> None:
    owner = town.person("owner")
    await town.person("stranger", "teams", "T9").open_home()
    for name in ("member", "neighbour", "deputy", "stand_in", "absent", "admin"):
        await town.person(name).open_home()
    await town.person("coordinator", "slack").open_home()
    await owner.register(FREE.id, takes_part="others", places="2", needs="OWNERS-NEED", invoice="OWNERS-INVOICE")
    await substitute(owner, "Member", "member@example.org", seat=0)
    await town.work.run(lambda connection: fill_posts(town, connection))
    draft = (await owner.press(buttons.REGISTER, SINGLE.id)).view
    assert isinstance(draft, Form)


async def find(town: Town) -> Place:
    """What `furnish` has left."""
    rows = await town.work.run(lambda c: c.execute(select(seats.c.id, seats.c.person)).all())
    seat = next(row.id for row in rows if row.person)
    registration = await town.work.run(lambda c: c.execute(select(registrations.c.id)).scalar_one())
    draft = await town.work.run(lambda c: c.execute(select(runs.c.id).where(~runs.c.done)).scalar_one())
    member = town.person("member").actor
    contact = await town.work.run(lambda c: str(People(c, town.clock.now()).present(member)))
    return Place(town, registration, seat, draft, "", contact)


def fill_posts(town: Town, connection: Connection) -> None:
    people, posts = People(connection, town.clock.now()), Posts(connection, town.clock.now())

    def id(name: str) -> str:
        return str(people.present(town.person(name).actor))

    for name, deputy in (("coordinator", "deputy"), ("absent", "stand_in")):
        people.appoint(id(name), Role.COORDINATOR)
        posts.set_deputy(id(name), id(deputy))
    posts.leave(id("absent"), town.clock.now() + timedelta(days=9))


async def prepare(place: Place, action: str) -> None:
    """Bring everything into the state in which the action can be done."""
    ready = {buttons.ACCEPT: "offered", buttons.DECLINE: "offered", buttons.COME: "released", buttons.UNDO: "cancelled"}
    state = ready.get(action, "confirmed")
    later = place.town.clock.at.replace(year=2028)
    change = seats.update().values(
        state=state, before_cancel="confirmed", undo_until=later if state == "cancelled" else None,
        offered_until=later if state in ("offered", "released") else None,
    )  # fmt: skip

    def bring(connection: Connection) -> str:
        connection.execute(change.where(seats.c.id == place.seat))
        visit = Visit(connection, place.town.clock.now(), place.town.surroundings)
        if visit.people.present(place.person("participant").actor) == place.contact:  # and has not been erased
            Posts(connection, visit.now).add_contact(FREE.id, LUND.key, place.contact)
            Newcomers(connection, visit.now).note(FREE.id)
        connection.execute(matter_rows.update().values(closed_at=None))
        open_matter(visit, key="matter", programme="", kind="test", view=Card("A matter"))
        return str(connection.execute(select(matter_rows.c.id).where(matter_rows.c.key == "matter")).scalar_one())

    place.matter = await place.town.work.run(bring)
    if action in ASKED_OF:
        place.inquiry = await asked(place)
    if action in HANDED:
        place.handed = await place.town.work.run(lambda connection: hand(place, connection))


HANDED = (handing.ANSWER, handing.GIVE_BACK, handing.RIGHT)


def hand(place: Place, connection: Connection) -> str:
    """A question that the participant has as a contact of the programme."""
    visit = Visit(connection, place.town.clock.now(), place.town.surroundings)
    Posts(connection, visit.now).add_answerer(FREE.id, CONTACT.name, place.contact)
    how = {"programme": FREE.id, "language": "sv", "outcome": Outcome.UNKNOWN}
    asked_first = Inquiries(connection, visit.now).add("Var?", person=place.contact, **how)  # type: ignore[arg-type]
    miss = Misses(connection, visit.now).open(asked_first)
    to_contact(visit, miss, CONTACT.name, asker="")
    return miss.id


ASKED_OF = (faq.HELPED, faq.NOT_HELPED, faq.PICK, faq.NONE_OF_THESE, faq.HUMAN, faq.TAKE_BACK)


async def asked(place: Place) -> str:
    """A question of the owner's that has been answered."""
    await place.person("owner").say("Får man kaffe?")
    newest = select(inquiries.c.id).order_by(inquiries.c.asked_at.desc())
    return str(await place.town.read(lambda connection: connection.execute(newest).scalars().first()))


def denied(reply: Reply) -> bool:
    said = text(reply.view)
    parts = ("is not yours.", "Only the one who", "Only coordinators", "Only administrators")
    return any(part in said for part in (*parts, "belongs to somebody else"))


@pytest.fixture
async def place(sqlite: Kind) -> AsyncIterator[Place]:
    async with prepared(sqlite, SINGLE, FIVE_SEATS, furnish=furnish) as town:
        yield await find(town)


@pytest.mark.parametrize("action", sorted(ROUTES))
async def test_every_cell_pressed(place: Place, action: str) -> None:
    """Those who are not let in first, so that nothing has been done before they try."""
    allowed = may(action)
    await prepare(place, action)
    for who in sorted(EVERYBODY, key=lambda name: name in allowed):
        if who in allowed:
            await prepare(place, action)
        before = await place.town.contents(*STORED)
        reply = await place.person(who).press(action, place.about(action))
        assert denied(reply) == (who not in allowed), (who, text(reply.view))
        assert "went wrong" not in text(reply.view)
        if who not in allowed:
            assert await place.town.contents(*STORED) == before
        if who not in ("owner", "participant"):
            assert not [canary for canary in CANARIES if canary in repr(reply)], (who, reply)
        if who == "participant":
            assert not [canary for canary in CANARIES[:2] if canary in repr(reply)], reply


async def test_control_without_the_table_a_neighbour_gets_through(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permissions, "allow", lambda *_asked: True)
    before = await place.town.contents(*STORED)
    assert not denied(await place.person("neighbour").press(appointing.APPOINT_COORDINATOR))
    assert await place.town.contents(*STORED) != before


@pytest.mark.parametrize("action", NAMING_A_PROGRAMME)
async def test_what_names_a_programme_is_for_coordinators(place: Place, action: str) -> None:
    for who in EVERYBODY:
        reply = await place.person(who).press(action, FREE.id)
        assert ("only a coordinator" in text(reply.view) or denied(reply)) == (who not in LET_IN[May.COORDINATORS]), (
            who,
            text(reply.view),
        )


@pytest.mark.parametrize("action", [appointing.LEAVE, appointing.APPOINT_CONTACT])
async def test_a_form_that_lies_open_is_no_way_around_the_table(place: Place, action: str) -> None:
    coordinator = place.person("coordinator")
    form = (await coordinator.press(action, place.about(action))).view
    await dismiss(place, "coordinator")
    before = await place.town.contents(*STORED)
    reply = await coordinator.submit(form, {"until": "imorgon", "organisation": LUND.name, "deputy": "nobody"})
    assert denied(reply)
    assert await place.town.contents(*STORED) == before


async def dismiss(place: Place, who: str) -> None:
    actor = place.person(who).actor

    def end(connection: Connection) -> None:
        people = People(connection, place.town.clock.now())
        people.appoint(str(people.present(actor)), Role.PARTICIPANT)

    await place.town.work.run(end)


async def test_standing_in_ends_with_the_time_away(place: Place) -> None:
    stand_in = place.person("stand_in")
    assert not denied(await stand_in.press(appointing.POSTS))
    place.town.clock.move(days=9)
    assert denied(await stand_in.press(appointing.POSTS))
    assert not denied(await stand_in.press(buttons.STATUS))


async def test_a_deputy_is_nobody_once_the_coordinator_is_dismissed(place: Place) -> None:
    await dismiss(place, "coordinator")
    assert denied(await place.person("deputy").press(buttons.STATUS))


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
    await dismiss(place, "coordinator")
    assert "Only coordinators" in text((await coordinator.say("status")).view)


async def test_status_holds_numbers_and_no_names(place: Place) -> None:
    said = repr((await place.person("admin").say("status")).view)
    assert not [canary for canary in (*CANARIES, "Owner", "Member") if canary in said]
