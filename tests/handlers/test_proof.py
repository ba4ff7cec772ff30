"""The proof that nothing leads from an answer to a person: it holds when it should, and says what does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, insert, text, update

from bot.handlers.proving import Proof, prove
from storage.tables import answers, sealed, urns
from tests.handlers.town import Town
from tests.handlers.urn_scenes import NAMES, all_answer, closed, opened, swept, text_of, together

ADD_A_COLUMN = "ALTER TABLE answers ADD COLUMN author VARCHAR"
ADD_A_TRIGGER = {
    "sqlite": "CREATE TRIGGER spy AFTER INSERT ON sealed BEGIN SELECT 1; END",
    "postgresql": "CREATE TRIGGER spy BEFORE UPDATE ON sealed FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
}


async def proof_of(town: Town, round: str = "") -> Proof:
    return await town.read(lambda connection: prove(connection, town.clock.now(), town.surroundings.urn_keys, round))


def wrong(proof: Proof) -> list[str]:
    return [text_of(one.words) for section in proof.sections for one in section.statements if not one.holds]


async def a_round(town: Town, *, over: bool = True) -> None:
    people = await together(town, *NAMES)
    await opened(town)
    await all_answer(people)
    if over:
        await closed(town)
        await swept(town)


async def test_A2b_the_proof_holds_before_while_and_after_people_answer(town: Town) -> None:
    assert wrong(await proof_of(town)) == []
    await a_round(town, over=False)
    assert wrong(await proof_of(town)) == []
    await closed(town)
    await swept(town)
    found = await proof_of(town, "r1")
    assert wrong(found) == []
    said = "\n".join(found.lines(text_of))
    assert "All of this holds" in said
    assert "6 answers are stored" in said
    assert "The key is destroyed" in said


async def test_the_proof_never_tells_how_many_have_answered_while_they_may(small_town: Town) -> None:
    await a_round(small_town, over=False)
    assert "6" not in "\n".join((await proof_of(small_town)).lines(text_of))


async def test_of_a_round_that_is_not_there_nothing_is_proved(small_town: Town) -> None:
    with pytest.raises(LookupError):
        await proof_of(small_town, "r9")


# --- What it must find ------------------------------------------------------------------------------------------------


def add_a_column(connection: Connection) -> None:
    connection.execute(text(ADD_A_COLUMN))


def count_by_name(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE tallies ADD COLUMN who VARCHAR"))


def add_a_trigger(connection: Connection) -> None:
    connection.execute(text(ADD_A_TRIGGER[connection.dialect.name]))


def sign(connection: Connection) -> None:
    connection.execute(update(answers).values(group="g1"))


def date(connection: Connection) -> None:
    connection.execute(update(answers).values(written_at=answers.c.written_at + text("61000000")))


def order(connection: Connection) -> None:
    connection.execute(update(answers).values(place=1000 - answers.c.place))


def keep_a_box(connection: Connection) -> None:
    urn = connection.execute(urns.select()).one().id
    connection.execute(insert(sealed), {"urn": urn, "marker": b"m", "box": b"b"})


def not_emptied(connection: Connection) -> None:
    connection.execute(update(urns).values(emptied_at=None))


async def is_found(town: Town, spoil: Callable[[Connection], None], said: str) -> None:
    await a_round(town)
    await town.work.run(spoil)
    found = await proof_of(town)
    assert not found.holds
    assert said in " ".join(wrong(found))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (add_a_column, "columns that do not belong there: answers.author"),
        (count_by_name, "columns that do not belong there: tallies.who"),
        (add_a_trigger, "programs of its own when rows are written: spy"),
    ],
)
async def test_a_database_that_was_made_to_remember_is_told_of(
    town: Town, spoil: Callable[[Connection], None], said: str
) -> None:
    await is_found(town, spoil, said)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (sign, "6 of them say which group"),
        (date, "6 of them have a time of day"),
        (order, "do not lie in the order of their random numbers"),
        (keep_a_box, "1 sealed box is still there"),
        (not_emptied, "an urn has not been emptied"),
    ],
)
async def test_what_does_not_hold_is_said(small_town: Town, spoil: Callable[[Connection], None], said: str) -> None:
    await is_found(small_town, spoil, said)


async def test_a_key_that_is_still_there_is_told_of(small_town: Town) -> None:
    await a_round(small_town, over=False)
    await closed(small_town)
    assert "The key is still there" in " ".join(wrong(await proof_of(small_town)))


async def test_a_key_that_is_missing_while_people_answer_is_told_of(small_town: Town) -> None:
    await a_round(small_town, over=False)
    for urn in small_town.surroundings.urn_keys.urns():
        small_town.surroundings.urn_keys.destroy(urn)
    assert "is not in its folder" in " ".join(wrong(await proof_of(small_town)))


def another_length(connection: Connection) -> None:
    one = connection.execute(sealed.select()).first()
    assert one is not None
    connection.execute(update(sealed).values(box=b"short").where(sealed.c.marker == one.marker))


def an_answer(connection: Connection) -> None:
    place = {"id": "a", "round": "r1", "box": "", "question": "hinder", "place": 1}
    row = {**place, "text": "x", "standing": "shown", "written_at": datetime(2027, 1, 1, tzinfo=UTC)}
    connection.execute(insert(answers), row)


@pytest.mark.parametrize(
    ("spoil", "said"), [(another_length, "not equally large"), (an_answer, "1 answer can be read already")]
)
async def test_what_does_not_hold_while_people_answer_is_said(
    small_town: Town, spoil: Callable[[Connection], None], said: str
) -> None:
    await a_round(small_town, over=False)
    await small_town.work.run(spoil)
    assert said in " ".join(wrong(await proof_of(small_town)))
