"""The figures of a self-assessment as people read them: rounded once, written as their language writes numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.assessment import Change, Comparison, Figure, Result, Row, least
from bot.domain.programmes import local_day
from bot.domain.rounds import Mode, Round, Scale
from bot.domain.values import dataclass
from bot.domain.words import Day, Localised, Text, Words, _, n_

HIDDEN = _("too few to be shown")
TOGETHER = _("All together")
BLOCKED = _("cannot be compared: too few of a role have answered one of the times")

COMPACT = _("Figures are the mean, and in brackets the spread and the number of ratings.")

NOT_THE_SAME_PEOPLE = _(
    "It is not the same people who answered both times. Nothing here says how any single person has developed."
)


def tenths(value: int) -> Text:
    """A level or a spread: 3.4."""
    whole, part = divmod(abs(value), 10)
    return _("−{whole}.{part}", whole=whole, part=part) if value < 0 else _("{whole}.{part}", whole=whole, part=part)


def difference(hundredths: int) -> Text:
    """How much higher or lower: +0.46. Its two decimals show why 0.46 is not yet half a step."""
    whole, part = divmod(abs(hundredths), 100)
    known: dict[str, int | str] = {"whole": whole, "part": f"{part:02}"}
    if not hundredths:
        return _("±{whole}.{part}", **known)
    return _("+{whole}.{part}", **known) if hundredths > 0 else _("−{whole}.{part}", **known)


def level(figure: Figure, scale: Scale) -> Text:
    """A mean and how far its scale goes."""
    return _("{mean} of {most}", mean=tenths(figure.mean_tenths), most=scale.most)


def in_words(figure: Figure, scale: Scale) -> Text:
    """Level, spread and how many ratings, in one line."""
    return n_(
        "{level} · spread {spread} · {n} rating",
        "{level} · spread {spread} · {n} ratings",
        figure.n,
        level=level(figure, scale),
        spread=tenths(figure.spread_tenths),
    )


def short(figure: Figure) -> Text:
    """The same without the scale, for two beside each other."""
    return n_(
        "{mean} (spread {spread}, {n} rating)",
        "{mean} (spread {spread}, {n} ratings)",
        figure.n,
        mean=tenths(figure.mean_tenths),
        spread=tenths(figure.spread_tenths),
    )


def compact(figure: Figure) -> Text:
    """The same for a table; what stands in it is said above: `COMPACT`."""
    return _("{mean} ({spread}; {n})", mean=tenths(figure.mean_tenths), spread=tenths(figure.spread_tenths), n=figure.n)


def has_moved(change: Change) -> Text:
    return _("has moved") if change.has_moved else _("remains")


@dataclass(frozen=True, slots=True)
class Series:
    """Values to be drawn, in tenths: one for each label, None where too few have answered."""

    name: Words
    tenths: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a chart shows."""

    labels: tuple[Words, ...]
    series: tuple[Series, ...]
    scale: Scale


def drawing(result: Result, roles: Iterable[str]) -> Drawing | None:
    """The areas, or else the questions, of a result, all together and for these roles.

    None where there is nothing to draw, or scales are mixed.
    """
    levels = result.areas or result.rows
    shown = [role for role in roles if role in result.shown()]
    alone = len(result.roles) == 1
    series = (
        Series(TOGETHER, tuple(_tenths(row.together) for row in levels)),
        *(Series(role_name(result, role), tuple(_tenths(row.by_role.get(role)) for row in levels)) for role in shown),
    )
    return _drawing(levels, series[:1] if alone else series)


def drawing_of_changes(compared: Comparison, before: Words, after: Words) -> Drawing | None:
    """The areas, or else the questions, before and after; None where there is nothing to draw, or scales are mixed."""
    levels = compared.areas or compared.moves
    changes = [move.together for move in levels]
    earlier = tuple(_tenths(change.before if change else None) for change in changes)
    later = tuple(_tenths(change.after if change else None) for change in changes)
    return _drawing([move.after for move in levels], (Series(before, earlier), Series(after, later)))


def _tenths(figure: Figure | None) -> int | None:
    return figure.mean_tenths if figure is not None else None


def _drawing(levels: Sequence[Row], series: tuple[Series, ...]) -> Drawing | None:
    scales = {(row.scale.least, row.scale.most) for row in levels}
    if len(scales) != 1 or not any(value is not None for one in series for value in one.tenths):
        return None
    return Drawing(tuple(row.text for row in levels), series, levels[0].scale)


def when(before: Round, after: Round, zone: str) -> tuple[Words, Words]:
    """What two rounds are called beside each other: their years, or their days where they are of the same year."""
    first, second = (local_day(one.closed_at or one.opens_at, zone) for one in (before, after))
    return (Day(first), Day(second)) if first.year == second.year else (str(first.year), str(second.year))


def role_name(result: Result, role: str) -> Words:
    return result.roles.get(role, Localised({})) if role else _("Everybody")


def ends(scale: Scale) -> Text:
    """What the scale goes from and to."""
    if scale.low and scale.high:
        return _("{least} = {low}, {most} = {high}", least=scale.least, low=scale.low, most=scale.most, high=scale.high)
    return _("from {least} to {most}", least=scale.least, most=scale.most)


def how_it_was_counted(about: Round) -> tuple[Text, ...]:
    """The method, for whoever did not take part."""
    if about.mode is Mode.NOTES:
        return (
            _("Each discussion group has agreed on one rating of each statement, so that a rating is a group’s."),
            _("Spread is the standard deviation: 0 means that all groups said the same."),
        )
    return _alone(about), _("Spread is the standard deviation: 0 means that everybody said the same.")


def _alone(about: Round) -> Text:
    if not about.is_by_role:
        return n_(
            "Everybody has rated each statement for themselves and without a name, and a figure is shown only "
            "where at least {n} person has answered.",
            "Everybody has rated each statement for themselves and without a name, and a figure is shown only "
            "where at least {n} people have answered.",
            least(about),
        )
    return n_(
        "Everybody has rated each statement for themselves and without a name, and a figure is shown only "
        "where at least {n} person of a role has answered.",
        "Everybody has rated each statement for themselves and without a name, and a figure is shown only "
        "where at least {n} people of a role have answered.",
        least(about),
    )


def how_it_was_compared(about: Round) -> tuple[Text, ...]:
    """The method of a comparison, in two sentences."""
    return (
        how_it_was_counted(about)[0],
        _("Moved means that the mean is at least half a step higher or lower, counted before rounding."),
    )
