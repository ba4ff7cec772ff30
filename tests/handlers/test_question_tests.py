"""Several questions tested at once in chat: what each gets, what is said of them, and that nothing comes of it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.domain import faq_tests
from bot.domain.caution import Caution
from bot.domain.people import Language, Role
from bot.flows import curating, curating_tests
from bot.handlers import finding, question_tests
from bot.handlers.finding import Finder, Found
from bot.handlers.ranking import FACT
from bot.messages import Card, Form, View
from bot.texts import Translators
from config import catalogues
from storage.people import People
from storage.tables import faq_entries, faq_phrasings, inquiries, misses
from tests.flows.samples import FREE, NOW, SINGLE
from tests.handlers import curating_town
from tests.handlers.curating_town import AVGIFT, DIALOG, FIKA, KAFFE, coordinator, labels, shown
from tests.handlers.town import Person, Town, text

town, small = curating_town.on_both, curating_town.on_sqlite

SCORES = {
    "svarad": ((AVGIFT, 0.9),),
    "erbjuden": ((KAFFE, 0.3), (AVGIFT, 0.25)),
    "mellan": ((KAFFE, 0.25),),
    "okänd": ((KAFFE, 0.1),),
    "pris": ((f"{FACT}price", 0.8),),
}


@pytest.fixture
def sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found is known, so that it can be told what comes of it."""
    monkeypatch.setattr(
        finding, "_found", lambda _index, around, asked: Found(asked, SCORES[asked], tuple(sorted(around.own)))
    )


async def results_of(person: Person, *lines: str, context: str = "*") -> View | None:
    form = (await person.press(curating.TRY_SEVERAL)).view
    return (await person.submit(form, {"tested": "\n".join(lines), "context": context})).view


async def said(person: Person, *lines: str, context: str = "*") -> str:
    return text(await results_of(person, *lines, context=context))


@pytest.mark.usefixtures("sure")
async def test_S12_each_question_shows_what_it_gets_and_whether_it_is_expected(small: Town) -> None:
    lines = (f"svarad;{AVGIFT}", "erbjuden;Vad kostar kursen?", "okänd;", "okänd;kaffe", "pris;fact:price", "erbjuden")
    view = await results_of(small.person("admin"), *lines)
    assert isinstance(view, Card)
    assert "1 question is not answered as expected" in text(view)
    assert "4 of 5 as expected." in text(view)
    assert "Nothing is expected of 1 question." in text(view)
    got = [text(Card(item.title, item.lines)) for item in view.items]
    assert ["❌" in one for one in got] == [True, False, False, False, False, False]  # what fails stands first
    assert "No answer. The likeliest is Finns det kaffe? (10 %)" in got[0]
    assert "Expected: kaffe" in got[0]
    assert "✅ svarad" in got[1]
    assert "Answer: Vad kostar kursen? (90 %)" in got[1]
    assert "To choose among: Finns det kaffe? (30 %) and Vad kostar kursen? (25 %)" in got[2]
    assert "Answer: What does it cost? (80 %)" in got[4]


@pytest.mark.usefixtures("sure")
async def test_no_answer_is_expected_where_nothing_follows_the_semicolon(small: Town) -> None:
    admin = small.person("admin")
    assert "All are answered as expected" in await said(admin, "okänd;", "erbjuden;-")
    failed = await said(admin, "svarad;")
    assert "Expected: no answer" in failed


@pytest.mark.usefixtures("sure")
async def test_the_level_of_the_programme_counts(small: Town) -> None:
    admin = small.person("admin")
    assert "To choose among" in await said(admin, "mellan")
    await small.load(replace(FIKA, caution=Caution.CAREFUL))
    assert "No answer." in await said(admin, "mellan")


async def test_as_whoever_is_registered_for_the_programme_would_ask(small: Town) -> None:
    admin = small.person("admin")
    question = "Finns det kaffe?"
    assert f"Answer: {question}" in await said(admin, question, context=FREE.id)
    assert f"To choose among: {question}" in await said(admin, question, context=SINGLE.id)


