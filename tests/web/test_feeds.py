"""A subscription's link opens one calendar until it is revoked; every other link says nothing at all."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from icalendar import Calendar
from sqlalchemy import Connection, delete, insert, update

from bot.assembly import Plan, _feed_address, assemble
from bot.domain.programmes import Programme
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.words import Localised
from bot.keys import seat_token
from bot.pages import application
from bot.texts import Translators
from bot.web.feeds import CalendarFeeds
from bot.web.ground import Ground
from bot.web.headers import guarded
from config.catalogues import FOLDER
from storage import programmes
from storage.feeds import KEPT, Feeds, of_person, of_programme
from storage.tables import people, registrations, seats
from storage.unit_of_work import UnitOfWork, unit_of_work
from tests.flows.samples import DIRECTORY, NOW, SINGLE, with_occasion
from tests.handlers.town import MovableClock, surroundings

T = TypeVar("T")
KEY = bytes(range(32))
LINK = "zoom.example.org"
feed_path = partial(_feed_address, "")
EVA, ANN = "0" * 31 + "1", "0" * 31 + "2"


@dataclass
class Site:
    """A database with Eva, who has a seat, and Ann, who has none, behind a web address."""

    work: UnitOfWork
    clock: MovableClock
    client: "TestClient[web.Request, web.Application]"

    async def link(self, owner: str) -> str:
        generation = await self.do(lambda connection: Feeds(connection, NOW).give_out(owner))
        return feed_path(KEY, owner, generation)

    async def revoke(self, owner: str) -> None:
        await self.do(lambda connection: Feeds(connection, NOW).revoke(owner))

    async def load(self, programme: Programme) -> None:
        await self.do(lambda connection: programmes.load(connection, programme, self.clock.now()))

    async def seat(self, **changes: object) -> None:
        """Change Eva's seat at the first occasion as it changes in life: with its sequence and its time."""
        values = {"sequence": seats.c.sequence + 1, "changed_at": self.clock.now(), **changes}
        await self.do(lambda connection: connection.execute(update(seats).values(values)).close())

    async def do(self, what: Callable[[Connection], T]) -> T:
        return await self.work.run(what)

    async def get(self, link: str, **headers: str) -> ClientResponse:
        return await self.client.get(link, headers=headers)

    async def calendar(self, link: str) -> Calendar:
        answer = await self.get(link)
        assert answer.status == 200
        calendar = Calendar.from_ical(await answer.read())
        assert isinstance(calendar, Calendar)
        return calendar


def fill(connection: Connection) -> None:
    programmes.load(connection, SINGLE, NOW)
    for id in (EVA, ANN):
        connection.execute(insert(people).values(id=id, language="en", created_at=NOW))
    booked = {"id": "r1", "programme": "dialog", "organisation": "Lund", "organisation_key": "SE-1281"}
    connection.execute(insert(registrations).values(**booked, made_by=EVA, created_at=NOW))
    seat = {"id": "ab12", "registration": "r1", "programme": "dialog", "occasion": "a", "person": EVA, "name": "Eva"}
    connection.execute(insert(seats).values(**seat, state="confirmed", changed_at=NOW))


@pytest.fixture
async def site(engine_url: str) -> AsyncIterator[Site]:
    work, clock = unit_of_work(engine_url), MovableClock()
    await work.run(fill)
    app = web.Application(middlewares=[guarded])
    CalendarFeeds(Ground(work, surroundings(), b"", Translators(FOLDER), clock), KEY).routes(app)
    async with TestClient(TestServer(app)) as client:
        yield Site(work, clock, client)
    await work.close()


async def test_a_persons_link_opens_their_calendar(site: Site) -> None:
    (event,) = (await site.calendar(await site.link(of_person(EVA)))).events
    assert str(event["UID"]) == "ab12@lartraff"
    assert LINK in str(event["DESCRIPTION"])


async def test_a_programmes_link_opens_what_everybody_may_know(site: Site) -> None:
    await site.load(replace(SINGLE, title=Localised({"nn": "Samtale", "en": "Dialogue"})))
    calendar = await site.calendar(await site.link(of_programme("dialog")))
    assert [str(event["UID"]) for event in calendar.events] == [f"dialog.{id}@lartraff" for id in "abc"]
    assert calendar["NAME"] == "Samtale"
    assert LINK.encode() not in calendar.to_ical()
    assert b"Eva" not in calendar.to_ical()


async def test_an_answer_is_a_calendar_that_only_the_asker_keeps(site: Site) -> None:
    answer = await site.get(await site.link(of_person(EVA)))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lartraff.ics"'


