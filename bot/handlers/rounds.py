"""The life of a round: opened, taken back, closed, each exactly once, and what follows from each."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.board import Standing
from bot.domain.nudges import considerate
from bot.domain.programmes import Programme
from bot.domain.refusals import Refusal
from bot.domain.rounds import Mode, Round, State
from bot.domain.rules import Audience
from bot.domain.words import Words
from bot.domain.workdays import Whereabouts, is_polite, next_polite
from bot.flows import prompts
from bot.handlers import (
    boards,
    expecting,
    feedback_asked,
    joining,
    mailing,
    moderation,
    needing,
    prompting,
    results,
    round_preflight,
    urns,
)
from bot.handlers.audiences import members
from bot.handlers.courtesy import Courtesy
from bot.handlers.group_names import called
from bot.handlers.prompting import Circle, key
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.answers import Answers
from storage.groups import Group
from storage.outbox import Post
from storage.rounds import Rounds
from storage.trouble import is_of_the_database

log = logging.getLogger(__name__)

_TRIED_AGAIN = timedelta(minutes=10)
_REMINDED = timedelta(days=1)
"""So long before it closes, people are reminded of a round; of a shorter one nobody is."""

_AN_AFTERNOON = timedelta(hours=4)
"""So long before it closes a reminder is still of some use."""

_A_MOMENT = timedelta(microseconds=1)

_TIME_TO_WRITE = timedelta(hours=12)
"""A reminder that would come later than so long before the end comes on the working day before."""


# --- Opening ----------------------------------------------------------------------------------------------------------


def open_round(visit: Visit, round: Round) -> bool:
    """Let a planned round be open and send its questions; False when somebody was first.

    Raises a `Refusal` when it cannot open: the caller undoes what was written since.
    """
    store = Rounds(visit.connection, visit.now)
    if not store.enter(round.id, State.OPEN, from_states=[State.PLANNED]):
        return False
    opened = _present(visit, round.id)
    if opened.mode is Mode.SEALED:
        urns.open_urns(visit, opened)
    if opened.together:
        whole = joining.gather(visit, opened)
        store.take_notes(opened.id, whole.id, opened.opened_by)  # until somebody takes over
    prompting.send(visit, opened)
    round_preflight.over(visit, round)
    return True


def _present(visit: Visit, id: str) -> Round:
    found = Rounds(visit.connection, visit.now).get(id)
    assert found is not None, "a round that was entered is there"
    return found


# --- Taking back ------------------------------------------------------------------------------------------------------


def can_be_undone(visit: Visit, round: Round) -> bool:
    """A planned round can be until it opens, an open one for a minute."""
    within = round.undo_until is not None and visit.now < round.undo_until
    return round.state is State.PLANNED or (round.is_open and within)


def take_back(visit: Visit, round: Round) -> bool:
    """Withdraw a round with all its messages; False when somebody was first."""
    store = Rounds(visit.connection, visit.now)
    if not store.enter(round.id, State.WITHDRAWN, from_states=[round.state]):
        return False
    if round.is_open and round.mode is Mode.SEALED:
        urns.discard(visit, round)
    visit.outbox.take_back(key(round, ""))
    round_preflight.over(visit, round)
    return True


# --- Closing ----------------------------------------------------------------------------------------------------------


def close_round(visit: Visit, round: Round) -> bool:
    """Close a round and let everybody know who has to; False when somebody was first."""
    if not Rounds(visit.connection, visit.now).enter(round.id, State.CLOSED, from_states=[State.OPEN]):
        return False
    closed = _present(visit, round.id)
    withheld = urns.empty(visit, closed) if closed.mode is Mode.SEALED else frozenset()
    visit.outbox.add_many(_news(visit, closed, withheld))
    expecting.show(visit, closed)
    needing.ask_for_answers(visit, closed)
    mailing.mail_round(visit, closed)
    results.tell(visit, closed)
    return True


def _news(visit: Visit, closed: Round, withheld: frozenset[str]) -> Iterator[Post]:
    """To the channels, the coordinators and those who wrote; `withheld` are the boxes where too few answered."""
    if closed.occasion:
        coordinators = frozenset(members(visit, Audience.COORDINATORS, closed.programme, "", visit.now))
        yield from _to_each(visit, closed, coordinators, feedback_asked.result(visit, closed, withheld))
        return
    circle, address = Circle(visit, closed), boards.address(visit, closed.id)
    answers = Answers(visit.connection, visit.now).of_round(closed.id)
    view = prompts.closed(
        closed,
        circle.programme,
        address,
        withheld=withheld,
        written=closed.mode is Mode.SEALED or bool(answers),
        shown=any(one.standing is Standing.SHOWN for one in answers),
        waiting=bool(moderation.waiting_in(visit, [closed.id])),
    )
    talking = ((id, channel) for id, (channel, _group) in circle.group_channels.items())
    for id, channel in (*talking, *circle.channels.items()):
        yield prompting.to_channel(visit, key(closed, "closed", id), channel, view)
    coordinators = frozenset(members(visit, Audience.COORDINATORS, closed.programme, "", visit.now))
    yield from _to_note_takers(visit, circle, coordinators, view)
    if not closed.only_rated:  # of ratings, the result tells more
        yield from _to_each(visit, closed, coordinators, _for_coordinators(visit, circle, withheld, address))
    if closed.mode is Mode.SEALED:
        yield from _to_the_asked(visit, circle, coordinators, view)


def _to_note_takers(visit: Visit, circle: Circle, but_for: frozenset[str], view: Card) -> Iterator[Post]:
    """Thanks, or where to find what was not put up in time."""
    closed, store = circle.about, Rounds(visit.connection, visit.now)
    takers, drafts = store.note_takers(closed.id), store.with_draft(closed.id)
    late = {taker: group for group, taker in takers.items() if group in drafts}
    yield from _to_each(visit, closed, frozenset(takers.values()) - late.keys() - but_for, view)
    for person, group in late.items():
        shown = prompts.closed_on_draft(closed, circle.programme, group)
        yield from _to_each(visit, closed, frozenset({person}) - but_for, shown)


def _to_the_asked(visit: Visit, circle: Circle, but_for: frozenset[str], view: Card) -> Iterator[Post]:
    """Nobody knows who answered for themselves: all who were asked hear where to read, at a polite hour."""
    at = next_polite(visit.now, Whereabouts.of(circle.programme.zone))
    for person, recipient in circle.wanting(circle.asked - but_for).recipients.items():
        yield replace(prompting.post(circle.about, "closed", person, recipient, view), due_at=at)


def _to_each(visit: Visit, closed: Round, persons: frozenset[str], view: Card) -> Iterator[Post]:
    for person, recipient in visit.people.reached(persons).items():
        if recipient.address is not None:
            yield prompting.post(closed, "closed", person, recipient, view)


def _for_coordinators(visit: Visit, circle: Circle, withheld: frozenset[str], address: str) -> Card:
    about, answers = circle.about, Answers(visit.connection, visit.now)
    counts = answers.counts(about.id)
    drafts = Rounds(visit.connection, visit.now).with_draft(about.id)
    silent = (one for one in circle.counted if about.mode is Mode.NOTES and not counts.get(one.id))
    came = prompts.Outcome(
        posts=sum(one.standing is Standing.SHOWN for one in answers.of_round(about.id)),
        silent=tuple(called(visit, one) for one in silent if one.id not in drafts),
        drafts=tuple(called(visit, one) for one in circle.counted if one.id in drafts),
        withheld=tuple(prompts.box_name(box) for box in about.boxes if box.role in withheld),
        held=len(moderation.waiting_in(visit, [about.id])),
    )
    return prompts.closed_for_coordinator(about, circle.programme, came, address)


# --- When the time comes ----------------------------------------------------------------------------------------------


def advance(visit: Visit) -> None:
    """Open and close what is due. Several workers may: of two, one finds it done."""
    store = Rounds(visit.connection, visit.now)
    for round in store.due():
        if round.programme not in visit.programmes:
            continue
        try:
            with visit.connection.begin_nested():
                _advance(visit, round)
        except Refusal as refused:
            _refused(visit, round, refused)
        except Exception as error:
            if is_of_the_database(error):
                raise
            log.exception("a round could not go on and is tried again", extra={"round": round.id})
            _put_off(visit, round)


def _advance(visit: Visit, round: Round) -> None:
    if round.state is State.PLANNED:
        open_round(visit, round)
    else:
        close_round(visit, round)


def _refused(visit: Visit, round: Round, refused: Refusal) -> None:
    """A round that may not open is given up; keys that cannot be reached now are tried again."""
    if round.state is State.PLANNED and not isinstance(refused, urns.OutOfReach):
        _give_up(visit, round, refused.reason)
        return
    log.error("a round has to wait and is tried again", extra={"round": round.id}, exc_info=refused)
    _put_off(visit, round)


def _put_off(visit: Visit, round: Round) -> None:
    store, later = Rounds(visit.connection, visit.now), visit.now + _TRIED_AGAIN
    if round.state is State.PLANNED:
        store.change_opening(round.id, later)
    else:
        store.change_closing(round.id, later)


def _give_up(visit: Visit, round: Round, reason: Words) -> None:
    """A planned round that cannot open: whoever planned it is told why."""
    store = Rounds(visit.connection, visit.now)
    if not store.enter(round.id, State.WITHDRAWN, from_states=[State.PLANNED]):
        return
    round_preflight.over(visit, round)
    if round.opened_by:
        view = prompts.could_not_open(round, visit.programmes[round.programme], reason)
        visit.tell(round.opened_by, view, key=key(round, "not-opened"))


# --- Before it closes -------------------------------------------------------------------------------------------------


def remind(visit: Visit) -> None:
    """A day before they close, in working hours: everybody in a sealed round, and groups that have written nothing."""
    for round in Rounds(visit.connection, visit.now).running():
        programme = visit.programmes.get(round.programme)
        if programme is None or not _is_time(visit, round, programme):
            continue
        try:
            with visit.connection.begin_nested():
                _remind(visit, round, programme, tuple(_reminders(visit, round)))
        except Exception as error:
            if is_of_the_database(error):
                raise
            log.exception("nobody could be reminded of a round", extra={"round": round.id})


def _remind(visit: Visit, round: Round, programme: Programme, posts: Sequence[Post]) -> None:
    """Send what has not been sent: to who has heard from us today rather tomorrow, while there is time to write."""
    sent = visit.outbox.states(post.key for post in posts)
    new = [post for post in posts if post.key not in sent]
    courtesy, until = Courtesy(visit, {post.person for post in new}), (round.closes_at or visit.now) - _AN_AFTERNOON
    going = [post for post in new if courtesy.allows(post.person, programme, until=max(until, visit.now + _A_MOMENT))]
    visit.outbox.add_many(going)
    courtesy.told({post.person for post in going})


def _is_time(visit: Visit, round: Round, programme: Programme) -> bool:
    due_at = reminded_at(round, programme)
    if not round.is_open or round.closes_at is None or due_at is None:
        return False
    return due_at <= visit.now < round.closes_at and is_polite(visit.now, Whereabouts.of(programme.zone))


def reminded_at(round: Round, programme: Programme) -> datetime | None:
    """When people are reminded of a round; None of a short one, and of one that the programme's reminders are for."""
    if round.occasion or round.closes_at is None or round.closes_at - round.opens_at < 2 * _REMINDED:
        return None
    return _due_at(round, round.closes_at, Whereabouts.of(programme.zone))


