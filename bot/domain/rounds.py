"""Rounds: sets of questions as a programme defines them, and one opening of a set as each group reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.rules import NOTHING
from bot.domain.values import dataclass
from bot.domain.words import Localised

LEAST_PEOPLE = 3
"""Below this nobody is anonymous: no setting goes lower."""

THRESHOLD = 5
"""So many people must have answered for themselves before anything is shown, unless the round says otherwise."""

UNDO = timedelta(seconds=60)
"""How long the one who opened a round can take it back."""

MOVABLE = timedelta(minutes=10)
"""How long a group can put a post of its own into another box."""

LONGEST_QUESTION = 200
"""Characters, before the roles stand in it."""

MOST_ASKED = 10_000
"""Characters of all questions in all boxes together: so many can be shown at once before they are asked."""

LONGEST_POST = 1000
"""Characters. The longest post of the boards that this replaces had 239."""


class Mode(StrEnum):
    """Whose words the answers are. Chosen before a round opens, and the same until it closes."""

    NOTES = "notes"  # a note-taker writes for the group, which is the author; shown at once
    SEALED = "sealed"  # each person for themselves; nobody can find out who; shown when the round has closed


class Purpose(StrEnum):
    """What becomes of the answers to a question, besides that they stand on the board."""

    DISCUSSION = "discussion"
    EXPECTATION = "expectation"  # what the other roles are expected to do: each of them is shown it
    NEED = "need"  # what help is asked for: the organiser answers


class State(StrEnum):
    """Where a round stands. It only ever goes forward: what is opened again is a new round."""

    PLANNED = "planned"  # opens at its time
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"  # taken back before anybody had answered


class Layout(StrEnum):
    """How the questions of a set stand on the board."""

    LIST = "list"
    FOUR = "four"  # four questions, two by two: strengths and weaknesses above, opportunities and threats below


@dataclass(frozen=True, slots=True)
class RoleWords:
    """A role group as sentences need it."""

    id: str
    name: Localised  # as a heading: "Strateger och nyckelpersoner"
    called: Localised  # in a sentence: "strateger/nyckelpersoner"


@dataclass(frozen=True, slots=True)
class Scale:
    """How a statement is rated: a whole number from `least` to `most`, both included."""

    least: int = 1
    most: int = 5
    low: Localised = NOTHING  # what `least` means
    high: Localised = NOTHING  # what `most` means

    @property
    def values(self) -> range:
        return range(self.least, self.most + 1)


@dataclass(frozen=True, slots=True)
class Area:
    """Questions that are looked at together."""

    id: str  # unique within the set
    name: Localised


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a set. `{role}` becomes whoever is asked, and `{others}` the other role groups."""

    id: str  # unique within the set
    text: Localised
    variants: Mapping[str, Localised] = field(default_factory=dict)  # role group → its own wording
    roles: tuple[str, ...] = ()  # asked of these role groups only
    organisations: tuple[str, ...] = ()  # asked of organisations with one of these marks only, e.g. "mentor"
    purpose: Purpose = Purpose.DISCUSSION
    help: Localised = NOTHING
    scale: Scale | None = None  # it is rated; otherwise it is answered in words
    area: str = ""  # id of an area of the set
    was: tuple[str, ...] = ()  # ids of the same question in earlier versions of the set
    supplied: tuple[Localised, ...] = ()  # what the organiser has put there to begin with: trends, links
    whom: tuple[Localised, ...] = ()  # how those organisations are called, where the marks have names


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions that are asked together, as a programme file has them or as a coordinator wrote them in chat."""

    id: str  # unique within the programme
    title: Localised
    questions: tuple[Question, ...]
    intro: Localised = NOTHING
    mode: Mode = Mode.NOTES
    by_role: bool = True  # each role group has a box of its own; otherwise one box for everybody
    signed: bool = False  # a post says which group wrote it
    moderated: bool = False  # a coordinator looks at every post before it is shown
    mail_to: str = ""  # e-mail address that the documents go to when the round closes
    votes: int = 0  # how many posts each participant may vote for; 0 is no vote
    version: str = ""  # e.g. "2027"
    areas: tuple[Area, ...] = ()
    together: bool = False  # everybody is one group, and writes one thing
    layout: Layout = Layout.LIST


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one box reads it."""

    id: str
    text: Localised
    purpose: Purpose = Purpose.DISCUSSION
    organisations: tuple[str, ...] = ()
    help: Localised = NOTHING
    scale: Scale | None = None
    area: str = ""
    was: tuple[str, ...] = ()
    supplied: tuple[Localised, ...] = ()
    whom: tuple[Localised, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the board and the questions it answers."""

    role: str  # id of the role group that owns it; empty for the box of everybody
    name: Localised  # empty for the box of everybody
    questions: tuple[Asked, ...]

    def question(self, id: str) -> Asked:
        """Raises `KeyError` when this box is not asked it."""
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(id)

    def asked_of(self, marks: Collection[str]) -> tuple[Asked, ...]:
        """The questions that an organisation with these marks is asked."""
        return tuple(q for q in self.questions if not q.organisations or set(q.organisations) & set(marks))


@dataclass(frozen=True, slots=True)
class Round:
    """One opening of a set of questions. What it asks is frozen: a later change of the programme leaves it alone."""

    id: str
    programme: str
    title: Localised
    boxes: tuple[Box, ...]
    mode: Mode
    opens_at: datetime  # UTC
    set: str = ""  # id of the question set; empty for one that was written in chat
    intro: Localised = NOTHING
    closes_at: datetime | None = None  # UTC; None: a coordinator closes it
    threshold: int = THRESHOLD  # people; for answers that each person gives for themselves
    signed: bool = False
    moderated: bool = False
    mail_to: str = ""
    votes: int = 0
    voted_later: bool = False  # people vote once its workshop goes on with it, and not while they write
    set_version: str = ""
    areas: tuple[Area, ...] = ()
    occasion: str = ""  # id of the meeting that it is about: then those who were there are asked, and nobody else
    organisation: str = ""  # key of the only organisation that is asked; empty: everybody who takes part
    together: bool = False  # everybody is one group, and writes one thing
    layout: Layout = Layout.LIST
    state: State = State.PLANNED
    opened_by: str = ""  # person id
    undo_until: datetime | None = None  # UTC
    closed_at: datetime | None = None  # UTC
    version: int = 0  # rises with every change of what the board shows

    def box(self, role: str) -> Box:
        """The box of this role group, or the one of everybody. Raises `KeyError`."""
        for box in self.boxes:
            if box.role in (role, ""):
                return box
        raise KeyError(role)

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN

    @property
    def is_by_role(self) -> bool:
        """Whether each role group has a box of its own."""
        return any(box.role for box in self.boxes)

    @property
    def has_vote(self) -> bool:
        """Whether people vote for what stands on its board, or have voted."""
        return bool(self.votes) and not self.voted_later

    @property
    def is_voted_on(self) -> bool:
        """Whether people vote for what stands on its board now."""
        return self.has_vote and self.is_open

    @property
    def only_rated(self) -> bool:
        """Whether nothing in it is answered in words."""
        return all(question.scale is not None for box in self.boxes for question in box.questions)

    def is_rated(self, box: str, question: str) -> bool:
        """Whether a question of a box is answered with a rating."""
        return self.box(box).question(question).scale is not None


def boxes(asked: QuestionSet, groups: Iterable[RoleWords], chosen: Collection[str] = ()) -> tuple[Box, ...]:
    """The set as each box reads it; with `chosen`, only the boxes of these role groups. Without questions, no box.

    Parameters
    ----------
    asked
        The questions, with `{role}` and `{others}` still open.
    groups
        All role groups of the programme, also those that are not asked: others are expected to do something too.
    """
    everybody = tuple(groups)
    if not asked.by_role or not everybody:
        found = tuple(_asked(question, None, everybody) for question in asked.questions)
        return (Box("", NOTHING, found),) if found else ()
    made = (_box(asked, group, everybody) for group in everybody if not chosen or group.id in chosen)
    return tuple(box for box in made if box.questions)


def asked_characters(asked: Iterable[Box]) -> int:
    """How long all questions in all boxes are together, in the language in which they are longest."""
    texts = [question.text.wordings for box in asked for question in box.questions]
    languages = {language for wordings in texts for language in wordings}
    return max((sum(len(one.get(language, "")) for one in texts) for language in languages), default=0)


def _box(asked: QuestionSet, group: RoleWords, everybody: tuple[RoleWords, ...]) -> Box:
    mine = (question for question in asked.questions if not question.roles or group.id in question.roles)
    return Box(group.id, group.name, tuple(_asked(question, group, everybody) for question in mine))


def _asked(question: Question, group: RoleWords | None, everybody: tuple[RoleWords, ...]) -> Asked:
    wording = question.variants.get(group.id, question.text) if group else question.text
    return Asked(
        question.id,
        _filled(wording, group, everybody),
        question.purpose,
        question.organisations,
        question.help,
        question.scale,
        question.area,
        question.was,
        question.supplied,
        question.whom,
    )


def _filled(wording: Localised, group: RoleWords | None, everybody: tuple[RoleWords, ...]) -> Localised:
    """The wording with the roles' names put in. Braces that mean nothing to us stay as they were written."""
    others = tuple(other for other in everybody if other is not group)
    return Localised(
        {
            language: text.replace("{role}", _called(group, language) if group else "").replace(
                "{others}", listed((_called(other, language) for other in others), language)
            )
            for language, text in wording.wordings.items()
        }
    )


def _called(group: RoleWords, language: str) -> str:
    wordings = (group.called or group.name).wordings
    return wordings.get(language) or next(iter(wordings.values()))


_AND = {"sv": "och", "nb": "og", "nn": "og", "en": "and"}


def listed(items: Iterable[str], language: str) -> str:
    """`a, b och c`. Here and not with all other words, since it stands inside a programme's own sentence."""
    *most, last = tuple(items) or ("",)
    return f"{', '.join(most)} {_AND.get(language, _AND['en'])} {last}" if most else last
