"""A contact named in a programme's file becomes somebody we can write to: by a one-time code, never by e-mail alone."""

from __future__ import annotations

from typing import Protocol

from bot.conversation import Flow
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _
from bot.flows import appointing, occasions
from bot.messages import Action, Button, Card, ChoiceField, Form, Notice, Option, Tone

LINK = "link_contact"

NEW = Button(_("Link a programme’s contact"), Action(LINK), opens_form=True)

_BETWEEN = " "  # in the value of an option: a programme's id has none


@dataclass(frozen=True, slots=True)
class Choice:
    """Which contact is to be linked: the programme and the name."""

    contact: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The programmes with their contacts as they are now."""

    programmes: tuple[Programme, ...]


class CodeDesk(Protocol):
    """What the flow acts through."""

    def contact_code(self, programme: str, name: str) -> str:
        """A one-time code: whoever uses it answers as this contact."""


flow: Flow[Choice, Facts, CodeDesk] = Flow(LINK, Choice, version=1)


@flow.ask("contact")
def ask_contact(choice: Choice, facts: Facts) -> Form:
    options = tuple(
        Option(f"{one.id}{_BETWEEN}{contact.name}", contact.name, occasions.programme_name(one, facts.programmes))
        for one in facts.programmes
        for contact in one.contacts
    )
    return Form(
        _("Link a programme’s contact"),
        (ChoiceField("contact", _("Contact"), options),),
        intro=(_("Questions in their field come to them first, here in the chat. You see what they have."),),
    )


@flow.on_done
def done(choice: Choice, facts: Facts, desk: CodeDesk) -> Card:
    programme, _blank, name = choice.contact.partition(_BETWEEN)
    code = desk.contact_code(programme, name)
    return appointing.code_card(
        _("Link {name}", name=name), _("Ask {name} to write to Lärträff: link {code}", name=name, code=code)
    )


def none_named() -> Text:
    return _("No programme names a contact yet. Contacts are written in the programme’s file.")


def gone() -> Text:
    return _("This contact is no longer in the programme. Ask for a new code.")


def now_answers(name: str, programme: Programme, by: Words) -> Card:
    return Card(
        _("You answer questions as {name} now", name=name),
        body=(
            programme.title,
            _("{who} has appointed you. Questions in your field come to you first, here.", who=by),
        ),
        tone=Tone.GOOD,
    )


def is_linked(who: Words, name: str, programme: Programme) -> Notice:
    return Notice(
        _("{who} answers questions as {name} now: {programme}", who=who, name=name, programme=programme.title),
        Tone.GOOD,
    )


def title_of(name: str, programme: Programme) -> Text:
    """The post, as it stands under “Who does what”."""
    return _("Answers questions as {name}: {programme}", name=name, programme=programme.title)
