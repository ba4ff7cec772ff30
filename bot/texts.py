"""Words turned into a language at the last moment: translations, dates, money and lists as the reader writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

from bot import po_files
from bot.domain import figures
from bot.domain.people import Language
from bot.domain.values import dataclass
from bot.domain.words import Clock, Day, Days, Listed, Localised, Moment, Money, Period, Sum, Text, Value, Words
from bot.messages import Button, Card, Chart, ChoiceField, Fact, Form, Item, Notice, View
from bot.po_files import Catalogue

_LOCALES = {Language.SWEDISH: "sv_SE", Language.BOKMAL: "nb_NO", Language.NYNORSK: "nn_NO", Language.ENGLISH: "en_GB"}
_NEAREST = {
    Language.SWEDISH: ("sv", "nb", "nn", "da", "en"),
    Language.BOKMAL: ("nb", "nn", "da", "sv", "en"),
    Language.NYNORSK: ("nn", "nb", "da", "sv", "en"),
    Language.ENGLISH: ("en", "sv", "nb", "nn", "da"),
}
"""Which wording a reader gets when a programme's text is missing in their own language."""

_DAY_PATTERN = {"sv": "EEEE d MMMM y", "nb": "EEEE d. MMMM y", "nn": "EEEE d. MMMM y", "en": "EEEE d MMMM y"}
# `ccc` is the weekday standing alone; in Nynorsk the one within a date, `EEE`, has two letters: ty, to, la.
_SHORT_DAY_PATTERN = {"sv": "ccc d MMM", "nb": "ccc d. MMM", "nn": "ccc d. MMM", "en": "ccc d MMM"}
_DAY_OF_MONTH = {"sv": "d", "nb": "d.", "nn": "d.", "en": "d"}
_CLOCK_PATTERN = {"sv": "HH.mm", "nb": "HH.mm", "nn": "HH.mm", "en": "HH:mm"}
_MOMENT = {"sv": "{day} kl. {clock}", "nb": "{day} kl. {clock}", "nn": "{day} kl. {clock}", "en": "{day} at {clock}"}
_CURRENCY = {"SEK": {"en": "SEK\N{NO-BREAK SPACE}{amount}"}, "NOK": {"en": "NOK\N{NO-BREAK SPACE}{amount}"}}
_KRONOR = "{amount}\N{NO-BREAK SPACE}kr"


Measure = Day | Days | Moment | Clock | Period | Money | Sum


class Translator:
    """Says words in one language."""

    def __init__(self, language: Language, folder: Path) -> None:
        self.language = language
        self.locale = Locale.parse(_LOCALES[language])
        self._catalogue = _catalogue(language, folder)
        self._measured = lru_cache(maxsize=2000)(self._measure)
        self._counted = lru_cache(maxsize=2000)(self._number)

    def say(self, words: Words | int) -> str:
        """The words as a person reads them. What people wrote comes back unchanged."""
        if isinstance(words, str):  # this and the next are nearly all, and `match` takes twice as long for them
            return words
        if isinstance(words, Text):
            return self._text(words)
        match words:
            case Localised():
                return self._localised(words)
            case int():
                return self._counted(words)
            case Listed():
                return format_list([self.say(item) for item in words.items], locale=self.locale)
            case _:
                return self._measured(words)

    def _measure(self, words: Measure) -> str:
        """A date, a time or an amount. The same is always written alike, so `_measured` remembers it."""
        match words:
            case Money():
                return self.money(words.amount, words.currency)
            case Sum():
                return self._sum(words)
            case Day():
                return self._short_day(words.day) if words.short else self.day(words.day, year=words.year)
            case Days():
                return self._days(words)
            case Moment():
                return self._moment(words)
            case Clock():
                return self._clock(words.at, words.zone)
            case Period():
                return self._period(words)

    def day(self, day: date, *, year: bool = True) -> str:
        pattern = _DAY_PATTERN[self.language]
        return format_date(day, pattern if year else pattern.removesuffix(" y"), locale=self.locale)

    def _short_day(self, day: date) -> str:
        """Weekday, day and month without the dots of abbreviations, since a title or a colon follows."""
        written = format_date(day, _SHORT_DAY_PATTERN[self.language], locale=self.locale)
        return " ".join(word if word[0].isdigit() else word.rstrip(".") for word in written.split())

    def money(self, amount: int, currency: str) -> str:
        pattern = _CURRENCY[currency].get(self.language, _KRONOR)
        return pattern.format(amount=self._number(amount))

    def _number(self, amount: int) -> str:
        return format_decimal(amount, locale=self.locale)

    def _text(self, text: Text) -> str:
        if not text.message:
            return ""
        if text.plural:
            message = self._catalogue.ngettext(text.message, text.plural, _count(text.values["n"]))
        else:
            message = self._catalogue.gettext(text.message)
        if not text.values and "{" not in message:
            return message  # most labels
        return message.format_map({name: self.say(value) for name, value in text.values.items()})

    def _localised(self, words: Localised) -> str:
        for code in _NEAREST[self.language]:
            if wording := words.wordings.get(code):
                return wording
        return next(iter(words.wordings.values()), "")

    def _days(self, days: Days) -> str:
        if days.first == days.last:
            return self.day(days.first)
        day = _DAY_OF_MONTH[self.language]
        begin = format_date(days.first, f"{day}{_unlike(days)}", locale=self.locale)
        end = format_date(days.last, f"{day} MMMM y", locale=self.locale)
        # Only English sets the dash apart when a side of it has several words.
        dash = " \N{EN DASH} " if self.language is Language.ENGLISH and " " in begin else "\N{EN DASH}"
        return f"{begin}{dash}{end}"

    def _moment(self, moment: Moment) -> str:
        day = self.day(moment.at.astimezone(ZoneInfo(moment.zone)).date())
        return _MOMENT[self.language].format(day=day, clock=self._clock(moment.at, moment.zone))

    def _period(self, period: Period) -> str:
        begin = Moment(period.starts_at, period.zone)
        zone = ZoneInfo(period.zone)
        if period.starts_at.astimezone(zone).date() == period.ends_at.astimezone(zone).date():
            return f"{self._moment(begin)}\N{EN DASH}{self._clock(period.ends_at, period.zone)}"
        return f"{self._moment(begin)} \N{EN DASH} {self._moment(Moment(period.ends_at, period.zone))}"

    def _clock(self, at: datetime, zone: str) -> str:
        return format_time(at, _CLOCK_PATTERN[self.language], tzinfo=ZoneInfo(zone), locale=self.locale)

    def _sum(self, words: Sum) -> str:
        total = self.money(sum(count * each for count, each in words.terms), words.currency)
        if sum(count for count, _each in words.terms) <= 1:
            return total
        terms = ((count, self._number(each)) for count, each in words.terms)
        written = [each if count == 1 else f"{count} × {each}" for count, each in terms]
        return f"{' + '.join(written)} = {total}"


