"""The coordinators' forms: what they show before anything happens, what they refuse, and what they only point out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.changes import Change, Kind, told_at, with_occasion
from bot.domain.people import Language
from bot.domain.programmes import AgendaItem, Format, Occasion, Programme, Span
from bot.domain.rules import Rule
from bot.domain.words import Localised
from bot.flows import amending
from bot.flows.effects import Facts, Reach, doubts
from bot.messages import Answer, Card, Form, Notice, View
from tests.flows.samples import COHORT, NOW, SINGLE, at, held_on, words
from tests.flows.samples import with_occasion as with_changed
from tests.flows.walking import Walk
from tests.handlers.town import text

REACH = Reach((("slack", 3), ("teams", 11)), unreached=2, channels=1)


@dataclass
class Room:
    """A coordinators' desk in memory; `meanwhile` is what a colleague has made of the programme."""

    programme: Programme = SINGLE
    meanwhile: Programme | None = None
    done: list[object] = field(default_factory=list)

    def amend(self, programme: str, occasion: Occasion, *, seen: int) -> Programme:
        current = self.meanwhile or self.programme
        standing = current.occasion(occasion.id)
        if standing.sequence != seen:
            raise amending.overtaken(current, standing)
        self.done.append(occasion)
        return with_occasion(current, replace(occasion, sequence=seen + 1))

    def keep_rule(self, programme: str, rule: Rule) -> None:
        self.done.append(rule)

    def forget_rule(self, programme: str, rule: str) -> None:
        self.done.append(rule)

    def copy(self, programme: str, edition: str, days: int) -> Programme:
        self.done.append((edition, days))
        return replace(self.programme, edition=edition, draft=True)

    def publish(self, programme: str) -> Programme:
        return replace(self.programme, draft=False)


def _told_at(change: Change) -> datetime:
    return told_at([change], SINGLE.zone, NOW)


def facts(programme: Programme = SINGLE, **changes: Any) -> Facts:
    made = Facts(programme, NOW, Language.SWEDISH, _told_at, lambda _occasion, kinds: REACH if kinds else Reach(), dict)
    return replace(made, **changes)


def amend(programme: Programme = SINGLE, id: str = "b", room: Room | None = None, **changes: Any) -> Walk:
    """The coordinator has chosen a meeting."""
    desk: Any = room or Room(programme)
    walk = Walk(amending.amend, amending.Draft(programme.id), facts(programme, **changes), desk)
    walk.answer(occasion=id)
    return walk


def typed(walk: Walk, **changes: str) -> View:
    """Leave everything as it is shown, but for this."""
    answers: Mapping[str, Answer] = walk.form.values
    return walk.answer(**{**answers, **{name.replace("__", "."): value for name, value in changes.items()}})


def test_C4_the_form_is_filled_in_with_how_the_meeting_stands() -> None:
    assert amend().form.values == {
        "day.1": "2027-03-16",
        "start.1": "09.30",
        "end.1": "15.00",
        "agenda.1": "09.30 Välkomna\n12.00 Lunch",
        "format": "online",
        "place": "Zoom",
        "link": "https://zoom.example.org/b",
    }


def test_C4_each_day_of_a_longer_meeting_has_its_own_hours() -> None:
    form = amend(COHORT, "två").form
    assert [form.values[f"day.{n}"] for n in (1, 2)] == ["2027-04-15", "2027-04-16"]


def test_C4_the_effect_names_everything_that_follows() -> None:
    shown = text(typed(amend(), day__1="2027-03-25", place="Lund"))
    for expected in (
        "Was Tuesday 16 March 2027 at 09:30–15:00, is now Thursday 25 March 2027 at 09:30–15:00.",
        "The place was Zoom and is now Lund.",
        "3 people in Slack",
        "11 people in Teams",
        "2 people: write to them yourself",
        "1 channel",
        "Agenda: Tuesday 2 March 2027 at 09:00 → Thursday 11 March 2027 at 09:00",
        "The day before: Monday 15 March 2027 at 09:00 → Wednesday 24 March 2027 at 09:00",
        "People are told in ten minutes. Until then you can undo it.",
    ):
        assert expected in shown


