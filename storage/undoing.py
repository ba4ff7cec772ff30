"""What a transaction has done outside of the database, undone when it is not kept after all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

log = logging.getLogger(__name__)

_undoing: WeakKeyDictionary[Connection, list[Callable[[], None]]] = WeakKeyDictionary()
"""What the transaction under way on a connection would have undone, in the order in which it was done."""


def otherwise(connection: Connection, undo: Callable[[], None]) -> None:
    """Have this done if the transaction fails, before anybody is told that it did."""
    _undoing.setdefault(connection, []).append(undo)


@contextmanager
def kept_or_undone(connection: Connection) -> Iterator[None]:
    """A whole transaction, its commit included."""
    try:
        yield
    except BaseException:
        _undo(connection, since=0)
        raise
    finally:
        _undoing.pop(connection, None)


@contextmanager
def part_or_undone(connection: Connection) -> Iterator[None]:
    """A part of a transaction that may fail by itself."""
    before = len(_undoing.get(connection, ()))
    try:
        yield
    except BaseException:
        _undo(connection, since=before)
        raise


def _undo(connection: Connection, *, since: int) -> None:
    """Undo what was done last first. What cannot be undone hides nothing of what went wrong before."""
    done = _undoing.get(connection, [])
    while len(done) > since:
        try:
            done.pop()()
        except Exception:
            log.exception("what a failed transaction had done outside of the database could not be undone")
