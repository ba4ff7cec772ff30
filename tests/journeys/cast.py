"""Who takes part in the journeys; on every platform the same people."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Language


@dataclass(frozen=True)
class Role:
    """Somebody, as their organisation's directory has them."""

    id: str
    name: str
    email: str
    organisation: str
    language: Language = Language.SWEDISH
    zone: str = "Europe/Stockholm"
    administrator: bool = False

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def slack_user(self) -> str:
        return f"U{self.id.upper()}"


CAST = {
    role.id: role
    for role in (
        Role("anna", "Anna Lindqvist", "anna.lindqvist@lund.se", "Lunds kommun"),
        Role("bertil", "Bertil Ek", "bertil.ek@lund.se", "Lunds kommun"),
        Role("cecilia", "Cecilia Öberg", "cecilia.oberg@lund.se", "Lunds kommun"),
        Role("erik", "Erik Sundström", "erik.sundstrom@regionorebrolan.se", "Region Örebro län"),
        Role(
            "ingrid",
            "Ingrid Haugen",
            "ingrid.haugen@nordrefollo.kommune.no",
            "Nordre Follo kommune",
            language=Language.BOKMAL,
            zone="Europe/Oslo",
        ),
        Role("karin", "Karin Berg", "karin.berg@skr.se", "SKR", administrator=True),
    )
}
