"""The adversary who wants to know who wrote what: everything that leaks beside a round, and how well each leak tells.

It knows when each of the twelve people answered, and holds what a thief of the whole installation holds: the database
and its journal after every single answer, the final files, all rows, the logs at DEBUG, and what is left of the keys.
For each channel it gives every pair of a person and an answer a score. How often the true pair scores higher than a
false one (ties count half) is the area under the curve: 0.5 is chance, 1 is certainty.

Of ratings only numbers are left. To see whether those lead back to anybody, each of the twelve chooses another value
of a scale with twelve: then every number is one person's.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from random import Random
from string import ascii_lowercase
from typing import Any

from sqlalchemy import Connection, Table, select, text

from bot import keys
from bot.domain.rounds import Asked, Box, Scale
from bot.domain.rules import NOTHING
from bot.flows import sealing
from bot.handlers import boards
from bot.messages import Form
from storage import tables
from storage.types import to_micros
from tests.flows.samples import FREE, words
from tests.handlers.town import Person, Town
from tests.handlers.urn_scenes import closed, opened, round_of, swept, together
from tests.reliability.journals import in_pages, journal_of

PEOPLE = 12
QUESTIONS = tuple(f"q{n}" for n in range(10))
RATED = tuple(f"r{n}" for n in range(10))
_SCALE = Scale(10, 9 + PEOPLE)
_SWEPT_EVERY = 8  # rounds

Scores = Sequence[Sequence[float]]
"""Of each person, in the order in which they answered: how likely each answer is theirs."""


@dataclass
class Taken:
    """An answer as it lies in the final database; `author` is for the judge alone."""

    text: str
    author: int  # which of those who answered, in their order
    id: str
    place: int
    row: int  # how many rows come before it when all are read
    transaction: int  # PostgreSQL's xmin
    micros: int  # when it was written, as it says
    in_journal: int = -1  # where its text stands in what the closing wrote
    in_file: int = -1
    on_board: int = -1


@dataclass
class Watched:
    """A round, as the adversary has watched it. Lists are in the order in which people answered."""

    id: str
    people: list[str] = field(default_factory=list)  # ids
    users: list[str] = field(default_factory=list)
    journals: list[bytes] = field(default_factory=list)  # what the database wrote meanwhile
    logs: list[bytes] = field(default_factory=list)
    markers: list[bytes] = field(default_factory=list)
    boxes: list[bytes] = field(default_factory=list)
    opened: list[bytes] = field(default_factory=list)  # what the keys that are left open of each box
    rows: list[str] = field(default_factory=list)  # of every table, those that name one of the people
    answers: dict[str, list[Taken]] = field(default_factory=dict)  # by question

    def forget(self, place: int) -> None:
        """Somebody answers anew: what counts is the last time."""
        for seen in (self.people, self.users, self.journals, self.logs, self.markers, self.boxes):
            seen.pop(place)


# --- Watching ---------------------------------------------------------------------------------------------------------


class Watch:
    """People answering in a town, with somebody who looks at everything the installation writes."""

    def __init__(
        self,
        town: Town,
        log: StringIO,
        seed: int,
        questions: Sequence[str] = QUESTIONS,
        rated: Sequence[str] = (),
    ) -> None:
        self.town = town
        self.log = log
        self.questions = questions
        self.rated = rated
        self.values: dict[str, dict[str, str]] = {}  # of the round that is being answered: account → question → value
        self.chance = Random(seed)
        self.journal = journal_of(town.url)
        self.ids: dict[str, str] = {}  # of the persons, by their accounts
        self.rounds: list[Watched] = []

    async def rounds_of(self, number: int, *, sweep: bool = True) -> list[Watched]:
        """So many rounds, one after the other, and what is left when all are over."""
        people = await together(self.town, *(f"person{n}" for n in range(PEOPLE)))
        self.ids = await self.town.read(_ids)
        for n in range(number):
            await self._round(f"r{n}", people)
            if sweep and n % _SWEPT_EVERY == 0:
                await swept(self.town)
        if sweep:
            await swept(self.town)
        await self._look_at_what_is_left()
        return self.rounds

    async def _round(self, id: str, people: Sequence[Person]) -> None:
        written_ones = tuple(Asked(question, words(question)) for question in self.questions)
        asked = written_ones + tuple(Asked(question, words(question), scale=_SCALE) for question in self.rated)
        self.values = self._values([person.actor.user for person in people])
        await opened(self.town, round_of(id, boxes=(Box("", NOTHING, asked),), closes_at=None))
        seen, written = Watched(id), dict[str, dict[str, str]]()
        for person in self.chance.sample(people, len(people)):
            await self._answers(seen, person, written)
        for person in self.chance.sample(people, 2):  # they think better of it
            seen.forget(seen.users.index(person.actor.user))
            await self._answers(seen, person, written)
        await closed(self.town, id)
        await self._take_down(seen, written, await self.journal.news(self.town))
        self.rounds.append(seen)

    async def _answers(self, seen: Watched, person: Person, written: dict[str, dict[str, str]]) -> None:
        self.town.clock.move(seconds=self.chance.randint(20, 400))
        begun = self.log.tell()
        texts = {id: self._text() for id in self.questions} | self.values[person.actor.user]
        written[person.actor.user] = texts
        form = Form("", token=sealing.token(seen.id, sealing.LOOK), values={f"q.{id}": t for id, t in texts.items()})
        reply = await person.submit(form)
        assert not isinstance(reply.view, Form), reply.view
        known = await self.town.read(lambda connection: _sealed(connection, seen.id))
        (marker,) = [one for one, box in known.items() if box not in seen.boxes]
        seen.people.append(self.ids[person.actor.user])
        seen.users.append(person.actor.user)
        seen.journals.append(await self.journal.news(self.town))
        seen.logs.append(self.log.getvalue()[begun:].encode())
        seen.markers.append(marker)
        seen.boxes.append(known[marker])

    def _values(self, users: Sequence[str]) -> dict[str, dict[str, str]]:
        """Another value for everybody, and in no question the same way."""
        shared = {id: self.chance.sample(list(_SCALE.values), len(users)) for id in self.rated}
        return {user: {id: str(shared[id][n]) for id in self.rated} for n, user in enumerate(users)}

    def _text(self) -> str:
        """Nobody else's, and as long as people write: from some words to some sentences."""
        return "".join(self.chance.choices(ascii_lowercase, k=self.chance.randint(12, 120)))

    async def _take_down(self, seen: Watched, written: dict[str, dict[str, str]], journal: bytes) -> None:
        rows = await self.town.read(lambda connection: _rows_of(connection, tables.answers, seen.id))
        places = await self.town.read(lambda connection: _on_board(self.town, connection, seen.id))
        for question in self.questions:
            authors = {written[user][question]: number for number, user in enumerate(seen.users)}
            seen.answers[question] = [
                Taken(
                    row.text, authors[row.text], row.id, row.place, number, row.xmin, to_micros(row.written_at),
                    in_journal=self.journal.place(journal, row.text), on_board=places[row.text],
                )
                for number, row in enumerate(rows)
                if row.text in authors
            ]  # fmt: skip
            assert len(seen.answers[question]) == PEOPLE
        await self._take_down_ratings(seen)

    async def _take_down_ratings(self, seen: Watched) -> None:
        rows = await self.town.read(lambda connection: _rows_of(connection, tables.tallies, seen.id))
        for question in self.rated:
            authors = {self.values[user][question]: number for number, user in enumerate(seen.users)}
            seen.answers[question] = [
                Taken(f'"{question}": "{row.value}"', authors[str(row.value)], "", number, number, row.xmin, 0)
                for number, row in enumerate(rows)
                if row.question == question
            ]
            assert len(seen.answers[question]) == PEOPLE

    async def _look_at_what_is_left(self) -> None:
        file = await self.journal.file(self.town)
        rows = await self.town.read(_everything)
        key_store = self.town.surroundings.urn_keys
        left = [key_store.keys(urn) for urn in key_store.urns()]
        named = [row for row in rows if any(name in row for pair in self.ids.items() for name in pair)]
        for seen in self.rounds:
            seen.rows = named
            seen.opened = [_opened(box, marker, left) for box, marker in zip(seen.boxes, seen.markers, strict=True)]
            for one in (one for of_question in seen.answers.values() for one in of_question):
                one.in_file = in_pages(file.find(one.text.encode()), self.journal.page)


