"""Planned rounds, looked at the working day before they open: who and what would be missing."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from bot.domain import times
from bot.domain.programmes import local_day
from bot.domain.rounds import Mode, Round, State
from bot.domain.workdays import Whereabouts, last_polite
from bot.flows import prompts, round_ahead
from bot.flows.channels import Channel
from bot.flows.round_ahead import Ahead
from bot.handlers import matters
from bot.handlers.prompting import Circle
from bot.handlers.visit import Visit
from bot.messages import Card
from storage.bindings import Bindings
from storage.rounds import Rounds
from storage.trouble import is_of_the_database

log = logging.getLogger(__name__)

_SAID_ONCE = timedelta(days=7)
"""Longer than the longest time between the working day before and the opening: what is done with stays so."""


def look_ahead(visit: Visit) -> None:
    """Have a matter for each round that opens soon and has something in its way, for as long as it has."""
    for round in Rounds(visit.connection, visit.now).running():
        if round.programme not in visit.programmes or not _opens_soon(visit, round):
            continue
        try:
            with visit.connection.begin_nested():
                _look(visit, round)
        except Exception as error:
            if is_of_the_database(error):
                raise
            log.exception("a planned round could not be looked at", extra={"round": round.id})


def _opens_soon(visit: Visit, round: Round) -> bool:
    if round.state is not State.PLANNED or round.occasion:
        return False
    return looked_at_from(round, visit.programmes[round.programme].zone) <= visit.now < round.opens_at


def looked_at_from(round: Round, zone: str) -> datetime:
    """When the last working day before the round's own begins."""
    morning = times.instant(local_day(round.opens_at, zone), time(), zone)
    return last_polite(morning, Whereabouts.of(zone))


def _look(visit: Visit, round: Round) -> None:
    def seen() -> Card | None:
        ahead = ahead_of(visit, round)
        return None if ahead.is_fine else round_ahead.card(ahead)

    matters.keep_matter(visit, key=_key(round), programme=round.programme, kind="round", view=seen, rest=_SAID_ONCE)


def ahead_of(visit: Visit, round: Round) -> Ahead:
    """What would go wrong if the round opened now."""
    circle = Circle(visit, round)
    there = [(prompts.box_name(box), len(circle.people_of(box))) for box in round.boxes]
    sealed = round.mode is Mode.SEALED
    return Ahead(
        round,
        circle.programme,
        few=tuple((box, n) for box, n in there if sealed and n < round.threshold),
        small=circle.small,
        empty=tuple(box for box, n in there if not sealed and not n),
        ungrouped=len(circle.ungrouped),
        unreached=circle.wanting(circle.asked - circle.guests).unreached,
        channels=_channels(visit, circle),
    )


def _channels(visit: Visit, circle: Circle) -> tuple[Channel, ...]:
    """Where the questions should come, and the bot has been found to be missing."""
    bound = Bindings(visit.connection, visit.now).of_programme(circle.about.programme) if circle.channels else ()
    return tuple(
        Channel(one.recipient, one.address.platform, one.name, one.threads, one.trouble) for one in bound if one.trouble
    )


def over(visit: Visit, round: Round) -> None:
    """The round is open now, or taken back: nobody has to look at what stood in its way any more."""
    matters.settled(visit, key=_key(round))


def _key(round: Round) -> str:
    return f"round-ahead:{round.id}"
