"""What every page stands on: what is kept, the key of links, the languages and the time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from aiohttp import web
from sqlalchemy import Connection

from bot.domain.values import dataclass
from bot.handlers.visit import Surroundings, Visit
from bot.keys import link_token_is_right
from bot.ports import Clock
from bot.texts import Translator, Translators
from bot.web.readers import language_of
from storage.links import Kind, Link, Links
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")

_LINK = re.compile(r"([0-9a-f]{32})-([A-Za-z0-9_-]{43})")  # our id, then the token


@dataclass(frozen=True, slots=True)
class Ground:
    """The same for every page of a site."""

    unit_of_work: UnitOfWork
    surroundings: Surroundings
    key: bytes  # of the secret half of links
    translators: Translators
    clock: Clock

    def translator(self, request: web.Request) -> Translator:
        """Into the language that the reader of the page reads."""
        return self.translators(language_of(request))

    def link_id(self, request: web.Request) -> str:
        """The id of the link in the address, as `{link}`; empty when its secret half is wrong."""
        named = _LINK.fullmatch(request.match_info["link"])
        return named[1] if named is not None and link_token_is_right(self.key, *named.groups()) else ""

    async def run(self, do: Callable[[Visit], T]) -> T:
        """In one transaction, now."""

        def act(connection: Connection) -> T:
            return do(Visit(connection, self.clock.now(), self.surroundings))

        return await self.unit_of_work.run(act)

    async def opened(self, request: web.Request, kind: Kind) -> Link | None:
        """The link by which somebody came; None when it is wrong, over, revoked or of something else."""
        id = self.link_id(request)
        return await self.run(lambda visit: Links(visit.connection, visit.now).open(id, kind)) if id else None

    async def is_over(self, request: web.Request, kind: Kind) -> bool:
        """Whether somebody came by a link that was given out and opens nothing any more."""
        id = self.link_id(request)
        return bool(id) and await self.run(lambda visit: Links(visit.connection, visit.now).is_over(id, kind))

    async def found(self, request: web.Request, kind: Kind, read: Callable[[Visit, str], T | None]) -> T:
        """What the link opens, read by what it is about. Raises `HTTPNotFound`."""
        id = self.link_id(request)

        def open(visit: Visit) -> T | None:
            link = Links(visit.connection, visit.now).open(id, kind)
            return read(visit, link.about) if link is not None else None

        there = await self.run(open) if id else None
        if there is None:
            raise web.HTTPNotFound
        return there
