"""Questions in people's own words: answered, with a few to choose among, or passed on to a human."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.programmes import Contact, FaqEntry, Material
from bot.domain.words import Localised
from bot.flows import faq
from bot.handlers.events import Reply
from bot.messages import Card, Form, View
from bot.ports import Address, Surface
from storage.bindings import Bindings
from storage.people import People
from storage.tables import askers, faq_phrasings, inquiries, misses
from tests.flows.samples import COHORT, CONTACT, FREE, NOW, SINGLE, words
from tests.handlers.town import Person, Town, buttons, open_town, text

LEADER = Contact("Projektledaren", words("Projektledare"), words("Frågor om innehållet i kursen"), "p@example.org")
FAQ = (
    FaqEntry("forkunskap", words("Vilka förkunskaper behöver jag?"), words("Inga alls."), "våren 2027"),
    FaqEntry("mat", words("Finns det vegetarisk mat?"), words("Ja, om du säger till."), "2020"),
    FaqEntry("parkering", words("Var kan jag parkera bilen?"), words("Bakom huset."), "våren 2027"),
    FaqEntry("sedan", words("Får jag ett intyg efteråt?"), words("Ja."), valid_from=(NOW + timedelta(days=9)).date()),
    FaqEntry("gast", words("Får jag ta med mig någon?"), words("En kollega får följa med."), "våren 2027"),
    FaqEntry("inloggning", words("Hur loggar jag in?"), words("Gå till https://zoom.example.org/a genast.")),
)
ABOUT_DIALOG = replace(SINGLE, faq=FAQ, contacts=(CONTACT, LEADER))
ABOUT_FIKA = replace(FREE, faq=(FaqEntry("gast", words("Får jag ta med mig någon?"), words("Så många du vill.")),))
"""Who is registered for neither may mean either of them."""


@pytest.fixture
async def town(engine_url: str) -> AsyncIterator[Town]:
    async with open_town(engine_url, ABOUT_DIALOG, ABOUT_FIKA) as made:
        await made.person("admin").open_home()
        yield made


def labels(view: View | None) -> list[str]:
    assert view is not None
    return [str(getattr(one.label, "message", one.label)) for one in buttons(view)]


async def click(person: Person, view: View | None, label: str) -> Reply:
    """Press the first button with this label on a card."""
    assert view is not None
    action = next(one.action for one in buttons(view) if getattr(one.label, "message", one.label) == label)
    assert action is not None
    return await person.press(action.do, action.about)


async def stored(town: Town, column: object) -> list[object]:
    return list(await town.read(lambda connection: connection.execute(select(column)).scalars().all()))  # type: ignore[call-overload]


# --- Answers ----------------------------------------------------------------------------------------------------------


async def test_P7_a_question_in_own_words_gets_the_answer_with_its_programme_and_edition(town: Town) -> None:
    reply = await town.person("anna").say("vilka förkunskaper krävs?")
    assert "Inga alls." in text(reply.view)
    assert "From: Dialog, våren 2027" in text(reply.view)
    assert "Did it help?" in text(reply.view)


async def test_P7_yes_is_thanked_and_the_way_of_asking_is_proposed_not_learnt(town: Town) -> None:
    anna = town.person("anna")
    answer = await anna.say("vilka förkunskaper krävs?")
    thanked = await click(anna, answer.view, "Yes")
    assert thanked.replaces
    assert "Thank you for telling!" in text(thanked.view)
    assert "Yes" not in labels(thanked.view)
    assert await stored(town, faq_phrasings.c.text) == ["vilka förkunskaper krävs?"]
    assert await stored(town, faq_phrasings.c.standing) == ["proposed"]


async def test_P7_yes_pressed_twice_counts_once(town: Town) -> None:
    anna = town.person("anna")
    answer = await anna.say("vilka förkunskaper krävs?")
    for _press in range(2):
        await click(anna, answer.view, "Yes")
    assert await stored(town, faq_phrasings.c.times) == [1]


async def test_P7b_an_answer_from_a_past_round_says_that_it_held_then(town: Town) -> None:
    answer = await town.person("anna").say("Finns det vegetarisk mat?")
    assert "This held for 2020. It may be different now." in text(answer.view)


async def test_P7b_what_does_not_hold_yet_is_not_said(town: Town) -> None:
    anna = town.person("anna")
    assert "Ja." not in text((await anna.say("Får jag ett intyg efteråt?")).view)
    town.clock.at += timedelta(days=10)
    assert "Ja." in text((await anna.say("Får jag ett intyg efteråt?")).view)


async def test_P7b_answers_of_a_programme_that_is_over_are_of_the_past(town: Town) -> None:
    town.clock.at += timedelta(days=365)
    answer = await town.person("anna").say("Vilka förkunskaper behöver jag?")
    assert "This held for våren 2027." in text(answer.view)


async def test_P7b_what_holds_now_goes_before_what_held_once(town: Town) -> None:
    now = FaqEntry("mat-nu", words("Finns det vegetarisk mat?"), words("Alltid numera."), "våren 2027")
    await town.load(replace(ABOUT_DIALOG, faq=(*FAQ, now)))
    answer = await town.person("anna").say("Finns det vegetarisk mat?")
    assert "Alltid numera." in text(answer.view)


async def test_P7c_a_norwegian_question_finds_the_swedish_answer_which_says_so(town: Town) -> None:
    anna = town.person("anna")
    await anna.say("bokmål")
    answer = await anna.say("Hvor kan jeg parkere bilen?")
    assert "Bakom huset." in text(answer.view)
    assert "The answer is there in Swedish only." in text(answer.view)


async def test_P7c_an_answer_in_the_reader_s_language_says_nothing_of_languages(town: Town) -> None:
    both = Localised({"sv": "Ja.", "en": "Yes, it does."})
    question = Localised({"sv": "Ingår det fika?", "en": "Is coffee included?"})
    await town.load(replace(ABOUT_DIALOG, faq=(FaqEntry("fika", question, both),)))
    answer = await town.person("anna").say("Is coffee included?")
    assert "only" not in text(answer.view)


# --- From the programme itself ----------------------------------------------------------------------------------------

ASKED = [
    ("när är nästa lärträff?", "Tuesday 9 February 2027"),
    ("vilka datum är det?", "Tuesday 4 May 2027"),
    ("vad kostar det?", "SEK 1,200"),
    ("var är det?", "Zoom"),
    ("vem kontaktar jag?", "kurs@example.org"),
    ("när är sista anmälningsdag?", "Friday 5 March 2027"),
    ("vad händer på nästa träff?", "Välkomna"),
    ("hur avbokar jag?", "Fritt till fjorton dagar före."),
    ("hva koster det?", "SEK 1,200"),
    ("når er neste samling?", "Tuesday 9 February 2027"),
    ("kva kostar det?", "SEK 1,200"),
    ("who can I ask?", "kurs@example.org"),
]


@pytest.mark.parametrize(("question", "told"), ASKED)
async def test_what_the_programme_knows_is_answered_from_it(town: Town, question: str, told: str) -> None:
    anna = town.person("anna")
    await anna.register(SINGLE.id, occasions=("a", "c"))
    assert told in text((await anna.say(question)).view)


async def test_a_moved_meeting_is_told_as_it_is_now(town: Town) -> None:
    anna = town.person("anna")
    moved = replace(ABOUT_DIALOG.occasions[0], place=words("Rådhuset"))
    await town.load(replace(ABOUT_DIALOG, occasions=(moved, *ABOUT_DIALOG.occasions[1:])))
    assert "Rådhuset" in text((await anna.say("var är det?")).view)


async def test_what_the_person_is_registered_for_decides_which_programme_is_meant(town: Town) -> None:
    anna = town.person("anna")
    both = text((await anna.say("när är nästa träff?")).view)
    assert "Dialog" in both
    assert "Fika" in both
    await anna.register(FREE.id)
    own = text((await anna.say("när är nästa träff?")).view)
    assert "Träff fika" in own
    assert "Dialog" not in own


@pytest.mark.parametrize("question", ["vad kostar toppolitiker?", "vad kostar toppolitikern?"])
async def test_a_programme_that_is_named_is_the_one_that_is_meant(town: Town, question: str) -> None:
    await town.load(replace(COHORT, title=words("Toppolitiker")))
    anna = town.person("anna")
    await anna.register(FREE.id)
    answer = await anna.say(question)
    if "Do you mean" in text(answer.view):
        answer = await click(anna, answer.view, "Show the answer")
    assert "SEK 24,000" in text(answer.view)


async def test_a_word_of_every_day_in_a_title_names_no_programme(town: Town) -> None:
    await town.load(replace(COHORT, title=Localised({"sv": "Toppolitiker", "en": "Workshop for leaders"})))
    anna = town.person("anna")
    await anna.register(FREE.id)
    assert "Free of charge." in text((await anna.say("what does the workshop cost?")).view)


async def test_what_another_programme_is_told_is_suggested_and_not_answered(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    told = text((await anna.say("Var kan jag parkera bilen?")).view)
    assert "Do you mean one of these?" in told
    assert "Dialog, våren 2027" in told
    assert "Bakom huset." not in told


async def test_the_same_question_of_two_programmes_is_answered_for_one_s_own(town: Town) -> None:
    anna = town.person("anna")
    assert "Do you mean one of these?" in text((await anna.say(CLOSE_CALL)).view)
    await anna.register(FREE.id)
    assert "Så många du vill." in text((await anna.say(CLOSE_CALL)).view)


# --- Links for members only -------------------------------------------------------------------------------------------


async def test_P6c_the_meeting_s_link_is_told_to_whoever_has_a_seat_there(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(SINGLE.id, occasions=("a",))
    assert "https://zoom.example.org/a" in repr(await anna.say("var hittar jag länken?"))
    assert "zoom.example.org" not in repr(await bo.say("var hittar jag länken?"))


async def test_P6c_a_link_for_members_in_a_written_answer_is_kept_from_others(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(SINGLE.id, occasions=("b",))
    assert "https://zoom.example.org/a" in text((await anna.say("hur loggar jag in?")).view)
    kept = text((await bo.say("hur loggar jag in?")).view)
    assert "zoom.example.org" not in kept
    assert "Links in it are shown to those who are registered" in kept


async def test_P6c_a_members_material_in_a_written_answer_is_kept_from_others(town: Town) -> None:
    secret = Material(words("Bilder"), "slides", "https://files.example.org/secret", members_only=True)
    told = FaqEntry("bilder", words("Hur tänder man lampan?"), words("Se https://files.example.org/secret"))
    await town.load(replace(ABOUT_DIALOG, faq=(told,), materials=(secret,)))
    assert "secret" not in repr(await town.person("bo").say("Hur tänder man lampan?"))


# --- In channels ------------------------------------------------------------------------------------------------------


CHANNEL = Address("slack", "W1", "C1", Surface.CHANNEL)


async def mention(person: Person, question: str) -> Reply:
    how = {"came_from": CHANNEL, "opens_forms": False, "answers_inline": False, "message": "C1:1700000000.000100"}
    return await person.say(question, **how)


async def test_in_a_channel_a_sure_answer_stands_in_the_thread_of_the_question(town: Town) -> None:
    anna = town.person("anna", "slack")
    assert (await mention(anna, "vilka förkunskaper behöver jag?")).view is None
    await town.deliver()
    sent = town.posts["slack"].sent[-1]
    assert sent.address.conversation == "C1"
    assert sent.thread == "C1:1700000000.000100"
    assert "Inga alls." in sent.text
    assert labels(sent.view) == []  # nobody else says whether it helped her


async def test_in_a_channel_what_is_not_sure_is_said_to_the_asker_alone(town: Town) -> None:
    anna = town.person("anna", "slack")
    await anna.open_home()
    await mention(anna, "säljer ni hundkex?")
    assert not [one for one in town.posts["slack"].sent if one.address.surface is Surface.CHANNEL]
    assert any("I do not know that yet" in said for said in await anna.received())


async def test_P6c_in_a_channel_no_link_for_members_is_shown_even_to_a_member(town: Town) -> None:
    anna = town.person("anna", "slack")
    await anna.register(SINGLE.id, occasions=("a",))
    for question in ("hur loggar jag in?", "var hittar jag länken?", "när är nästa träff?"):
        await mention(anna, question)
    await town.deliver()
    aloud = [one for one in town.posts["slack"].sent if one.address.surface is Surface.CHANNEL]
    assert len(aloud) == 3
    assert not [one for one in aloud if "zoom.example.org" in repr(one)]


async def test_a_channel_that_follows_a_programme_asks_about_that_one(town: Town) -> None:
    anna = town.person("anna", "slack")
    await anna.register(SINGLE.id, occasions=("a",))
    admin = await town.read(lambda c: town_person(town, "admin", c))
    await town.work.run(lambda c: Bindings(c, NOW).bind(CHANNEL, FREE.id, admin))
    await mention(anna, "när är nästa träff?")
    await town.deliver()
    assert "Träff fika" in town.posts["slack"].sent[-1].text


def town_person(town: Town, name: str, connection: object) -> str:
    return str(People(connection, NOW).present(town.person(name).actor))  # type: ignore[arg-type]


# --- Choosing ---------------------------------------------------------------------------------------------------------

CLOSE_CALL = "Får jag ta med mig någon?"


async def test_a_close_call_offers_up_to_three_and_a_way_out(town: Town) -> None:
    offered = await town.person("anna").say(CLOSE_CALL)
    assert isinstance(offered.view, Card)
    assert 2 <= len(offered.view.items) <= faq.MOST_CHOICES
    assert "Dialog, våren 2027" in text(offered.view)
    assert "None of these" in labels(offered.view)


async def test_what_is_chosen_is_answered_in_its_place(town: Town) -> None:
    anna = town.person("anna")
    chosen = await click(anna, (await anna.say(CLOSE_CALL)).view, "Show the answer")
    assert chosen.replaces
    assert "följa med" in text(chosen.view) or "Så många" in text(chosen.view)
    assert await stored(town, inquiries.c.outcome) == ["answered"]


async def test_none_of_these_goes_to_a_human(town: Town) -> None:
    anna = town.person("anna")
    offered = await anna.say(CLOSE_CALL)
    for _press in range(2):
        told = await click(anna, offered.view, "None of these")
        assert "I have passed your question on" in text(told.view)
    assert await town.count(misses) == 1


# --- No answer --------------------------------------------------------------------------------------------------------


async def test_P7a_without_an_answer_it_says_so_and_names_who_answers_and_by_when(town: Town) -> None:
    told = text((await town.person("anna").say("säljer ni hundkex?")).view)
    assert "I do not know that yet" in told
    assert "the process leader, without your name" in told
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


@pytest.mark.parametrize("nothing", ["???", "…", "🙂🙂", "12", "ok", "a" * 1001, "\ud800\ud800"])
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


async def test_no_to_nothing_is_not_taken_for_an_answer(town: Town) -> None:
    assert "I do not know what you mean" in text((await town.person("anna").say("nej")).view)


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
    assert "Kursadministrationen has it now, with your name." in text(sent.view)
    assert await stored(town, misses.c.contact) == [CONTACT.name]
    assert await stored(town, askers.c.named) == [True]


async def test_a_question_about_the_content_goes_to_somebody_else(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(SINGLE.id, occasions=("a",))
    told = await anna.say("tar innehållet upp hundkex?")
    form = (await click(anna, told.view, "Ask a human")).view
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
    assert "Waits for an answer since" in mine
    assert "hundkex" not in text((await town.person("bo").say("mina frågor")).view)


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


async def test_what_a_coordinator_has_changed_is_found_at_once(town: Town) -> None:
    anna = town.person("anna")
    await anna.say("vilka förkunskaper krävs?")
    await town.load(replace(ABOUT_DIALOG, faq=(FaqEntry("hund", words("Får hunden följa med?"), words("Gärna!")),)))
    assert "Gärna!" in text((await anna.say("får hunden följa med?")).view)
    assert "Inga alls." not in text((await anna.say("vilka förkunskaper krävs?")).view)
