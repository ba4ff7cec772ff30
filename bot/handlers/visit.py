"""Everything one transaction works with: the repositories, the time and the way to tell people things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import Connection

from bot.domain.organisations import Directory
from bot.domain.people import Actor, Language
from bot.domain.programmes import Programme
from bot.domain.registrations import Seat
from bot.domain.values import dataclass
from bot.domain.words import Words
from bot.flows.appointing import nameless
from bot.handlers.schedules import Schedules
from bot.handlers.unkept import Unkept
from bot.messages import View
from bot.ports import Address, Surface, UrnKeys
from storage.codes import Codes
from storage.journal import Journal
from storage.links import Kind
from storage.nudges import Nudges
from storage.outbox import Outbox
from storage.people import People
from storage.programmes import Catalogue
from storage.registrations import Registrations
from storage.runs import Runs

PLATFORMS_WITH_HOME = frozenset({"slack", "sandbox"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stays the same from event to event."""

    catalogue: Catalogue
    directory: Directory
    calendar_address: Callable[[Seat], str]  # where a seat's calendar file is, for the one who sits there now
    feed_address: Callable[[str, int], str]  # where the calendar of an owner is, by the generation of its link
    link_address: Callable[[Kind, str], str]  # where a page is, by what its link opens and the link's id
    urn_keys: UrnKeys
    vote_keys: UrnKeys  # one for each round in which there is a vote
    journal: Journal  # of who has been erased
    language: Language = Language.SWEDISH  # spoken until a person's own is known
    administrators: frozenset[str] = frozenset()  # actors as the setting LARTRAFF_ADMINS writes them
    teams_secret_expires: date | None = None  # as far as the settings tell
    schedules: Schedules = field(default_factory=Schedules)
    unkept: Unkept = field(default_factory=Unkept)


class Visit:
    """One transaction at one instant, and the repositories that most events need.

    Whoever needs another makes it there: `Rounds(visit.connection, visit.now)`.
    """

    def __init__(self, connection: Connection, now: datetime, surroundings: Surroundings) -> None:
        self.connection = connection
        self.now = now
        self.surroundings = surroundings
        self.people = People(connection, now)
        self.runs = Runs(connection, now)
        self.registrations = Registrations(connection, now)
        self.outbox = Outbox(connection, now)
        self.nudges = Nudges(connection, now)
        self.codes = Codes(connection, now)

    @cached_property
    def programmes(self) -> Mapping[str, Programme]:
        """All programmes in their order, by id."""
        return self.surroundings.catalogue.read(self.connection)

    def programmes_ahead(self) -> None:
        """Say that the programmes will be looked at."""
        self.surroundings.catalogue.read_ahead(self.connection)

    def language_of(self, channel: Address) -> Language:
        """In which language a channel is written to: the one chosen for it, or the installation's."""
        chosen = channel.details.get("language")
        return Language(chosen) if chosen else self.surroundings.language

    def name_of(self, person: str) -> Words:
        """How a person is called, also when nobody has told us."""
        return self.people.person(person).name or nameless()

    def programme_of(self, seat: Seat) -> Programme:
        """The programme of a seat, with the prices that hold for its organisation."""
        registration = self.registrations.get(seat.registration)
        assert registration is not None, "a seat is always of a registration"
        return self.programmes[seat.programme].priced_for(registration.organisation_key)

    def tell(self, person: str, view: View, *, key: str, edits: str = "") -> None:
        """Send a message to where the person was last seen, once for each key.

        Someone who cannot be reached at all (a colleague named in a registration, not yet here) is told nothing.
        """
        found = self.people.addressed(person)
        if found is not None:
            _actor, address = found
            self.outbox.add(
                key, address, view, person=person, language=self.people.person(person).language, edits=edits
            )

    def show_home(self, actor: Actor, person: str, language: Language, view: View, *, key: str) -> None:
        """Publish the person's own page."""
        home = Address(actor.platform, actor.workspace, actor.user, Surface.HOME)
        self.outbox.add(f"home:{actor}:{key}", home, view, person=person, language=language)
