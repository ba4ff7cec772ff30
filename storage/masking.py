"""What a moderator has masked is kept nowhere else either: not in messages, answers that are kept, or forms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Column, Connection, or_

from storage.mending import GONE, in_document, in_reply, in_view, mend_column, spelt
from storage.tables import deliveries, drafts, matters, outbox, runs

_SHOWN: Mapping[Column[Any], Callable[..., str]] = {
    **dict.fromkeys((outbox.c.view, matters.c.view), in_view),
    **dict.fromkeys((runs.c.state, drafts.c.texts), in_document),
    deliveries.c.reply: in_reply,
}
"""Where what somebody wrote stands besides, and how it is mended there."""


def mask(connection: Connection, text: str, instead: str, words: Collection[str]) -> None:
    """Put `instead` where the text stands, and nothing where one of the words that pointed at somebody stands alone.

    The caller masks it where it was written, and frees the space on disk after the commit.
    """

    def mend(said: str) -> str:
        return GONE if said in words else said.replace(text, instead)

    for column, mended in _SHOWN.items():
        stands = or_(*(column.contains(form, autoescape=True) for form in spelt([text])))
        mend_column(connection, column, stands, partial(mended, mend=mend))
