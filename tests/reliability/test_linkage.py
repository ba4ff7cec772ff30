"""Figure 3: whoever holds every file of the installation cannot tell better than chance who wrote what.

36 rounds of 12 people with ten answers each make 4,320 guesses for a channel: at chance, the area under the curve
has a standard error of 0.0044, so that 0.02 is 4.5 of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import pytest
from sqlalchemy import Connection

from bot import keys, logs
from bot.handlers import inbound, ratings
from bot.handlers.anonymous import Anonymous
from bot.handlers.inbound import Reception
from storage.answers import Answers, NewAnswer
from storage.deliveries import Deliveries
from storage.tables import tallies
from storage.tallies import Tallies
from storage.upsert import insert_row
from storage.urns import Urns
from storage.votes import Votes
from tests.flows.samples import FREE, SINGLE
from tests.handlers.town import open_town
from tests.reliability.journals import let_it_reach_the_journal
from tests.reliability.linkage import (
    CHANNELS,
    OF_RATINGS,
    QUESTIONS,
    RATED,
    Watch,
    curve,
)
from tests.reliability.linkage_of_votes import curves_of_votes

ROUNDS = 36
ROUNDS_OF_RATINGS = 12  # 1,440 guesses: the standard error is 0.0076, and 0.03 is 4 of them
FEW = 3  # of a leak that tells nearly everything, that is enough
SEED = 20270111


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that is logged, as talkative as it can be set."""
    root, stream = logging.getLogger(), StringIO()
    before = root.handlers[:], root.level
    logs.set_up(json=True, key=b"k", level=logging.DEBUG, stream=stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)
    for name in logs.OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


async def curves(
    url: str,
    log: StringIO,
    rounds: int,
    *,
    sweep: bool = True,
    questions: Sequence[str] = QUESTIONS,
    rated: Sequence[str] = (),
) -> dict[str, float]:
    let_it_reach_the_journal(url)
    async with open_town(url, FREE) as town:
        watched = await Watch(town, log, SEED, questions, rated).rounds_of(rounds, sweep=sweep)
    return {name: curve(watched, channel) for name, channel in CHANNELS.items()}


async def test_no_channel_tells_who_wrote_what_better_than_chance(engine_url: str, log: StringIO) -> None:
    found = await curves(engine_url, log, ROUNDS)
    assert {name: one for name, one in found.items() if abs(one - 0.5) > 0.02} == {}, found


async def test_no_number_tells_who_rated_what_better_than_chance(engine_url: str, log: StringIO) -> None:
    found = await of_ratings(engine_url, log, ROUNDS_OF_RATINGS)
    assert {name: one for name, one in found.items() if abs(one - 0.5) > 0.03} == {}, found


async def of_ratings(url: str, log: StringIO, rounds: int, *, sweep: bool = True) -> dict[str, float]:
    found = await curves(url, log, rounds, sweep=sweep, questions=(), rated=RATED)
    return {name: found[name] for name in OF_RATINGS}


