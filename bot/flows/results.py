"""What came of a self-assessment in chat: the result, what is shown to those who answered, and two rounds compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain import figures
from bot.domain.assessment import (
    Change,
    Comparison,
    Move,
    Result,
    Row,
    disagreements,
    least,
    role_differences,
)
from bot.domain.figures import Drawing
from bot.domain.programmes import Programme, local_day
from bot.domain.rounds import Mode, Round
from bot.domain.values import dataclass
from bot.domain.words import Day, Text, Words, _, n_
from bot.messages import Action, Bars, Button, Card, Chart, Fact, Item, Notice, Tone

RESULTS = "results"  # about a round, or nothing to choose one
SHARE = "share_results"  # about a round
COMPARE = "compare_results"  # about a round, perhaps with an earlier one after it

MOST_DRAWN = 12
"""Areas or questions that are drawn as bars in a message."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A result with what stands around it."""

    result: Result
    programme: Programme
    page: str  # address
    is_shared: bool = False  # those who were asked have been shown it
    comparable: bool = False  # there is an earlier round
    organisation: str = ""  # the name of the only one that was asked

    @property
    def round(self) -> Round:
        return self.result.round


def button(about: Round) -> Button:
    """The way to a round's result."""
    return Button(_("Result"), Action(RESULTS, about.id))


# --- One round --------------------------------------------------------------------------------------------------------


def for_coordinators(shown: Shown) -> Card:
    """Everything that may be shown, with what can be done with it."""
    result = shown.result
    return Card(
        _("Result: {title}", title=shown.round.title),
        body=(*_whose(shown), *_introduction(result)),
        items=(
            *(_level(result, row, result.shown()) for row in _levels(result) if _says_anything(result)),
            *_questions(_("Where you disagree most"), map(_apart, disagreements(result.rows))),
            *_questions(_("Where the roles differ most"), (_roles(result, r) for r in role_differences(result.rows))),
        ),
        buttons=tuple(_ways(shown)),
        chart=_chart(figures.drawing(result, result.shown())),
    )


def _whose(shown: Shown) -> Iterator[Words]:
    yield shown.programme.title
    if shown.organisation:
        yield shown.organisation


def _ways(shown: Shown) -> Iterator[Button]:
    yield Button(_("Open the result"), url=shown.page, tone=Tone.PRIMARY)
    if not shown.is_shared and _says_anything(shown.result):
        yield Button(_("Show it to those who were asked"), Action(SHARE, shown.round.id))
    if shown.comparable:
        yield Button(_("Compare"), Action(COMPARE, shown.round.id))


def for_participants(shown: Shown, role: str) -> Card:
    """All together, and beside it the reader's own role."""
    result, mine = shown.result, [role] if role in shown.result.shown() and len(shown.result.roles) > 1 else []
    return Card(
        _("Result: {title}", title=shown.round.title),
        body=(*_whose(shown), *_introduction(result), *_own_role(result, role)),
        items=(
            *(_level(result, row, mine) for row in _levels(result)),
            *_questions(_("Where you disagree most"), map(_apart, disagreements(result.rows))),
        ),
        buttons=(Button(_("Open the result"), url=shown.page, tone=Tone.PRIMARY),),
        chart=_chart(figures.drawing(result, mine)),
    )


def every_figure(shown: Shown) -> Card:
    """All that may be shown, statement by statement, without a way on: for those who see figures and nothing else."""
    result = shown.result
    rows = (*result.areas, *result.rows)
    return Card(
        _("Result: {title}", title=shown.round.title),
        body=() if _says_anything(result) else (_too_few(result),),
        items=tuple(_level(result, row, tuple(result.roles)) for row in rows),
    )


def _own_role(result: Result, role: str) -> Iterator[Words]:
    if role in result.roles and role not in result.shown():
        yield _("Too few of your role have answered for it to be shown by itself.")


