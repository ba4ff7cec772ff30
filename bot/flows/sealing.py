"""Answers that people give each for themselves: the form, what is promised before they write, and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.rounds import LEAST_PEOPLE, LONGEST_POST, Asked, Round, State
from bot.domain.values import dataclass
from bot.domain.words import Moment, Text, Words, _, n_
from bot.flows import buttons, rating
from bot.flows.faq import ask_human, it_is_a_question
from bot.flows.noting import personal_words
from bot.flows.sheets import FIELD, Sheet, Texts
from bot.messages import NEXT, Action, Answer, Button, Card, ChoiceField, Form, Item, Option, TextField, Tone

WRITE = "write"
LOOK = "look"  # once more, since something in it may tell who somebody is
_PREFIX = "sealed"
_TAKE_BACK = "take_back"

WHAT_IS_STORED = _("What is stored?")


# --- The form ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in the forms of a round, as a form's token says it. Untrusted."""

    round: str
    step: str
    page: int  # from 0; may be none of those there are


def token(round: str, step: str = WRITE, page: int = 0) -> str:
    """All there is to know of a form that was opened: no run is kept, since it would name whose it is."""
    return f"{_PREFIX}.{round}.{step}" + (f":{page}" if page else "")


def read_token(written: str) -> Place | None:
    """Where a form's token (untrusted) stands; None when it is another kind of form."""
    prefix, _dot, rest = written.partition(".")
    round, _dot, place = rest.rpartition(".")
    step, _colon, page = place.partition(":")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 3 else 0
    return Place(round, step, number) if prefix == _PREFIX else None


def page_of(sheet: Sheet, written: str) -> int:
    """The page that a form's token (untrusted) means."""
    place = read_token(written)
    return min(place.page, len(sheet.pages) - 1) if place is not None else 0


def fields(sheet: Sheet, page: int = 0) -> tuple[TextField | ChoiceField, ...]:
    """A field for each question of a page; any may be left empty."""
    labelled = rating.labels(sheet.pages[page], sheet.round.areas)
    return tuple(_field(asked, label) for asked, label in labelled)


def _field(asked: Asked, label: Text) -> TextField | ChoiceField:
    name = f"{FIELD}{asked.id}"
    if asked.scale is not None:
        return rating.field(name, label, asked.scale, hint=asked.help)
    return TextField(name, label, hint=asked.help, required=False, long=True, max_chars=LONGEST_POST)


def take_back_field() -> ChoiceField:
    """Where something is rated: a rating cannot be emptied like a text."""
    everything = Option(_TAKE_BACK, _("Take back everything I have sent"))
    return ChoiceField(_TAKE_BACK, _("Do you regret it?"), (everything,), required=False, many=True)


def takes_back(values: Mapping[str, Answer]) -> bool:
    return bool(values.get(_TAKE_BACK))


def form(sheet: Sheet, sent: Texts, page: int = 0) -> Form:
    """The form with what the person has sent before."""
    asked = fields(sheet, page)
    values = {f"{FIELD}{question}": text for question, text in sent.items()}
    again = bool(sent) and page == 0
    return Form(
        sheet.round.title,
        (*asked, take_back_field()) if again and sheet.rated else asked,
        submit=_submit(sheet, page),
        intro=(*_intro(sheet, page), *((_again(sheet),) if again else ())),
        values={one.name: values[one.name] for one in asked if one.name in values},
        can_go_back=page > 0,
        token=token(sheet.round.id, page=page),
    )


def refused(
    sheet: Sheet,
    typed: Mapping[str, Answer],
    *,
    errors: Mapping[str, Words] | None = None,
    reason: Words = "",
    page: int = 0,
) -> Form:
    """The form as it was filled in, with why it was not accepted."""
    return Form(
        sheet.round.title,
        fields(sheet, page),
        submit=_submit(sheet, page),
        intro=tuple(_intro(sheet, page)),
        values=typed,
        errors=errors or {},
        refusal=reason,
        can_go_back=page > 0,
        token=token(sheet.round.id, page=page),
    )


def second_look(sheet: Sheet, typed: Mapping[str, Answer], found: Sequence[str], page: int = 0) -> Form:
    """Once, when something may tell who somebody is: the same form, and the words."""
    return Form(
        _("Could this point to somebody?"),
        fields(sheet, page),
        submit=_submit(sheet, page),
        intro=personal_words(found),
        values=typed,
        token=token(sheet.round.id, LOOK, page),
    )


def _submit(sheet: Sheet, page: int) -> Text:
    return _("Send") if sheet.is_last(page) else NEXT


def _intro(sheet: Sheet, page: int) -> Iterator[Words]:
    """What everybody is told before they write: all of it on the first page."""
    if page == 0:
        yield sheet.programme
        if sheet.round.intro:
            yield sheet.round.intro
        yield from _promise(sheet)
        yield no_promise()
        if sheet.by_link:
            yield from _about_the_link()
    yield from rating.supplied(sheet.pages[page])
    if len(sheet.pages) > 1:
        yield _("Part {n} of {all}.", n=page + 1, all=len(sheet.pages))
        yield _("Each part is sealed when you send it. So you can stop in between and go on another day.")


