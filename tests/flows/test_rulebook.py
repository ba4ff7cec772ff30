"""Reminders that a coordinator changes for a programme, and the edition of next year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.domain.people import Language
from bot.domain.rules import BETWEEN, LINK, PREPARATION, Anchor, Audience, Rule, Topic
from bot.flows import editions, rulebook
from bot.messages import Answer, Form, Notice, View
from tests.flows.samples import NOW, SINGLE, occasion, words
from tests.flows.test_amending import Room
from tests.flows.walking import Walk
from tests.handlers.town import text

# --- Reminders of the programme ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (PREPARATION, "7 days before the meeting at 09.00, to participants"),
        (LINK, "15 minutes before the meeting, to participants"),
        (Rule("x", Topic.MESSAGE, Anchor.END, days=1, at=time(9)), "1 day after the end of the meeting at 09.00, to"),
        (Rule("x", Topic.DATE, Anchor.DATE, at=time(9)), "on the day of the date at 09.00, to participants"),
        (Rule("x", Topic.LINK, Anchor.END, minutes=5), "5 minutes after the end of the meeting, to participants"),
        (
            Rule("x", Topic.MESSAGE, Anchor.START, (Audience.CHANNELS, Audience.CONTACTS), days=-1, at=time(8)),
            "1 day before the meeting at 08.00, to channels and those who registered their organisation",
        ),
        (BETWEEN, "halfway between two meetings at 09.00, to participants"),
        (replace(LINK, off=True), "turned off"),
    ],
)
def test_C1_rules_in_plain_words(rule: Rule, said: str) -> None:
    assert said in text(Notice(rulebook.in_words(rule)))


def changed_rule(name: str, **answers: Answer) -> tuple[View, list[object]]:
    room: Any = Room()
    walk = Walk(rulebook.flow, rulebook.Draft(SINGLE.id), rulebook.Facts(SINGLE, Language.SWEDISH), room)
    walk.answer(rule=name)
    return walk.answer(**{**walk.form.values, **answers}), room.done


def test_C1_a_rule_keeps_its_side_of_the_meeting() -> None:
    _view, done = changed_rule("preparation", days="5", at="10.30", text="Ta med planen.")
    assert done == [replace(PREPARATION, days=-5, at=time(10, 30), text=words("Ta med planen."))]
    _view, done = changed_rule("link", minutes="30")
    assert done == [replace(LINK, minutes=-30)]


def test_C1_a_rule_is_turned_off() -> None:
    _view, done = changed_rule("link", state="off")
    assert done == [replace(LINK, off=True)]


def test_C1_a_time_that_is_none_is_refused() -> None:
    view, done = changed_rule("preparation", at="soon")
    assert isinstance(view, Form)
    assert (list(view.errors), done) == (["at"], [])


# --- Editions ---------------------------------------------------------------------------------------------------------


def test_C1a_the_copy_is_proposed_for_the_same_weekday_a_year_later() -> None:
    room: Any = Room()
    walk = Walk(editions.copy, editions.Copy(SINGLE.id), editions.Facts(SINGLE, NOW), room)
    assert walk.form.values["first"] == "2028-02-08"
    walk.answer(edition="våren 2028", first="2028-02-08")
    assert room.done == [("våren 2028", 364)]


def test_C1a_an_edition_that_begins_before_the_old_one_is_refused() -> None:
    walk = Walk(editions.copy, editions.Copy(SINGLE.id), editions.Facts(SINGLE, NOW), Room())  # type: ignore[arg-type]
    form = walk.answer(edition="x", first="2027-02-09")
    assert isinstance(form, Form)
    assert list(form.errors) == ["first"]


def test_C1c_half_the_facts_to_come_it_can_be_published_and_says_what_is_missing() -> None:
    half = occasion("a", to_come=(words("Inspiratör"),), agenda=(), link="")
    programme = replace(SINGLE, occasions=(half, *SINGLE.occasions[1:]), draft=True, contacts=())
    walk = Walk(editions.publish, editions.Publish(programme.id), editions.Facts(programme, NOW), Room(programme))  # type: ignore[arg-type]
    shown = text(walk.view)
    assert "Still missing: joining link, agenda and Inspiratör: Träff a" in shown
    assert "Still missing: somebody to contact: Dialog" in shown
    assert "reminders are planned" in shown
    assert "Published: Dialog" in text(walk.answer())


def test_C1b_the_draft_points_out_the_dates_to_look_at() -> None:
    weekend = replace(SINGLE, occasions=(occasion("a", date(2027, 2, 6)),), draft=True)
    card = editions.draft_card(weekend, NOW - timedelta(days=1))
    assert "Note: Saturday 6 February 2027 is a weekend." in text(card)
