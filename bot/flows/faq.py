"""Answers to what people ask in their own words: the answer, a few to choose among, or an honest “I do not know”."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from bot.conversation import Flow
from bot.domain.faq import Entry
from bot.domain.people import Language
from bot.domain.programmes import Contact
from bot.domain.values import dataclass
from bot.domain.words import Day, Localised, Text, Words, _
from bot.flows import buttons
from bot.flows.telling import Told
from bot.messages import Action, Button, Card, ChoiceField, Fact, Form, Item, Notice, Option, TextField, Tone

HELPED = "helped"  # about an inquiry
NOT_HELPED = "not_helped"  # about an inquiry, and what might have been meant instead
PICK = "pick"  # about an inquiry and what was meant
NONE_OF_THESE = "none_of_these"  # about an inquiry
HUMAN = "ask_human"  # about an inquiry, or nothing to begin with one's own words
MY_QUESTIONS = "my_questions"
YES = "said_yes"  # typed below an answer
NO = "said_no"
TAKE_BACK = "take_back_question"  # about an inquiry
TYPED = "typed_question"  # about what was typed last and has not been kept

MOST_CHOICES = 3

_THANKS = _("Thank you for telling me!")

_SHOWN_QUESTIONS = 10


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it is shown."""

    inquiry: str  # id
    question: Words  # as it stands among the questions and answers
    told: Told
    source: Words = ""  # the programme, with its edition
    held_in: str = ""  # set for an answer that holds no more: the edition or year in which it did
    language: Language | None = None  # of the answer, where it is not the reader's
    others: tuple[str, ...] = ()  # what else might have been meant, best first
    id: str = ""  # of the entry, or of what a programme's data answers


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may have been meant."""

    meant: str  # id of an entry, or of what a programme's data answers
    question: Words
    source: Words = ""
    held_in: str = ""  # set for what holds no more


@dataclass(frozen=True, slots=True)
class Promise:
    """Who has what has been passed on, and by when an answer can be expected."""

    by: Words  # untrusted
    day: date
    instead_of: str = ""  # name of the contact who was asked, and who does not answer here


def answer(given: Given, also: Sequence[Given] = (), *, said: bool = False) -> Card:
    """An answer, and those to what `also` was asked; `said` once the reader has told that it helped."""
    shown = _with(_shown(given), also)
    if said:
        return replace(shown, footnote=_THANKS)
    return replace(shown, items=(*shown.items, did_it_help(given.inquiry, given.others, [one.id for one in also])))


def thank() -> Notice:
    """To somebody who has typed that an answer helped."""
    return Notice(_THANKS, Tone.GOOD)


def belongs_to_nothing() -> Notice:
    """To somebody who has typed yes or no, and was asked nothing that a word answers."""
    return Notice(
        _("I do not know what your answer belongs to. Press a button in the message that you mean, "
          "or write “help” to see everything I can do.")
    )  # fmt: skip


def too_long() -> Card:
    """To somebody who has written more than a question."""
    return Card(
        _("That was more than I can read at once"),
        body=(
            _("Write your question in a few sentences, and I answer if I can. Or ask a human."),
            _("Nothing of what you wrote is kept or passed on."),
        ),
        buttons=(ask_human(),),
    )


def aloud(given: Given, also: Sequence[Given] = ()) -> Card:
    """An answer that everybody in a channel reads: it asks nobody in particular whether it helped."""
    return replace(_with(_shown(given), also), footnote=_("Write to me directly if you want to know more."))


def _shown(given: Given) -> Card:
    return Card(
        given.question,
        body=(*_cautions(given), *given.told.lines),
        facts=(*given.told.facts, *((Fact(_("From"), given.source),) if given.source else ())),
        items=given.told.items,
        buttons=given.told.buttons,
        tone=Tone.WARNING if given.held_in else Tone.PLAIN,
    )


def _with(card: Card, also: Sequence[Given]) -> Card:
    """Further answers below the first, each under its own question."""
    further = [item for one in also for item in _below(one)]
    return replace(card, items=(*card.items, *further))


def _below(given: Given) -> Iterator[Item]:
    source = (Fact(_("From"), given.source),) if given.source else ()
    lines = (*_cautions(given), *given.told.lines)
    yield Item(given.question, lines, (*given.told.facts, *source), given.told.buttons)
    yield from given.told.items


def did_it_help(inquiry: str, others: Sequence[str] = (), also: Sequence[str] = ()) -> Item:
    """The question at the end of an answer.

    `others` are what else might have been meant, best first, and `also` what was answered besides.
    """
    no, yes = " ".join((inquiry, *others)), " ".join((inquiry, *also))
    ways = (Button(_("Yes"), Action(HELPED, yes)), Button(_("No"), Action(NOT_HELPED, no)), ask_human(inquiry))
    return Item(_("Did it help?"), buttons=ways)


def _cautions(given: Given) -> tuple[Words, ...]:
    old = (_held(given.held_in),) if given.held_in else ()
    return (*old, *((_ONLY_THERE_IN[given.language],) if given.language is not None else ()))


def _held(edition: str) -> Text:
    return _("This applied to {edition}. It may be different now.", edition=edition)


LANGUAGES: Mapping[str, Text] = {
    Language.SWEDISH.value: _("Swedish"),
    Language.BOKMAL.value: _("bokmål"),
    Language.NYNORSK.value: _("nynorsk"),
    Language.ENGLISH.value: _("English"),
}
"""As they stand after “in”."""


def language_name(code: str) -> Words:
    """The language in words; a code that we do not know stays as it is."""
    return LANGUAGES.get(code, code)


_ONLY_THERE_IN = {
    Language.SWEDISH: _("The answer is there in Swedish only."),
    Language.BOKMAL: _("The answer is there in bokmål only."),
    Language.NYNORSK: _("The answer is there in nynorsk only."),
    Language.ENGLISH: _("The answer is there in English only."),
}


def ask_human(inquiry: str = "") -> Button:
    return Button(_("Ask a human"), Action(HUMAN, inquiry), opens_form=True)


def it_is_a_question(inquiry: str = "") -> Button:
    """Below what has not been passed on: the way to have it answered all the same; nothing for what is not kept."""
    action = Action(NONE_OF_THESE, inquiry) if inquiry else Action(TYPED)
    return Button(_("It is a question, send it"), action, tone=Tone.PRIMARY)


def write_it_anew() -> Card:
    """What was typed is not there any more."""
    return Card(
        _("Please write your question once more"),
        body=(_("I do not store what you write to me while there are answers without names, and now it is gone."),),
        buttons=(ask_human(),),
    )


def suggestions(inquiry: str, choices: Sequence[Choice]) -> Card:
    """Several that may have been meant."""
    return Card(
        _("Do you mean one of these?"),
        items=tuple(_choice(inquiry, one) for one in choices[:MOST_CHOICES]),
        buttons=(Button(_("None of these"), Action(NONE_OF_THESE, inquiry)), ask_human(inquiry)),
    )


def _choice(inquiry: str, choice: Choice) -> Item:
    old = (_held(choice.held_in),) if choice.held_in else ()
    lines = (*((choice.source,) if choice.source else ()), *old)
    show = Button(_("Show the answer"), Action(PICK, f"{inquiry} {choice.meant}"))
    return Item(choice.question, lines, buttons=(show,))


def sorry(inquiry: str, choices: Sequence[Choice]) -> Card:
    """To somebody whom the answer did not help: what else it may be, and a person."""
    may_be = (_("Perhaps it is one of these?"),) if choices else ()
    return Card(
        _("I am sorry that it did not help"),
        body=(*may_be, _("Tell us what was missing, and somebody who knows will answer you.")),
        items=tuple(_choice(inquiry, one) for one in choices[:MOST_CHOICES]),
        buttons=(ask_human(inquiry),),
    )


def unknown(inquiry: str, promise: Promise | None) -> Card:
    """There is no answer yet, and the question has been passed on without a name."""
    return Card(
        _("I do not know that yet"),
        body=_passed_on(promise),
        buttons=(ask_human(inquiry), take_back(inquiry), buttons.ALL_PROGRAMMES),
        footnote=_("Write “help” to see everything I can do."),
    )


def _passed_on(promise: Promise | None) -> tuple[Words, ...]:
    if promise is None:
        return (_("I have noted your question, without your name."),)
    return (
        _("I have passed your question on to {name}, without your name.", name=promise.by),
        _("You get the answer here, usually by {day}.", day=Day(promise.day)),
        _("If you want to say more, or to be reached by name, ask a human."),
    )


def take_back(inquiry: str) -> Button:
    return Button(_("Do not pass it on"), Action(TAKE_BACK, inquiry))


def taken_back() -> Notice:
    return Notice(_("Your question is not passed on, and it is gone."), Tone.GOOD)


def not_yours() -> Text:
    return _("That question belongs to somebody else.")


# --- To a human -------------------------------------------------------------------------------------------------------

_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form of a question to a human looks at."""

    text: str = ""  # what was asked already: untrusted
    contacts: tuple[tuple[str, Contact], ...] = ()  # (id, contact), the likeliest first


