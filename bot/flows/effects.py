"""What follows from changing a meeting: who hears of it, which reminders move, what it costs, what to look at twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time

from bot.domain import times
from bot.domain.changes import SETTLES, Change, Kind, differences, with_occasion
from bot.domain.nudges import Planned, schedule
from bot.domain.people import Language
from bot.domain.prices import quote
from bot.domain.programmes import Occasion, Programme, local_day
from bot.domain.values import dataclass
from bot.domain.words import Day, Moment, Money, Text, Words, _, n_
from bot.domain.workdays import Whereabouts, day_off
from bot.flows import announcements, holidays, occasions, truth
from bot.messages import Fact


@dataclass(frozen=True, slots=True)
class Reach:
    """Who hears of a change."""

    people: tuple[tuple[str, int], ...] = ()  # platform → how many
    unreached: int = 0
    channels: int = 0

    @property
    def total(self) -> int:
        return sum(count for _platform, count in self.people)


Holding = tuple[Mapping[str, int], Mapping[str, int]]
"""Occasion id → confirmed seats, and of those with lodging."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the coordinator changes, and what would follow from it."""

    programme: Programme
    now: datetime
    language: Language
    told_at: Callable[[Change], datetime]  # a change → when people hear of it, with what is unsettled already
    reach: Callable[[str, frozenset[Kind]], Reach]  # occasion id and what is told of it → who hears
    holdings: Callable[[], Mapping[str, Holding]]  # organisation key → what it holds


def when_told(facts: Facts, before: Occasion, after: Occasion) -> Iterator[Words]:
    """When people hear of it, if they do."""
    if facts.programme.draft:
        yield _("The programme is a draft: nobody is told.")
    elif differences(before, after):
        at = facts.told_at(Change(before, after))
        if at - facts.now > SETTLES:
            yield _("People are told in working hours, on {time}. Until then you can undo it.", time=_at(facts, at))
        else:
            yield _("People are told in ten minutes. Until then you can undo it.")
    elif before.agenda != after.agenda:
        yield _("Nobody is told of the agenda alone: people see it wherever they see the meeting.")


def doubts(
    occasion: Occasion, programme: Programme, now: datetime, typed: tuple[tuple[date, time], ...] = ()
) -> Iterator[Words]:
    """What a coordinator should look at twice: days off, the past, a time that the clocks jump over."""
    country = Whereabouts.of(programme.zone).country
    for span in occasion.days:
        day = local_day(span.starts_at, programme.zone)
        if day.weekday() >= 5:
            yield _("Note: {day} is a weekend.", day=Day(day))
        elif day_off(day, country):
            yield _("Note: {day} is a public holiday.", day=Day(day))
        else:
            yield from holidays.abroad(day, programme)
    if occasion.starts_at <= now:
        yield _("Note: {time} lies in the past.", time=Moment(occasion.starts_at, programme.zone))
    for day, at in typed:
        begins = times.instant(day, at, programme.zone)
        if times.local(begins, programme.zone).time() != at:
            yield _("Note: the clocks go forward at {typed}, so the meeting begins on {time}.",
                    typed=f"{at:%H.%M}", time=Moment(begins, programme.zone))  # fmt: skip


def effects(facts: Facts, before: Occasion, after: Occasion) -> Iterator[Fact]:
    """What changes, who hears of it, and which reminders and prices change with it."""
    programme, change = facts.programme, Change(before, after)
    yield Fact(_("Meeting"), before.title)
    for line in announcements.in_words(programme, change):
        yield Fact(_("What changes"), line)
    if before.agenda != after.agenda and Kind.ANNOUNCED not in change.kinds:
        yield from (Fact(_("New agenda"), line) for line in after.agenda_lines or (_("It has none any more."),))
    if Kind.LINK in change.kinds and after.link:
        yield Fact(_("Link to join"), after.link)
    was, now = (programme.deadline_of(one) for one in (before, after))
    if was != now:  # where the whole programme has a last day of its own, a moved meeting may change nothing
        words = (occasions.deadline_words(programme, each) for each in (was, now))
        yield Fact(_("Register by"), _arrow(*words))
    free, free_then = (occasions.free_to_cancel(programme, one) for one in (before, after))
    if free != free_then:
        yield Fact(_("Free to cancel until"), _arrow(free, free_then))
    if not programme.draft:
        yield from _audience(facts.reach(before.id, change.kinds))
        yield from _reminders(facts, after)
        yield from _price(facts, after)


def _arrow(before: Words, after: Words) -> Text:
    return _("{before} → {after}", before=before, after=after)


def _audience(reach: Reach) -> Iterator[Fact]:
    if not reach.total:
        yield Fact(_("Will be told"), _("Nobody"))
    for platform, count in reach.people:
        people = n_("{n} person in {platform}", "{n} people in {platform}", count, platform=platform.title())
        yield Fact(_("Will be told"), people)
    if reach.unreached:
        people = n_("{n} person: write to them yourself", "{n} people: write to them yourself", reach.unreached)
        yield Fact(_("Cannot be reached"), people)
    if reach.channels:
        yield Fact(_("Channels"), n_("{n} channel", "{n} channels", reach.channels))


def _reminders(facts: Facts, after: Occasion) -> Iterator[Fact]:
    """The reminders that go at another time, or not at all; also those of the meetings around it."""
    new_programme = with_occasion(facts.programme, after)
    old, new = (_by_day(one) for one in (facts.programme, new_programme))
    for (rule, about, day), was in old.items():
        planned, topic = new.get((rule, about, day)), truth.topic(was.rule)
        label = topic if day == 1 else occasions.on_day(topic, day)
        if planned is None and was.due_at > facts.now:
            yield Fact(label, _("{time}: is not sent", time=_at(facts, was.due_at)))
        elif planned is not None and planned.due_at != was.due_at and planned.due_at > facts.now:
            yield Fact(label, _arrow(_at(facts, was.due_at), _at(facts, planned.due_at)))


def _by_day(programme: Programme) -> dict[tuple[str, str, int], Planned]:
    """What is planned, by its rule, what it is about and which day of it."""
    known = {occasion.id: occasion for occasion in programme.occasions}
    days = ((p, known[p.about].day_from(p.anchor) if p.about in known else 1) for p in schedule(programme))
    return {(planned.rule.name, planned.about, day): planned for planned, day in days}


def _at(facts: Facts, moment: datetime) -> Moment:
    return Moment(moment, facts.programme.zone)


def _price(facts: Facts, after: Occasion) -> Iterator[Fact]:
    """What all organisations together pay less, or more, when a meeting falls away or comes back."""
    held = facts.holdings()
    new_programme = with_occasion(facts.programme, after)
    pairs = [
        tuple(quote(programme.priced_for(key), *one).total for programme in (facts.programme, new_programme))
        for key, one in held.items()
    ]
    changed = [(was, now) for was, now in pairs if was != now]
    if changed:
        was, now = (Money(sum(side), facts.programme.prices.currency) for side in zip(*changed, strict=True))
        yield Fact(
            _("Price"),
            n_(
                "{before} → {after} excluding VAT, for {n} organisation",
                "{before} → {after} excluding VAT, for {n} organisations together",
                len(changed),
                before=was,
                after=now,
            ),
        )
