"""Answers that people give each for themselves: the form, what is promised before they write, and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.rounds import LEAST_PEOPLE, LONGEST_POST, Box, Mode, Round, State
from bot.domain.words import Moment, Text, Words, _, n_
from bot.flows import buttons
from bot.flows.noting import personal_words
from bot.messages import Action, Answer, Button, Card, Form, Item, TextField, Tone

WRITE = "write"
LOOK = "look"  # once more, since something in it may tell who somebody is
_PREFIX = "sealed"
_FIELD = "q."

WHAT_IS_STORED = _("What is stored?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person is asked: the same for everybody in the box."""

    round: Round
    box: Box
    zone: str  # IANA name
    by_link: bool = False  # the person came by a link of their own, which others may have got hold of


Texts = Mapping[str, str]
"""Question → what was written. Untrusted."""


# --- The form ---------------------------------------------------------------------------------------------------------


def token(round: str, step: str = WRITE) -> str:
    """All there is to know of a form that was opened: no run is kept, since it would name whose it is."""
    return f"{_PREFIX}.{round}.{step}"


def read_token(written: str) -> tuple[str, str] | None:
    """The round and the step of a form's token (untrusted); None when it is another kind of form."""
    prefix, _dot, rest = written.partition(".")
    round, _dot, step = rest.rpartition(".")
    return (round, step) if prefix == _PREFIX else None


def fields(sheet: Sheet) -> tuple[TextField, ...]:
    """A field for each question; one may be left empty."""
    return tuple(
        TextField(
            f"{_FIELD}{asked.id}",
            _("{question}", question=asked.text),
            required=False,
            long=True,
            max_chars=LONGEST_POST,
        )
        for asked in sheet.box.questions
    )


def texts(values: Mapping[str, str]) -> Texts:
    """What was written, by question; what was left empty is not there."""
    return {name.removeprefix(_FIELD): text for name, text in values.items() if text}


def form(sheet: Sheet, written: Texts) -> Form:
    """The form with what the person has sent before."""
    return Form(
        sheet.round.title,
        fields(sheet),
        submit=_("Send"),
        intro=(*_intro(sheet), *((_again(),) if written else ())),
        values={f"{_FIELD}{question}": text for question, text in written.items()},
        token=token(sheet.round.id),
    )


def refused(
    sheet: Sheet, typed: Mapping[str, Answer], *, errors: Mapping[str, Words] | None = None, reason: Words = ""
) -> Form:
    """The form as it was filled in, with why it was not accepted."""
    return Form(
        sheet.round.title,
        fields(sheet),
        submit=_("Send"),
        intro=_intro(sheet),
        values=typed,
        errors=errors or {},
        refusal=reason,
        token=token(sheet.round.id),
    )


def second_look(sheet: Sheet, typed: Mapping[str, Answer], found: Sequence[str]) -> Form:
    """Once, when something may tell who somebody is: the same form, and the words."""
    return Form(
        _("Could this point to somebody?"),
        fields(sheet),
        submit=_("Send"),
        intro=personal_words(found),
        values=typed,
        token=token(sheet.round.id, LOOK),
    )


def _intro(sheet: Sheet) -> tuple[Words, ...]:
    """What everybody is told before they write."""
    opening = (sheet.round.intro,) if sheet.round.intro else ()
    return (*opening, *_promise(sheet), _no_promise(), *(_about_the_link() if sheet.by_link else ()))


def _promise(sheet: Sheet) -> Iterator[Words]:
    yield _("You answer for yourself, without your name. Nobody is told who has written what.")
    yield _when(sheet)
    yield _("Fewer answers than {k}? Then nobody is shown any of them.", k=sheet.round.threshold)
    if sheet.round.moderated:
        yield _("A coordinator looks at them before the board shows them, without knowing whose they are.")


def _when(sheet: Sheet) -> Text:
    until = sheet.round.closes_at
    if until is None:
        return _("When the questions have closed, everybody in the programme can read the answers, in random order.")
    return _(
        "After {moment}, everybody in the programme can read the answers, in random order.",
        moment=Moment(until, sheet.zone),
    )


