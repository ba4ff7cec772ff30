"""A round in the making: what a coordinator has answered so far, and the round that would come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime

from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone
from bot.domain.rounds import THRESHOLD, Box, Mode, Question, QuestionSet, Round, boxes
from bot.domain.values import dataclass
from bot.domain.words import Localised, Words, _
from bot.flows import moments, prompts
from bot.flows.moments import Written

OWN = "own"
SET, ROUND = "set", "round"  # what a source begins with
SPLIT, TOGETHER = "split", "together"
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered."""

    programme: str
    source: str = ""  # `set:<id>`, `round:<id>` or `own`
    preset: bool = False  # the source was given by a button
    title: str = ""
    questions: str = ""  # own ones, a line each
    mode: str = Mode.NOTES.value
    split: str = SPLIT
    look: str = NO  # whether a coordinator reads each post first
    roles: tuple[str, ...] = ()
    opens_day: str = ""
    opens_at: str = ""
    closes_day: str = ""
    closes_at: str = ""
    threshold: int | None = THRESHOLD
    touched: bool = False  # the details have been answered once
    again: str = ""
    seen: tuple[str, ...] = ()  # rounds that ask the same and were shown to the coordinator


@dataclass(frozen=True, slots=True)
class Reach:
    """Who would get the questions. Numbers and channels, no names of people."""

    people: Mapping[str, int] = field(default_factory=dict)  # role group → how many, guests included
    groups: Mapping[str, int] = field(default_factory=dict)  # role group → how many discussion groups
    guests: Mapping[str, int] = field(default_factory=dict)  # role group → how many have neither Slack nor Teams
    ungrouped: int = 0  # take part and have not chosen a group
    unreached: int = 0
    silent: int = 0  # have turned off what we send
    small: tuple[tuple[Words, int], ...] = ()  # groups that write, and are too few not to be recognised
    channels: tuple[Words, ...] = ()
    working_in: Mapping[str, int] = field(default_factory=dict)  # country → how many of those who are written to


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at."""

    programme: Programme
    now: datetime
    language: Language
    rounds: tuple[Round, ...]  # of the programme, the newest first
    reach: Callable[[Round], Reach]
    eligible: Callable[[Round, Box], int]  # how many people may answer in a box


def source_of(earlier: Round) -> str:
    """The source that asks a round again."""
    return f"{ROUND}:{earlier.id}"


def lines(draft: Draft) -> tuple[str, ...]:
    return tuple(line.strip() for line in draft.questions.splitlines() if line.strip())


def splits(draft: Draft, facts: Facts) -> bool:
    return bool(facts.programme.role_groups) and draft.split != TOGETHER


def _own_set(draft: Draft, facts: Facts) -> QuestionSet:
    def said(text: str) -> Localised:
        return Localised({facts.language.value: text})

    return QuestionSet(
        id="",
        title=said(draft.title),
        questions=tuple(Question(f"q{n}", said(line)) for n, line in enumerate(lines(draft), 1)),
        mode=Mode(draft.mode),
        by_role=splits(draft, facts),
        moderated=draft.look == YES,
    )


def entire(draft: Draft, facts: Facts) -> Round:
    """The round with a box for everybody it can be asked of. Raises `Gone` when its source is no longer there."""
    kind, _colon, id = draft.source.partition(":")
    if kind == ROUND:
        return _as_before(id, facts)
    found = facts.programme.question_set(id) if kind == SET else _own_set(draft, facts)
    if found is None:
        raise Gone(_("These questions are no longer in the programme. Choose others."))
    return of_set(found, facts.programme, facts.now)


def of_set(found: QuestionSet, programme: Programme, now: datetime) -> Round:
    """The round that asks a question set of everybody it can be asked of."""
    return Round(
        id="",
        programme=programme.id,
        title=found.title,
        boxes=boxes(found, (group.words for group in programme.role_groups)),
        mode=found.mode,
        opens_at=now,
        set=found.id,
        intro=found.intro,
        signed=found.signed,
        moderated=found.moderated,
        mail_to=found.mail_to,
        votes=found.votes,
        set_version=found.version,
        areas=found.areas,
        together=found.together,
        layout=found.layout,
    )


def _as_before(id: str, facts: Facts) -> Round:
    """What a round asked, word for word, to be asked anew."""
    for earlier in facts.rounds:
        if earlier.id == id:
            anew = replace(earlier, id="", opens_at=facts.now, closes_at=None, opened_by="", undo_until=None)
            return replace(anew, voted_later=False)
    raise Gone(_("That round is no longer here. Choose other questions."))


def wanted(draft: Draft, facts: Facts) -> Round:
    """The round as it shall be; what was to open at a time that has passed meanwhile opens now."""
    whole, zone = entire(draft, facts), facts.programme.zone
    opens_at = max(moments.begins(opens(draft), facts.now, zone) or facts.now, facts.now)
    closes_at = moments.ends(closes(draft), facts.now, zone)
    chosen = tuple(box for box in whole.boxes if not has_choice(whole) or box.role in draft.roles)
    threshold = draft.threshold or THRESHOLD
    return replace(whole, boxes=chosen, opens_at=opens_at, closes_at=closes_at, threshold=threshold)


def opens(draft: Draft) -> Written:
    return Written(draft.opens_day, draft.opens_at, "opens_day", "opens_at")


def closes(draft: Draft) -> Written:
    return Written(draft.closes_day, draft.closes_at, "closes_day", "closes_at")


def has_choice(whole: Round) -> bool:
    return len(whole.boxes) > 1


def repeated(new: Round, rounds: tuple[Round, ...]) -> tuple[Round, ...]:
    """The running rounds that ask somebody the same as the new one."""
    return tuple(one for one in rounds if one.state in prompts.RUNNING and _asks(one) & _asks(new))


def _asks(one: Round) -> set[tuple[str, str]]:
    """(role group, wording) of everything that is asked."""
    return {(box.role, text) for box in one.boxes for q in box.questions for text in q.text.wordings.values()}
