"""Every view of rating, from typical and extreme facts, for each alone and for groups: `SCENES` is name → view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.conversation import Run
from bot.domain.board import Answer as Rating
from bot.domain.board import Standing, board
from bot.domain.programmes import RoleGroup
from bot.domain.rounds import LONGEST_POST, Area, Asked, Mode, Question, QuestionSet, Round, Scale, State, boxes
from bot.domain.words import Localised
from bot.flows import asking, boards, noting, prompts, rating, sealing, stored
from bot.flows import round_drafts as drafts
from bot.flows.noting import NoteFacts, Notes, PutUp
from bot.flows.sheets import Sheet
from bot.messages import ChoiceField, Field, Form, View
from config.question_schema import AREA, HELP, MEANING, MOST_QUESTIONS, MOST_STEPS, QUESTION, VERSION
from tests.flows.samples import NOW, SINGLE, ZONE, words

_ID = "0123456789abcdef" * 2
_HOSTILE = "Anna <!channel> [x](https://evil.example) <at>Bo</at> {{DATE(2027-01-01T00:00:00Z)}} *_~` & " * 20


def _long(chars: int) -> Localised:
    return Localised({"sv": _HOSTILE[:chars]})


def _set(many: int, text: Localised, scale: Scale, area: Localised, help: Localised) -> QuestionSet:
    areas = tuple(Area(f"a{n}", area) for n in range(4))
    rated = (
        Question(f"q{n}", text, help=help, scale=scale, area=areas[n * 4 // many].id) for n in range(many)
    )  # fmt: skip
    return QuestionSet(
        "s",
        text,
        (*rated, Question("mer", text, help=help)),
        by_role=False,
        mode=Mode.SEALED,
        version="2027",
        areas=areas,
    )


_TYPICAL = _set(12, words("Vi vet vart vi ska."), Scale(1, 5, words("Nej"), words("Ja")), words("Mål"), words("Tänk."))
_EXTREME = replace(
    _set(
        MOST_QUESTIONS - 1,
        _long(QUESTION.chars),
        Scale(90, 89 + MOST_STEPS, _long(MEANING.chars), _long(MEANING.chars)),
        _long(AREA.chars),
        _long(HELP.chars),
    ),
    title=_long(60),
    version="v" * VERSION.chars,
)


def _round(asked: QuestionSet) -> Round:
    made = boxes(asked, ())
    return Round(_ID, SINGLE.id, asked.title, made, asked.mode, NOW, closes_at=NOW + timedelta(days=2),
                 areas=asked.areas, set_version=asked.version, state=State.OPEN)  # fmt: skip


def _alone(round: Round) -> Iterator[tuple[str, View]]:
    sheet = Sheet(round, round.boxes[0], ZONE, round.title)
    sent = {asked.id: "1" for asked in sheet.box.questions if asked.scale}
    for page in range(len(sheet.pages)):
        typed = {one.name: _typed(one) for one in sealing.fields(sheet, page)}
        yield f"form {page}", sealing.form(sheet, {}, page)
        yield f"form {page}, again", sealing.form(sheet, sent, page)
        wrong = dict.fromkeys(typed, sealing.too_long(99))
        yield f"form {page}, refused", sealing.refused(sheet, typed, errors=wrong, page=page)
        reason = sealing.too_long(1, on_several_pages=True)
        yield f"form {page}, too long", sealing.refused(sheet, typed, reason=reason, page=page)
        yield f"form {page}, second look", sealing.second_look(sheet, typed, (_HOSTILE[:300],) * 10, page)
    yield "thanks", sealing.thanks(sheet)
    for state in State:
        yield f"stored, {state}", stored.stored(replace(round, state=state))


def _typed(field: Field) -> str:
    return field.options[0].value if isinstance(field, ChoiceField) else _HOSTILE[:LONGEST_POST]


class _Book:
    """Puts up whatever it is given."""

    def __init__(self, result: PutUp) -> None:
        self._result = result

    def keep(self, written: Notes) -> None:
        pass

    def put_up(self, written: Notes) -> PutUp:
        return self._result


def _together(round: Round) -> Iterator[tuple[str, View]]:
    facts = NoteFacts(
        replace(round, mode=Mode.NOTES), round.title, _HOSTILE[:60], "", round.boxes[0].questions, lambda _text: ()
    )
    rated = {asked.id: (rating.DONT_KNOW,) for asked in facts.questions if asked.scale}
    results = (PutUp({}), PutUp(rated), PutUp({**rated, "mer": ("rad",)}, held=1))
    for page in range(len(facts.pages)):
        ratings = {asked.id: "1" for asked in facts.pages[page] if asked.scale}
        state = Notes(_ID, _ID, ratings=ratings, page=page)
        turn = noting.noting.begin(Run("r", state), facts, _Book(results[0]))
        yield f"notes {page}", turn.view
        assert isinstance(turn.view, Form)
        empty = noting.noting.receive(turn.run, dict.fromkeys([one.name for one in turn.view.fields], ""), facts,
                                      _Book(results[0]))  # fmt: skip
        yield f"notes {page}, empty", empty.view
        for number, result in enumerate(results):
            done = noting.noting.receive(turn.run, turn.view.values, facts, _Book(result))
            yield f"notes {page}, done {number}", done.view


class _Desk:
    def ask(self, wanted: Round, *, seen: tuple[str, ...]) -> Round:
        return wanted


def _asked(asked: QuestionSet) -> Iterator[tuple[str, View]]:
    programme = replace(SINGLE, question_sets=(asked,), role_groups=(RoleGroup("r", words("Chefer")),))
    reach = drafts.Reach({"": 9}, {"": 2})
    facts = drafts.Facts(programme, NOW, "sv", (), lambda _wanted: reach, lambda _wanted, _box: 9)  # type: ignore[arg-type]
    turn = asking.flow.begin(Run("r", drafts.Draft(programme.id)), facts, _Desk())
    for answers in ({"source": f"set:{asked.id}"}, {"threshold": "5"}):
        turn = asking.flow.receive(turn.run, answers, facts, _Desk())
        yield f"ask, {turn.run.step}", turn.view
    round = _round(asked)
    parts = tuple(prompts.Part(box.name, box.questions) for box in round.boxes)
    yield "prompt", prompts.prompt(round, programme, parts)


def _boards(round: Round) -> Iterator[tuple[str, View]]:
    asked: tuple[Asked, ...] = round.boxes[0].questions
    agreed = replace(round, mode=Mode.NOTES, signed=True)
    answers = [Rating(f"a{n}", _ID, "", one.id, "g", "4", Standing.SHOWN, n, NOW) for n, one in enumerate(asked[:3])]
    numbers = {("", one.id): 9 for one in asked[:5]}
    closed = replace(round, state=State.CLOSED)
    for name, made in (
        ("agreed", board(agreed, SINGLE.title, answers, names={"g": _HOSTILE[:60]})),
        ("counted", board(closed, SINGLE.title, (), names={}, rated=numbers)),
    ):
        for number, page in enumerate(boards.pages(made, "https://example.org/board")):
            yield f"board, {name} {number}", page


def _scenes() -> Iterator[tuple[str, View]]:
    for size, asked in (("typical", _TYPICAL), ("extreme", _EXTREME)):
        round = _round(asked)
        for drawn in (_alone(round), _together(round), _asked(asked), _boards(round)):
            yield from ((f"{size}: {name}", view) for name, view in drawn)


SCENES: Mapping[str, View] = dict(_scenes())
