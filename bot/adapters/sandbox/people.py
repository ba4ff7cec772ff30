"""The people one can be in the sandbox, and the words they are offered to type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.domain.people import Actor, Language, Profile
from bot.domain.words import Words, _
from bot.ports import Address, Surface

PLATFORM: Final = "sandbox"
WORKSPACE: Final = "sandbox"


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """Someone to be. `user` is part of web addresses: small letters only."""

    user: str
    name: str
    role: Words
    organisation: str
    email: str
    language: Language = Language.SWEDISH
    zone: str = "Europe/Stockholm"
    administrator: bool = False

    @property
    def actor(self) -> Actor:
        return Actor(PLATFORM, WORKSPACE, self.user)

    @property
    def profile(self) -> Profile:
        return Profile(self.name, self.email, self.language, self.zone)

    @property
    def address(self) -> Address:
        return Address(PLATFORM, WORKSPACE, self.user)

    @property
    def initials(self) -> str:
        names = self.name.split()
        return "".join(name[0] for name in (*names[:1], *names[1:][-1:])).upper()


PEOPLE: Final = (
    SandboxPerson("anna", "Anna Lindqvist", _("Politician"), "Lunds kommun", "anna.lindqvist@lund.example"),
    SandboxPerson("erik", "Erik Sundström", _("Manager"), "Region Örebro län", "erik.sundstrom@orebro.example"),
    SandboxPerson(
        "ingrid", "Ingrid Haugen", _("Strategist"), "Nordre Follo kommune", "ingrid.haugen@nordrefollo.example",
        language=Language.BOKMAL, zone="Europe/Oslo",
    ),
    SandboxPerson(
        "karin", "Karin Berg", _("Process leader"), "SKR", "karin.berg@skr.example",
        administrator=True,
    ),
)  # fmt: skip
"""Three learners and the coordinator. They are made up, and the sandbox sends no mail."""

WORDS: Final[Mapping[Language, tuple[str, ...]]] = {
    Language.SWEDISH: ("hjälp", "program", "anmäl", "mina anmälningar", "material", "språk", "koppla", "läget"),
    Language.BOKMAL: ("hjelp", "program", "meld på", "mine påmeldinger", "materiell", "språk", "koble", "status"),
    Language.NYNORSK: ("hjelp", "program", "meld på", "mine påmeldingar", "materiell", "språk", "kople", "status"),
    Language.ENGLISH: ("help", "programmes", "register", "my registrations", "materials", "language", "link", "status"),
}
"""The words that are understood, the most used first; the last one is the coordinator's."""


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """Who takes part and how the sandbox itself speaks."""

    people: tuple[SandboxPerson, ...] = PEOPLE
    shown_first: tuple[str, ...] = ("anna", "ingrid", "karin")  # user ids, side by side at the first visit
    channel: str = "lärträffar"  # its name, without the hash sign
    language: Language = Language.SWEDISH  # of the page around the conversations
    zone: str = "Europe/Stockholm"  # of the clock on the page
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")  # names under which the page may be asked for
    words: Mapping[Language, tuple[str, ...]] = field(default_factory=lambda: WORDS)

    @property
    def channel_address(self) -> Address:
        return Address(PLATFORM, WORKSPACE, CHANNEL, Surface.CHANNEL)

    def person(self, user: str) -> SandboxPerson | None:
        return next((person for person in self.people if person.user == user), None)

    def suggestions(self, person: SandboxPerson) -> tuple[str, ...]:
        """The words to offer to this person, the most useful first."""
        *words, status = self.words[person.language]
        return (status, *words) if person.administrator else tuple(words)


CHANNEL: Final = "channel"
"""The channel's conversation id; no person may be called so."""
