"""`/participants/…`: a programme's participants as files, for the coordinator who was given the link an hour ago."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

from bot.domain.participants import Participants
from bot.handlers import participants
from bot.texts import Translator
from bot.web.attachments import attachment
from bot.web.ground import Ground
from bot.web.styled import UNLISTED
from storage.links import Kind

_FILES = ("participants.xlsx", "participants.csv", "invoices.csv")


class ParticipantFiles:
    """Hands out the files. A wrong link, one that is over and one of a former coordinator get the same answer: 404."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._writing = asyncio.Lock()  # one file at a time: they are heavy

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/participants/{link}/{file}", self._file)

    async def _file(self, request: web.Request) -> web.Response:
        file, found = request.match_info["file"], await self._found(request)
        if file not in _FILES or (file == "invoices.csv" and found.programme.free):
            raise web.HTTPNotFound
        async with self._writing:
            written, name, media_type = await asyncio.to_thread(_written, file, found, self._ground.translator(request))
        disposition = attachment(name, file.rpartition(".")[2])
        return web.Response(
            body=written, headers={"Content-Type": media_type, "Content-Disposition": disposition, **UNLISTED}
        )

    async def _found(self, request: web.Request) -> Participants:
        """What the link opens. Raises `HTTPNotFound`."""
        return await self._ground.found(request, Kind.PARTICIPANTS, participants.opened)


def _written(file: str, found: Participants, translator: Translator) -> tuple[bytes, str, str]:
    """The file, its name without its ending, and what it is; what writes it is loaded only now."""
    from bot.documents import participants as documents
    from bot.documents.spreadsheet import CSV_MEDIA_TYPE, EXCEL_MEDIA_TYPE

    writers: dict[str, tuple[Callable[[Participants, Translator], bytes], str]] = {
        "participants.xlsx": (documents.excel_file, EXCEL_MEDIA_TYPE),
        "participants.csv": (documents.csv_of_participants, CSV_MEDIA_TYPE),
        "invoices.csv": (documents.csv_of_invoices, CSV_MEDIA_TYPE),
    }
    write, media_type = writers[file]
    name = documents.file_name(found, translator, invoices=file == "invoices.csv")
    return write(found, translator), name, media_type
