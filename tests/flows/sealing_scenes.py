"""Every view of answering for oneself, from small, typical and extreme facts: `SCENES` is name → view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.domain.rounds import LONGEST_POST, Asked, Box, Mode, Round, State
from bot.domain.rules import NOTHING
from bot.domain.words import Localised
from bot.flows import faq, sealing
from bot.flows.sheets import Sheet
from bot.flows.stored import stored
from bot.messages import View
from tests.flows.samples import NOW, ZONE

_HOSTILE = "Anna <!channel> [x](https://evil.example) <at>Bo</at> {{DATE(2027-01-01T00:00:00Z)}} *_~` " * 20
_TITLE = Localised({"sv": "Hur går det?"})
_LONG = Localised({"sv": "Å" * 150})
_QUESTION = Asked("hinder", Localised({"sv": "Vad hindrar er?"}))
_TYPICAL = Round(
    id="0123456789abcdef" * 2,
    programme="p",
    title=_TITLE,
    boxes=(Box("", NOTHING, (_QUESTION, replace(_QUESTION, id="hjalp"))),),
    mode=Mode.SEALED,
    opens_at=NOW,
    closes_at=NOW + timedelta(days=2),
    state=State.OPEN,
)
_EXTREME = replace(
    _TYPICAL,
    title=_LONG,
    intro=Localised({"sv": "Ö" * 500}),
    boxes=(
        Box(
            "r",
            _LONG,
            tuple(
                Asked(f"q{n}", Localised({"sv": "Ä" * 200}), supplied=(Localised({"sv": _HOSTILE[:100]}),))
                for n in range(10)
            ),
        ),
    ),
    closes_at=None,
    moderated=True,
)


def _views(round: Round) -> Iterator[tuple[str, View]]:
    sheet = Sheet(round, round.boxes[0], ZONE, round.title)
    typed = {field.name: _HOSTILE[:LONGEST_POST] for field in sealing.fields(sheet)}
    too_long = {name: text * 2 for name, text in typed.items()}
    yield "empty form", sealing.form(sheet, {})
    yield "form", sealing.form(sheet, {asked.id: _HOSTILE[:LONGEST_POST] for asked in sheet.box.questions})
    yield "refused", sealing.refused(sheet, typed, reason=sealing.too_long(1))
    yield "fields refused", sealing.refused(sheet, too_long, errors=dict.fromkeys(typed, sealing.too_long(999)))
    yield "closed meanwhile", sealing.refused(sheet, typed, reason=sealing.just_closed())
    yield "out of reach", sealing.refused(sheet, typed, reason=sealing.out_of_reach())
    yield "second look", sealing.second_look(sheet, typed, (_HOSTILE[:300],) * 10)
    yield "thanks", sealing.thanks(sheet)
    yield "taken back", sealing.taken_back(sheet)
    yield "nothing written", sealing.nothing_written(sheet)
    yield "invitation", sealing.invitation(round)
    yield "typed", sealing.typed_instead((round,) * 20)
    yield "wanted back", sealing.can_be_taken_back((round,) * 20)
    yield "typed, and gone", faq.write_it_anew()
    for state in State:
        yield f"stored, {state}", stored(replace(round, state=state))


SCENES: Mapping[str, View] = {
    **{f"typical: {name}": view for name, view in _views(_TYPICAL)},
    **{f"extreme: {name}": view for name, view in _views(_EXTREME)},
    "stored, notes": stored(replace(_TYPICAL, mode=Mode.NOTES)),
    "stored": stored(None),
}
