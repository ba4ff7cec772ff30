"""What somebody is called and reached at, put right by themselves."""

from __future__ import annotations

from typing import Protocol

from bot.conversation import Flow
from bot.domain.people import Person
from bot.domain.values import dataclass
from bot.domain.words import _, n_
from bot.messages import Action, Button, Card, Fact, Form, TextField, Tone

CORRECT = "correct_me"

BUTTON = Button(_("Change name or e-mail"), Action(CORRECT), opens_form=True)

_TITLE = _("Your name and e-mail")


@dataclass(frozen=True, slots=True)
class Details:
    """What is to stand there from now on."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands there now."""

    person: Person


class OwnDesk(Protocol):
    """What the flow acts through."""

    def correct(self, name: str, email: str) -> int:
        """Keep them, also on the person's own seats; how many seats said something else."""


flow: Flow[Details, Facts, OwnDesk] = Flow(CORRECT, Details, version=1)


@flow.ask("details")
def ask_details(details: Details, facts: Facts) -> Form:
    known = facts.person
    return Form(
        _TITLE,
        (
            TextField("name", _("Name"), max_chars=120),
            TextField("email", _("E-mail"), required=bool(known.email), email=True, max_chars=254),
        ),
        submit=_("Save"),
        intro=(_("They are changed on your own seats as well. Messages that I have sent stay as they are."),),
        values={"name": details.name or known.name, "email": details.email or known.email},
    )


@flow.on_done
def done(details: Details, facts: Facts, desk: OwnDesk) -> Card:
    seats = desk.correct(details.name, details.email)
    changed = n_("Changed on {n} seat as well.", "Changed on {n} seats as well.", seats)
    return Card(
        _("Saved"),
        body=(changed,) if seats else (),
        facts=_told(details.name, details.email),
        tone=Tone.GOOD,
    )


def invitation(person: Person) -> Card:
    """What stands there now, with the button that opens the form."""
    return Card(_TITLE, facts=_told(person.name, person.email), buttons=(BUTTON,))


def _told(name: str, email: str) -> tuple[Fact, ...]:
    return tuple(fact for fact in (Fact(_("Name"), name), Fact(_("E-mail"), email)) if fact.value)
