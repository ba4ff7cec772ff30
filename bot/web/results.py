"""`/results/<link>`: what a self-assessment came to, or two of them beside each other, for whoever has the link."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import Connection

from bot.documents import report
from bot.documents.dossier import Voice
from bot.documents.names import file_title
from bot.documents.report import Report
from bot.domain.assessment import Comparison, Result
from bot.domain.people import Language
from bot.domain.programmes import local_day
from bot.domain.words import Text, _
from bot.handlers import results
from bot.handlers.visit import Surroundings, Visit
from bot.keys import link_token_is_right
from bot.ports import Clock, UnitOfWork
from bot.texts import Translator, Translators, bars_of
from bot.web.attachments import attachment
from bot.web.headers import HEADERS
from bot.web.readers import language_of
from storage.links import Kind, Links

if TYPE_CHECKING:
    from jinja2 import Template

_LINK = "/results/{id:[0-9a-f]{32}}-{token:[A-Za-z0-9_-]{43}}"
_FOLDER = Path(__file__).parent / "templates"
_CSV = "text/csv; charset=utf-8"
_LANGUAGES = (
    (Language.SWEDISH, "Svenska"),
    (Language.BOKMAL, "Bokmål"),
    (Language.NYNORSK, "Nynorsk"),
    (Language.ENGLISH, "English"),
)
_LABELS: dict[str, Text] = {
    "download": _("Download"),
    "word": _("Word document"),
    "csv": _("Every figure as CSV"),
    "language": _("Language"),
}


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a link shows."""

    report: Report
    figures: Result | Comparison
    roles: Sequence[str]  # that are shown beside all together


class ResultPages:
    """Shows results. A link that is wrong, over, revoked or of something else gets the same answer: 404."""

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
        self._writing = asyncio.Lock()  # one document at a time: they are the heaviest thing that anybody can ask for

    def routes(self, app: web.Application) -> None:
        app.router.add_get(_LINK, self._page)
        app.router.add_get(_LINK + "/report.docx", self._word)
        app.router.add_get(_LINK + "/figures.csv", self._csv)

    async def _page(self, request: web.Request) -> web.Response:
        opened, translator = await self._opened(request), self._translators(language_of(request))
        body = _template().render(
            say=translator.say,
            language=translator.language.value,
            report=opened.report,
            bars_of=bars_of,
            style=_style(),
            here=request.path,
            languages=_LANGUAGES,
            label=_LABELS,
        )
        text = body.encode(errors="replace").decode()  # what people wrote may hold halves of characters
        return web.Response(text=text, content_type="text/html", headers=_headers())

    async def _word(self, request: web.Request) -> web.Response:
        opened, translator = await self._opened(request), self._translators(language_of(request))
        async with self._writing:
            written, media_type = await asyncio.to_thread(self._write, opened.report, translator)
        return self._file(opened, translator, written, media_type, "docx")

    def _write(self, found: Report, translator: Translator) -> tuple[bytes, str]:
        """The Word file and what it is; its library is loaded only now, before the first document."""
        from bot.documents import results as documents
        from bot.documents.word import MEDIA_TYPE

        return documents.word_file(found, translator, self._clock.now()), MEDIA_TYPE

    async def _csv(self, request: web.Request) -> web.Response:
        opened, translator = await self._opened(request), self._translators(language_of(request))
        written = await asyncio.to_thread(_figures, opened, translator)
        return self._file(opened, translator, written, _CSV, "csv")

    def _file(
        self, opened: _Opened, translator: Translator, written: bytes, media_type: str, ending: str
    ) -> web.Response:
        day = local_day(self._clock.now(), opened.report.programme.zone)
        name = f"{file_title(Voice(translator)(opened.report.title)) or 'lartraff'}-{day.isoformat()}"
        headers = {
            "Content-Type": media_type,
            "Content-Disposition": attachment(name, ending),
            "X-Robots-Tag": "noindex, nofollow",
        }
        return web.Response(body=written, headers=headers)

    async def _opened(self, request: web.Request) -> _Opened:
        """What the link opens. Raises `HTTPNotFound`."""
        id, token = request.match_info["id"], request.match_info["token"]
        if not link_token_is_right(self._key, id, token):
            raise web.HTTPNotFound

        def read(connection: Connection) -> _Opened | None:
            now = self._clock.now()
            link = Links(connection, now).open(id, Kind.RESULTS)
            return _read(Visit(connection, now, self._surroundings), link.about) if link is not None else None

        found = await self._unit_of_work.run(read)
        if found is None:
            raise web.HTTPNotFound
        return found


def _read(visit: Visit, about: str) -> _Opened | None:
    id, role, before = results.parts_of(about)
    if before is not None:
        both = results.compared(visit, id, before)
        return _Opened(report.of_comparison(*both), both[0], ()) if both is not None else None
    there = results.found(visit, id)
    if there is None:
        return None
    result = results.read(visit, there[0])
    roles = tuple(result.roles) if role is None else tuple(one for one in result.roles if one == role)
    return _Opened(report.of_result(result, there[1], roles), result, roles)


def _figures(opened: _Opened, translator: Translator) -> bytes:
    from bot.documents import results as documents

    if isinstance(opened.figures, Comparison):
        return documents.csv_of_comparison(opened.figures, translator)
    return documents.csv_of_result(opened.figures, opened.roles, translator)


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("results.html")


@cache
def _style() -> str:
    return (_FOLDER / "results.css").read_text()


@cache
def _headers() -> dict[str, str]:
    """Those of every answer, and leave for the one style sheet that stands in the page."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    policy = f"{HEADERS['Content-Security-Policy']}; style-src 'sha256-{digest}'"
    return {"Content-Security-Policy": policy, "X-Robots-Tag": "noindex, nofollow"}
