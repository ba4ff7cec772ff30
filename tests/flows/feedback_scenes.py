"""Every view about feedback on a meeting, from small, typical and extreme facts: `scenes` gives name → view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.programmes import Programme
from bot.domain.rounds import Question, State
from bot.domain.themes import Theme
from bot.domain.words import Localised
from bot.flows import catching_up, feedback, note_taking, sealing, status
from bot.flows.feedback import Said, Standing
from bot.flows.sheets import Sheet
from bot.messages import View
from tests.flows.samples import NOW

_ID = "0123456789abcdef" * 2


def scenes(size: str, programme: Programme, question: Localised, word: str) -> Iterator[tuple[str, View]]:
    """`question` is one of the programme's own, and `word` what comes back in the answers."""
    occasion = programme.occasions[0]
    usual = feedback.round_about(programme, occasion, _ID, NOW)
    own = tuple(Question(f"q{n}", question) for n in range(5))
    asked = feedback.round_about(replace(programme, feedback_questions=own), occasion, _ID, NOW)
    for name, about in (("usual", replace(usual, state=State.OPEN)), ("own", replace(asked, state=State.OPEN))):
        where = f"{size}: {name}"
        sheet = Sheet(about, about.boxes[0], programme.zone, programme.title)
        yield f"{where}: form", sealing.form(sheet, {})
        yield f"{where}: form without an end", sealing.form(replace(sheet, round=replace(about, closes_at=None)), {})
        yield f"{where}: thanks for it", sealing.thanks(sheet)
        yield f"{where}: thanks", catching_up.thanks(programme, occasion, NOW, about, member=True)
        yield (
            f"{where}: thanks, own next",
            catching_up.thanks(programme, occasion, NOW, about, member=True, own_next=occasion),
        )
        yield f"{where}: reminder", feedback.reminder(about, programme, occasion)
        yield f"{where}: typed", feedback.typed_instead((about,) * 5)
        yield (
            f"{where}: open to me",
            note_taking.open_rounds([note_taking.OpenRound(about, programme.title, programme.zone)]),
        )
        themes = tuple(Theme((word,), tuple(range(99)), (), 99) for _n in range(9))
        said = [Said(one.text, 99, themes) for one in about.boxes[0].questions]
        yield f"{where}: result", feedback.result(about, programme, said, held=3)
        yield f"{where}: too few", feedback.too_few(about, programme)
        standings = [
            Standing(replace(about, state=state, closes_at=closes_at), occasion.title, sealing.steps(1, 5))
            for state in (State.OPEN, State.CLOSED, State.WITHDRAWN)
            for closes_at in (about.closes_at, None)
        ]
        yield f"{where}: listed", feedback.listed(programme, standings * 3)
        lines = {programme.id: feedback.line(standings[0], programme.zone)}
        yield f"{where}: status", status.card((programme,), status.State({}, {}, (), 0, 0, feedback=lines))
    yield f"{size}: listed, none", feedback.listed(programme, ())
