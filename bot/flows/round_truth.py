"""What a round will send and has sent, as a coordinator's dry run and record say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from bot.domain.rounds import Mode, Round
from bot.domain.values import dataclass
from bot.domain.words import Listed, Text, Words, _, n_


class Kind(StrEnum):
    """What a message of a round is for, as its key in the outbox says."""

    PROMPT = "prompt"
    REMINDER = "reminder"
    NUDGE = "nudge"
    CLOSED = "closed"
    NOT_OPENED = "not-opened"
    RESULT = "result"
    SHARED = "shared"
    EXPECTED = "expected"


_WHAT: Mapping[Kind, Text] = {
    Kind.PROMPT: _("The questions"),
    Kind.REMINDER: _("A reminder before it closes"),
    Kind.NUDGE: _("A word to groups that have not written"),
    Kind.CLOSED: _("The round is closed"),
    Kind.NOT_OPENED: _("The round could not open"),
    Kind.RESULT: _("The result"),
    Kind.SHARED: _("The result, shared"),
    Kind.EXPECTED: _("What others expect"),
}


@dataclass(frozen=True, slots=True)
class OfRound:
    """A message of a round that will go, or went, to so many; `reason` says why it did not."""

    at: datetime  # UTC
    zone: str
    title: Words
    kind: Kind
    whom: Words
    reason: str = ""  # a platform's own code

    @property
    def what(self) -> Text:
        return _("{kind}: {title}", kind=_WHAT[self.kind], title=self.title)


def people(count: int, channels: int, held: int = 0) -> Words:
    """So many people and channels; `held` are those who have asked not to be sent it."""
    whom = Listed(tuple(_some(count, channels)))
    if not held:
        return whom
    return n_("{whom}; {n} has paused or opted out", "{whom}; {n} have paused or opted out", held, whom=whom)


def _some(count: int, channels: int) -> Iterator[Words]:
    if count or not channels:
        yield n_("{n} person", "{n} people", count)
    if channels:
        yield n_("{n} channel", "{n} channels", channels)


def idle_groups() -> Text:
    """Whom a round in which groups write reminds."""
    return _("groups that have written nothing by then")


def at_its_end(about: Round) -> Text:
    """Who hears that a round is over."""
    if about.occasion:
        return _("coordinators")
    if about.mode is Mode.SEALED:
        return _("everybody who was asked, and coordinators")
    return _("channels, those who take notes, and coordinators")
