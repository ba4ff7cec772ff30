"""A changed meeting: time until it has settled, and what people were told."""

from __future__ import annotations

from bot.domain.changes import SETTLES
from tests.flows.samples import SINGLE
from tests.handlers.town import Town
from tests.storage.test_programmes import LATER

B = SINGLE.occasion("b")
NINE_DAYS_ON = (B.starts_at + LATER).date().isoformat()


async def pass_ten_minutes(town: Town) -> None:
    await town.tick_at(town.clock.now() + SETTLES)


def news(person_messages: list[str]) -> list[str]:
    """The first lines of what was said about changes."""
    loud = ("NEW", "CANCELLED", "HELD", "More is known", "2 meetings have")
    return [m.splitlines()[0] for m in person_messages if m.startswith(loud)]


async def told(town: Town, *names: str) -> dict[str, list[str]]:
    return {name: news(await town.person(name).received()) for name in names}
