"""Who takes part: the actors that workspaces know, and the persons behind them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.values import dataclass


class Language(StrEnum):
    """The languages that every text of the product exists in (BCP 47 primary tags)."""

    SWEDISH = "sv"
    BOKMAL = "nb"
    NYNORSK = "nn"
    ENGLISH = "en"


ENDONYMS: Mapping[Language, str] = {
    Language.SWEDISH: "Svenska",
    Language.BOKMAL: "Norsk bokmål",
    Language.NYNORSK: "Norsk nynorsk",
    Language.ENGLISH: "English",
}
"""What each language calls itself."""

_READ_AS = {language.value: language for language in Language} | {
    "no": Language.BOKMAL,
    "da": Language.BOKMAL,
    "fi": Language.SWEDISH,
}


def language_of(locale: str) -> Language | None:
    """The language of ours that is read best where a client is set to `locale`, such as `nn-NO`; None for any other."""
    return _READ_AS.get(locale.strip().replace("_", "-").partition("-")[0].lower())


class Role(StrEnum):
    """What a person may do in a deployment; each role includes the ones before it."""

    PARTICIPANT = "participant"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as one workspace knows them."""

    platform: str  # "slack", "teams" or "sandbox"
    workspace: str  # id of a Slack workspace or a Teams tenant
    user: str  # the platform's id

    def __str__(self) -> str:
        """The form used by the setting LARTRAFF_ADMINS, e.g. `slack:T1:U1`."""
        return f"{self.platform}:{self.workspace}:{self.user}"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform's own directory says of an actor; every part may be unknown."""

    name: str = ""
    email: str = ""
    language: Language | None = None
    zone: str | None = None  # IANA name


@dataclass(frozen=True, slots=True)
class Person:
    """One human, who may own several actors."""

    id: str
    name: str = ""
    email: str = ""
    language: Language = Language.SWEDISH
    organisation: str | None = None  # key in the organisation directory, e.g. "SE-1281"
    role: Role = Role.PARTICIPANT