async def test_libraries_that_are_set_to_tell_everything_leave_no_answer_in_the_log(
    sqlite_url: str, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = StringIO()
    engine = logging.getLogger("sqlalchemy.engine")
    monkeypatch.setattr(engine, "level", logging.DEBUG)
    monkeypatch.setattr(engine, "handlers", [logging.StreamHandler(raw)])
    async with open_town(sqlite_url, FREE) as town:
        (seen,) = await Watch(town, log, SEED, QUESTIONS[:1]).rounds_of(1)
    texts = [one.text for one in seen.answers[QUESTIONS[0]]]
    assert [text in raw.getvalue() for text in texts] == [True] * len(texts), "the library tells, were it let"
    assert [text for text in texts if text in log.getvalue()] == []
    assert [one for one in seen.markers if one.hex() in log.getvalue() or repr(one) in log.getvalue()] == []


# --- Controls: schemes that leak, and the channel that must notice --------------------------------------------------

Patch = pytest.MonkeyPatch


def in_order_of_arrival(patch: Patch) -> None:
    """Boxes come out as they went in, and are put up in that order."""
    arrived: list[bytes] = []
    put, boxes = Urns.put, Urns.boxes

    def noting(self: Urns, urn: str, marker: bytes, box: bytes) -> None:
        arrived[:] = [one for one in arrived if one != marker] + [marker]
        put(self, urn, marker, box)

    patch.setattr(Urns, "put", noting)
    patch.setattr(Urns, "boxes", lambda self, urn: sorted(boxes(self, urn), key=lambda one: arrived.index(one[0])))
    patch.setattr(Answers, "pour", _add)


def _add(self: Answers, round: str, new: Sequence[NewAnswer], *, on: datetime) -> None:
    self.add(round, new, written_at=on)


def with_rising_ids(patch: Patch) -> None:
    """Numbers instead of random ids."""
    in_order_of_arrival(patch)

    def pour(self: Answers, round: str, new: Sequence[NewAnswer], *, on: datetime) -> None:
        self._insert(round, [(f"{round}-{n:04}", one) for n, one in enumerate(new)], on)

    patch.setattr(Answers, "pour", pour)


def with_times(patch: Patch) -> None:
    """Each answer says when it was written."""
    in_order_of_arrival(patch)

    def pour(self: Answers, round: str, new: Sequence[NewAnswer], *, on: datetime) -> None:
        for n, one in enumerate(new):
            self.add(round, [one], written_at=on + timedelta(minutes=n))

    patch.setattr(Answers, "pour", pour)


def shown_at_once(patch: Patch) -> None:
    """Random ids, no author, a marker by which one answers once: and yet each in its own transaction."""
    put = Anonymous._put

    def add(self: Anonymous, connection: Connection, slip: Any, page: int, given: Any) -> Any:
        new = [NewAnswer("", question, text) for question, text in given.items()]
        Answers(connection, self._clock.now()).add(slip.sheet.round.id, new)
        return put(self, connection, slip, page, given)

    patch.setattr(Anonymous, "_put", add)
    patch.setattr(Answers, "pour", MagicMock())


def not_shuffled_apart(patch: Patch) -> None:
    """The people are shuffled, but what one of them wrote stays together."""
    patch.setattr(Answers, "pour", _add)


def not_padded(patch: Patch) -> None:
    def seal(key: bytes, mark: bytes, text: str) -> bytes:
        content = text.encode()
        return bytes(12) + keys._box(key).encrypt(bytes(12), len(content).to_bytes(4) + content, mark)

    patch.setattr(keys, "seal", seal)


def with_a_talkative_log(patch: Patch) -> None:
    seal = keys.seal

    def tell(key: bytes, mark: bytes, text: str) -> bytes:
        logging.getLogger("bot.handlers.anonymous").debug("sealing %s", text)
        return seal(key, mark, text)

    patch.setattr(keys, "seal", tell)


def with_a_delivery(patch: Patch) -> None:
    """The answer to the event is kept with it, as everywhere else."""
    receive = Anonymous.receive

    async def keep(self: Anonymous, inbound: Any) -> Any:
        reply = await receive(self, inbound)
        row = ("slack", inbound.actor.user, inbound.delivery, str(inbound.event))
        await self._unit_of_work.run(lambda connection: Deliveries(connection, self._clock.now()).add(*row))
        return reply

    patch.setattr(Anonymous, "receive", keep)


def not_swept(patch: Patch) -> None:
    """The keys stay where they are."""


Control = tuple[str, Callable[[Patch], None], set[str]]
CONTROLS: list[Control] = [
    ("sqlite", in_order_of_arrival, {"place", "board", "another answer"}),
    ("sqlite", with_rising_ids, {"id", "row order", "place", "place in the file"}),
    ("sqlite", with_times, {"time", "place"}),
    ("sqlite", shown_at_once, {"time", "place", "journal while answering"}),
    ("sqlite", not_shuffled_apart, {"another answer"}),
    ("sqlite", not_padded, {"length", "density"}),
    ("sqlite", with_a_talkative_log, {"log while answering"}),
    ("sqlite", with_a_delivery, {"journal while answering", "rows of the person"}),
    ("sqlite", not_swept, {"keys that are left"}),
    # Where rows lie in the order of their coming, and know their transaction, that tells just as well.
    ("postgresql", in_order_of_arrival, {"row order", "place in the file", "place in the journal"}),
    ("postgresql", shown_at_once, {"row order", "transaction", "journal while answering"}),
]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"{control[0]}-{control[1].__name__}")
async def test_a_leak_is_noticed(
    control: Control, request: pytest.FixtureRequest, log: StringIO, monkeypatch: Patch
) -> None:
    database, leak, channels = control
    url = request.getfixturevalue(f"{database}_url")
    leak(monkeypatch)
    asked = QUESTIONS[: 1 if leak is not_padded else 3]
    found = await curves(url, log, FEW, sweep=leak is not not_swept, questions=asked)
    assert {name: found[name] for name in channels if found[name] <= 0.95} == {}


