"""What a nudge says, and why it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from datetime import datetime

from bot.domain import times
from bot.domain.challenges import Challenge
from bot.domain.changes import with_agenda_of
from bot.domain.nudges import Planned, occasion_of
from bot.domain.plans import PlanRow, Tally
from bot.domain.programmes import Enrolment, FactSheet, Occasion, Programme, local_day
from bot.domain.registrations import Seat
from bot.domain.rounds import Round
from bot.domain.rules import Anchor, Audience, Topic
from bot.domain.values import dataclass
from bot.domain.words import Clock, Day, Moment, Period, Text, Words, _, n_
from bot.flows import asked_for, buttons, catching_up, challenges, feedback, occasions, plan_cards, reasons
from bot.flows.asked_for import AskedFor
from bot.flows.materials import Reader
from bot.flows.mine import Unfinished
from bot.messages import Button, Card, Fact, Item, Tone


@dataclass(frozen=True, slots=True)
class Reminder:
    """A nudge on its way to one recipient, with what it is put into words from."""

    nudge: Planned
    programme: Programme
    now: datetime
    seat: Seat | None = None  # the participant's own
    calendar: str = ""  # address of the seat's calendar file
    zone: str = ""  # the reader's own, where it may differ from the programme's
    registered: int = 0  # confirmed seats at the occasion, for channels
    nameless: int = 0  # seats that the reader's organisation has not given to anyone
    rows: tuple[PlanRow, ...] = ()  # what the reader has taken on and not done
    plan: Tally | None = None  # how the plan of the reader's organisation stands
    asked_for: AskedFor | None = None
    reader: Reader = field(default_factory=Reader)  # who catches up
    challenge: Challenge | None = None  # the reader's own
    facts: FactSheet | None = None  # about the reader's organisation
    was_asked: bool = False  # the reader, for their challenge
    feedback: Round | None = None  # in which the reader may say what they think of the meeting
    own_next: Occasion | None = None  # where the reader has, or waits for, a seat after this one

    @property
    def occasion(self) -> Occasion:
        """The meeting; of one that goes on, the day that it is about."""
        found = occasion_of(self.nudge, self.programme)
        assert found is not None, "only nudges about occasions ask for theirs"
        day = found.day_from(self.nudge.anchor)
        return found if day == 1 else replace(with_agenda_of(found, (day,)), days=(found.days[day - 1],))

    @property
    def day(self) -> int:
        """Which day of the meeting it is about; the first one of what is about all of it."""
        found = occasion_of(self.nudge, self.programme)
        return found.day_from(self.nudge.anchor) if found is not None else 1

    @property
    def title(self) -> Words:
        """Of the meeting, with the day where it is not the first."""
        title = self.occasion.title
        return title if self.day == 1 else occasions.on_day(title, self.day)

    @property
    def in_channel(self) -> bool:
        return self.nudge.audience is Audience.CHANNELS


def compose(reminder: Reminder) -> Card:
    """The message of one nudge."""
    return personal(common(reminder), reminder)


def common(reminder: Reminder) -> Card:
    """What the message says to everybody whom it goes to for the same reason."""
    card = _COMPOSERS[reminder.nudge.rule.topic](reminder)
    own_words = (reminder.nudge.rule.text,) if reminder.nudge.rule.text else ()
    return replace(
        card, body=(*own_words, *card.body), footnote=reasons.why(reminder.nudge.audience, reminder.programme.title)
    )


def says_nothing(common: Card, reminder: Reminder) -> bool:
    """Whether a nudge that prepares for a meeting has only its time and place, which the day before tells anyway."""
    if common.body or common.items:
        return False
    match reminder.nudge.rule.topic:
        case Topic.AGENDA:
            return not reminder.occasion.still_to_come
        case Topic.PREPARATION:
            return True
        case _:
            return False


def personal(card: Card, reminder: Reminder) -> Card:
    """The common part with what is the reader's own: their seat, their organisation's plan, their challenge."""
    card = _with_seat(card, reminder)
    if reminder.seat is None or not reminder.programme.asks_challenge:
        return card
    occasion = occasion_of(reminder.nudge, reminder.programme)
    return challenges.reminded(card, reminder.nudge.rule.topic, reminder.programme, occasion, reminder.challenge)


def _with_seat(card: Card, reminder: Reminder) -> Card:
    """The buttons of the reader's own seat, and how their organisation's plan stands."""
    if reminder.seat is None or reminder.nudge.rule.topic not in _WITH_SEAT or reminder.day > 1:
        return card
    own = (buttons.cannot_come(reminder.seat), buttons.add_to_calendar(reminder.calendar))
    if reminder.plan is None or reminder.nudge.rule.topic is not Topic.AGENDA:
        return replace(card, buttons=(*card.buttons, *own))
    standing, *rest = plan_cards.in_two_lines(reminder.plan)
    plan = (_("Your plan: {standing}", standing=standing), *rest)
    to_plan = plan_cards.open_plan(reminder.programme.id)
    return replace(card, body=(*card.body, *plan), buttons=(*card.buttons, *own, to_plan))


_WITH_SEAT = frozenset({Topic.ADDED, Topic.AGENDA, Topic.PREPARATION, Topic.DAY_BEFORE})
"""The nudges from which one can still give the seat up."""


def digest(cards: Sequence[Card]) -> Card:
    """Several nudges of the same day in one message, the most pressing first: a notification shows only that one."""
    if len(cards) == 1:
        return cards[0]
    return Card(
        _("{first} (and {n} more)", first=cards[0].title, n=len(cards) - 1),
        items=tuple(entry for card in cards for entry in _entries(card)),
    )


def _entries(card: Card) -> Iterator[Item]:
    """A message in the list, and below it what it lists itself: each entry keeps its own buttons."""
    yield Item(card.title, (*card.body, card.footnote), card.facts, card.buttons)
    yield from card.items


def with_manners(card: Card, nudge: str, programme: str, *, can_wait: bool) -> Card:
    """The message with the ways to put it off, and to be left alone."""
    ways = (*((buttons.snooze(nudge),) if can_wait else ()), buttons.pause(programme))
    return replace(card, buttons=(*card.buttons, *ways))


# --- Before a meeting -------------------------------------------------------------------------------------------------


def _agenda(reminder: Reminder) -> Card:
    occasion = reminder.occasion
    return Card(
        _("{title}: {day}", title=occasion.title, day=_day(reminder)),
        body=(*((occasion.purpose,) if occasion.purpose else ()), *_agenda_lines(occasion)),
        facts=_facts(reminder),
        items=asked_for.section(reminder.asked_for),
        buttons=(*_ways_in(reminder), *asked_for.way_to_board(reminder.asked_for)),
    )


def _agenda_lines(occasion: Occasion) -> tuple[Words, ...]:
    """The agenda, or as long as there is none the topics."""
    if occasion.agenda:
        return (_("This is the agenda:"), *occasion.agenda_lines)
    if occasion.topics:
        return (_("This is what we will talk about:"), *map(_bullet, occasion.topics))
    return ()


def _preparation(reminder: Reminder) -> Card:
    return Card(
        _("Prepare for {title}, {day}", title=reminder.occasion.title, day=_day(reminder)),
        body=tuple(_to_prepare(reminder)),
        facts=_facts(reminder),
        buttons=(*_guide(reminder), *_ways_in(reminder)),
    )


def _to_prepare(reminder: Reminder) -> Iterator[Words]:
    occasion = reminder.occasion
    if occasion.preparation:
        yield from occasions.to_prepare(occasion)
    elif occasion.topics:
        yield _("Think about what you want to bring up. This is what we will talk about:")
        yield from map(_bullet, occasion.topics)
    if occasion.link:
        yield _("Try out sound and picture in good time. If it does not work: {contact}", contact=_helper(reminder))


def _guide(reminder: Reminder) -> tuple[Button, ...]:
    guide = reminder.programme.joining_guide
    if guide is None or not reminder.occasion.link:
        return ()
    return (Button(_("Guide to joining online"), url=guide.url),)


def _day_before(reminder: Reminder) -> Card:
    occasion, programme = reminder.occasion, reminder.programme
    return Card(
        _headline(reminder),
        body=(programme.title, *occasion.agenda_lines),
        facts=_facts(reminder),
        buttons=(*_join(reminder), *_ways_in(reminder)),
    )


def _headline(reminder: Reminder) -> Text:
    """The day as people say it."""
    zone, title = reminder.programme.zone, reminder.title
    match (local_day(reminder.occasion.starts_at, zone) - local_day(reminder.now, zone)).days:
        case 0:
            return _("Today: {title}", title=title)
        case 1:
            return _("Tomorrow: {title}", title=title)
        case _other:
            return _("Soon: {title}, {day}", title=title, day=_day(reminder))


def _link(reminder: Reminder) -> Card:
    occasion = reminder.occasion
    starts_at = Clock(occasion.starts_at, reminder.programme.zone)
    return Card(
        _("{title} begins at {time}", title=reminder.title, time=starts_at),
        body=(_("If it does not work: {contact}", contact=_helper(reminder)),),
        facts=(Fact(_("Link to join"), occasion.link),),
        buttons=_join(reminder),
    )


# --- After a meeting, and between two ---------------------------------------------------------------------------------


def _afterwards(reminder: Reminder) -> Card:
    asked, member, own = reminder.feedback, reminder.seat is not None, reminder.own_next
    return catching_up.thanks(reminder.programme, reminder.occasion, reminder.now, asked, member=member, own_next=own)


def _feedback(reminder: Reminder) -> Card:
    assert reminder.feedback is not None, "it goes only to those who are asked"
    return feedback.reminder(reminder.feedback, reminder.programme, reminder.occasion)


def _catch_up(reminder: Reminder) -> Card:
    return catching_up.package(reminder.programme, reminder.occasion, reminder.reader, reminder.now)


def _between(reminder: Reminder) -> Card:
    occasion, programme = reminder.occasion, reminder.programme
    earlier = [one for one in programme.occasions if one.ends_at <= occasion.starts_at and one.homework]
    return Card(
        _("Halfway to {title}: how is it going?", title=occasion.title),
        body=(_("This is what you are working on at home:"), *map(_bullet, earlier[-1].homework if earlier else ())),
        facts=(Fact(_("Next meeting"), occasions.titled(programme, occasion)),),
        buttons=(buttons.ALL_MATERIALS, buttons.MY_REGISTRATIONS),
    )


# --- Deadlines and the programme's own dates --------------------------------------------------------------------------


def _last_call(reminder: Reminder) -> Card:
    programme, occasion = reminder.programme, reminder.occasion
    if reminder.nudge.audience is Audience.CONTACTS:
        return _nameless(reminder)
    return Card(
        _("Register by {deadline}", deadline=occasions.deadline(programme, occasion)),
        body=_last_words(reminder),
        facts=(
            *occasions.facts(programme, occasion, member=False),
            *((Fact(_("Registered so far"), str(reminder.registered)),) if reminder.in_channel else ()),
        ),
        buttons=(buttons.register(programme),),
    )


def _last_words(reminder: Reminder) -> tuple[Words, ...]:
    occasion = reminder.occasion
    if reminder.nudge.audience is Audience.UNFINISHED:
        return (_("You have begun to register for {title}. What you wrote is kept.", title=occasion.title),)
    whole = reminder.programme.enrolment is Enrolment.COHORT
    return (_("Registration for {title} closes soon.", title=reminder.programme.title if whole else occasion.title),)


def _nameless(reminder: Reminder) -> Card:
    """To whoever booked seats that nobody has been named for."""
    return Card(
        n_(
            "{n} seat at {title} has no name yet",
            "{n} seats at {title} have no name yet",
            reminder.nameless,
            title=reminder.occasion.title,
        ),
        body=(_("Say who is coming, and they get the link and the reminders."),),
        facts=occasions.facts(reminder.programme, reminder.occasion, member=False),
        buttons=(buttons.MY_REGISTRATIONS,),
    )


def _added(reminder: Reminder) -> Card:
    """A meeting that people do not know of: they registered before it was there, or follow the programme."""
    programme, occasion, can_register = reminder.programme, reminder.occasion, reminder.seat is None
    last_day = (Fact(_("Register by"), occasions.deadline(programme, occasion)),) if can_register else ()
    return Card(
        _("New meeting: {title}, {day}", title=occasion.title, day=_day(reminder)),
        body=tuple(_what_added_means(reminder)),
        facts=(*_facts(reminder), *last_day),
        buttons=_ways_in(reminder),
    )


def _what_added_means(reminder: Reminder) -> Iterator[Words]:
    programme = reminder.programme
    yield _("A meeting has been added to {programme}.", programme=programme.title)
    if reminder.occasion.purpose:
        yield reminder.occasion.purpose
    if reminder.seat is not None:
        yield _("You have a seat there, like everybody in the programme.")
        if not programme.prices.free:
            yield _("It costs nothing more.")
    elif not reminder.in_channel:
        yield _("You are not registered for it yet.")
        if programme.prices.package:
            yield _("If your organisation has the package price, it is included for whoever has a seat at the others.")


def _date(reminder: Reminder) -> Card:
    date = next(one for one in reminder.programme.dates if one.id == reminder.nudge.about)
    return Card(
        date.title,
        body=(date.about,) if date.about else (),
        facts=(
            Fact(_("When"), Moment(date.at, reminder.programme.zone)),
            Fact(_("Programme"), reminder.programme.title),
        ),
        buttons=(Button(_("Open"), url=date.link, tone=Tone.PRIMARY),) if date.link else (),
    )


def _plan(reminder: Reminder) -> Card:
    if reminder.nudge.rule.anchor is Anchor.END:
        return plan_cards.after_meeting(reminder.programme, reminder.occasion.title, reminder.rows)
    meeting = _("{title}, {day}", title=reminder.occasion.title, day=_day(reminder))
    return plan_cards.before_meeting(reminder.programme, meeting, reminder.rows)


def _challenge(reminder: Reminder) -> Card:
    return challenges.asked(reminder.programme, reminder.facts, again=reminder.was_asked)


def _message(reminder: Reminder) -> Card:
    """Nothing but the rule's own text, with what it is about."""
    programme, title = reminder.programme, reminder.nudge.rule.title
    named = Fact(_("Programme"), programme.title)
    occasion = occasion_of(reminder.nudge, programme)
    if occasion is None:
        return Card(title or programme.title, facts=(named,) if title else ())
    if title:
        return Card(title, facts=(Fact(occasion.title, occasions.hours(programme, occasion)), named))
    lies_ahead = reminder.now < occasion.starts_at
    ahead = _("Ahead of {title}, {day}", title=occasion.title, day=_day(reminder))
    headline = ahead if lies_ahead else _("After {title}", title=occasion.title)
    return Card(headline, facts=(Fact(_("Time"), occasions.hours(programme, occasion)), named))