@dataclass(frozen=True, slots=True)
class Draft:
    """A question on its way to a human."""

    inquiry: str = ""  # id, if it was asked before
    text: str = ""
    contact: str = ""
    eligible: str = ""
    named: str = ""


class QuestionDesk(Protocol):
    """Passes questions on."""

    def pass_on(self, draft: Draft) -> Promise | None:
        """Pass a question on to somebody; who that is, and by when an answer can be expected."""


flow: Flow[Draft, Facts, QuestionDesk] = Flow(HUMAN, Draft, version=1)


@flow.ask("question")
def ask_question(draft: Draft, facts: Facts) -> Form:
    question = TextField("text", _("Question"), long=True, max_chars=_LONGEST)
    named = ChoiceField(
        "named",
        _("Your name"),
        (Option("no", _("Ask without my name")), Option("yes", _("Let them see who asks"))),
    )
    whom = ChoiceField("contact", _("To"), tuple(_option(*one) for one in facts.contacts), required=False)
    values = {"text": draft.text or facts.text, "named": draft.named or "no"}
    likeliest = {"contact": draft.contact or facts.contacts[0][0]} if facts.contacts else {}
    return Form(
        _("Ask a human"),
        (question, *((whom,) if len(facts.contacts) > 1 else ()), named),
        submit=_("Send"),
        intro=(_("Write so that somebody who has not seen this conversation understands."),),
        values=values | likeliest,
    )


