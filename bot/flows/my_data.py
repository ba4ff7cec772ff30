"""What is stored of a person: shown, handed over, and erased when they wish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.people import Person
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _, n_
from bot.flows import own_details
from bot.messages import Action, Button, Card, Fact, Notice, Tone

MY_DATA = "my_data"
ERASE = "erase_me"
ERASE_NOW = "erase_me_now"


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of somebody, counted."""

    person: Person
    organisation: str  # its name, if it is known
    accounts: tuple[str, ...]  # the platforms they are known on
    counts: Mapping[str, int]  # kind of row → how many


def card(stored: Stored, download: str) -> Card:
    """What there is, with the ways to have all of it, to put it right, and to have none of it."""
    return Card(
        _("What I know about you"),
        body=(
            _(
                "This is what is stored about you. You can download it word for word. What others have written, and "
                "may name you in, is theirs and not part of it."
            ),
            _(
                "What a group has written, and what you have answered for yourself in a round of questions, is stored "
                "without your name. Nobody can tell which of it is yours, so it is not part of this."
            ),
        ),
        facts=tuple(_facts(stored)),
        buttons=(
            Button(_("Download everything"), url=download),
            own_details.BUTTON,
            Button(_("Erase me"), Action(ERASE), tone=Tone.DANGER),
        ),
    )


def _facts(stored: Stored) -> tuple[Fact, ...]:
    person = stored.person
    told = (
        Fact(_("Name"), person.name),
        Fact(_("E-mail"), person.email),
        Fact(_("Organisation"), stored.organisation),
        Fact(_("Known in"), ", ".join(stored.accounts)),
    )
    counted = ((label, sum(stored.counts.get(kind, 0) for kind in kinds)) for label, kinds in KINDS)
    return (*(fact for fact in told if fact.value), *(Fact(label, str(n)) for label, n in counted if n))


KINDS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (_("Registrations you have made"), ("registrations",)),
    (_("Seats in your name"), ("seats",)),
    (_("Organisations you have taken part for"), ("newcomers",)),
    (_("Groups you belong to"), ("members",)),
    (_("Tasks you have been given or have taken on"), ("contacts", "answerers", "coaches", "note_takers")),
    (_("Plan rows you have taken on"), ("plan_rows",)),
    (_("Workshops you have begun"), ("workshops",)),
    (_("Questions you have asked"), ("inquiries",)),
    (_("Questions you have taken on, been given or answered"), ("misses", "handovers")),
    (_("Answers you have written or changed"), ("faq_history",)),
    (_("Posts you have decided about"), ("rulings",)),
    (_("Channels you have connected"), ("bindings",)),
    (_("Challenges you have written, with earlier versions"), ("challenges",)),
    (_("People who have read your challenge"), ("challenge_viewers",)),
    (_("Wishes for a sparring partner"), ("sparring",)),
    (_("What you have written after meetings"), ("reflections",)),
    (_("Materials you are waiting for"), ("awaited",)),
    (_("Messages to you"), ("outbox",)),
    (_("Reminders so far"), ("nudges",)),  # those to come are worked out when somebody asks, and stored nowhere
    (_("Your wishes about reminders"), ("wishes",)),
    (_("Forms you have begun or filled in"), ("runs",)),
)
"""What is counted on the card where there is any of it, by the tables it stands in."""

SAID = frozenset({"people", "actors", "addresses", "askers"})
"""Tables that are not counted: the card says in words what is in them, or they only say whose a counted row is."""


def ask(seats: int, bookings: int, naming: Sequence[Programme] = ()) -> Card:
    """What erasing means, before it is done; `naming` are programmes whose own files name the person."""
    return Card(
        _("Erase everything about you?"),
        body=(*_consequences(seats, bookings), *map(_names_you, naming)),
        buttons=(
            Button(_("Erase everything"), Action(ERASE_NOW), tone=Tone.DANGER),
            Button(_("Keep everything"), Action(MY_DATA)),
        ),
        tone=Tone.WARNING,
    )


def _consequences(seats: int, bookings: int) -> tuple[Words, ...]:
    coming = n_(
        "Your seat at {n} coming meeting goes back to your organisation.",
        "Your seats at {n} coming meetings go back to your organisation.",
        seats,
    )
    booked = n_(
        "{n} registration that you have made stays with your organisation, without your name.",
        "{n} registrations that you have made stay with your organisation, without your name.",
        bookings,
    )
    return (
        _(
            "Your name, your address, your messages, your reminders and your forms are erased at once. "
            "It cannot be undone."
        ),
        *((coming,) if seats else ()),
        *((booked,) if bookings else ()),
        _("Notes of your group, and answers that nobody can connect with you, stay on their boards."),
        _("Messages that I have sent you here stay where they are: only you or your IT department can delete those."),
    )


def _names_you(programme: Programme) -> Words:
    return _(
        "{title} names you as a contact or a speaker. That stays: ask {organiser} to take it out.",
        title=programme.title,
        organiser=programme.organiser,
    )


def named_in(programme: Programme, name: str) -> bool:
    """Whether what the programme's file says of contacts and speakers names somebody who is called so."""
    of_file = (who.name for one in programme.materials if not one.from_chat for who in one.speakers)
    contacts = (one.name for one in programme.contacts)
    return bool(name) and name.casefold() in {one.casefold() for one in (*of_file, *contacts)}


def erased() -> Notice:
    """The last that somebody hears."""
    return Notice(_("Everything about you has been erased. You are welcome back whenever you like."), Tone.GOOD)