async def test_nothing_is_stored_of_it_and_nobody_is_told(town: Town) -> None:
    admin = town.person("admin")
    kept = (inquiries, misses, faq_entries, faq_phrasings)
    before, heard = await town.contents(*kept), await admin.received()
    await results_of(admin, "Vad kostar kursen?", "Säljer ni hundkex?")
    assert (await town.contents(*kept), await admin.received()) == (before, heard)
    await town.person("anna").say("Säljer ni hundkex?")  # the control: a question that is asked is stored
    assert await town.contents(*kept) != before


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("Var?;finns inte", "Line 1: There is no question “finns inte”"),
        ("Var?\nNär?;gammal2", "Line 2: There is no question"),
        ("Var?;Finns de kafe", "Do you mean “Finns det kaffe?”?"),
        (";kaffe", "Line 1: The question is missing."),
        ("\n".join("Var?" for _ in range(31)), "These are 31 questions, and there is room for 30."),
        (" ", "Please fill this in"),
    ],
)
async def test_what_cannot_be_tested_comes_back_with_the_reason(small: Town, typed: str, reason: str) -> None:
    again = await results_of(small.person("admin"), typed)
    assert isinstance(again, Form)
    assert reason in text(again)
    assert typed.strip() in str(again.values.get("tested", ""))


def test_the_example_on_the_form_names_a_question_that_every_programme_has() -> None:
    seen = curating_tests.Facts((), lambda _text: (), bool, str, tuple)
    form = curating_tests.ask_questions(curating_tests.Draft(), seen)
    assert form is not None
    for language in Language:
        said = Translators(catalogues.FOLDER)(language).say(form.intro[0])
        expected = re.split("[“”„«»]", said)[1].rpartition(";")[2].strip()
        assert faq_tests.named(expected, {}, question_tests._FACTS), said


async def test_too_many_questions_are_not_looked_up(small: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    async def find_each(_finder: Finder, texts: list[str], _own: frozenset[str]) -> tuple[None, ...]:
        asked.append(len(texts))
        return (None,) * len(texts)

    monkeypatch.setattr(Finder, "find_each", find_each)
    admin = small.person("admin")
    for n in (curating_tests.MOST + 1, curating_tests.MOST):
        await results_of(admin, *("Var?" for _ in range(n)))
    assert asked == [curating_tests.MOST]


async def test_what_is_no_question_has_no_answer(small: Town) -> None:
    shown = await said(small.person("admin"), "?!;", "hej")
    assert "1 of 1 as expected." in shown
    assert shown.count("No answer.") == 2


async def test_hostile_words_are_shown_as_they_are(small: Town) -> None:
    hostile = "<!channel> {n} {mark} *x* vad kostar kursen"
    assert hostile in await said(small.person("admin"), hostile)


async def test_only_coordinators_test_also_when_the_form_lies_open(small: Town) -> None:
    assert "Only coordinators" in await shown(small.person("anna"), curating.TRY_SEVERAL)
    lo = await coordinator(small, "lo")
    form = (await lo.press(curating.TRY_SEVERAL)).view
    await small.work.run(lambda c: People(c, NOW).appoint(str(People(c, NOW).present(lo.actor)), Role.PARTICIPANT))
    again = text((await lo.submit(form, {"tested": "Vad kostar kursen?", "context": "*"})).view)
    assert ("Only coordinators" in again, "%" in again) == (True, False)


@pytest.mark.parametrize("do", [curating.TRY_SEVERAL, curating.CAUTION])
async def test_where_no_form_can_be_opened_there_is_its_button(small: Town, do: str) -> None:
    reply = await small.person("admin").press(do, DIALOG.id, opens_forms=False)
    assert {"Test several", "How sure I have to be"} <= set(labels(reply.view))
