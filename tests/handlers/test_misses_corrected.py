"""An answer that has gone out: corrected for the same people; and one that was there already."""

from __future__ import annotations

from bot.domain.faq import MissState
from bot.flows import misses
from bot.handlers.events import Left
from bot.messages import ChoiceField, Form
from storage.faq import Entries
from storage.inquiries import Misses
from storage.tables import misses as miss_rows
from tests.flows.samples import FREE, words
from tests.handlers import questions as towns
from tests.handlers.answering import LUND, answer, entries, told
from tests.handlers.questions import Questions
from tests.handlers.town import Person, at_once, second_process, text

here, small = towns.on_both, towns.on_sqlite


# --- Correcting -------------------------------------------------------------------------------------------------------


async def correct(here: Questions, miss: str, said: str, who: Person | None = None) -> str:
    person = who or here.admin
    shown = (await person.press(misses.CORRECT, miss)).view
    typed = {"answers.en": said}
    while isinstance(shown, Form) and "nothing of yours was sent" not in text(shown):
        shown, typed = (await person.submit(shown, typed)).view, {}
    return text(shown)


async def test_C8a_a_correction_reaches_the_same_people_and_the_entry(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await here.ask("Var då?", who="bo", platform="teams", joins=miss)
    await answer(here, miss)
    assert f"Answered: Var är det?\n  {LUND}" in text((await here.admin.press(misses.QUEUE)).view)
    for said in ("I Malmö.", "I Kalmar."):
        assert "goes to 2 people" in await correct(here, miss, said)
    for who in ("ann", "bo"):
        first, *later = await told(here, who)
        assert ("corrected" in first, LUND in first) == (False, True)
        assert [("corrected" in one, said in one) for one, said in zip(later, ("I Malmö.", "I Kalmar."), strict=True)]
    (entry,) = (await entries(here)).values()
    assert entry.answer.wordings == {"en": "I Kalmar."}
    past = await here.town.read(lambda c: Entries(c, here.town.clock.now()).history(entry.id))
    assert [one.entry.answer.wordings["en"] for one in past] == ["I Kalmar.", "I Malmö.", LUND]


async def test_C8a_a_correction_reaches_those_too_who_were_given_the_same_entry(here: Questions) -> None:
    miss, other = await here.ask("Var är det?"), await here.ask("Which town?", who="bo", platform="teams")
    await answer(here, miss)
    (entry,) = await entries(here)
    await answer(here, await here.ask("Vem talar?", who="cia"))  # the control: of another entry
    form = (await here.admin.press(misses.MATCH, other)).view
    await here.admin.submit((await here.admin.submit(form, {"entry": entry})).view)
    assert "goes to 2 people" in await correct(here, miss, "I Malmö.")
    for who in ("ann", "bo"):
        first, second = await told(here, who)
        assert (LUND in first, "corrected" in second, "I Malmö." in second) == (True, True, True)
    assert len(await told(here, "cia")) == 1


async def test_who_was_out_of_reach_hears_of_the_correction_as_of_an_answer(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    await small.town.person("ann").send(Left())
    await answer(small, miss)
    await small.known("ann")
    await correct(small, miss, "I Malmö.")
    (seen,) = await told(small, "ann")
    assert "Here is the answer to your question" in seen


async def test_of_two_corrections_at_once_one_counts(here: Questions) -> None:
    miss = await here.ask("Var är det?")
    await answer(here, miss)
    lo = await here.coordinator("lo")
    async with second_process(here.town) as other:
        lo.reception = other
        said = await at_once(correct(here, miss, "I Malmö."), correct(here, miss, "I Kalmar.", who=lo))
    late = sum("nothing of yours was sent" in one for one in said)
    assert len(await told(here, "ann")) == 3 - late
    assert (await here.miss(miss)).state is MissState.ANSWERED


async def test_what_was_not_answered_cannot_be_corrected(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    assert "Somebody else has seen to this" in text((await small.admin.press(misses.CORRECT, miss)).view)


async def test_C8c_a_better_answer_goes_to_those_whom_the_old_one_did_not_help(here: Questions) -> None:
    entry = await here.entry("Var är det?", "I Lund.")
    for who in ("ann", "bo", "cia"):
        await here.not_helped(entry, "Vilken sal?", who=who)
    (miss,) = await here.town.read(lambda c: Misses(c, here.town.clock.now()).open_ones())
    form = (await here.admin.press(misses.ANSWER, miss.id)).view
    assert isinstance(form, Form)
    assert form.values == {"answers.sv": "I Lund."}
    shown = (await here.admin.submit(form, {"answers.sv": "I Lund, i stora salen."})).view
    assert "goes to 3 people" in text((await here.admin.submit(shown)).view)
    (seen,) = await told(here, "bo")
    assert "I Lund, i stora salen." in seen
    found = (await entries(here))[entry]
    assert (found.answer.wordings, found.version) == ({"sv": "I Lund, i stora salen."}, 2)


# --- An answer that is there already ----------------------------------------------------------------------------------


async def test_an_entry_that_answers_it_goes_to_everybody_and_learns_how_they_asked(here: Questions) -> None:
    entry = await here.entry("Var är träffen?", LUND)
    await here.entry("Vad kostar det?", "Inget.")
    await here.entry("Var är det i Habo?", "I Habo.", programme=FREE.id)
    miss = await here.ask("Var är nästa träff?")
    await here.ask("Var träffas vi?", who="bo", joins=miss)
    form = (await here.admin.press(misses.MATCH, miss)).view
    assert isinstance(form, Form)
    (choice,) = form.fields
    assert isinstance(choice, ChoiceField)
    assert [one.label for one in choice.options] == [words("Var är träffen?"), words("Vad kostar det?")]
    shown = (await here.admin.submit(form, {"entry": entry})).view
    assert LUND in text(shown)
    assert "goes to 2 people" in text((await here.admin.submit(shown)).view)
    (seen,) = await told(here, "bo")
    assert ("You asked: Var träffas vi?" in seen, LUND in seen) == (True, True)
    found = (await entries(here))[entry]
    assert found.alternates == ("Var är nästa träff?", "Var träffas vi?")
    assert await here.town.count(miss_rows, miss_rows.c.state == "open") == 0


async def test_what_held_once_is_not_offered_as_an_answer(small: Questions) -> None:
    await small.entry("Var var det?", "I Habo.", edition="2020")
    miss = await small.ask("Var är det?")
    assert "There are no questions and answers here yet." in text((await small.admin.press(misses.MATCH, miss)).view)


async def test_an_entry_retired_meanwhile_is_not_given(small: Questions) -> None:
    entry = await small.entry("Var är träffen?", LUND)
    await small.entry("Vad kostar det?", "Inget.")
    miss = await small.ask("Var är det?")
    form = (await small.admin.press(misses.MATCH, miss)).view
    shown = (await small.admin.submit(form, {"entry": entry})).view
    await small.town.work.run(lambda c: Entries(c, small.town.clock.now()).retire(entry))
    assert "no longer there" in text((await small.admin.submit(shown)).view)
    assert await told(small, "ann") == []


async def test_a_question_answered_meanwhile_is_not_matched(small: Questions) -> None:
    entry = await small.entry("Var är träffen?", LUND)
    miss = await small.ask("Var är det?")
    form = (await small.admin.press(misses.MATCH, miss)).view
    shown = (await small.admin.submit(form, {"entry": entry})).view
    await answer(small, miss, "I Malmö.")
    assert "Somebody else has seen to this" in text((await small.admin.submit(shown)).view)
    assert len(await told(small, "ann")) == 1


async def test_one_s_own_list_keeps_a_link_for_members_from_whoever_is_none(here: Questions) -> None:
    ann, bo = here.town.person("ann"), here.town.person("bo")
    await bo.register(FREE.id)
    miss = await here.ask("Hur kommer jag in?", programme=FREE.id)
    await here.ask("Hur kommer jag in?", who="bo", programme=FREE.id, joins=miss)
    link = FREE.occasions[0].link
    await answer(here, miss, f"Här: {link}")
    assert link not in text((await ann.say("my questions")).view)
    assert link in text((await bo.say("my questions")).view)  # positive control: who has a seat reads it
