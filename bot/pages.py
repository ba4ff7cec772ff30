"""The web application of a site: the platforms' addresses, calendar files, health, and pages in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from aiohttp import web
from sqlalchemy import Connection

from bot.assembly import Site
from bot.domain.people import Language
from bot.web.board import BoardPages
from bot.web.calendar import CalendarEntry, CalendarFiles
from bot.web.challenges import ChallengeFile
from bot.web.documents import DocumentPages
from bot.web.feeds import CalendarFeeds
from bot.web.ground import Ground
from bot.web.guests import GuestPages
from bot.web.headers import guarded
from bot.web.health import Check, HealthPages, Seldom
from bot.web.metrics import Metrics
from bot.web.my_data import MyDataFile
from bot.web.notes import NotesPages
from bot.web.participants import ParticipantFiles
from bot.web.prose import explained
from bot.web.results import ResultPages
from bot.web.terms import TermsPages
from bot.web.workshops import WorkshopPages
from storage import condition
from storage.people import People
from storage.registrations import Registrations

_MAX_BODY_BYTES = 1024 * 1024  # the adapters have tighter limits of their own
_WRITES_HOLD_FOR = 30.0  # seconds
_GAUGES = {
    "outbox_waiting": "Messages not yet delivered, also those whose time has not come.",
    "outbox_late": "Messages that are due and not yet delivered.",
    "outbox_failed": "Messages that could not be delivered.",
    "nudges_due": "Nudges that are due and not yet handled.",
}


def application(site: Site, *, ticks: bool) -> web.Application:
    """Everything this process answers over HTTP. `ticks` makes the tick a condition of being ready."""
    metrics = Metrics(_GAUGES, lambda: _gauges(site))
    metrics.show("events_failed", "Events that could not be handled since the start.", lambda: site.reception.failed)
    app = web.Application(
        middlewares=[metrics.middleware, guarded, explained(site.translators)], client_max_size=_MAX_BODY_BYTES
    )
    HealthPages(_checks(site, ticks=ticks), {"questions": lambda: site.reception.finds_by}).routes(app)
    metrics.routes(app)
    CalendarFiles(
        lambda seat: _entry(site, seat), key=site.calendar_key, translators=site.translators, clock=site.clock
    ).routes(app)
    _by_link(site, app)
    for adapter in site.adapters:
        adapter.routes(app)
    TermsPages(site.translators).routes(app)  # last: the sandbox has a front page of its own
    return app


def _by_link(site: Site, app: web.Application) -> None:
    """The pages and files of whoever has a link, also without Slack or Teams. Few of them change anything."""
    ground = Ground(site.unit_of_work.quiet, site.surroundings, site.link_key, site.translators, site.clock)
    boards = BoardPages(ground, site.plan.public_url)
    site.unit_of_work.listen(boards.live.wake)
    workshops = WorkshopPages(ground)
    site.unit_of_work.listen(workshops.live.wake)
    telling = replace(ground, unit_of_work=site.unit_of_work)
    for pages in (
        boards,
        CalendarFeeds(ground, site.calendar_key),
        ChallengeFile(ground),
        DocumentPages(ground),
        GuestPages(ground),
        MyDataFile(ground),
        ParticipantFiles(ground),
        NotesPages(telling),
        ResultPages(ground),
        workshops,
    ):
        pages.routes(app)


def _checks(site: Site, *, ticks: bool) -> Mapping[str, Check]:
    async def database() -> bool:
        """Once this process has started, tables of another version are those of a newer one, with which it goes on."""
        return await site.unit_of_work.run(condition.revision) is not None

    async def writes() -> bool:
        await site.unit_of_work.quiet.run(condition.writes)
        return condition.has_room(site.plan.database_url)

    async def clock() -> bool:
        return site.clockwork.ticks

    checks: Mapping[str, Check] = {"database": database, "writes": Seldom(writes, seconds=_WRITES_HOLD_FOR)}
    hearing = {one.platform.name: one.hears for one in site.adapters if one.hears is not None}
    return {**checks, **hearing, **({"tick": clock} if ticks else {})}


async def _gauges(site: Site) -> Mapping[str, float]:
    now = site.clock.now()
    return asdict(await site.unit_of_work.run(lambda connection: condition.backlog(connection, now)))


async def _entry(site: Site, seat_id: str) -> CalendarEntry | None:
    def read(connection: Connection) -> CalendarEntry | None:
        now = site.clock.now()
        seat = Registrations(connection, now).seat(seat_id)
        programme = site.catalogue.read(connection).get(seat.programme) if seat else None
        occasions = {occasion.id: occasion for occasion in programme.occasions} if programme else {}
        if seat is None or programme is None or seat.occasion not in occasions:
            return None  # the occasion may be gone from the programme since
        person = seat.participant.person
        language = People(connection, now).person(person).language if person else Language(site.plan.language)
        return CalendarEntry(programme, occasions[seat.occasion], seat, language)

    return await site.unit_of_work.run(read)
