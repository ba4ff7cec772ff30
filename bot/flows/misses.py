"""Questions that no entry answers: the coordinators' queue of them, and what people hear who asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime

from bot.domain.faq import Miss
from bot.domain.rules import NOTHING
from bot.domain.values import dataclass
from bot.domain.words import Day, Listed, Localised, Moment, Text, Words, _, n_
from bot.flows import faq
from bot.messages import Action, Button, Card, Fact, Item, Tone

QUEUE = "misses"  # about a programme or nothing; with a page after it, that one in place of the message
ANSWER = "answer_miss"  # about a miss
CORRECT = "correct_miss"  # about a miss that was answered
TAKE_DOWN = "take_down_miss"  # about a miss that was answered and the page it stands on; so is the next
CONFIRM_TAKE_DOWN = "take_down_miss_confirmed"
MATCH = "match_miss"  # an entry answers it already: about a miss
TAKE = "take_miss"  # about a miss, the page it stands on, and who had it
HAND_OVER = "hand_over_miss"  # about a miss
DISMISS = "dismiss_miss"  # about a miss and the page it stood on
REOPEN = "reopen_miss"  # about a miss and the page it stood on
RIGHT = "answer_is_right"  # about a miss that puts an entry in doubt, and its page

MOST = 6
"""Questions in one message: each may have a thousand characters, and other wordings of it."""

MOST_ANSWERED = 5
"""Answers that the queue ends with, so that they can be corrected."""

_PHRASINGS = 3  # other ways in which it was asked; the rest is counted


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has taken a question on."""

    person: str  # id
    name: str
    mine: bool  # it is the reader
    away: bool  # so that somebody else should see to it
    handed_at: datetime | None = None  # set where it was handed to them


@dataclass(frozen=True, slots=True)
class Doubted:
    """An entry that did not help, and why."""

    question: Localised
    answer: Localised
    reasons: tuple[str, ...] = ()  # untrusted


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions of the same meaning, as a coordinator sees them."""

    miss: Miss
    title: Localised = NOTHING  # of the programme
    others: tuple[str, ...] = ()  # different ways in which it was asked besides the first: untrusted
    languages: Mapping[str, int] = field(default_factory=dict)  # language → how often it was asked in it
    names: tuple[str, ...] = ()  # of those who want to be seen
    owner: Owner | None = None
    doubted: Doubted | None = None

    @property
    def times(self) -> int:
        return sum(self.languages.values())


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the questions that wait, the oldest first; the last one has those that were answered lately."""

    about: str  # id of a programme, or nothing for all
    zone: str  # of the reader
    waiting: tuple[Cluster, ...] = ()  # on this page
    start: int = 0  # of the page
    all: int = 0  # questions that wait
    answered: tuple[Cluster, ...] = ()  # on the last page


@dataclass(frozen=True, slots=True)
class Said:
    """What has come of the last press."""

    line: Words = ""
    undo: str = ""  # what Undo is about


NOTHING_SAID = Said()


# --- The matter -------------------------------------------------------------------------------------------------------


def waiting(programme: str, title: Localised, count: int, taken: int) -> Card:
    """The coordinators' matter: so many questions of a programme wait."""
    seen_to = n_("{n} of them has been taken on.", "{n} of them have been taken on.", taken)
    return Card(
        how_many(count),
        body=(*((title,) if title else ()), *((seen_to,) if taken else ())),
        buttons=(see(programme, tone=Tone.PRIMARY),),
    )


def see(programme: str, *, tone: Tone = Tone.PLAIN) -> Button:
    """The way from a message to the queue."""
    return Button(_("See the questions"), Action(QUEUE, programme), tone=tone)


def how_many(count: int) -> Text:
    return n_("{n} question waits for an answer", "{n} questions wait for an answer", count)


def way_to(programme: str) -> Button:
    """The way to the queue, for the coordinator's view."""
    return Button(_("Unanswered questions"), Action(QUEUE, programme))


def asked_by_coordinator(inquiry: str) -> Card:
    """To whoever would be asked to answer their own question: nobody else has to tell them."""
    return Card(
        _("I do not know that yet"),
        body=(_("It now waits among the unanswered questions, without your name. You can answer it there yourself."),),
        buttons=(way_to(""), faq.take_back(inquiry)),
    )


def in_status(waits: int) -> tuple[Item, ...]:
    """The line in the coordinator's view of questions that belong to no programme."""
    if not waits:
        return ()
    return (Item(how_many(waits), (_("About no programme in particular."),), buttons=(way_to(""),)),)


