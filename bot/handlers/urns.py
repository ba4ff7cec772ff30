"""The urns of a round: made when it opens, and emptied, shuffled, when it closes; their keys outlive neither."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time

from bot import keys
from bot.domain.board import Standing
from bot.domain.refusals import Refusal
from bot.domain.rounds import LEAST_PEOPLE, Box, Round
from bot.domain.words import Words
from bot.flows import sealing
from bot.flows.sheets import Texts
from bot.handlers import moderation, ratings
from bot.handlers.audiences import asked_of
from bot.handlers.visit import Visit
from storage.answers import Answers, NewAnswer
from storage.groups import Groups
from storage.newcomers import Newcomers
from storage.urns import Urn, Urns

log = logging.getLogger(__name__)


class OutOfReach(Refusal):
    """The keys cannot be reached now; the same may be tried again later."""


# --- Who may answer ---------------------------------------------------------------------------------------------------


def box_of(visit: Visit, round: Round, person: str) -> Box | None:
    """The box that somebody answers in; None when they are not asked. Of several role groups, the one joined last."""
    groups = Groups(visit.connection, visit.now)
    everybody = any(not box.role for box in round.boxes)
    if (everybody or round.organisation) and person not in asked_of(visit, round):
        return None
    if everybody:
        return round.box("")
    boxes = {box.role: box for box in round.boxes}
    roles = (group.role for group in groups.of_person(round.programme, person))
    return next((boxes[role] for role in roles if role in boxes), None)


def eligible(visit: Visit, round: Round, box: Box) -> int:
    """How many people may answer in a box."""
    return len(answering(visit, round, box))


def answering(visit: Visit, round: Round, box: Box) -> frozenset[str]:
    """Who may answer in a box."""
    if not box.role:
        return asked_of(visit, round)
    in_role = frozenset(Groups(visit.connection, visit.now).people_of_role(round.programme, box.role))
    return in_role & asked_of(visit, round) if round.organisation else in_role


# --- Opening ----------------------------------------------------------------------------------------------------------


def open_urns(visit: Visit, round: Round) -> None:
    """Make an urn and its keys for each box of a round that is opening, in the caller's transaction.

    Raises `Refusal` when so few people could answer that one could be guessed, and `OutOfReach` for want of keys.
    """
    _check(visit, round)
    store = Urns(visit.connection)
    if store.of_round(round.id):
        return
    for box in round.boxes:
        urn = Urn(secrets.token_hex(16), round.id, box.role)
        try:
            visit.surroundings.urn_keys.make(urn.id)
        except OSError as error:
            raise OutOfReach(sealing.out_of_reach()) from error
        store.add(urn)


def _check(visit: Visit, round: Round) -> None:
    if round.threshold < LEAST_PEOPLE:
        raise Refusal(sealing.threshold_too_low())
    for box in round.boxes:
        for asked in box.questions:
            if asked.organisations:
                raise Refusal(sealing.for_some_only(asked.text))
        n = eligible(visit, round, box)
        if n < round.threshold:
            raise Refusal(sealing.too_few(box.name, n, round.threshold))


def count_in_steps(visit: Visit, round: Round) -> Mapping[str, Words]:
    """Box → how many have answered, in steps: nobody, fewer than it takes, or enough."""
    return {box: sealing.steps(n, round.threshold) for box, n in _counts(visit, round).items()}


def short(visit: Visit, round: Round) -> frozenset[str]:
    """The boxes that somebody has answered, and too few for it to be shown."""
    return frozenset(box for box, n in _counts(visit, round).items() if 0 < n < round.threshold)


def _counts(visit: Visit, round: Round) -> Mapping[str, int]:
    store = Urns(visit.connection)
    counts = store.counts()
    return {urn.box: counts.get(urn.id, 0) for urn in store.of_round(round.id)}


# --- Closing ----------------------------------------------------------------------------------------------------------


def empty(visit: Visit, round: Round) -> frozenset[str]:
    """Put the texts of a closing round on its board and count its ratings; the boxes where too few answered.

    All in the caller's transaction. The round must be locked. Its keys are destroyed by the sweeper once this is
    committed. Raises `OutOfReach` when the keys cannot be reached: the round then has to stay open for a while.
    """
    urns = [urn for urn in Urns(visit.connection).of_round(round.id) if urn.emptied_at is None]
    opened = {urn: _texts(visit, urn) for urn in urns}
    enough = {urn: written for urn, written in opened.items() if len(written) >= round.threshold}
    new = [one for urn, written in enough.items() for one in _answers(visit, round, urn, written)]
    Answers(visit.connection, visit.now).pour(round.id, new, on=midnight(visit.now))
    for urn, written in enough.items():
        ratings.keep(visit, round, round.box(urn.box), written)
    for urn in urns:
        Urns(visit.connection).empty(urn.id, midnight(visit.now))
    if any(one.standing is Standing.HELD for one in new):
        moderation.ask_for_a_look(visit, round)
    return frozenset(urn.box for urn in urns if urn not in enough)


def forget(visit: Visit, person: str) -> None:
    """Take what somebody has put into open urns out again: they are being erased."""
    store = Urns(visit.connection)
    for urn, marker in _markers(visit, store.all(), person):
        store.take_out(urn.id, marker)


def box_answered(visit: Visit, round: Round, person: str) -> Box | None:
    """The box in which an answer of theirs lies sealed: it is theirs to change and take back, also when they have left.

    What somebody sealed who was said not to be one of the organisation stays as it is (decision 19).
    """
    if round.organisation in Newcomers(visit.connection, visit.now).denied_by(round.programme, person):
        return None
    marked = _markers(visit, Urns(visit.connection).of_round(round.id), person)
    there = (urn for urn, marker in marked if Urns(visit.connection).box(urn.id, marker) is not None)
    return next((round.box(urn.box) for urn in there), None)


def _markers(visit: Visit, urns: Iterable[Urn], person: str) -> Iterator[tuple[Urn, bytes]]:
    """What a person is known by in the urns that are not emptied yet."""
    for urn in urns:
        if urn.emptied_at is not None:
            continue
        try:
            marking, _key = visit.surroundings.urn_keys.keys(urn.id)
        except LookupError:
            continue  # then nobody can open it, whoever put it there
        yield urn, keys.marker(marking, person)


def discard(visit: Visit, round: Round) -> None:
    """Throw away whatever was answered in a round that is taken back."""
    for urn in Urns(visit.connection).of_round(round.id):
        Urns(visit.connection).empty(urn.id, midnight(visit.now))


def _texts(visit: Visit, urn: Urn) -> list[Mapping[str, str]]:
    """What each person has written. Nothing, if somebody has destroyed the keys: then nobody can open it any more."""
    boxes = Urns(visit.connection).boxes(urn.id)
    try:
        _marking, key = visit.surroundings.urn_keys.keys(urn.id)
    except LookupError:
        log.exception("the keys of an urn are gone, and so is what lay in it", extra={"count": len(boxes)})
        return []
    except (OSError, keys.UnusableKeyError) as error:
        raise OutOfReach(sealing.out_of_reach()) from error
    opened = (texts_in(key, marker, box) for marker, box in boxes)
    return [texts for texts in opened if texts]


def texts_in(key: bytes, marker: bytes, box: bytes) -> Texts:
    """What lies in a box; nothing when somebody has tampered with it."""
    try:
        found: dict[str, str] = json.loads(keys.unseal(key, marker, box))
    except ValueError:
        log.exception("a sealed box cannot be opened")
        return {}
    return found


def _answers(visit: Visit, round: Round, urn: Urn, written: list[Mapping[str, str]]) -> Iterator[NewAnswer]:
    """One answer for each question that somebody has answered in words: what one person wrote is not kept together."""
    weigh = moderation.weigher(visit, round)
    rated = {asked.id for asked in round.box(urn.box).questions if asked.scale is not None}
    for texts in written:
        for question, text in texts.items():
            if question in rated:
                continue
            standing, reason = weigh(text)
            yield NewAnswer(urn.box, question, text, standing=standing, reason=reason)


def midnight(moment: datetime) -> datetime:
    """The day, and nothing more exact: as UTC's midnight."""
    return datetime.combine(moment.astimezone(UTC), time(0), UTC)
