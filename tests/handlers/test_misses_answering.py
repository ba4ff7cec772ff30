"""One answer to everybody who asked: told once, kept as an entry, never given twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.faq import Outcome, Standing
from bot.domain.people import Language
from bot.flows import misses, misses_answering
from bot.handlers.events import Left
from bot.messages import Form, View
from storage.inquiries import Inquiries
from storage.people import People
from storage.tables import matters as matter_rows
from storage.tables import outbox
from tests.flows.samples import DAYS, SINGLE, at
from tests.handlers import questions as towns
from tests.handlers.answering import LUND, OPEN, answer, entries, preview, told
from tests.handlers.questions import Questions, questions
from tests.handlers.town import at_once, second_process, text
from tests.handlers.workshop import labels

here, small = towns.on_both, towns.on_sqlite


# --- Telling ----------------------------------------------------------------------------------------------------------


async def test_C8_one_answer_reaches_everybody_who_asked_where_they_are(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await here.ask("Hvor er det?", who="bo", platform="teams", language="nb", joins=miss)
    await here.ask("Var ligger lokalen?", who="cia", platform="slack", joins=miss)
    form = await preview(here, miss)
    for part in (LUND, "1 person in Sandbox, 1 person in Slack and 1 person in Teams", "for Dialog"):
        assert part in text(form)
    both = [text((await here.admin.submit(form, delivery="the same")).view) for _ in range(2)]
    assert ["Your answer goes to 3 people" in shown for shown in both] == [True, True]
    for who, question in (("ann", "Var är det?"), ("bo", "Hvor er det?"), ("cia", "Var ligger lokalen?")):
        (seen,) = await told(here, who)
        for part in (f"You asked: {question}", LUND, "Admin, Monday 11 January 2027", "Did it help?"):
            assert part in seen
    assert await here.town.count(matter_rows, *OPEN) == 0


async def test_who_asked_twice_is_told_once(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await here.ask("Var då?", joins=miss)
    assert "goes to 1 person" in await answer(here, miss)
    (seen,) = await told(here, "ann")
    assert "You asked: Var då?" in seen


async def test_each_gets_the_answer_in_their_language_and_either_norwegian_does_for_the_other(small: Questions) -> None:
    miss = await small.ask("Var är det?", language="sv")
    await small.ask("Hvor er det?", who="bo", language="nb", joins=miss)
    await small.ask("Kvar er det?", who="cia", language="nn", joins=miss)
    await small.ask("Where is it?", who="dan", language="en", joins=miss)
    form = await preview(small, miss, said="In Lund.", nb="I Lund by.")
    assert "In bokmål: I Lund by." in text(form)
    await small.admin.submit(form)
    for who, said in (("ann", "In Lund."), ("bo", "I Lund by."), ("cia", "I Lund by."), ("dan", "In Lund.")):
        (seen,) = await told(small, who)
        assert (said in seen, "is written in" in seen) == (True, False), seen


async def test_a_reader_who_has_no_version_is_told_which_language_it_is(small: Questions) -> None:
    ann = await small.known("ann")
    id = await small.id(ann)
    miss = await small.ask("Var är det?", language="sv")
    await small.town.work.run(lambda c: People(c, small.town.clock.now()).choose_language(id, Language.SWEDISH))
    await answer(small, miss)
    (seen,) = await told(small, "ann")
    assert "The answer is written in English." in seen


async def test_who_has_left_is_counted_and_the_others_get_it(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await here.ask("Var då?", who="bo", joins=miss)
    await here.town.person("bo").send(Left())
    form = await preview(here, miss)
    assert "Cannot be reached any more: 1 person" in text(form)
    shown = text((await here.admin.submit(form)).view)
    assert ("goes to 1 person" in shown, "1 who asked can no longer be reached." in shown) == (True, True)
    assert await here.town.count(outbox, outbox.c.key.like("miss:%")) == 1


async def test_links_for_members_go_to_members_alone(small: Questions) -> None:
    secret = SINGLE.occasions[0].link
    await small.town.person("bo").register(SINGLE.id)
    miss = await small.ask("Var är länken?")
    await small.ask("Länken?", who="bo", joins=miss)
    await answer(small, miss, said=f"Här: {secret}")
    (outside,), (inside,) = await told(small, "ann"), await told(small, "bo")
    assert (secret in outside, "only for those who are registered" in outside) == (False, True)
    assert (secret in inside, "only for those who are registered" in inside) == (True, False)


# --- Keeping ----------------------------------------------------------------------------------------------------------


async def test_C8_the_answer_stands_among_the_questions_with_every_way_to_ask_for_it(here: Questions) -> None:
    miss = await here.ask("Var är det?", language="sv")
    await here.ask("Hvor er det?", who="bo", language="nb", joins=miss)
    await here.ask("var är DET", who="cia", joins=miss)
    await here.ask("Var ligger\nlokalen?", who="dan", joins=miss)
    await here.ask("Lång " * 60, who="eva", joins=miss)
    await answer(here, miss, nb="I Lund by.", wording="Where is the venue?")
    (entry,) = (await entries(here)).values()
    assert (entry.programme, entry.standing) == (SINGLE.id, Standing.LIVE)
    assert entry.question.wordings == {"en": "Where is the venue?", "nb": "Hvor er det?"}
    assert entry.answer.wordings == {"en": LUND, "nb": "I Lund by."}
    assert entry.alternates == ("Var är det?", "Var ligger lokalen?")
    assert (await here.miss(miss)).entry == entry.id


async def test_a_question_left_as_it_was_asked_keeps_its_language(small: Questions) -> None:
    miss = await small.ask("Var är det?", language="sv")
    await answer(small, miss)
    (entry,) = (await entries(small)).values()
    assert entry.question.wordings == {"sv": "Var är det?"}


@pytest.mark.parametrize(("keep", "programmes"), [("programme", [SINGLE.id]), ("all", [""]), ("nowhere", [])])
async def test_it_is_kept_where_the_coordinator_says(small: Questions, keep: str, programmes: list[str]) -> None:
    miss = await small.ask("Var är det?")
    await answer(small, miss, keep=keep)
    assert [one.programme for one in (await entries(small)).values()] == programmes
    (seen,) = await told(small, "ann")
    assert ("Did it help?" in seen) == bool(programmes)


async def test_a_question_about_no_programme_is_kept_for_all_or_not_at_all(small: Questions) -> None:
    miss = await small.ask("Vem är ni?", programme="")
    form = (await small.admin.press(misses.ANSWER, miss)).view
    assert isinstance(form, Form)
    assert [one.name for one in form.fields] == ["wording", "answers.en", "keep"]
    await answer(small, miss)
    (entry,) = (await entries(small)).values()
    assert entry.programme == ""


async def test_what_was_given_counts_when_the_asker_says_whether_it_helped(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await answer(here, miss)
    (entry,) = (await entries(here)).values()
    shown = await here.town.person("ann").click("Yes")
    assert "Thank you for telling me!" in text(shown.view)
    asked = await here.town.read(lambda c: Inquiries(c, here.town.clock.now()).tally(here.town.clock.at, SINGLE.id))
    assert (asked.helped, asked.outcomes) == (1, {Outcome.HUMAN: 1})
    assert entry.version == 1


async def test_the_next_agenda_brings_it_up_where_the_coordinator_wants_that(here: Questions) -> None:
    bo = await here.known("bo")
    await bo.register(SINGLE.id)
    for question, agenda in (("Var är det?", "yes"), ("Vad kostar det?", "no")):
        await answer(here, await here.ask(question), agenda=agenda)
    await here.town.tick_at(at(DAYS[0] - timedelta(days=14), 9))
    (agenda_card,) = [one for one in await bo.received() if "A question that has come up: Var är det?" in one]
    assert (LUND in agenda_card, "Vad kostar det?" in agenda_card) == (True, False)


# --- Only once --------------------------------------------------------------------------------------------------------


async def race(here: Questions, keep: str = "programme") -> list[View]:
    """Two coordinators answer the same question at the same moment, on two connections."""
    miss = await here.ask("Var är det?")
    lo = await here.coordinator("lo")
    forms = [await preview(here, miss, "Ett", keep=keep), await preview(here, miss, "Två", by=lo, keep=keep)]
    async with second_process(here.town) as other:
        lo.reception = other
        both = await at_once(here.admin.submit(forms[0]), lo.submit(forms[1]))
    return [one.view for one in both]


async def test_of_two_who_answer_at_once_one_does_and_the_other_loses_no_word(here: Questions) -> None:
    (late,) = [one for one in await race(here) if isinstance(one, Form)]
    (seen,) = await told(here, "ann")
    mine, theirs = ("Två", "Ett") if "Ett" in seen else ("Ett", "Två")
    assert (late.values["answers.en"], f"nothing of yours was sent: {theirs}" in text(late)) == (mine, True)
    assert len(await entries(here)) == 1


async def test_control_without_looking_again_both_answer(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(misses_answering, "refuse_if_overtaken", lambda *_seen: None)
    async with questions(postgresql_url) as here:
        assert ["Your answer goes to" in text(one) for one in await race(here, keep="nowhere")] == [True, True]


async def test_who_is_late_before_the_preview_reads_what_was_answered(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    lo = await small.coordinator("lo")
    form = (await lo.press(misses.ANSWER, miss)).view
    await answer(small, miss)
    shown = (await lo.submit(form, {"wording": "Var?", "answers.en": "Mitt svar"})).view
    assert isinstance(shown, Form)
    assert f"Admin has answered this meanwhile, and nothing of yours was sent: {LUND}" in text(shown)
    assert shown.values["answers.en"] == "Mitt svar"
    assert "Somebody else has seen to this" in text((await lo.press(misses.ANSWER, miss)).view)


async def test_a_question_put_aside_meanwhile_is_not_answered(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    form = await preview(small, miss)
    await (await small.coordinator("lo")).press(misses.DISMISS, f"{miss} :0")
    assert "Nothing was sent." in text((await small.admin.submit(form)).view)
    assert await told(small, "ann") == []


async def test_who_asks_between_preview_and_sending_gets_it_too(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    form = await preview(small, miss)
    await small.ask("Var då?", who="bo", joins=miss)
    assert "goes to 2 people" in text((await small.admin.submit(form)).view)


async def test_an_answer_that_is_empty_or_too_long_comes_back(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    form = (await small.admin.press(misses.ANSWER, miss)).view
    assert "Please fill this in." in text((await small.admin.submit(form, {"answers.en": " "})).view)
    assert "Please shorten this" in text((await small.admin.submit(form, {"answers.en": "x" * 2501})).view)
    assert await small.town.count(outbox, outbox.c.key.like("miss:%")) == 0


async def test_where_no_form_can_be_opened_the_question_is_shown_with_its_buttons(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    assert "Answer" in labels(await small.admin.press(misses.ANSWER, miss, opens_forms=False))
    await answer(small, miss)
    assert "Correct the answer" in labels(await small.admin.press(misses.CORRECT, miss, opens_forms=False))
