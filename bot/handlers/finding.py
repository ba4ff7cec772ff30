"""What a typed question may mean. It is looked up before the question's transaction, which it would hold up."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain import faq
from bot.domain.faq import PhrasingStanding
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.faq import Engine, Entry, prepare
from bot.flows.tasks import Task
from bot.handlers.clauses import clauses
from bot.handlers.events import Inbound
from bot.handlers.ranking import Book, looked_up, tasks_meant, tasks_of_coordinators, told_by_data
from bot.ports import Clock, Surface, UnitOfWork
from storage.bindings import Bindings
from storage.codes import code_in
from storage.faq import Entries, StoredVectors
from storage.inquiries import Misses
from storage.people import People
from storage.programmes import Catalogue
from storage.registrations import Registrations

_AT_ONCE = 10
"""Texts that are embedded while somebody waits: about a second. When there are more, words alone decide meanwhile."""

_ADDRESS = re.compile(r"\S+@\S+\.\w+|https?://\S+|(?<!\S)@\S+", re.IGNORECASE)  # or a mention
_MEANS_SOMETHING = re.compile(r"[^\W\d_]{3}")
_LONGEST = 1000  # characters: what is longer is no question, but a text


@dataclass(frozen=True, slots=True)
class Found:
    """What a question may mean, best first, and which misses ask for the same."""

    text: str  # what was typed: untrusted
    ranked: tuple[tuple[str, float], ...]  # id of an entry, or `FACT` and what is asked; how sure that is, 0..1
    programmes: tuple[str, ...] = ()  # that it is about, as far as can be told
    misses: tuple[tuple[str, float], ...] = ()  # id, how alike
    several: tuple[Found | None, ...] = ()  # what each question of a list may mean; None for what is none
    clauses: tuple[Found, ...] = ()  # what each question may mean of those that were typed in one message
    tasks: tuple[tuple[Task, float], ...] = ()  # what a coordinator may want to do, the likeliest first


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known when a question comes."""

    state: str  # of the entries
    visible: Mapping[str, Programme]
    own: frozenset[str]  # programmes the person is registered for, or that the channel follows
    misses: tuple[tuple[str, str], ...] = ()  # id, text


@dataclass(frozen=True, slots=True)
class _Index:
    """The entries as they were at a state, ready to be asked."""

    state: str
    book: Book
    whole: bool  # meanings are compared, not only words


class Finder:
    """Finds what questions mean; keeps an index of all entries, which the stored state keeps honest."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, catalogue: Catalogue, *, meaning: bool) -> None:
        """With `meaning` questions are compared by it, too, where the machine can; else by their words alone."""
        self._meaning = meaning
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._catalogue = catalogue
        self._index: _Index | None = None
        self._building = asyncio.Lock()
        self._completing: asyncio.Task[None] | None = None

    async def find(self, inbound: Inbound, text: str, own: frozenset[str] | None = None) -> Found | None:
        """What it may mean; None for what means nothing at all, or is no question but a text.

        `own` are programmes to think of as the person's own, instead of those that are.
        """
        if not is_question(text):
            return None
        around = await self._unit_of_work.run(lambda connection: self._around(connection, inbound))
        if own is not None:
            around = replace(around, own=own & around.visible.keys())
        index = await self._fresh(around.state)
        return await asyncio.to_thread(_found, index, around, text)

    async def find_each(self, texts: Sequence[str], own: frozenset[str]) -> tuple[Found | None, ...]:
        """What each may mean to somebody who has to do with these programmes, without the misses that are like it."""
        around = await self._unit_of_work.run(lambda connection: self._seen(connection, own))
        index = await self._fresh(around.state)
        return await asyncio.to_thread(
            lambda: tuple(_found(index, around, text) if is_question(text) else None for text in texts)
        )

    @property
    def finds_by(self) -> str:
        """By what questions are matched at this moment."""
        return "meaning" if self._index is not None and self._index.book.engine.semantic else "words"

    async def warm(self, *, whole: bool = False) -> None:
        """Make the index before somebody asks; `whole`: so that meanings are compared, too, however long that takes."""
        await self._fresh(
            await self._unit_of_work.run(lambda connection: Entries(connection, self._clock.now()).state())
        )
        if whole and self._completing is not None:
            await self._completing

    def _around(self, connection: Connection, inbound: Inbound) -> _Around:
        seen = self._seen(connection, _own(connection, inbound, self._clock))
        misses = tuple((one.id, one.text) for one in Misses(connection, self._clock.now()).open_ones())
        return replace(seen, misses=misses)

    def _seen(self, connection: Connection, own: frozenset[str]) -> _Around:
        visible = {id: one for id, one in self._catalogue.read(connection).items() if not one.draft}
        return _Around(Entries(connection, self._clock.now()).state(), visible, own & visible.keys())

    # The index

    async def _fresh(self, state: str) -> _Index:
        """An index of the entries as they are. When much of it is new, words alone decide until the rest is done."""
        async with self._building:
            if self._index is None or self._index.state != state:
                read = await self._unit_of_work.run_behind(self._read)
                kept = _Kept(read.vectors, most=_AT_ONCE)
                self._index = await asyncio.to_thread(self._made, read, kept)
                await self._keep(self._index, kept)
                if not self._index.whole:
                    self._completing = asyncio.create_task(self._complete(read), name="faq index")
            return self._index

    async def _complete(self, read: _Read) -> None:
        """Compare meanings, too, from now on, unless the entries have changed again meanwhile."""
        read = await self._prepared(read)
        kept = _Kept(read.vectors)
        whole = await asyncio.to_thread(self._made, read, kept)
        await self._keep(whole, kept)
        if self._index is not None and self._index.state == whole.state:
            self._index = whole

    async def _prepared(self, read: _Read) -> _Read:
        """With every vector, made and kept some at a time: nobody can stop a thread, and the end waits for it."""
        while True:
            kept = _Kept(read.vectors)
            ready = await asyncio.to_thread(prepare, _entries(read), kept, most=_AT_ONCE)
            await self._store(kept.new)
            read = replace(read, vectors={**read.vectors, **kept.new})
            if ready:
                return read

    def _made(self, read: _Read, kept: _Kept) -> _Index:
        entries = _entries(read)
        programmes = {one.id: one.programme for one in read.entries.values()}
        phrasings = {one.id: one.phrasings for one in entries}
        try:
            engine, whole = Engine(entries, vectors=kept) if self._meaning else Engine(entries, meaning=None), True
        except _TooMany:
            engine, whole = Engine(entries, meaning=None), False
        return _Index(read.state, Book(engine, programmes, phrasings), whole)

    def _read(self, connection: Connection) -> _Read:
        entries = Entries(connection, self._clock.now())
        rejected: dict[str, list[str]] = {}
        for phrasing in entries.phrasings(PhrasingStanding.REJECTED):
            rejected.setdefault(phrasing.entry, []).append(phrasing.text)
        return _Read(entries.state(), entries.all(), rejected, StoredVectors(connection).all())

    async def _keep(self, index: _Index, kept: _Kept) -> None:
        """Store the vectors that were made; others, of texts that are gone, are deleted with that."""
        await self._store(kept.new)
        unused = kept.unused
        if index.whole and unused:
            await self._unit_of_work.run_behind(lambda connection: StoredVectors(connection).forget(unused))

    async def _store(self, new: Mapping[str, bytes]) -> None:
        if new:
            await self._unit_of_work.run_behind(lambda connection: StoredVectors(connection).put(new))


# --- Making an index --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """What an index is made from."""

    state: str
    entries: Mapping[str, faq.Entry]
    rejected: Mapping[str, Sequence[str]]  # entry → questions that it does not answer
    vectors: Mapping[str, bytes]


class _TooMany(Exception):
    """More vectors are missing than somebody can wait for."""


class _Kept:
    """The vectors of the database, read beforehand: an index is made in a thread. Implements `bot.faq.Vectors`."""

    def __init__(self, known: Mapping[str, bytes], most: int | None = None) -> None:
        self._known = known
        self._most = most
        self._asked: set[str] = set()
        self.new: dict[str, bytes] = {}

    def get(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Raises `_TooMany` when more than `most` of them would have to be made."""
        found = {key: self._known[key] for key in keys if key in self._known}
        if self._most is not None and len(keys) - len(found) > self._most:
            raise _TooMany
        self._asked.update(keys)
        return found

    def put(self, vectors: Mapping[str, bytes]) -> None:
        self.new.update(vectors)

    @property
    def unused(self) -> frozenset[str]:
        return frozenset(self._known) - self._asked


