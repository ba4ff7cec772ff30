"""What help people ask for: the organiser's list, one answer to several needs, and what everybody is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from rapidfuzz import fuzz

from bot.conversation import Flow
from bot.domain.refusals import FieldRefused
from bot.domain.values import dataclass
from bot.domain.words import Listed, Localised, Text, Words, _, n_
from bot.flows import buttons
from bot.messages import Action, Button, Card, ChoiceField, Fact, Form, Item, Option, TextField, Tone

ANSWER = "answer_needs"  # about a programme and, perhaps, the need to begin with
CORRECT = "correct_needs"  # about one of the needs that were answered together

TAKE_DOWN = "take_down_answer"  # about the same; so is the next
CONFIRM_TAKE_DOWN = "take_down_answer_confirmed"

MOST = 8
"""Needs in one message; the others follow with "Show more"."""

_MOST_AT_ONCE, _MOST_LETTERS = 40, 12_000
"""Choices in the form, and characters in all of them: a form cannot be divided into several messages."""

MOST_ANSWERED = 3
"""Answers that the list shows again, so that they can be corrected."""

MOST_RECURRING = 6
_FORMS = 3  # of a word; they only show which one is meant

LONGEST = 1200
"""Characters of an answer."""

_ALIKE = 75  # of 100: how many of the words two needs have in common


@dataclass(frozen=True, slots=True)
class Need:
    """A post that asks for help. There is no author."""

    id: str
    text: str  # untrusted
    role: Localised  # the box it stands in; empty for the box of everybody


@dataclass(frozen=True, slots=True)
class Answered:
    """Needs that were answered together."""

    needs: tuple[Need, ...]
    text: str  # untrusted


@dataclass(frozen=True, slots=True)
class Queue:
    """What is asked for in a programme."""

    programme: str  # id
    title: Words
    needs: tuple[Need, ...]  # not answered, the oldest first
    answered: tuple[Answered, ...] = ()  # the newest first


@dataclass(frozen=True, slots=True)
class Recurring:
    """A word that comes back: counted, not understood."""

    words: tuple[str, ...]  # its forms, as they were written: untrusted
    count: int  # posts that have it
    looked_at: int  # posts altogether
    roles: tuple[Localised, ...] = ()


# --- The list ---------------------------------------------------------------------------------------------------------


def beside_alike(needs: Sequence[Need]) -> list[tuple[Need, bool]]:
    """The needs with those that are alike next to each other, and whether each is like the one before it.

    They are never made one: whoever reads them decides.
    """
    left, found = list(needs), []
    while left:
        first = left.pop(0)
        alike = [one for one in left if _alike(first, one)]
        left = [one for one in left if one not in alike]
        found += [(first, False), *((one, True) for one in alike)]
    return found


def _alike(one: Need, other: Need) -> bool:
    return fuzz.token_sort_ratio(one.text.casefold(), other.text.casefold()) >= _ALIKE


def card(queues: Sequence[Queue], about: str, start: int = 0, recurring: Sequence[Recurring] = ()) -> Card:
    """What waits for an answer, from this need on, and what was answered last."""
    rows = [(queue, need, alike) for queue in queues for need, alike in beside_alike(queue.needs)]
    start = start if start < len(rows) else 0
    shown = rows[start : start + MOST]
    several = len(queues) > 1
    return Card(
        _("What people need help with"),
        body=tuple(_introduction(len(rows), start, len(shown))),
        items=(
            *(_waiting(*row, several=several) for row in shown),
            *_recurring(recurring),
            *(_done(one) for queue in queues for one in queue.answered[:MOST_ANSWERED]),
        ),
        buttons=tuple(_ways(queues, about, start + MOST if start + MOST < len(rows) else 0)),
    )


def _introduction(all: int, start: int, shown: int) -> Iterator[Words]:
    if not all:
        yield _("Everything that was asked for has an answer.")
        return
    yield n_("{n} waits for an answer.", "{n} wait for an answer.", all)
    yield _("One answer can be for several. It goes to everybody in the programme, and into the next agenda.")
    if shown < all:
        yield _("{first}–{last} of {all}", first=start + 1, last=start + shown, all=all)


def _waiting(queue: Queue, need: Need, alike: bool, *, several: bool) -> Item:
    lines: tuple[Words, ...] = (
        *((need.role,) if need.role else ()),
        *((queue.title,) if several else ()),
        *((_("Much like the one before."),) if alike else ()),
    )
    answer = Button(_("Answer"), Action(ANSWER, f"{queue.programme} {need.id}"), opens_form=True)
    return Item(need.text, lines, buttons=(answer,))


def _recurring(found: Sequence[Recurring]) -> Iterator[Item]:
    if found:
        counted = _("Counted by the letters of the words. What people mean, only they can say.")
        yield Item(_("Words that come back"), (counted,), facts=tuple(map(_often, found)))


def _often(one: Recurring) -> Fact:
    times = n_("in {n} of {all} posts", "in {n} of {all} posts", one.count, all=one.looked_at)
    forms = ", ".join(one.words[:_FORMS])
    return Fact(forms, _("{times}: {roles}", times=times, roles=Listed(one.roles)) if one.roles else times)


def _done(one: Answered) -> Item:
    correct = Button(_("Correct the answer"), Action(CORRECT, one.needs[0].id), opens_form=True)
    take_down = Button(_("Take it down"), Action(TAKE_DOWN, one.needs[0].id))
    return Item(
        _("Answered: {need}", need=one.needs[0].text),
        (*(_bullet(need.text) for need in one.needs[1:]), one.text),
        buttons=(correct, take_down),
    )


def _ways(queues: Sequence[Queue], about: str, following: int) -> Iterator[Button]:
    if following:
        yield Button(_("Show more"), Action(buttons.NEEDS, f"{about}:{following}"))
    for queue in queues:
        if len(queue.needs) > 1:
            label = _("Answer several: {title}", title=queue.title) if len(queues) > 1 else _("Answer several")
            yield Button(label, Action(ANSWER, queue.programme), tone=Tone.PRIMARY, opens_form=True)
    yield buttons.STATUS_OF_ALL


def waiting(round: str, title: Words, count: int) -> Card:
    """A matter: a round has closed in which people asked for help."""
    return Card(
        n_("{n} need waits for your answer", "{n} needs wait for your answer", count),
        body=(title, _("What you answer goes to everybody in the programme.")),
        buttons=(Button(_("See what they need"), Action(buttons.NEEDS, round), tone=Tone.PRIMARY),),
    )


# --- Answering --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered; `corrects` is one of the needs whose answer is written anew."""

    programme: str
    needs: tuple[str, ...] = ()
    text: str = ""
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at."""

    needs: tuple[Need, ...]  # that can be answered: all that wait, or those that were answered together
    people: int = 0  # whom the answer goes to
    channels: int = 0


class HelpDesk(Protocol):
    """What the flow acts through."""

    def answer(self, programme: str, needs: tuple[str, ...], text: str) -> int:
        """Answer these needs and tell everybody; how many messages go. Raises `Gone` when somebody was first."""

    def correct(self, need: str, text: str) -> int:
        """Let everybody who was told read this instead; how many messages are changed."""


flow: Flow[Draft, Facts, HelpDesk] = Flow(ANSWER, Draft, version=1)


@flow.ask("answer")
def ask(draft: Draft, facts: Facts) -> Form:
    answer = TextField(
        "text", _("Your answer"), _("It is shown exactly as you write it."), long=True, max_chars=LONGEST
    )
    if draft.corrects:
        asked = tuple(_bullet(need.text) for need in facts.needs)
        return Form(_("Correct the answer"), (answer,), submit=_("Preview"), intro=asked)
    offered = _offered(draft, facts)
    more = len(facts.needs) - len(offered)
    later = n_("{n} more comes afterwards.", "{n} more come afterwards.", more)
    options = tuple(Option(need.id, need.text, need.role) for need in offered)
    return Form(
        _("Answer what people need"),
        (ChoiceField("needs", _("Which of these do you answer?"), options, many=True), answer),
        submit=_("Preview"),
        intro=(later,) if more > 0 else (),
    )


def _offered(draft: Draft, facts: Facts) -> list[Need]:
    """As many needs as one form has room for: the one it was opened for, then the oldest."""
    ordered = [need for need, _is_alike in beside_alike(facts.needs)]
    ordered.sort(key=lambda need: need.id not in draft.needs)
    found: list[Need] = []
    letters = 0
    for need in ordered[:_MOST_AT_ONCE]:
        letters += len(need.text)
        if found and letters > _MOST_LETTERS:
            break
        found.append(need)
    return found


@flow.check("answer")
def check(draft: Draft, facts: Facts) -> Draft:
    if not draft.corrects and not _chosen(draft, facts):
        raise FieldRefused("needs", _("Please choose at least one."))
    return draft


def _chosen(draft: Draft, facts: Facts) -> tuple[Need, ...]:
    if draft.corrects:
        return facts.needs
    return tuple(need for need in facts.needs if need.id in draft.needs)


@flow.ask("look")
def look(draft: Draft, facts: Facts) -> Form:
    """The message before it goes to everybody."""
    told = told_to_all(tuple(need.text for need in _chosen(draft, facts)), draft.text)
    people = n_("{n} participant", "{n} participants", facts.people)
    whom = Listed((people, n_("{n} channel", "{n} channels", facts.channels)) if facts.channels else (people,))
    goes_to: Words = _("Those who got it before") if draft.corrects else whom
    return Form(
        _("This is what they get"),
        submit=_("Send"),
        intro=(told.title, *told.body),
        facts=(Fact(_("Goes to"), goes_to),),
    )


@flow.on_done
def done(draft: Draft, facts: Facts, desk: HelpDesk) -> Card:
    if draft.corrects:
        count = desk.correct(draft.corrects, draft.text)
        title = n_("{n} message has been changed", "{n} messages have been changed", count)
    else:
        chosen = tuple(need.id for need in _chosen(draft, facts))
        count = desk.answer(draft.programme, chosen, draft.text)
        title = n_("Your answer goes out in {n} message", "Your answer goes out in {n} messages", count)
    more = Button(_("See what they need"), Action(buttons.NEEDS, draft.programme))
    return Card(title, body=(_("It is on the board too, and in the next agenda."),), buttons=(more,), tone=Tone.GOOD)


def told_to_all(needs: Sequence[str], text: str, *, board: str = "", corrected: bool = False) -> Card:
    """What everybody gets."""
    asked: tuple[Words, ...] = (needs[0],) if len(needs) == 1 else tuple(map(_bullet, needs))
    return Card(
        _("You asked for help with this"),
        body=(
            *asked,
            _("Here it is: {answer}", answer=text),
            *((_("This answer has been corrected."),) if corrected else ()),
        ),
        buttons=(Button(_("Open the board"), Action(buttons.BOARD, board)),) if board else (),
    )


# --- Taking it down ---------------------------------------------------------------------------------------------------


def ask_to_take_down(one: Answered, programme: str) -> Card:
    return Card(
        _("Take the answer down?"),
        body=(
            *(_bullet(need.text) for need in one.needs),
            one.text,
            _(
                "It goes from the board and from the next agenda. Those who got it see that it has been taken down, "
                "where their messages can be changed. The question waits for an answer again."
            ),
        ),
        buttons=(
            Button(_("Yes, take it down"), Action(CONFIRM_TAKE_DOWN, one.needs[0].id), tone=Tone.DANGER),
            Button(_("No, keep it"), Action(buttons.NEEDS, programme)),
        ),
    )


def taken_down(count: int, programme: str) -> Card:
    return Card(
        n_(
            "The answer has been taken down, in {n} message too",
            "The answer has been taken down, in {n} messages too",
            count,
        ),
        buttons=(Button(_("See what they need"), Action(buttons.NEEDS, programme)),),
        tone=Tone.GOOD,
    )


def told_no_longer(needs: Sequence[str]) -> Card:
    """What everybody who got the answer sees in its place."""
    asked: tuple[Words, ...] = (needs[0],) if len(needs) == 1 else tuple(map(_bullet, needs))
    return Card(
        _("You asked for help with this"),
        body=(*asked, _("The answer that stood here was not right and has been taken down.")),
    )


def _bullet(need: str) -> Text:
    return _("• {what}", what=need)
