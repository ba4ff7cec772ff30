"""Who takes the notes of which group: what is open to somebody, taking the notes, taking over, handing over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.rounds import Mode, Round, State
from bot.domain.values import dataclass
from bot.domain.words import Moment, Text, Words, _, n_
from bot.flows import buttons, faq, voting
from bot.flows.groups import joins
from bot.messages import Action, Button, Card, Item, Notice, Tone

TAKE_OVER = "take_notes_over"  # about a round and a group
HAND_OVER = "hand_notes"  # choose to whom: about a round and a group
HAND_TO = "hand_notes_to"  # about a round, a group and a person

_FEW = 2  # sets of questions that may stand among other things

_SEE_QUESTIONS = Button(_("See the questions"), Action(buttons.ANSWER))

_IN_A_ROW = 12
"""Buttons with names on them; of more, a list is easier to read."""


# --- What is open -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenRound:
    """An open round, as somebody who takes part sees it."""

    round: Round
    programme: Words
    zone: str
    takers: tuple[tuple[Words, Words], ...] = ()  # each of the person's groups that somebody takes notes for, with whom


def open_rounds(found: Sequence[OpenRound]) -> Card:
    """What one can answer, the newest first."""
    if not found:
        return Card(
            _("Nothing is open to you right now"),
            body=(_("I write to you as soon as there is a question for your group."),),
            buttons=(buttons.ALL_PROGRAMMES,),
        )
    return Card(_("Open to you now"), items=tuple(open_item(one) for one in found))


def open_item(one: OpenRound) -> Item:
    """Questions that are open, with the ways to answer them."""
    sealed = one.round.mode is Mode.SEALED
    until = one.round.closes_at
    return Item(
        one.round.title,
        (
            one.programme,
            _how_sealed() if sealed else _how_noted(),
            *(takes_notes(name, group) for group, name in one.takers),
            *((_("Open until {moment}.", moment=Moment(until, one.zone)),) if until else ()),
        ),
        buttons=(
            buttons.answer_sealed(one.round.id) if sealed else buttons.take_notes(one.round.id),
            *voting.button(one.round),
            *_board(one.round),
        ),
    )


def in_short(found: Sequence[OpenRound]) -> Iterator[Item]:
    """The same among other things: each where they are few, or else the way to all of them."""
    if len(found) <= _FEW:
        yield from map(open_item, found)
        return
    several = n_("{n} set of questions is open to you", "{n} sets of questions are open to you", len(found))
    yield Item(several, buttons=(_SEE_QUESTIONS,))


def typed_instead(inquiry: str, found: Sequence[OpenRound]) -> Card:
    """To somebody who has typed what nothing answers, while it could be an answer: it is passed on only if they say."""
    return Card(
        _("Was that a question?"),
        body=(
            _("I have no answer to it. Press “It is a question, send it”, and it goes to somebody who knows."),
            _("Was it an answer to the questions below? Then press the button there, and write it once more."),
        ),
        items=tuple(in_short(found)),
        buttons=(faq.it_is_a_question(inquiry), faq.ask_human(inquiry)),
        footnote=_("Did you mean something else? Write “help” to see everything I can do."),
    )


def _board(round: Round) -> tuple[Button, ...]:
    """The way to the board, unless it is for coordinators alone."""
    return () if round.occasion else (buttons.open_board(round.id),)


def _how_noted() -> Text:
    return _("You talk together, and one of you takes the notes. The board shows no person’s name.")


def _how_sealed() -> Text:
    return _("Each of you answers alone, and nobody is told who has written what.")


def not_open(round: Round, *, others: bool = False) -> Card:
    """To somebody who wants to answer in a round that is over, taken back or still to come; others may be open."""
    to_others = (_SEE_QUESTIONS,) if others else ()
    if round.state is State.CLOSED:
        return Card(
            _("This round is closed"),
            body=(round.title,) if round.mode is Mode.SEALED else (round.title, _("What was written stays.")),
            buttons=(*to_others, *_board(round)),
        )
    return Card(_("This round is not open"), body=(round.title,), buttons=to_others)


# --- Who takes the notes ----------------------------------------------------------------------------------------------


def takes_notes(name: Words, group: Words) -> Text:
    return _("{name} takes notes for {group}.", name=name, group=group)


def announced(name: Words, group: Words, round: Round) -> Card:
    """In the group's own channel."""
    return Card(round.title, body=(takes_notes(name, group),), buttons=(buttons.open_board(round.id),))


