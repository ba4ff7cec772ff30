"""Finished self-assessments for the sandbox: results and their comparison can be looked at before there are any."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date, time, timedelta
from pathlib import Path

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from bot.domain import times
from bot.domain.assessment import Tally
from bot.domain.calendar_shift import YEAR
from bot.domain.programmes import Programme
from bot.domain.rounds import Question, QuestionSet, Round, Scale, boxes
from bot.domain.values import dataclass
from bot.domain.words import Localised

_FOLDER = Path(__file__).with_name("samples")
_CLOSES = time(12)
_LASTED = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement that the programme's file does not have any more, or has in other words."""

    id: str
    text: Mapping[str, str]
    area: str = ""


@dataclass(frozen=True, slots=True)
class _Past:
    """A round, as its file has it."""

    version: str
    closed: date
    ratings: Mapping[str, Mapping[str, list[int]]]  # statement → role → how many chose each value of the scale
    not_yet: list[str] = field(default_factory=list)
    reworded: Mapping[str, _Statement] = field(default_factory=dict)  # by the id that it has now
    dropped: list[_Statement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _File:
    """The rounds of one question set, in the order in which they were held."""

    programme: str
    set: str
    threshold: int
    title: Mapping[str, str]
    rounds: list[_Past]


_FILE: TypeAdapter[_File] = TypeAdapter(_File)


def finished(programmes: Iterable[Programme], today: date) -> Iterator[tuple[Round, Tally]]:
    """The rounds of these programmes that are over, with what was given in them, as far as it may be kept."""
    known = {programme.id: programme for programme in programmes}
    for path in sorted(_FOLDER.glob("*.yaml")):
        file = _FILE.validate_python(YAML(typ="safe", pure=True).load(path))
        if file.programme in known:
            yield from _rounds(file, known[file.programme], today)


def _rounds(file: _File, programme: Programme, today: date) -> Iterator[tuple[Round, Tally]]:
    ahead = file.rounds[-1].closed - today + timedelta(days=1)
    behind = max(0, -(-ahead // YEAR)) * YEAR
    for past in file.rounds:
        about = _round(file, past, programme, past.closed - behind)
        yield about, dict(_tally(about, past))


def _round(file: _File, past: _Past, programme: Programme, closed: date) -> Round:
    """The round as it was on the day on which it closed."""
    now = programme.question_set(file.set)
    assert now is not None, f"{programme.id} has no set {file.set}"
    asked = replace(now, questions=tuple(_asked_then(now, past)))
    closed_at = times.instant(closed, _CLOSES, programme.zone)
    return Round(
        id=uuid.uuid5(uuid.NAMESPACE_OID, f"{programme.id} {file.set} {past.version}").hex,
        programme=programme.id,
        title=Localised(file.title),
        boxes=boxes(asked, (group.words for group in programme.role_groups)),
        mode=now.mode,
        opens_at=closed_at - _LASTED,
        set=now.id,
        intro=now.intro,
        closes_at=closed_at,
        threshold=file.threshold,
        set_version=past.version,
        areas=now.areas,
    )


def _asked_then(now: QuestionSet, past: _Past) -> Iterator[Question]:
    """The statements of the set as they were then: without new ones, in their old words, with those since dropped."""
    for question in now.questions:
        old = past.reworded.get(question.id)
        if old is not None:
            yield replace(question, id=old.id, text=Localised(old.text), was=())
        elif question.id not in past.not_yet:
            yield question
    scale = now.questions[0].scale
    yield from (Question(one.id, Localised(one.text), scale=scale, area=one.area) for one in past.dropped)


def _tally(about: Round, past: _Past) -> Iterator[tuple[tuple[str, str], Mapping[int, int]]]:
    """What is kept when a round closes: of those statements that enough of a role have rated."""
    for box in about.boxes:
        for question in box.questions:
            given = past.ratings[question.id][box.role]
            if sum(given) >= about.threshold:
                yield (box.role, question.id), _counts(question.scale, given)


def _counts(scale: Scale | None, given: list[int]) -> Mapping[int, int]:
    assert scale is not None, "only what is rated has ratings"
    return {value: count for value, count in zip(scale.values, given, strict=True) if count}
