"""What a question means to one person at one instant: their programmes, what holds by now, what they may be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.faq import COMMON, Age, Entry, Standing
from bot.domain.programmes import Enrolment, Programme, local_day
from bot.domain.registrations import SeatState
from bot.domain.words import Words
from bot.faq import SUGGESTS_AT
from bot.flows import facts as programme_facts
from bot.flows import faq
from bot.flows.facts import Asked, Known, Told
from bot.handlers import for_members
from bot.handlers.finding import FACT, Found
from bot.handlers.scene import Scene
from storage.faq import Entries

CLOSE = 0.1
"""Two that differ by no more in how sure it is are equals: what holds now and what is the person's own goes first."""

_MOST_PROGRAMMES = 4
"""Programmes that one answer tells of, where it cannot be known which is meant."""

_OVER = timedelta(days=60)
"""So long after its last meeting a programme's answers are of the past."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Something that may be meant, as it stands at this instant."""

    id: str
    score: float
    entry: Entry | None  # None: the programme's data answers it
    age: Age = Age.CURRENT
    own: bool = False

    @property
    def held_in(self) -> str:
        """When it held, if it does not any more."""
        return self.entry.held_in if self.entry is not None and self.age is Age.PAST else ""

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """What decides between equals: the lesser goes first."""
        return (self.age is Age.PAST, not self.own, self.entry is not None)


class Judge:
    """Looks at what was found with the eyes of one person at one instant."""

    def __init__(self, scene: Scene, programmes: Sequence[str]) -> None:
        self._scene = scene
        self._programmes = programmes
        self._entries = Entries(scene.visit.connection, scene.visit.now)

    def meant(self, found: Found) -> list[Meant]:
        """Best first, without what is not to be said (any more, or yet)."""
        likely = [one for one in found.ranked if one[1] >= SUGGESTS_AT / 4][: 4 * faq.MOST_CHOICES]
        there = [one for id, score in likely if (one := self.look(id, score)) is not None]
        best = there[0].score if there else 0.0
        equals = sorted((one for one in there if one.score > best - CLOSE), key=lambda one: one.rank)
        return [*(replace(one, score=best) for one in equals[:1]), *equals[1:], *there[len(equals) :]]

    def look(self, id: str, score: float = 1.0) -> Meant | None:
        if id.startswith(FACT):
            known = id.removeprefix(FACT) in set(Asked)
            return Meant(id, score, None, own=True) if known else None
        entry = self._entries.get(id)
        if entry is None or entry.standing is Standing.RETIRED or not self._is_visible(entry):
            return None
        age = age_of(self._scene, entry)
        own = entry.programme in (COMMON, *self._programmes)
        return None if age is Age.COMING else Meant(id, score, entry, age, own)

    def _is_visible(self, entry: Entry) -> bool:
        return entry.programme == COMMON or any(one.id == entry.programme for one in self._scene.programmes)

    # In words

    def question(self, meant: Meant) -> Words:
        return meant.entry.question if meant.entry is not None else programme_facts.TITLES[_asked(meant.id)]

    def source(self, meant: Meant) -> Words:
        if meant.entry is not None:
            return source_of(self._scene, meant.entry)
        return self._context[0].title if len(self._context) == 1 else ""

    def told(self, meant: Meant, *, aloud: bool) -> Told:
        """What is said; aloud nothing that is only for those who are registered."""
        if meant.entry is not None:
            return _of_entry(self._scene, meant.entry, aloud=aloud)
        known = [self._known(one, aloud=aloud) for one in self._context]
        return programme_facts.tell_all(_asked(meant.id), known, self._scene.visit.now)

    @property
    def _context(self) -> tuple[Programme, ...]:
        """The programmes that a question about "the" meeting or price can be about."""
        visible = self._scene.programmes
        named = tuple(one for one in visible if one.id in self._programmes)
        going_on = tuple(
            one for one in visible if one.enrolment is not Enrolment.CLOSED and not _over(self._scene, one)
        )
        return (named or going_on or tuple(visible))[:_MOST_PROGRAMMES]

    def _known(self, programme: Programme, *, aloud: bool) -> Known:
        mine = frozenset[str]() if aloud else _seats(self._scene, programme.id)
        return Known(programme, mine, self._scene.left(programme))


def _asked(id: str) -> Asked:
    return Asked(id.removeprefix(FACT))


def age_of(scene: Scene, entry: Entry) -> Age:
    """How an entry stands to this day."""
    programme = scene.visit.programmes.get(entry.programme)
    if programme is None:
        return entry.age(local_day(scene.visit.now, scene.zone), entry.edition)
    edition = None if _over(scene, programme) else programme.edition
    return entry.age(local_day(scene.visit.now, programme.zone), edition)


def _over(scene: Scene, programme: Programme) -> bool:
    """Whether a programme has ended some time ago. An archive never does."""
    if programme.enrolment is Enrolment.CLOSED or not programme.occasions:
        return False
    return max(one.ends_at for one in programme.occasions) + _OVER < scene.visit.now


def _seats(scene: Scene, programme: str) -> frozenset[str]:
    """The meetings at which the person has a confirmed seat."""
    return frozenset(
        seat.occasion
        for booking in scene.bookings()
        for seat in booking.seats
        if booking.programme.id == programme
        and seat.state is SeatState.CONFIRMED
        and seat.participant.person == scene.person.id
    )


def source_of(scene: Scene, entry: Entry) -> Words:
    """The programme that an entry belongs to, with its edition."""
    programme = scene.visit.programmes.get(entry.programme)
    return faq.source(programme.title, entry.edition or programme.edition) if programme is not None else ""


def _of_entry(scene: Scene, entry: Entry, *, aloud: bool) -> Told:
    """What a coordinator has written, without links that the reader is not to have."""
    visit = scene.visit
    kept_back = for_members.hidden_from_everybody(visit) if aloud else for_members.hidden_from(visit, scene.person.id)
    shown = for_members.without(entry.answer, kept_back)
    return faq.of_entry(replace(entry, answer=shown), hides_links=shown != entry.answer)