def _no_promise() -> Text:
    return _(
        "What nobody can promise: your workplace may see that you opened this form, the way you write can give you "
        "away, and whoever runs the server could look before the questions have closed."
    )


def _about_the_link() -> Iterator[Words]:
    yield _("Whoever has your link, also the coordinator who gave it to you, could answer in your place.")
    yield _(
        "Nobody is shown here what you have sent before. What you send now takes its place; send the form empty to "
        "take it back."
    )


def _again() -> Text:
    return _("This is what you have sent. Change it, or empty everything and send to take your answer back.")


def too_long(over: int) -> Text:
    """`over` is in bytes, of which a letter takes one, or a few."""
    return n_(
        "Together this is a little too long. Please leave out about {n} character.",
        "Together this is a little too long. Please leave out about {n} characters.",
        over,
    )


def just_closed() -> Text:
    return _(
        "The questions closed before this arrived, so it could not be put in. It still stands here: copy it if you "
        "want to keep it."
    )


def out_of_reach() -> Text:
    return _("The lock for these answers cannot be reached right now. Nothing was sent: try again in a little while.")


# --- After sending ----------------------------------------------------------------------------------------------------


def thanks(sheet: Sheet) -> Card:
    return Card(
        _("Thank you! Your answer is sealed"),
        body=(
            _when(sheet),
            _("Until then you can open it again and change it, or take it back."),
        ),
        buttons=(_change(sheet), what_is_stored(sheet.round.id)),
        tone=Tone.GOOD,
    )


def none_left(sheet: Sheet) -> Card:
    """To whoever came by a link and left all empty: it does not say whether there was an answer before."""
    return Card(
        _("Nothing from you lies sealed now"),
        body=(_("You can answer for as long as the questions are open."),),
        buttons=(buttons.answer_sealed(sheet.round.id),),
        tone=Tone.GOOD,
    )


def over(sheet: Sheet) -> Card:
    """To whoever came by a link when the round was no longer open."""
    title = _("This round is closed") if sheet.round.state is State.CLOSED else _("This round is not open")
    return Card(title, body=(sheet.round.title,))


def taken_back(sheet: Sheet) -> Card:
    return Card(
        _("Your answer is taken back"),
        body=(_("Nothing of it is left. You can answer anew for as long as the questions are open."),),
        buttons=(buttons.answer_sealed(sheet.round.id),),
        tone=Tone.GOOD,
    )


def nothing_written(sheet: Sheet) -> Card:
    return Card(
        _("Nothing was sent"),
        body=(_("Everything was empty. You can answer for as long as the questions are open."),),
        buttons=(buttons.answer_sealed(sheet.round.id),),
    )


def _change(sheet: Sheet) -> Button:
    return Button(_("Change"), Action(buttons.SEAL, sheet.round.id), opens_form=True)


# --- Without the form -------------------------------------------------------------------------------------------------


def invitation(round: Round) -> Card:
    """Where the form cannot open at once: the button that opens it."""
    return Card(
        round.title,
        body=(
            _("You answer for yourself, without your name. Nobody is told who has written what."),
            _("The form opens in a window of its own. What you write here in the conversation is not kept."),
        ),
        buttons=(buttons.answer_sealed(round.id), what_is_stored(round.id)),
    )


def typed_instead(open_ones: Sequence[Round]) -> Card:
    """To somebody who has perhaps typed an answer as a message."""
    return Card(
        _("Was that an answer?"),
        body=(
            _("Then I have not kept it, and nobody is shown it: answers without names have a form of their own."),
            _("But your message stays in your workplace’s own log. Delete it here if you can, then press “Answer”."),
        ),
        items=tuple(Item(one.title, buttons=(buttons.answer_sealed(one.id),)) for one in open_ones),
        footnote=_("Did you mean something else? Write “help” to see everything I can do."),
    )


