"""What people thought of a meeting: asked of those who were there, answered without a name, read by the coordinator."""

from __future__ import annotations

from tests.journeys import ways
from tests.journeys.people import Participant
from tests.journeys.stage import Stage

THANKS = f"Tack för att du var med på {ways.DIGITAL}"
ASKS = "Vad tyckte du om träffen?"
PLUS, MINUS, MORE = "Plus: Vad var bra?", "Minus: Vad kunde ha varit bättre?", "Intressant: Vad vill du veta mer om?"
NAMES = ("anna", "bertil", "cecilia", "erik")
SHORTER = {"anna": "Gör passen hälften så långa", "bertil": "Fler raster", "cecilia": "Mer luft", "erik": "Mindre film"}


async def answer(person: Participant) -> None:
    await person.press("Svara", near=ASKS)
    person.sees(PLUS, MINUS, MORE, "kan processledarna läsa svaren, i slumpvis ordning. Ingen annan.")
    await person.answer({PLUS: "Samtalen i grupp", MINUS: SHORTER.get(person.role.id, "Kaffet")})
    person.sees("Tack! Ditt svar är förseglat")


async def test_S0_feedback_after_a_meeting_comes_by_itself_and_reaches_coordinators_alone(stage: Stage) -> None:
    karin = await stage.person("karin")
    there = [await stage.person(name) for name in NAMES]
    for person in (*there, karin):
        await ways.register(person, ways.DIGITAL)
    await stage.at("2027-02-09 16:30")
    assert there[0].count(ASKS) == 0
    await stage.at("2027-02-10 09:00")
    there[0].message(THANKS, ASKS, PLUS, "Bara processledarna läser det, och bara om minst 5 svarar.")
    for person in there:
        await answer(person)
    await karin.say("läget")
    karin.sees("gör det mesta av formatet”: Återkopplingen är öppen till tisdag 16 februari", "Färre än 5 har svarat.")
    await stage.at("2027-02-15 09:00")
    reminder = "Har du redan svarat? Tack, då behöver du inte göra något. Jag kan inte se vem som har svarat."
    assert [person.count(reminder) for person in (*there, karin)] == [1, 1, 1, 1, 1]
    await answer(karin)
    await stage.at("2027-02-16 16:00")
    karin.message("Återkoppling: Digitala dialoger", "5 eller fler har svarat", "”samtalen” återkommer i 5 inlägg")
    await karin.press("Öppna tavlan")
    assert SHORTER["anna"] in await stage.fetch(karin.link("Öppna tavlan"))
    for person in there[1:]:
        person.has_never_seen(SHORTER["anna"])
