"""Pages in one style: our templates, the style sheets that stand in them or beside them, and leave for those alone."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.domain.people import Language
from bot.domain.words import _
from bot.texts import Translator
from bot.web.headers import HEADERS

if TYPE_CHECKING:
    from jinja2 import Environment

LANGUAGES: Final = {
    Language.SWEDISH: "Svenska",
    Language.BOKMAL: "Bokmål",
    Language.NYNORSK: "Nynorsk",
    Language.ENGLISH: "English",
}
"""As they call themselves."""

UNLISTED: Final = {"X-Robots-Tag": "noindex, nofollow"}
"""For whatever is only for those who have a link."""

_HERE = Path(__file__).parent
_COMMON: Final = {"language": _("Language")}


class Styled:
    """A page of one file: its style sheets stand in it, and nothing else is fetched or run."""

    def __init__(self, template: str, *sheets: str, headers: Mapping[str, str] = UNLISTED) -> None:
        self._template = template
        self._sheets = ("page.css", *sheets)
        self._own_headers = headers

    def answer(self, translator: Translator, *, status: int = 200, **values: object) -> web.Response:
        """The page in the reader's language."""
        style = _style(self._sheets)
        digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
        policy = f"{HEADERS['Content-Security-Policy']}; style-src 'sha256-{digest}'"
        headers = {"Content-Security-Policy": policy, **self._own_headers}
        return answer(self._template, translator, headers, status=status, style=style, common=_COMMON, **values)


def answer(
    template: str, translator: Translator, headers: Mapping[str, str], *, status: int = 200, **values: object
) -> web.Response:
    """A page made of a template. It is shown whatever people wrote, also with halves of characters in it."""
    page = _templates().get_template(template)
    text = page.render(
        values,
        say=translator.say,
        language=translator.language,
        languages=LANGUAGES,
        file=file_address,
    )
    body = text.encode(errors="replace")
    return web.Response(body=body, status=status, content_type="text/html", charset="utf-8", headers=headers)


@cache
def _templates() -> Environment:
    """Its library is loaded with the first page: no answer in a chat needs it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style(sheets: tuple[str, ...]) -> str:
    return "".join((_HERE / "templates" / sheet).read_text() for sheet in sheets)


# --- Files of ours that stand beside pages ----------------------------------------------------------------------------

_STATIC: Final = {
    "board.css": "text/css",
    "board.js": "text/javascript",
    "board.svg": "image/svg+xml",
    "form.css": "text/css",
    "live.js": "text/javascript",
    "workshop.css": "text/css",
    "workshop.js": "text/javascript",
}
_FOREVER: Final = "public, max-age=31536000, immutable"  # a file's address changes with its content


async def static_file(request: web.Request) -> web.Response:
    """One of our files, which may be kept for good."""
    name = request.match_info["file"]
    if name not in _STATIC:
        raise web.HTTPNotFound
    headers = {**HEADERS, **UNLISTED, "Cache-Control": _FOREVER}
    return web.Response(body=_content(name), content_type=_STATIC[name], charset="utf-8", headers=headers)


@cache
def _content(file: str) -> bytes:
    return (_HERE / "static" / file).read_bytes()


@cache
def file_address(file: str) -> str:
    """The address of one of our files, which changes with its content."""
    return f"/board/static/{file}?v={hashlib.sha256(_content(file)).hexdigest()[:10]}"
