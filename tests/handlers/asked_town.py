"""A town whose programmes answer what people ask in their own words, and how they press what they are shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.programmes import Contact, FaqEntry
from bot.handlers.events import Reply
from bot.messages import View
from tests.fixtures.kinds import Kind
from tests.flows.samples import CONTACT, FREE, NOW, SINGLE, words
from tests.handlers.prepared import prepared
from tests.handlers.town import Person, Town, buttons

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
CLOSE_CALL = "Får jag ta med mig någon?"


@pytest.fixture
async def on_both(engine: Kind) -> AsyncIterator[Town]:
    """The town, with a programme that answers and one that may be meant as well, on each database."""
    async with prepared(engine, ABOUT_DIALOG, ABOUT_FIKA) as made:
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
