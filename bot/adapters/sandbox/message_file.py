"""The sandbox's memory in a small SQLite file: it plays the platform, and platforms keep their messages."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.adapters.sandbox.ports import Message, Place, Shown
from bot.domain.people import Language
from bot.messages import View, from_json, to_json

_TABLES = """
CREATE TABLE IF NOT EXISTS message (
    position     INTEGER PRIMARY KEY,
    conversation TEXT NOT NULL,
    reference    TEXT NOT NULL,
    view         TEXT NOT NULL,
    language     TEXT NOT NULL,
    at           TEXT NOT NULL,
    author       TEXT NOT NULL,
    outbox       TEXT NOT NULL,
    changed      INTEGER NOT NULL DEFAULT 0,
    UNIQUE (conversation, reference)
);
CREATE UNIQUE INDEX IF NOT EXISTS message_outbox ON message (conversation, outbox) WHERE outbox <> '';
CREATE TABLE IF NOT EXISTS shown (
    user     TEXT NOT NULL,
    place    TEXT NOT NULL,
    view     TEXT NOT NULL,
    language TEXT NOT NULL,
    outbox   TEXT NOT NULL,
    PRIMARY KEY (user, place)
);
CREATE TABLE IF NOT EXISTS clock (only INTEGER PRIMARY KEY CHECK (only = 1), offset_seconds REAL NOT NULL);
"""

_COLUMNS = "reference, conversation, view, language, at, author, outbox, changed"

_Row = tuple[str, ...]


class MessageFile:
    """`Messages` in one file. Every call runs in a thread, so that the disk never holds up the conversation."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._turn = threading.Lock()
        self._file.execute("PRAGMA journal_mode = WAL")
        # Outlives a crash of the program; only a power cut may take the last moments of a trial.
        self._file.execute("PRAGMA synchronous = NORMAL")
        self._file.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._file.close()

    # Messages

    async def append(self, message: Message) -> str:
        row = (
            *(message.reference, message.conversation, to_json(message.view), message.language),
            *(message.at.isoformat(), message.author, message.outbox, message.changed),
        )
        statement = f"INSERT OR IGNORE INTO message ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant
        await self._run(statement, *row)
        there = await self.find(message.conversation, message.outbox) if message.outbox else None
        return there or message.reference

    async def replace(self, conversation: str, reference: str, view: View, language: Language) -> bool:
        statement = (
            "UPDATE message SET view = ?, language = ?, changed = 1 WHERE conversation = ? AND reference = ? "
            "RETURNING reference"
        )
        return bool(await self._run(statement, to_json(view), language, conversation, reference))

    async def remove(self, conversation: str, reference: str) -> None:
        await self._run("DELETE FROM message WHERE conversation = ? AND reference = ?", conversation, reference)

    async def by_conversation(self, conversation: str, *, most: int) -> Sequence[Message]:
        statement = f"SELECT {_COLUMNS} FROM message WHERE conversation = ? ORDER BY position DESC LIMIT ?"  # noqa: S608
        rows = await self._run(statement, conversation, most)
        return [_message(row) for row in reversed(rows)]

    async def message(self, conversation: str, reference: str) -> Message | None:
        statement = f"SELECT {_COLUMNS} FROM message WHERE conversation = ? AND reference = ?"  # noqa: S608
        rows = await self._run(statement, conversation, reference)
        return _message(rows[0]) if rows else None

    async def find(self, conversation: str, outbox: str) -> str | None:
        statement = "SELECT reference FROM message WHERE conversation = ? AND outbox = ?"
        rows = await self._run(statement, conversation, outbox)
        return rows[0][0] if rows else None

    # What one person sees

    async def show(self, user: str, place: Place, shown: Shown) -> None:
        statement = "INSERT OR REPLACE INTO shown (user, place, view, language, outbox) VALUES (?, ?, ?, ?, ?)"
        await self._run(statement, user, place, to_json(shown.view), shown.language, shown.outbox)

    async def clear(self, user: str, place: Place) -> None:
        await self._run("DELETE FROM shown WHERE user = ? AND place = ?", user, place)

    async def shown(self, user: str, place: Place) -> Shown | None:
        rows = await self._run("SELECT view, language, outbox FROM shown WHERE user = ? AND place = ?", user, place)
        return Shown(from_json(rows[0][0]), Language(rows[0][1]), rows[0][2]) if rows else None

    # The clock

    async def keep_offset(self, offset: timedelta) -> None:
        statement = "INSERT OR REPLACE INTO clock (only, offset_seconds) VALUES (1, ?)"
        await self._run(statement, offset.total_seconds())

    async def offset(self) -> timedelta:
        rows = await self._run("SELECT offset_seconds FROM clock")
        return timedelta(seconds=float(rows[0][0])) if rows else timedelta(0)

    async def _run(self, statement: str, *values: object) -> list[_Row]:
        return await asyncio.to_thread(self._run_now, statement, values)

    def _run_now(self, statement: str, values: tuple[object, ...]) -> list[_Row]:
        with self._turn:
            return self._file.execute(statement, values).fetchall()


def _message(row: _Row) -> Message:
    reference, conversation, view, language, at, author, outbox, changed = row
    return Message(
        reference, conversation, from_json(view), Language(language), datetime.fromisoformat(at), author=author,
        outbox=outbox, changed=bool(changed),
    )  # fmt: skip
