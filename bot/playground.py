"""The sandbox put together: the same site as in production, with a local page as its platform and a movable clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.adapters.sandbox import app as sandbox
from bot.adapters.sandbox.clock import SandboxClock
from bot.adapters.sandbox.message_file import MessageFile
from bot.adapters.sandbox.people import SandboxConfig
from bot.adapters.slack import render as slack_render
from bot.adapters.teams import render as teams_render
from bot.assembly import Plan, Site, SystemClock, assemble
from bot.domain import times
from bot.domain.assessment import Tally
from bot.domain.calendar_shift import shifted
from bot.domain.programmes import Occasion, Programme, local_day
from bot.domain.rounds import Round, State
from bot.domain.words import Words, _
from bot.messages import Form, View
from bot.texts import Translator
from storage import told
from storage.changes import Changes
from storage.nudges import Nudges
from storage.registrations import Registrations
from storage.rounds import Rounds
from storage.tallies import Tallies
from storage.workshops import Workshops

Finished = Callable[[Sequence[Programme], date], Iterable[tuple[Round, Tally]]]
"""Rounds that are over on a day, with what was given in them."""

_MESSAGES = "messages.db"
_MORNING = time(9)
_NEWS = time(10)  # when what waits for the reminders of nine comes: about drafts, days of plan rows, materials
_MEETINGS_AHEAD = 2  # whose days one can jump to
_CLOSELY = timedelta(days=7)
"""So long into a jump every morning is lived through, and after that Mondays, so that a year takes a second."""

_MOST_STEPS = 2000  # of one jump: ten years of Mondays, and what comes due meanwhile


async def build(plan: Plan, found: Sequence[Programme], *, folder: Path, finished: Finished) -> Site:
    """The sandbox's site with the sample programmes, their dates moved ahead of today where they have gone by.

    `finished` gives rounds of these programmes that are over, so that there is something to look back at.
    """
    config = SandboxConfig()
    messages = MessageFile(folder / _MESSAGES)
    clock = SandboxClock(SystemClock(), messages)
    await clock.load()
    administrators = frozenset(str(person.actor) for person in config.people if person.administrator)
    site = assemble(replace(plan, administrators=administrators), clock)
    await _load_new(site, found)
    await _look_back(site, tuple(finished(found, clock.now().date())))

    await site.tick.run()  # the schedule is there before anybody moves the clock
    passing = _Passing(site, clock, config.zone)
    site.join(
        sandbox.build(
            config,
            site.reception,
            translators=site.translators,
            messages=messages,
            clock=clock,
            previews={"Slack": _as_slack, "Teams": _as_teams},
            upcoming=lambda: _upcoming(site, clock.now()),
            on_clock_moved=passing.catch_up,
        )
    )
    return site


class _Passing:
    """Lets time pass when the clock is moved: what is due on the way comes when it is due, one after the other."""

    def __init__(self, site: Site, clock: SandboxClock, zone: str) -> None:
        self._site = site
        self._clock = clock
        self._zone = zone
        self._moving = asyncio.Lock()
        self._reached = clock.now()

    async def catch_up(self) -> None:
        """Do everything that was due until now, each at its own time."""
        async with self._moving:
            since, until = self._reached, self._clock.now()
            for _step in range(_MOST_STEPS):
                moment = await self._next(since)
                if moment >= until:
                    break
                await self._at(moment)
                self._reached = moment
            await self._at(None)
            self._reached = until

    async def _next(self, since: datetime) -> datetime:
        """When something comes next: a reminder, a round that opens or closes, or a morning with its news."""
        due = await self._site.unit_of_work.run(lambda connection: _due(connection, self._reached))
        return min([*due, self._next_morning(closely=self._reached - since < _CLOSELY)])

    def _next_morning(self, *, closely: bool) -> datetime:
        """Of today if it lies ahead, so that a day is lived through whole; else of tomorrow, or the next Monday."""
        today = local_day(self._reached, self._zone)
        news = times.instant(today, _NEWS, self._zone)
        if news > self._reached:
            return news
        day = today + timedelta(1 if closely else 7 - today.weekday())
        return times.instant(day, _NEWS, self._zone)

    async def _at(self, moment: datetime | None) -> None:
        self._clock.hold(moment)
        try:
            await self._site.tick.run()
            await self._site.tick.tidy()
            await self._site.preflight.run()
            await self._site.postman.run()
            await self._site.courier.empty()
        finally:
            self._clock.hold(None)


def _due(connection: Connection, since: datetime) -> list[datetime]:
    """What has its own time after this one: a reminder, round, time box, change that has settled, message held back.

    What was due before could not be done, and is tried again with whatever comes next.
    """
    stores = (Nudges(connection, since), Rounds(connection, since), Workshops(connection, since))
    moments = (*(store.next_due() for store in (*stores, Changes(connection, since))), told.next_due(connection, since))
    return [moment for moment in moments if moment is not None and moment > since]


async def _load_new(site: Site, found: Sequence[Programme]) -> None:
    """Load what is not there yet; what people have registered for keeps its dates."""
    there = await site.unit_of_work.run(lambda connection: set(site.catalogue.read(connection)))
    today = site.clock.now().date()
    await site.load([shifted(programme, today) for programme in found if programme.id not in there])


async def _look_back(site: Site, finished: Sequence[tuple[Round, Tally]]) -> None:
    """Keep rounds that are over, each once: nobody is told of them, and they are found with the word “results”."""

    def keep(connection: Connection) -> None:
        for about, tally in finished:
            if Rounds(connection, about.opens_at).get(about.id) is None:
                _keep_over(connection, about, tally)

    await site.unit_of_work.run(keep)


def _keep_over(connection: Connection, about: Round, tally: Tally) -> None:
    """Open the round and close it, each at its time, the way every round is."""
    Rounds(connection, about.opens_at).add(replace(about, state=State.OPEN))
    for (box, question), counts in tally.items():
        Tallies(connection).put(about.id, box, question, counts)
    store = Rounds(connection, about.closes_at or about.opens_at)
    store.enter(about.id, State.CLOSED, from_states=[State.OPEN])
    over = store.get(about.id)
    assert over is not None, "it has just been stored"
    store.posted(over)  # no channel is shown the board of long ago


async def _upcoming(site: Site, now: datetime) -> list[tuple[Words, datetime]]:
    """What one may want to see, soonest first: the next reminder, and the days around the next meetings."""

    def read(connection: Connection) -> list[tuple[Words, datetime]]:
        planned = Nudges(connection, now).next_due()
        moments: list[tuple[Words, datetime]] = []
        if planned is not None:
            moments.append((_("The next reminder"), planned))
        moments += _of_rounds(Rounds(connection, now).running())
        booked = {(programme, occasion) for programme, occasion, _state in Registrations(connection, now).counts()}
        for occasion, programme in _next_meetings(tuple(site.catalogue.read(connection).values()), booked, now):
            moments += _around(occasion, programme)
        return sorted(((label, at) for label, at in moments if at > now), key=lambda moment: moment[1])

    return await site.unit_of_work.run(read)


def _of_rounds(rounds: Sequence[Round]) -> Iterator[tuple[Words, datetime]]:
    """When those that are planned open, and those that are open close."""
    for one in rounds:
        if not one.is_open:
            yield _("“{title}” opens", title=one.title), one.opens_at
        elif one.closes_at is not None:
            yield _("“{title}” closes", title=one.title), one.closes_at


def _next_meetings(
    programmes: Sequence[Programme], booked: Collection[tuple[str, str]], now: datetime
) -> list[tuple[Occasion, Programme]]:
    """The next meetings that somebody is registered for; as long as nobody is, the next of all."""
    ahead = [(o, p) for p in programmes for o in p.occasions if o.starts_at > now and not o.cancelled]
    wanted = [(o, p) for o, p in ahead if (p.id, o.id) in booked] or ahead
    return sorted(wanted, key=lambda entry: entry[0].starts_at)[:_MEETINGS_AHEAD]


def _around(occasion: Occasion, programme: Programme) -> list[tuple[Words, datetime]]:
    def morning(moment: datetime, days: int) -> datetime:
        return times.instant(local_day(moment, programme.zone) + timedelta(days), _MORNING, programme.zone)

    return [
        (_("The day before {title}", title=occasion.title), morning(occasion.starts_at, -1)),
        (_("15 minutes before {title}", title=occasion.title), occasion.starts_at - timedelta(minutes=15)),
        (_("The day after {title}", title=occasion.title), morning(occasion.ends_at, 1)),
    ]


def _as_slack(view: View, translator: Translator) -> object:
    return slack_render.modal(view, translator) if isinstance(view, Form) else slack_render.messages(view, translator)


def _as_teams(view: View, translator: Translator) -> object:
    if isinstance(view, Form):
        return teams_render.card(view, translator, dialog=True)
    return teams_render.activities(view, translator)
