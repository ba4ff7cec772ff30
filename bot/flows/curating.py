"""The list of questions with their answers, one of them as it is shown, and what a coordinator can do with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from bot.domain.faq import COMMON, Age, Entry, Outcome, Standing, Tally
from bot.domain.values import dataclass
from bot.domain.words import Day, Listed, Words, _, n_
from bot.flows import faq
from bot.flows.faq import Given
from bot.messages import Action, Button, Card, Fact, Item, Tone

FAQ = "faq"  # the list; about a `Place`
SHOW = "faq_show"  # about an entry
CHOOSE = "faq_choose"  # whose questions the list has
ADD = "faq_add"  # about a programme, or `EVERYWHERE`, or nothing
EDIT = "faq_edit"  # about an entry
ADD_LANGUAGE = "faq_language"  # about an entry
RETIRE = "faq_retire"  # about an entry
RESTORE = "faq_restore"  # about an entry
HISTORY = "faq_history"  # about an entry, and from which change on
REVERT = "faq_revert"  # about an entry, the version to go back to, and the one that stands
PHRASINGS = "faq_phrasings"  # ways to ask that are proposed; from which on
ACCEPT = "faq_accept"  # about a phrasing
REJECT = "faq_reject"  # about a phrasing
TRY = "faq_try"  # the test box
PASTE = "faq_paste"
TRY_SEVERAL = "faq_try_several"  # about a programme, or nothing
CAUTION = "faq_caution"  # about a programme, or `EVERYWHERE`, or nothing

EVERYWHERE = "*"
"""In the place of a programme's id: what holds for all of them."""

