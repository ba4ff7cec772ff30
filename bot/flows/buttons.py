"""The buttons that stand in several places, and the words their actions are routed by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import Registration, Seat, action_on
from bot.domain.words import Localised, Text, Words, _
from bot.messages import Action, Button, Item, Tone

REGISTER = "register"
CHANGE = "change"
SUBSTITUTE = "substitute"
CANCEL = "cancel"
CANNOT_COME = "cannot"
UNDO = "undo"
MINE = "mine"
PROGRAMMES = "programmes"
PROGRAMME = "programme"
ACCEPT = "accept"
DECLINE = "decline"
COME = "come"  # although an offer was not answered in time: about the seat
DISCARD = "discard"
LANGUAGE = "language"
HELP = "help"
STATUS = "status"
MATERIALS = "materials"
SNOOZE = "snooze"
PAUSE = "pause"
WAKE = "wake"
TIMELINE = "timeline"
ASK = "ask"  # a coordinator puts questions: about a programme, or nothing to choose one
ROUND = "round"  # how a round stands, for coordinators: about the round
ANSWER = "answer"  # what is open to me; about a round: how to answer it
SEAL = "seal"  # the form of a round that each person answers for themselves: about the round
NOTE = "note"  # take notes for my group; about a round, perhaps with a group after it
BOARD = "board"  # the board of a round: about the round
STORED = "stored"  # what is stored of a round: about the round
MODERATE = "moderate"  # what is held back, for coordinators: about a round or nothing
DOCUMENTS = "documents"  # what can be downloaded of a round, for coordinators: about the round
PLAN = "plan"  # my organisation's plan; about a programme or nothing
EXPECTED = "expected"  # what others expect of my role: about a round or nothing
WORKSHOP_CARD = "workshop_card"  # where a workshop is, for whoever leads it: about the workshop
NEEDS = "needs"  # what help is asked for, for coordinators: about a round or nothing

MY_REGISTRATIONS = Button(_("My registrations"), Action(MINE))
ALL_PROGRAMMES = Button(_("Programmes"), Action(PROGRAMMES))
STATUS_OF_ALL = Button(_("Status"), Action(STATUS))
MY_REMINDERS = Button(_("My reminders"), Action(TIMELINE))
ALL_MATERIALS = Button(_("Materials"), Action(MATERIALS))


def register(programme: Programme) -> Button:
    return Button(_("Register"), Action(REGISTER, programme.id), tone=Tone.PRIMARY, opens_form=True)


def change(registration: Registration) -> Button:
    return Button(_("Change"), Action(CHANGE, registration.id), opens_form=True)


def substitute(registration: Registration) -> Button:
    return Button(_("Change person"), Action(SUBSTITUTE, registration.id), opens_form=True)


def cancel(registration: Registration) -> Button:
    return Button(_("Cancel registration"), Action(CANCEL, registration.id), tone=Tone.DANGER, opens_form=True)


def cannot_come(seat: Seat) -> Button:
    return Button(_("I cannot come"), Action(CANNOT_COME, seat.id), opens_form=True)


def join(occasion: Occasion) -> tuple[Button, ...]:
    """The way into an online meeting; only ever on what a person with a confirmed seat sees."""
    return (Button(_("Join the meeting"), url=occasion.link, tone=Tone.PRIMARY),) if occasion.link else ()


def add_to_calendar(address: str) -> Button:
    return Button(_("Add to calendar"), url=address)


def remove_from_calendar(address: str) -> Button:
    """The same file, which now says that the entry is withdrawn."""
    return Button(_("Remove from calendar"), url=address)


def undo(registration: Registration, taken: Iterable[Seat]) -> Button:
    """Takes back what one action took of a registration as it stands now, and nothing else that happened to it."""
    ids = {seat.id for seat in taken}
    action = next(action_on(seat) for seat in registration.seats if seat.id in ids)
    return Button(_("Undo"), Action(UNDO, f"{registration.id} {action}"), tone=Tone.PRIMARY)


def for_registration(registration: Registration) -> tuple[Button, ...]:
    """What can be done with a registration."""
    return (MY_REGISTRATIONS, change(registration), substitute(registration), cancel(registration))


def snooze(nudge: str) -> Button:
    return Button(_("Snooze"), Action(SNOOZE, nudge))


def pause(programme: str = "") -> Button:
    """The way to fewer reminders, of one programme or of all."""
    return Button(_("Pause"), Action(PAUSE, programme), opens_form=True)


def discard(run: str) -> Action:
    return Action(DISCARD, run)


def take_notes(round: str, group: str = "", *, label: Text | None = None, page: int | None = None) -> Button:
    """The way to the form of a group's notes, about a round, perhaps one of several groups, and one of its forms."""
    about = f"{round} {group}".rstrip() + (f" {page}" if page is not None else "")
    return Button(label or _("Take notes"), Action(NOTE, about), tone=Tone.PRIMARY, opens_form=True)


def answer_sealed(round: str) -> Button:
    """The way to the form of a round that each person answers for themselves."""
    return Button(_("Answer"), Action(SEAL, round), tone=Tone.PRIMARY, opens_form=True)


def open_board(round: str) -> Button:
    return Button(_("Open the board"), Action(BOARD, round))


# --- Which one? -------------------------------------------------------------------------------------------------------

_LONGEST_LABEL = 40  # characters that a telephone shows of a button before it cuts the rest off

Ways = tuple[tuple[Item, ...], tuple[Button, ...]]
"""What one chooses among, as items and as buttons."""


def to_choose(ways: Sequence[Button], label: Text | None = None) -> Ways:
    """A button for each; where a name is too long for one, all stand as numbered text, each with a button `label`.

    The number stands on the button as well: whoever hears the buttons alone must be able to tell them apart.
    """
    if all(_length(way.label) <= _LONGEST_LABEL for way in ways):
        return (), tuple(ways)
    label = label or _("Choose")
    return tuple(_numbered(number, way, label) for number, way in enumerate(ways, 1)), ()


def _numbered(number: int, way: Button, label: Text) -> Item:
    short = replace(way, label=_("{label} {number}", label=label, number=number))
    return Item(_("{number}. {name}", number=number, name=way.label), buttons=(short,))


def _length(words: Words) -> int:
    """Of the longest wording, for which the values of a sentence have to do."""
    if isinstance(words, Localised):
        return max(map(len, words.wordings.values()), default=0)
    if isinstance(words, Text):
        return sum(_length(value) for value in words.values.values() if isinstance(value, str | Text | Localised))
    return len(words) if isinstance(words, str) else 0
