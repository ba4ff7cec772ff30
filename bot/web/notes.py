"""`/notes/<link>`: a group's notes, for those of the group who have neither Slack nor Teams."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from aiohttp import web
from sqlalchemy import Connection

from bot.domain.words import _
from bot.flows import notes_page
from bot.handlers import by_link
from bot.handlers.by_link import Shown
from bot.handlers.visit import Surroundings, Visit
from bot.keys import link_token_is_right
from bot.messages import Card, Form
from bot.ports import Clock, UnitOfWork
from bot.texts import Translator, Translators
from bot.web import forms
from bot.web.readers import language_of

T = TypeVar("T")

log = logging.getLogger(__name__)


class NotesPages:
    """Shows a group's form and takes what is sent. A link that opens nothing gets the same answer, whyever: 404."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        surroundings: Surroundings,
        *,
        key: bytes,
        translators: Translators,
        clock: Clock,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._surroundings = surroundings
        self._key = key
        self._translators = translators
        self._clock = clock

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/notes/{link}", self._form)
        app.router.add_post("/notes/{link}", self._sent)

    async def _form(self, request: web.Request) -> web.Response:
        translator, id = self._translators(language_of(request)), opened(request, self._key)
        found = await self._in_turn(lambda visit: by_link.show_notes(visit, id)) if id else None
        return _page(request, translator, found) if found is not None else forms.gone(request, translator)

    async def _sent(self, request: web.Request) -> web.Response:
        translator, id = self._translators(language_of(request)), opened(request, self._key)
        if not id:
            return forms.gone(request, translator)
        typed = dict(await forms.sent(request))
        token, is_ours = typed.pop("token", ""), forms.is_ours(request)
        written = {name: text for name, text in typed.items() if name.startswith(("texts.", "ratings."))}
        try:
            found = await self._in_turn(lambda visit: by_link.take_notes(visit, id, token, written, is_ours=is_ours))
        except Exception:
            log.exception("notes that came by a link could not be taken")
            return forms.page(request, translator, notes_page.went_wrong(written), status=500)
        return _page(request, translator, found)

    async def _in_turn(self, do: Callable[[Visit], T]) -> T:
        def act(connection: Connection) -> T:
            return do(Visit(connection, self._clock.now(), self._surroundings))

        return await self._unit_of_work.run(act)


def opened(request: web.Request, key: bytes) -> str:
    """The id of the link by which somebody came; empty when its secret half is wrong."""
    id, _dash, token = request.match_info["link"].partition("-")
    return id if link_token_is_right(key, id, token) else ""


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
