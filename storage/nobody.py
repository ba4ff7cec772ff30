"""The person that stands for those who have been erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.domain.people import Language
from storage.tables import people
from storage.upsert import insert_or_ignore

ERASED = "erased"
"""The person that stands where somebody stood whose row another row needs: nobody, without a name or an account."""


def be_nobody(connection: Connection, now: datetime) -> None:
    """Let the person be there that stands for those who are known no more."""
    insert_or_ignore(connection, people, id=ERASED, language=Language.SWEDISH.value, created_at=now)
