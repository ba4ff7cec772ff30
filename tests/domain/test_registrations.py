"""The check digit of a GLN, and who gets a seat that is added."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.registrations import (
    UNDO,
    Participant,
    Registration,
    Seat,
    SeatState,
    added,
    gln_is_valid,
    party,
    takes_added,
)
from tests.flows.samples import GLN, NOW


@pytest.mark.parametrize("typed", [GLN, "7381 0351 6000 0", "4012345000009"])
def test_a_right_gln_is_taken_with_or_without_blanks(typed: str) -> None:
    assert gln_is_valid(typed)


@pytest.mark.parametrize("typed", ["", "7381035160001", "738103516000", "73810351600006", "738103516000x", "७" * 13])
def test_a_wrong_gln_is_not(typed: str) -> None:
    assert not gln_is_valid(typed)


@given(st.integers(0, 12), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(place: int, by: int) -> None:
    wrong = str((int(GLN[place]) + by) % 10)
    assert not gln_is_valid(GLN[:place] + wrong + GLN[place + 1 :])


ANNA, BO, CIA = (Participant(name, "", name.lower()) for name in ("Anna", "Bo", "Cia"))
BO_WRITTEN_OTHERWISE = Participant("Bo Ek", "bo@lund.se", "bo")
STRANGER, NOBODY = Participant("Dag", "dag@lund.se"), Participant()


@pytest.mark.parametrize(
    ("sitting", "taking"),
    [
        ((BO, ANNA), ANNA),  # she made the registration
        ((BO,), BO),
        ((BO, BO_WRITTEN_OTHERWISE), BO_WRITTEN_OTHERWISE),
        ((STRANGER,), STRANGER),
        ((BO, CIA), NOBODY),
        ((BO, NOBODY), NOBODY),
        ((NOBODY, NOBODY), NOBODY),
    ],
)
def test_an_added_seat_is_the_makers_or_the_only_participants(
    sitting: tuple[Participant, ...], taking: Participant
) -> None:
    active = tuple(Seat(f"s{n}", "r", "p", "a", one, SeatState.CONFIRMED) for n, one in enumerate(sitting))
    gone = Seat("s9", "r", "p", "a", ANNA, SeatState.RELEASED)
    seats = active if ANNA in sitting else (gone, *active)
    assert takes_added(Registration("r", "p", "Lund", "SE-1281", "anna", seats)) == taking


def registration(*seats: Seat) -> Registration:
    return Registration("r", "p", "Lund", "SE-1281", "anna", seats)


def seat(id: str, who: Participant, state: SeatState = SeatState.CONFIRMED) -> Seat:
    """Its id begins with the meeting's."""
    return Seat(id, "r", "p", id[0], who, state, undo_until=NOW + UNDO if state is SeatState.CANCELLED else None)


@pytest.mark.parametrize(
    ("seats", "together"),
    [
        ((seat("a1", ANNA), seat("b1", BO)), []),  # now one and now another
        ((seat("a1", ANNA), seat("a2", BO, SeatState.RELEASED)), []),
        ((seat("a1", ANNA), seat("a2", BO), seat("b1", BO_WRITTEN_OTHERWISE), seat("b2", CIA)), ["a1", "b1", "b2"]),
        ((seat("a1", NOBODY), seat("b1", NOBODY), seat("b2", NOBODY)), ["b1", "b2"]),
        ((seat("a1", STRANGER), seat("a2", NOBODY), seat("b1", NOBODY)), ["a1", "a2"]),
    ],
)
def test_those_who_come_together_are_counted_once_and_those_without_a_name_where_they_are_most(
    seats: tuple[Seat, ...], together: list[str]
) -> None:
    assert [one.id for one in party(registration(*seats))] == together


def test_what_is_added_brings_back_what_they_gave_up_and_new_seats_for_the_others() -> None:
    gone = (seat("b1", BO_WRITTEN_OTHERWISE, SeatState.CANCELLED), seat("b2", CIA, SeatState.CANCELLED))
    held = registration(seat("a1", BO), seat("a2", ANNA), seat("a3", CIA), *gone)
    assert added(held, "b", (BO, ANNA), NOW) == ((gone[0],), (ANNA,))
    assert added(held, "b", (BO, ANNA), NOW + UNDO) == ((), (BO, ANNA))
    assert added(held, "c", (NOBODY, NOBODY), NOW) == ((), (NOBODY, NOBODY))
