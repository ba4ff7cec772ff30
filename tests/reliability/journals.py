"""What the two databases write into their files, as somebody who holds the files reads it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text

from tests.handlers.town import Town


def in_pages(place: int, size: int) -> int:
    """Both databases fill their pages from the end: within a page, what came first stands last."""
    return place // size * size + size - place % size


class SqliteJournal:
    """The file and the write-ahead log beside it, of which each frame holds a page."""

    page = 4096
    _frame = page + 24
    _header = 32

    def __init__(self, path: Path) -> None:
        self._file, self._log = path, Path(f"{path}-wal")
        self._seen = 0

    async def news(self, town: Town) -> bytes:
        """What was written since the last time; the whole log when it was begun anew."""
        size = self._log.stat().st_size
        begin = self._seen if size >= self._seen else 0
        self._seen = size
        with self._log.open("rb") as file:
            file.seek(begin or self._header)
            return file.read()

    def place(self, news: bytes, text: str) -> int:
        return in_pages(news.find(text.encode()), self._frame)

    async def file(self, town: Town) -> bytes:
        return self._file.read_bytes()


class PostgresJournal:
    """The table's own file and the write-ahead log, read through the server itself."""

    page = 8192
    _segment = 16 * 1024 * 1024

    def __init__(self) -> None:
        self._seen = 0

    async def news(self, town: Town) -> bytes:
        """What was written since the last time, in whichever database of the server."""
        return await town.read(self._since)

    def _since(self, connection: Connection) -> bytes:
        now = int(connection.execute(text("SELECT pg_current_wal_flush_lsn() - '0/0'")).scalar_one())
        seen, self._seen = self._seen or now, now
        pieces = []
        while seen < now:
            until = min(now, (seen // self._segment + 1) * self._segment)
            where = {"at": seen, "within": seen % self._segment, "long": until - seen}
            pieces.append(bytes(connection.execute(_READ_JOURNAL, where).scalar_one()))
            seen = until
        return b"".join(pieces)

    def place(self, news: bytes, text: str) -> int:
        return news.find(text.encode())

    async def file(self, town: Town) -> bytes:
        read = text("SELECT pg_read_binary_file(pg_relation_filepath('answers'))")
        await town.work.run(lambda connection: connection.execute(text("CHECKPOINT")))
        return await town.read(lambda connection: bytes(connection.execute(read).scalar_one()))


def let_it_reach_the_journal(url: str) -> None:
    """On PostgreSQL, wait for the journal at each commit, as everywhere outside of tests: an adversary reads files."""
    if not url.startswith("sqlite"):
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text(f"ALTER DATABASE {engine.url.database} SET synchronous_commit = on"))
        engine.dispose()


_READ_JOURNAL = text(
    "SELECT pg_read_binary_file('pg_wal/' || pg_walfile_name('0/0'::pg_lsn + CAST(:at AS numeric)), :within, :long)"
)


def journal_of(url: str) -> SqliteJournal | PostgresJournal:
    file = make_url(url).database or ""
    return SqliteJournal(Path(file)) if url.startswith("sqlite") else PostgresJournal()
