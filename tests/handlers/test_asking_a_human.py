"""What no entry answers: passed on, helped or not, asked of a human, and nobody else's to press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.programmes import FaqEntry
from bot.flows import faq
from bot.handlers.events import Reply
from bot.messages import Form, View
from storage.tables import askers, faq_phrasings, inquiries, misses
from tests.flows.samples import CONTACT, FREE, SINGLE, words
from tests.handlers import asked_town
from tests.handlers.asked_town import ABOUT_DIALOG, ABOUT_FIKA, CLOSE_CALL, LEADER, click, labels, stored
from tests.handlers.town import Person, Town, buttons, open_town, text

town = asked_town.on_both


# --- No answer --------------------------------------------------------------------------------------------------------


async def test_P7a_without_an_answer_it_says_so_and_names_who_answers_and_by_when(town: Town) -> None:
    told = text((await town.person("anna").say("säljer ni hundkex?")).view)
    assert "I do not know that yet" in told
    assert "the coordinators, without your name" in told
    assert "Wednesday 13 January 2027" in told
    assert await stored(town, misses.c.text) == ["säljer ni hundkex?"]


async def test_P7a_a_miss_keeps_no_name_and_no_number(town: Town) -> None:
    anna = town.person("anna")
    await anna.say("Kan Kerstin Svensson ringa mig på 070-123 45 67 eller kerstin@example.org?")
    (kept,) = await stored(town, inquiries.c.text)
    assert "Svensson" not in str(kept)
    assert "070" not in str(kept)
    assert "@" not in str(kept)


async def test_P7a_who_asks_the_same_joins_the_same_miss(town: Town) -> None:
    await town.person("anna").say("säljer ni hundkex?")
    await town.person("bo").say("säljer ni hundkex")
    await town.person("cia").say("finns det en hiss i huset?")
    assert sorted(map(str, await stored(town, misses.c.text))) == [
        "finns det en hiss i huset?",
        "säljer ni hundkex?",
    ]
    assert await town.count(askers) == 3


async def test_the_same_question_about_another_programme_is_another_miss(town: Town) -> None:
    for name, programme in (("anna", SINGLE), ("bo", FREE), ("cia", FREE)):
        await town.person(name).register(programme.id)
        await town.person(name).say("säljer ni hundkex?")
    assert sorted(map(str, await stored(town, misses.c.programme))) == sorted((SINGLE.id, FREE.id))


async def test_a_question_that_is_taken_back_leaves_nothing(town: Town) -> None:
    anna = town.person("anna")
    told = await anna.say("säljer ni hundkex?")
    assert "not passed on" in text((await click(anna, told.view, "Do not pass it on")).view)
    for table in (inquiries, askers, misses):
        assert await town.count(table) == 0


async def test_what_others_have_asked_too_stays_when_one_takes_it_back(town: Town) -> None:
    anna = town.person("anna")
    told = await anna.say("säljer ni hundkex?")
    await town.person("bo").say("säljer ni hundkex?")
    await click(anna, told.view, "Do not pass it on")
    assert await town.count(misses) == 1


async def test_while_nobody_coordinates_no_answer_is_promised(engine_url: str) -> None:
    async with open_town(engine_url, ABOUT_DIALOG) as alone:
        told = text((await alone.person("anna").say("säljer ni hundkex?")).view)
    assert "I have noted your question" in told
    assert "passed" not in told


@pytest.mark.parametrize(
    "nothing", ["???", "…", "🙂🙂", "12", "ok", "anna@lund.se", "https://lund.se/x", "a" * 1001, "\ud800\ud800"]
)
async def test_what_means_nothing_is_no_question(town: Town, nothing: str) -> None:
    await town.person("anna").say(nothing)
    assert await town.count(misses) == 0


# --- No ---------------------------------------------------------------------------------------------------------------


async def test_no_offers_what_else_it_may_be_and_a_human(town: Town) -> None:
    anna = town.person("anna")
    answer = await anna.say("vilka förkunskaper krävs?")
    sorry = await click(anna, answer.view, "No")
    assert "I am sorry that it did not help" in text(sorry.view)
    assert "Ask a human" in labels(sorry.view)


async def test_no_in_words_is_no_new_question(town: Town) -> None:
    anna = town.person("anna")
    await anna.say("vilka förkunskaper krävs?")
    assert "I am sorry that it did not help" in text((await anna.say("nej, det var inte det")).view)
    assert await stored(town, inquiries.c.helped) == [False]


@pytest.mark.parametrize("typed", ["ja", "nej", "nei", "yes"])
async def test_yes_or_no_to_nothing_is_not_taken_for_an_answer_nor_for_a_fault(town: Town, typed: str) -> None:
    said = text((await town.person("anna").say(typed)).view)
    assert "I do not know what your answer belongs to." in said
    assert "That did not work" not in said


async def test_what_is_too_long_for_a_question_is_said_to_be_so_with_a_way_to_a_human(town: Town) -> None:
    view = (await town.person("anna").say("Vad händer med pengarna? " * 41)).view
    assert "That was more than I can read at once" in text(view)
    assert labels(view) == ["Ask a human"]
    assert await town.count(inquiries) == 0


async def refuse(person: Person) -> None:
    answer = await person.say("vilka förkunskaper krävs?")
    await click(person, answer.view, "No")


async def test_C8c_three_people_saying_no_put_the_answer_back_in_the_queue(town: Town) -> None:
    anna = town.person("anna")
    for _again in range(3):
        await refuse(anna)
    assert await town.count(misses) == 0  # one person, three times
    await refuse(town.person("bo"))
    assert await town.count(misses) == 0
    await refuse(town.person("cia"))
    assert await stored(town, misses.c.entry) == ["dialog.forkunskap"]


# --- To a human -------------------------------------------------------------------------------------------------------


async def ask_human(person: Person, view: View | None, **answers: str) -> Reply:
    form = (await click(person, view, "Ask a human")).view
    return await person.submit(form, answers)


async def test_a_question_to_a_human_is_filled_in_and_goes_to_whose_field_it_is(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(SINGLE.id, occasions=("a",))
    told = await anna.say("hur blir det med anmälan om jag får barn?")
    form = (await click(anna, told.view, "Ask a human")).view
    assert isinstance(form, Form)
    assert form.values["contact"] == CONTACT.name
    sent = await anna.submit(form, {"named": "yes"})
    assert "Kursadministrationen does not answer here at the moment" in text(sent.view)
    assert "It is with the coordinators now, with your name." in text(sent.view)
    assert await stored(town, misses.c.contact) == [CONTACT.name]
    assert await stored(town, askers.c.named) == [True]


async def test_a_question_about_the_content_goes_to_somebody_else(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(SINGLE.id, occasions=("a",))
    told = await anna.say("tar innehållet upp hundkex?")
    form = (await click(anna, told.view, "Ask a human")).view
    assert isinstance(form, Form)
    assert form.values["contact"] == LEADER.name


@pytest.mark.parametrize("question", ["Får barn vara med?", "Finns det laddstolpe?"])
async def test_what_is_nobodys_field_goes_to_the_programmes_first_contact(town: Town, question: str) -> None:
    about, role = words("Arbetsrätt och kollektivavtal. Skriv vem du är."), words("För personalchefer")
    law = replace(CONTACT, name="Juristerna", about=about, role=role, topics=())
    await town.load(replace(ABOUT_DIALOG, contacts=(LEADER, law)))
    anna = town.person("anna")
    await anna.register(SINGLE.id, occasions=("a",))
    form = (await click(anna, (await anna.say(question)).view, "Ask a human")).view
    assert isinstance(form, Form)
    assert form.values["contact"] == LEADER.name


async def test_a_county_s_contact_is_there_for_that_county_only(town: Town) -> None:
    skane = replace(LEADER, name="Skåne", counties=("SE-12",))
    jonkoping = replace(LEADER, name="Jönköping", counties=("SE-06",))
    await town.load(replace(ABOUT_DIALOG, contacts=(skane, jonkoping, CONTACT)))
    anna = town.person("anna")
    await anna.register(SINGLE.id, occasions=("a",))
    form = (await anna.press(faq.HUMAN)).view
    assert isinstance(form, Form)
    assert "Skåne" in repr(form)
    assert "Jönköping" not in repr(form)


async def test_seed_002_who_must_say_on_whose_behalf_they_ask_is_asked(town: Town) -> None:
    law = replace(CONTACT, asks=words("Frågar du på uppdrag av personalchefen?"))
    await town.load(replace(ABOUT_DIALOG, contacts=(law,)))
    anna = town.person("anna")
    await anna.register(SINGLE.id, occasions=("a",))
    more = (await ask_human(anna, (await anna.say("säljer ni hundkex?")).view)).view
    assert isinstance(more, Form)
    assert "personalchefen" in text(more)
    await anna.submit(more, {"eligible": "Ja, av henne."})
    (kept,) = await stored(town, misses.c.text)
    assert str(kept).endswith("Frågar du på uppdrag av personalchefen? Ja, av henne.")


async def test_asked_of_a_human_it_is_not_asked_twice(town: Town) -> None:
    anna = town.person("anna")
    await ask_human(anna, (await anna.say("säljer ni hundkex?")).view, text="Får min ledarhund följa med?")
    assert await stored(town, misses.c.text) == ["Får min ledarhund följa med?"]


async def test_the_asker_sees_how_it_stands(town: Town) -> None:
    anna = town.person("anna")
    await anna.say("säljer ni hundkex?")
    mine = text((await anna.say("mina frågor")).view)
    assert "säljer ni hundkex?" in mine
    assert "It is with the coordinators, and you usually get the answer by Wednesday 13 January 2027." in mine
    assert "hundkex" not in text((await town.person("bo").say("mina frågor")).view)


async def test_a_question_that_nobody_has_answered_in_time_is_said_to_take_longer(town: Town) -> None:
    anna = town.person("anna")
    await anna.say("säljer ni hundkex?")
    town.clock.at += timedelta(days=7)
    mine = text((await anna.say("mina frågor")).view)
    assert "It is with the coordinators, and takes longer than it usually does." in mine


async def test_while_nobody_coordinates_a_question_is_said_to_lie_with_nobody(engine_url: str) -> None:
    async with open_town(engine_url, ABOUT_DIALOG) as alone:
        anna = alone.person("anna")
        await anna.say("säljer ni hundkex?")
        assert "There is nobody to answer it yet." in text((await anna.say("mina frågor")).view)


# --- Whose a question is ----------------------------------------------------------------------------------------------


def about(reply: Reply) -> Iterator[tuple[str, str]]:
    assert reply.view is not None
    for button in buttons(reply.view):
        if button.action is not None and button.action.about:
            yield button.action.do, button.action.about


@pytest.mark.parametrize("question", ["vilka förkunskaper krävs?", CLOSE_CALL, "säljer ni hundkex?"])
async def test_nobody_else_can_press_the_buttons_under_an_answer(town: Town, question: str) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    reply = await anna.say(question)
    before = await town.contents(inquiries, askers, misses, faq_phrasings)
    for do, what in about(reply):
        assert "belongs to somebody else" in text((await bo.press(do, what)).view), do
    assert await town.contents(inquiries, askers, misses, faq_phrasings) == before
    for do, what in about(reply):  # positive control: the asker can
        assert "belongs to somebody else" not in text((await anna.press(do, what)).view), do


async def test_the_same_delivery_again_asks_nothing_twice(town: Town) -> None:
    anna = town.person("anna")
    first = await anna.say("säljer ni hundkex?", delivery="D1")
    again = await anna.say("säljer ni hundkex?", delivery="D1")
    assert first == again
    assert await town.count(inquiries) == 1


async def test_a_draft_s_answers_are_told_to_nobody(town: Town) -> None:
    await town.load(replace(ABOUT_DIALOG, draft=True))
    assert "Inga alls." not in text((await town.person("anna").say("vilka förkunskaper behöver jag?")).view)


async def test_a_draft_s_answer_is_told_to_nobody_who_names_it_in_a_button(town: Town) -> None:
    await town.load(replace(ABOUT_FIKA, id="utkast", draft=True))
    anna = town.person("anna")
    await anna.say(CLOSE_CALL)
    (inquiry,) = await stored(town, inquiries.c.id)
    told = text((await anna.press(faq.PICK, f"{inquiry} utkast.gast")).view)
    assert "That answer is no longer here." in told
    shown = text((await anna.press(faq.PICK, f"{inquiry} {ABOUT_FIKA.id}.gast")).view)
    assert "Så många du vill." in shown  # positive control: of a programme that is published it is told


async def test_a_copy_for_next_year_makes_nobody_less_sure(town: Town) -> None:
    await town.load(replace(ABOUT_DIALOG, id="dialog-2028", edition="2028", draft=True))
    assert "Inga alls." in text((await town.person("anna").say("Vilka förkunskaper behöver jag?")).view)


async def test_a_draft_of_the_same_name_does_not_hide_which_programme_is_meant(town: Town) -> None:
    meant = replace(ABOUT_DIALOG, title=words("Digibarometern"))
    await town.load(meant, replace(meant, id="utkast", edition="2028", draft=True))
    told = text((await town.person("anna").say("Får jag ta med mig någon till digibarometern?")).view)
    assert "En kollega får följa med." in told


async def test_what_a_coordinator_has_changed_is_found_at_once(town: Town) -> None:
    anna = town.person("anna")
    await anna.say("vilka förkunskaper krävs?")
    await town.load(replace(ABOUT_DIALOG, faq=(FaqEntry("hund", words("Får hunden följa med?"), words("Gärna!")),)))
    assert "Gärna!" in text((await anna.say("får hunden följa med?")).view)
    assert "Inga alls." not in text((await anna.say("vilka förkunskaper krävs?")).view)
