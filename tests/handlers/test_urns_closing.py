"""What becomes of the answers of people who answer for themselves: shown or not, and then nobody's."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.refusals import Refusal
from bot.domain.rounds import Asked, Box, Mode, State
from bot.domain.rules import NOTHING
from bot.handlers import urns as making
from bot.handlers.sweeping import Sweeper
from bot.handlers.visit import Visit
from bot.keys import FileUrnKeys
from bot.messages import Form
from storage.rounds import Rounds
from storage.tables import deliveries, outbox, runs, sealed, urns
from storage.unit_of_work import unit_of_work
from tests.flows.samples import words
from tests.handlers.town import Town, at_once, surroundings, text
from tests.handlers.urn_scenes import (
    NAMES,
    all_answer,
    answer,
    board,
    by_role,
    closed,
    form_of,
    opened,
    round_of,
    steps,
    swept,
    text_of,
    texts_on_board,
    together,
    visiting,
)

# --- Too few ----------------------------------------------------------------------------------------------------------


async def test_P5c_below_the_threshold_nothing_is_shown_and_nothing_is_left(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town)
    await all_answer(people[:2])
    assert await closed(town) == frozenset({""})
    assert await board(town) == []
    assert await town.count(sealed) == 0


async def test_P5c_taking_back_below_the_threshold_hides_all_and_one_more_shows_all(town: Town) -> None:
    people = await together(town, *NAMES)
    for id, take_back in (("r1", True), ("r2", False)):
        await opened(town, round_of(id))
        for person in people[:3]:
            await answer(person, "Svar", round=id)
        if take_back:
            await answer(people[0], round=id)
        await closed(town, id)
    assert len(await board(town, "r1")) == 0
    assert len(await board(town, "r2")) == 3


async def test_how_many_have_answered_is_told_in_steps_only(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    round = await opened(small_town)
    seen = [(await steps(small_town, round))[""]]
    for person in people[:4]:
        await answer(person, "Svar")
        seen.append((await steps(small_town, round))[""])
    assert seen == ["Nobody has answered yet", *["Fewer than 3 have answered"] * 2, *["3 or more have answered"] * 2]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"threshold": 7}, "Only 6 people can answer"),
        ({"threshold": 2}, "fewer than 3 people"),
        ({"boxes": by_role("chefer")}, "Only 0 people can answer in Chefer"),
        ({"boxes": (Box("", NOTHING, (Asked("m", words("Mentorer?"), organisations=("mentor",)),)),)}, "Mentorer?"),
    ],
)
async def test_a_round_in_which_somebody_could_be_guessed_does_not_open(
    small_town: Town, changes: dict[str, Any], why: str
) -> None:
    await together(small_town, *NAMES)
    with pytest.raises(Refusal) as refused:
        await opened(small_town, round_of(**changes))
    assert why in text_of(refused.value.reason)
    assert await small_town.count(urns) == 0


# --- Keys -------------------------------------------------------------------------------------------------------------


async def test_the_keys_are_destroyed_once_the_urn_is_empty_and_not_before(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town)
    await all_answer(people)
    keys = town.surroundings.urn_keys
    await swept(town)
    assert len(keys.urns()) == 1
    await closed(town)
    assert len(keys.urns()) == 1, "a crash may come here"
    await swept(town)
    assert keys.urns() == frozenset()
    await swept(town)


async def test_a_sweep_after_a_crash_does_what_was_left(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town)
    await all_answer(people)
    await closed(town)  # and here the process is gone
    work = unit_of_work(town.url)
    await Sweeper(work, town.clock, town.surroundings.urn_keys, town.surroundings.journal).run()
    await work.close()
    assert town.surroundings.urn_keys.urns() == frozenset()
    assert len(await board(town)) == len(NAMES)


async def test_keys_go_even_when_the_database_cannot_be_scrubbed(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town)
    await all_answer(people)
    await closed(small_town)

    async def fail(*_tables: str) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(small_town.work, "scrub", fail)
    logging.disable(logging.CRITICAL)
    await swept(small_town)
    logging.disable(logging.NOTSET)
    assert small_town.surroundings.urn_keys.urns() == frozenset()


async def test_after_the_sweep_no_byte_of_a_sealed_box_is_left_in_the_files(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town)
    await all_answer(people)
    boxes = await small_town.read(lambda connection: connection.execute(select(sealed.c.box)).scalars().all())
    file = Path(small_town.url.removeprefix("sqlite:///"))

    def found() -> int:
        stored = file.read_bytes() + Path(f"{file}-wal").read_bytes()
        return sum(box[:64] in stored for box in boxes)

    assert found() == len(NAMES), "the search finds what is there"
    await closed(small_town)
    await swept(small_town)
    assert found() == 0


async def test_a_closing_that_is_rolled_back_loses_nothing(town: Town) -> None:
    people = await together(town, *NAMES)
    round = await opened(town)
    await all_answer(people)

    def fail(visit: Visit) -> None:
        making.empty(visit, round)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await visiting(town, fail)
    await swept(town)
    await closed(town)
    assert len(await board(town)) == len(NAMES)


async def test_what_is_taken_back_with_its_round_is_destroyed(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town)
    await all_answer(people)
    await visiting(
        small_town,
        lambda visit: Rounds(visit.connection, visit.now).enter("r1", State.WITHDRAWN, from_states=(State.OPEN,)),
    )
    await swept(small_town)
    assert (await small_town.count(sealed), small_town.surroundings.urn_keys.urns()) == (0, frozenset())


async def test_keys_of_a_round_that_never_opened_stay_for_thirty_days_and_then_go(
    small_town: Town, tmp_path: Path
) -> None:
    keys = FileUrnKeys(tmp_path / "urns")
    small_town.surroundings = surroundings(urn_keys=keys)
    keys.make("young")
    keys.make("old")
    os.utime(tmp_path / "urns" / "old.key", (0, 0))
    await swept(small_town)
    assert keys.urns() == {"young"}


class _Unreachable(FileUrnKeys):
    """Keys on a disk that is not there."""

    def make(self, urn: str) -> None:
        raise OSError(5, "the disk is gone")

    def keys(self, urn: str) -> tuple[bytes, bytes]:
        raise OSError(5, "the disk is gone")


async def test_while_the_keys_cannot_be_reached_nothing_is_lost(
    small_town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town)
    await all_answer(people[1:])
    form = await form_of(people[0])
    there = small_town.surroundings.urn_keys
    gone = _Unreachable(Path("/nowhere"))
    object.__setattr__(small_town.surroundings, "urn_keys", gone)
    with caplog.at_level(logging.CRITICAL):
        view = (await people[0].submit(form, {"q.hinder": "Mitt svar"})).view
    assert isinstance(view, Form)
    assert (view.values["q.hinder"], "cannot be reached" in text(view)) == ("Mitt svar", True)
    with pytest.raises(making.OutOfReach):
        await closed(small_town)
    with pytest.raises(making.OutOfReach):
        await opened(small_town, round_of("r2"))
    object.__setattr__(small_town.surroundings, "urn_keys", there)
    await people[0].submit(view)
    await closed(small_town)
    assert "Mitt svar" in await texts_on_board(small_town)


async def test_while_the_folder_of_keys_is_missing_nothing_is_lost(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town)
    await all_answer(people)
    folder = small_town.surroundings.urn_keys._folder  # type: ignore[attr-defined]
    folder.rename(folder.with_suffix(".away"))
    with pytest.raises(making.OutOfReach):
        await closed(small_town)
    folder.with_suffix(".away").rename(folder)
    assert await closed(small_town) == frozenset()
    assert await board(small_town) != []


async def test_keys_that_are_gone_for_good_let_the_round_close_with_nothing_shown(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town)
    await all_answer(people)
    for urn in small_town.surroundings.urn_keys.urns():
        small_town.surroundings.urn_keys.destroy(urn)
    assert await closed(small_town) == frozenset({""})
    assert await board(small_town) == []


async def test_a_box_that_somebody_has_put_in_from_outside_does_not_count(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town)
    await all_answer(people[:2])
    (urn,) = small_town.surroundings.urn_keys.urns()
    row = {"urn": urn, "marker": b"m" * 32, "box": b"b" * 4124}
    await small_town.work.run(lambda connection: connection.execute(sealed.insert(), row))
    assert await closed(small_town) == frozenset({""})


# --- What is stored ---------------------------------------------------------------------------------------------------


async def test_no_row_that_names_anybody_is_written_when_somebody_answers(town: Town) -> None:
    anna, *_ = await together(town, *NAMES)
    await opened(town)
    before = await town.contents(deliveries, outbox, runs)
    await answer(anna, "Tiden")
    await answer(anna, "Fråga anna@example.org")
    await answer(anna)
    assert await town.contents(deliveries, outbox, runs) == before


async def test_shown_answers_say_the_day_and_nothing_of_the_order(town: Town) -> None:
    people = await together(town, *NAMES)
    await opened(town)
    await all_answer(people)
    town.clock.move(hours=30)
    await closed(town)
    shown = await board(town)
    assert {one.written_at for one in shown} == {datetime(2027, 1, 12, tzinfo=UTC)}
    assert {one.group for one in shown} == {""}
    assert [one.id for one in shown] == sorted(one.id for one in shown)


async def test_C3b_A2b_the_question_who_wrote_this_has_one_answer(small_town: Town) -> None:
    people = await together(small_town, *NAMES)
    await opened(small_town)
    admin = small_town.person("admin")
    await admin.open_home()
    for words_said in ("vem skrev det här?", "vad har ni lagrat?", "hvem skrev dette?", "who wrote this?"):
        assert "There is no list of who has written what" in text((await admin.say(words_said)).view)
    assert "locked box" in text((await people[0].press("stored", "r1")).view)
    await closed(small_town)
    assert "are deleted" in text((await people[0].press("stored", "r1")).view)


async def test_of_notes_it_is_said_that_the_group_is_the_author(small_town: Town) -> None:
    anna, *_ = await together(small_town, *NAMES)
    await visiting(small_town, _add)
    assert "the group is their author" in text((await anna.press("stored", "notes")).view)


def _add(visit: Visit) -> None:
    Rounds(visit.connection, visit.now).add(round_of("notes", mode=Mode.NOTES))


async def test_twenty_answers_in_the_same_moment_are_all_there(town: Town) -> None:
    people = await together(town, *(f"person{n}" for n in range(20)))
    await opened(town)
    await at_once(*(answer(person, f"Svar {n}") for n, person in enumerate(people)))
    await closed(town)
    assert await texts_on_board(town) == {f"Svar {n}" for n in range(20)}
