"""Curating questions and answers in chat: the list, writing, and changing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.faq import COMMON, Entry, Standing
from bot.domain.programmes import FaqEntry
from bot.domain.words import Localised
from bot.flows import curating, faq
from bot.handlers import curating_forms
from bot.messages import Form
from storage.faq import Entries
from storage.tables import faq_entries, inquiries
from tests.flows.samples import FREE, NOW, SINGLE, words
from tests.handlers import curating_town
from tests.handlers.curating_town import (
    AVGIFT,
    DIALOG,
    EVERYBODYS,
    FAQ,
    FIKA,
    GAMMAL,
    INTYG,
    KAFFE,
    NEW,
    click,
    coordinator,
    entry,
    labels,
    named,
    preview,
    shown,
    written,
)
from tests.handlers.town import Town, at_once, second_process, text

town, small = curating_town.on_both, curating_town.on_sqlite


# --- The list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["frågor och svar", "FAQ", "vanliga frågor", "spørsmål og svar", "questions and answers"]
)
async def test_the_list_has_what_one_may_see_with_past_answers_marked(small: Town, word: str) -> None:
    said = text((await small.person("anna").say(word)).view)
    for part in ("Vad kostar kursen?", "Applied to 2020", "Finns det kaffe?", "Vem är Lärträff?", "All programmes"):
        assert part in said
    assert "Får jag intyg?" not in said  # still to come
    assert "Utkast" not in said
    assert "New question" not in said


async def test_ones_own_programmes_come_first_and_what_holds_for_all_last(small: Town) -> None:
    anna = small.person("anna")
    before = await shown(anna)
    await anna.register(FREE.id)
    after = await shown(anna)
    assert before.index("Vad kostar kursen?") < before.index("Finns det kaffe?") < before.index("Vem är Lärträff?")
    assert after.index("Finns det kaffe?") < after.index("Vad kostar kursen?") < after.index("Vem är Lärträff?")


async def test_a_coordinator_sees_what_is_to_come_and_drafts(small: Town) -> None:
    said = await shown(small.person("admin"))
    assert ("Valid from Wednesday 20 January 2027" in said, "Utkast" in said) == (True, True)


async def test_the_list_is_shown_page_by_page_and_programme_by_programme(small: Town) -> None:
    many = tuple(FaqEntry(f"f{n}", words(f"Fråga nummer {n:02}?"), words("Svar.")) for n in range(11))
    await small.load(replace(DIALOG, faq=many))
    anna = small.person("anna")
    chosen = await click(anna, (await anna.press(curating.CHOOSE)).view, "Show the questions")
    first = text(chosen.view)
    second = text((await click(anna, chosen.view, "Show more")).view)
    assert ("1–8 of 11" in first, "Fråga nummer 07?" in first, "Fråga nummer 08?" in first) == (True, True, False)
    assert ("9–11 of 11" in second, "Fråga nummer 10?" in second, "kaffe" in first + second) == (True, True, False)


@pytest.mark.parametrize("about", ["hemligt::", "borta::0", "::99999999999", "*::-1", "a:b:c:d", "\u2028::7"])
async def test_odd_places_in_the_list_lead_nowhere_wrong(small: Town, about: str) -> None:
    said = await shown(small.person("anna"), curating.FAQ, about)
    assert ("went wrong" in said, "Utkast" in said) == (False, False)


async def test_an_answer_is_shown_as_it_stands_and_a_past_one_says_so(small: Town) -> None:
    anna = small.person("anna")
    assert "1 200 kronor per dag." in await shown(anna, curating.SHOW, AVGIFT)
    assert "This applied to 2020." in await shown(anna, curating.SHOW, GAMMAL)
    assert "Did it help?" not in await shown(anna, curating.SHOW, AVGIFT)
    assert await small.count(inquiries) == 0


async def test_what_one_may_not_see_is_not_there(small: Town) -> None:
    anna, admin = small.person("anna"), small.person("admin")
    await admin.press(curating.RETIRE, KAFFE)
    for id in (INTYG, KAFFE, "hemligt.avgift", "nothing"):
        assert "no longer here" in await shown(anna, curating.SHOW, id)
    for id in (INTYG, KAFFE, "hemligt.avgift"):  # the control: the same look finds it for a coordinator
        assert "no longer here" not in await shown(admin, curating.SHOW, id)


async def test_a_members_link_in_an_answer_is_shown_to_members_only(small: Town) -> None:
    link = FIKA.occasions[0].link
    await small.load(replace(FIKA, faq=(FaqEntry("lank", words("Länken?"), words(f"Här: {link}")),)))
    anna, bo = small.person("anna"), small.person("bo")
    await anna.register(FREE.id)
    assert link in await shown(anna, curating.SHOW, "gratis.lank")
    assert link not in await shown(bo, curating.SHOW, "gratis.lank")


# --- Writing ----------------------------------------------------------------------------------------------------------


async def test_C8_before_saving_it_says_that_the_programme_answers_this_already(town: Town) -> None:
    told = "The programme answers this already"
    price = {**NEW, "question": "Vad kostar programmet?"}
    assert told in text(await preview(town.person("admin"), "", curating.ADD, **price))
    assert told not in text(await preview(town.person("admin"), "", curating.ADD, **NEW))  # the control


async def test_a_question_is_written_looked_through_and_stored_once(town: Town) -> None:
    admin = town.person("admin")
    look = await preview(admin, "", curating.ADD, **NEW, alternates="parkering?\n\n parkering? \nBilen")
    said = text(look)
    for part in ("Var parkerar jag?", "Bakom huset.", "Dialog", "parkering?"):
        assert part in said
    assert await town.count(faq_entries) == 6  # nothing before it is confirmed
    for _ in range(2):
        await admin.submit(look, delivery="the same")
    stored = await named(town, "Var parkerar jag?")
    assert (stored.programme, stored.alternates, stored.version) == (SINGLE.id, ("parkering?", "Bilen"), 1)
    assert "Bakom huset." in await shown(town.person("anna"), curating.SHOW, stored.id)
    assert await town.count(faq_entries) == 7


async def test_a_new_answer_is_found_by_whoever_asks(small: Town) -> None:
    await written(small.person("admin"), place=curating.EVERYWHERE)
    assert "Bakom huset." in text((await small.person("anna").say("Var parkerar jag?")).view)


async def test_the_preview_shows_what_asks_nearly_the_same(small: Town) -> None:
    look = await preview(small.person("admin"), "", curating.ADD, **NEW | {"question": "Vad kostar kursen då?"})
    assert "Asks nearly the same: Vad kostar kursen?" in text(look)


async def test_of_two_who_write_the_same_question_at_once_one_does(town: Town) -> None:
    admin, lo = town.person("admin"), await coordinator(town, "lo")
    looks = [await preview(one, "", curating.ADD, **NEW) for one in (admin, lo)]
    async with second_process(town) as other:
        lo.reception = other
        both = await at_once(admin.submit(looks[0]), lo.submit(looks[1]))
    said = [text(one.view) for one in both]
    assert sum("Saved" in one for one in said) == 1, said
    again = next(one.view for one in both if "is there already" in text(one.view))
    assert isinstance(again, Form)
    assert NEW.items() <= dict(again.values).items()  # with all that was typed
    assert await town.count(faq_entries) == 7


async def test_control_without_a_common_id_the_question_is_there_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter("xyz")
    monkeypatch.setattr(curating_forms.EntryRoom, "_place", lambda _room, _entry: (next(numbers), None))
    monkeypatch.setattr(curating_forms, "key", lambda entry: frozenset({(entry.id,)}))
    for who in (town.person("admin"), await coordinator(town, "lo")):
        await written(who)
    assert await town.count(faq_entries) == 8


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"question": "x" * 151}, "room for 150"),
        ({"answer": "x" * 2501}, "room for"),
        ({"answer": " "}, "Please fill this in"),
        ({"alternates": "kort\n" + "x" * 201}, "room for 200 characters on each line"),
        ({"begins": "2027-05-02", "ends": "2027-05-01"}, "before the first one"),
        ({"ends": "aldrig"}, "Please write a day"),
        ({"place": "borta"}, "no longer there"),
    ],
)
async def test_what_cannot_be_stored_comes_back_with_the_reason(
    small: Town, typed: dict[str, str], reason: str
) -> None:
    form = (await small.person("admin").press(curating.ADD)).view
    again = (await small.person("admin").submit(form, NEW | typed)).view
    assert isinstance(again, Form)
    assert reason in text(again)
    assert await small.count(faq_entries) == 6


async def test_a_question_that_is_written_can_be_taken_back(small: Town) -> None:
    admin = small.person("admin")
    done = await written(admin)
    assert "No longer in use" in text((await click(admin, done.view, "Undo")).view)
    assert (await named(small, NEW["question"])).standing is Standing.RETIRED


# --- Changing ---------------------------------------------------------------------------------------------------------


async def test_a_change_is_shown_before_and_after_and_keeps_the_rest(town: Town) -> None:
    admin = town.person("admin")
    look = await preview(admin, answer="1 300 kronor.", ends="2027-12-31")
    for part in ("The answer in Swedish, before: 1 200 kronor per dag.", "now: 1 300 kronor.", "Valid until, now"):
        assert part in text(look)
    assert "Question in Swedish" not in text(look)
    done = await admin.submit(look)
    now = await entry(town)
    assert (now.answer, now.question, now.edition, now.version) == (
        words("1 300 kronor."),
        FAQ[0].question,
        "våren 2027",
        2,
    )
    await click(admin, done.view, "Undo")
    assert ((await entry(town)).answer, (await entry(town)).version) == (FAQ[0].answer, 3)


async def test_an_answer_is_moved_to_another_programme_and_back(town: Town) -> None:
    admin = town.person("admin")
    look = await preview(admin, place=FREE.id)
    for part in ("Programme, before: Dialog", "Programme, now: Fika"):
        assert part in text(look)
    done = await admin.submit(look)
    assert ((await entry(town)).programme, (await entry(town)).answer) == (FREE.id, FAQ[0].answer)
    assert "Vad kostar kursen?" in await shown(admin, about=FREE.id)
    await click(admin, done.view, "Undo")
    assert (await entry(town)).programme == SINGLE.id


async def test_what_was_moved_stays_moved_until_its_file_says_something_else(town: Town) -> None:
    await written(town.person("admin"), curating.EDIT, AVGIFT, place=curating.EVERYWHERE)
    await town.load(DIALOG, FIKA)
    assert ((await entry(town)).programme, (await entry(town)).standing) == (COMMON, Standing.LIVE)
    anew = replace(FAQ[0], answer=words("1 400 kronor."))
    await town.load(replace(DIALOG, faq=(anew, *FAQ[1:])))
    assert ((await entry(town)).programme, (await entry(town)).answer) == (SINGLE.id, anew.answer)


async def test_what_was_moved_to_a_programme_is_not_its_file_s_and_goes_with_its_own(small: Town) -> None:
    await written(small.person("admin"), curating.EDIT, AVGIFT, place=FREE.id)
    await small.load(replace(FIKA, faq=()))
    assert (await entry(small)).standing is Standing.LIVE
    await small.load(replace(DIALOG, faq=FAQ[1:]))
    assert (await entry(small)).standing is Standing.RETIRED


async def test_a_language_is_added_and_the_others_stay(small: Town) -> None:
    admin = small.person("admin")
    which = (await admin.press(curating.ADD_LANGUAGE, AVGIFT)).view
    form = (await admin.submit(which, {"language": "nb"})).view
    assert "Vad kostar kursen?" in text(form)  # to translate from
    look = (await admin.submit(form, {"question": "Hva koster kurset?", "answer": "1 200 kroner per dag."})).view
    assert "Hva koster kurset?" in text(look)
    await admin.submit(look)
    now = await entry(small)
    assert dict(now.question.wordings) == {"sv": "Vad kostar kursen?", "nb": "Hva koster kurset?"}
    assert dict(now.answer.wordings) == {"sv": "1 200 kronor per dag.", "nb": "1 200 kroner per dag."}


async def test_with_several_languages_one_is_chosen_and_the_others_are_named(small: Town) -> None:
    both = Localised({"sv": "Vad?", "nb": "Hva?"})
    await small.work.run(lambda c: Entries(c, NOW).add(Entry("två", COMMON, both, both)))
    admin = small.person("admin")
    form = (await admin.submit((await admin.press(curating.EDIT, "två")).view, {"language": "nb"})).view
    assert isinstance(form, Form)
    assert (form.values["question"], "The other languages stay" in text(form)) == ("Hva?", True)
    await admin.submit((await admin.submit(form, {"question": "Hva da?"})).view)
    assert dict((await entry(small, "två")).question.wordings) == {"sv": "Vad?", "nb": "Hva da?"}


async def test_every_language_there_is_leaves_none_to_add(small: Town) -> None:
    all_of_them = Localised(dict.fromkeys(faq.LANGUAGES, "x"))
    await small.work.run(lambda c: Entries(c, NOW).add(Entry("allt", COMMON, all_of_them, all_of_them)))
    admin = small.person("admin")
    assert "in every language already" in await shown(admin, curating.ADD_LANGUAGE, "allt")
    assert "Add a language" not in labels((await admin.press(curating.SHOW, "allt")).view)


async def test_nothing_changed_is_said_and_nothing_is_stored(small: Town) -> None:
    admin = small.person("admin")
    assert "Change something first" in text((await admin.submit((await admin.press(curating.EDIT, AVGIFT)).view)).view)
    assert (await entry(small)).version == 1


async def test_of_two_who_change_an_answer_the_second_sees_the_new_one_and_loses_nothing(town: Town) -> None:
    admin, lo = town.person("admin"), await coordinator(town, "lo")
    looks = [await preview(admin, answer="Ett."), await preview(lo, answer="Två.", edition="")]
    async with second_process(town) as other:
        lo.reception = other
        both = await at_once(admin.submit(looks[0]), lo.submit(looks[1]))
    lo.reception = town.reception
    said = [text(one.view) for one in both]
    first = next(n for n, one in enumerate(said) if "Saved" in one)
    late, wrote, reads = (lo, "Två.", "Ett.") if first == 0 else (admin, "Ett.", "Två.")
    again = both[1 - first].view
    assert f"It says now: Vad kostar kursen? {reads}" in text(again)
    assert isinstance(again, Form)
    assert again.values["answer"] == wrote
    look = (await late.submit(again)).view
    assert f"before: {reads}" in text(look)
    assert "Saved" in text((await late.submit(look)).view)
    assert ((await entry(town)).answer, (await entry(town)).version) == (words(wrote), 3)


async def test_control_without_the_version_the_first_one_is_lost_unseen(
    small: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = curating_forms.EntryRoom.edit

    def careless(room: curating_forms.EntryRoom, entry: Entry, *, seen: int) -> Entry:
        return edit(room, entry, seen=entry.version)

    monkeypatch.setattr(curating_forms.EntryRoom, "edit", careless)
    admin, lo = small.person("admin"), await coordinator(small, "lo")
    looks = [await preview(admin, answer="Ett."), await preview(lo, answer="Två.")]
    await admin.submit(looks[0])
    assert "Saved" in text((await lo.submit(looks[1])).view)


async def test_what_another_changed_elsewhere_in_the_entry_stays(small: Town) -> None:
    admin, lo = small.person("admin"), await coordinator(small, "lo")
    mine = (await admin.press(curating.EDIT, AVGIFT)).view
    await written(lo, curating.EDIT, AVGIFT, edition="hösten 2027", alternates="Priset?")
    look = (await admin.submit(mine, {"answer": "Inget."})).view
    assert "Somebody else has changed it since you opened the form" in text(look)
    assert "Saved" in text((await admin.submit(look)).view)
    now = await entry(small)
    assert (now.answer, now.edition, now.alternates) == (words("Inget."), "hösten 2027", ("Priset?",))


async def test_other_ways_to_ask_that_a_form_has_no_room_for_stay(small: Town) -> None:
    many = tuple(f"{n:03} {'x' * 190}" for n in range(30))
    await small.work.run(lambda c: Entries(c, NOW).add(replace(EVERYBODYS, id="många", alternates=many)))
    admin = small.person("admin")
    form = (await admin.press(curating.EDIT, "många")).view
    assert isinstance(form, Form)
    there = str(form.values["alternates"]).splitlines()
    assert "16 other ways to ask stay as they are" in text(form)
    await admin.submit((await admin.submit(form, {"alternates": "\n".join([*there[1:], "ny"])})).view)
    assert (await entry(small, "många")).alternates == (*many[1:], "ny")


async def test_a_long_question_that_was_learnt_does_not_stand_in_the_way_of_a_change(small: Town) -> None:
    long = "varför " * 40
    await small.work.run(lambda c: Entries(c, NOW).learn(AVGIFT, long))
    assert "Saved" in text((await written(small.person("admin"), curating.EDIT, AVGIFT, answer="Inget.")).view)
    assert (await entry(small)).alternates == (long,)


async def test_hostile_words_are_only_words(small: Town) -> None:
    evil = "<!channel> {question} [x](https://evil.example) =1+1"
    await written(small.person("admin"), question=evil, answer=evil)
    stored = await named(small, evil)
    assert text((await small.person("anna").press(curating.SHOW, stored.id)).view).count(evil) == 2
