"""Meanings are made ready in small steps: a stop in the middle waits for one of them, and loses none."""

import asyncio
import threading
from collections.abc import Mapping

import pytest

from bot.faq import meaning
from bot.handlers.finding import Finder
from storage.faq import StoredVectors
from storage.programmes import Catalogue
from tests.faq.conftest import Letters
from tests.handlers.town import Town


class Slow(Letters):
    """Waits, from its thirtieth text on, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.let_go = threading.Event(), threading.Event()

    def vector(self, kind: object, text: str) -> bytes:
        if len(self.asked) == 29:
            self.reached.set()
            self.let_go.wait(10)
        return super().vector(kind, text)  # type: ignore[arg-type]


async def stored(town: Town) -> Mapping[str, bytes]:
    return await town.work.run(lambda connection: StoredVectors(connection).all())


async def test_a_stop_in_the_middle_keeps_what_was_made_and_makes_no_more(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Slow()
    monkeypatch.setattr(meaning, "shared", lambda: model)
    finder = Finder(town.work, town.clock, Catalogue(), meaning=True)
    await finder.warm()
    await asyncio.to_thread(model.reached.wait, 10)
    assert finder._completing is not None
    finder._completing.cancel()
    model.let_go.set()
    await asyncio.gather(finder._completing, return_exceptions=True)
    kept = await stored(town)
    assert len(kept) == 20
    again = Finder(town.work, town.clock, Catalogue(), meaning=True)
    await again.warm(whole=True)
    assert again.finds_by == "meaning"
    assert kept.items() < (await stored(town)).items()