def _due_at(round: Round, closes_at: datetime, there: Whereabouts) -> datetime:
    """A day before, or else on the working day before that, unless the round was hardly open then."""
    before = closes_at - _REMINDED
    due_at = considerate(before, closes_at - _TIME_TO_WRITE, there)
    return due_at if due_at >= round.opens_at + _REMINDED else next_polite(before, there)


def _reminders(visit: Visit, round: Round) -> Iterator[Post]:
    circle = Circle(visit, round)
    if round.mode is Mode.NOTES:
        for _group, posts in to_idle_groups(visit, circle, "reminder"):
            yield from posts
        return
    for person, recipient in circle.wanting(circle.asked).recipients.items():
        yield prompting.post(round, "reminder", person, recipient, prompts.last_days(round, circle.programme))


def _own_name(visit: Visit, programme: Programme, group: Group) -> Words:
    """What a group is called, unless that is only its role."""
    return "" if joining.is_for_all_of_a_role(programme, group) else called(visit, group)


def to_idle_groups(visit: Visit, circle: Circle, kind: str) -> Iterator[tuple[Group, list[Post]]]:
    """A word to each group that has put nothing up; the same `kind` never reaches anybody twice."""
    counts = Answers(visit.connection, visit.now).counts(circle.about.id)
    for group, persons in prompting.without_notes(visit, circle, counts):
        name = _own_name(visit, circle.programme, group)
        view = prompts.nothing_written(circle.about, circle.programme, group.id, name)
        wanting = circle.wanting(persons)
        named = f"{kind}:{group.id}"
        yield group, [prompting.post(circle.about, named, p, one, view) for p, one in wanting.recipients.items()]