def test_C4_in_the_evening_it_says_when_people_are_told() -> None:
    friday = at(date(2027, 1, 15), 18)
    walk = amend(now=friday, told_at=lambda change: told_at([change], SINGLE.zone, friday))
    shown = text(typed(walk, day__1="2027-03-25"))
    assert "People are told in working hours, on Monday 18 January 2027 at 08:00. Until then you can undo it." in shown
    done = walk.answer()
    assert isinstance(done, Card)
    assert "14 people are told on Monday 18 January 2027 at 08:00." in text(done)


def test_C4_the_effect_names_the_reminders_of_each_day() -> None:
    shown = text(typed(amend(COHORT, "två"), day__1="2027-04-22", day__2="2027-04-23"))
    assert "The day before: Wednesday 14 April 2027 at 09:00 → Wednesday 21 April 2027 at 09:00" in shown
    assert "The day before, day 2: Thursday 15 April 2027 at 15:00 → Thursday 22 April 2027 at 15:00" in shown
    assert shown.count("The link, just before") == 2


def test_C4_confirmed_it_says_how_many_are_told_and_offers_undo() -> None:
    room = Room()
    walk = amend(room=room)
    typed(walk, day__1="2027-03-25")
    done = walk.answer()
    assert isinstance(done, Card)
    assert "14 people are told in ten minutes." in text(done)
    assert [str(b.action) for b in done.buttons] == ["undo_change dialog b 1", "tell_now dialog", "timeline dialog"]
    (changed,) = room.done
    assert isinstance(changed, Occasion)
    assert (changed.starts_at, changed.deadline) == (at(date(2027, 3, 25), 9, 30), at(date(2027, 3, 15), 0))


def test_C4_a_last_day_to_register_that_the_programme_sets_is_not_said_to_move() -> None:
    fixed = replace(SINGLE, deadline=at(date(2027, 1, 10), 0))
    for programme, moves in ((SINGLE, True), (fixed, False)):
        shown = typed(amend(programme), day__1="2027-03-25")
        assert ("Register by" in text(shown)) is moves


@pytest.mark.parametrize("typed_time", ["16", "kl 16", "Kl. 16.00", "klockan 16:00", " 16.00 "])
def test_a_time_is_read_as_people_write_it(typed_time: str) -> None:
    assert amending.clock(typed_time, "at") == time(16)


@pytest.mark.parametrize(
    ("changes", "field_name", "reason"),
    [
        ({"end__1": "09.00"}, "end.1", "The meeting has to end after it begins."),
        ({"start__1": "halv tio"}, "start.1", "Please write the time as hours and minutes"),
        ({"start__1": "25.00"}, "start.1", "Please write the time as hours and minutes"),
        ({"day__1": "snart"}, "day.1", "Please write a day in the future"),
        ({"day__1": "2027-02-30"}, "day.1", "Please write a day in the future"),
        ({"link": "zoom.us/j/1"}, "link", "A link begins with https://"),
    ],
)
def test_C4_what_cannot_be_is_refused_by_its_field(changes: dict[str, str], field_name: str, reason: str) -> None:
    form = typed(amend(), **changes)
    assert isinstance(form, Form)
    assert list(form.errors) == [field_name]
    assert reason in text(form)


@pytest.mark.parametrize("day", ["25 mars", "25/3", "2027-03-25"])
def test_C4_a_day_is_written_as_people_write_it(day: str) -> None:
    room = Room()
    walk = amend(room=room)
    typed(walk, day__1=day)
    walk.answer()
    (changed,) = room.done
    assert isinstance(changed, Occasion)
    assert changed.starts_at == at(date(2027, 3, 25), 9, 30)


