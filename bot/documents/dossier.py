"""What a document tells: a board or a part of it, and plans, with the words that stand around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime

from bot.documents.names import file_title
from bot.domain.assessment import has_scales
from bot.domain.board import Board, Heading, Part, Post, Reply
from bot.domain.plans import PlanRow, Progress
from bot.domain.programmes import Programme, local_day
from bot.domain.refusals import Gone
from bot.domain.rounds import Mode, Round, State
from bot.domain.values import dataclass
from bot.domain.words import Day, Moment, Text, Words, _, n_
from bot.texts import Translator

_BREAKS = re.compile("\r\n|[\r\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
"""Controls, lone surrogates, what XML has no place for, and what would turn the text that follows it around."""

PROGRESS = {
    Progress.PLANNED: _("Planned"),
    Progress.TESTING: _("Being tested"),
    Progress.DONE: _("Done"),
    Progress.BLOCKED: _("Stuck"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an organisation has decided to do."""

    organisation: str  # as people write it
    rows: tuple[PlanRow, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Who has not handed anything in: groups and organisations, never persons."""

    groups: tuple[Words, ...]  # without any post
    organisations: tuple[str, ...]  # without a plan; empty as long as nobody has one
    nobody_plans: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that one document is made of. `board` holds only the parts that are in it."""

    programme: Programme
    board: Board
    written_at: datetime  # UTC
    about: Words = ""  # the one group or organisation that it is about
    plans: tuple[Plan, ...] = ()
    missing: Missing | None = None  # for coordinators
    reasons: Mapping[str, Words] = field(default_factory=dict)  # why posts were taken away, in words

    @property
    def title(self) -> Words:
        return self.board.round.title


def printable(said: str) -> str:
    """The text without what no file can hold; line breaks and tabs stay."""
    return _UNPRINTABLE.sub("", _BREAKS.sub("\n", said))


def one_line(said: str) -> str:
    """The same for a title: a single line."""
    return " ".join(printable(said).split())


def facts(dossier: Dossier) -> Iterator[tuple[Text, Words]]:
    """What stands below the title, as label and value."""
    shown, zone = dossier.board.round, dossier.programme.zone
    yield _("Organiser"), dossier.programme.organiser
    if dossier.board.parts:
        yield _("Opened"), Moment(shown.opens_at, zone)
        if shown.state is State.CLOSED and shown.closed_at is not None:
            yield _("Closed"), Moment(shown.closed_at, zone)
        if not shown.only_rated:
            yield _("Posts"), str(dossier.board.posts)
    yield _("Written"), Moment(dossier.written_at, zone)


def remarks(dossier: Dossier) -> Iterator[Words]:
    """What a reader has to know before reading."""
    shown = dossier.board.round
    if dossier.board.parts and shown.state is State.OPEN:
        yield _("The round is still open: more can come.")
    if dossier.board.parts and shown.mode is Mode.SEALED:
        yield _(
            "Everybody answered for themselves, and nobody can find out who wrote what. "
            "Nothing is shown unless at least {k} people have answered.",
            k=shown.threshold,
        )
    if dossier.board.parts:
        yield from figures_elsewhere(shown)


def figures_elsewhere(about: Round) -> Iterator[Text]:
    """Where the figures of what was rated are: no document of the board has them."""
    if about.state is State.CLOSED and has_scales(about):
        yield _("The figures are in a report of their own, under “Result”.")


def nothing_yet(dossier: Dossier, part: Part, heading: Heading) -> Text:
    """What stands below a question of the box without posts."""
    shown = dossier.board.round
    if shown.mode is Mode.SEALED and shown.is_open:
        return _("Sealed until the round closes")
    if shown.mode is Mode.SEALED and not part.is_left_empty(heading):
        return _("Nothing is shown here: that takes answers from at least {k} people", k=shown.threshold)
    return _("No posts yet") if shown.is_open else _("Nobody wrote anything here")


def not_shown(dossier: Dossier, heading: Heading) -> Iterator[Text]:
    """What the posts do not say: how many there are that are left out, and why, or how many ratings."""
    if heading.rated and not heading.posts:
        yield n_("{n} person has rated this", "{n} people have rated this", heading.rated)
    if heading.held:
        yield n_("{n} post is waiting to be looked at", "{n} posts are waiting to be looked at", heading.held)
    for reason, number in Counter(heading.hidden).items():
        why = dossier.reasons.get(reason)
        if why:
            yield n_("{n} post has been hidden: {reason}", "{n} posts have been hidden: {reason}", number, reason=why)
        else:
            yield n_("{n} post has been hidden", "{n} posts have been hidden", number)


def signature(post: Post) -> Iterator[Words]:
    """What is said about a post besides its text."""
    if post.group:
        yield post.group
    if post.votes:
        yield n_("{n} vote", "{n} votes", post.votes)
    if post.moved:
        yield _("Moved here from another question")


def who(dossier: Dossier, reply: Reply) -> Words:
    """Who replies: a role group, or the organiser."""
    names = {box.role: box.name for box in dossier.board.round.boxes}
    return names.get(reply.box) or dossier.programme.organiser


def said(reply: Reply) -> Words:
    """A reply in words."""
    if reply.accepted and reply.text:
        return _("Yes, we will – {text}", text=reply.text)
    return _("Yes, we will") if reply.accepted else reply.text


def by_when(dossier: Dossier, row: PlanRow) -> Words:
    """When something should be done: before a meeting, or by a day of its own."""
    if row.due is not None:
        return Day(row.due)
    if not row.before:
        return ""
    try:
        meeting = dossier.programme.occasion(row.before)
    except Gone:  # it has left the programme since
        return ""
    day = Day(local_day(meeting.starts_at, dossier.programme.zone))
    return _("Before {meeting}, {day}", meeting=meeting.title, day=day)


def file_name(dossier: Dossier, say: Voice) -> str:
    """The document's name without its ending: what it is about, and the day on which it was written."""
    day = local_day(dossier.written_at, dossier.programme.zone)
    return f"{file_title(say(dossier.title), say(dossier.about)) or 'lartraff'}-{day.isoformat()}"


class Voice:
    """Says words in the reader's language, as far as a file can hold them."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self.tag = str(translator.locale).replace("_", "-")  # BCP 47: sv-SE

    def __call__(self, words: Words) -> str:
        return printable(self._translator.say(words))

    def line(self, words: Words) -> str:
        return one_line(self._translator.say(words))
