"""The ways through the product that many stories share."""

from __future__ import annotations

from tests.journeys.people import Answer, Participant

MASTERCLASS = "Masterclass i medborgardialog"
DIGITAL = "Digitala dialoger"
FUTURE = "Fokus på framtiden"
OUTREACH = "Dialog där folk är"


BASICS = "Har du grundläggande kunskap om medborgardialog?"
DECIDED = {
    "sv": "Har ni ett övergripande politiskt beslut om jämställdhet, "
    "till exempel att ni har skrivit under CEMR-deklarationen?",
    "nb": "Har dere et overordnet politisk vedtak om likestilling, for eksempel at dere har signert CEMR-erklæringen?",
}


async def begin(person: Participant, programme: str = MASTERCLASS) -> None:
    """Open the form of a programme by the word "anmäl" and its button."""
    await person.say("anmäl")
    await person.press("Anmäl dig", near=programme)


async def choose(person: Participant, *meetings: str) -> None:
    """Answer the first question of the Masterclass."""
    await person.answer({"Tillfällen": list(meetings), BASICS: "Ja"})


async def introduce(person: Participant, **more: Answer) -> None:
    """Answer who one is; name and e-mail stand there already, and that one takes part oneself."""
    await person.answer({"Organisation": person.role.organisation, **more})


DIFFERENT = {"Kommer samma personer till alla tillfällen?": "Nej, olika"}


async def introduce_as_booking_for_others(person: Participant, seats: int, **more: str) -> None:
    """Answer who one is, and for how many one books."""
    await introduce(person, **{"Vem deltar?": "Kollegor, eller flera av oss"})
    await person.answer({"Platser vid varje tillfälle": seats, **more})


async def practical(person: Participant, *, guide: str = "Nej tack") -> None:
    """Answer what the Masterclass asks about invoices and the like."""
    await person.answer({"Vill du ha en enkel guide till hur du ansluter digitalt?": guide, "Fakturareferens": "4711"})


async def register(person: Participant, *meetings: str) -> None:
    """Register oneself for meetings of the Masterclass."""
    await begin(person)
    await choose(person, *meetings)
    await introduce(person)
    await practical(person)
    await person.submit("Bekräfta")


async def cancel(person: Participant) -> None:
    """Cancel the only seat one has."""
    await person.say("mina anmälningar")
    await person.press("Avboka")
    await person.submit("Bekräfta")
