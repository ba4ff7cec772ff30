"""A meeting's agenda in the form for changing it: shown, changed, refused by its line, and doubted beside new hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.domain.changes import Change
from bot.domain.programmes import AgendaItem, Occasion
from bot.flows import amending, announcements
from bot.messages import Form
from tests.flows.samples import COHORT, SINGLE, words
from tests.flows.samples import with_occasion as with_changed
from tests.flows.test_amending import Room, amend, held, typed
from tests.handlers.town import text

TWO_DAYS = with_changed(
    COHORT,
    "två",
    agenda=(AgendaItem(time(10), words("Vi börjar")), AgendaItem(time(13), words("Lunch"), day=2)),
)


def test_C4_the_agenda_stands_in_the_form_for_each_day() -> None:
    values = amend(TWO_DAYS, "två").form.values
    assert [values[f"agenda.{n}"] for n in (1, 2)] == ["10.00 Vi börjar", "13.00 Lunch"]


def test_C4_the_agenda_is_changed_where_the_meeting_is() -> None:
    changed = held(agenda__1="12.00 Lunch\n\n 9:30   Vi börjar\nkl. 11.00 – Samtal")
    assert [(f"{one.at:%H.%M}", one.what) for one in changed.agenda] == [
        ("09.30", words("Vi börjar")),
        ("11.00", words("Samtal")),
        ("12.00", words("Lunch")),
    ]


def test_C4_what_stands_there_in_the_same_words_keeps_its_other_languages() -> None:
    both = replace(words("Lunch"), wordings={"sv": "Lunch", "en": "Lunch break"})
    programme = with_changed(SINGLE, "b", agenda=(AgendaItem(time(12), both),))
    assert held(programme, agenda__1="12.30 Lunch").agenda == (AgendaItem(time(12, 30), both),)


@pytest.mark.parametrize("line", ["Lunch", "25.00 Lunch", "12.00", "09.30–10.00 Lunch", f"12.00 {'L' * 201}"])
def test_C4_a_line_of_the_agenda_that_cannot_be_is_named_and_nothing_is_lost(line: str) -> None:
    form = typed(amend(TWO_DAYS, "två"), agenda__2=f"09.30 Samtal\n{line}")
    assert isinstance(form, Form)
    assert list(form.errors) == ["agenda.2"]
    assert line in text(form)
    assert form.values["agenda.2"] == f"09.30 Samtal\n{line}"


def test_C4_the_new_day_has_an_agenda_of_its_own_and_cannot_have_one_without_a_day() -> None:
    assert AgendaItem(time(10), words("Vi reser"), day=2) in held(day__2="17 mars", agenda__2="10.00 Vi reser").agenda
    form = typed(amend(), agenda__2="10.00 Vi reser")
    assert isinstance(form, Form)
    assert list(form.errors) == ["day.2"]


def test_C4_an_agenda_that_is_too_long_for_a_field_is_left_as_it_is() -> None:
    long = tuple(AgendaItem(time(10, n), words("L" * 190)) for n in range(20))
    programme = with_changed(TWO_DAYS, "två", agenda=(*long, AgendaItem(time(13), words("Lunch"), day=2)))
    room = Room(programme)
    walk = amend(programme, "två", room)
    shown = {field.name: walk.form.values.get(field.name, "") for field in walk.form.fields}
    assert ("agenda.1" in shown, shown["agenda.2"]) == (False, "13.00 Lunch")
    walk.answer(**{**shown, "agenda.2": "13.30 Lunch"})
    walk.answer()
    (changed,) = room.done
    assert isinstance(changed, Occasion)
    assert changed.agenda == (*long, AgendaItem(time(13, 30), words("Lunch"), day=2))


def test_C4_an_agenda_outside_the_new_hours_is_pointed_out_line_by_line() -> None:
    shown = text(typed(amend(TWO_DAYS, "två"), end__2="12.00"))
    assert "this line of the agenda lies outside the meeting’s hours: Day 2, 13.00: Lunch" in shown
    assert "Vi börjar" not in shown


def test_C4_a_beginning_that_has_not_moved_along_is_pointed_out() -> None:
    starts = amend(TWO_DAYS, "två").form.values["start.1"]
    assert isinstance(starts, str)
    fits = with_changed(TWO_DAYS, "två", agenda=(AgendaItem(amending.clock(starts, ""), words("Vi börjar")),))
    shown = text(typed(amend(fits, "två"), start__1="08.30"))
    assert "the meeting begins at 08.30, and its agenda with this" in shown


def test_C4_an_agenda_within_the_hours_raises_no_doubt() -> None:
    """The positive control."""
    assert "agenda lies" not in text(typed(amend(), place="Lund"))


def test_C4_of_a_new_agenda_alone_nobody_is_told_and_it_is_shown_before() -> None:
    shown = text(typed(amend(), agenda__1="10.00 Samtal"))
    assert "New agenda: 10.00 Samtal" in shown
    assert "Nobody is told of the agenda alone" in shown


def test_C4_an_agenda_that_is_emptied_is_said_to_be_none() -> None:
    walk = amend()
    assert "New agenda: It has none any more." in text(typed(walk, agenda__1=""))


def test_C4_who_hears_of_a_moved_meeting_reads_its_new_agenda() -> None:
    before = SINGLE.occasion("b")
    after = held(day__1="2027-03-25", agenda__1="10.00 Samtal")
    change = (announcements.Affected(Change(before, after)),)
    assert "10.00 Samtal" in text(announcements.changed(SINGLE, change))
