"""Column types that refuse what would be wrong later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """A UTC instant with microseconds, kept as a whole number so that both databases sort and compare it alike.

    Refuses naive times: they would silently mean something else on another machine.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else from_micros(value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC; raises `ValueError` for a naive time."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {moment!r}")
    return (moment - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=1000)
def from_micros(micros: int) -> datetime:
    """The instant that `to_micros` wrote. Remembered, since very many reminders are due at the same one."""
    return _EPOCH + timedelta(microseconds=micros)
