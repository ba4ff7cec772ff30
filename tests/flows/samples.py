"""Made-up programmes and organisations that the tests of the core share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.domain import times
from bot.domain.organisations import Directory, Organisation
from bot.domain.programmes import (
    AgendaItem,
    Contact,
    Enrolment,
    Link,
    Occasion,
    Prerequisite,
    Prices,
    Programme,
    Span,
)
from bot.domain.words import Localised

ZONE = "Europe/Stockholm"
NOW = datetime(2027, 1, 11, 11, 0, tzinfo=UTC)  # a Monday, 12.00 in Stockholm
DAYS = (date(2027, 2, 9), date(2027, 3, 16), date(2027, 5, 4))

LUND = Organisation("SE-1281", "Lunds kommun", "Lund", "SE", "municipality")
HABO = Organisation("SE-1643", "Habo kommun", "Habo", "SE", "municipality")
BO = Organisation("SE-0001", "Bo kommun", "Bo", "SE", "municipality")
BO_REGION = Organisation("SE-01", "Region Bo", "Bo", "SE", "county")
BAMBLE = Organisation("NO-4012", "Bamble kommune", "Bamble", "NO", "municipality")
DIRECTORY = Directory((LUND, HABO, BO, BO_REGION, BAMBLE))

GLN = "7381035160000"


def words(text: str) -> Localised:
    return Localised({"sv": text})


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return times.instant(day, time(hour, minute), ZONE)


def occasion(id: str, day: date = DAYS[0], *, days: int = 1, **changes: Any) -> Occasion:
    """A day from 09.30 to 15, open for registration until ten days before and free to cancel until fourteen before."""
    spans = tuple(Span(at(day + timedelta(days=n), 9, 30), at(day + timedelta(days=n), 15)) for n in range(days))
    made = Occasion(
        id=id,
        title=words(f"Träff {id}"),
        days=spans,
        deadline=at(day - timedelta(days=10), 0),
        place=words("Zoom"),
        link=f"https://zoom.example.org/{id}",
        agenda=(AgendaItem(time(9, 30), words("Välkomna")), AgendaItem(time(12), words("Lunch"))),
        free_until=at(day - timedelta(days=14), 0),
    )
    return replace(made, **changes)


CONTACT = Contact("Kursadministrationen", words("Anmälan"), words("Frågor om anmälan"), "kurs@example.org")

SINGLE = Programme(
    id="dialog",
    edition="våren 2027",
    title=words("Dialog"),
    summary=words("Tre dagar om dialog."),
    organiser="SKR",
    zone=ZONE,
    enrolment=Enrolment.SINGLE,
    occasions=tuple(occasion(id, day) for id, day in zip("abc", DAYS, strict=True)),
    prices=Prices(occasion=1200, package=3000, late_cancellation=50),
    prerequisite=Prerequisite(
        words("Kan du grunderna?"), words("Läs gärna på."), (Link(words("Läs mer"), "https://example.org/grund"),)
    ),
    joining_guide=Link(words("Så använder du Zoom"), "https://example.org/zoom"),
    cancellation=words("Fritt till fjorton dagar före."),
    contacts=(CONTACT,),
)
"""Separate days with a package price, a question about prior knowledge and a guide to Zoom."""

COHORT = Programme(
    id="toppolitiker",
    edition="2027",
    title=words("Toppolitiker"),
    summary=words("Sex dagar vid tre tillfällen."),
    organiser="SKR",
    zone=ZONE,
    enrolment=Enrolment.COHORT,
    occasions=tuple(
        occasion(id, day + timedelta(days=30), days=2) for id, day in zip(("ett", "två", "tre"), DAYS, strict=True)
    ),
    prices=Prices(programme=24000, lodging=3000, late_cancellation=50),
    deadline=at(date(2027, 2, 1), 0),
    asks_lodging=True,
    contacts=(CONTACT,),
)
"""One registration is three occasions of two days, with lodging."""

FREE = replace(
    SINGLE,
    id="gratis",
    title=words("Fika"),
    occasions=(occasion("fika"),),
    prices=Prices(),
    prerequisite=None,
    joining_guide=None,
    cancellation=Localised({}),
)
"""A single free afternoon without any extra question."""

ARCHIVE = replace(FREE, id="arkiv", title=words("Arkiv"), enrolment=Enrolment.CLOSED, occasions=())


def with_capacity(programme: Programme, capacity: int | None) -> Programme:
    """The programme with the same number of seats everywhere."""
    return replace(programme, occasions=tuple(replace(o, capacity=capacity) for o in programme.occasions))


def with_occasion(programme: Programme, id: str, **changes: Any) -> Programme:
    """The programme with one occasion changed."""
    return replace(programme, occasions=tuple(replace(o, **changes) if o.id == id else o for o in programme.occasions))


def held_on(*days: date, zone: str = ZONE, **changes: Any) -> Programme:
    """`SINGLE` with meetings a, b, c … on these days, from 09.30 to 15 by the clocks of `zone`."""
    named = zip("abcdefgh", days, strict=False)
    meetings = tuple(replace(occasion(id, day), days=(_span(day, zone),)) for id, day in named)
    return replace(SINGLE, occasions=meetings, zone=zone, **changes)


def _span(day: date, zone: str) -> Span:
    return Span(times.instant(day, time(9, 30), zone), times.instant(day, time(15), zone))
