"""Forms and receipts as pages without script: drawn from our own views, and read when they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from bot.conversation import clean
from bot.domain.words import Localised, Text, Words, _
from bot.flows.rating import DONT_KNOW
from bot.messages import Card, ChoiceField, Form, Option
from bot.texts import Translator
from bot.web.headers import HEADERS
from bot.web.styled import UNLISTED, answer

MOST_BYTES: Final = 512 * 1024
"""Of what is sent: ten questions filled to the last character with signs that take twelve bytes each."""

_MOST_FIELDS = 100
_LABELS: Final = {
    "wrong": _("Not sent yet"),
    "languages": _("Language"),
    "privacy": _("Privacy"),
    "accessibility": _("Accessibility"),
}
_HEADERS: Final = {
    **HEADERS,
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    # With no-referrer a browser would not say where a form was sent from either. No other site is told anything.
    "Referrer-Policy": "same-origin",
    **UNLISTED,
}

_QUOTING: Final = {"{question}": "question", "{area}: {question}": "question", "{value} – {meaning}": "meaning"}
"""Sentences that say little more than what a programme says in its own language: which of their values that is."""

Way = tuple[Words, str]
"""A link: what it is called, and its address."""


def page(
    request: web.Request,
    translator: Translator,
    view: Form | Card,
    *,
    programme: Words = "",
    ways: Sequence[Way] = (),
    status: int = 200,
) -> web.Response:
    """A view as a page of its own; of its buttons, only those that are links are shown."""
    wrong = isinstance(view, Form) and bool(view.refusal or view.errors)
    return answer(
        "form.html",
        translator,
        _HEADERS,
        status=status,
        view=view,
        programme=programme,
        ways=ways,
        wrong=wrong,
        arrived=request.method == "POST" and not wrong,  # a page in place of the one that was sent: said aloud at once
        here=request.path,
        tongue=lambda words: _tongue(words, translator),
        steps_of=_steps,
        label=_LABELS,
    )


def gone(request: web.Request, translator: Translator) -> web.Response:
    """The same for every link that opens nothing, whyever."""
    why = _("The link is wrong, or no longer in force. Ask whoever sent it to you for a new one.")
    return page(request, translator, Card(_("There is nothing here"), body=(why,)), status=404)


def is_ours(request: web.Request) -> bool:
    """Whether the browser says that the form was sent from our own site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return bool(request.host) and urlsplit(request.headers.get("Origin", "")).netloc == request.host


async def sent(request: web.Request) -> Mapping[str, str]:
    """Field name → what was typed, without what could break the showing.

    Raises `HTTPUnsupportedMediaType` and `HTTPRequestEntityTooLarge`.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    body = await _read(request)
    try:
        fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise web.HTTPBadRequest from None
    return {clean(name): clean(typed.replace("\r\n", "\n").replace("\r", "\n"), long=True) for name, typed in fields}


async def _read(request: web.Request) -> bytes:
    size = request.content_length or 0
    body = await request.read() if size <= MOST_BYTES else b""
    if max(size, len(body)) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(max_size=MOST_BYTES, actual_size=max(size, len(body)))
    return body


def _steps(field: ChoiceField) -> list[Option]:
    """The values of a scale, which stand beside each other; none where the options are no scale."""
    return [option for option in field.options if field.scale and option.value != DONT_KNOW]


def _tongue(words: Words, translator: Translator) -> str:
    """The language of a programme's own words, where it is another than the reader's: a screen reader has to know."""
    if isinstance(words, Text) and words.message in _QUOTING:
        words = cast("Words", words.values[_QUOTING[words.message]])
    if not isinstance(words, Localised):
        return ""
    said = translator.say(words)
    code = next((code for code, wording in words.wordings.items() if wording == said), "")
    return "" if code == translator.language else code