MOST = 8
"""Questions in one message; the others follow with "Show more"."""

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is in the list."""

    of: str = ""  # id of a programme, `EVERYWHERE`, or nothing for all that one may see
    retired: bool = False  # only what is not used any more
    start: int = 0  # the first that is shown

    def __str__(self) -> str:
        return f"{self.of}:{'retired' if self.retired else ''}:{self.start}" if self != Place() else ""


def place_of(about: str) -> Place:
    """What a button of the list is about; raises nothing, whatever comes."""
    of, retired, start = (*about.split(":"), "", "")[:3]
    number = int(start) if start.isascii() and start.isdecimal() and len(start) < _DIGITS else 0
    return Place(of, retired == "retired", number)


@dataclass(frozen=True, slots=True)
class Aged:
    """An entry, and how it stands to the day on which somebody looks."""

    entry: Entry
    age: Age


@dataclass(frozen=True, slots=True)
class Shelf:
    """The questions of one programme, or those that hold for all."""

    of: str  # id of the programme, or `EVERYWHERE`
    title: Words
    found: tuple[Aged, ...] = field(default=())  # in the order in which they are shown


@dataclass(frozen=True, slots=True)
class Tools:
    """What is there for a coordinator."""

    proposed: int = 0  # ways to ask that somebody has to decide about
    retired: int = 0
    tally: Tally = field(default_factory=Tally)  # of the last month


def everywhere() -> Words:
    return _("All programmes")


# --- The list ---------------------------------------------------------------------------------------------------------


def listing(shelves: Sequence[Shelf], place: Place, tools: Tools | None = None) -> Card:
    """The questions from this one on. `tools` is for coordinators."""
    rows = [(shelf, one) for shelf in shelves for one in shelf.found]
    start = place.start if place.start < len(rows) else 0
    shown = rows[start : start + MOST]
    several = sum(bool(shelf.found) for shelf in shelves) > 1
    return Card(
        _("Questions no longer in use") if place.retired else _("Questions and answers"),
        body=(
            *_introduction(shelves, place, rows=len(rows), start=start, shown=len(shown)),
            *(_lately(tools.tally) if tools is not None and not place.retired else ()),
        ),
        items=tuple(_question(*row, several=several, coordinates=tools is not None) for row in shown),
        buttons=tuple(_ways(replace(place, start=start), len(rows), several=several, tools=tools)),
    )


def _lately(tally: Tally) -> Iterator[Words]:
    """How it has gone for those who asked."""
    if tally.asked:
        yield n_(
            "{n} question in the last 30 days: {answered} answered, {helped} said that it helped, {not_helped} that it"
            " did not.",
            "{n} questions in the last 30 days: {answered} answered, {helped} said that it helped, {not_helped} that it"
            " did not.",
            tally.asked,
            answered=tally.outcomes.get(Outcome.ANSWERED, 0),
            helped=tally.helped,
            not_helped=tally.not_helped,
        )


def _introduction(shelves: Sequence[Shelf], place: Place, *, rows: int, start: int, shown: int) -> Iterator[Words]:
    if place.of and len(shelves) == 1:
        yield shelves[0].title
    if not rows:
        yield _("There is nothing here yet.")
    if not place.retired:
        yield _("You can also just ask me, in your own words.")
    if shown < rows:
        yield _("{first}–{last} of {all}", first=start + 1, last=start + shown, all=rows)


def _question(shelf: Shelf, one: Aged, *, several: bool, coordinates: bool) -> Item:
    lines = (*((shelf.title,) if several else ()), *_mark(one))
    entry = one.entry
    show = Button(_("Show the answer"), Action(SHOW, entry.id))
    if not coordinates:
        return Item(entry.question, lines, buttons=(show,))
    last = restore(entry) if entry.standing is Standing.RETIRED else edit(entry)
    return Item(entry.question, lines, buttons=(show, last))


def _mark(one: Aged) -> tuple[Words, ...]:
    """What one has to know of it besides the question."""
    if one.age is Age.PAST:
        return (_("Applied to {edition}", edition=one.entry.held_in),)
    if one.age is Age.COMING and one.entry.valid_from is not None:
        return (_("Valid from {day}", day=Day(one.entry.valid_from)),)
    return ()


def _ways(place: Place, rows: int, *, several: bool, tools: Tools | None) -> Iterator[Button]:
    following = replace(place, start=place.start + MOST)
    if following.start < rows:
        yield Button(_("Show more"), Action(FAQ, str(following)))
    if several:
        yield Button(_("Choose programme"), Action(CHOOSE))
    elif place != Place():
        yield all_questions()
    if tools is not None:
        yield from _tools(place, tools)


def _forms(about: str) -> Iterator[Button]:
    yield Button(_("New question"), Action(ADD, about), tone=Tone.PRIMARY, opens_form=True)
    yield Button(_("Paste several"), Action(PASTE, about), opens_form=True)
    yield Button(_("Test a question"), Action(TRY, about), opens_form=True)
    yield Button(_("Test several"), Action(TRY_SEVERAL, about), opens_form=True)
    yield how_sure(about)


def _tools(place: Place, tools: Tools) -> Iterator[Button]:
    yield from _forms(place.of)
    if tools.proposed:
        yield Button(_("Suggested wordings ({n})", n=tools.proposed), Action(PHRASINGS))
    if tools.retired and not place.retired:
        yield Button(_("No longer in use ({n})", n=tools.retired), Action(FAQ, str(Place(place.of, retired=True))))


def how_sure(about: str) -> Button:
    return Button(_("How sure I have to be"), Action(CAUTION, about), opens_form=True)


def toolbox(about: str) -> Card:
    """The ways to the coordinators' forms, where none can be opened at once."""
    return Card(
        _("Questions and answers"),
        body=(_("What would you like to do?"),),
        buttons=(*_forms(about), all_questions()),
    )


def all_questions() -> Button:
    return Button(_("All questions"), Action(FAQ))


def choose(shelves: Sequence[Shelf]) -> Card:
    """Whose questions one wants to see."""
    return Card(
        _("Choose programme"),
        items=tuple(_shelf(shelf) for shelf in shelves if shelf.found),
        buttons=(all_questions(),),
    )


