"""P7 and C8: asked in one's own words, answered, or answered later by a human, wherever people are."""

from __future__ import annotations

import pytest

from tests.journeys import ways
from tests.journeys.stage import Stage

KNOWN = "Vilka förkunskaper behöver jag?"
UNKNOWN = "säljer ni hundkex?"


async def test_P7_ask_in_own_words_and_say_that_it_helped(stage: Stage) -> None:
    anna = await stage.person("anna")
    await anna.say("vilka förkunskaper krävs det")
    anna.sees(KNOWN, "grundläggande kunskap om medborgardialog", "Masterclass i medborgardialog", "Hjälpte det?")
    await anna.press("Ja")
    anna.sees("Tack för att du berättar!")


async def test_P7_no_leads_to_a_human(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await karin.say("hej")
    await anna.say(KNOWN)
    await anna.press("Nej")
    anna.sees("Tråkigt att det inte hjälpte", "Fråga en människa")
    await anna.press("Fråga en människa")
    await anna.answer({"Fråga": "Räcker det att ha lett en dialog?", "Ditt namn": "Visa vem som frågar"})
    anna.sees("Din fråga är skickad", "med ditt namn")
    await anna.say("mina frågor")
    anna.sees("Räcker det att ha lett en dialog?", "Frågan ligger hos processledarna")


async def test_P7_what_the_programme_knows_is_told_from_it(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.register(anna, ways.DIGITAL)
    await anna.say("när är nästa lärträff?")
    anna.sees(ways.DIGITAL, "Du är anmäld.")
    await anna.say("vem kan jag fråga om fakturan?")
    anna.sees("anmalan@medborgardialog.example.org")


async def test_P7a_without_an_answer_it_is_passed_on_and_can_be_taken_back(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await karin.say("hej")
    await anna.say(UNKNOWN)
    anna.sees("Det vet jag inte än", "utan ditt namn", "Du får svaret här, oftast senast")
    await anna.press("Skicka inte vidare")
    anna.sees("Din fråga skickas inte vidare, och den är borttagen.")
    await anna.say("mina frågor")
    anna.sees("Du har ingen fråga som väntar.")


async def test_P7c_a_norwegian_question_about_a_swedish_programme_is_answered_in_norwegian(stage: Stage) -> None:
    ingrid = await stage.person("ingrid")
    await ingrid.say("Kommer det eksempler fra andre land i masterclass?")
    ingrid.sees(
        "Får vi høre hvordan andre har gjort det?", "gode eksempler fra både Sverige og andre land", "Hjalp det?"
    )


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_in_a_channel_an_answer_stands_under_the_question_and_a_guess_is_not_said_aloud(stage: Stage) -> None:
    anna = await stage.person("anna")
    await anna.say("hej")
    await anna.mention(KNOWN)
    assert "grundläggande kunskap om medborgardialog" in anna.channel()
    await anna.mention(UNKNOWN)
    assert "Det vet jag inte" not in anna.channel()
    anna.message("Det vet jag inte än")


async def test_P6c_the_link_is_told_to_who_is_registered_and_never_in_a_channel(stage: Stage) -> None:
    anna, erik = await stage.person("anna"), await stage.person("erik")
    await ways.register(anna, ways.DIGITAL)
    await erik.say("var hittar jag länken till mötet?")
    erik.sees("Länken visas för den som är anmäld")
    await anna.say("var hittar jag länken till mötet?")
    link = anna.link("Anslut till mötet")
    erik.has_never_seen(link)
    for person in (anna, erik):
        await person.mention("var hittar jag länken till mötet?")
        assert link not in person.channel()


async def test_P7_a_question_survives_a_restart(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await karin.say("hej")
    await anna.say(UNKNOWN)
    await stage.restart()
    await anna.say("mina frågor")
    anna.sees(UNKNOWN)


ON_BOTH_DATABASES = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@ON_BOTH_DATABASES
async def test_C8_answered_once_everybody_who_asked_gets_it_where_they_are_and_the_next_one_at_once(
    both: Stage,
) -> None:
    anna, ingrid = await both.person("anna", "slack"), await both.person("ingrid", "teams")
    karin, erik = await both.person("karin", "teams"), await both.person("erik", "slack")
    await karin.say("hej")
    await anna.say(UNKNOWN)
    await ingrid.say("säljer ni hundkex")
    await karin.say("obesvarade")
    karin.sees("1 fråga väntar på svar", UNKNOWN, "och 1 till frågade ungefär detsamma")
    await karin.press("Svara", near=UNKNOWN)
    await karin.answer({"Svar på svenska": "Nej, men djuraffären intill gör det."})
    await karin.answer({"Svar på bokmål": "Nei, men dyrebutikken ved siden av gjør det."})
    karin.sees("1 person i Slack", "1 person i Teams")
    await karin.submit()
    anna.message("Här är svaret på din fråga", UNKNOWN, "djuraffären intill", "Karin Berg")
    ingrid.message("Her er svaret på spørsmålet ditt", "dyrebutikken ved siden av")
    await erik.say(UNKNOWN)
    erik.sees("djuraffären intill", "Hjälpte det?")


async def test_C8a_a_wrong_answer_is_corrected_for_those_who_got_it(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await karin.say("hej")
    await anna.say(UNKNOWN)
    await karin.say("obesvarade")
    await karin.press("Svara", near=UNKNOWN)
    await karin.answer({"Svar på svenska": "Ja, i receptionen."})
    await karin.submit()
    anna.message("Här är svaret på din fråga", "Ja, i receptionen.")
    await karin.say("obesvarade")
    await karin.press("Rätta svaret", near=UNKNOWN)
    await karin.answer({"Svar på svenska": "Nej, tyvärr inte."})
    await karin.submit()
    anna.message("Svaret på din fråga har rättats", "Nej, tyvärr inte.")


async def test_a_coordinator_writes_a_question_with_its_answer_and_it_is_found(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await karin.say("frågor och svar")
    await karin.press("Ny fråga")
    await karin.answer(
        {"Program": "Alla program", "Språk": "svenska", "Frågan": "Säljer ni hundkex?", "Svaret": "Nej, tyvärr inte."}
    )
    karin.sees("Säljer ni hundkex?", "Nej, tyvärr inte.")
    await karin.submit()
    await anna.say("har ni hundkex att sälja?")
    anna.sees("Säljer ni hundkex?", "Nej, tyvärr inte.")