# --- Parts ------------------------------------------------------------------------------------------------------------


def _day(reminder: Reminder) -> Day:
    return Day(local_day(reminder.occasion.starts_at, reminder.programme.zone))


def _facts(reminder: Reminder) -> tuple[Fact, ...]:
    """When and where; the reader's own time where their clock shows another."""
    programme, occasion = reminder.programme, reminder.occasion
    facts = occasions.facts(programme, occasion, member=reminder.seat is not None)
    if reminder.zone and _differs(occasion.starts_at, reminder.zone, programme.zone):
        own = Period(occasion.starts_at, occasion.days[0].ends_at, reminder.zone)
        return (facts[0], Fact(_("In your time zone"), own), *facts[1:])
    return facts


def _differs(moment: datetime, zone: str, other: str) -> bool:
    return times.local(moment, zone).utcoffset() != times.local(moment, other).utcoffset()


def _join(reminder: Reminder) -> tuple[Button, ...]:
    return buttons.join(reminder.occasion) if reminder.seat is not None else ()


def _ways_in(reminder: Reminder) -> tuple[Button, ...]:
    """For those who have no seat: to register, as long as that is possible for this meeting."""
    programme, now = reminder.programme, reminder.now
    if reminder.seat is not None:
        return ()
    if programme.is_open(now) and now < programme.deadline_of(reminder.occasion):
        return (buttons.register(programme),)
    return (buttons.ALL_PROGRAMMES,)


