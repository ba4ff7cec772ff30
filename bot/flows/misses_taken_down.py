"""Taking down an answer to what people have asked: asked first, then said in the place of every copy of it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.faq import Miss
from bot.domain.rules import NOTHING
from bot.domain.words import Localised, Words, _, n_
from bot.flows import faq, misses
from bot.flows.misses import Said
from bot.messages import Action, Button, Card, Tone


def ask(miss: Miss, place: str, *, gone: Localised = NOTHING, stays: Localised = NOTHING) -> Card:
    """`place` is the page of the queue that it stands on; `gone` and `stays` are the entry that goes with it."""
    return Card(
        _("Take the answer down?"),
        body=(miss.text, miss.answer, *_what_becomes(gone, stays)),
        buttons=(
            Button(_("Yes, take it down"), Action(misses.CONFIRM_TAKE_DOWN, f"{miss.id} {place}"), tone=Tone.DANGER),
            Button(_("No, keep it"), Action(misses.QUEUE, place)),
        ),
    )


def _what_becomes(gone: Localised, stays: Localised) -> Iterator[Words]:
    yield _(
        "It goes from the next agenda, and those who got it see that it has been taken down, where their messages can "
        "be changed. The question waits for an answer again."
    )
    if gone:
        yield _("“{question}” is no longer in use: nobody else is given that answer.", question=gone)
    if stays:
        yield _("“{question}” was there before and stays, but is not given to this question any more.", question=stays)


def taken_down(messages: int) -> Said:
    """`messages`: how many say so."""
    line = n_(
        "The answer has been taken down, in {n} message too. The question waits for an answer again.",
        "The answer has been taken down, in {n} messages too. The question waits for an answer again.",
        messages,
    )
    return Said(line if messages else _("The answer has been taken down. The question waits for an answer again."))


def told(question: str) -> Card:
    """What somebody who asked sees in the place of the answer."""
    return Card(
        _("The answer to your question has been taken down"),
        body=(
            _("You asked: {question}", question=question),
            _("It was not right. You get a new answer as soon as there is one."),
        ),
        buttons=(Button(_("My questions"), Action(faq.MY_QUESTIONS)),),
    )
