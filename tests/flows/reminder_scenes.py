"""Every view around reminders: what a nudge says, timelines, wishes, channels and calendar subscriptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.conversation import Run
from bot.domain.nudges import Level, Planned, Reason, Wishes, occasion_of, schedule
from bot.domain.programmes import OwnDate, Programme
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.rounds import Mode
from bot.domain.rules import Anchor, Audience, Rule, Topic
from bot.domain.words import Localised, Text
from bot.flows import channels, feedback, manners, reminders, round_truth, subscriptions, truth
from bot.flows.reminders import Reminder
from bot.flows.round_truth import Kind, OfRound
from bot.flows.truth import Coming, News, Past, Unreached
from bot.messages import Card, View
from tests.flows.samples import NOW

CALENDAR = "https://bot.example.org/calendar/" + "x" * 80
LINK = "https://bot.example.org/calendar/person/" + "x" * 120 + ".ics"


def fullest(programme: Programme, line: Localised, paragraph: Localised) -> Programme:
    """The programme with everything that a nudge may speak of."""
    occasions = tuple(replace(one, preparation=(line,) * 8, homework=(line,) * 8) for one in programme.occasions)
    occasions = tuple(replace(one, added_at=NOW) if one is occasions[-1] else one for one in occasions)
    own = Rule("own", Topic.MESSAGE, Anchor.START, tuple(Audience), days=-30, at=None, text=paragraph)
    date = OwnDate("plan", line, NOW + timedelta(days=30), paragraph, "https://example.org/plan")
    return replace(programme, occasions=occasions, dates=(date,), reminders=(own,))


def scenes(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    """The views of one programme; `name` is as long as a name may be."""
    planned = schedule(programme)
    yield from _nudges(size, programme, planned, name)
    coming = [Coming(one.due_at, programme, one, 99_999, reason) for one in planned for reason in (None, Reason.PAUSED)]
    past = [
        Past(one.due_at, programme, one.rule.name, one.about, one.audience, 99_999, reason, platform, fallback)
        for one in planned
        for reason, platform, fallback in (("", "slack", ""), ("forbidden: cannot_dm_bot", "", "teams"))
    ]
    past += [replace(past[0], reason=reason.value) for reason in Reason] if past else []
    news = [
        News(NOW, "Europe/Stockholm", name, *outcome)
        for outcome in (("", "slack"), ("forbidden: cannot_dm_bot", "", "teams"), ("gone: left",))
    ]
    unreached = [Unreached(name, one.title, Reason.LEFT) for one in programme.occasions] * 2
    yield f"{size}: timeline", truth.own(coming, [*news, *past])
    yield f"{size}: timeline of somebody", truth.of_person("p" * 32, name, coming, [*news, *past])
    yield f"{size}: which person", truth.which_person(name[:80], [("p", name[:75])] * 20)
    yield f"{size}: messages", truth.of_programme(programme, coming, past, unreached, NOW)
    whom = (round_truth.people(99_999, 99_999, 99_999), round_truth.idle_groups(), *_round_ends(programme))
    rounds = [OfRound(NOW, programme.zone, programme.title, kind, one) for kind in Kind for one in whom]
    failed = [replace(one, reason="gone: left") for one in rounds]
    yield f"{size}: messages of rounds", truth.of_programme(programme, rounds[:12], failed[:12], (), NOW)
    yield f"{size}: more messages of rounds", truth.of_programme(programme, rounds, failed, (), NOW, start=24)
    yield f"{size}: messages of a draft", truth.of_programme(replace(programme, draft=True), coming, (), (), NOW)
    yield f"{size}: missed", _missed(programme)
    yield from _channels(size, programme, name)
    yield f"{size}: subscription", subscriptions.mine(LINK)
    yield f"{size}: subscription, new link", subscriptions.mine(LINK, renewed=True)
    yield f"{size}: programme's calendar", subscriptions.programme(programme, LINK, coordinator=True, renewed=True)


def _missed(programme: Programme) -> Card:
    first, whom = programme.occasions[0], dict.fromkeys(Audience, 99_999)
    return truth.missed(programme, "day_before", first.id, Reason.TOO_LATE, whom=whom, anchor=first.starts_at)


def _round_ends(programme: Programme) -> Iterator[Text]:
    about = feedback.round_about(programme, programme.occasions[0], "f" * 32, NOW)
    for one in (about, replace(about, occasion=""), replace(about, occasion="", mode=Mode.NOTES)):
        yield round_truth.at_its_end(one)


def _nudges(size: str, programme: Programme, planned: tuple[Planned, ...], name: str) -> Iterator[tuple[str, View]]:
    first = {(one.rule.name, one.audience, _day(one, programme)): one for one in reversed(planned)}
    cards = []
    for (rule, audience, day), one in first.items():
        seat = Seat("s", "r", programme.id, one.about, Participant(name, person="anna"), SeatState.CONFIRMED)
        mine = seat if audience in (Audience.PARTICIPANTS, Audience.JOINED) else None
        asked = feedback.round_about(programme, programme.occasions[0], "f" * 32, NOW) if mine else None
        reminder = Reminder(one, programme, NOW, mine, CALENDAR, "Europe/Helsinki", 99_999, 99_999, feedback=asked)
        card = reminders.with_manners(reminders.compose(reminder), "n" * 32, programme.id, can_wait=True)
        cards.append(reminders.compose(reminder))
        if audience is Audience.JOINED:
            yield f"{size}: nudge {rule}, without a seat", reminders.compose(replace(reminder, seat=None))
        yield f"{size}: nudge {rule}, {audience}, day {day}", card
    digest = reminders.digest(cards[:5])
    yield f"{size}: digest", reminders.with_manners(digest, "n" * 32, "", can_wait=True)


def _day(planned: Planned, programme: Programme) -> int:
    found = occasion_of(planned, programme)
    return min(found.day_from(planned.anchor), 2) if found is not None else 1


def _channels(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    both = [
        channels.Channel("slack T1 C1", "slack", name[:80], threads=True, trouble="not_in_channel"),
        channels.Channel("teams t 19:x@thread.tacv2", "teams", name[:80], threads=False, trouble=""),
        channels.Channel("teams t 19:y@thread.tacv2", "teams", "", threads=False, trouble="is_archived"),
    ]
    yield f"{size}: channels", channels.of_programme(programme, both * 3)
    yield f"{size}: language of a channel", channels.languages(programme, both[1])
    yield f"{size}: no channels", channels.of_programme(programme, ())
    yield f"{size}: follow which", channels.choose((programme,) * 5, "19:0a1b2c3d4e5f60718293a4b5c6d7e8f9@thread.tacv2")
    yield f"{size}: follows", channels.bound(programme)
    yield f"{size}: follows, coordinator", channels.bound_for_coordinator(programme)
    yield f"{size}: follows no longer", channels.unbound(programme)
    for number, channel in enumerate(both):
        yield f"{size}: missing in channel {number}", channels.missing((programme,) * 3, channel)


def wishes(programmes: tuple[Programme, ...]) -> Iterator[tuple[str, View]]:
    """How people want to be reminded."""
    meetings = tuple((one, meeting) for one in programmes for meeting in one.occasions)
    facts = manners.Facts(NOW, "Europe/Stockholm", programmes, lambda _programme: Wishes(), lambda: meetings)
    turn = manners.flow.begin(Run("run", manners.Draft()), facts, _Desk())
    yield "wishes", turn.view
    refused = {"level": "few", "pause": "until", "until": "sen"}
    yield "wishes, refused", manners.flow.receive(turn.run, refused, facts, _Desk()).view
    for level in Level:
        said = Wishes(level, NOW + timedelta(days=20))
        yield f"wishes, {level}", manners.saved(said, "Europe/Stockholm", meetings)
        apart = tuple((one.title, own) for one in programmes for own in (said, Wishes(level)))
        yield f"wishes offered, {level}", manners.invitation(said, "Europe/Stockholm", "", apart=apart)
    yield "snoozed", manners.snoozed(NOW, "Europe/Stockholm")
    yield "no day", manners.day_not_understood()
    yield "cannot wait", manners.cannot_wait()
    yield "nothing more", manners.nothing_more()
    yield "only in a channel", channels.only_in_a_channel()
    yield "timeline, nothing", truth.own((), ())
    yield "timeline of somebody, nothing", truth.of_person("p", "Bo", (), ())
    yield "nobody of that name", truth.which_person("x" * 80, ())
    yield "subscription ended", subscriptions.turned_off()


class _Desk:
    """A desk that takes every wish."""

    def wish(self, programme: str, wanted: Wishes) -> None: ...