def _opened(box: bytes, marker: bytes, left: Iterable[tuple[bytes, bytes]]) -> bytes:
    for _marking, key in left:
        with suppress(ValueError):
            return keys.unseal(key, marker, box).encode()
    return b""


def _ids(connection: Connection) -> dict[str, str]:
    return {row.user: row.person for row in connection.execute(select(tables.actors.c.user, tables.actors.c.person))}


def _sealed(connection: Connection, round: str) -> dict[bytes, bytes]:
    rows = connection.execute(select(tables.sealed.c.marker, tables.sealed.c.box).join(tables.urns).where(
        tables.urns.c.round == round
    ))  # fmt: skip
    return {row.marker: row.box for row in rows}


def _rows_of(connection: Connection, table: Table, round: str) -> Sequence[Any]:
    """As they come when nobody asks for an order; numbers, which are kept in an order of their own, as they lie."""
    on_postgres = connection.dialect.name == "postgresql"
    number = text("xmin::text::bigint AS xmin") if on_postgres else text("0 AS xmin")
    found = select(table, number).where(table.c.round == round)
    lying = text("ctid" if on_postgres else "rowid")
    return connection.execute(found.order_by(lying) if table is tables.tallies else found).all()


def _on_board(town: Town, connection: Connection, round: str) -> dict[str, int]:
    shown = boards.read(connection, town.clock.now(), {FREE.id: FREE}, round)
    assert shown is not None
    posts = (str(post.text) for part in shown.parts for heading in part.headings for post in heading.posts)
    return {post: number for number, post in enumerate(posts)}