def test_C4_a_meeting_whose_place_is_still_to_come_can_be_moved() -> None:
    nowhere = replace(SINGLE.occasion("b"), format=Format.HYBRID, place=words(""))
    form = amend(with_occasion(SINGLE, nowhere)).form
    assert not next(one for one in form.fields if one.name == "place").required


HALL: dict[str, Any] = {"format": Format.ON_SITE, "place": words("Sessionssalen"), "link": ""}
BOTH: dict[str, Any] = {"format": Format.HYBRID, "place": words("Sessionssalen"), "link": "https://zoom.example.org/b"}


@pytest.mark.parametrize(
    ("before", "changes", "met", "place", "link"),
    [
        (HALL, {"format": "online", "link": "https://z.se/1"}, Format.ONLINE, "", "https://z.se/1"),
        (HALL, {"format": "hybrid", "link": "https://z.se/1"}, Format.HYBRID, "Sessionssalen", "https://z.se/1"),
        (HALL, {"format": "online", "place": "Teams"}, Format.ONLINE, "Teams", ""),
        (BOTH, {"format": "on_site"}, Format.ON_SITE, "Sessionssalen", ""),
        (BOTH, {"day__1": "2027-03-25"}, Format.HYBRID, "Sessionssalen", "https://zoom.example.org/b"),
    ],
)
def test_C4_a_meeting_becomes_one_in_person_online_or_both(
    before: dict[str, Any], changes: dict[str, str], met: Format, place: str, link: str
) -> None:
    programme = with_occasion(SINGLE, replace(SINGLE.occasion("b"), **before))
    room = Room(programme)
    walk = amend(programme, room=room)
    typed(walk, **changes)
    walk.answer()
    (changed,) = room.done
    assert isinstance(changed, Occasion)
    assert (changed.format, changed.place.wordings.get("sv", ""), changed.link) == (met, place, link)


@pytest.mark.parametrize(
    ("before", "changes", "field_name"),
    [(HALL, {"link": "https://z.se/1"}, "format"), (HALL, {"place": ""}, "place"), (BOTH, {"place": ""}, "place")],
)
def test_C4_a_meeting_in_person_has_a_place_and_no_link(
    before: dict[str, Any], changes: dict[str, str], field_name: str
) -> None:
    form = typed(amend(with_occasion(SINGLE, replace(SINGLE.occasion("b"), **before))), **changes)
    assert isinstance(form, Form)
    assert list(form.errors) == [field_name]


def test_C4_that_a_meeting_is_held_online_is_said_before_it_is_confirmed() -> None:
    shown = text(typed(amend(with_occasion(SINGLE, replace(SINGLE.occasion("b"), **HALL))), format="online"))
    assert "The place was Sessionssalen and is now Online." in shown


def test_C4_days_in_the_wrong_order_are_refused() -> None:
    form = typed(amend(COHORT, "två"), day__1="2027-04-20", day__2="2027-04-14")
    assert isinstance(form, Form)
    assert list(form.errors) == ["day.2"]


def test_C4_the_other_days_move_along_with_the_first() -> None:
    room = Room(COHORT)
    walk = amend(COHORT, "två", room)
    typed(walk, day__1="2027-04-22")
    walk.answer()
    (changed,) = room.done
    assert isinstance(changed, Occasion)
    assert [span.starts_at.date() for span in changed.days] == [date(2027, 4, 22), date(2027, 4, 23)]


def held(programme: Programme = SINGLE, id: str = "b", **changes: str) -> Occasion:
    """The meeting as it was stored in the end."""
    room = Room(programme)
    walk = amend(programme, id, room)
    shown = typed(walk, **changes)
    assert walk.step == "effect", text(shown)
    walk.answer()
    (changed,) = room.done
    assert isinstance(changed, Occasion)
    return changed