def _unlike(days: Days) -> str:
    """What the first day of a span has to name because the last day's is another."""
    if days.first.year != days.last.year:
        return " MMMM y"
    return "" if days.first.month == days.last.month else " MMMM"


def _catalogue(language: Language, folder: Path) -> Catalogue:
    """The language's catalogue, straight from its .po file; English is the source and has none."""
    if language is Language.ENGLISH:
        return Catalogue()
    return po_files.read(folder / f"{language.value}.po")


def _count(value: Value) -> int:
    assert isinstance(value, int), "a sentence that counts needs a whole number"
    return value


def original(words: Localised) -> Language:
    """The language that a programme's text was written in; Swedish for one that we do not speak."""
    code = next(iter(words.wordings), "")
    return Language(code) if code in set(Language) else Language.SWEDISH


class Translators:
    """One translator for each language, read from a folder of gettext catalogues when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ready: dict[Language, Translator] = {}

    def __call__(self, language: Language) -> Translator:
        if language not in self._ready:
            self._ready[language] = Translator(language, self._folder)
        return self._ready[language]


def plain(view: View, translator: Translator) -> str:
    """The text twin of a view: what a notification, a screen reader or a plain chat gets."""
    return "\n".join(line for line in _lines(view, translator.say) if line)


Say = Callable[[Words | int], str]


def _lines(view: View, say: Say) -> Iterator[str]:
    match view:
        case Notice():
            yield say(view.text)
        case Card():
            yield from _card_lines(view, say)
        case Form():
            yield from _form_lines(view, say)


def _card_lines(card: Card, say: Say) -> Iterator[str]:
    yield say(card.title)
    yield from map(say, card.body)
    yield from _fact_lines(card.facts, say)
    for item in card.items:
        yield from _item_lines(item, say)
    yield from _links(card.buttons, say)
    yield say(card.footnote)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, ready to be drawn."""

    name: Words  # of its kind
    value: Words
    percent: float | None  # of the whole width; None where the value may not be shown


@dataclass(frozen=True, slots=True)
class BarGroup:
    """The bars of one label."""

    label: Words
    bars: tuple[Bar, ...]


def bars_of(chart: Chart) -> tuple[BarGroup, ...]:
    """A chart label by label. Bars begin at 0, as in Slack and Teams, so that their lengths can be compared."""
    return tuple(
        BarGroup(label, tuple(_bar(chart, bars.name, bars.tenths[place]) for bars in chart.bars))
        for place, label in enumerate(chart.labels)
    )


def _bar(chart: Chart, name: Words, tenths: int | None) -> Bar:
    if tenths is None:
        return Bar(name, figures.HIDDEN, None)
    begin = min(0, chart.least)
    return Bar(name, figures.tenths(tenths), round((tenths - 10 * begin) * 10 / (chart.most - begin), 1))


def _item_lines(item: Item, say: Say) -> Iterator[str]:
    yield f"• {say(item.title)}"
    for line in item.lines:
        yield f"  {say(line)}"
    for line in (*_fact_lines(item.facts, say), *_links(item.buttons, say)):
        yield f"  {line}"


def _links(buttons: tuple[Button, ...], say: Say) -> Iterator[str]:
    """The addresses behind buttons: where there are no buttons, a link would be lost without them."""
    for button in buttons:
        if button.url and not button.action:
            yield f"{say(button.label)}: {button.url}"


def _fact_lines(facts: tuple[Fact, ...], say: Say) -> Iterator[str]:
    for fact in facts:
        yield f"{before_colon(say(fact.label))}: {say(fact.value)}"


def before_colon(label: str) -> str:
    """The label without its full stop: what people have rated is a whole sentence."""
    return label.removesuffix(".")


def _form_lines(form: Form, say: Say) -> Iterator[str]:
    yield say(form.title)
    yield say(form.refusal)
    yield from map(say, form.intro)
    yield from _fact_lines(form.facts, say)
    for item in form.items:
        yield from _item_lines(item, say)
    for field in form.fields:
        yield say(form.errors.get(field.name, ""))
        yield f"{say(field.label)}:"
        yield say(field.hint)
        if isinstance(field, ChoiceField):
            for number, option in enumerate(field.options, 1):
                note = say(option.note)
                yield f"  {number}. {say(option.label)} ({note})" if note else f"  {number}. {say(option.label)}"