async def test_whoever_has_it_already_is_not_sent_it_again(site: Site) -> None:
    link = await site.link(of_person(EVA))
    tag = (await site.get(link)).headers["ETag"]
    site.clock.move(days=2)
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = await site.get(link, **{"If-None-Match": known})
        assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", tag)
        assert again.headers["Cache-Control"] == "private, no-cache"
    assert (await site.get(link, **{"If-None-Match": '"other"'})).status == 200


async def test_every_change_is_another_calendar(site: Site) -> None:
    link = await site.link(of_person(EVA))
    changes: tuple[Callable[[], Awaitable[None]], ...] = (
        lambda: site.load(with_occasion(SINGLE, "a", sequence=1, link="https://zoom.example.org/new")),
        lambda: site.seat(name="Eva Dal"),
        lambda: site.do(lambda connection: connection.execute(update(people).values(language="nb")).close()),
        lambda: site.seat(state="cancelled"),
        lambda: site.seat(person=ANN),
    )
    tags = {(await site.get(link)).headers["ETag"]}
    for number, change in enumerate(changes, 2):
        site.clock.move(minutes=1)
        await change()
        tags.add((await site.get(link)).headers["ETag"])
        assert len(tags) == number


async def test_a_question_without_the_body_gets_the_same_headers(site: Site) -> None:
    link = await site.link(of_person(EVA))
    full, head = await site.get(link), await site.client.head(link)
    assert (head.status, await head.read()) == (200, b"")
    assert head.headers["ETag"] == full.headers["ETag"]
    assert head.headers["Content-Type"] == full.headers["Content-Type"]