def days_of(changed: Occasion) -> list[date]:
    return [span.starts_at.date() for span in changed.days]


def test_C4_a_day_is_added_at_the_hours_of_the_last_one() -> None:
    first, second = held(day__2="17 mars").days
    assert second == Span(first.starts_at + timedelta(days=1), first.ends_at + timedelta(days=1))


def test_C4_a_day_is_added_at_hours_of_its_own() -> None:
    added = held(day__2="2027-03-17", start__2="13.00", end__2="16.30").days[1]
    assert added == Span(at(date(2027, 3, 17), 13), at(date(2027, 3, 17), 16, 30))


def test_C4_an_added_day_may_come_before_the_others_and_the_deadline_goes_with_it() -> None:
    before, after = SINGLE.occasion("b"), held(day__2="2027-03-15")
    assert days_of(after) == [date(2027, 3, 15), date(2027, 3, 16)]
    assert before.deadline - after.deadline == timedelta(days=1)


def test_C4_one_more_day_may_be_added_while_the_others_move_along() -> None:
    changed = held(COHORT, "två", day__1="2027-04-22", day__3="2027-05-04")
    assert days_of(changed) == [date(2027, 4, 22), date(2027, 4, 23), date(2027, 5, 4)]


@pytest.mark.parametrize(("gone", "left"), [("1", date(2027, 4, 16)), ("2", date(2027, 4, 15))])
def test_C4_a_day_left_empty_goes(gone: str, left: date) -> None:
    assert days_of(held(COHORT, "två", **{f"day__{gone}": ""})) == [left]


def test_C4_a_day_that_goes_takes_its_agenda_with_it() -> None:
    agenda = tuple(AgendaItem(time(9), words(f"Dag {n}"), day=n) for n in (1, 2))
    changed = held(with_changed(COHORT, "två", agenda=agenda), "två", day__1="")
    assert changed.agenda == (AgendaItem(time(9), words("Dag 2"), day=1),)


def test_C4_the_effect_says_what_the_days_were_and_are() -> None:
    shown = text(typed(amend(COHORT, "två"), day__2=""))
    (line,) = (one for one in shown.splitlines() if one.startswith("What changes"))
    was, now = line.split(", is now ")
    assert ("16 April" in was, "16 April" in now, "15 April" in now) == (True, False, True)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"day__1": "", "day__2": ""}, "A meeting has at least one day."),
        ({"day__3": "2027-04-16"}, "The days have to follow each other."),
        ({"day__3": "2027-04-19", "start__3": "16.00", "end__3": "15.00"}, "The meeting has to end after it begins."),
        ({"start__2": ""}, "Please write the time as hours and minutes"),
    ],
)
def test_C4_days_that_cannot_be_are_refused(changes: dict[str, str], reason: str) -> None:
    form = typed(amend(COHORT, "två"), **changes)
    assert isinstance(form, Form)
    assert reason in text(form)


def test_C4_a_form_has_room_for_ten_days_and_then_for_no_more() -> None:
    first = SINGLE.occasion("b").days[0]
    days = tuple(Span(first.starts_at + timedelta(n), first.ends_at + timedelta(n)) for n in range(10))
    names = {one.name for one in amend(with_changed(SINGLE, "b", days=days)).form.fields}
    assert "day.10" in names
    assert "day.11" not in names


def test_C4_without_any_change_there_is_nothing_to_confirm() -> None:
    assert "The meeting is like this already." in text(typed(amend()))


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"day__1": "2027-03-20"}, "Note: Saturday 20 March 2027 is a weekend."),
        ({"day__1": "2027-03-26"}, "Note: Friday 26 March 2027 is a public holiday."),
        ({"day__1": "2027-01-08"}, "Note: Friday 8 January 2027 at 09:30 lies in the past."),
        (
            {"day__1": "2027-03-28", "start__1": "02.30"},
            "Note: the clocks go forward at 02.30, so the meeting begins on Sunday 28 March 2027 at 03:00.",
        ),
    ],
)
def test_C1b_what_should_be_looked_at_twice_is_said_and_not_refused(changes: dict[str, str], doubt: str) -> None:
    walk = amend()
    assert doubt in text(typed(walk, **changes))
    assert walk.step == "effect"


