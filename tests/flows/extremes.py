"""Programmes at the edge of what a programme file may hold, and words as long and as odd as anybody may write them."""

from __future__ import annotations

from datetime import time, timedelta

from bot.domain.people import Language
from bot.domain.programmes import (
    AgendaItem,
    Contact,
    Enrolment,
    Format,
    Link,
    Material,
    Prerequisite,
    Prices,
    Programme,
    Speaker,
)
from bot.domain.words import Localised
from config.programme_schema import LABEL, LINE, OCCASION_TITLE, PARAGRAPH, TITLE
from config.yaml_sections import Limit
from tests.flows.samples import DAYS, at, occasion

HOSTILE = (
    "<!channel> <@U1> @here <at>alla</at> {{DATE(2027-01-01T00:00:00Z)}} [x](https://evil.example) *b* _i_ "
    "👩‍👩‍👧 שלום عر "
)


def full(chars: int) -> str:
    """So many characters of what somebody with bad intentions, or with many alphabets, may write."""
    return (HOSTILE * (chars // len(HOSTILE) + 1))[: chars - 1] + "."


def edge(limit: Limit) -> Localised:
    """A text in every language, as long as the limit of the programme files allows."""
    return Localised({language.value: full(limit.chars) for language in Language})


def _programme(id: str, enrolment: Enrolment) -> Programme:
    """Twelve occasions, and every text as long as a programme file may have it."""
    days = [DAYS[0] + timedelta(days=9 * n) for n in range(12)]
    contact = Contact(full(LABEL.chars), edge(LINE), edge(LINE), "k" * 60 + "@example.org", "+46 8 123 456 78")
    occasions = tuple(
        occasion(
            f"o{n}",
            day,
            days=3,
            title=edge(OCCASION_TITLE),
            place=edge(LINE),
            purpose=edge(PARAGRAPH),
            topics=(edge(LINE),) * 8,
            agenda=tuple(AgendaItem(time(9 + m // 2, m % 2 * 30), edge(LINE), d) for d in (1, 2, 3) for m in range(12)),
            to_come=(edge(LINE),) * 4,
            capacity=20 + n,
            format=list(Format)[n % 3],
            link="https://zoom.example.org/" + "x" * 150,
        )
        for n, day in enumerate(days)
    )
    return Programme(
        id=id,
        edition=full(LABEL.chars),
        title=edge(TITLE),
        summary=edge(PARAGRAPH),
        organiser=full(TITLE.chars),
        zone="Europe/Stockholm",
        enrolment=enrolment,
        occasions=occasions,
        prices=Prices("NOK", 10_000_000, 10_000_000, 10_000_000, 10_000_000, 100),
        audience=edge(PARAGRAPH),
        deadline=at(DAYS[0] - timedelta(days=20), 0),
        prerequisite=Prerequisite(
            edge(LINE), edge(PARAGRAPH), (Link(edge(LABEL), "https://example.org/" + "x" * 150),) * 5
        ),
        joining_guide=Link(edge(LABEL), "https://example.org/guide"),
        asks_lodging=True,
        cancellation=edge(PARAGRAPH),
        contacts=(contact,) * 4,
        materials=(
            Material(edge(LABEL), "slides", "", edge(LABEL), edge(PARAGRAPH), (Speaker(full(LABEL.chars)),)),
            *(
                Material(edge(LABEL), "film", f"https://example.org/{n}", edge(LABEL), edge(PARAGRAPH))
                for n in range(14)
            ),
        ),
    )


EXTREME = _programme("ytterst", Enrolment.SINGLE)
EXTREME_COHORT = _programme("ytterst-hel", Enrolment.COHORT)
