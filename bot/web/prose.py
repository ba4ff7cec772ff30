"""Pages of a heading and some sentences, in the style of the others."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.domain.words import Text, Words, _
from bot.flows import welcome
from bot.texts import Translators
from bot.web.readers import language_of
from bot.web.styled import Styled

_LISTED: Final = Styled("prose.html", headers={})
_UNLISTED: Final = Styled("prose.html")
_ROUND_ABOUT: Final = {
    "/privacy": _("Privacy"),
    "/terms": _("Terms"),
    "/accessibility": _("Accessibility"),
}

log = logging.getLogger(__name__)


def for_everybody(translators: Translators, request: web.Request, title: Text, *sentences: Text) -> web.Response:
    """A page that may be found by searching."""
    return _page(translators, request, title, sentences, listed=True)


def outcome(translators: Translators, request: web.Request, title: Text, sentence: Words, status: int) -> web.Response:
    """What came of something, for the one who did it; asking for the page again would ask for something else."""
    return _page(translators, request, title, (sentence,), status=status)


def explained(translators: Translators) -> Middleware:
    """Tell people in words why there is nothing to see. Programs are answered as ever."""

    @web.middleware
    async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
        if "text/html" not in request.headers.get("Accept", ""):
            return await handler(request)
        try:
            return await handler(request)
        except web.HTTPNotFound:
            why = _("The link is wrong, or no longer in force. Ask whoever sent it to you for a new one.")
            return outcome(translators, request, _("There is nothing here"), why, 404)
        except Exception as error:
            status = error.status if isinstance(error, web.HTTPException) else 500
            if status < 500:
                raise
            reference = secrets.token_hex(4)  # which the person is given
            log.exception("a page could not be shown", extra={"reference": reference, "status": status})
            return outcome(translators, request, _("That went wrong"), welcome.fault(reference).text, status)

    return explain


def _page(
    translators: Translators,
    request: web.Request,
    title: Text,
    sentences: Sequence[Words],
    *,
    status: int = 200,
    listed: bool = False,
) -> web.Response:
    return (_LISTED if listed else _UNLISTED).answer(
        translators(language_of(request)),
        status=status,
        title=title,
        sentences=sentences,
        ways=_ROUND_ABOUT,
        here=request.path,
        listed=listed,
    )
