"""What coordinators ask for in sentences of their own, and where each of it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _
from bot.flows import (
    amending,
    appointing,
    buttons,
    editions,
    guests,
    materials,
    misses,
    occasions,
    own_reminders,
    participants,
    results,
    rulebook,
    workshops,
)
from bot.messages import Action, Button, Card

CHOOSE = "choose_for_task"  # about a task: the programme that it is to be done for
FILE = "in_programme_file"


class Task(StrEnum):
    """Something that only coordinators have to do."""

    STANDING = "standing"
    LISTS = "lists"
    WRITE = "write"
    MESSAGES = "messages"
    RULES = "rules"
    AMEND = "amend"
    CALL_OFF = "call_off"
    COPY = "copy"
    FILE = "file"
    ASK = "ask"
    WORKSHOP = "workshop"
    RESULTS = "results"
    MODERATE = "moderate"
    QUEUE = "queue"
    MATERIAL = "material"
    GUESTS = "guests"
    POSTS = "posts"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task is done: what the button there is called and does."""

    label: Text
    do: str
    each: bool = False  # for one programme at a time
    opens_form: bool = False

    def button(self, about: str = "", label: Words | None = None) -> Button:
        return Button(label or self.label, Action(self.do, about), opens_form=self.opens_form)


PLACES: Mapping[Task, Place] = {
    Task.STANDING: Place(_("Status"), buttons.STATUS),
    Task.LISTS: Place(_("Participant list"), participants.PARTICIPANTS),
    Task.WRITE: Place(_("Write a reminder"), own_reminders.WRITE, each=True, opens_form=True),
    Task.MESSAGES: Place(_("See all messages"), buttons.TIMELINE, each=True),
    Task.RULES: Place(_("Reminders of the programme"), rulebook.RULES, each=True, opens_form=True),
    Task.AMEND: Place(_("Change meeting"), amending.AMEND, each=True, opens_form=True),
    Task.CALL_OFF: Place(_("Cancel meeting"), amending.CALL_OFF, each=True, opens_form=True),
    Task.COPY: Place(_("Copy to a new edition"), editions.COPY, each=True, opens_form=True),
    Task.FILE: Place(_("The programme’s file"), FILE),
    Task.ASK: Place(_("Ask questions"), buttons.ASK, opens_form=True),
    Task.WORKSHOP: Place(_("Workshop"), workshops.WORKSHOP),
    Task.RESULTS: Place(_("Results"), results.RESULTS),
    Task.MODERATE: Place(_("Read what waits"), buttons.MODERATE),
    Task.QUEUE: Place(_("Unanswered questions"), misses.QUEUE),
    Task.MATERIAL: Place(_("New material"), materials.NEW, each=True, opens_form=True),
    Task.GUESTS: Place(_("Guests"), guests.GUESTS, each=True),
    Task.POSTS: Place(_("Who does what"), appointing.POSTS),
    Task.LEAVE: Place(_("I will be away"), appointing.LEAVE, opens_form=True),
}


def choose(task: Task, programmes: Sequence[Programme]) -> Card:
    """Ask for which programme it is to be done."""
    place = PLACES[task]
    ways = [place.button(one.id, occasions.programme_name(one, programmes)) for one in programmes]
    items, below = buttons.to_choose(ways)
    return Card(place.label, body=(_("Which programme is it about?"),), items=items, buttons=below)


def to_choose(task: Task) -> Button:
    """The way to where it is asked for which programme."""
    return Button(PLACES[task].label, Action(CHOOSE, task))


def suggest(ways: Sequence[Button]) -> Card:
    """Where it could be done, when it is not sure enough what is meant."""
    return Card(
        _("Do you want to do one of these?"),
        body=(_("If it is something else, please write it in other words."),),
        buttons=tuple(ways),
    )


def in_file() -> Card:
    """What no button changes."""
    return Card(
        _("The programme’s file"),
        body=(
            _("Prices, numbers of seats, deadlines, new meetings and the text about a programme stand in its file."),
            _("Whoever runs Lärträff for you changes it there; what has been told to people holds for them."),
        ),
        buttons=(buttons.STATUS_OF_ALL,),
    )
