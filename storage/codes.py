"""One-time codes: only their digests are kept, and each works once."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select

from storage.prepared import Prepared
from storage.tables import codes

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that are read for one another: I O 0 1
_LENGTH = 10  # 32 ** 10 is 50 bits; guesses come one by one through a chat
_VALID = timedelta(days=14)
_UPPER, _LOWER = f"[{_LETTERS}]", f"[{_LETTERS.lower()}]"
_WRITTEN = re.compile(
    rf"(?<![\w-])(?:{_UPPER}{{5}}[-\u2010-\u2013]{_UPPER}{{5}}|"
    rf"(?=[\w\u2010-\u2013-]*\d)[{_LETTERS}{_LETTERS.lower()}]{_LOWER}{{4}}[-\u2010-\u2013]{_LOWER}{{5}})(?![\w-])"
)
"""In capitals; or without them, perhaps at the beginning of a sentence, and then with a digit: “start-datum” is none.
A double name has a capital in each half."""

SEATS = "seats"
"""The code of a seat, which a colleague passes on."""

PERSON = "person"
"""The code that joins another account to one's own."""

_FORGET = Prepared(delete(codes).where(codes.c.expires_at <= bindparam("now")))


class Codes:
    """The codes that are still unused."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def issue(self, purpose: str, about: str, *, valid: timedelta = _VALID) -> str:
        """A fresh code for one purpose."""
        code = _drawn()
        self._connection.execute(
            insert(codes),
            {"digest": _digest(code), "purpose": purpose, "about": about, "expires_at": self._now + valid},
        )
        return f"{code[:5]}-{code[5:]}"

    def withdraw(self, purpose: str, about: str) -> None:
        """Let no code about this be valid any more."""
        self._connection.execute(delete(codes).where(codes.c.purpose == purpose, codes.c.about == about))

    def forget(self) -> None:
        """Delete the codes that nobody used in time."""
        _FORGET.run(self._connection, now=self._now)

    def purpose(self, typed: str) -> str | None:
        """What the code is for; None for a wrong, used or expired one."""
        found: str | None = self._connection.execute(select(codes.c.purpose).where(*self._valid(typed))).scalar()
        return found

    def look_up(self, purpose: str, typed: str) -> str | None:
        """What the code is about, without using it; None for a wrong, used or expired one."""
        about: str | None = self._connection.execute(
            select(codes.c.about).where(codes.c.purpose == purpose, *self._valid(typed))
        ).scalar()
        return about

    def redeem(self, purpose: str, typed: str) -> str | None:
        """What the code is about, once; None for a wrong, used or expired one."""
        row = self._connection.execute(
            delete(codes).where(codes.c.purpose == purpose, *self._valid(typed)).returning(codes.c.about)
        ).one_or_none()
        return None if row is None else str(row.about)

    def _valid(self, typed: str) -> tuple[ColumnElement[bool], ...]:
        code = "".join(c for c in typed.upper() if c.isalnum())
        return codes.c.digest == _digest(code), codes.c.expires_at > self._now


def _drawn() -> str:
    """Ten letters with a digit among them: without one, it could be a word when it is written small."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return code if any(map(str.isdigit, code)) else _drawn()


def code_in(text: str) -> str:
    """The code that somebody has written among other words; empty where there is none."""
    found = _WRITTEN.search(text)
    return found[0] if found is not None else ""


def without_codes(text: str) -> str:
    """The text without what would let whoever reads it take a seat, or a post."""
    return _WRITTEN.sub("[…]", text)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