# --- The queue --------------------------------------------------------------------------------------------------------


def card(queue: Queue, said: Said = NOTHING_SAID) -> Card:
    following = queue.start + MOST
    more = following < queue.all
    return Card(
        how_many(queue.all) if queue.all else _("No question waits for an answer"),
        body=tuple(_introduction(queue, said)),
        items=(
            *(_item(one, queue) for one in queue.waiting),
            *(_answered(one, queue) for one in queue.answered),
        ),
        buttons=(
            *((Button(_("Undo"), Action(REOPEN, said.undo)),) if said.undo else ()),
            *((_turn(_("Earlier questions"), queue, queue.start - MOST),) if queue.start else ()),
            *((_turn(_("More questions"), queue, following),) if more else ()),
        ),
        tone=Tone.PLAIN if queue.all else Tone.GOOD,
    )


def _turn(label: Text, queue: Queue, start: int) -> Button:
    return Button(label, Action(QUEUE, f"{queue.about}:{max(start, 0)}"))


def _introduction(queue: Queue, said: Said) -> Iterator[Words]:
    shown, first = len(queue.waiting), queue.start + 1
    if said.line:
        yield said.line
    if shown:
        yield _("Answer once, and everybody who asked gets it where they are.")
    if shown < queue.all:
        yield _("{first}–{last} of {all}", first=first, last=queue.start + shown, all=queue.all)


def _item(one: Cluster, queue: Queue) -> Item:
    place = f"{one.miss.id} {queue.about}:{queue.start}"
    lines, ways = (doubts(one), _ways_of_doubt(one, place)) if one.doubted else (_wordings(one), _ways(one, place))
    return Item(
        is_right(one.doubted) if one.doubted else one.miss.text,
        tuple(lines),
        facts=tuple(_facts(one, queue.zone)),
        buttons=(*ways[:1], *_take(one, place), *ways[1:]),
    )


def _wordings(one: Cluster) -> Iterator[Words]:
    if one.times > 1:
        yield n_("and {n} more asked much the same", "and {n} more asked much the same", one.times - 1)
    yield from map(_bullet, one.others[:_PHRASINGS])


def is_right(doubted: Doubted) -> Text:
    return _("Is this answer right? {question}", question=doubted.question)


def doubts(one: Cluster) -> Iterator[Words]:
    """The answer, and whom it did not help and why."""
    assert one.doubted is not None, "the entry is in doubt"
    yield one.doubted.answer
    yield n_("It did not help {n} person.", "It did not help {n} people.", one.times)
    yield from map(_bullet, one.doubted.reasons)


def _facts(one: Cluster, zone: str) -> Iterator[Fact]:
    yield from about(one, zone)
    if one.owner is not None and one.owner.handed_at is not None:
        yield Fact(_("Handed over to"), _owner(one.owner))
        yield Fact(_("Has had it since"), Moment(one.owner.handed_at, zone))
    elif one.owner is not None:
        yield Fact(_("Taken on by"), _owner(one.owner))


def about(one: Cluster, zone: str) -> Iterator[Fact]:
    """What there is to know of a question, whoever sees to it."""
    yield Fact(_("Since"), Moment(one.miss.opened_at, zone))
    if one.title:
        yield Fact(_("Programme"), one.title)
    yield Fact(_("Asked in"), Listed(tuple(map(_in_language, one.languages.items()))))
    if one.miss.contact:
        yield Fact(_("Belongs to"), one.miss.contact)
    if one.names:
        yield Fact(_("Asked by"), Listed(one.names))


def _in_language(counted: tuple[str, int]) -> Words:
    language, times = counted
    name = faq.language_name(language)
    return _("{language} ({n})", language=name, n=times) if times > 1 else name


def _owner(owner: Owner) -> Words:
    if owner.mine:
        return _("you")
    return _("{name}, who is away. Please take over.", name=owner.name) if owner.away else owner.name


def _take(one: Cluster, place: str) -> tuple[Button, ...]:
    if one.owner is not None and one.owner.mine:
        return ()
    seen = one.owner.person if one.owner is not None else ""
    return (Button(_("I take this on"), Action(TAKE, f"{place} {seen}".rstrip())),)


def _ways(one: Cluster, place: str) -> tuple[Button, ...]:
    return (
        Button(_("Answer"), Action(ANSWER, one.miss.id), tone=Tone.PRIMARY, opens_form=True),
        Button(_("There is an answer already"), Action(MATCH, one.miss.id), opens_form=True),
        Button(_("Hand over"), Action(HAND_OVER, one.miss.id), opens_form=True),
        Button(_("Nothing to answer"), Action(DISMISS, place)),
    )