def _option(id: str, contact: Contact) -> Option:
    return Option(id, _("{name}, {role}", name=contact.name, role=contact.role), contact.about)


@flow.ask("eligible")
def ask_eligible(draft: Draft, facts: Facts) -> Form | None:
    """What the chosen contact needs to know of whoever asks."""
    contact = chosen(draft, facts)
    if contact is None or not contact.asks:
        return None
    return Form(
        _("One more thing"),
        (TextField("eligible", _("Answer"), max_chars=200),),
        submit=_("Send"),
        intro=(contact.asks,),
    )


def chosen(draft: Draft, facts: Facts) -> Contact | None:
    """The contact who is asked; the only one, where there is no choice."""
    if len(facts.contacts) == 1:
        return facts.contacts[0][1]
    return dict(facts.contacts).get(draft.contact)


@flow.on_done
def send(draft: Draft, facts: Facts, desk: QuestionDesk) -> Card:
    promise = desk.pass_on(draft)
    named = draft.named == "yes"
    return Card(
        _("Your question is sent"),
        body=(*_sent(promise, named=named), _("Write “my questions” to see how it goes.")),
        buttons=(Button(_("My questions"), Action(MY_QUESTIONS)),),
        tone=Tone.GOOD,
    )


def _sent(promise: Promise | None, *, named: bool) -> tuple[Words, ...]:
    if promise is None:
        return (_nobody_yet(),)
    to = (
        _("It is with {name} now, with your name.", name=promise.by)
        if named
        else _("It is with {name} now, without your name.", name=promise.by)
    )
    away = _("{name} does not answer here at the moment, so somebody else sees to it.", name=promise.instead_of)
    by = _("You get the answer here, usually by {day}.", day=Day(promise.day))
    return (*((away,) if promise.instead_of else ()), to, by)


def _nobody_yet() -> Text:
    return _("There is nobody to answer it yet. It waits for the first one who is.")


# --- One's own questions ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mine:
    """A question of the reader's that was passed on, and how it stands."""

    inquiry: str  # id
    text: str  # untrusted
    state: Words
    answer: Localised | None = None
    open: bool = True


def waiting(desk: Words | None, asked: date, by: date | None) -> Text:
    """How an open question stands: on whose desk it lies, if on any, and by when there is an answer; None if late."""
    if desk is None:
        return _nobody_yet()
    if by is None:
        return _("You asked on {day}. It is with {name}, and takes longer than it usually does.",
                 day=Day(asked), name=desk)  # fmt: skip
    return _("You asked on {day}. It is with {name}, and you usually get the answer by {by}.",
             day=Day(asked), name=desk, by=Day(by))  # fmt: skip


def my_questions(found: Sequence[Mine]) -> Card:
    """The questions that the reader has passed on, the newest first."""
    if not found:
        return Card(
            _("My questions"),
            body=(_("You have no question waiting. Ask me in your own words, whenever you like."),),
            buttons=(ask_human(),),
        )
    return Card(_("My questions"), items=tuple(map(_mine, found[:_SHOWN_QUESTIONS])), buttons=(ask_human(),))


def _mine(one: Mine) -> Item:
    answer = (one.answer,) if one.answer else ()
    return Item(one.text, (one.state, *answer), buttons=(take_back(one.inquiry),) if one.open else ())


def source(title: Localised, edition: str) -> Words:
    """Where an answer comes from."""
    return _("{title}, {edition}", title=title, edition=edition) if edition else title


def of_entry(entry: Entry, *, hides_links: bool = False) -> Told:
    """What a coordinator has written, as it is shown."""
    hidden = (_("Links in it are shown to those who are registered, when they ask me directly."),)
    return Told((entry.answer, *(hidden if hides_links else ())))
