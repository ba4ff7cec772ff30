"""How coordinators answer what people have asked, and what those people are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.faq import Entry
from bot.flows import misses
from bot.messages import Form
from storage.faq import Entries
from storage.tables import matters as matter_rows
from tests.handlers.questions import Questions
from tests.handlers.town import Person, text

LUND = "I Lund, på Stortorget."
OPEN = (matter_rows.c.kind == "misses", matter_rows.c.closed_at.is_(None))


async def preview(here: Questions, miss: str, said: str = LUND, *, by: Person | None = None, **more: Any) -> Form:
    """Write an answer in English, up to the preview; `nb` and the like in other languages."""
    person = by or here.admin
    shown = (await person.press(misses.ANSWER, miss)).view
    answers = {f"answers.{language}": more.pop(language) for language in ("sv", "nb", "nn") if language in more}
    filled = {"answers.en": said, **more}
    while isinstance(shown, Form) and "This is what they get" not in text(shown):
        shown = (await person.submit(shown, {**filled, **answers})).view
        filled = {}
    assert isinstance(shown, Form), text(shown)
    return shown


async def answer(here: Questions, miss: str, said: str = LUND, **more: Any) -> str:
    shown = text((await here.admin.submit(await preview(here, miss, said, **more))).view)
    await here.town.deliver()
    return shown


async def told(here: Questions, who: str) -> list[str]:
    await here.town.deliver()
    everything = [one.text for one in here.town.messages(here.town.person(who))]
    return [one for one in everything if "answer to your question" in one]


async def entries(here: Questions) -> Mapping[str, Entry]:
    return await here.town.read(lambda c: Entries(c, here.town.clock.now()).all())
