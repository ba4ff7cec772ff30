"""Sentences that want something done with a seat: they lead to its buttons, and questions stay questions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.programmes import Programme
from bot.messages import Card, Form, Notice
from storage.tables import inquiries
from tests.fixtures.kinds import Kind
from tests.flows.samples import COHORT, FREE, SINGLE, words
from tests.handlers.asked_town import labels
from tests.handlers.prepared import prepared
from tests.handlers.town import Person, Town, buttons, text

MASTERCLASS = replace(SINGLE, title=words("Masterclass i dialog"))
POLITICIANS = replace(COHORT, title=words("Fördjupningsprogram för toppolitiker"))


@pytest.fixture
async def small(sqlite: Kind) -> AsyncIterator[Town]:
    async with prepared(sqlite, MASTERCLASS, POLITICIANS, FREE) as opened:
        yield opened


async def title(person: Person, typed: str) -> str:
    view = (await person.say(typed)).view
    assert isinstance(view, Card | Form), text(view)
    return text(view).splitlines()[0].strip("* ")


# --- Out --------------------------------------------------------------------------------------------------------------

OUT = (
    *(
        "avanmäl mig från masterclass",
        "avboka mars",
        "meld meg av samlinga i februar",
        "unregister me from masterclass",
    ),
    *("jag kommer inte", "Tyvärr kan jag inte komma", "jag kan inte den 9 februari", "jag måste tyvärr avboka"),
    *("jeg kommer ikke", "hei, jeg kan ikke 9. februar", "jeg er syk på tirsdag", "jeg har fått forfall"),
    *("eg kjem ikkje", "eg kan ikkje i morgon", "eg er sjuk på tysdag", "eg må melde meg av"),
    *("I am not coming", "I can’t make it tomorrow", "I am ill", "I need to cancel my seat in February"),
)
SUBSTITUTES = (
    *("kan nån annan gå i mitt ställe", "jag är sjuk den 16 mars, kan Erik gå istället?", "jag skickar en kollega"),
    *("jag kan inte imorgon, Erik kommer istället", "kan noen andre gå i stedet for meg?", "Erik kommer i mitt sted"),
    *("eg er sjuk 16. mars, kan Erik gå i staden?", "kan nokon andre gå i staden for meg", "can Erik go in my place?"),
)


@pytest.mark.parametrize("typed", [*OUT, *SUBSTITUTES])
async def test_whoever_has_a_seat_and_cannot_come_gets_its_buttons_at_once(small: Town, typed: str) -> None:
    anna = small.person("anna")
    await anna.register(FREE.id)
    view = (await anna.say(typed)).view
    assert {"Change", "Change person", "Cancel registration"} <= set(labels(view))
    assert await small.count(inquiries) == 0


@pytest.mark.parametrize("typed", OUT)
async def test_whoever_has_no_seat_is_told_so_once(small: Town, typed: str) -> None:
    said = text((await small.person("anna").say(typed)).view)
    assert said.count("You are not registered for anything yet.") == 1


@pytest.mark.parametrize(
    "typed",
    [
        *("jag kan inte komma in i mötet", "jag kommer inte åt länken", "jag vill inte ha påminnelser"),
        *("jeg kan ikke finne lenken", "eg kjem ikkje på passordet", "I cannot open the file"),
        *("vad händer om jag är sjuk?", "hur avbokar jag?", "kan ni komma till oss i stället?"),
        *("kan jag skicka fakturan i stället?", "vi kan inte komma till beslut", "kan motet vara digitalt i stället?"),
    ],
)
async def test_control_what_only_sounds_like_it_stays_a_question(small: Town, typed: str) -> None:
    anna = small.person("anna")
    await anna.register(FREE.id)
    assert await title(anna, typed) != "My registrations"


# --- In ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "programme"),
    [
        ("Jag vill gå fördjupningsprogrammet för toppolitiker", POLITICIANS),
        ("jag vill gå masterclass", MASTERCLASS),
        ("jag skulle gärna vilja gå på masterclassen!", MASTERCLASS),
        ("anmäl mig till toppolitikerprogrammet", POLITICIANS),
        ("anmäl toppolitiker", POLITICIANS),
        ("hei, eg vil gjerne vere med på samlinga i mai", MASTERCLASS),
        ("jeg vil melde meg på i mai", MASTERCLASS),
        ("I want to sign up for May", MASTERCLASS),
        ("I'd like to join the masterclass", MASTERCLASS),
    ],
)
async def test_whoever_wants_to_take_part_begins_to_register_for_what_they_name(
    small: Town, typed: str, programme: Programme
) -> None:
    form = (await small.person("anna").say(typed)).view
    assert isinstance(form, Form), text(form)
    assert programme.title.wordings["sv"] in text(form)


@pytest.mark.parametrize("typed", ["vil melde meg på", "jag vill anmäla mig", "I want to register"])
async def test_whoever_names_nothing_chooses_among_all(small: Town, typed: str) -> None:
    view = (await small.person("anna").say(typed)).view
    assert all(one in text(view) for one in ("What would you like to", "Masterclass", "toppolitiker", "Fika"))


async def test_whoever_names_a_month_chooses_among_what_is_held_then(small: Town) -> None:
    said = text((await small.person("anna").say("jag vill vara med i februari")).view)
    assert "What would you like to register for?" in said
    assert "Masterclass" in said
    assert "Fika" in said
    assert "toppolitiker" not in said  # its first days are in March


@pytest.mark.parametrize(
    "typed",
    [
        *("kan jag anmäla någon annan?", "hur anmäler jag mig?", "vem kan gå masterclass?", "jag vill gå i pension"),
        *("jag vill gå masterclass, vad kostar det?", "jag vill veta vem som kan gå masterclass", "jag vill vara med"),
        *("hvem kan delta på masterclass?", "I want to go home"),
    ],
)
async def test_control_a_question_about_taking_part_stays_one(small: Town, typed: str) -> None:
    view = (await small.person("anna").say(typed)).view
    assert isinstance(view, Card)
    assert "What would you like to register for?" not in text(view)


# --- What is none of ours ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "minn meg på å ringje Kari på fredag kl 10",
        "Hej! Kan du påminna mig om att ringa doktorn imorgon?",
        "minn meg på å kjøpe mjølk og hente Ola i barnehagen, og så må eg hugse å sende rapporten til Kari før helga",
        "remind me to call the doctor",
    ],
)
async def test_a_reminder_of_ones_own_is_told_apart_and_passed_on_to_nobody(small: Town, typed: str) -> None:
    anna = small.person("anna")
    await anna.open_home()
    assert "I cannot remind you of anything else. What you wrote has gone to nobody." in text(
        (await anna.say(typed)).view
    )
    assert await small.count(inquiries) == 0


@pytest.mark.parametrize("quiet", ["pausa till 1 mars", "none"])
async def test_whoever_gets_no_reminders_and_asks_for_one_reads_that_they_are_off(small: Town, quiet: str) -> None:
    anna = small.person("anna")
    await anna.register(FREE.id)
    asked = "minn meg på samlinga 9. februar"
    assert "that comes by itself" in text((await anna.say(asked)).view)  # the control
    if quiet == "none":
        await anna.submit((await anna.press("pause")).view, {"level": "none"})
    else:
        await anna.say(quiet)
    said = (await anna.say(asked)).view
    assert "that comes by itself" not in text(said)
    assert "All reminders again" in [text(Notice(one.label)) for one in buttons(said)]


@pytest.mark.parametrize("typed", ["sluta påminna mig", "påminn mig inte mer", "kven minner meg på samlinga?"])
async def test_control_who_wants_no_reminders_or_asks_about_them_is_not_told_so(small: Town, typed: str) -> None:
    assert "I cannot remind you" not in text((await small.person("anna").say(typed)).view)


@pytest.mark.parametrize(
    "typed",
    ["hva er Lärträff?", "Vad är Lärträff", "hei, kva er dette?", "kva er du", "vad är det här?", "what is this?"],
)
async def test_whoever_asks_what_this_is_reads_who_writes_and_what_it_can_do(small: Town, typed: str) -> None:
    assert "a bot and not a person" in text((await small.person("anna").say(typed)).view)


@pytest.mark.parametrize(
    "typed", ["hva kan du hjelpe meg med?", "kva kan du hjelpe meg med", "vad kan du hjälpa mig med?"]
)
async def test_whoever_asks_what_it_can_do_gets_the_help(small: Town, typed: str) -> None:
    assert text((await small.person("anna").say(typed)).view) == text((await small.person("anna").say("help")).view)


# --- When it ends, and when it was ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["När slutar programmet?", "när är programmet slut", "Når er vi ferdige?", "Når sluttar programmet?"]
)
async def test_whoever_asks_when_it_ends_reads_every_day_to_the_last(small: Town, typed: str) -> None:
    anna = small.person("anna")
    await anna.register(MASTERCLASS.id, occasions=("a", "b", "c"))
    assert "4 May 2027" in text((await anna.say(typed)).view)


@pytest.mark.parametrize(
    "typed", ["När var förra träffen?", "når var forrige samling?", "Når var førre samling?", "When did we meet last?"]
)
async def test_whoever_asks_about_the_meeting_before_reads_when_it_was(small: Town, typed: str) -> None:
    anna = small.person("anna")
    await anna.register(MASTERCLASS.id, occasions=("a", "b", "c"))
    small.clock.at = SINGLE.occasion("b").ends_at
    assert "The last one was Träff b, Tuesday 16 March 2027." in text((await anna.say(typed)).view)
