"""A question goes to a colleague who knows more: handing it over, answering it there, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from bot.conversation import Flow
from bot.domain.refusals import Gone
from bot.domain.values import dataclass
from bot.domain.words import Day, Text, Words, _
from bot.flows import misses, misses_answering
from bot.flows.misses import HAND_OVER, Cluster
from bot.flows.misses_answering import AnswerDesk, Draft, Receipt
from bot.messages import Action, Button, Card, ChoiceField, Fact, Form, Option, Tone

ANSWER = "answer_handed"  # about a miss that lies with the reader
RIGHT = "handed_answer_is_right"  # about a miss that lies with the reader and puts an entry in doubt
GIVE_BACK = "give_back_miss"  # about a miss that lies with the reader


# --- Handing over -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can answer here."""

    id: str  # person
    name: Words
    post: Words
    had_it: bool = False  # it has lain with them before, and they have not answered it


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at."""

    cluster: Cluster
    colleagues: tuple[Colleague, ...]  # the likeliest first
    by: date  # the day until which an answer can be expected


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets the question; `seen` is the person id of who had it when the form was opened."""

    seen: str = ""
    colleague: str = ""


class HandingDesk(Protocol):
    """What the flow acts through."""

    def hand_over(self, miss: str, colleague: str, *, seen: str) -> None:
        """Let the colleague have it. Raises `Gone` when somebody else has seen to it meanwhile."""


flow: Flow[Choice, Facts, HandingDesk] = Flow(HAND_OVER, Choice, version=1)


@flow.ask("whom")
def ask_whom(choice: Choice, facts: Facts) -> Form:
    options = tuple(Option(one.id, one.name, _about(one)) for one in facts.colleagues)
    return Form(
        _("Hand over the question"),
        (ChoiceField("colleague", _("To"), options),),
        submit=_("Hand over"),
        intro=(
            *_what_is_asked(facts.cluster),
            _("They get it where they are, and whoever asked gets their answer."),
            _("If no answer has come by {day}, the question is back here.", day=Day(facts.by)),
        ),
    )


def _what_is_asked(cluster: Cluster) -> Iterator[Words]:
    """The question, or the answer that is in doubt."""
    if cluster.doubted is None:
        yield from misses_answering.asked(cluster)
    else:
        yield misses.is_right(cluster.doubted)
        yield from misses.doubts(cluster)


def _about(one: Colleague) -> Words:
    return _("{post}. Has had this question without answering it.", post=one.post) if one.had_it else one.post


@flow.on_done
def done(choice: Choice, facts: Facts, desk: HandingDesk) -> Card:
    miss = facts.cluster.miss
    desk.hand_over(miss.id, choice.colleague, seen=choice.seen)
    name = next(one.name for one in facts.colleagues if one.id == choice.colleague)
    return Card(
        _("{name} has the question now", name=name),
        body=(_("If no answer has come by {day}, the question is back here.", day=Day(facts.by)),),
        buttons=(misses.see(miss.programme),),
        tone=Tone.GOOD,
    )


def nobody_to_ask() -> Text:
    return _(
        "There is nobody to hand it over to yet. Choose “Who does what” to appoint a deputy, "
        "or to link one of the programme’s contacts."
    )


def moved_on() -> Gone:
    return Gone(_("Somebody else has seen to this meanwhile. Write “status” to see what is left."))


# --- To the one who has it --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Errand:
    """A question as it is put to a colleague."""

    cluster: Cluster
    by: date  # the day until which an answer is expected
    zone: str  # of the reader
    giver: Words = ""  # who has handed it over; empty where it is the reader's field


def put(errand: Errand) -> Card:
    """The question, to the one who is to answer it."""
    asks = (
        _("{name} asks you to answer it.", name=errand.giver)
        if errand.giver
        else _("It is a question in your field, and so it comes to you first.")
    )
    return Card(
        _("A question for you"),
        body=(
            *_what_is_asked(errand.cluster),
            asks,
            _("Whoever asked gets your answer, with your name. You do not see who they are unless they want you to."),
        ),
        facts=(*misses.about(errand.cluster, errand.zone), Fact(_("Please answer by"), Day(errand.by))),
        buttons=tuple(_ways(errand.cluster)),
    )


def _ways(cluster: Cluster) -> Iterator[Button]:
    id = cluster.miss.id
    if cluster.doubted is None:
        yield Button(_("Answer"), Action(ANSWER, id), tone=Tone.PRIMARY, opens_form=True)
    else:
        yield Button(_("Change the answer"), Action(ANSWER, id), tone=Tone.PRIMARY, opens_form=True)
        yield Button(_("The answer is right"), Action(RIGHT, id))
    yield Button(_("I cannot answer it"), Action(GIVE_BACK, id))


answering: Flow[Draft, misses_answering.Facts, AnswerDesk] = Flow(ANSWER, Draft, version=1)
answering.ask("answer")(misses_answering.ask_answer)
answering.ask("others")(misses_answering.ask_others)
answering.ask("look")(misses_answering.look)
answering.rescue(Gone, back_to="answer")


@answering.check("answer")
def check_answer(draft: Draft, facts: misses_answering.Facts) -> Draft:
    """What was typed comes back when somebody has answered meanwhile, and also when it was given to somebody else."""
    misses_answering.refuse_if_overtaken(draft, facts)
    if not facts.theirs:
        raise Gone(not_with_you())
    return draft


@answering.on_done
def answered(draft: Draft, facts: misses_answering.Facts, desk: AnswerDesk) -> Card:
    receipt: Receipt = desk.answer(facts.cluster.miss.id, draft)
    return Card(
        _("Thank you! Your answer is on its way"),
        body=tuple(misses_answering.outcome(receipt)),
        tone=Tone.GOOD,
    )


def not_with_you() -> Text:
    return _("This question is no longer with you. Thank you all the same!")


def not_yours() -> Text:
    return _("That question belongs to somebody else.")


# --- What has become of it, in place of the question ------------------------------------------------------------------


def over(question: str, what: Words) -> Card:
    return Card(what, body=(_("“{question}”", question=question),))


def has_been_answered() -> Text:
    return _("The question has been answered")


def somebody_else_has_it() -> Text:
    return _("Somebody else is seeing to the question now")


def has_been_put_aside() -> Text:
    return _("The question needs no answer any more")


def is_right() -> Text:
    return _("The answer stays as it is")


def went_back() -> Text:
    return _("The question is back with the coordinators")


# --- Back with the coordinators ---------------------------------------------------------------------------------------


def came_back(cluster: Cluster, why: Words) -> Card:
    """The coordinators' matter."""
    miss = cluster.miss
    return Card(
        _("A question has come back"),
        body=(_("“{question}”", question=miss.text), why),
        facts=((Fact(_("Programme"), cluster.title),) if cluster.title else ()),
        buttons=(misses.see(miss.programme),),
        tone=Tone.WARNING,
    )


def waited_in_vain(name: Words) -> Text:
    return _("{name} has had it for two working days without answering.", name=name)


def is_away(name: Words) -> Text:
    return _("{name} is away, or cannot be reached.", name=name)


def has_left() -> Text:
    return _("Whoever had it is no longer here.")


def has_no_post(name: Words) -> Text:
    return _("{name} no longer answers questions here.", name=name)


def could_not(name: Words) -> Text:
    return _("{name} could not answer it.", name=name)
