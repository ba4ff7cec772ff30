"""`/workshop/<link>`: where a workshop is, for the screen in the room; by a link of their own, for a coach."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from aiohttp import web

from bot.handlers import screens
from bot.handlers.visit import Visit
from bot.texts import Translator
from bot.web.board import HEADERS_OF_PAGE, HEADERS_OF_STREAM, known_version
from bot.web.ground import Ground
from bot.web.live import LivePages, Spoken
from bot.web.readers import language_of
from bot.web.styled import answer
from bot.web.workshop_words import LABELS, shown
from storage.links import Kind, Links


class WorkshopPages:
    """Shows workshops. A link that is wrong, over, revoked or of a former coach gets the same answer: 404."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.live = LivePages(self._spoken, self._look)

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/workshop/{link}", self._page)
        app.router.add_get("/workshop/{link}/changes", self._changes, allow_head=False)
        app.on_shutdown.append(self._stop)

    async def _stop(self, app: web.Application) -> None:  # noqa: ARG002 - a signal's signature
        await self.live.stop()

    async def _page(self, request: web.Request) -> web.Response:
        translator, link = self._ground.translator(request), await self._ground.opened(request, Kind.WORKSHOP)
        about = link.about if link is not None else ""
        screen = await self._ground.run(lambda visit: screens.read(visit, about)) if about else None
        if screen is None:
            is_over = await self._ground.is_over(request, Kind.WORKSHOP)
            return answer(
                "gone.html", translator, HEADERS_OF_PAGE, status=404, label=_labels(translator), is_over=is_over
            )
        return answer(
            "workshop.html",
            translator,
            HEADERS_OF_PAGE,
            workshop=shown(screen, translator),
            is_coachs=screen.is_coachs,
            now=self._ground.clock.now(),
            here=request.path,
            label=_labels(translator),
        )

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        link = await self._ground.opened(request, Kind.WORKSHOP)
        if link is None:
            raise web.HTTPNotFound
        response = web.StreamResponse(headers=HEADERS_OF_STREAM)
        await self.live.follow(
            request, response, link=link, language=language_of(request), version=known_version(request)
        )
        return response

    async def _spoken(self, about: str) -> Spoken[int] | None:
        """Only that there is something new: the page then fetches itself."""
        there = await self._ground.run(lambda visit: screens.versions(visit, [about]))
        if about not in there:
            return None
        return Spoken(there[about], lambda _language: there[about], lambda now, _before: json.dumps(now))

    async def _look(self, abouts: Collection[str], links: Collection[str]) -> tuple[Mapping[str, int], Collection[str]]:
        def look(visit: Visit) -> tuple[Mapping[str, int], Collection[str]]:
            return screens.versions(visit, abouts), Links(visit.connection, visit.now).in_force(links)

        return await self._ground.run(look)


def _labels(translator: Translator) -> Mapping[str, str]:
    return {name: translator.say(label) for name, label in LABELS.items()}