def _shelf(shelf: Shelf) -> Item:
    count = n_("{n} question", "{n} questions", len(shelf.found))
    show = Button(_("Show the questions"), Action(FAQ, str(Place(shelf.of))))
    return Item(shelf.title, (count,), buttons=(show,))


# --- One question -----------------------------------------------------------------------------------------------------


def as_shown(given: Given) -> Card:
    """The answer as whoever asks is shown it, without the question whether it helped."""
    return replace(faq.answer(given, said=True), buttons=(*given.told.buttons, all_questions()), footnote="")


def for_coordinator(one: Aged, given: Given) -> Card:
    """The answer with all that a coordinator has to know of it, and can do with it."""
    card, entry = as_shown(given), one.entry
    retired = (_("No longer in use: nobody is given this answer."),) if entry.standing is Standing.RETIRED else ()
    coming = _mark(one) if one.age is Age.COMING else ()
    return replace(
        card,
        body=(*retired, *coming, *card.body),
        facts=(*card.facts, *settings(entry)),
        items=(*card.items, *ways_to_ask(entry.alternates)),
        buttons=(*given.told.buttons, *_do(entry)),
    )


def ways_to_ask(alternates: Sequence[str]) -> tuple[Item, ...]:
    if not alternates:
        return ()
    return (Item(_("Other ways to ask"), tuple(_("• {what}", what=one) for one in alternates)),)


def settings(entry: Entry) -> Iterator[Fact]:
    """When an entry holds, and the languages it is there in."""
    yield Fact(_("Languages"), Listed(tuple(faq.language_name(language) for language in entry.question.wordings)))
    if entry.edition:
        yield Fact(_("Edition"), entry.edition)
    if entry.valid_from is not None:
        yield Fact(_("Valid from"), Day(entry.valid_from))
    if entry.valid_until is not None:
        yield Fact(_("Valid until"), Day(entry.valid_until))


def missing(entry: Entry) -> tuple[str, ...]:
    """The languages in which the question or its answer is not there yet."""
    return tuple(
        one for one in faq.LANGUAGES if not entry.question.wordings.get(one) or not entry.answer.wordings.get(one)
    )


def _do(entry: Entry) -> Iterator[Button]:
    if entry.standing is Standing.RETIRED:
        yield restore(entry)
    else:
        yield edit(entry)
        if missing(entry):
            yield add_language(entry)
        yield Button(_("Take out of use"), Action(RETIRE, entry.id), tone=Tone.DANGER)
    yield history(entry)
    yield all_questions()


def edit(entry: Entry) -> Button:
    return Button(_("Change"), Action(EDIT, entry.id), opens_form=True)


def add_language(entry: Entry) -> Button:
    return Button(_("Add a language"), Action(ADD_LANGUAGE, entry.id), opens_form=True)


def restore(entry: Entry) -> Button:
    return Button(_("Use it again"), Action(RESTORE, entry.id))


def show(entry: Entry) -> Button:
    return Button(_("Show the answer"), Action(SHOW, entry.id))


def history(entry: Entry) -> Button:
    return Button(_("Earlier versions"), Action(HISTORY, entry.id))


def undo(entry: Entry, version: int) -> Button:
    """The way back to an earlier version."""
    return Button(_("Undo"), Action(REVERT, f"{entry.id} {version} {entry.version}"))


def retired(entry: Entry) -> Card:
    undo = Button(_("Undo"), Action(RESTORE, entry.id), tone=Tone.PRIMARY)
    return Card(
        _("No longer in use"),
        body=(entry.question, _("Nobody is given this answer any more. You find it at the end of the list.")),
        buttons=(undo, all_questions()),
        tone=Tone.GOOD,
    )


def restored(entry: Entry) -> Card:
    undo = Button(_("Undo"), Action(RETIRE, entry.id))
    return Card(_("In use again"), body=(entry.question,), buttons=(show(entry), undo, all_questions()), tone=Tone.GOOD)


def of_programme(place: str) -> str:
    """The programme as entries name it: `EVERYWHERE` is `COMMON` there."""
    return COMMON if place == EVERYWHERE else place