def _helper(reminder: Reminder) -> Words:
    return occasions.contact(reminder.programme)


def _bullet(words: Words) -> Text:
    return _("• {what}", what=words)


_COMPOSERS: dict[Topic, Callable[[Reminder], Card]] = {
    Topic.AGENDA: _agenda,
    Topic.PREPARATION: _preparation,
    Topic.DAY_BEFORE: _day_before,
    Topic.LINK: _link,
    Topic.AFTERWARDS: _afterwards,
    Topic.FEEDBACK: _feedback,
    Topic.CATCH_UP: _catch_up,
    Topic.LAST_CALL: _last_call,
    Topic.BETWEEN: _between,
    Topic.DATE: _date,
    Topic.PLAN: _plan,
    Topic.CHALLENGE: _challenge,
    Topic.ADDED: _added,
    Topic.MESSAGE: _message,
}


# --- Drafts -----------------------------------------------------------------------------------------------------------


def unfinished(draft: Unfinished) -> Card:
    """Said once about a registration that was begun and not confirmed."""
    return Card(
        _("Your registration is not finished"),
        body=(
            _("You began to register for {title}. What you wrote is kept.", title=draft.programme.title),
            _("You get this once, because you are not registered yet."),
        ),
        buttons=(
            Button(_("Continue"), buttons.register(draft.programme).action, tone=Tone.PRIMARY, opens_form=True),
            Button(_("Discard"), buttons.discard(draft.run)),
        ),
    )
