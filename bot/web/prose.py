"""Pages of a heading and some sentences, in the style of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.domain.words import Text, _
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


def for_everybody(translators: Translators, request: web.Request, title: Text, *sentences: Text) -> web.Response:
    """A page that may be found by searching."""
    return _page(translators, request, title, sentences, listed=True)


def outcome(translators: Translators, request: web.Request, title: Text, sentence: Text, status: int) -> web.Response:
    """What came of something, for the one who did it; asking for the page again would ask for something else."""
    return _page(translators, request, title, (sentence,), status=status)


def explained(translators: Translators) -> Middleware:
    """Tell people in words that there is nothing at an address. Programs are answered as ever."""

    @web.middleware
    async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPNotFound:
            if "text/html" not in request.headers.get("Accept", ""):
                raise
            why = _("The link is wrong, or no longer in force. Ask whoever sent it to you for a new one.")
            return outcome(translators, request, _("There is nothing here"), why, 404)

    return explain


def _page(
    translators: Translators,
    request: web.Request,
    title: Text,
    sentences: Sequence[Text],
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