@pytest.mark.parametrize(("languages", "warned"), [(("sv", "nn"), True), (("sv",), False)])
def test_C1b_a_day_off_in_the_other_country_is_said_where_its_people_may_take_part(
    languages: tuple[str, ...], warned: bool
) -> None:
    read = replace(SINGLE, title=Localised(dict.fromkeys(languages, "Dialog")))
    said = [text(Notice(one)) for one in doubts(held_on(date(2027, 5, 17)).occasions[0], read, NOW)]
    assert said == (["Note: Monday 17 May 2027 is a public holiday in Norway."] if warned else [])


def test_C1b_an_ordinary_day_raises_no_doubt() -> None:
    """The positive control."""
    assert list(doubts(SINGLE.occasion("b"), SINGLE, NOW)) == []


def test_C4_a_colleagues_change_between_the_effect_and_confirm_is_shown_and_nothing_is_lost() -> None:
    elsewhere = with_changed(SINGLE, "b", place=words("Malmö"), sequence=1)
    room = Room()
    walk = amend(room=room)
    typed(walk, day__1="2027-03-25")
    room.meanwhile = elsewhere
    refused = walk.answer()
    assert isinstance(refused, Form)
    assert "Somebody else has changed this meeting meanwhile: Träff b" in text(refused)
    assert refused.values["day.1"] == "2027-03-25"
    assert room.done == []


def test_C4b_calling_off_shows_what_it_costs_the_organiser_and_that_reminders_are_not_sent() -> None:
    held: Any = {"SE-1281": ({"a": 1, "b": 1, "c": 1}, {}), "SE-1643": ({"b": 1}, {}), "SE-01": ({"a": 1}, {})}
    walk = Walk(amending.call_off, amending.Draft(SINGLE.id), facts(holdings=lambda: held), Room())  # type: ignore[arg-type]
    shown = text(walk.answer(occasion="b"))
    assert "SEK 4,200 → SEK 2,400 excluding VAT, for 2 organisations together" in shown
    assert "Preparation: Tuesday 9 March 2027 at 09:00: is not sent" in shown


def test_C4_a_cancelled_meeting_can_be_held_after_all() -> None:
    off = with_changed(SINGLE, "b", cancelled=True)
    walk = amend(off)
    assert "The meeting was cancelled and is held after all" in text(typed(walk))


def test_C4_of_a_draft_nobody_is_told_and_there_is_nothing_to_undo() -> None:
    walk = amend(replace(SINGLE, draft=True))
    assert "The programme is a draft: nobody is told." in text(typed(walk, day__1="2027-03-25"))
    done = walk.answer()
    assert isinstance(done, Card)
    assert [b.action.do for b in done.buttons if b.action] == ["timeline"]


def test_C4_a_place_that_is_left_as_it_is_keeps_all_its_languages() -> None:
    both = words("Lund")
    both = replace(both, wordings={"sv": "Lund", "en": "In Lund"})
    room = Room(with_changed(SINGLE, "b", place=both))
    walk = amend(room.programme, room=room)
    typed(walk, day__1="2027-03-25")
    walk.answer()
    (changed,) = room.done
    assert isinstance(changed, Occasion)
    assert changed.place == both


def test_only_told_of_a_new_link_are_those_who_take_part() -> None:
    asked: list[frozenset[Kind]] = []

    def reach(occasion: str, kinds: frozenset[Kind]) -> Reach:
        asked.append(kinds)
        return REACH

    typed(amend(reach=reach), link="https://zoom.example.org/new")
    assert asked == [frozenset({Kind.LINK})]