def _entries(read: _Read) -> list[Entry]:
    """All that can be found."""
    written = (_entry(one, read.rejected.get(one.id, ())) for one in _live(read.entries))
    return [*told_by_data(), *tasks_of_coordinators(), *written]


def _live(entries: Mapping[str, faq.Entry]) -> Iterator[faq.Entry]:
    return (one for one in entries.values() if one.standing is faq.Standing.LIVE)


def _entry(entry: faq.Entry, rejected: Sequence[str]) -> Entry:
    questions = tuple(entry.question.wordings.values())
    answers = tuple(entry.answer.wordings.values())
    others = (*questions[1:], *entry.alternates)
    return Entry(entry.id, questions[0], answers[0] if answers else "", alternates=others, rejected=tuple(rejected))


# --- Asking it --------------------------------------------------------------------------------------------------------


def is_too_long(text: str) -> bool:
    """Whether it is no question for its length alone."""
    return len(text) > _LONGEST


def is_question(text: str) -> bool:
    """Whether it can mean something, and is not a text; somebody's address or name alone asks nothing.

    Nor is anything with a code in it, which must not be kept where others read it.
    """
    if is_too_long(text) or code_in(text):
        return False
    return _MEANS_SOMETHING.search(_ADDRESS.sub(" ", text)) is not None


def _found(index: _Index, around: _Around, text: str) -> Found:
    """Among what the person has to do with; where the answer is not there, what others are told is only suggested."""
    near, ranked = looked_up(index.book, around.visible, around.own, text)
    likenesses = index.book.engine.like(text, [asked for _id, asked in around.misses])
    misses = tuple((id, like) for (id, _asked), like in zip(around.misses, likenesses, strict=True))
    parts = tuple(_part(index, around, part, near) for part in clauses(text))
    tasks = tasks_meant(index.book, around.visible, text)
    return Found(text, ranked, tuple(sorted(near)), misses, clauses=parts, tasks=tasks)


def _part(index: _Index, around: _Around, text: str, whole: frozenset[str]) -> Found:
    """One of several questions: about what the whole message is about, unless it names another programme."""
    near, ranked = looked_up(index.book, around.visible, whole or around.own, text)
    return Found(text, ranked, tuple(sorted(near)))


def _own(connection: Connection, inbound: Inbound, clock: Clock) -> frozenset[str]:
    """The programmes that the channel follows, or else those that the person is registered for."""
    now = clock.now()
    if inbound.came_from.surface is Surface.CHANNEL:
        followed = Bindings(connection, now).of_channel(inbound.came_from)
        if followed:
            return frozenset(one.programme for one in followed)
    person = People(connection, now).owner(inbound.actor)
    if person is None:
        return frozenset()
    return frozenset(programme for programme, _occasion in Registrations(connection, now).own(person))
