"""The sandbox put together: the same site as in production, with a local page as its platform and a movable clock."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
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
from bot.domain.calendar_shift import shifted
from bot.domain.programmes import Programme, local_day
from bot.domain.words import Words, _
from bot.messages import Form, View
from bot.texts import Translator
from storage.nudges import Nudges

_MESSAGES = "messages.db"
_ALMOST = time(8, 59)
_REMINDER = time(9)
_MOST_STEPS = 1000  # what comes due in some years of five programmes


async def build(plan: Plan, found: Sequence[Programme], *, folder: Path) -> Site:
    """The sandbox's site with the sample programmes, their dates moved ahead of today where they have gone by."""
    config = SandboxConfig()
    messages = MessageFile(folder / _MESSAGES)
    clock = SandboxClock(SystemClock(), messages)
    await clock.load()
    administrators = frozenset(str(person.actor) for person in config.people if person.administrator)
    site = assemble(replace(plan, administrators=administrators), clock)
    await _load_new(site, found)

    await site.tick.run()  # the schedule is there before anybody moves the clock
    passing = _Passing(site, clock)
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

    def __init__(self, site: Site, clock: SandboxClock) -> None:
        self._site = site
        self._clock = clock
        self._moving = asyncio.Lock()

    async def catch_up(self) -> None:
        """Do everything that was due until now, each at its own time."""
        async with self._moving:
            until = self._clock.now()
            for _step in range(_MOST_STEPS):
                due = await self._site.unit_of_work.run(lambda connection: Nudges(connection, until).next_due())
                if due is None or due >= until:
                    break
                await self._at(due)
            await self._at(None)

    async def _at(self, moment: datetime | None) -> None:
        self._clock.hold(moment)
        try:
            await self._site.tick.run()
            await self._site.tick.tidy()
            await self._site.preflight.run()
            await self._site.courier.empty()
        finally:
            self._clock.hold(None)


async def _load_new(site: Site, found: Sequence[Programme]) -> None:
    """Load what is not there yet; what people have registered for keeps its dates."""
    there = await site.unit_of_work.run(lambda connection: set(site.catalogue.read(connection)))
    today = site.clock.now().date()
    await site.load([shifted(programme, today) for programme in found if programme.id not in there])


async def _upcoming(site: Site, now: datetime) -> list[tuple[Words, datetime]]:
    """What one may want to see: the day before the next meeting, and the next reminder that is planned."""

    def read(connection: Connection) -> list[tuple[Words, datetime]]:
        moments = _day_before_next_meeting(tuple(site.catalogue.read(connection).values()), now)
        planned = Nudges(connection, now).next_due()
        if planned is not None:
            moments.append((_("to the next planned reminder"), planned))
        return [(label, at) for label, at in moments if at > now]

    return await site.unit_of_work.run(read)


def _day_before_next_meeting(programmes: Sequence[Programme], now: datetime) -> list[tuple[Words, datetime]]:
    ahead = [(o.starts_at, o, p) for p in programmes for o in p.occasions if o.starts_at > now + timedelta(days=1)]
    if not ahead:
        return []
    starts_at, occasion, programme = min(ahead, key=lambda entry: entry[0])
    day = local_day(starts_at, programme.zone) - timedelta(days=1)
    return [
        (
            _("to the day before {title}, {clock}", title=occasion.title, clock=f"{at:%H.%M}"),
            times.instant(day, at, programme.zone),
        )
        for at in (_ALMOST, _REMINDER)
    ]


def _as_slack(view: View, translator: Translator) -> object:
    return slack_render.modal(view, translator) if isinstance(view, Form) else slack_render.messages(view, translator)


def _as_teams(view: View, translator: Translator) -> object:
    if isinstance(view, Form):
        return teams_render.card(view, translator, dialog=True)
    return teams_render.activities(view, translator)