def _everything(connection: Connection) -> list[str]:
    """Each row of each table."""
    return [repr(tuple(row)) for table in tables.metadata.tables.values() for row in connection.execute(select(table))]


# --- The channels -----------------------------------------------------------------------------------------------------

Channel = Callable[[Watched, Sequence[Taken]], Scores]


def _ranks(values: Sequence[Any]) -> list[float]:
    ordered = sorted(values)
    return [(bisect_left(ordered, value) + bisect_right(ordered, value) - 1) / 2 for value in values]


def _alike(theirs: Sequence[float], its: Sequence[float]) -> Scores:
    """The nearer, the likelier."""
    return [[-abs(mine - one) for one in its] for mine in theirs]


def _in_order(of: Callable[[Taken], Any]) -> Channel:
    """Whoever answered early is behind what comes early."""
    return lambda seen, answers: _alike(range(len(seen.people)), _ranks([of(one) for one in answers]))


def _holding(of: Callable[[Watched], Sequence[bytes]]) -> Channel:
    """What was written while somebody answered holds their answer, for the first time."""

    def scores(seen: Watched, answers: Sequence[Taken]) -> Scores:
        first = [next((n for n, written in enumerate(of(seen)) if _holds(written, one.text)), -1) for one in answers]
        return [[float(n == person) for n in first] for person in range(len(seen.people))]

    return scores


def _holds(written: bytes, said: str) -> bool:
    """Also as JSON has it within a line of a log."""
    return said.encode() in written or json.dumps(said)[1:-1].encode() in written


def _lengths(of: Callable[[bytes], int]) -> Channel:
    return lambda seen, answers: _alike(
        _ranks([of(box) for box in seen.boxes]), _ranks([len(one.text) for one in answers])
    )


def _markers(seen: Watched, answers: Sequence[Taken]) -> Scores:
    return _alike(_ranks(seen.markers), _ranks([one.place for one in answers]))


def _beside_another(seen: Watched, answers: Sequence[Taken]) -> Scores:
    """Who is behind one answer is known, since their style gave them away; it may lead to what else they wrote."""
    of_next = next((one for one in seen.answers.values() if one is not answers), answers)
    known = {one.author: rank for one, rank in zip(of_next, _ranks([one.place for one in of_next]), strict=True)}
    return _alike([known[n] for n in range(len(seen.people))], _ranks([one.place for one in answers]))


def _rows(seen: Watched, answers: Sequence[Taken]) -> Scores:
    """A row names somebody, and holds an answer."""
    rows = {one.text: [row for row in seen.rows if one.text in row] for one in answers}
    names = zip(seen.people, seen.users, strict=True)
    return [[float(any(a in row or b in row for row in rows[one.text])) for one in answers] for a, b in names]


CHANNELS: dict[str, Channel] = {
    "row order": _in_order(lambda one: one.row),
    "id": _in_order(lambda one: one.id),
    "place": _in_order(lambda one: one.place),
    "board": _in_order(lambda one: one.on_board),
    "transaction": _in_order(lambda one: one.transaction),
    "place in the file": _in_order(lambda one: one.in_file),
    "place in the journal": _in_order(lambda one: one.in_journal),
    "time": _in_order(lambda one: one.micros),
    "length": _lengths(len),
    "density": _lengths(lambda box: len(zlib.compress(box))),
    "marker": _markers,
    "another answer": _beside_another,
    "journal while answering": _holding(lambda seen: seen.journals),
    "log while answering": _holding(lambda seen: seen.logs),
    "rows of the person": _rows,
    "keys that are left": _holding(lambda seen: seen.opened),
}


OF_RATINGS = (
    "row order", "transaction", "length", "density", "marker", "another answer", "journal while answering",
    "log while answering", "rows of the person", "keys that are left",
)  # fmt: skip
"""The channels that there are for numbers: they stand on no board under an id, and no file holds them as a text."""


def curve(rounds: Sequence[Watched], channel: Channel) -> float:
    """The area under the curve of a channel over all rounds and questions."""
    each = ((seen, answers) for seen in rounds for answers in seen.answers.values())
    found = [one for seen, answers in each for one in _wins(channel(seen, answers), answers)]
    return sum(found) / len(found)


def _wins(scores: Scores, answers: Sequence[Taken]) -> Iterator[float]:
    """For each person: how often their own answer scores higher than somebody else's."""
    for person, row in enumerate(scores):
        (true,) = [score for score, one in zip(row, answers, strict=True) if one.author == person]
        false = sorted(score for score, one in zip(row, answers, strict=True) if one.author != person)
        yield (bisect_left(false, true) + bisect_right(false, true)) / 2 / len(false)
