"""What a round about a meeting asks and until when, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.domain import times
from bot.domain.nudges import overtakes, schedule
from bot.domain.programmes import local_day
from bot.domain.rounds import Mode, State
from bot.domain.rules import AFTERWARDS, FEEDBACK
from bot.domain.words import Localised
from bot.flows import feedback, sealing
from bot.flows.feedback import Standing
from bot.flows.sheets import Sheet
from bot.messages import Card, Item
from tests.flows.samples import FREE, NOW, SINGLE, ZONE, at, held_on
from tests.handlers.town import text

MEETING = FREE.occasions[0]
ABOUT = replace(feedback.round_about(FREE, MEETING, "r1", NOW), state=State.OPEN)
LANGUAGES = {"sv", "nb", "nn", "en"}


def said(item: Item) -> str:
    return text(Card("", items=(item,)))


def test_it_is_sealed_for_those_at_the_meeting_and_without_a_box_for_each_role() -> None:
    assert (ABOUT.mode, ABOUT.occasion, [box.role for box in ABOUT.boxes]) == (Mode.SEALED, MEETING.id, [""])
    assert ABOUT.opens_at == MEETING.ends_at


def test_title_and_questions_are_there_in_all_languages() -> None:
    assert all(set(one.text.wordings) == LANGUAGES for one in ABOUT.boxes[0].questions)
    assert set(ABOUT.intro.wordings) == LANGUAGES
    assert ABOUT.title.wordings["sv"] == "Återkoppling: Träff fika"
    assert ABOUT.title.wordings["nb"] == "Tilbakeblikk: Träff fika"  # the meeting has no name in Norwegian


def test_a_meeting_of_the_longest_title_still_fits_on_a_button() -> None:
    longest = replace(MEETING, title=Localised({"sv": "Å" * 60}))
    about = feedback.round_about(FREE, longest, "r1", NOW)
    assert max(map(len, about.title.wordings.values())) <= 75


@pytest.mark.parametrize(
    ("ended", "closes"),
    [
        (at(date(2027, 2, 9), 15), at(date(2027, 2, 16), 16)),  # a Tuesday
        (at(date(2027, 2, 12), 15), at(date(2027, 2, 19), 16)),  # a Friday
        (at(date(2027, 2, 13), 23), at(date(2027, 2, 19), 16)),  # late on a Saturday
        (at(date(2027, 3, 25), 15), at(date(2027, 4, 5), 16)),  # before Easter, and the clocks go forward
    ],
)
def test_it_closes_in_the_afternoon_of_the_fifth_working_day(ended: datetime, closes: datetime) -> None:
    assert feedback.round_about(FREE, MEETING, "r1", ended).closes_at == closes


@pytest.mark.parametrize("day", [date(2027, 2, n) for n in range(8, 15)])
def test_the_reminder_comes_after_the_thanks_and_before_the_end_whatever_the_day(day: date) -> None:
    programme = held_on(day)
    due = {one.rule.name: one.due_at for one in schedule(programme) if one.about == "a"}
    about = feedback.round_about(programme, programme.occasions[0], "r1", programme.occasions[0].ends_at)
    assert about.closes_at is not None
    assert local_day(due[AFTERWARDS.name], ZONE) < local_day(due[FEEDBACK.name], ZONE)
    assert due[FEEDBACK.name] < about.closes_at


def test_a_programme_that_does_not_ask_plans_no_reminder() -> None:
    names = {one.rule.name for one in schedule(replace(SINGLE, asks_feedback=False))}
    assert (FEEDBACK.name in names, AFTERWARDS.name in names) == (False, True)


def test_of_both_messages_at_once_the_thanks_go_whichever_is_due_first() -> None:
    planned = {one.rule.name: one for one in schedule(FREE)}
    assert overtakes(planned[AFTERWARDS.name], planned[FEEDBACK.name])
    assert not overtakes(planned[FEEDBACK.name], planned[AFTERWARDS.name])


def test_the_form_promises_that_coordinators_alone_read_it() -> None:
    form = text(sealing.form(Sheet(ABOUT, ABOUT.boxes[0], ZONE, "Lärträffar"), {}))
    assert "the coordinators can read the answers, in random order. Nobody else." in form
    assert "everybody in the programme" not in form


def test_the_question_says_what_is_asked_until_when_and_who_reads_it() -> None:
    item = said(feedback.asking(ABOUT, FREE))
    for part in (
        "Plus: What was good?",
        "You answer without your name.",
        "at least 5 answer",
        "Open until Monday 18 Jan",
    ):
        assert part in item


def test_while_anything_else_is_open_what_is_typed_is_taken_for_an_answer() -> None:
    other = replace(ABOUT, occasion="")
    assert "Was that a question?" in text(feedback.typed_instead((ABOUT,)))
    assert "Was that an answer?" in text(feedback.typed_instead((ABOUT, other)))


def test_a_round_that_a_coordinator_closes_has_no_time_in_its_line() -> None:
    standing = Standing(replace(ABOUT, closes_at=None), MEETING.title, sealing.steps(0, 5))
    line = said(Item("", (feedback.line(standing, ZONE),)))
    assert "“Träff fika”: Feedback is open. Nobody has answered yet." in line


def test_the_latest_meetings_are_shown_and_no_more_than_one_can_read() -> None:
    standings = [Standing(replace(ABOUT, state=State.CLOSED), MEETING.title)] * 40
    assert len(feedback.listed(FREE, standings).items) == 12


def test_working_days_are_counted_where_the_programme_is() -> None:
    norway = replace(FREE, zone="Europe/Oslo")
    ended = at(date(2027, 5, 14), 15)  # the 17th is a holiday in Norway alone
    assert feedback.round_about(norway, MEETING, "r1", ended).closes_at == times.instant(
        date(2027, 5, 24), feedback._CLOSES_AT, norway.zone
    )
