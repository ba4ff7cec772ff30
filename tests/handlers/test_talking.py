"""First words, typed words, channels, languages and a person's own page."""

from __future__ import annotations

import pytest

from bot.handlers.events import AddedToChannel, Left, Said
from bot.messages import Card, Form, Notice
from bot.ports import Address, Surface
from storage.tables import actors, outbox, people
from tests.flows.samples import COHORT, FREE, SINGLE
from tests.handlers.town import Town, at_once, second_process, text

CHANNEL = Address("slack", "W1", "C1", Surface.CHANNEL)


async def test_the_welcome_comes_once_ever(town: Town) -> None:
    async with second_process(town) as other:
        anna = town.person("anna")
        from dataclasses import replace

        twin = replace(anna, reception=other)
        await at_once(*(one.open_home() for one in (anna, twin, anna, twin)))
    await anna.send(Left())
    await anna.open_home()
    assert [m.split("\n")[0] for m in await anna.received()] == ["Hello Anna, I am Lärträff"]


async def test_a_word_answers_inline_or_through_the_outbox_never_both(town: Town) -> None:
    anna = town.person("anna")
    assert isinstance((await anna.say("help")).view, Card)
    assert await anna.received() == []
    assert (await anna.say("help", answers_inline=False)).view is None
    assert len(await anna.received()) == 1


@pytest.mark.parametrize("typed", ["Vem är du?", "hvem er du", "Kven er du?", "are you a robot?"])
async def test_whoever_asks_who_writes_is_told_that_it_is_no_person(small_town: Town, typed: str) -> None:
    said = text((await small_town.person("anna").say(typed)).view)
    assert "a bot and not a person" in said
    assert "Write one of these words" in said


async def test_a_form_is_offered_by_button_where_none_can_be_opened(town: Town) -> None:
    anna = town.person("anna")
    reply = await anna.say("register gratis", opens_forms=False)
    assert isinstance(reply.view, Card)
    assert "Fika" in text(reply.view)
    await anna.register(FREE.id)
    for action in ("change", "cancel", "substitute"):
        about = (await anna.button("Change")).about
        reply = await anna.press(action, about, opens_forms=False)
        assert "My registrations" in text(reply.view)


async def test_a_question_in_a_channel_is_answered_to_that_person_alone(town: Town) -> None:
    anna = town.person("anna", "slack")
    await anna.register(FREE.id)
    await anna.send(Said("my registrations"), came_from=CHANNEL, answers_inline=False, opens_forms=False)
    await town.deliver()
    assert "Träff fika" in (await anna.received())[-1]
    assert not [m for m in town.posts["slack"].sent if m.address.surface is Surface.CHANNEL]


async def test_the_bot_says_hello_once_in_a_channel(town: Town) -> None:
    anna, bo = town.person("anna", "slack"), town.person("bo", "slack")
    for person in (anna, bo, anna):
        await person.send(AddedToChannel(), came_from=CHANNEL, answers_inline=False)
    await town.deliver()
    assert [m.address for m in town.posts["slack"].sent] == [CHANNEL]


async def test_language_is_chosen_by_word_and_kept(small_town: Town) -> None:
    anna = small_town.person("anna")
    reply = await anna.say("språk norsk nynorsk")
    assert reply.language.value == "nn"
    await anna.register(FREE.id)
    await small_town.deliver()
    assert small_town.messages(anna)[-1].language.value == "nn"
    assert "Which language" in text((await anna.say("language klingon")).view)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  ANMÄL!! ", "What would you like to register for?"),
        ("anmal", "What would you like to register for?"),
        ("anmäll", "What would you like to register for?"),
        ("meld på", "What would you like to register for?"),
        ("mine påmeldingar", "My registrations"),
        ("mina anmälningr", "My registrations"),
        ("program", "Programmes"),
        ("hjelp", "What I can do"),
        ("", "What I can do"),
        ("tack", "You are welcome!"),
        ("läget", "Only coordinators can see this"),
        ("material", "Materials"),
        ("link", "Write it after the word"),
        ("link ABCDE-FGHIJ", "That code is not valid"),
        ("kopla ABCDE-FGHIJ", "That code is not valid"),
        ("tack så mycket", "You are welcome!"),
        ("Hej då!", "Goodbye!"),
        ("ha det", "Goodbye!"),
        ("bye", "Goodbye!"),
        ("hej", "Hello"),
        ("Hej Lärträff!", "Hello"),
        ("hej hjälp", "What I can do"),
        ("hej på dig!", "Hello"),
        ("hur mår du?", "Hello"),
        ("Hej, jag heter Anna Ek", "Hello"),
        ("test", "Hello"),
        ("Tack så hemskt mycket för hjälpen!", "You are welcome!"),
        ("trevlig helg", "The same to you!"),
        ("vi ses på tisdag", "Goodbye!"),
        ("vad bra", "Good! Write whenever you wonder about something."),
        ("glöm det", "No harm done."),
        ("jag har en fråga", "Ask me, in your own words!"),
        ("jeg lurer på en ting", "Ask me, in your own words!"),
        ("jag förstår inte", "What I can do"),
        ("hmm", "I did not understand that"),
        ("hej jag heter inte Anna men vill komma", "Do you mean one of these?"),
        ("@channel", "I did not understand that"),
        ("@here", "I did not understand that"),
        ("channel", "Only coordinators can do this"),
        ("säljer ni hundkex?", "I do not know that yet"),
        ("x" * 5000, "That was more than I can read at once"),
        ("\0\ud800 {0} %s {x}", "I did not understand that"),
    ],
)
async def test_what_is_typed(small_town: Town, typed: str, expected: str) -> None:
    assert expected in text((await small_town.person("anna").say(typed)).view)


