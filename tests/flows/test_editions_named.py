"""Two editions of one programme: wherever one chooses among one's own, each is named with its edition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import Language, Person
from bot.domain.programmes import Programme
from bot.domain.registrations import Participant, Registration, Seat, SeatState
from bot.flows import asking, challenges, groups, mine, participants, plan_cards, sparring, welcome
from bot.messages import Card, Notice
from tests.flows.samples import NOW, SINGLE
from tests.handlers.town import buttons, text

BOTH = (replace(SINGLE, edition="2027"), replace(SINGLE, id="dialog-2028", edition="2028"))
ANNA = Person("anna", "Anna", language=Language.ENGLISH)


def booked(programme: Programme) -> mine.Booking:
    seats = (Seat("s", "r", programme.id, "a", Participant("Anna", "", ANNA.id), SeatState.CONFIRMED),)
    return mine.Booking(programme, Registration("r", programme.id, "Lund", "SE-1281", ANNA.id, seats), seats, ANNA.id)


CHOICES: dict[str, Card] = {
    "plan": plan_cards.choose([(one, "SE-1281", "Lund") for one in BOTH]),
    "all plans": plan_cards.choose_matrix(BOTH),
    "challenge": challenges.choose(BOTH),
    "sparring partner": sparring.choose(BOTH),
    "group": groups.which_programme(BOTH),
    "participant list": participants.choose(BOTH),
    "ask questions": asking.choose(BOTH),
    "my registrations": mine.card(tuple(map(booked, BOTH)), (), NOW),
    "my page": welcome.home(ANNA, (), (), BOTH, NOW),
}


@pytest.mark.parametrize("what", sorted(CHOICES))
def test_each_is_named_with_its_edition(what: str) -> None:
    shown = "\n".join((text(CHOICES[what]), *(text(Notice(one.label)) for one in buttons(CHOICES[what]))))
    assert "Dialog, 2027" in shown
    assert "Dialog, 2028" in shown


def test_control_the_only_one_of_its_name_is_named_without() -> None:
    assert "2027" not in text(challenges.choose(BOTH[:1]))
