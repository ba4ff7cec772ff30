"""What people and coordinators are shown of changed meetings, from small, typical and extreme facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.changes import SETTLES, Change
from bot.domain.people import Language
from bot.domain.prices import quote
from bot.domain.programmes import Format, Occasion, Programme, Span
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.rules import WRITTEN, Rule
from bot.domain.words import Localised
from bot.flows import amending, announcements, editions, loading, own_reminders, rulebook
from bot.flows.announcements import Affected, Price
from bot.flows.effects import Facts, Reach
from bot.messages import Answer, Card, View
from tests.flows.samples import NOW
from tests.flows.walking import Walk

LATER = timedelta(days=9)
_CALENDAR = "https://bot.example.org/calendar/x.ics"


class Room:
    """A coordinators' desk that takes everything."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme

    def amend(self, programme: str, occasion: Occasion, *, seen: int) -> Programme:
        return self.programme

    def keep_rule(self, programme: str, rule: object) -> None:
        return

    def forget_rule(self, programme: str, rule: str) -> None:
        return

    def keep_own(self, programme: str, rule: Rule, *, instead_of: str) -> Rule:
        return rule

    def copy(self, programme: str, edition: str, days: int) -> Programme:
        return replace(self.programme, draft=True)

    def publish(self, programme: str) -> Programme:
        return self.programme


def everything_else(occasion: Occasion) -> Occasion:
    """The occasion with everything changed that people are told of."""
    days = tuple(Span(day.starts_at + LATER, day.ends_at + LATER) for day in occasion.days)
    place = Localised(dict.fromkeys(occasion.place.wordings, "Plats " * 30))
    form = Format.HYBRID
    return replace(occasion, days=days, place=place, format=form, link=f"{occasion.link}x", to_come=(), sequence=1)


def scenes(programmes: Mapping[str, Programme], old: Mapping[str, Card]) -> Iterator[tuple[str, View]]:
    """Name and view; `old` are messages that were sent before, by the size of their programme."""
    for size, programme in programmes.items():
        yield from _news(size, programme)
        yield from _walks(size, programme)
        changes = [Change(one, everything_else(one)) for one in programme.occasions]
        if size in old:
            for member in (True, False):
                card = old[size]
                for change in changes:
                    card = announcements.corrected(card, programme, change, member=member)
                yield f"{size}: corrected, {member}", card
            off = Change(programme.occasions[0], replace(programme.occasions[0], cancelled=True))
            yield f"{size}: corrected, cancelled", announcements.corrected(old[size], programme, off, member=True)


def _news(size: str, programme: Programme) -> Iterator[tuple[str, View]]:
    prices = tuple(Price("Lunds kommun " * 9, quote(programme, {}, {})) for _ in range(2))
    every = tuple(Change(one, everything_else(one)) for one in programme.occasions)
    off = Change(programme.occasions[0], replace(programme.occasions[0], cancelled=True))
    back = Change(replace(off.before, cancelled=True), off.before)
    for state in (*SeatState, None):
        seat = None if state is None else Seat("s", "r", programme.id, "o", Participant("Bo"), state)
        for name, changes in (("one", every[:1]), ("all", every), ("cancelled", (off,)), ("held", (back,))):
            affected = tuple(Affected(change, seat, _CALENDAR) for change in changes)
            yield f"{size}: told of {name}, {state}", announcements.changed(programme, affected, prices)
    yield f"{size}: told in a channel", announcements.changed_for_channel(programme, every)


def _walks(size: str, programme: Programme) -> Iterator[tuple[str, View]]:
    reach = Reach((("sandbox", 99_999), ("slack", 99_999), ("teams", 1)), 12_345, 40)
    held: dict[str, tuple[dict[str, int], dict[str, int]]] = {
        "SE-1281": ({one.id: 20 for one in programme.occasions}, {})
    }
    facts = Facts(
        programme, NOW, Language.SWEDISH, lambda _change: NOW + SETTLES, lambda _id, _kinds: reach, lambda: held
    )
    first = programme.occasions[0]
    day = (first.starts_at + timedelta(days=5)).date().isoformat()
    link = f"https://x/{'y' * 480}"
    moved: dict[str, Answer] = {
        "occasion": first.id,
        "day.1": day,
        "format": "hybrid",
        "place": "P" * 200,
        "link": link,
    }
    rule: dict[str, Answer] = {"rule": "preparation", "text": "Ord " * 150}
    edition: dict[str, Answer] = {"edition": "e" * 75}
    for flow, state, seen, answers in (
        (amending.amend, amending.Draft(programme.id), facts, moved),
        (amending.call_off, amending.Draft(programme.id), facts, moved),
        (rulebook.flow, rulebook.Draft(programme.id), rulebook.Facts(programme, Language.SWEDISH), rule),
        (editions.copy, editions.Copy(programme.id), editions.Facts(programme, NOW), edition),
        (editions.publish, editions.Publish(programme.id), editions.Facts(programme, NOW), {}),
    ):
        walk = Walk(flow, state, seen, Room(programme))  # type: ignore[arg-type]
        yield from _walked(f"{size}: {flow.name}", walk, answers)
    yield f"{size}: for coordinators", editions.card(programme, NOW)
    yield from _own_reminders(size, programme)
    yield f"{size}: undone", amending.undone(programme, first)
    changes = tuple(Change(one, everything_else(one)) for one in programme.occasions)
    priced = replace(programme, agreed={"SE-1281": programme.prices})
    loaded = loading.News(priced, changes, programme.occasions, told=99_999, told_at=NOW)
    yield f"{size}: file loaded", loading.card(loaded)


def _own_reminders(size: str, programme: Programme) -> Iterator[tuple[str, View]]:
    """As long as they may be, in all languages and to everybody, and as many as there may be."""
    words: dict[str, Answer] = {"title": "R" * 60, "text": "Ord " * 150, "titles": "R" * 60, "texts": "Ord " * 150}
    facts = own_reminders.Facts(programme, NOW, Language.SWEDISH, lambda _planned: (99_999, 12_345))
    roles = tuple(f"role:{one.id}" for one in programme.role_groups)
    to = (*(roles or ("participants",)), "channels", "contacts", "owners", "coordinators")
    whom: dict[str, Answer] = {**words, "to": to, "also": ("nb", "nn", "en"), "at": "20.00", "days": "1"}
    room: Any = Room(programme)
    start = own_reminders.Draft(programme.id, "sv")
    before, on_a_day = (Walk(own_reminders.flow, start, facts, room) for _ in range(2))
    yield from _walked(f"{size}: own reminder, before", before, {**whom, "when": own_reminders.BEFORE})
    when: dict[str, Answer] = {"when": own_reminders.DAY, "day": "2027-12-24"}
    yield from _walked(f"{size}: own reminder, on a day", on_a_day, {**whom, **when})
    rule = own_reminders.rule_of(on_a_day.turn.run.state, facts)
    rules = tuple(replace(rule, name=f"{WRITTEN}{n:012}", off=n % 2 == 0) for n in range(own_reminders.MOST))
    yield f"{size}: own reminders", own_reminders.card(replace(programme, chat_rules=rules))
    yield f"{size}: no own reminders", own_reminders.card(programme)


def _walked(name: str, walk: Walk, answers: Mapping[str, Answer]) -> Iterator[tuple[str, View]]:
    for step, form in walk.steps(answers):
        yield f"{name}: {step}", form
    yield f"{name}: done", walk.view