def counted_in_order_of_arrival(patch: Patch) -> None:
    """The numbers are stored in the order in which the boxes came."""
    in_order_of_arrival(patch)

    def put(self: Tallies, round: str, box: str, question: str, counts: Mapping[int, int]) -> None:
        for value, count in counts.items():
            insert_row(self._connection, tallies, round=round, box=box, question=question, value=value, count=count)

    patch.setattr(Tallies, "put", put)


def counted_at_once(patch: Patch) -> None:
    """A number rises whenever somebody sends a form."""
    put = Anonymous._put

    def count(self: Anonymous, connection: Connection, slip: Any, page: int, given: Any) -> Any:
        for question, value in given.items():
            Tallies(connection).put(slip.sheet.round.id, "", question, {int(value): 1})
        return put(self, connection, slip, page, given)

    patch.setattr(Anonymous, "_put", count)
    patch.setattr(ratings, "keep", MagicMock())


CONTROLS_OF_RATINGS: list[Control] = [
    ("sqlite", counted_in_order_of_arrival, {"row order", "another answer"}),
    ("sqlite", with_a_talkative_log, {"log while answering"}),
    ("sqlite", not_swept, {"keys that are left"}),
    ("postgresql", counted_in_order_of_arrival, {"row order", "another answer"}),
    ("postgresql", counted_at_once, {"transaction"}),
]


@pytest.mark.parametrize("control", CONTROLS_OF_RATINGS, ids=lambda control: f"{control[0]}-{control[1].__name__}")
async def test_a_leak_of_ratings_is_noticed(
    control: Control, request: pytest.FixtureRequest, log: StringIO, monkeypatch: Patch
) -> None:
    database, leak, channels = control
    leak(monkeypatch)
    found = await of_ratings(request.getfixturevalue(f"{database}_url"), log, FEW, sweep=leak is not not_swept)
    assert {name: found[name] for name in channels if found[name] <= 0.95} == {}


# --- Votes ------------------------------------------------------------------------------------------------------------


async def of_votes(url: str, log: StringIO, platform: str) -> dict[str, float]:
    async with open_town(url, SINGLE) as town:
        return await curves_of_votes(town, log, platform, FEW, SEED)


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_nothing_that_is_stored_tells_who_voted_for_what(engine_url: str, log: StringIO, platform: str) -> None:
    assert set((await of_votes(engine_url, log, platform)).values()) == {0.5}


def ballots_as_any_card(patch: Patch) -> None:
    """A ballot goes through the outbox where it is no answer to the event, and is kept with the delivery elsewhere."""
    patch.setattr(inbound, "_confide", lambda scene, told: inbound._show(scene, told.view, replaces=told.replaces))


def votes_with_a_delivery(patch: Patch) -> None:
    """What was answered is not kept, but that somebody was: in one transaction with the vote."""
    confide = inbound._confide
    patch.setattr(inbound, "_confide", lambda scene, told: replace(confide(scene, told), confided=False))
    patch.setattr(inbound, "_kept", lambda _reply: "")


def votes_of_somebody_who_is_met(patch: Patch) -> None:
    """Who it is, and where they write from, is noted in one transaction with the vote."""
    patch.setattr(Reception, "_get_acquainted", AsyncMock())


def votes_in_the_log(patch: Patch) -> None:
    cast = Votes.cast

    def tell(self: Votes, round: str, answer: str, voter: bytes) -> None:
        logging.getLogger("bot.handlers.voting").debug("a vote for %s", answer)
        cast(self, round, answer, voter)

    patch.setattr(Votes, "cast", tell)


CONTROLS_OF_VOTES = [
    ("sqlite", "slack", ballots_as_any_card, "rows"),
    ("sqlite", "teams", ballots_as_any_card, "rows"),
    ("sqlite", "slack", votes_in_the_log, "log"),
    ("postgresql", "slack", ballots_as_any_card, "rows"),
    ("postgresql", "teams", ballots_as_any_card, "rows"),
    ("postgresql", "teams", votes_with_a_delivery, "rows of a transaction"),
    ("postgresql", "slack", votes_of_somebody_who_is_met, "rows of a transaction"),
]


@pytest.mark.parametrize("control", CONTROLS_OF_VOTES, ids=lambda one: f"{one[0]}-{one[1]}-{one[2].__name__}")
async def test_a_leak_of_votes_is_noticed(
    control: tuple[str, str, Callable[[Patch], None], str],
    request: pytest.FixtureRequest,
    log: StringIO,
    monkeypatch: Patch,
) -> None:
    database, platform, leak, channel = control
    leak(monkeypatch)
    found = await of_votes(request.getfixturevalue(f"{database}_url"), log, platform)
    assert found[channel] > 0.95