def _promise(sheet: Sheet) -> Iterator[Words]:
    yield _("You answer for yourself, without your name. Nobody is told who has written what.")
    yield from _afterwards_shown(sheet)
    yield _("Fewer answers than {k}? Then nobody is shown any of them.", k=sheet.round.threshold)
    if sheet.round.moderated and sheet.written:
        yield _("A coordinator looks at them before the board shows them, without knowing whose they are.")


def _afterwards_shown(sheet: Sheet) -> Iterator[Text]:
    """What becomes of the answers once the questions have closed."""
    if sheet.written:
        yield _when(sheet)
    if sheet.rated:
        yield _("Ratings are only counted: what is kept is how many have chosen each of them, never who.")


def _when(sheet: Sheet) -> Text:
    until = sheet.round.closes_at
    if sheet.round.occasion:
        return _about_a_meeting(sheet)
    if sheet.round.organisation:
        return _of_an_organisation(sheet)
    if until is None:
        return _("When the questions have closed, everybody in the programme can read the answers, in random order.")
    return _(
        "After {moment}, everybody in the programme can read the answers, in random order.",
        moment=Moment(until, sheet.zone),
    )


def _of_an_organisation(sheet: Sheet) -> Text:
    """Nobody of another organisation reads them, and the coordinators do."""
    until = sheet.round.closes_at
    if until is None:
        return _(
            "When the questions have closed, those who take part for your organisation can read the answers, "
            "in random order, and so can the coordinators."
        )
    return _(
        "After {moment}, those who take part for your organisation can read the answers, in random order, "
        "and so can the coordinators.",
        moment=Moment(until, sheet.zone),
    )


def _about_a_meeting(sheet: Sheet) -> Text:
    """Coordinators alone read what is thought of a meeting."""
    until = sheet.round.closes_at
    if until is None:
        return _("When the questions have closed, the coordinators can read the answers, in random order. Nobody else.")
    return _(
        "After {moment}, the coordinators can read the answers, in random order. Nobody else.",
        moment=Moment(until, sheet.zone),
    )


def no_promise() -> Text:
    return _(
        "Nobody can protect you from this. Your workplace may see that you opened this form. The way you write can "
        "give you away. Whoever runs the server could look before the questions have closed."
    )


def _about_the_link() -> Iterator[Words]:
    yield _("Whoever has your link, also the coordinator who gave it to you, could answer in your place.")
    yield _(
        "Nobody is shown here what you have sent before. What you send now takes its place; send the form empty to "
        "take it back."
    )


def _again(sheet: Sheet) -> Text:
    if sheet.rated:
        return _("This is what you have sent. Change what you like.")
    return _("This is what you have sent. Change it, or empty everything and send to take your answer back.")


def too_long(over: int, *, on_several_pages: bool = False) -> Text:
    """`over` is in bytes, of which a letter takes one, or a few."""
    if on_several_pages:
        return n_(
            "With the other parts this is a little too long. Please leave out about {n} character, here or there.",
            "With the other parts this is a little too long. Please leave out about {n} characters, here or there.",
            over,
        )
    return n_(
        "Together this is a little too long. Please leave out about {n} character.",
        "Together this is a little too long. Please leave out about {n} characters.",
        over,
    )


def just_closed() -> Text:
    return _(
        "The questions closed before this arrived, so it could not be put in. It is still here: copy it if you want "
        "to keep it."
    )


def out_of_reach() -> Text:
    return _("The lock for these answers cannot be reached right now. Nothing was sent: try again in a little while.")


# --- After sending ----------------------------------------------------------------------------------------------------


def thanks(sheet: Sheet) -> Card:
    return Card(
        _("Thank you! Your answer is sealed"),
        body=(
            *_afterwards_shown(sheet),
            _("Until then you can open it again and change it, or take it back.")
            if sheet.written
            else _("Until the questions close you can open it again and change it, or take it back."),
        ),
        buttons=(_change(sheet.round), what_is_stored(sheet.round.id)),
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


def _change(round: Round) -> Button:
    return Button(_("Change"), Action(buttons.SEAL, round.id), opens_form=True)


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
            _("If it was a question, send it with the button below. Only then do I keep it."),
        ),
        items=tuple(Item(one.title, buttons=(buttons.answer_sealed(one.id),)) for one in open_ones),
        buttons=(it_is_a_question(), ask_human()),
        footnote=_("Did you mean something else? Write “help” to see everything I can do."),
    )


def can_be_taken_back(open_ones: Sequence[Round]) -> Card:
    """To somebody who regrets what they have sent. It does not tell whether they have sent anything."""
    return Card(
        _("Change your answer or take it back"),
        body=(
            _("If you have answered, the form opens with what you sent. Change it, or take it back."),
            _("That works until the questions close. Then nobody can tell which answer is whose, not even I."),
        ),
        items=tuple(Item(one.title, buttons=(_change(one),)) for one in open_ones),
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


def what_is_stored(round: str) -> Button:
    return Button(WHAT_IS_STORED, Action(buttons.STORED, round))
