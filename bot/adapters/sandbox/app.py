"""Puts the sandbox together: its web addresses, its platform and its clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.adapters.sandbox import guard, inbound, looking
from bot.adapters.sandbox.clock import SandboxClock
from bot.adapters.sandbox.deliver import SandboxPlatform
from bot.adapters.sandbox.inbound import Fields, NotUnderstoodError
from bot.adapters.sandbox.looking import Looking, Tab
from bot.adapters.sandbox.news import News
from bot.adapters.sandbox.page import Page, Upcoming
from bot.adapters.sandbox.people import CHANNEL, SandboxConfig, SandboxPerson
from bot.adapters.sandbox.ports import Messages, Place, Shown
from bot.adapters.sandbox.render import Previews, inside, page
from bot.handlers.events import Receives, Said
from bot.messages import Form
from bot.texts import Translators

_STATIC: Final = {"sandbox.css": "text/css", "sandbox.js": "text/javascript", "icon.svg": "image/svg+xml"}
_STEPS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_FURTHEST: Final = timedelta(days=3660)  # ten years: beyond every programme, and far from the end of the calendar


class Sandbox:
    """The sandbox: add its `routes`, hand its `platform` to the outbox, `start` and `stop` it."""

    def __init__(
        self,
        config: SandboxConfig,
        receives: Receives,
        *,
        messages: Messages,
        clock: SandboxClock,
        platform: SandboxPlatform,
        page: Page,
        news: News,
        translators: Translators,
        previews: Previews,
        on_clock_moved: Callable[[], Awaitable[None]],
    ) -> None:
        self.platform = platform
        self._config = config
        self._receives = receives
        self._messages = messages
        self._clock = clock
        self._page = page
        self._news = news
        self._translators = translators
        self._previews = previews
        self._on_clock_moved = on_clock_moved

    async def start(self) -> None:
        """Go on where a restart interrupted, and let everybody meet the bot once."""
        await self._clock.load()
        for person in self._config.people:
            for first in inbound.first_meetings(person):
                await self.platform.answer(person, first, await self._receives.receive(first))
        host = next((person for person in self._config.people if person.administrator), self._config.people[0])
        await self._receives.receive(inbound.added_to_channel(host.actor, self._config))

    async def stop(self) -> None:
        """Let open pages go, so that the web server can close."""
        self._news.stop()

    @property
    def hears(self) -> None:
        """Its people bring their events."""
        return None

    def routes(self, app: web.Application) -> None:
        """Add the sandbox's addresses: `/` and everything under `/sandbox/`."""
        get, post = app.router.add_get, app.router.add_post
        get("/", self._guarded(self._show))
        get("/sandbox/events", self._guarded(self._events))
        get("/sandbox/static/{name}", self._guarded(self._file))
        get("/sandbox/inside/{user}/{where}/{reference}", self._guarded(self._inside))
        post("/sandbox/clock", self._guarded(self._move_clock))
        post("/sandbox/{user}/{act}", self._guarded(self._act))

    def _guarded(self, handle: guard.Handler) -> guard.Handler:
        return guard.guarded(handle, self._config.hosts, self._refuse)

    def _refuse(self, status: int, sentence: str) -> web.Response:
        label = self._page.label
        text = page("refusal.html", language=self._config.language, label=label, sentence=label(sentence))
        return web.Response(text=text, status=status, content_type="text/html")

    # Looking

    async def _show(self, request: web.Request) -> web.StreamResponse:
        text = await self._page.draw(looking.read(request.rel_url.raw_query_string, self._config))
        return web.Response(text=text, content_type="text/html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        kind = _STATIC.get(request.match_info["name"])
        if kind is None:
            return self._refuse(404, "not_found")
        path = Path(__file__).with_name("static") / request.match_info["name"]
        return web.Response(body=path.read_bytes(), content_type=kind, charset="utf-8")

    async def _inside(self, request: web.Request) -> web.StreamResponse:
        shown = await self._shown(**request.match_info)
        if shown is None:
            return self._refuse(404, "not_found")
        label, translator = self._page.label, self._translators(shown.language)
        pieces = inside(shown.view, translator, self._previews, label)
        text = page("inside.html", language=self._config.language, label=label, shown=pieces)
        return web.Response(text=text, content_type="text/html")

    async def _shown(self, user: str, where: str, reference: str) -> Shown | None:
        """What a disclosure speaks of: a message, or what stands in one of a person's places."""
        if self._config.person(user) is None or where not in (user, CHANNEL):
            return None
        if reference in list(Place):
            return await self._messages.shown(user, Place(reference))
        message = await self._messages.message(where, reference)
        return Shown(message.view, message.language) if message else None

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if self._news.is_full:
            return self._refuse(429, "not_understood")
        headers = {**guard.HEADERS, "Content-Type": "text/event-stream"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        try:
            async with aclosing(self._news.listen()) as lines:
                async for line in lines:
                    await response.write(line)
        except ConnectionError:
            pass  # the page was closed
        return response

    # Acting

    async def _act(self, request: web.Request) -> web.StreamResponse:
        person, act = self._config.person(request.match_info["user"]), request.match_info["act"]
        if person is None:
            return self._refuse(404, "not_found")
        posted = await guard.posted(request)
        before = looking.referred(request.headers.get("Referer", ""), self._config)
        if act == "close":
            await self.platform.close(person, Place.FORM)
        elif act == "dismiss":
            await self.platform.close(person, Place.STATUS)
        else:
            await self._event(person, act, posted)
        tab = Tab.HOME if act == "home" else ""
        return await self._back_to(before, person, tab)

    async def _event(self, person: SandboxPerson, act: str, posted: Fields) -> None:
        shown = await self._messages.shown(person.user, Place.FORM)
        form = shown.view if shown and isinstance(shown.view, Form) else None
        event = inbound.read(act, posted, person, self._config, form)
        if isinstance(event.event, Said) and not event.event.text:
            return
        await self.platform.note(person, event)
        await self.platform.answer(person, event, await self._receives.receive(event))

    async def _back_to(self, before: Looking, person: SandboxPerson, tab: Tab | str) -> web.StreamResponse:
        """Send the browser back to the page, to what the person should read or fill in now."""
        shown = await self._messages.shown(person.user, Place.FORM)
        part = "" if shown is None or not isinstance(shown.view, Form) else "-form-title"
        if shown and isinstance(shown.view, Form) and (shown.view.errors or shown.view.refusal):
            part = "-form-problems"
        return _see(f"{before.address(at=person.user, tab=tab)}#{person.user}{part}")

    async def _move_clock(self, request: web.Request) -> web.StreamResponse:
        posted = await guard.posted(request)
        by, to = inbound.one(posted, "by"), inbound.one(posted, "to")
        if by == "now":
            await self._clock.reset()
        elif by in _STEPS:
            await self._clock.advance(_STEPS[by], seen=self._seen(inbound.one(posted, "seen")))
        else:
            await self._jump(to)
        await self._on_clock_moved()
        self._news.changed()
        return _see(looking.referred(request.headers.get("Referer", ""), self._config).address())

    async def _jump(self, to: str) -> None:
        """Move to an instant; one that has gone by meanwhile (a second click) changes nothing."""
        instant = self._instant(to)
        if instant > self._clock.now():
            await self._clock.move_to(instant)

    def _instant(self, written: str) -> datetime:
        try:
            instant = datetime.fromisoformat(written).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise NotUnderstoodError("not an instant") from error
        if instant - self._clock.now() > _FURTHEST:
            raise NotUnderstoodError("too far away")
        return instant

    def _seen(self, written: str) -> timedelta:
        """The offset that stood on the page; never one that is ahead of the clock."""
        try:
            seen = timedelta(seconds=float(written))
        except (ValueError, OverflowError) as error:
            raise NotUnderstoodError("not an offset") from error
        if self._clock.offset > _FURTHEST:
            raise NotUnderstoodError("too far away")
        return min(seen, self._clock.offset)


def _see(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})


async def nothing_ahead() -> list[tuple[str, datetime]]:
    """`Upcoming` for a sandbox in which nothing is planned."""
    return []


async def nothing_due() -> None:
    """`on_clock_moved` for a sandbox in which nothing waits for its time."""


def build(
    config: SandboxConfig,
    receives: Receives,
    *,
    translators: Translators,
    messages: Messages,
    clock: SandboxClock,
    previews: Previews,
    upcoming: Upcoming = nothing_ahead,
    on_clock_moved: Callable[[], Awaitable[None]] = nothing_due,
) -> Sandbox:
    """The sandbox, ready to be routed and started.

    Parameters
    ----------
    previews
        A platform's name → how it would say a view; shown under "look inside".
    upcoming
        What one may want to jump to with the clock.
    on_clock_moved
        Called after every move, before the page is shown again: what is due is sent there.
    """
    news = News()
    return Sandbox(
        config,
        receives,
        messages=messages,
        clock=clock,
        platform=SandboxPlatform(config, messages, clock=clock, changed=news.changed),
        page=Page(config, messages, translators=translators, clock=clock, upcoming=upcoming),
        news=news,
        translators=translators,
        previews=previews,
        on_clock_moved=on_clock_moved,
    )