def closed() -> Text:
    return _("These questions are not open. Write “answer” to see those that are open to you.")


def for_others() -> Text:
    return _("These questions are put to others. Write “answer” to see those that are open to you.")


# --- For coordinators -------------------------------------------------------------------------------------------------


def too_few(box: Words, n: int, k: int) -> Text:
    """Why answers cannot be collected without names."""
    ways = _("Ask more people, or let the groups take notes instead.")
    if not box:
        return n_(
            "Only {n} person can answer, and it takes {k} before nobody can be guessed. {ways}",
            "Only {n} people can answer, and it takes {k} before nobody can be guessed. {ways}",
            n,
            k=k,
            ways=ways,
        )
    return n_(
        "Only {n} person can answer in {box}, and it takes {k} before nobody can be guessed. {ways}",
        "Only {n} people can answer in {box}, and it takes {k} before nobody can be guessed. {ways}",
        n,
        box=box,
        k=k,
        ways=ways,
    )


def threshold_too_low() -> Text:
    return _("With fewer than {k} people nobody is anonymous: the limit cannot be lower.", k=LEAST_PEOPLE)


def for_some_only(question: Words) -> Text:
    return _(
        "This question is put to some organisations only, and so few could be guessed: {question} "
        "Let the groups take notes instead.",
        question=question,
    )


def steps(n: int, k: int) -> Text:
    """How many have answered, in steps: a number would tell who has just been there."""
    if n == 0:
        return _("Nobody has answered yet")
    return _("Fewer than {k} have answered", k=k) if n < k else _("{k} or more have answered", k=k)


# --- What is stored ---------------------------------------------------------------------------------------------------


def what_is_stored(round: str) -> Button:
    return Button(WHAT_IS_STORED, Action(buttons.STORED, round))


def stored(round: Round | None) -> Card:
    """What exists of a round's answers, and what nobody can find out; without a round, of answers without names."""
    if round is not None and round.mode is Mode.NOTES:
        return _stored_notes(round)
    body = (_("There is no list of who has written what. So nobody can be given one, not even an administrator."),)
    if round is None or round.is_open or round.state is State.PLANNED:
        return Card(WHAT_IS_STORED, body, items=(*_before(), _afterwards(), _not_promised()), buttons=_ways(round))
    return Card(WHAT_IS_STORED, body, items=(_since_closing(), _not_promised()), buttons=_ways(round))


def _ways(round: Round | None) -> tuple[Button, ...]:
    if round is None:
        return ()
    return (buttons.answer_sealed(round.id),) if round.is_open else (buttons.open_board(round.id),)


def _before() -> Iterator[Item]:
    yield Item(
        _("While the questions are open"),
        (
            _("Your answer lies in a locked box. All boxes are equally large, and none has a name or a time on it."),
            _("The key lies outside the database, and apart from its backups."),
            _("Take your answer back at any time: open the form, empty everything and send."),
        ),
    )


def _afterwards() -> Item:
    return Item(
        _("When they have closed"),
        (
            _("The boxes are opened. The texts are shuffled, and shown with nothing but the day."),
            _("Then the boxes are deleted and the key is destroyed."),
            _("If too few have answered, everything is destroyed without being shown."),
        ),
    )


def _since_closing() -> Item:
    return Item(
        _("Now that the questions have closed"),
        (
            _("What is left is the texts that the board shows, in random order and with the day only."),
            _("The boxes they lay in are deleted, and the key is destroyed. So no answer can be taken back any more."),
        ),
    )


def _not_promised() -> Item:
    return Item(_("What nobody can promise"), (_no_promise(),))


def _stored_notes(round: Round) -> Card:
    return Card(
        WHAT_IS_STORED,
        body=(
            _("The answers are a group’s notes, and the group is their author."),
            _("Kept are the texts, which group wrote them, when, and who takes the group’s notes. Not who said what."),
        ),
        buttons=(buttons.open_board(round.id),),
    )