def _says_anything(result: Result) -> bool:
    return any(row.by_role for row in result.rows)


def _levels(result: Result) -> Sequence[Row]:
    """The areas, or else the questions."""
    return result.areas or result.rows


def _introduction(result: Result) -> Iterator[Words]:
    if not _says_anything(result):
        yield _too_few(result)
        return
    if result.round.mode is Mode.NOTES:
        yield _("This is what the groups have agreed on: a rating is a group’s.")
    if result.areas:
        yield n_("{n} statement, with all figures, is on the page.",
                 "All {n} statements, with all figures, are on the page.", len(result.rows))  # fmt: skip
    silent = tuple(figures.role_name(result, role) for role in result.roles if role not in result.shown())
    for name in silent:
        yield _("{role}: too few have answered to be shown.", role=name)


def _too_few(result: Result) -> Text:
    if result.round.mode is Mode.NOTES:
        return _("No group has rated anything, so there is nothing to show.")
    if not result.round.is_by_role:
        return n_(
            "Nothing can be shown: it takes answers from at least {n} person.",
            "Nothing can be shown: it takes answers from at least {n} people.",
            least(result.round),
        )
    return n_(
        "Nothing can be shown: it takes answers from at least {n} person of a role.",
        "Nothing can be shown: it takes answers from at least {n} people of a role.",
        least(result.round),
    )


def _level(result: Result, row: Row, roles: Sequence[str]) -> Item:
    """An area or a question: all together, and these roles where there are several."""
    together = row.together
    line = figures.in_words(together, row.scale) if together is not None else figures.HIDDEN
    several = len(result.roles) > 1
    facts = (Fact(figures.role_name(result, role), _figure(row, role)) for role in roles if several)
    return Item(row.text, (line,), tuple(facts))


def _figure(row: Row, role: str) -> Words:
    figure = row.by_role.get(role)
    return figures.in_words(figure, row.scale) if figure is not None else figures.HIDDEN


def _questions(title: Text, found: Iterator[Fact]) -> Iterator[Item]:
    facts = tuple(found)
    if facts:
        yield Item(title, facts=facts)


def _apart(row: Row) -> Fact:
    assert row.together is not None, "people only disagree where something is shown"
    return Fact(row.text, figures.in_words(row.together, row.scale))


def _roles(result: Result, row: Row) -> Fact:
    means = sorted(row.by_role.items(), key=lambda one: one[1].mean)
    (low, lowest), (high, highest) = means[0], means[-1]
    return Fact(row.text, _("{low} {lowest}, {high} {highest}", low=figures.role_name(result, low),
                            lowest=figures.tenths(lowest.mean_tenths), high=figures.role_name(result, high),
                            highest=figures.tenths(highest.mean_tenths)))  # fmt: skip


def _chart(drawn: Drawing | None) -> Chart | None:
    """The levels as bars, as long as there are so few that they can be told apart: all of them are on the page."""
    if drawn is None or len(drawn.labels) > MOST_DRAWN:
        return None
    bars = tuple(Bars(one.name, one.tenths) for one in drawn.series)
    return Chart(_("Mean, {scale}", scale=figures.ends(drawn.scale)), drawn.labels, bars,
                 drawn.scale.least, drawn.scale.most)  # fmt: skip


# --- Showing it to others ---------------------------------------------------------------------------------------------


def told(shown: Shown, people: int) -> Card:
    """The receipt of whoever has shown a result."""
    return Card(
        _("Shown: {title}", title=shown.round.title),
        body=(
            shown.programme.title,
            n_("The result goes to {n} person.", "The result goes to {n} people.", people),
            _("Everybody sees their own role beside all together. They find it again with the word “results”."),
        ),
        buttons=(button(shown.round),),
        tone=Tone.GOOD,
    )


