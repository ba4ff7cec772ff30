"""What a question means to one person at one instant: their programmes, what holds by now, what they may be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, partial

from bot.domain.faq import Age, Entry
from bot.domain.people import Language
from bot.domain.programmes import Enrolment, Programme, local_day
from bot.domain.registrations import Seat, SeatState, is_active
from bot.domain.words import Words
from bot.flows import facts as programme_facts
from bot.flows import faq
from bot.flows.facts import Asked
from bot.flows.telling import Known, Told
from bot.handlers import for_members
from bot.handlers.asked_times import times_asked
from bot.handlers.lazy import Lazy
from bot.handlers.naming import meeting_titled, meetings_named, meetings_on, programmes_named
from bot.handlers.near_days import day_named
from bot.handlers.ranking import FACT
from bot.handlers.scene import Scene
from bot.handlers.weighing import Meant, Sight, age_on, is_over
from bot.texts import original
from storage.faq import Entries

_FAMILY = {Language.NYNORSK: Language.BOKMAL}
"""Languages whose readers are at home in the other's as well."""


class Judge:
    """Says what was found to one person at one instant."""

    def __init__(self, scene: Scene, programmes: Sequence[str], text: str = "", part: str = "") -> None:
        """`text` is what was asked: it may name a meeting; `part` is the one of its questions that this is about."""
        self._scene = scene
        self._text = text
        self._part = part or text
        self._programmes = programmes
        self._sight = sight(scene)

    def of(self, part: str) -> Judge:
        """Of one of the questions in what was asked."""
        return Judge(self._scene, self._programmes, self._text, part)

    def look(self, id: str) -> Meant | None:
        """What has this id, if it is still to be said."""
        return self._sight.look(id, 1.0, self._programmes)

    # In words

    def question(self, meant: Meant) -> Words:
        if meant.entry is not None:
            return meant.entry.question
        asked = _asked(meant.id)
        names_which = self._day is not None or any(self._named(one) for one in self._context)
        if asked in (Asked.NEXT, Asked.DATES) and names_which:
            return programme_facts.WHEN
        return programme_facts.TITLES[asked]

    def source(self, meant: Meant) -> Words:
        if meant.entry is not None:
            return source_of(self._scene, meant.entry)
        if programme_facts.is_any_programmes(_asked(meant.id)):
            return ""
        about = self._about(_asked(meant.id))
        return about[0].title if len(about) == 1 else ""

    def told(self, meant: Meant, *, aloud: bool) -> Told:
        """What is said; aloud nothing that is only for those who are registered."""
        if meant.entry is not None:
            return _of_entry(self._scene, meant.entry, aloud=aloud)
        asked, now = _asked(meant.id), self._scene.visit.now
        known = [self._known(one, aloud=aloud) for one in self._about(asked)]
        if self._day is None or not programme_facts.is_of_a_meeting(asked):
            return programme_facts.tell_all(asked, known, now)
        then = [replace(one, named=meetings_on(self._day, one.programme)) for one in known]
        return programme_facts.tell_of_a_day(asked, then, self._day, now)

    def _about(self, asked: Asked) -> tuple[Programme, ...]:
        """What it is about; of a day like tomorrow what meets then, the reader's own before others."""
        if self._day is None or not programme_facts.is_of_a_meeting(asked):
            return self._context
        return self._meeting_on(self._day, self._context) or self._elsewhere(self._day) or self._context

    def _elsewhere(self, day: date) -> tuple[Programme, ...]:
        """What meets on a day of all there is, unless the question names a programme."""
        there = {one.id: one for one in self._scene.programmes}
        return () if programmes_named(self._text, there) else self._meeting_on(day, tuple(there.values()))

    def _meeting_on(self, day: date, among: tuple[Programme, ...]) -> tuple[Programme, ...]:
        return tuple(one for one in among if meetings_on(day, one))

    @cached_property
    def _day(self) -> date | None:
        """The day that is asked about as seen from today."""
        return day_named(self._part, local_day(self._scene.visit.now, self._scene.zone))

    @cached_property
    def _context(self) -> tuple[Programme, ...]:
        """What the question can be about, first what is in the reader's language."""
        own = _FAMILY.get(self._scene.language, self._scene.language)

        def foreign(one: Programme) -> bool:
            written = original(one.title)
            return _FAMILY.get(written, written) != own

        return tuple(sorted(self._meant, key=foreign))

    @cached_property
    def _meant(self) -> tuple[Programme, ...]:
        """Those with a meeting that the question names, or else all that it can be about."""
        likely = self._likely
        named = tuple(one for one in likely if self._named(one))
        return tuple(one for one in named if meeting_titled(self._text, one)) or named or likely

    def _named(self, programme: Programme) -> frozenset[str]:
        """The meetings and days that the question names, by what they are called or by what they are about."""
        times = times_asked(self._part, programme)
        return meetings_named(self._text, programme) or frozenset(times.meetings) or times.days

    @property
    def _likely(self) -> tuple[Programme, ...]:
        """The programmes that a question about "the" meeting or price can be about."""
        visible = self._scene.programmes
        named = tuple(one for one in visible if one.id in self._programmes)
        going_on = tuple(
            one for one in visible if one.enrolment is not Enrolment.CLOSED and not is_over(one, self._scene.visit.now)
        )
        return named or going_on or tuple(visible)

    def _known(self, programme: Programme, *, aloud: bool) -> Known:
        own = () if aloud else tuple(one for one in self._seats if one.programme == programme.id)
        mine = frozenset(one.occasion for one in own if one.state is SeatState.CONFIRMED)
        times = times_asked(self._part, programme)
        named = meetings_named(self._text, programme) or frozenset(times.meetings)
        left = Lazy(partial(self._scene.left, programme))
        queued = tuple(one for one in own if one.state is not SeatState.CONFIRMED)
        told = programme if aloud else programme.priced_for(self._scene.person.organisation or "")
        return Known(told, mine, left, named, aloud, times.days, times.meetings, queued)

    @cached_property
    def _seats(self) -> tuple[Seat, ...]:
        """The seats that the person has, waits for or is offered."""
        me = self._scene.person.id
        seats = (seat for booking in self._scene.bookings() for seat in booking.seats)
        return tuple(one for one in seats if one.participant.person == me and is_active(one))


def _asked(id: str) -> Asked:
    return Asked(id.removeprefix(FACT))


def sight(scene: Scene) -> Sight:
    """What the person sees."""
    visit = scene.visit
    return Sight(
        Entries(visit.connection, visit.now).get,
        visit.programmes,
        frozenset(one.id for one in scene.programmes),
        visit.now,
        lambda: scene.zone,
    )


def age_of(scene: Scene, entry: Entry) -> Age:
    """How an entry stands to this day."""
    return age_on(scene.visit.now, entry, scene.visit.programmes.get(entry.programme), lambda: scene.zone)


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
