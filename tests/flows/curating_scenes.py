"""Every view of curating questions and answers, from small, typical and extreme facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from bot.conversation import Flow, Run
from bot.domain.caution import Caution
from bot.domain.faq import COMMON, Age, Change, Entry, Outcome, Past, Phrasing, PhrasingStanding, Standing
from bot.domain.faq_import import Given
from bot.domain.faq_tests import Got, Question, Result
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.words import Localised, Words
from bot.flows import (
    cautions,
    curating,
    curating_form,
    curating_past,
    curating_paste,
    curating_tests,
    curating_trial,
    faq,
)
from bot.flows.curating import Aged, Place, Shelf, Tools
from bot.flows.curating_past import Made
from bot.flows.curating_paste import Fate, Found, Problem, Reading
from bot.flows.curating_trial import Candidate, Trial
from bot.messages import Form, View
from tests.flows.samples import NOW, SINGLE, ZONE, words

_HOSTILE = "<!channel> [x](https://evil.example) {{DATE}} {n} =1+1 🎉 "


def _filled(chars: int) -> str:
    return (_HOSTILE * (chars // len(_HOSTILE) + 1))[:chars].strip()


SMALL = Entry("small", COMMON, words("Vem?"), words("Jag."))
TYPICAL = Entry(
    "typical",
    SINGLE.id,
    Localised({"sv": "Vad kostar det?", "nb": "Hva koster det?"}),
    Localised({"sv": "1 200 kronor.", "nb": "1 200 kroner."}),
    ("Priset?", "va kostar de"),
    "våren 2027",
    valid_until=date(2027, 12, 31),
)
EXTREME = Entry(
    "e" * 64,
    SINGLE.id,
    Localised(dict.fromkeys(faq.LANGUAGES, _filled(curating_form.LONGEST_QUESTION))),
    Localised(dict.fromkeys(faq.LANGUAGES, _filled(curating_form.LONGEST_ANSWER))),
    tuple(f"{n} {_filled(curating_form.LONGEST_WAY - 4)}" for n in range(60)),
    _filled(150),
    date(2027, 1, 1),
    date(2027, 12, 31),
)
ENTRIES = {"small": SMALL, "typical": TYPICAL, "extreme": EXTREME}


def given(entry: Entry) -> faq.Given:
    return faq.Given("", entry.question, faq.of_entry(entry), SINGLE.title)


def current(entry: Entry) -> Age:
    return Age.CURRENT


def all_of_them(entry: Entry) -> tuple[Entry, ...]:
    return TYPICAL, EXTREME, SMALL


def facts(entry: Entry | None = None, programmes: Sequence[Programme] = (SINGLE,)) -> curating_form.Facts:
    return curating_form.Facts(
        language=Language.SWEDISH,
        programmes=tuple(programmes),
        today=NOW.date(),
        age=current,
        given=given,
        alike=all_of_them,
        entry=entry,
    )


class Room:
    """Stores nothing."""

    def add(self, entry: Entry) -> Entry:
        return replace(entry, id="new")

    def edit(self, entry: Entry, *, seen: int) -> Entry:
        return replace(entry, version=seen + 1)

    def take_in(self, found: Sequence[Given]) -> tuple[int, int]:
        return len(found), 1


def _walk(
    name: str, flow: Flow[Any, Any, Any], state: Any, seen: Any, typed: Mapping[str, str]
) -> Iterator[tuple[str, View]]:
    """Each form to the end, filled in with what was typed where it has such a field."""
    turn = flow.begin(Run("r" * 32, state), seen, Room())
    for number in range(4):
        yield f"{name}, {number}", turn.view
        if not isinstance(turn.view, Form):
            return
        names = {field.name for field in turn.view.fields}
        answers = {**turn.view.values, **{one: text for one, text in typed.items() if one in names}}
        turn = flow.receive(turn.run, answers, seen, Room())


def _lists() -> Iterator[tuple[str, View]]:
    aged = [Aged(entry, age) for entry in ENTRIES.values() for age in Age]
    shelf = Shelf(SINGLE.id, SINGLE.title, tuple(aged * 4))
    common = Shelf(curating.EVERYWHERE, curating.everywhere(), (Aged(SMALL, Age.CURRENT),))
    yield "list, empty", curating.listing((), Place())
    yield "list, participant", curating.listing((shelf, common), Place())
    yield "list, coordinator", curating.listing((shelf, common), Place(start=8), Tools(3, 2))
    yield "list, retired", curating.listing((shelf,), Place(SINGLE.id, retired=True), Tools(0, 36))
    yield "list, choose", curating.choose((shelf, common))
    yield "toolbox", curating.toolbox("")


def _single(size: str, entry: Entry) -> Iterator[tuple[str, View]]:
    yield f"{size}, shown", curating.as_shown(given(entry))
    for age in Age:
        yield f"{size}, for coordinator, {age}", curating.for_coordinator(Aged(entry, age), given(entry))
    yield (
        f"{size}, not used",
        curating.for_coordinator(Aged(replace(entry, standing=Standing.RETIRED), Age.PAST), given(entry)),
    )
    yield f"{size}, retired", curating.retired(entry)
    yield f"{size}, restored", curating.restored(entry)
    yield f"{size}, reverted", curating_past.reverted(entry, replace(SMALL, version=9), {SINGLE.id: SINGLE.title})
    yield f"{size}, history", curating_past.history(entry, _history(entry), 0, ZONE, {SINGLE.id: SINGLE.title})
    phrasing = Phrasing("p" * 32, entry.id, _filled(1000) if entry is EXTREME else "va?", PhrasingStanding.PROPOSED, 3)
    yield f"{size}, phrasings", curating_past.phrasings([(phrasing, entry)] * 20, 8, curating_past.learnt(phrasing))
    yield f"{size}, not learnt", curating_past.phrasings([], said=curating_past.not_learnt(phrasing))


def _history(entry: Entry) -> list[Made]:
    by: tuple[Words, ...] = ("Kim", curating_past.by_the_file(), curating_past.by_nobody(), _filled(200), "Bo")
    past = [Past(entry, change, NOW + timedelta(days=n), "") for n, change in enumerate(Change)]
    return [Made(one, who, None if n else SMALL) for n, (one, who) in enumerate(zip(past, by, strict=True))]


def _forms(size: str, entry: Entry) -> Iterator[tuple[str, View]]:
    typed = {
        "place": SINGLE.id,
        "language": "nb",
        "question": entry.question.wordings["sv"],
        "answer": entry.answer.wordings["sv"] + ".",
        "alternates": "\n".join(entry.alternates[:14]),
        "edition": entry.edition,
        "ends": "2028-01-01",
    }
    changed = {**typed, "answer": typed["answer"][1:], "alternates": "\n".join(entry.alternates[14:28])}
    yield from _walk(f"{size}, add", curating_form.add, curating_form.Draft(), facts(), typed)
    editing = curating_form.Draft(opened=entry, language="sv")
    yield from _walk(f"{size}, edit", curating_form.change, editing, facts(replace(entry, version=4)), changed)
    if curating.missing(entry):
        yield from _walk(
            f"{size}, language", curating_form.translate, curating_form.Draft(opened=entry), facts(entry), typed
        )


def _overtaken() -> Iterator[tuple[str, View]]:
    class Late(Room):
        def edit(self, entry: Entry, *, seen: int) -> Entry:
            raise curating_form.overtaken(EXTREME)

        def add(self, entry: Entry) -> Entry:
            raise curating_form.taken(EXTREME)

    draft = curating_form.Draft(opened=EXTREME, language="sv", question="Vad?", answer=_filled(2500), touched=True)
    run = Run("r", draft, step="look")
    yield "overtaken", curating_form.change.receive(run, {}, facts(EXTREME), Late()).view
    new = replace(draft, opened=None, place=SINGLE.id)
    yield "taken", curating_form.add.receive(Run("r", new, step="look"), {}, facts(), Late()).view


@dataclass(frozen=True)
class _Read:
    """Finds the same in whatever is pasted."""

    reading: Reading

    def __call__(self, draft: curating_paste.Draft) -> Reading:
        return self.reading


def _pasted() -> Iterator[tuple[str, View]]:
    found = tuple(
        Found(Given(replace(SMALL, question=words(_filled(150)), answer=words("Ja.")), n), fate, there)
        for n, (fate, there) in enumerate([(Fate.NEW, None), (Fate.CHANGED, EXTREME), (Fate.ALIKE, EXTREME)] * 8)
    )
    long = Found(Given(replace(SMALL, answer=words(_filled(2500))), 99), Fate.NEW)
    problems = tuple(Problem(n, curating.everywhere()) for n in range(14))
    readings = {
        "one": Reading((Found(Given(SMALL, 1), Fate.NEW), Found(Given(TYPICAL, 2), Fate.SAME, TYPICAL))),
        "many": Reading((*found, long), problems),
        "none": Reading(),
        "only problems": Reading((), problems),
        "all the same": Reading((Found(Given(SMALL, 1), Fate.SAME, SMALL),)),
    }
    typed = {"place": SINGLE.id, "language": "sv", "text": _filled(curating_paste.LONGEST)}
    for name, reading in readings.items():
        seen = curating_paste.Facts(Language.SWEDISH, (SINGLE,), _Read(reading))
        yield from _walk(f"paste, {name}", curating_paste.flow, curating_paste.Draft(), seen, typed)


def _tried(trial: Trial | None) -> Trial | None:
    return trial


def _trials() -> Iterator[tuple[str, View]]:
    sure = [
        Candidate(entry.question, SINGLE.title, 0.93, outcome, entry.id, entry.edition)
        for entry in ENTRIES.values()
        for outcome in (Outcome.ANSWERED, Outcome.SUGGESTED, Outcome.UNKNOWN)
    ]
    data = Candidate(words("Vad kostar det?"), "", 0.4, Outcome.SUGGESTED)
    trials = {
        "answered": Trial((data, *sure), Outcome.ANSWERED, (SINGLE.title,) * 3, Caution.CAREFUL, overtook=True),
        "suggested": Trial((data,), Outcome.SUGGESTED, ()),
        "nothing": Trial((), Outcome.UNKNOWN, ()),
        "no question": None,
    }
    for name, trial in trials.items():
        seen = curating_trial.Facts((SINGLE,), partial(_tried, trial))
        typed = {"tried": _filled(300), "context": SINGLE.id}
        yield from _walk(f"try, {name}", curating_trial.flow, curating_trial.Draft(), seen, typed)


def _given(results: tuple[Result, ...]) -> tuple[Result, ...]:
    return results


def _tests() -> Iterator[tuple[str, View]]:
    """Everything that can come of a question, as often as there is room for it; and each way to refuse the form."""
    question = Question(_filled(300), _filled(150), 1)
    offered = tuple(Got(entry.id, entry.question, 0.31) for entry in ENTRIES.values())
    every = tuple(
        Result(replace(question, expected=expected), outcome, offered[:number], passed)
        for outcome, number in ((Outcome.ANSWERED, 1), (Outcome.SUGGESTED, 3), (Outcome.UNKNOWN, 1))
        for passed, expected in ((True, "x"), (False, ""), (False, _filled(150)), (None, None))
    )
    one = Result(Question("Vem?", "small", 1), Outcome.ANSWERED, offered[:1], passed=True)
    nothing = Result(Question("Vem?"), Outcome.UNKNOWN, (), passed=None)
    found = {"one": (one,), "every": (*every, *every, *every[:6]), "looked at": (nothing,), "none": ()}
    for name, results in found.items():
        yield from _tested(name, (question,), results)
    yield from _tested("too many", (question,) * (curating_tests.MOST + 1), ())
    yield from _tested("unknown", (question,), (), known=False)
    yield from _tested("empty", (replace(question, text=""),), ())


def _tested(
    name: str, questions: tuple[Question, ...], results: tuple[Result, ...], *, known: bool = True
) -> Iterator[tuple[str, View]]:
    given = partial(_given, results)
    seen = curating_tests.Facts((SINGLE,), lambda _text: questions, lambda _expected: known, str.upper, given)
    typed = {"tested": _filled(curating_tests.LONGEST), "context": SINGLE.id}
    yield from _walk(f"test several, {name}", curating_tests.flow, curating_tests.Draft(), seen, typed)


class _Desk:
    """Stores nothing."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme

    def want(self, programme: str, caution: Caution | None) -> Programme:
        return replace(self._programme, chat_caution=caution)


def _levels() -> Iterator[tuple[str, View]]:
    said = replace(SINGLE, id="said", title=words(_filled(120)), caution=Caution.HELPFUL, chat_caution=Caution.CAREFUL)
    seen = cautions.Facts((SINGLE, said))
    for level in (*Caution, cautions.AS_FILE):
        turn = cautions.flow.begin(Run("r" * 32, cautions.Draft()), seen, _Desk(said))
        yield f"how sure, {level}: which", turn.view
        turn = cautions.flow.receive(turn.run, {"programme": said.id}, seen, _Desk(said))
        yield f"how sure, {level}: asked", turn.view
        yield f"how sure, {level}: done", cautions.flow.receive(turn.run, {"caution": level}, seen, _Desk(said)).view
    preset = cautions.Draft(SINGLE.id, preset=True)
    yield "how sure, preset", cautions.flow.begin(Run("r" * 32, preset), seen, _Desk(SINGLE)).view


def _all() -> Iterator[tuple[str, View]]:
    yield from _lists()
    for size, entry in ENTRIES.items():
        yield from _single(size, entry)
        yield from _forms(size, entry)
    yield from _overtaken()
    yield from _pasted()
    yield from _trials()
    yield from _tests()
    yield from _levels()


SCENES = dict(_all())
