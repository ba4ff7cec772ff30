"""P9 and what people write: languages, odd words, and who may see what."""

from __future__ import annotations

import pytest

from tests.journeys import ways
from tests.journeys.stage import Stage

WITH_SEVERAL_WINDOWS = pytest.mark.parametrize("platform", ["slack", "teams"])
"""In the sandbox every window shows the same form, the newest."""


async def test_P9_choose_a_language(stage: Stage) -> None:
    anna = await stage.person("anna")
    await anna.say("språk")
    anna.sees("Vilket språk ska vi använda?")
    await anna.press("Norsk bokmål")
    anna.sees("Norsk bokmål")
    await anna.say("hjelp")
    anna.sees("meld på")
    await anna.say("språk svenska")
    await anna.say("hjälp")
    anna.sees("Det här kan jag göra", "anmäl")


@pytest.mark.parametrize("platform", ["slack", "teams"])  # nobody leaves the sandbox
async def test_P9_who_has_left_is_sent_nothing(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.register(anna, ways.DIGITAL)
    await anna.leave()
    await stage.at("2027-02-08 09:00")
    assert anna.count("I morgon") == 0


async def test_words_are_understood_as_people_write_them(stage: Stage) -> None:
    anna = await stage.person("anna")
    for typed, answer in {
        "anmel": "Vad vill du anmäla dig till?",
        "HJALP": "Det här kan jag göra",
        "mina anmalningar": "Du är inte anmäld till något än.",
        "Anmäl!": "Vad vill du anmäla dig till?",
        "anmäl masterclass": ways.MASTERCLASS,
        "avboka": "Mina anmälningar",
        "avanmäl": "Mina anmälningar",
        "tack": "Varsågod!",
        "säljer ni hundkex?": "Det vet jag inte än",
        "?": "Det här kan jag göra",
        "å" * 4000: "Det var mer än jag kan läsa på en gång",
    }.items():
        await anna.say(typed)
        anna.sees(answer)
        await anna.close_if_open()


async def test_a_norwegian_is_answered_in_bokmal(stage: Stage) -> None:
    ingrid = await stage.person("ingrid")
    await ingrid.say("meld på")
    ingrid.sees("Masterclass i innbyggerdialog")
    await ingrid.press("Meld deg på", near="Masterclass i innbyggerdialog")
    meetings = ["Digitale dialoger – få mest mulig ut av formatet"]
    await ingrid.answer({"Samlinger": meetings, "Har du grunnleggende kunnskap om innbyggerdialog?": "Ja"})
    ingrid.sees("Om deg")
    await ingrid.close()
    await ingrid.say("mine påmeldinger")
    ingrid.sees("Ikke ferdig")


async def test_a_button_that_is_outdated_says_so(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.register(anna, ways.DIGITAL)
    await ways.cancel(anna)
    await anna.press("Avboka", near=f"Du är anmäld: {ways.MASTERCLASS}")
    anna.sees("Det finns inget kvar att ändra i den här anmälan.")


@WITH_SEVERAL_WINDOWS
async def test_a_form_that_is_outdated_shows_where_one_is(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.begin(anna)
    again = await stage.person("anna", window=2)
    await ways.begin(again)
    await ways.choose(anna, ways.DIGITAL)
    await ways.choose(again, ways.FUTURE)
    again.sees("Du har redan svarat på det här formuläret, kanske i ett annat fönster.", "Om dig")
    await ways.introduce(anna)
    await ways.practical(anna)
    anna.sees(ways.DIGITAL)
    anna.does_not_see(ways.FUTURE)


@WITH_SEVERAL_WINDOWS
async def test_a_form_that_is_done_in_another_window_says_so(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.begin(anna)
    await ways.choose(anna, ways.DIGITAL)
    await ways.introduce(anna)
    again = await stage.person("anna", window=2)
    await ways.begin(again)
    await ways.practical(anna)
    await anna.submit("Bekräfta")
    await ways.practical(again)
    again.sees("Det här är redan klart.")
    assert anna.count(f"Du är anmäld: {ways.MASTERCLASS}") == 1


async def test_a_button_of_somebody_else_does_nothing(stage: Stage) -> None:
    anna, erik = await stage.person("anna"), await stage.person("erik")
    await erik.say("hej")
    await ways.register(anna, ways.DIGITAL)
    await anna.close()
    for label in ("Avboka", "Byt person", "Ändra"):
        await erik.press_for(anna, label, near="Du är anmäld")
        erik.sees("Den anmälan är inte din.")
        erik.does_not_see("Anna", "zoom.example.org")
    await anna.say("mina anmälningar")
    anna.sees("Digitala dialoger", "Anna Lindqvist")


async def test_the_welcome_comes_once(stage: Stage) -> None:
    anna = await stage.person("anna")
    await anna.open_home()
    await anna.open_home()
    await stage.restart()
    await anna.open_home()
    await anna.say("hjälp")
    assert anna.count("Hej Anna Lindqvist, jag är Lärträff") == 1


async def test_the_state_of_things_is_for_the_coordinator(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await anna.say("läget")
    anna.sees("Bara processledare kan se det här.")
    await karin.say("läget")
    karin.sees("Läget", ways.MASTERCLASS, "0 anmälda")
    await karin.say("hjälp")
    karin.sees("läget")


async def test_in_a_channel_the_answer_is_for_the_one_who_asked(stage: Stage) -> None:
    anna, erik = await stage.person("anna"), await stage.person("erik")
    await erik.say("hej")
    await ways.register(anna, ways.DIGITAL)
    before = anna.channel()
    for words in ("mina anmälningar", "material", "anmäl"):
        await anna.mention(words)
        assert anna.news, "the answer came to nobody"
        assert "zoom.example.org" not in anna.channel()
        assert "Anna Lindqvist" not in anna.channel().replace(before, "")
    erik.has_never_seen("zoom.example.org")
    erik.has_never_seen("Anna Lindqvist")


async def test_the_link_to_join_is_for_those_who_are_registered(stage: Stage) -> None:
    await stage.change("masterclass-medborgardialog", digitala_dialoger={"capacity": 1})
    anna, erik = await stage.person("anna"), await stage.person("erik")
    await ways.register(anna, ways.DIGITAL)
    await erik.say("program")
    await erik.press("Läs mer", near=ways.MASTERCLASS)
    erik.sees("Tre fristående digitala dagar")
    await ways.register(erik, ways.DIGITAL)
    erik.message("På väntelistan:")
    await erik.say("mina anmälningar")
    await erik.say("material")
    erik.has_never_seen("zoom.example.org/j")
    assert "zoom.example.org/j" in anna.message("Du är anmäld:")