def choose(found: Sequence[tuple[Round, Programme]], organisations: Mapping[str, str]) -> Card:
    """Which result; a round that one organisation was asked alone bears its name, given by its key."""
    return Card(
        _("Results"),
        body=(_("Which result do you want to see?"),),
        items=tuple(_entry(about, programme, organisations.get(about.organisation, "")) for about, programme in found),
    )


def _entry(about: Round, programme: Programme, organisation: str) -> Item:
    whose = (organisation,) if organisation else ()
    return Item(about.title, (programme.title, *whose, *_day(about, programme)), buttons=(button(about),))


def _day(about: Round, programme: Programme) -> Iterator[Day]:
    if about.closed_at is not None:
        yield Day(local_day(about.closed_at, programme.zone))


def nothing(*, coordinator: bool) -> Notice:
    """What people think of a meeting is for coordinators, and stands elsewhere."""
    if coordinator:
        return Notice(_("There is no result to see. Feedback on meetings stands with the programme in “status”."))
    return Notice(_("There is no result for you to see. When one is shown to you, you get a message."))


def gone() -> Text:
    return _("That result is no longer here. Write “results” to see those that are.")


# --- Two rounds -------------------------------------------------------------------------------------------------------


def choose_earlier(after: Round, found: Sequence[tuple[Round, Programme]]) -> Card:
    """Which earlier round to compare with."""
    return Card(
        _("Compare: {title}", title=after.title),
        body=(_("Which earlier round do you want to compare with?"), figures.NOT_THE_SAME_PEOPLE),
        items=tuple(_earlier(after, about, programme) for about, programme in found),
    )


def _earlier(after: Round, about: Round, programme: Programme) -> Item:
    button = Button(_("Compare"), Action(COMPARE, f"{after.id} {about.id}"))
    edition = (programme.edition,) if programme.edition else ()
    return Item(about.title, (programme.title, *edition, *_day(about, programme)), buttons=(button,))


def compared(found: Comparison, programme: Programme, page: str) -> Card:
    """Two rounds beside each other."""
    before, after = figures.when(found.before.round, found.after.round, programme.zone)
    return Card(
        _("{before} and {after}: {title}", before=before, after=after, title=found.after.round.title),
        body=(programme.title, figures.NOT_THE_SAME_PEOPLE, *_mapped(found)),
        items=(
            *(Item(move.after.text, (change_in_words(move.together),)) for move in found.areas),
            *_questions(_("What has moved most"), map(_moved, found.largest())),
            *_questions(_("What remains, and is lowest"), map(_moved, found.lowest())),
        ),
        buttons=(
            Button(_("Open the comparison"), url=page, tone=Tone.PRIMARY),
            button(found.after.round),
        ),
        chart=_chart(figures.drawing_of_changes(found, before, after)),
    )


def _mapped(found: Comparison) -> Iterator[Words]:
    open_ones = [move for move in found.moves if move.together is not None]
    yield n_("{n} statement can be compared.", "{n} statements can be compared.", len(open_ones))
    blocked = len(found.moves) - len(open_ones)
    if blocked:
        yield n_("{n} cannot, since too few of a role answered it in one of the rounds.",
                 "{n} cannot, since too few of a role answered them in one of the rounds.", blocked)  # fmt: skip
    apart = (
        (_("New"), found.new),
        (_("No longer asked"), found.gone),
        (_("On another scale now"), found.rescaled),
    )
    for label, rows in apart:
        if rows:
            yield n_(
                "{what}: {n}. It is named on the page.",
                "{what}: {n}. They are named on the page.",
                len(rows),
                what=label,
            )


def change_in_words(change: Change | None) -> Words:
    """Before, after and what that means, with how many and how far apart both times."""
    if change is None:
        return figures.BLOCKED
    return _(
        "{before} → {after} ({difference}), {moved}",
        before=figures.short(change.before),
        after=figures.short(change.after),
        difference=figures.difference(change.hundredths),
        moved=figures.has_moved(change),
    )


def _moved(move: Move) -> Fact:
    return Fact(move.after.text, change_in_words(move.together))