async def test_it_travels_compressed_for_those_who_can(site: Site) -> None:
    link = await site.link(of_programme("dialog"))
    plain = await site.get(link, **{"Accept-Encoding": "identity"})
    packed = await site.get(link, **{"Accept-Encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
    assert await packed.read() == await plain.read()
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert packed.headers["ETag"].startswith('W/"')


@pytest.mark.parametrize("owner", [of_person(EVA), of_programme("dialog")])
async def test_a_revoked_link_opens_nothing_from_then_on(site: Site, owner: str) -> None:
    old = await site.link(owner)
    tag = (await site.get(old)).headers["ETag"]
    await site.revoke(owner)
    assert (await site.get(old)).status == 404
    assert (await site.get(old, **{"If-None-Match": tag})).status == 404
    new = await site.link(owner)
    assert new != old
    assert (await site.get(new)).status == 200


@pytest.mark.parametrize("owner", [of_person(EVA), of_programme("dialog")])
async def test_nobody_has_a_link_before_somebody_asked_for_one(site: Site, owner: str) -> None:
    assert [(await site.get(feed_path(KEY, owner, generation))).status for generation in (0, 1)] == [404, 404]
    await site.revoke(owner)
    assert [(await site.get(feed_path(KEY, owner, generation))).status for generation in (0, 1)] == [404, 404]
    assert (await site.get(await site.link(owner))).status == 200


async def test_asking_again_gives_the_same_link(site: Site) -> None:
    assert await site.link(of_person(EVA)) == await site.link(of_person(EVA))


async def test_every_other_link_gets_the_same_answer(site: Site) -> None:
    mine, other, open_to_all = (
        await site.link(of_person(EVA)),
        await site.link(of_person(ANN)),
        await site.link(of_programme("dialog")),
    )
    assert [(await site.get(link)).status for link in (mine, other, open_to_all)] == [200, 200, 200]
    for wrong in (
        mine.replace(EVA, ANN),
        other.replace(ANN, EVA),
        mine.replace("/person/", "/programme/"),
        open_to_all.replace("/programme/", "/person/"),
        feed_path(bytes(32), of_person(EVA), 1),
        feed_path(KEY, of_person(EVA), 0),
        feed_path(KEY, of_person(EVA), 2),
        feed_path(KEY, of_person("3" * 32), 1),
        await site.link(of_person("3" * 32)),  # right, of somebody who is no longer there
        await site.link(of_programme("gone")),
        mine.removesuffix(".ics"),
        mine[:-5] + ".ics",
        f"/calendar/person/{EVA}.ics",
        f"/calendar/person/{EVA}%00-{'a' * 43}.ics",
        f"/calendar/person/%ff-{'a' * 43}.ics",
        f"/calendar/person/{'a' * 5000}.ics",
        "/calendar/person/",
    ):
        answer = await site.get(wrong)
        assert (answer.status, await answer.text()) == (404, "404: Not Found")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers


async def test_P4a_C4b_what_happens_to_an_occasion_is_seen_at_the_same_link(site: Site) -> None:
    link = await site.link(of_person(EVA))
    (before,) = (await site.calendar(link)).events
    later = tuple(replace(day, ends_at=day.ends_at + timedelta(hours=1)) for day in SINGLE.occasions[0].days)
    await site.load(with_occasion(SINGLE, "a", days=later, sequence=1))
    (moved,) = (await site.calendar(link)).events
    await site.load(with_occasion(SINGLE, "a", days=later, sequence=2, cancelled=True))
    (gone,) = (await site.calendar(link)).events
    assert moved.end - before.end == timedelta(hours=1)
    assert before["UID"] == moved["UID"] == gone["UID"]
    assert [event["SEQUENCE"] for event in (before, moved, gone)] == [0, 1, 2]
    assert gone["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("state", [SeatState.CANCELLED, SeatState.RELEASED])
async def test_a_seat_given_up_is_withdrawn_for_thirty_days_and_then_gone(site: Site, state: SeatState) -> None:
    link = await site.link(of_person(EVA))
    await site.seat(state=state.value)
    site.clock.move(days=KEPT.days, seconds=-1)
    (event,) = (await site.calendar(link)).events
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    site.clock.move(seconds=1)
    assert (await site.calendar(link)).events == []


async def test_a_seat_that_is_kept_stays_however_old_it_is(site: Site) -> None:
    site.clock.move(days=2 * KEPT.days)
    assert len((await site.calendar(await site.link(of_person(EVA)))).events) == 1


async def test_a_seat_handed_over_moves_to_the_others_calendar(site: Site) -> None:
    await site.seat(person=ANN, name="Ann")
    assert (await site.calendar(await site.link(of_person(EVA)))).events == []
    (event,) = (await site.calendar(await site.link(of_person(ANN)))).events
    assert (str(event["UID"]), event["SEQUENCE"]) == ("ab12@lartraff", 1)


async def test_C4b_an_occasion_that_left_its_programme_is_called_off_for_those_who_were_coming(site: Site) -> None:
    link = await site.link(of_person(EVA))
    await site.load(replace(SINGLE, occasions=SINGLE.occasions[1:]))
    (event,) = (await site.calendar(link)).events
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


async def test_an_occasion_that_left_its_programme_unmissed_is_in_nobodys_calendar(site: Site) -> None:
    link = await site.link(of_person(EVA))
    await site.seat(state="released")
    assert len((await site.calendar(link)).events) == 1
    await site.load(replace(SINGLE, occasions=SINGLE.occasions[1:]))
    assert (await site.calendar(link)).events == []


async def test_a_draft_has_no_calendar_until_it_is_published(site: Site) -> None:
    link = await site.link(of_programme("dialog"))
    await site.load(replace(SINGLE, draft=True))
    assert (await site.get(link)).status == 404
    await site.load(SINGLE)
    assert (await site.get(link)).status == 200


async def test_a_calendar_speaks_the_persons_language(site: Site) -> None:
    link = await site.link(of_person(EVA))
    assert (await site.calendar(link))["NAME"] == "My meetings in Lärträff"
    await site.do(lambda connection: connection.execute(update(people).values(language="nn")).close())
    assert (await site.calendar(link))["NAME"] == "Samlingane mine i Lärträff"


async def test_the_link_of_a_person_who_was_erased_opens_nothing(site: Site) -> None:
    link = await site.link(of_person(ANN))
    await site.do(lambda connection: connection.execute(delete(people).where(people.c.id == ANN)).close())
    assert (await site.get(link)).status == 404


async def test_a_whole_site_has_both_kinds_of_calendar(tmp_path: Path, sqlite_url: str) -> None:
    plan = Plan(sqlite_url, tmp_path / "keys", "", FOLDER, DIRECTORY)
    site = assemble(plan, MovableClock())
    await site.unit_of_work.run(fill)
    owner = of_person(EVA)
    generation = await site.unit_of_work.run(lambda connection: Feeds(connection, NOW).give_out(owner))
    seat = Seat("ab12", "r1", "dialog", "a", Participant("Eva", "", EVA), SeatState.CONFIRMED)
    file, feed = (
        f"/calendar/ab12-{seat_token(site.calendar_key, seat)}.ics",
        _feed_address("", site.calendar_key, owner, generation),
    )
    async with TestClient(TestServer(application(site, ticks=False))) as client:
        assert [(await client.get(link)).status for link in (file, feed)] == [200, 200]
        await site.unit_of_work.run(
            lambda connection: connection.execute(update(seats).values(state="released")).close()
        )
        await site.load([replace(SINGLE, occasions=SINGLE.occasions[1:])])
        assert [(await client.get(link)).status for link in (file, feed)] == [404, 200]
    await site.unit_of_work.close()
