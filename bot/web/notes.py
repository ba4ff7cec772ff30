"""`/notes/<link>`: a group's notes, for those of the group who have neither Slack nor Teams."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from aiohttp import web

from bot.domain.words import _
from bot.flows import notes_page
from bot.handlers import by_link
from bot.handlers.by_link import Shown
from bot.messages import Card, Form
from bot.texts import Translator
from bot.web import forms
from bot.web.ground import Ground

log = logging.getLogger(__name__)


class NotesPages:
    """Shows a group's form and takes what is sent. A link that opens nothing gets the same answer, whyever: 404."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/notes/{link}", self._form)
        app.router.add_post("/notes/{link}", self._sent)

    async def _form(self, request: web.Request) -> web.Response:
        translator, id = self._ground.translator(request), self._ground.link_id(request)
        found = await self._ground.run(lambda visit: by_link.show_notes(visit, id)) if id else None
        return _page(request, translator, found) if found is not None else forms.gone(request, translator)

    async def _sent(self, request: web.Request) -> web.Response:
        translator, id = self._ground.translator(request), self._ground.link_id(request)
        if not id:
            return forms.gone(request, translator)
        typed = dict(await forms.sent(request))
        token, is_ours = typed.pop("token", ""), forms.is_ours(request)
        written = {name: text for name, text in typed.items() if name.startswith(("texts.", "ratings."))}
        try:
            found = await self._ground.run(lambda visit: by_link.take_notes(visit, id, token, written, is_ours=is_ours))
        except Exception:
            log.exception("notes that came by a link could not be taken")
            return forms.page(request, translator, notes_page.went_wrong(written), status=500)
        return _page(request, translator, found)


def _page(request: web.Request, translator: Translator, found: Shown) -> web.Response:
    assert isinstance(found.view, Form | Card)
    return forms.page(
        request,
        translator,
        found.view,
        programme=found.programme,
        ways=tuple(_ways(request, translator, found)),
        status=200 if found.is_there else 404,
    )


def _ways(request: web.Request, translator: Translator, found: Shown) -> Iterator[forms.Way]:
    if isinstance(found.view, Card) and found.may_go_on:
        yield _("Take more notes"), f"{request.path}?language={translator.language}"
    if found.board:
        yield _("Open the board"), f"{found.board}?language={translator.language}"
