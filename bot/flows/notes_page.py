"""Group notes on a web page, for a group without Slack or Teams: its form, and what becomes of what is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.conversation import read
from bot.domain import notes
from bot.domain.refusals import FieldRefused
from bot.domain.rounds import Round, State
from bot.domain.words import Text, Words, _
from bot.flows import noting, rating
from bot.flows.noting import NoteFacts, Notes, PutUp
from bot.messages import Answer, Card, ChoiceField, Form, Item, TextField, Tone, View

_WRITE = "write"
_LOOK = "look"  # once more, since something in it may tell who somebody is

PutUpOnce = Callable[[Notes], PutUp]
"""Puts up what is written, or says what became of it if that has been done before."""


# --- The form ---------------------------------------------------------------------------------------------------------


def token(nonce: str, step: str = _WRITE) -> str:
    """What the form carries: the mark by which it is put up only once, and how often it has been looked at."""
    return f"{nonce}.{step}"


def read_token(written: str) -> tuple[str, bool]:
    """The form's mark, and whether it has been asked about already. `written` is untrusted."""
    nonce, _dot, step = written.partition(".")
    return nonce, step == _LOOK


def form(
    facts: NoteFacts,
    nonce: str,
    *,
    typed: Mapping[str, Answer] | None = None,
    errors: Mapping[str, Words] | None = None,
    refusal: Words = "",
) -> Form:
    """The form, as it was filled in."""
    return Form(
        _("Notes of {group}", group=facts.group),
        _fields(facts),
        submit=_("Send"),
        intro=(*noting.intro(facts), *rating.supplied(facts.questions)),
        values=typed or {},
        errors=errors or {},
        refusal=refusal,
        token=token(nonce),
    )


def _fields(facts: NoteFacts) -> tuple[TextField | ChoiceField, ...]:
    """All of them: a page on the web has no end."""
    return tuple(noting.question_fields(facts.questions, facts.round.areas))


def _second_look(facts: NoteFacts, nonce: str, typed: Mapping[str, Answer], found: tuple[str, ...]) -> Form:
    """Once, when something may tell who somebody is: the same form, and the words."""
    return Form(
        _("Could this point to somebody?"),
        _fields(facts),
        submit=_("Send anyway"),
        intro=noting.personal_words(found),
        values=typed,
        token=token(nonce, _LOOK),
    )


def take(
    facts: NoteFacts, group: str, token: str, *, typed: Mapping[str, Answer], put_up: PutUpOnce
) -> View:  # fmt: skip
    """What is shown to somebody who has sent the form; `group` is the group's id."""
    nonce, looked_at = read_token(token)
    values, errors = read(_fields(facts), typed)
    if errors:
        return form(facts, nonce, typed=typed, errors=errors)
    written = Notes(facts.round.id, group, _under("texts.", values), ratings=_under("ratings.", values))
    try:
        noting.check_notes(written, facts)
    except FieldRefused as refused:
        return form(facts, nonce, typed=typed, errors=refused.errors)
    found = tuple(noting.personal(written, facts))
    if found and not looked_at:
        return _second_look(facts, nonce, typed, found)
    return sent(put_up(written), facts)


def _under(prefix: str, values: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}


def sender_unknown() -> Text:
    """To somebody whose browser does not say that the form came from our own page."""
    return _("This did not come from the page with the form, so it was not sent. Look it through and press “Send”.")


# --- Afterwards -------------------------------------------------------------------------------------------------------


def sent(put_up: PutUp, facts: NoteFacts) -> Card:
    """What was put up, question by question."""
    return Card(
        noting.done(put_up, facts),
        body=noting.also_held(put_up),
        items=noting.receipt(put_up, facts),
        footnote=_("Should something be changed or taken away? Ask whoever sent you the link."),
        tone=Tone.GOOD,
    )


def not_open(round: Round, typed: Mapping[str, str], questions: Mapping[str, Words]) -> Card:
    """The round is over, taken back, or still to come: what was written is given back."""
    title = _("This round is closed") if round.state is State.CLOSED else _("This round is not open")
    return _given_back(title, (round.title,), typed, questions)


def link_over(typed: Mapping[str, str]) -> Card:
    """The link opens nothing any more: what was written is given back."""
    why = _("A new link has come in its place, or its time is over. Ask whoever sent it to you for a new one.")
    return _given_back(_("This link is no longer in force"), (why,), typed, {})


def went_wrong(typed: Mapping[str, str]) -> Card:
    """A fault of ours: what was written is given back."""
    why = _("The fault is on our side. Go back and send it once more: nothing is put up twice.")
    return _given_back(_("That went wrong"), (why,), typed, {})


def _given_back(
    title: Words, body: tuple[Words, ...], typed: Mapping[str, str], questions: Mapping[str, Words]
) -> Card:  # fmt: skip
    kept = tuple(_kept(questions.get(name, ""), text) for name, text in typed.items() if text)
    lost = (_("This was not put up. It is still here: copy it if you want to keep it."),) if kept else ()
    return Card(title, body=(*body, *lost), items=kept, tone=Tone.WARNING if kept else Tone.PLAIN)


def _kept(question: Words, text: str) -> Item:
    return Item(question or _("You have written"), notes.posts_in(text) or (text,))
