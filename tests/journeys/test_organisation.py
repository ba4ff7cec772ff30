"""G1: registering one's organisation."""

from __future__ import annotations

from tests.journeys import ways
from tests.journeys.people import Participant
from tests.journeys.stage import Stage


async def test_G1_several_seats_with_names_later(stage: Stage) -> None:
    anna, bertil = await stage.person("anna"), await stage.person("bertil")
    await bertil.say("hej")
    await ways.begin(anna)
    await ways.choose(anna, ways.DIGITAL)
    await ways.introduce_as_booking_for_others(anna, 2)
    await anna.submit()
    await ways.practical(anna)
    anna.sees("2 platser, namn senare", "2 × 1 200 = 2 400 kr exklusive moms")
    await anna.submit("Bekräfta")
    anna.message("Några platser saknar namn. Välj Byt person när du vet vem som kommer.")
    await anna.say("mina anmälningar")
    anna.sees("2 platser, namn senare")


async def test_G1_the_same_colleagues_at_all_meetings_are_named_once(stage: Stage) -> None:
    anna, bertil = await stage.person("anna"), await stage.person("bertil")
    await bertil.say("hej")
    await ways.begin(anna)
    await ways.choose(anna, "Alla tillfällen")
    await ways.introduce_as_booking_for_others(anna, 3)
    await anna.answer({"Namn 1": "Bertil Ek", "E-post 1": "bertil.ek@lund.se", "Namn 2": "Disa Alm"})
    await ways.practical(anna)
    anna.sees("Bertil Ek, Disa Alm och 3 platser, namn senare", "3 × 3 000 = 9 000 kr exklusive moms")
    await anna.submit("Bekräfta")
    bertil.message("Du har en plats:", ways.DIGITAL, ways.FUTURE, ways.OUTREACH)


async def test_G1_colleagues_who_are_named_at_once_are_told(stage: Stage) -> None:
    anna, bertil = await stage.person("anna"), await stage.person("bertil")
    await bertil.say("hej")
    await book_for(anna, "Bertil Ek", "bertil.ek@lund.se")
    bertil.message(f"Du har en plats: {ways.MASTERCLASS}", "Anna Lindqvist har gett dig en plats för Lunds kommun")
    await stage.at("2027-02-08 09:00")
    bertil.sees("I morgon: Digitala dialoger")


async def test_G1_one_of_several_seats_is_handed_over(stage: Stage) -> None:
    anna, bertil = await stage.person("anna"), await stage.person("bertil")
    await bertil.say("hej")
    await ways.begin(anna)
    await ways.choose(anna, "Alla tillfällen")
    await ways.introduce_as_booking_for_others(anna, 1, **ways.DIFFERENT)
    await anna.answer({"Namn, tis 16 mars": "Disa Alm", "E-post, tis 16 mars": "disa.alm@lund.se"})
    await ways.practical(anna)
    await anna.submit("Bekräfta")
    await anna.say("mina anmälningar")
    await anna.press("Byt person")
    places = [anna.window.index(title) for title in (ways.DIGITAL, ways.FUTURE, ways.OUTREACH)]
    assert places == sorted(places), "in the programme's order"
    await anna.answer({"Tillfällen": ["Fokus på framtiden"]})
    await anna.answer({"Namn": "Bertil Ek", "E-post": "bertil.ek@lund.se"}, "Bekräfta")
    bertil.message("Du har en plats:", ways.FUTURE, "https://zoom.example.org/j/fokus-pa-framtiden")
    assert ways.DIGITAL not in bertil.message("Du har en plats:")


async def test_G1_nobody_is_given_two_seats_at_one_meeting(stage: Stage) -> None:
    anna, bertil = await stage.person("anna"), await stage.person("bertil")
    await bertil.say("hej")
    await ways.register(bertil, ways.DIGITAL)
    await book_for(anna, "Bertil Ek", "bertil.ek@lund.se")
    anna.sees("Bertil Ek har redan en plats på Digitala dialoger")
    assert bertil.count("Du har en plats:") == 0


async def test_G1_a_name_that_comes_later(stage: Stage) -> None:
    anna, bertil = await stage.person("anna"), await stage.person("bertil")
    await bertil.say("hej")
    await book_for(anna, "", "")
    await give(anna, "Bertil Ek", "bertil.ek@lund.se")
    bertil.message("Du har en plats:", "https://zoom.example.org/j/digitala-dialoger")


async def test_G1a_the_wrong_person_is_swapped(stage: Stage) -> None:
    anna, bertil, cecilia = await stage.person("anna"), await stage.person("bertil"), await stage.person("cecilia")
    await bertil.say("hej")
    await cecilia.say("hej")
    await book_for(anna, "", "")
    await give(anna, "Bertil Ek", "bertil.ek@lund.se")
    await give(anna, "Cecilia Öberg", "cecilia.oberg@lund.se")
    bertil.message("Din plats har gått till en kollega", "Cecilia Öberg")
    cecilia.message("Du har en plats:", "https://zoom.example.org/j/digitala-dialoger")
    await bertil.say("mina anmälningar")
    bertil.sees("Du är inte anmäld till något än.")
    bertil.does_not_see("zoom.example.org")
    await stage.at("2027-02-08 09:00")
    cecilia.sees("I morgon")
    bertil.does_not_see("I morgon")


async def test_G1b_the_third_booking_completes_the_package(stage: Stage) -> None:
    anna, bertil, cecilia = await stage.person("anna"), await stage.person("bertil"), await stage.person("cecilia")
    await ways.register(anna, ways.DIGITAL)
    await ways.register(bertil, ways.FUTURE)
    await ways.begin(cecilia)
    await ways.choose(cecilia, ways.OUTREACH)
    await ways.introduce(cecilia)
    await ways.practical(cecilia)
    cecilia.sees("2 × 1 200 = 2 400 kr", "Ny summa för din organisation", "3 000 kr", "600 kr exklusive moms")
    await cecilia.submit("Bekräfta")
    cecilia.message("Du är anmäld:", "3 000 kr exklusive moms")
    await anna.say("mina anmälningar")
    await anna.press("Avboka")
    anna.sees("Ny summa för din organisation", "2 × 1 200 = 2 400 kr exklusive moms")


async def book_for(person: Participant, name: str, email: str) -> None:
    """Book one seat at the first meeting for a colleague."""
    await ways.begin(person)
    await ways.choose(person, ways.DIGITAL)
    await ways.introduce_as_booking_for_others(person, 1)
    await person.answer({"Namn": name, "E-post": email})
    await ways.practical(person)
    await person.submit("Bekräfta")


async def give(person: Participant, name: str, email: str) -> None:
    """Put somebody on the only seat."""
    await person.say("mina anmälningar")
    await person.press("Byt person")
    await person.answer({"Namn": name, "E-post": email}, "Bekräfta")