@pytest.mark.parametrize(
    ("typed", "language"), [("norska", "nb"), ("Nynorsk!", "nn"), ("svenska", "sv"), ("sprak engelska", "en")]
)
async def test_a_languages_name_is_enough(small_town: Town, typed: str, language: str) -> None:
    assert (await small_town.person("anna").say(typed)).language.value == language


async def test_register_with_a_name_opens_that_programme(small_town: Town) -> None:
    anna = small_town.person("anna")
    assert isinstance((await anna.say("anmäl dialog")).view, Form)
    assert isinstance((await anna.say("register Fika")).view, Form)
    assert isinstance((await anna.say("anmäl mig till dialog")).view, Form)
    assert isinstance((await anna.say("register !!")).view, Card)


async def test_the_own_page_shows_what_is_ones_own(town: Town) -> None:
    anna = town.person("anna")
    await anna.open_home()
    await anna.register(FREE.id)
    form = (await anna.press("register", SINGLE.id)).view
    await anna.submit(form, {"occasions": ("b",), "prerequisite": "yes"})
    town.clock.move(seconds=1)
    await anna.open_home()
    await town.deliver()
    pages = [m for m in town.posts["sandbox"].sent if m.address.surface is Surface.HOME]
    assert "Träff fika" in pages[-1].text
    assert "Not finished: Dialog" in pages[-1].text


async def test_nobody_is_asked_on_their_own_page_to_register_for_a_cohort_they_are_in(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(COHORT.id)
    pages = []
    for person in (anna, bo):
        await person.open_home()
        await town.deliver()
        pages.append([m for m in town.posts["sandbox"].sent if m.address.surface is Surface.HOME][-1].text)
    asked = f"Open for registration: {text(Notice(COHORT.title))}"
    assert [asked in page for page in pages] == [False, True]


async def test_a_draft_is_discarded_and_begins_anew(town: Town) -> None:
    anna = town.person("anna")
    form = (await anna.press("register", SINGLE.id)).view
    assert isinstance(form, Form)
    await anna.submit(form, {"occasions": ("b",), "prerequisite": "yes"})
    assert "Discarded" in text((await anna.press("discard", form.token.split(".")[0])).view)
    assert "already done" in text((await anna.submit(form)).view)
    again = (await anna.press("register", SINGLE.id)).view
    assert isinstance(again, Form)
    assert "Registration" in text(again)


async def test_people_of_two_workspaces_with_the_same_user_id_are_two(town: Town) -> None:
    one, two = town.person("anna", "slack", "W1"), town.person("anna-2", "slack", "W2")
    from dataclasses import replace

    from bot.domain.people import Actor

    two = replace(two, actor=Actor("slack", "W2", "anna"))
    await one.register(FREE.id)
    assert "not registered for anything" in text((await two.say("my registrations")).view)
    assert (await town.count(actors), await town.count(people)) == (2, 2)


async def test_a_notice_that_closes_a_form_is_no_message_of_its_own(town: Town) -> None:
    anna = town.person("anna")
    assert isinstance((await anna.register(FREE.id)).view, Notice)
    assert await town.count(outbox, outbox.c.key.like("reply:%")) == 0