def which_group(
    round: Round,
    groups: Sequence[tuple[str, Words]],
    offered: Sequence[tuple[str, Words]] = (),
    *,
    remembers: bool = False,
) -> Card:
    """To somebody who may talk in several groups, given as (id, name): their own, and those that they may join."""
    now = (
        _("There are small groups today. Press the one that you talk in.")
        if offered
        else _("You belong to several groups. Press the one that you talk in today.")
    )
    later = (_("I ask once: until the workshop ends I remember which one you took."),) if remembers else ()
    own = (Button(name, Action(buttons.NOTE, f"{round.id} {id}"), opens_form=True) for id, name in groups)
    return Card(
        _("Which group do you take notes for?"),
        body=(round.title, now, *later),
        buttons=(*joins(offered, then=f"{buttons.NOTE} {round.id}"), *own),
    )


def taken(name: Words, group: tuple[str, Words], round: Round) -> Card:
    """Somebody else was first. `group` is (id, name)."""
    over = Action(TAKE_OVER, f"{round.id} {group[0]}")
    return Card(
        takes_notes(name, group[1]),
        body=(
            _("Tell {name} what you want written down.", name=name),
            _("If {name} cannot go on, take over: everything written so far comes with it.", name=name),
        ),
        buttons=(Button(_("Take over"), over, opens_form=True), buttons.open_board(round.id)),
    )


def yours(group: tuple[str, Words], round: Round) -> Card:
    """To the note-taker, where no form can be opened at once."""
    return Card(
        _("You take notes for {group}", group=group[1]),
        body=(round.title, _("Write one line for each post. You can save what you have and go on later.")),
        buttons=(buttons.take_notes(round.id, group[0]), hand_over(round, group[0]), buttons.open_board(round.id)),
        tone=Tone.GOOD,
    )


def hand_over(round: Round, group: str) -> Button:
    return Button(_("Let somebody else take notes"), Action(HAND_OVER, f"{round.id} {group}"))


def whom(group: tuple[str, Words], round: Round, members: Sequence[tuple[str, Words]]) -> Card:
    """Whom the notes can be handed over to; `members` are (person id, name)."""
    alone = _("Nobody else has chosen this group yet. Ask them to press “Take notes” themselves.")
    ways = [(name, Action(HAND_TO, f"{round.id} {group[0]} {id}")) for id, name in members]
    few = len(ways) <= _IN_A_ROW
    return Card(
        _("Who takes the notes now?"),
        body=() if members else (alone,),
        items=() if few else tuple(Item(name, buttons=(Button(_("This one"), way),)) for name, way in ways),
        buttons=tuple(Button(name, way) for name, way in ways) if few else (),
    )


def handed_over(name: Words, group: Words) -> Notice:
    return Notice(_("{name} takes notes for {group} now. Your draft went along.", name=name, group=group), Tone.GOOD)


def handed_to_you(by: Words, group: tuple[str, Words], round: Round) -> Card:
    return Card(
        _("You take notes for {group} now", group=group[1]),
        body=(round.title, _("{name} has handed them over to you, with what is written so far.", name=by)),
        buttons=(buttons.take_notes(round.id, group[0]), buttons.open_board(round.id)),
    )


def taken_over(by: Words, group: tuple[str, Words], round: Round) -> Card:
    """To the one who took the notes until now."""
    return Card(
        takes_notes(by, group[1]),
        body=(
            round.title,
            _("{name} has taken over, so you can let it go. Thank you for what you have written: it is kept.", name=by),
        ),
        buttons=(Button(_("Take over"), Action(TAKE_OVER, f"{round.id} {group[0]}"), opens_form=True),),
    )
