"""A self-assessment as a page of tables, the same for the web, for Word and for paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.domain import figures
from bot.domain.assessment import Change, Comparison, Figure, Move, Result, Row, disagreements, role_differences
from bot.domain.figures import Drawing
from bot.domain.programmes import Programme, local_day
from bot.domain.rounds import Scale
from bot.domain.values import dataclass
from bot.domain.words import Day, Listed, Text, Words, _, n_
from bot.messages import Bars, Chart


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a table about one thing: its name, and a line for each group of people."""

    name: Words
    lines: tuple[tuple[Words, ...], ...]  # each as long as the table's heads, without the name


@dataclass(frozen=True, slots=True)
class Table:
    """A table; without entries it says why."""

    title: Text
    heads: tuple[Words, ...]  # the first one is that of the names
    entries: tuple[Entry, ...]
    nothing: Words = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One page, and what is looked up behind it."""

    programme: Programme
    organisation: str  # the only one that was asked; empty where everybody was
    title: Words
    remarks: tuple[Words, ...]
    chart: Chart | None
    levels: Table | None  # the areas, with the figures of the chart where there is one
    tables: tuple[Table, ...]
    method: tuple[Words, ...]
    annex: tuple[Table, ...]  # every figure; on paper from the next page on


# --- One round --------------------------------------------------------------------------------------------------------


def of_result(result: Result, programme: Programme, roles: Sequence[str], *, organisation: str = "") -> Report:
    """A round: all together, and these of its roles beside it."""
    shown = tuple(role for role in roles if len(result.roles) > 1)
    return Report(
        programme,
        organisation,
        result.round.title,
        tuple(_about(result, programme)),
        chart(figures.drawing(result, shown)),
        _areas(result, tuple(role for role in shown if role in result.shown())),
        tuple(_tables(result, shown)),
        figures.how_it_was_counted(result.round),
        (_every_statement(result, shown),),
    )


def _about(result: Result, programme: Programme) -> Iterator[Words]:
    if result.round.closed_at is not None:
        yield _("Closed {day}.", day=Day(local_day(result.round.closed_at, programme.zone)))
    for scale in dict.fromkeys(row.scale.values for row in result.rows):
        found = next(row.scale for row in result.rows if row.scale.values == scale)
        yield _("Scale: {scale}.", scale=figures.ends(found))
    yield figures.COMPACT
    if len(result.roles) > 1:
        silent = tuple(figures.role_name(result, role) for role in result.roles if role not in result.shown())
        shown = tuple(figures.role_name(result, role) for role in result.shown())
        if shown:
            yield _("“All together” are {roles}.", roles=Listed(shown))
        if silent:
            yield _("Too few have answered to be shown, and are not counted anywhere: {roles}.", roles=Listed(silent))


def _areas(result: Result, roles: Sequence[str]) -> Table | None:
    heads = (_("Area"), *_heads(result, roles))
    return Table(_("Areas"), heads, tuple(_beside(row, roles) for row in result.areas)) if result.areas else None


def _tables(result: Result, roles: Sequence[str]) -> Iterator[Table]:
    apart = disagreements(result.rows)
    heads = (_("Statement"), *_heads(result, ()))
    agreed = _("Nobody disagrees, as far as can be shown.")
    yield Table(_("Where people disagree most"), heads, tuple(_beside(row, ()) for row in apart), agreed)
    if len(roles) > 1:
        heads = (_("Statement"), *_heads(result, roles)[1:])
        differ = tuple(_only_roles(row, roles) for row in role_differences(result.rows))
        yield Table(_("Where the roles differ most"), heads, differ, _("The roles do not differ, as far as is shown."))


def _heads(result: Result, roles: Sequence[str]) -> tuple[Words, ...]:
    return (figures.TOGETHER, *(figures.role_name(result, role) for role in roles))


def _beside(row: Row, roles: Sequence[str]) -> Entry:
    cells = (row.together, *(row.by_role.get(role) for role in roles))
    return Entry(row.text, (tuple(_cell(figure) for figure in cells),))


def _only_roles(row: Row, roles: Sequence[str]) -> Entry:
    return Entry(row.text, (tuple(_cell(row.by_role.get(role)) for role in roles),))


def _cell(figure: Figure | None) -> Words:
    return figures.compact(figure) if figure is not None else figures.HIDDEN


def _every_statement(result: Result, roles: Sequence[str]) -> Table:
    chosen = _("How many chose each value")
    heads = (_("Statement"), _("Who"), _("Ratings"), _("Mean"), _("Spread"), chosen)
    return Table(_("Every statement"), heads, tuple(_distribution(result, row, roles) for row in result.rows))


def _distribution(result: Result, row: Row, roles: Sequence[str]) -> Entry:
    cells: list[tuple[Words, Figure | None]] = [(figures.TOGETHER, row.together)]
    cells += [(figures.role_name(result, role), row.by_role.get(role)) for role in roles]
    return Entry(row.text, tuple((name, *_numbers(figure), _chosen(figure, row.scale)) for name, figure in cells))


def _numbers(figure: Figure | None) -> tuple[Words, Words, Words]:
    if figure is None:
        return figures.HIDDEN, "–", "–"
    return str(figure.n), figures.tenths(figure.mean_tenths), figures.tenths(figure.spread_tenths)


def _chosen(figure: Figure | None, scale: Scale) -> Words:
    """How often each value was given, as `1: 0, 2: 3`."""
    if figure is None:
        return "–"
    return ", ".join(f"{value}: {figure.counts.get(value, 0)}" for value in scale.values)


# --- Two rounds -------------------------------------------------------------------------------------------------------


def of_comparison(found: Comparison, programme: Programme, *, organisation: str = "") -> Report:
    """The page for the elected board: two rounds beside each other, and honest about what that can say."""
    before, after = figures.when(found.before.round, found.after.round, programme.zone)
    title = _("{before} and {after}: {title}", before=before, after=after, title=found.after.round.title)
    heads = (before, after, _("Difference"), _("What it means"))
    return Report(
        programme,
        organisation,
        title,
        (figures.NOT_THE_SAME_PEOPLE, *_same_roles(found)),
        chart(figures.drawing_of_changes(found, before, after)),
        Table(_("Areas"), (_("Area"), *heads), tuple(map(_move, found.areas))) if found.areas else None,
        tuple(_board_tables(found, heads)),
        figures.how_it_was_compared(found.after.round),
        (_all_moves(found, heads), *_unmapped(found)),
    )


def _same_roles(found: Comparison) -> Iterator[Words]:
    open_ones = sum(move.together is not None for move in found.moves)
    yield n_("{n} statement can be compared.", "{n} statements can be compared.", open_ones)
    yield figures.COMPACT


def _board_tables(found: Comparison, heads: tuple[Words, ...]) -> Iterator[Table]:
    statement = (_("Statement"), *heads)
    still = _("Nothing has moved by half a step or more.")
    yield Table(_("What has moved most"), statement, tuple(map(_move, found.largest())), still)
    moved = _("Everything that can be compared has moved.")
    yield Table(_("What remains, and is lowest"), statement, tuple(map(_move, found.lowest())), moved)
    apart = tuple(_beside(row, ()) for row in disagreements(found.after.rows))
    agreed = _("Nobody disagrees, as far as can be shown.")
    yield Table(_("Where people disagree most"), (_("Statement"), heads[1]), apart, agreed)


def _move(move: Move) -> Entry:
    return Entry(move.after.text, (_change(move.together),))


def _change(change: Change | None) -> tuple[Words, ...]:
    if change is None:
        return figures.BLOCKED, "–", "–", "–"
    return (
        figures.compact(change.before),
        figures.compact(change.after),
        figures.difference(change.hundredths),
        figures.has_moved(change),
    )


def _all_moves(found: Comparison, heads: tuple[Words, ...]) -> Table:
    entries = tuple(Entry(move.after.text, tuple(_by_role(found, move))) for move in found.moves)
    return Table(_("Every statement that both rounds have"), (_("Statement"), _("Who"), *heads), entries,
                 _("The two rounds have no statement in common."))  # fmt: skip


def _by_role(found: Comparison, move: Move) -> Iterator[tuple[Words, ...]]:
    yield (figures.TOGETHER, *_change(move.together))
    for role, name in found.roles.items():
        if len(found.roles) > 1 and (role in move.by_role or role in move.blocked):
            yield (name, *_change(move.by_role.get(role)))


def _unmapped(found: Comparison) -> Iterator[Table]:
    lists: Iterable[tuple[Text, tuple[Row, ...]]] = (
        (_("New statements"), found.new),
        (_("Statements that are no longer asked"), found.gone),
        (_("Statements that are now on another scale"), found.rescaled),
    )
    for title, rows in lists:
        if rows:
            yield Table(title, (_("Statement"),), tuple(Entry(row.text, ((),)) for row in rows))


def chart(drawn: Drawing | None) -> Chart | None:
    """The drawing as a chart; None where nothing can be shown."""
    if drawn is None:
        return None
    bars = tuple(Bars(one.name, one.tenths) for one in drawn.series)
    title = _("Mean, {scale}", scale=figures.ends(drawn.scale))
    return Chart(title, drawn.labels, bars, drawn.scale.least, drawn.scale.most)
