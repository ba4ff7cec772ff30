"""A group's posts once they are on the board: seeing them, changing one, moving it, taking it away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

from bot.conversation import Flow
from bot.domain.board import Answer, Standing
from bot.domain.refusals import FieldRefused
from bot.domain.rounds import LONGEST_POST, Asked, Round
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _
from bot.flows import buttons, noting
from bot.messages import Action, Button, Card, Form, Item, TextField, Tone

EDIT = "edit_post"  # about an answer
MOVE = "move_post"  # choose where to: about an answer
MOVE_TO = "move_post_to"  # about an answer, a group and a question
REMOVE = "remove_post"  # about an answer
CONFIRM_REMOVE = "confirm_remove_post"

PAGE = 10
"""Posts on a card, each with its buttons: more than a few dozen do not fit in a dialog."""


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A post of the group's own, with the question it answers."""

    answer: Answer
    question: Words
    movable: bool


def page_of(posts: Sequence[OwnPost], group: tuple[str, Words], round: Round, page: int = 0) -> Card:
    """The posts of a group, given as (id, name), the newest first."""
    newest_first = posts[::-1]
    shown = newest_first[page * PAGE :][:PAGE]
    rest = len(posts) - (page + 1) * PAGE
    more = Button(_("Earlier posts"), Action(noting.OUR_POSTS, f"{round.id} {group[0]} {page + 1}"))
    return Card(
        _("Posts of {group}", group=group[1]),
        body=tuple(_introduction(posts, round)),
        items=tuple(_item(one, round) for one in shown),
        buttons=(
            *((more,) if rest > 0 else ()),
            buttons.take_notes(round.id, group[0], label=_("Take more notes")),
            buttons.open_board(round.id),
        ),
    )


def _introduction(posts: Sequence[OwnPost], round: Round) -> Iterator[Words]:
    yield round.title
    if not posts:
        yield _("Your group has no post on this board yet.")
    elif any(stands_still(one.answer, round) for one in posts):
        yield STANDS_STILL


def stands_still(answer: Answer, round: Round) -> bool:
    """Whether a post may not be changed because people vote for what it says."""
    return round.is_voted_on and answer.standing is Standing.SHOWN


STANDS_STILL = _(
    "People are voting for what stands on the board, so it stays as it is. Write a new post instead, or ask a "
    "coordinator to take this one away."
)


def _item(one: OwnPost, round: Round) -> Item:
    ways = () if stands_still(one.answer, round) else tuple(_ways(one))
    return Item(one.answer.text, (one.question, *_standing(one.answer)), buttons=ways)


def _ways(one: OwnPost) -> Iterator[Button]:
    id = one.answer.id
    yield Button(_("Change"), Action(EDIT, id), opens_form=True)
    if one.movable:
        yield Button(_("Move"), Action(MOVE, id))
    yield Button(_("Take away"), Action(REMOVE, id), tone=Tone.DANGER)


def _standing(answer: Answer) -> tuple[Words, ...]:
    if answer.standing is Standing.HELD:
        return (_("Waits until a coordinator has looked."),)
    if answer.standing is Standing.HIDDEN:
        return (_("A coordinator has taken it off the board. If you change it, they look at it again."),)
    return ()


# --- Moving -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post can be moved to."""

    group: str  # id
    group_name: Words
    box: Words  # empty for the box of everybody
    question: str  # id
    text: Words


def where(answer: Answer, places: Sequence[Place]) -> Card:
    """Where the post should stand instead."""
    nowhere = _("There is no other place for it: your group has one question only.")
    return Card(
        _("Where should it go?"),
        body=(answer.text,) if places else (answer.text, nowhere),
        items=tuple(_place(answer, place) for place in places),
    )


def _place(answer: Answer, place: Place) -> Item:
    about = f"{answer.id} {place.group} {place.question}"
    of_whom = place.box or place.group_name
    return Item(place.text, (of_whom,), buttons=(Button(_("Move here"), Action(MOVE_TO, about)),))


def moved(answer: Answer, group: str) -> Card:
    """`group` is the one it stands for now."""
    return Card(
        _("Moved"),
        body=(answer.text, _("The board says that it was moved, but not by whom.")),
        buttons=(noting.change_posts(answer.round, group),),
        tone=Tone.GOOD,
    )


def too_late_to_move() -> Text:
    return _("A post can be moved for ten minutes. Take it away and write it anew where it belongs.")


# --- Taking away ------------------------------------------------------------------------------------------------------


def ask_to_remove(answer: Answer, group: str) -> Card:
    return Card(
        _("Take this off the board?"),
        body=(answer.text,),
        buttons=(
            Button(_("Take it away"), Action(CONFIRM_REMOVE, answer.id), tone=Tone.DANGER),
            Button(_("No, keep it"), Action(noting.OUR_POSTS, f"{answer.round} {group}")),
        ),
    )


def removed(answer: Answer) -> Card:
    ours = noting.change_posts(answer.round, answer.group)
    return Card(_("Taken off the board"), body=(answer.text,), buttons=(ours,), tone=Tone.GOOD)


# --- Changing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edit:
    """What a post should say instead."""

    answer: str
    text: str


@dataclass(frozen=True, slots=True)
class EditFacts:
    """What the form looks at."""

    question: Asked
    personal: Callable[[str], Collection[str]]  # the words of a text that may tell who somebody is


class PostDesk(Protocol):
    """What the form acts through, on behalf of one person."""

    def rewrite(self, answer: str, text: str) -> Standing | Words:
        """Let the post say something else: how it stands now, or why that is not possible any more."""


edit: Flow[Edit, EditFacts, PostDesk] = Flow("editing_post", Edit, version=1)


@edit.ask("text")
def ask_text(state: Edit, facts: EditFacts) -> Form:
    return Form(_("Change a post"), (_text_field(facts),), submit=_("Send"))


def _text_field(facts: EditFacts) -> TextField:
    return TextField("text", _("{question}", question=facts.question.text), long=True, max_chars=LONGEST_POST)


@edit.check("text")
def check_text(state: Edit, facts: EditFacts) -> Edit:
    one_post = " ".join(state.text.split())
    if not one_post:
        raise FieldRefused("text", _("Please fill this in."))
    return Edit(state.answer, one_post)


@edit.ask("look")
def ask_again(state: Edit, facts: EditFacts) -> Form | None:
    """Once, when something may tell who somebody is: the same form, and the words."""
    found = tuple(facts.personal(state.text))
    if not found:
        return None
    intro = noting.personal_words(found)
    return Form(_("Could this point to somebody?"), (_text_field(facts),), submit=_("Send"), intro=intro)


@edit.check("look")
def check_again(state: Edit, facts: EditFacts) -> Edit:
    return check_text(state, facts)


@edit.on_done
def done_editing(state: Edit, facts: EditFacts, desk: PostDesk) -> Card:
    match desk.rewrite(state.answer, state.text):
        case Standing.SHOWN:
            return Card(_("Changed on the board"), body=(state.text,), tone=Tone.GOOD)
        case Standing():
            return Card(_("Sent: a coordinator looks at it first"), body=(state.text,), tone=Tone.GOOD)
        case reason:
            return Card(_("That did not work"), body=(reason, state.text), tone=Tone.WARNING)
