"""What somebody has typed that may be an answer without a name: held in memory alone, until they call it a question."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from bot.domain.people import Actor

_HELD = timedelta(minutes=10)
_MOST = 1000
"""People of whom something is held at once; of more, the one who typed first writes it anew."""


class Unkept:
    """The last such message of each person. It is in no database, file or log, and gone with the process."""

    def __init__(self) -> None:
        self._texts: OrderedDict[Actor, tuple[str, datetime]] = OrderedDict()
        self._lock = Lock()

    def hold(self, actor: Actor, text: str, now: datetime) -> None:
        """Hold it, in place of what the person has typed before."""
        with self._lock:
            self._texts[actor] = text, now + _HELD
            self._texts.move_to_end(actor)
            self._let_go(now)

    def take(self, actor: Actor, now: datetime) -> str:
        """What the person has typed, once; empty when it is held no longer, or by another process."""
        with self._lock:
            self._let_go(now)
            return self._texts.pop(actor, ("", now))[0]

    def _let_go(self, now: datetime) -> None:
        while self._texts and (len(self._texts) > _MOST or next(iter(self._texts.values()))[1] <= now):
            self._texts.popitem(last=False)
