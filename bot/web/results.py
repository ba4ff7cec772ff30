"""`/results/<link>`: what a self-assessment came to, or two of them beside each other, for whoever has the link."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web

from bot.documents import report
from bot.documents.dossier import Voice
from bot.documents.names import file_title
from bot.documents.report import Report
from bot.domain.assessment import Comparison, Result
from bot.domain.programmes import Programme, local_day
from bot.domain.values import dataclass
from bot.domain.words import Text, _
from bot.handlers import leaders, results
from bot.handlers.visit import Visit
from bot.texts import Translator, bars_of
from bot.web.attachments import attachment
from bot.web.ground import Ground
from bot.web.styled import UNLISTED, Styled
from storage.links import Kind

_LINK = "/results/{link}"
_PAGE = Styled("results.html", "results.css")
_CSV = "text/csv; charset=utf-8"
_LABELS: dict[str, Text] = {
    "download": _("Download"),
    "word": _("Word document"),
    "csv": _("Every figure as CSV"),
}


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a link shows."""

    report: Report
    figures: Result | Comparison
    roles: Sequence[str]  # that are shown beside all together


class ResultPages:
    """Shows results. A link that is wrong, over, revoked or of something else gets the same answer: 404."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._writing = asyncio.Lock()  # one document at a time: they are the heaviest thing that anybody can ask for

    def routes(self, app: web.Application) -> None:
        app.router.add_get(_LINK, self._page)
        app.router.add_get(_LINK + "/report.docx", self._word)
        app.router.add_get(_LINK + "/figures.csv", self._csv)

    async def _page(self, request: web.Request) -> web.Response:
        opened, translator = await self._opened(request), self._ground.translator(request)
        return _PAGE.answer(translator, report=opened.report, bars_of=bars_of, here=request.path, label=_LABELS)

    async def _word(self, request: web.Request) -> web.Response:
        opened, translator = await self._opened(request), self._ground.translator(request)
        async with self._writing:
            written, media_type = await asyncio.to_thread(self._write, opened.report, translator)
        return self._file(opened, translator, written, media_type, "docx")

    def _write(self, found: Report, translator: Translator) -> tuple[bytes, str]:
        """The Word file and what it is; its library is loaded only now, before the first document."""
        from bot.documents import results as documents
        from bot.documents.word import MEDIA_TYPE

        return documents.word_file(found, translator, self._ground.clock.now()), MEDIA_TYPE

    async def _csv(self, request: web.Request) -> web.Response:
        opened, translator = await self._opened(request), self._ground.translator(request)
        written = await asyncio.to_thread(_figures, opened, translator)
        return self._file(opened, translator, written, _CSV, "csv")

    def _file(
        self, opened: _Opened, translator: Translator, written: bytes, media_type: str, ending: str
    ) -> web.Response:
        day = local_day(self._ground.clock.now(), opened.report.programme.zone)
        name = f"{file_title(Voice(translator)(opened.report.title)) or 'lartraff'}-{day.isoformat()}"
        headers = {
            "Content-Type": media_type,
            "Content-Disposition": attachment(name, ending),
            **UNLISTED,
        }
        return web.Response(body=written, headers=headers)

    async def _opened(self, request: web.Request) -> _Opened:
        """What the link opens. Raises `HTTPNotFound`."""
        return await self._ground.found(request, Kind.RESULTS, _read)


def _read(visit: Visit, about: str) -> _Opened | None:
    id, role, before = results.parts_of(about)
    if before is not None:
        both = results.compared(visit, id, before)
        return _Opened(_of_comparison(visit, *both), both[0], ()) if both is not None else None
    there = results.found(visit, id)
    if there is None:
        return None
    result = results.read(visit, there[0])
    roles = tuple(result.roles) if role is None else tuple(one for one in result.roles if one == role)
    whose = leaders.asked_alone(visit, there[0])
    return _Opened(report.of_result(result, there[1], roles, organisation=whose), result, roles)


def _of_comparison(visit: Visit, found: Comparison, programme: Programme) -> Report:
    whose = leaders.asked_alone(visit, found.after.round)
    return report.of_comparison(found, programme, organisation=whose)


def _figures(opened: _Opened, translator: Translator) -> bytes:
    from bot.documents import results as documents

    if isinstance(opened.figures, Comparison):
        return documents.csv_of_comparison(opened.figures, translator)
    return documents.csv_of_result(opened.figures, opened.roles, translator)
