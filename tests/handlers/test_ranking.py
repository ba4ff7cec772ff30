"""What a question may mean: what stands beside the data of programmes is never shown; who speaks, and how long."""

from __future__ import annotations

import pytest

from bot.domain.faq import COMMON
from bot.faq import ANSWERS_AT, Engine, Entry
from bot.flows.facts import Asked
from bot.flows.not_told import NOT_TOLD
from bot.flows.ways_to_ask import WAYS
from bot.handlers.ranking import FACT, Book, looked_up, tasks_of_coordinators, told_by_data
from tests.fixtures.sample_programmes import samples

MODEL = samples()["modellkonceptet"]
SPEAKS, LASTS = "Vem föreläser om kommunallagen?", "Hur många timmar håller vi på?"


def book(*entries: Entry) -> Book:
    """Compared by words alone."""
    found = [*told_by_data(), *tasks_of_coordinators(), *entries]
    engine = Engine(found, meaning=None)
    return Book(engine, {one.id: COMMON for one in entries}, {one.id: one.phrasings for one in found})


def means(found: Book, text: str) -> list[tuple[str, float]]:
    return list(looked_up(found, {MODEL.id: MODEL}, frozenset({MODEL.id}), text)[1])


@pytest.mark.parametrize("ways", [*NOT_TOLD.values(), *WAYS.values()], ids=lambda ways: ways[0])
def test_no_matter_beside_the_data_is_ever_among_what_is_found(ways: tuple[str, ...]) -> None:
    beside = book()
    found = [id for way in ways for id, _score in means(beside, way)]
    assert [id for id in found if not id.startswith(FACT)] == []


def test_who_speaks_is_answered_by_what_tells_it_alone() -> None:
    holds = book(Entry("leder", "Vem ansvarar för kommunallagen?"))
    assert all(score < ANSWERS_AT for _id, score in means(holds, SPEAKS))
    (best, sure), *_others = means(book(Entry("talar", SPEAKS)), SPEAKS)
    assert (best, sure >= ANSWERS_AT) == ("talar", True)


def test_how_long_a_meeting_is_may_have_been_written_and_when_it_is_stays_with_the_data() -> None:
    written = book(Entry("langd", LASTS, "Tre timmar."))
    assert means(written, LASTS)[0][0] == "langd"
    assert means(book(), LASTS)[0][0] == f"{FACT}{Asked.LENGTH}"
    assert means(written, "när är lärträff 1?")[0][0] == f"{FACT}{Asked.DATES}"
    assert means(written, "hur lång är lärträff 1?")[0][0] == f"{FACT}{Asked.LENGTH}"
