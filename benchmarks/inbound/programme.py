"""The programme that the simulated people register for: five meetings with room for all, always in the future."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from config import organisations

ID = "benchmark"
MEETINGS = 5


def organisation_of(person: str) -> str:
    """Where a simulated person works: one of Sweden's and Norway's organisations, evenly spread."""
    names = _names()
    return names[int(person[1:]) % len(names)]


@cache
def _names() -> tuple[str, ...]:
    """The names that stand for one organisation only: the others are asked about."""
    directory = organisations.load()
    with (Path(organisations.__file__).parent / "organisations.csv").open(encoding="utf-8") as table:
        names = [row["name"] for row in csv.DictReader(table)]
    return tuple(name for name in names if directory.search(name).exact is not None)


def write(folder: Path, today: date) -> Path:
    """Write the programme file and return where it is."""
    path = folder / f"{ID}.yaml"
    meetings = "".join(_meeting(number, today + timedelta(days=60 + 7 * number)) for number in range(1, MEETINGS + 1))
    path.write_text(_HEAD + meetings, encoding="utf-8")
    return path


_HEAD = f"""\
id: {ID}
edition: alltid
language: sv
zone: Europe/Stockholm
organiser: Sveriges Kommuner och Regioner
enrolment: single
title: {{sv: Mätserien, en: The measured series}}
summary: {{sv: Fem fristående lärträffar som alla kan anmäla sig till., en: Five separate meetings that all may join.}}
audience: Alla som arbetar i en kommun eller region.
prices: {{currency: SEK, occasion: 1200, package: 5000}}
occasions:
"""


def _meeting(number: int, day: date) -> str:
    return f"""\
  - id: traff-{number}
    title: {{sv: Lärträff {number} om dialog, en: Meeting {number} on dialogue}}
    days:
      - {{date: {day.isoformat()}, from: "09:30", to: "15:00"}}
    deadline: {(day - timedelta(days=7)).isoformat()}
    capacity: 100000
    format: online
    place: Zoom
    link: https://zoom.example.org/j/{number}
"""
