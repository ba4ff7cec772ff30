"""Which differences of a meeting people are told, who of them, and what moves along with a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.calendar_shift import copied
from bot.domain.changes import (
    SETTLES,
    Change,
    Kind,
    concerns,
    concerns_registrant,
    differences,
    held_on,
    known_now,
    succeeds,
    told_at,
)
from bot.domain.programmes import AgendaItem, Format, OwnDate, Span
from bot.domain.registrations import SeatState
from tests.flows.samples import NOW, SINGLE, ZONE, at, occasion, words

BEFORE = occasion("b", to_come=(words("Inspiratör"), words("Plats för lunch")), agenda=())
DAY = date(2027, 4, 1)  # summer time has begun


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"days": (Span(at(DAY, 9), at(DAY, 15)),)}, {Kind.MOVED}),
        ({"cancelled": True}, {Kind.CANCELLED}),
        ({"cancelled": True, "place": words("Lund")}, {Kind.CANCELLED}),
        ({"place": words("Lund")}, {Kind.PLACE}),
        ({"format": Format.HYBRID}, {Kind.PLACE}),
        ({"link": "https://example.org/new"}, {Kind.LINK}),
        ({"to_come": (words("Inspiratör"),)}, {Kind.ANNOUNCED}),
        ({"agenda": (AgendaItem(BEFORE.starts_at.time(), words("Start")),)}, {Kind.ANNOUNCED}),
        ({"place": words("Lund"), "to_come": ()}, {Kind.PLACE, Kind.ANNOUNCED}),
        ({"to_come": (words("Inspiratören"), words("Plats för lunch"))}, set()),
        ({"capacity": 5, "title": words("Nytt"), "deadline": BEFORE.starts_at, "purpose": words("x")}, set()),
    ],
)
def test_C4_what_people_are_told(changes: dict[str, Any], kinds: set[Kind]) -> None:
    assert differences(BEFORE, replace(BEFORE, **changes)) == kinds


def test_C4_held_after_all_and_cancelled_still() -> None:
    off = replace(BEFORE, cancelled=True)
    assert Change(off, BEFORE).kinds == {Kind.HELD_AFTER_ALL}
    assert Change(off, replace(off, place=words("Lund"))).kinds == frozenset()


def test_P2c_what_is_known_now_is_named() -> None:
    assert known_now(BEFORE, replace(BEFORE, to_come=(words("Plats för lunch"),))) == (words("Inspiratör"),)


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ({Kind.MOVED}, {SeatState.CONFIRMED, SeatState.WAITING, SeatState.OFFERED, SeatState.CANCELLED}),
        ({Kind.MOVED, Kind.LINK}, {SeatState.CONFIRMED, SeatState.WAITING, SeatState.OFFERED, SeatState.CANCELLED}),
        ({Kind.LINK}, {SeatState.CONFIRMED}),
        ({Kind.ANNOUNCED}, {SeatState.CONFIRMED}),
        (set(), set()),
    ],
)
def test_C4_who_is_told(kinds: set[Kind], told: set[SeatState]) -> None:
    assert {state for state in SeatState if concerns(frozenset(kinds), state)} == told


def test_C4_who_booked_for_others_hears_of_what_weighs() -> None:
    assert concerns_registrant(frozenset({Kind.CANCELLED}))
    assert not concerns_registrant(frozenset({Kind.LINK, Kind.ANNOUNCED}))


@pytest.mark.parametrize(
    ("changes", "raised"),
    [({"place": words("Lund")}, 1), ({"title": words("Nytt")}, 1), ({"to_come": ()}, 1), ({"capacity": 5}, 0)],
)
def test_C4_the_sequence_follows_what_calendars_and_people_hear(changes: dict[str, Any], raised: int) -> None:
    after = succeeds(replace(BEFORE, sequence=3), replace(BEFORE, **changes))
    assert after.sequence == 3 + raised


def test_C4_the_last_day_to_register_moves_with_the_meeting_by_the_wall_clock() -> None:
    moved = held_on(BEFORE, (Span(at(DAY, 9), at(DAY, 15)),), ZONE, NOW)
    assert moved.deadline == at(DAY - timedelta(days=10), 0)
    assert moved.free_until == at(DAY - timedelta(days=14), 0)


def test_C4_who_is_moved_has_a_week_to_give_the_seat_up_free_of_charge() -> None:
    soon, late = date(2027, 1, 20), date(2027, 1, 14)
    for day, until in ((soon, at(date(2027, 1, 19), 0)), (late, at(late, 9))):
        assert held_on(BEFORE, (Span(at(day, 9), at(day, 15)),), ZONE, NOW).free_until == until
    same_day = held_on(
        BEFORE, (Span(at(date(2027, 2, 9), 8), at(date(2027, 2, 9), 15)),), ZONE, at(date(2027, 2, 8), 9)
    )
    assert same_day.free_until == BEFORE.free_until
    assert held_on(replace(BEFORE, free_until=None), (Span(at(soon, 9), at(soon, 15)),), ZONE, NOW).free_until is None


def test_C4_nobody_can_register_after_the_meeting_has_begun() -> None:
    late = replace(BEFORE, deadline=at(date(2027, 2, 9), 9, 30))
    assert held_on(late, (Span(at(DAY, 8), at(DAY, 15)),), ZONE, NOW).deadline == at(DAY, 8)


def test_C1a_a_copy_is_a_draft_with_everything_that_much_later_and_without_old_links() -> None:
    last_year = replace(SINGLE, dates=(OwnDate("plan", words("Planen"), at(date(2027, 3, 1), 12)),))
    last_year = replace(last_year, occasions=(replace(last_year.occasions[0], cancelled=True, sequence=4),))
    made = copied(last_year, "ny", "2028", 364)
    (one,) = made.occasions
    assert (made.id, made.edition, made.draft) == ("ny", "2028", True)
    assert (one.starts_at, one.link, one.cancelled, one.sequence) == (at(date(2028, 2, 8), 9, 30), "", False, 0)
    assert made.dates[0].at == at(date(2028, 2, 28), 12)


def moved_from(day: date, to: date) -> Change:
    return Change(occasion("b", day), occasion("b", to))


@pytest.mark.parametrize(
    ("now", "change", "told"),
    [
        (at(date(2027, 1, 13), 12), moved_from(date(2027, 3, 1), date(2027, 3, 2)), None),  # a Wednesday at noon
        (at(date(2027, 1, 13), 5, 40), moved_from(date(2027, 3, 1), date(2027, 3, 2)), at(date(2027, 1, 13), 8)),
        (at(date(2027, 1, 13), 7, 55), moved_from(date(2027, 3, 1), date(2027, 3, 2)), None),
        (at(date(2027, 1, 13), 16, 55), moved_from(date(2027, 3, 1), date(2027, 3, 2)), at(date(2027, 1, 14), 8)),
        (at(date(2027, 1, 15), 23, 20), moved_from(date(2027, 3, 1), date(2027, 3, 2)), at(date(2027, 1, 18), 8)),
        (at(date(2027, 3, 25), 20), moved_from(date(2027, 5, 3), date(2027, 5, 4)), at(date(2027, 3, 30), 8)),  # Easter
        (
            at(date(2027, 1, 15), 20),
            moved_from(date(2027, 1, 19), date(2027, 3, 2)),
            None,
        ),  # who would travel on Tuesday
        (at(date(2027, 1, 15), 20), moved_from(date(2027, 3, 2), date(2027, 1, 19)), None),
        (at(date(2027, 1, 15), 20), moved_from(date(2027, 1, 21), date(2027, 3, 2)), at(date(2027, 1, 18), 8)),
        (at(date(2027, 1, 17), 20), moved_from(date(2027, 1, 12), date(2027, 1, 13)), None),  # over: odd, and at once
    ],
)
def test_C4_people_are_told_in_working_hours_unless_they_have_to_know_at_once(
    now: datetime, change: Change, told: datetime | None
) -> None:
    assert told_at([change], ZONE, now) == (told or now + SETTLES)


def test_C4_what_is_told_together_goes_when_the_most_urgent_of_it_has_to() -> None:
    evening = at(date(2027, 1, 15), 20)
    far, near = moved_from(date(2027, 3, 1), date(2027, 3, 2)), moved_from(date(2027, 1, 18), date(2027, 3, 9))
    assert told_at([far, near], ZONE, evening) == evening + SETTLES
