"""`/documents/<link>`: a round's documents to download, for whoever has the link."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator

from aiohttp import web

from bot.documents.dossier import Dossier, Voice, figures_elsewhere, file_name
from bot.domain.values import dataclass
from bot.domain.words import Moment, Text, Words, _
from bot.handlers import shelf
from bot.handlers.shelf import Shelf
from bot.texts import Translator
from bot.web.attachments import attachment
from bot.web.ground import Ground
from bot.web.styled import UNLISTED, Styled
from storage.links import Kind

_LINK = "/documents/{link}"
_FILE = re.compile(r"(all|plan|group|organisation)(?:-([A-Za-z0-9-]{1,64}))?\.(docx|xlsx|csv)")
_PAGE = Styled("documents.html", "documents.css")
_KINDS = (("docx", "Word"), ("xlsx", "Excel"), ("csv", "CSV"))


@dataclass(frozen=True, slots=True)
class Line:
    """A document on the page: what it is about, and its files as (address, kind, what the link is called)."""

    about: str
    files: tuple[tuple[str, str, str], ...]


class DocumentPages:
    """Hands out documents. A link that is wrong, over, revoked or of something else gets the same answer: 404."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._writing = asyncio.Lock()  # one document at a time: they are the heaviest thing that anybody can ask for

    def routes(self, app: web.Application) -> None:
        app.router.add_get(_LINK, self._page)
        app.router.add_get(_LINK + "/{file}", self._file)

    async def _page(self, request: web.Request) -> web.Response:
        found, translator = await self._shelf(request), self._ground.translator(request)
        return _PAGE.answer(
            translator,
            shelf=found,
            written=_("As of {when}", when=Moment(found.read_at, found.programme.zone)),
            remarks=tuple(figures_elsewhere(found.board.round)),
            sections=tuple(_sections(found, request.path, translator)),
            label=_LABELS,
        )

    async def _file(self, request: web.Request) -> web.Response:
        named, found = _FILE.fullmatch(request.match_info["file"]), await self._shelf(request)
        dossier = _dossier(found, named[1], named[2] or "") if named else None
        if named is None or dossier is None:
            raise web.HTTPNotFound
        translator = self._ground.translator(request)
        written, media_type = await self._written(named[3], dossier, translator)
        headers = {
            "Content-Type": media_type,
            "Content-Disposition": attachment(file_name(dossier, Voice(translator)), named[3]),
            **UNLISTED,
        }
        return web.Response(body=written, headers=headers)

    async def _written(self, kind: str, dossier: Dossier, translator: Translator) -> tuple[bytes, str]:
        """The file and what it is; in a thread, since it takes longer than anybody else should wait."""
        write, media_type = await asyncio.to_thread(_writer, kind)
        async with self._writing:
            return await asyncio.to_thread(write, dossier, translator), media_type

    async def _shelf(self, request: web.Request) -> Shelf:
        """What the link opens. Raises `HTTPNotFound`."""
        return await self._ground.found(request, Kind.DOCUMENTS, shelf.opened)


def _dossier(found: Shelf, what: str, id: str) -> Dossier | None:
    """The document that a file's name asks for."""
    if what == "group":
        return shelf.of_group(found, id)
    if what == "organisation":
        return shelf.of_organisation(found, id)
    if id:
        return None
    return shelf.whole(found) if what == "all" else shelf.of_plans(found)


def _writer(kind: str) -> tuple[Callable[[Dossier, Translator], bytes], str]:
    """What writes files of a kind; loaded only now: 13 MB that nobody needs before the first document."""
    if kind == "docx":
        from bot.documents import word

        return word.word_file, word.MEDIA_TYPE
    from bot.documents import spreadsheet, tables

    if kind == "xlsx":
        return tables.excel_file, spreadsheet.EXCEL_MEDIA_TYPE
    return tables.csv_file, spreadsheet.CSV_MEDIA_TYPE


# --- The page ---------------------------------------------------------------------------------------------------------

_LABELS: dict[str, Text] = {
    "documents": _("Documents"),
    "posts": _("Posts"),
    "careful": _("Whoever has the link can download everything without signing in. Pass on the files, not the link."),
}


def _sections(found: Shelf, path: str, translator: Translator) -> list[tuple[str, tuple[Line, ...]]]:
    """Headings with the documents below them; none without a document."""

    def line(about: Words, file: str) -> Line:
        return Line(translator.say(about), tuple(_links(about, f"{path}/{file}", translator)))

    whole = [line(_("Everything, with who is missing"), "all")]
    of_several = found.plans and not found.board.round.organisation
    plans = [line(_("The plans of all organisations"), "plan")] if of_several else []
    groups = [line(found.called[group.id], f"group-{group.id}") for group in found.own_groups()]
    organisations = [line(name, f"organisation-{key}") for key, name in found.own_organisations().items()]
    sections = (
        (_("The whole round"), whole + plans),
        (_("By group"), groups),
        (_("By organisation"), organisations),
    )
    return [(translator.say(title), tuple(lines)) for title, lines in sections if lines]


def _links(about: Words, file: str, translator: Translator) -> Iterator[tuple[str, str, str]]:
    for ending, kind in _KINDS:
        label = translator.say(_("Download as {kind}: {about}", kind=kind, about=about))
        yield f"{file}.{ending}?language={translator.language}", kind, label
