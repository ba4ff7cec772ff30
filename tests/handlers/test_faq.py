"""Questions in people's own words: answered, or with a few to choose among; what is said aloud, and to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.programmes import FaqEntry, Material, Prices
from bot.domain.words import Localised
from bot.flows import faq
from bot.handlers.events import Reply
from bot.messages import Card
from bot.ports import Address, Surface
from storage.bindings import Bindings
from storage.people import People
from storage.tables import faq_phrasings, inquiries, misses
from tests.flows.samples import COHORT, DAYS, FREE, NOW, SINGLE, occasion, words
from tests.handlers import asked_town
from tests.handlers.asked_town import ABOUT_DIALOG, CLOSE_CALL, FAQ, click, labels, stored
from tests.handlers.town import Person, Town, text

town = asked_town.on_both


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
    assert "Thank you for telling me!" in text(thanked.view)
    assert "Yes" not in labels(thanked.view)
    assert await stored(town, faq_phrasings.c.text) == ["vilka förkunskaper krävs?"]
    assert await stored(town, faq_phrasings.c.standing) == ["proposed"]


async def test_P7_yes_pressed_twice_counts_once(town: Town) -> None:
    anna = town.person("anna")
    answer = await anna.say("vilka förkunskaper krävs?")
    for _press in range(2):
        await click(anna, answer.view, "Yes")
    assert await stored(town, faq_phrasings.c.times) == [1]


async def test_P7_two_questions_in_one_message_get_both_answers_and_keep_them_when_thanked(town: Town) -> None:
    anna = town.person("anna")
    answer = await anna.say("Vilka förkunskaper behöver jag? Var kan jag parkera bilen?")
    thanked = await click(anna, answer.view, "Yes")
    for shown in (answer.view, thanked.view):
        assert "Inga alls." in text(shown)
        assert "• Var kan jag parkera bilen?" in text(shown)
        assert "Bakom huset." in text(shown)
    assert await stored(town, faq_phrasings.c.text) == []  # two questions are no way to ask for one answer
    alone = await anna.say("Vilka förkunskaper behöver jag?")
    assert "Bakom huset." not in text(alone.view)


async def test_P7_yes_in_words_below_two_answers_thanks_for_both(town: Town) -> None:
    anna = town.person("anna")
    await anna.say("Vilka förkunskaper behöver jag? Var kan jag parkera bilen?")
    thanked = text((await anna.say("ja")).view)
    assert "Thank you for telling me!" in thanked
    assert "Inga alls." not in thanked  # both stand above it
    assert await stored(town, inquiries.c.helped) == [True]


async def test_P7_where_one_answer_cannot_tell_of_all_programmes_it_says_so(town: Town) -> None:
    anna = town.person("anna")
    assert "There are more programmes." not in text((await anna.say("Vad kostar det?")).view)
    others = [(replace(FREE, id=f"other-{n}", title=words(f"Annat {n}")), Prices(occasion=n + 1)) for n in range(4)]
    await town.load(*(replace(programme, prices=prices) for programme, prices in others))
    shown = text((await anna.say("Vad kostar det?")).view)
    assert "There are more programmes. Name the one you mean" in shown
    assert [f"Annat {n}" in shown for n in range(4)] == [True] * 4  # told of, or at least named
    assert shown.count("•") == 4 + 2  # the others' names, and whether it helped


async def test_P7_the_link_is_the_one_to_the_meeting_that_comes_first_of_all_that_one_attends(town: Town) -> None:
    anna = town.person("anna")
    sooner = replace(FREE, occasions=(occasion("fika", DAYS[0] - timedelta(days=7)),))
    await town.load(sooner)
    await anna.register(SINGLE.id)
    await anna.register(FREE.id)
    told = await anna.say("var hittar jag länken?")
    assert "Fika: Träff fika" in text(told.view)
    assert [link in repr(told) for link in ("zoom.example.org/fika", "zoom.example.org/a")] == [True, False]


async def test_P7_whether_somebody_is_registered_is_told_to_them_and_not_in_a_channel(town: Town) -> None:
    anna = town.person("anna", "slack")
    assert "No, you have no seat" in text((await anna.say("Är jag anmäld?")).view)
    await anna.register(SINGLE.id)
    assert "Yes." in text((await anna.say("Är jag anmäld?")).view)
    channel = Address("slack", "W1", "C1", Surface.CHANNEL)
    await anna.say("Är jag anmäld?", came_from=channel, message="m1")
    await town.deliver()
    aloud = [text(one.view) for one in town.posts["slack"].sent if one.address.surface is Surface.CHANNEL]
    assert [("write to me directly" in said, "Yes." in said) for said in aloud] == [(True, False)]


async def test_P7b_an_answer_from_a_past_round_says_that_it_held_then(town: Town) -> None:
    answer = await town.person("anna").say("Finns det vegetarisk mat?")
    assert "This applied to 2020. It may be different now." in text(answer.view)


async def test_P7b_what_does_not_hold_yet_is_not_said(town: Town) -> None:
    anna = town.person("anna")
    assert "Ja." not in text((await anna.say("Får jag ett intyg efteråt?")).view)
    town.clock.at += timedelta(days=10)
    assert "Ja." in text((await anna.say("Får jag ett intyg efteråt?")).view)


async def test_P7b_answers_of_a_programme_that_is_over_are_of_the_past(town: Town) -> None:
    town.clock.at += timedelta(days=365)
    answer = await town.person("anna").say("Vilka förkunskaper behöver jag?")
    assert "This applied to våren 2027." in text(answer.view)


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


async def test_P7_what_is_beside_what_data_tells_is_not_answered_from_it(town: Town) -> None:
    """The positive control is the one before: an entry about the very matter is an answer."""
    anna = town.person("anna")
    for beside in (
        "Kan jag betala i euro?",
        "Varför kostar det så mycket?",
        "Får min fru följa med?",
        "Får jag något intyg?",
    ):
        assert "I do not know that yet" in text((await anna.say(beside)).view), beside
    assert "What does it cost?" in text((await anna.say("Vad kostar det?")).view)


async def test_P7_a_time_of_a_part_is_told_with_its_hours(town: Town) -> None:
    anna = town.person("anna")
    assert "12.00 Lunch" in text((await anna.say("hur dags är det lunch?")).view)
    assert "Lunch: 3 hours, 12:00–15:00" in text((await anna.say("hur lång är lunchen?")).view)


async def test_P7_of_two_questions_each_is_answered_about_its_own_part_of_the_day(town: Town) -> None:
    anna = town.person("anna")
    said = text((await anna.say("när är det lunch och vad kostar det?")).view)
    assert ("12.00 Lunch" in said, "What does it cost?" in said) == (True, True)
    alone = text((await anna.say("hur lång är dagen, går det att dela upp den?")).view)  # nothing is said of parts
    assert "Lunch:" not in alone


@pytest.mark.parametrize("no", ["nej, det var inte det jag menade", "no that's not what I asked", "det stemmer ikke"])
async def test_P7_no_in_ones_own_words_is_no_new_question(town: Town, no: str) -> None:
    anna = town.person("anna")
    await anna.say("Vad kostar det?")
    assert "I am sorry that it did not help" in text((await anna.say(no)).view)


async def test_P7_how_long_it_is_comes_from_an_entry_where_somebody_has_written_it(town: Town) -> None:
    anna = town.person("anna")
    assert "5 hours and 30 minutes" in text((await anna.say("hur lång är träffen?")).view)
    lasts = FaqEntry("langd", words("Hur lång är varje träff?"), words("En halv dag."))
    await town.load(replace(ABOUT_DIALOG, faq=(*FAQ, lasts)))
    assert "En halv dag." in text((await anna.say("hur lång är en träff i Dialog?")).view)


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


@pytest.mark.parametrize(("question", "named"), [("Hur byter jag språk?", False), ("vad kostar det?", True)])
async def test_what_is_no_programme_s_own_names_none_as_its_source(town: Town, question: str, named: bool) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    assert ("From:" in text((await anna.say(question)).view)) is named


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


async def test_the_answer_knows_how_its_channel_is_reached_though_nobody_has_told_before(town: Town) -> None:
    """Teams finds a thread only in a channel that it is told is one."""
    anna = town.person("anna", "slack")
    for details in ({"channel": "C7", "name": "AI"}, {"channel": "C7"}):
        where = Address("slack", "W1", "C7", Surface.CHANNEL, details)
        how = {"came_from": where, "opens_forms": False, "answers_inline": False, "message": "C7:1700000000.000100"}
        await anna.say("vilka förkunskaper behöver jag?", **how)
        await town.deliver()
        assert town.posts["slack"].sent[-1].address.details == {"channel": "C7", "name": "AI"}


async def test_what_is_answered_alone_says_that_it_was_asked_elsewhere(town: Town) -> None:
    anna = town.person("anna", "slack")
    assert (await mention(anna, "help")).elsewhere
    assert "You mentioned me where others read it" in (await anna.received())[-1]
    assert "You mentioned me" not in text((await anna.say("help")).view)


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
