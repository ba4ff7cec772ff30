"""The people one can be in the sandbox, and the words they are offered to type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from bot.domain.people import Actor, Language, Profile
from bot.domain.values import dataclass
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
    SandboxPerson("fatima", "Fatima Nilsson", _("Strategist"), "Umeå kommun", "fatima.nilsson@umea.example"),
    SandboxPerson("lars", "Lars Öberg", _("Manager"), "Region Dalarna", "lars.oberg@dalarna.example"),
    SandboxPerson(
        "sigrid", "Sigrid Vik", _("Politician"), "Sunnfjord kommune", "sigrid.vik@sunnfjord.example",
        language=Language.NYNORSK, zone="Europe/Oslo",
    ),
)  # fmt: skip
"""Six learners, enough for answers without names, and the coordinator. They are made up, and no mail is sent."""

WORDS: Final[Mapping[Language, tuple[str, ...]]] = {
    Language.SWEDISH: (
        *("hjälp", "program", "anmäl", "mina anmälningar", "svara", "anteckna", "grupp"),
        *("mina påminnelser", "pausa", "kalender"),
        *("plan", "material", "språk", "koppla", "använd Teams", "mina uppgifter"),
    ),
    Language.BOKMAL: (
        *("hjelp", "program", "meld på", "mine påmeldinger", "svar", "noter", "gruppe"),
        *("mine påminnelser", "pause", "kalender"),
        *("plan", "materiell", "språk", "koble", "bruk Teams", "mine opplysninger"),
    ),
    Language.NYNORSK: (
        *("hjelp", "program", "meld på", "mine påmeldingar", "svar", "noter", "gruppe"),
        *("mine påminningar", "pause", "kalender"),
        *("plan", "materiell", "språk", "kople", "bruk Teams", "mine opplysningar"),
    ),
    Language.ENGLISH: (
        *("help", "programmes", "register", "my registrations", "answer", "take notes", "group"),
        *("my reminders", "pause", "calendar"),
        *("plan", "materials", "language", "link", "use Teams", "my data"),
    ),
}
"""The words that are understood, the most used first."""

COORDINATORS_WORDS: Final[Mapping[Language, tuple[str, ...]]] = {
    Language.SWEDISH: ("läget", "vem gör vad", "läget Anna", "borta till 15 augusti"),
    Language.BOKMAL: ("status", "hvem gjør hva", "status Anna", "borte til 15. august"),
    Language.NYNORSK: ("status", "kven gjer kva", "status Anna", "borte til 15. august"),
    Language.ENGLISH: ("status", "who does what", "status Anna", "away until 15 August"),
}
CHANNEL_WORDS: Final[Mapping[Language, str]] = {
    Language.SWEDISH: "kanal",
    Language.BOKMAL: "kanal",
    Language.NYNORSK: "kanal",
    Language.ENGLISH: "channel",
}
"""What coordinators write in a channel so that it follows a programme."""


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
        return Address(PLATFORM, WORKSPACE, CHANNEL, Surface.CHANNEL, {"name": f"#{self.channel}"})

    def person(self, user: str) -> SandboxPerson | None:
        return next((person for person in self.people if person.user == user), None)

    def suggestions(self, person: SandboxPerson, *, in_channel: bool = False) -> tuple[str, ...]:
        """The words to offer to this person there, the most useful first."""
        words = self.words[person.language]
        if not person.administrator:
            return words
        first, *others = COORDINATORS_WORDS[person.language]
        channel = (CHANNEL_WORDS[person.language],) if in_channel else ()
        return (*channel, first, *words, *others)


CHANNEL: Final = "channel"
"""The channel's conversation id; no person may be called so."""