def _ways_of_doubt(one: Cluster, place: str) -> tuple[Button, ...]:
    return (
        Button(_("Change the answer"), Action(ANSWER, one.miss.id), tone=Tone.PRIMARY, opens_form=True),
        Button(_("Hand over"), Action(HAND_OVER, one.miss.id), opens_form=True),
        Button(_("The answer is right"), Action(RIGHT, place)),
    )


def _answered(one: Cluster, queue: Queue) -> Item:
    """What was answered, with the way to correct it."""
    given: tuple[Fact, ...] = ()
    if one.miss.answered_at is not None:
        given = (Fact(_("Answered"), Moment(one.miss.answered_at, queue.zone)),)
    return Item(
        _("Answered: {question}", question=one.miss.text),
        (one.miss.answer,),
        facts=given,
        buttons=(
            Button(_("Correct the answer"), Action(CORRECT, one.miss.id), opens_form=True),
            Button(_("Take it down"), Action(TAKE_DOWN, f"{one.miss.id} {queue.about}:{queue.start}")),
        ),
    )


def _bullet(text: str) -> Text:
    return _("• {what}", what=text)


# --- What has come of a press -----------------------------------------------------------------------------------------


def taken() -> Said:
    return Said(_("You have taken this on. Whoever asked can see that somebody is seeing to it."))


def taken_by(name: str) -> Said:
    return Said(_("{name} has just taken this on.", name=name) if name else _("Somebody has just taken this on."))


def dismissed(undo: str, people: int) -> Said:
    """`people`: how many hear of it, unless it is taken back before."""
    line = n_(
        "Put aside. {n} person who asked is told in ten minutes.",
        "Put aside. {n} people who asked are told in ten minutes.",
        people,
    )
    return Said(line if people else _("Put aside."), undo)


def found_right() -> Said:
    return Said(_("The answer stays as it is. Whom it helps is counted anew from now on."))


def reopened() -> Said:
    return Said(_("It is back among the questions."))


def settled_before() -> Said:
    return Said(_("Somebody else has seen to this meanwhile."))


# --- To those who asked -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way to somebody who asked."""

    inquiry: str  # id
    question: str  # as they asked it: untrusted
    answer: Localised
    languages: tuple[str, ...]  # that the reader wants, the best first
    by: str = ""  # name of the coordinator
    day: date | None = None
    corrected: bool = False  # they have had another answer before
    kept: bool = True  # among the questions and answers, so that it counts whom it helps
    hides_links: bool = False  # that the reader may not have


def put_aside(question: str) -> Card:
    """Nobody answers what they asked."""
    return Card(
        _("Your question has been put aside"),
        body=(
            _("You asked: {question}", question=question),
            _("Nobody has answered it. If you still want to know, ask a human."),
        ),
        buttons=(faq.ask_human(),),
    )


_NEIGHBOURS = {"nb": "nn", "nn": "nb"}


def told(reply: Reply) -> Card:
    """What somebody gets who asked."""
    language, text = wording(reply.answer, reply.languages)
    foreign = language not in _understood(reply.languages)
    note = (_("The answer is written in {language}.", language=faq.language_name(language)),) if foreign else ()
    hidden = (_("Links in it are only for those who are registered."),) if reply.hides_links else ()
    return Card(
        _("The answer to your question has been corrected")
        if reply.corrected
        else _("Here is the answer to your question"),
        body=(_("You asked: {question}", question=reply.question), text, *note, *hidden),
        facts=tuple(_signed(reply)),
        items=(faq.did_it_help(reply.inquiry),) if reply.kept else (),
        buttons=() if reply.kept else (faq.ask_human(reply.inquiry),),
    )


def wording(answer: Localised, languages: Sequence[str]) -> tuple[str, str]:
    """The language and the text in which somebody gets an answer: one that they understand, or the original."""
    code = next((one for one in _understood(languages) if answer.wordings.get(one)), next(iter(answer.wordings)))
    return code, answer.wordings[code]


def _understood(languages: Sequence[str]) -> tuple[str, ...]:
    """These, and either Norwegian beside the other."""
    return tuple(one for wanted in languages for one in (wanted, _NEIGHBOURS.get(wanted, wanted)))


def _signed(reply: Reply) -> Iterator[Fact]:
    if reply.day is None:
        return
    day = Day(reply.day)
    yield Fact(_("Answered by"), _("{name}, {day}", name=reply.by, day=day)) if reply.by else Fact(_("Answered"), day)
