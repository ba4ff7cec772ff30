"""The board: what stands in each box under each question, as the web page, the channels and the documents show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from bot.domain.rounds import Asked, Box, Mode, Purpose, Round, Scale
from bot.domain.values import dataclass
from bot.domain.words import Localised, Words, _


class Standing(StrEnum):
    """Whether an answer is shown."""

    SHOWN = "shown"
    HELD = "held"  # a coordinator looks at it first
    HIDDEN = "hidden"  # a coordinator took it away; the board says that, and why


@dataclass(frozen=True, slots=True)
class Answer:
    """One post. There is no author: for notes it is the group, for a sealed answer nobody knows."""

    id: str  # random
    round: str
    box: str  # role group, or empty for the box of everybody
    question: str
    group: str  # id of the discussion group that wrote it; empty for a sealed answer
    text: str  # what a person wrote: untrusted
    standing: Standing
    place: int  # order on the board
    written_at: datetime  # UTC; of a sealed answer only the day on which its round closed, at midnight
    reason: str = ""  # why it is held or hidden: one of our own words, never what somebody wrote
    moved: bool = False  # it was in another box first


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody says to an answer: a role group to what is expected of it, the organiser to a need."""

    answer: str
    box: str  # the role group that replies; empty for the organiser
    accepted: bool
    text: str  # untrusted
    said_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Post:
    """An answer as it is shown."""

    id: str
    text: Words  # untrusted; or a rating in words of ours
    group: str = ""  # the name of the group that wrote it, where the round is signed; untrusted
    moved: bool = False
    replies: tuple[Reply, ...] = ()
    votes: int | None = None  # None: no vote, or one that is not over, or too few have voted


@dataclass(frozen=True, slots=True)
class Heading:
    """A question with its posts."""

    id: str
    text: Localised
    purpose: Purpose
    posts: tuple[Post, ...] = ()
    held: int = 0  # posts that wait for a coordinator
    hidden: tuple[str, ...] = ()  # why posts were taken away, one reason for each
    is_rated: bool = False
    rated: int = 0  # how many groups, or people where each answers for themselves, have rated it
    supplied: tuple[Localised, ...] = ()  # what the organiser has put there to begin with


@dataclass(frozen=True, slots=True)
class Part:
    """A box with its questions."""

    role: str
    name: Localised  # empty for the box of everybody
    headings: tuple[Heading, ...]
    rated: int = 0  # how many groups have rated something here

    @property
    def is_rated(self) -> bool:
        """Whether there is nothing to write here."""
        return bool(self.headings) and all(heading.is_rated for heading in self.headings)

    def is_left_empty(self, heading: Heading) -> bool:
        """Whether nobody wrote to a question, where people answer alone: enough of them did in this box.

        What is rated is shown, or withheld, for each statement by itself.
        """
        enough = any(one.posts or one.held or one.hidden or one.rated for one in self.headings)
        return enough and not heading.is_rated


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that a round's board shows."""

    round: Round
    programme: Localised  # its title
    parts: tuple[Part, ...]
    organisation: str = ""  # the name of the only one that is asked, for those who would not know it

    @property
    def is_sealed(self) -> bool:
        """Whether nothing can stand on it before the round closes."""
        return self.round.is_open and self.round.mode is Mode.SEALED

    @property
    def posts(self) -> int:
        """How many there are, without ratings."""
        written = (heading for part in self.parts for heading in part.headings if not heading.is_rated)
        return sum(len(heading.posts) for heading in written)


def board(
    shown: Round,
    programme: Localised,
    answers: Iterable[Answer],
    *,
    names: Mapping[str, str],
    replies: Iterable[Reply] = (),
    votes: Mapping[str, int] | None = None,
    rated: Mapping[tuple[str, str], int] | None = None,
) -> Board:
    """The board of a round.

    Parameters
    ----------
    names
        Those of its discussion groups, by id.
    votes
        Those that may be shown.
    rated
        (box, question) → how many people have rated it, where each answered for themselves and it may be shown.
    """
    placed: dict[tuple[str, str], list[Answer]] = {}
    for answer in sorted(answers, key=lambda one: (one.place, one.id)):
        placed.setdefault((answer.box, answer.question), []).append(answer)
    said: dict[str, list[Reply]] = {}
    for reply in sorted(replies, key=lambda one: one.said_at):
        said.setdefault(reply.answer, []).append(reply)
    signs = names if shown.signed else {}
    marks = _Marks(said, signs, votes, rated or {})
    return Board(shown, programme, tuple(_part(box, placed, marks) for box in shown.boxes))


@dataclass(frozen=True, slots=True)
class _Marks:
    """What is shown beside a post."""

    said: Mapping[str, list[Reply]]
    signs: Mapping[str, str]
    votes: Mapping[str, int] | None
    rated: Mapping[tuple[str, str], int]

    def post(self, one: Answer, scale: Scale | None) -> Post:
        votes = self.votes.get(one.id, 0) if self.votes is not None else None
        text = _("{value} of {most}", value=one.text, most=scale.most) if scale is not None else one.text
        return Post(one.id, text, self.signs.get(one.group, ""), one.moved, tuple(self.said.get(one.id, ())), votes)


def _part(box: Box, placed: Mapping[tuple[str, str], list[Answer]], marks: _Marks) -> Part:
    headings = (_heading(box, question, placed.get((box.role, question.id), []), marks) for question in box.questions)
    rated = (placed.get((box.role, question.id), []) for question in box.questions if question.scale is not None)
    groups = {one.group for answers in rated for one in answers if one.standing is Standing.SHOWN}
    return Part(box.role, box.name, tuple(headings), len(groups))


def _heading(box: Box, question: Asked, answers: list[Answer], marks: _Marks) -> Heading:
    shown = tuple(marks.post(one, question.scale) for one in answers if one.standing is Standing.SHOWN)
    return Heading(
        question.id,
        question.text,
        question.purpose,
        shown,
        held=sum(one.standing is Standing.HELD for one in answers),
        hidden=tuple(one.reason for one in answers if one.standing is Standing.HIDDEN),
        is_rated=question.scale is not None,
        rated=(marks.rated.get((box.role, question.id), 0) or len(shown)) if question.scale is not None else 0,
        supplied=question.supplied,
    )
