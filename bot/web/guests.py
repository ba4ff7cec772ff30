"""`/guest/<link>`: what is open to a guest and what has closed, and the form of a round that each answers alone."""

from __future__ import annotations

import logging

from aiohttp import web

from bot.conversation import clean
from bot.domain.words import Words, _
from bot.flows import guest_page
from bot.handlers import by_link
from bot.handlers.anonymous import Anonymous
from bot.handlers.events import Submitted
from bot.handlers.visit import Visit
from bot.messages import Card, Form, View
from bot.texts import Translator
from bot.web import forms
from bot.web.ground import Ground

log = logging.getLogger(__name__)


class GuestPages:
    """Shows a guest their own page, and takes what they answer alone by the path that never sees who speaks.

    A link that opens nothing gets the same answer, whyever: 404.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._anonymous = Anonymous(ground.unit_of_work, ground.clock, ground.surroundings)

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/guest/{link}", self._list)
        app.router.add_get("/guest/{link}/{round}", self._form)
        app.router.add_post("/guest/{link}/{round}", self._sent)

    async def _list(self, request: web.Request) -> web.Response:
        translator, link = self._ground.translator(request), self._ground.link_id(request)

        def read(visit: Visit) -> Card | None:
            return by_link.page_of_guest(visit, link, here=request.path, language=translator.language)

        view = await self._ground.run(read) if link else None
        return forms.page(request, translator, view) if view is not None else forms.gone(request, translator)

    async def _form(self, request: web.Request) -> web.Response:
        translator, link = self._ground.translator(request), self._ground.link_id(request)
        view = await self._shown(link, _round(request)) if link else None
        return _page(request, translator, view) if view is not None else forms.gone(request, translator)

    async def _shown(self, link: str, round: str) -> View | None:
        """Which group the guest talks in, where that is asked; else the form that each person answers alone."""
        choice = await self._ground.run(lambda visit: by_link.group_choice(visit, link, round))
        return choice or await self._anonymous.by_link(link, round)

    async def _sent(self, request: web.Request) -> web.Response:
        translator, link = self._ground.translator(request), self._ground.link_id(request)
        if not link:
            return forms.gone(request, translator)
        typed = dict(await forms.sent(request))
        if "group" in typed:
            return await self._chosen(request, translator, typed["group"])
        event = Submitted(typed.pop("token", ""), typed)
        if not forms.is_ours(request):
            return forms.page(request, translator, guest_page.sender_unknown(typed), status=403)
        try:
            view = await self._anonymous.by_link(link, _round(request), event)
        except Exception:
            log.exception("an answer that came by a link could not be sealed")
            return forms.page(request, translator, guest_page.went_wrong(typed), status=500)
        if view is None:
            return forms.page(request, translator, guest_page.link_over(typed), status=404)
        return _page(request, translator, view)

    async def _chosen(self, request: web.Request, translator: Translator, group: str) -> web.Response:
        link, round, is_ours = self._ground.link_id(request), _round(request), forms.is_ours(request)
        view = await self._ground.run(lambda v: by_link.choose_group(v, link, round, group, is_ours=is_ours))
        return _page(request, translator, view) if view is not None else forms.gone(request, translator)


def _round(request: web.Request) -> str:
    return clean(request.match_info["round"])


def _page(request: web.Request, translator: Translator, view: View) -> web.Response:
    assert isinstance(view, Form | Card)
    whole = request.path.rpartition("/")[0]
    back: tuple[Words, str] = (_("Everything that is open to you"), f"{whole}?language={translator.language}")
    return forms.page(request, translator, view, ways=(back,))
