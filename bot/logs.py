"""One log for everything that runs in the process, in which nothing of what people write can end up.

Ours alone may speak freely: what a library logs may hold a whole request (slack_bolt warns with the body it could not
handle), so of a library's line only the constant part is kept, and only from WARNING up. Exceptions are shown by type,
code and place, without their text: a database's error quotes the row. Extra fields are shown when they are on the list
below; ids of people and places are replaced by marks that are the same for the same id.
"""

from __future__ import annotations

import hashlib
import logging
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from json import dumps
from typing import TextIO

Entry = Mapping[str, object]
"""What one line says, in its order."""

OURS = ("bot", "storage", "config", "__main__")

SHOWN = frozenset(
    {
        "about", "attempts", "count", "delivery", "event", "flow", "kind", "nudge", "occasion", "outbox", "place",
        "platform", "programme", "reason", "reference", "retry_after", "revision", "route", "rule", "run", "seconds",
        "state", "status", "step", "trouble", "version",
    }
)  # fmt: skip
"""Fields with a value of ours: codes, our own random ids, numbers."""

MARKED = frozenset({"actor", "conversation", "person", "recipient", "seat", "user", "workspace"})
"""Fields that name someone or somewhere: shown as a mark by which lines can be brought together."""

_MAX_CHARS = 500  # of a line of ours: the longest has some 200
_MOST_CAUSES = 5
_MOST_FRAMES = 12
_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def set_up(*, json: bool, key: bytes = b"", level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send every log of the process to `stream` (standard error), a line each: as JSON, or as text for people.

    `key` makes the marks of ids impossible to work backwards; without one they are the same in every deployment.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(_is_wanted)
    handler.setFormatter(_Lines(key, _as_json if json else _as_text))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a long tick is no news: the watchdog knows when it is


def _as_json(entry: Entry) -> str:
    return dumps(entry, ensure_ascii=False, default=str)


def _as_text(entry: Entry) -> str:
    said = {name: value for name, value in entry.items() if name not in ("at", "level", "message")}
    fields = " ".join(f"{name}={value}" for name, value in said.items())
    return f"{entry['at']} [{entry['level']}] {entry['message']} {fields}"


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _is_wanted(record: logging.LogRecord) -> bool:
    """A library that was set to say more is capped here all the same."""
    return _is_ours(record) or record.levelno >= logging.WARNING


class _Lines(logging.Formatter):
    """Makes a record into one line."""

    def __init__(self, key: bytes, write: Callable[[Entry], str]) -> None:
        super().__init__()
        self._key = key
        self._write = write

    def format(self, record: logging.LogRecord) -> str:
        """The line: when, how bad, what, the fields that may be shown, and where it broke."""
        entry: dict[str, object] = {
            "at": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
            "level": record.levelname.lower(),
            "message": _said(record),
            "logger": record.name,
            **self._fields(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            entry["broke"] = list(_causes(record.exc_info[1]))
        return "".join(
            c if c.isprintable() else "⏎" for c in self._write(entry)
        )  # one line, and no control of a terminal

    def _fields(self, record: logging.LogRecord) -> dict[str, object]:
        given = {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS}
        shown = {name: str(given[name])[:_MAX_CHARS] for name in sorted(SHOWN & given.keys())}
        marked = {name: self._mark(given[name]) for name in sorted(MARKED & given.keys())}
        withheld = sorted(given.keys() - SHOWN - MARKED)
        return {**shown, **marked, **({"withheld": withheld} if withheld else {})}

    def _mark(self, value: object) -> str:
        return hashlib.blake2b(str(value).encode(errors="replace"), key=self._key[:64], digest_size=6).hexdigest()


def _said(record: logging.LogRecord) -> str:
    """What the line says: ours in full, a library's only as it stands in its code."""
    if _is_ours(record):
        try:
            return record.getMessage()[:_MAX_CHARS]
        except (TypeError, ValueError, KeyError):  # a mistake in the call; logging itself would print every value
            return str(record.msg)[:_MAX_CHARS]
    if record.args:
        return str(record.msg)[:_MAX_CHARS]
    return f"(text withheld: {record.module}:{record.lineno})"  # it may have been put together with what people wrote


def _causes(error: BaseException | None) -> Iterator[str]:
    """The exception and what led to it: types, codes and places."""
    for _ in range(_MOST_CAUSES):
        if error is None:
            return
        frames = reversed(traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:])
        places = (f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames)
        name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
        yield f"{name}{_code(error)} at {' < '.join(places) or '?'}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _code(error: BaseException) -> str:
    """What a system or a database calls the error: a word or a number, never a value."""
    for name in ("errno", "sqlite_errorname", "sqlstate"):
        code = getattr(error, name, None)
        if isinstance(code, int | str):
            return f" {code}"
    return ""
