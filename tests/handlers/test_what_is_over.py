"""A meeting that is called off or has been held does not stand anywhere as if it were on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.programmes import OwnDate, Programme
from bot.domain.registrations import Participant, Register, SeatState
from storage.people import People
from storage.registrations import NewSeat, Registrations
from tests.flows.samples import DAYS, LUND, SINGLE, at, with_capacity, with_occasion, words
from tests.handlers.changed import pass_ten_minutes
from tests.handlers.town import Person, Town, text

DAY = timedelta(days=1)


async def called_off(town: Town, programme: Programme = SINGLE) -> Person:
    """Somebody who is registered for two meetings, of which the first is called off."""
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    await anna.received()
    await town.load(with_occasion(programme, "a", cancelled=True, sequence=1))
    await pass_ten_minutes(town)
    return anna


def receipt(town: Town) -> str:
    return next(text(view) for _reference, view in reversed(town.posts["sandbox"].updated))


async def test_C4b_the_old_receipt_shows_the_meeting_as_called_off_and_no_sum_that_is_wrong_now(town: Town) -> None:
    await called_off(town)
    first, second = receipt(town).partition("• Träff b")[::2]
    assert "• Called off: Träff a\n  The meeting on Tuesday 9 February 2027 at 09:30–15:00 is not held." in first
    assert not any(word in first for word in ("Takes part", "Register by: Friday 29", "Välkomna", "Price", "2,400"))
    assert "Takes part: Anna" in second


async def test_C4b_held_after_all_it_stands_in_the_receipt_as_it_is_now(town: Town) -> None:
    await called_off(town)
    await town.load(with_occasion(SINGLE, "a", sequence=2))
    await pass_ten_minutes(town)
    first = receipt(town).partition("• Träff b")[0]
    assert "• Träff a\n" in first
    assert "Time: Tuesday 9 February 2027 at 09:30–15:00" in first


async def test_C4b_my_registrations_say_that_it_is_not_held(town: Town) -> None:
    shown = text((await (await called_off(town)).say("my registrations")).view)
    line = "Called off: Träff a: Tuesday 9 February 2027 at 09:30–15:00. The meeting is not held."
    assert line in shown
    assert "Träff b: Tuesday 16 March 2027 at 09:30–15:00, Zoom. Takes part: Anna" in shown


async def test_where_nothing_is_held_any_more_there_is_nothing_to_change_or_give_up(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    await town.load(with_occasion(SINGLE, "a", cancelled=True, sequence=1))
    shown = (await anna.say("my registrations")).view
    assert "The meeting is not held." in text(shown)
    assert "Cancel registration" not in str(shown)


async def test_my_registrations_leave_out_the_meetings_that_have_been_held(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b"))
    town.clock.at = at(DAYS[0] + DAY, 9)
    shown = text((await anna.say("my registrations")).view)
    assert ("Träff a" in shown, "zoom.example.org/a" in shown, "Träff b" in shown) == (False, False, True)


async def test_my_registrations_leave_out_what_was_called_off_when_its_day_has_passed(town: Town) -> None:
    anna = await called_off(town)
    town.clock.at = at(DAYS[0] + DAY, 9)
    shown = text((await anna.say("my registrations")).view)
    assert ("Träff a" in shown, "Träff b" in shown) == (False, True)


def test_a_programme_is_over_with_its_last_meeting_or_without_any_with_its_last_date() -> None:
    later = replace(SINGLE, dates=(OwnDate("plan", words("Planen"), at(DAYS[-1] + 9 * DAY, 12)),))
    assert later.ends_at == SINGLE.occasions[-1].ends_at
    assert replace(later, occasions=()).ends_at == later.dates[0].at
    assert replace(later, occasions=(), dates=()).is_over(at(DAYS[-1] + 999 * DAY, 9)) is False


async def test_a_meeting_that_has_been_held_offers_no_seats(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 7))
    town.clock.at = at(DAYS[0] + DAY, 9)
    first, rest = text((await town.person("anna").press("programme", SINGLE.id)).view).split("• Träff b")
    assert "Registration: the meeting has been held" in first
    assert not any(word in first for word in ("Seats left", "Register by"))
    assert "Seats left: 7 seats left" in rest


async def test_a_meeting_whose_last_day_has_passed_says_so(town: Town) -> None:
    town.clock.at = at(DAYS[0] - DAY, 9)
    shown = text((await town.person("anna").press("programme", SINGLE.id)).view).split("• Träff b")[0]
    assert "Registration: registration is closed" in shown


async def test_a_cohort_of_which_a_part_has_been_held_still_shows_the_rest(town: Town) -> None:
    anna = town.person("anna")
    await anna.open_home()

    def seat(connection: object) -> None:
        people = People(connection, town.clock.now())  # type: ignore[arg-type]
        id = str(people.present(anna.actor))
        new = [NewSeat(one, Participant("Anna", "", id), SeatState.CONFIRMED, lodging=False) for one in ("ett", "två")]
        booked = Register("toppolitiker", LUND.name, LUND.key, "Anna", "anna@example.org", ())
        Registrations(connection, town.clock.now()).add(booked, id, new)  # type: ignore[arg-type]

    await town.work.run(seat)
    town.clock.at = at(DAYS[0] + 40 * DAY, 9)
    shown = text((await anna.say("my registrations")).view)
    assert ("Träff ett" in shown, "Träff två" in shown) == (False, True)
