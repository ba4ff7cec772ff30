"""When a meeting has ended, or turns out to be moved: feedback on it opens once, by itself."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.changes import SETTLES
from bot.domain.programmes import Enrolment, Programme, Span
from bot.domain.rounds import LEAST_PEOPLE, Mode, Question, State
from bot.flows.feedback import FEEDBACK
from bot.handlers import feedback
from bot.handlers.tick import Tick
from storage.tables import outbox, sealed, urns
from storage.unit_of_work import unit_of_work
from tests.flows.samples import words
from tests.handlers.feedback_town import (
    ASKS,
    CLOSES,
    DAY_AFTER,
    END,
    MEETING,
    MEETINGS,
    NUDGE,
    THERE,
    arrived,
    asked,
    coordinating,
    held,
    news,
    says,
    the_round,
)
from tests.handlers.town import Town, at_once, surroundings, text
from tests.handlers.urn_scenes import visiting

# --- When a meeting has ended -----------------------------------------------------------------------------------------


async def test_a_sealed_round_about_a_meeting_opens_by_itself_when_it_has_ended(town: Town) -> None:
    await held(town)
    about = await the_round(town)
    assert (about.mode, about.state, about.occasion) == (Mode.SEALED, State.OPEN, MEETING.id)
    assert [question.id for question in about.boxes[0].questions] == ["plus", "minus", "intressant"]
    assert about.closes_at == CLOSES
    assert await town.count(outbox, outbox.c.key.like("round:%")) == 0


async def test_it_opens_once_however_many_workers_look(town: Town) -> None:
    await town.load(MEETINGS)
    await arrived(town, *THERE)
    town.clock.at = END
    elsewhere = unit_of_work(town.url)
    try:
        around = {name: getattr(town.surroundings, name) for name in ("urn_keys", "vote_keys", "journal")}
        other = Tick(elsewhere, town.clock, surroundings(**around))
        await at_once(*(one.run() for one in (town.tick, other) * 3))
    finally:
        await elsewhere.close()
    assert (await the_round(town)).is_open
    assert await town.count(urns) == 1


async def test_control_without_the_lock_and_the_derived_id_two_workers_would_ask_twice(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "_id", lambda *_about: uuid.uuid4().hex)
    monkeypatch.setattr(feedback, "_is_planned", lambda *_about: False)
    await small_town.load(MEETINGS)
    await arrived(small_town, *THERE)
    small_town.clock.at = END
    await small_town.tick.run()
    await small_town.tick.run()
    assert len(await asked(small_town)) == 2


async def test_a_worker_that_dies_between_the_two_leaves_it_to_the_next(town: Town) -> None:
    await town.load(MEETINGS)
    await arrived(town, *THERE)
    town.clock.at = END
    await visiting(town, feedback.plan)  # and the process ends here
    assert (await the_round(town)).state is State.PLANNED
    await town.tick_at(END + timedelta(minutes=3))
    assert (await the_round(town)).state is State.OPEN


async def test_a_worker_that_was_away_for_three_days_asks_late_and_gives_everybody_their_time(small_town: Town) -> None:
    await small_town.load(MEETINGS)
    (anna, *_rest) = await arrived(small_town, *THERE)
    await small_town.tick_at(DAY_AFTER + timedelta(days=2))  # a Friday
    assert (await the_round(small_town)).closes_at == CLOSES + timedelta(days=3)
    assert ASKS in news(small_town, anna)[-1]


NOTHING_TO_ASK: dict[str, Programme] = {
    "a draft": replace(MEETINGS, draft=True),
    "an archive": replace(MEETINGS, enrolment=Enrolment.CLOSED),
    "without meetings": replace(MEETINGS, occasions=()),
    "cancelled": replace(MEETINGS, occasions=(replace(MEETING, cancelled=True),)),
    "does not ask": replace(MEETINGS, asks_feedback=False),
}


@pytest.mark.parametrize("programme", NOTHING_TO_ASK.values(), ids=NOTHING_TO_ASK)
async def test_where_there_is_nothing_to_ask_about_nothing_opens(small_town: Town, programme: Programme) -> None:
    await small_town.load(MEETINGS)
    await arrived(small_town, *THERE)
    await small_town.load(programme)
    small_town.clock.at = END + SETTLES
    await visiting(small_town, feedback.plan)
    assert await asked(small_town) == []


async def test_the_programmes_own_questions_are_asked_instead(small_town: Town) -> None:
    own = (Question("mer", words("Vad vill du ha mer av?")),)
    await small_town.load(replace(MEETINGS, feedback_questions=own))
    await arrived(small_town, *THERE)
    await small_town.tick_at(END)
    assert [one.id for one in (await the_round(small_town)).boxes[0].questions] == ["mer"]


async def test_with_too_few_at_the_meeting_nobody_is_asked_and_the_status_says_why(town: Town) -> None:
    karin = await coordinating(town)
    (anna, *_rest) = await held(town, *THERE[: LEAST_PEOPLE + 1])
    assert (await the_round(town)).state is State.WITHDRAWN
    await town.tick_at(DAY_AFTER)
    await town.tick_at(NUDGE)
    assert [ASKS in one for one in news(town, anna)] == [False]
    said = text((await karin.say("status")).view)
    assert "“Träff fika”: No feedback was asked for: fewer than 5 took part." in said
    assert "No feedback was asked for" in text((await karin.press(FEEDBACK, MEETINGS.id)).view)


# --- A meeting that is moved ------------------------------------------------------------------------------------------


def moved(days: int, **changes: object) -> Programme:
    spans = tuple(Span(d.starts_at + timedelta(days=days), d.ends_at + timedelta(days=days)) for d in MEETING.days)
    first = replace(MEETING, days=spans, **changes)  # type: ignore[arg-type]
    return replace(MEETINGS, occasions=(first, *MEETINGS.occasions[1:]))


async def test_a_meeting_that_is_moved_is_asked_about_when_it_has_ended(small_town: Town) -> None:
    await small_town.load(MEETINGS)
    await arrived(small_town, *THERE)
    await small_town.load(moved(2))
    await small_town.tick_at(END)
    assert await asked(small_town) == []
    await small_town.tick_at(END + timedelta(days=2))
    assert (await the_round(small_town)).is_open


async def test_a_meeting_that_turns_out_to_be_moved_is_asked_about_anew_and_a_slip_changes_nothing(town: Town) -> None:
    (anna, *_rest) = await held(town)
    await says(anna, "Något")
    await town.load(moved(2))
    await town.tick.tidy()
    assert (await the_round(town)).is_open  # it may be taken back yet
    town.clock.at += SETTLES
    await town.tick.run()
    await town.tick.tidy()
    assert ((await the_round(town)).state, await town.count(sealed)) == (State.WITHDRAWN, 0)
    await town.tick_at(END + timedelta(days=2))
    assert sorted(one.state for one in await asked(town)) == [State.OPEN, State.WITHDRAWN]


async def test_a_meeting_that_is_cancelled_after_all_is_not_asked_about(small_town: Town) -> None:
    await held(small_town)
    await small_town.load(replace(MEETINGS, occasions=(replace(MEETING, cancelled=True), MEETINGS.occasions[1])))
    await small_town.tick_at(END + SETTLES)
    await small_town.tick.tidy()
    assert (await the_round(small_town)).state is State.WITHDRAWN


async def test_hours_that_are_put_right_afterwards_open_no_second_round(small_town: Town) -> None:
    await held(small_town)
    (span,) = MEETING.days
    longer = replace(MEETING, days=(replace(span, ends_at=span.ends_at + timedelta(minutes=30)),))
    await small_town.load(replace(MEETINGS, occasions=(longer, MEETINGS.occasions[1])))
    await small_town.tick_at(END + timedelta(hours=2))
    await small_town.tick.tidy()
    assert (await the_round(small_town)).is_open
