"""How sure an answer of a programme's has to be: chosen by its coordinators, in chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from bot.conversation import Flow
from bot.domain.caution import Caution
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _
from bot.flows import curating, occasions
from bot.messages import Action, Button, Card, ChoiceField, Form, Option, Tone

AS_FILE = "file"
"""In the place of a level: what the programme's file says."""

NAMES: Mapping[Caution, Text] = {
    Caution.CAREFUL: _("Careful"),
    Caution.BALANCED: _("In between"),
    Caution.HELPFUL: _("Helpful"),
}
_MEANS: Mapping[Caution, Text] = {
    Caution.CAREFUL: _("Rather “I do not know that yet” than a wrong answer."),
    Caution.BALANCED: _("I answer when I am fairly sure, and else suggest questions."),
    Caution.HELPFUL: _("I try more often, and am wrong more often too."),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been chosen."""

    programme: str = ""
    caution: str = ""
    preset: bool = False  # the programme need not be asked for


@dataclass(frozen=True, slots=True)
class Facts:
    """What the forms look at."""

    programmes: tuple[Programme, ...]

    def chosen(self, draft: Draft) -> Programme | None:
        return next((one for one in self.programmes if one.id == draft.programme), None)


class CautionDesk(Protocol):
    """What the flow acts through."""

    def want(self, programme: str, caution: Caution | None) -> Programme:
        """Be as careful as this from now on; None: as the programme's file says. Raises `Gone`."""


flow: Flow[Draft, Facts, CautionDesk] = Flow(curating.CAUTION, Draft, version=1)


@flow.ask("programme")
def ask_programme(draft: Draft, facts: Facts) -> Form | None:
    if draft.preset:
        return None
    options = tuple(
        Option(one.id, occasions.programme_name(one, facts.programmes), NAMES[one.caution_now])
        for one in facts.programmes
    )
    return Form(_("How sure I have to be"), (ChoiceField("programme", _("Programme"), options),))


@flow.ask("caution")
def ask_caution(draft: Draft, facts: Facts) -> Form:
    programme = facts.chosen(draft)
    return Form(
        _("How sure I have to be"),
        (ChoiceField("caution", _("How sure do I have to be to answer?"), tuple(_options(programme))),),
        submit=_("Save"),
        intro=(
            *((programme.title,) if programme is not None else ()),
            _("A question about no programme in particular is always judged in between."),
        ),
        values={"caution": programme.caution_now.value} if programme is not None and not draft.caution else {},
    )


def _options(programme: Programme | None) -> Iterator[Option]:
    for caution in Caution:
        yield Option(caution.value, NAMES[caution], _MEANS[caution])
    if programme is not None and programme.chat_caution is not None:
        level = NAMES[programme.caution]
        yield Option(AS_FILE, _("As the programme’s file says"), _("At present: {level}", level=level))


@flow.on_done
def done(draft: Draft, facts: Facts, desk: CautionDesk) -> Card:
    programme = desk.want(draft.programme, None if draft.caution == AS_FILE else Caution(draft.caution))
    return Card(
        _("Saved: {title}", title=programme.title),
        body=(in_words(programme.caution_now), _("It holds from now on.")),
        buttons=(
            Button(_("Test a question"), Action(curating.TRY, programme.id), tone=Tone.PRIMARY, opens_form=True),
            replace(curating.how_sure(programme.id), label=_("Change")),
            curating.all_questions(),
        ),
        tone=Tone.GOOD,
    )


def in_words(caution: Caution) -> Words:
    return _("{level}: {meaning}", level=NAMES[caution], meaning=_MEANS[caution])
