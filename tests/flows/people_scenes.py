"""Every view around people who leave, cannot be reached, or link their accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.domain.people import Actor, Person
from bot.domain.programmes import Programme
from bot.domain.registrations import Participant, Registration, Seat, SeatState
from bot.flows import expiring, leaving, linking, my_data, own_details, returning
from bot.flows.linking import Double, Linked
from bot.messages import View
from tests.flows.samples import NOW
from tests.flows.walking import Walk

CODE = "ABCDE-23456"


def scenes(size: str, programme: Programme, name: str, email: str) -> Iterator[tuple[str, View]]:
    """The views of one programme, with a name and an address as long as they may be."""
    seats = tuple(
        Seat(f"s{n}", "r1", programme.id, one.id, Participant(name, email, "bo"), SeatState.CONFIRMED)
        for n, one in enumerate(programme.occasions)
    )
    kept = Registration("r1", programme.id, name, "SE-1281", "anna", seats)
    what: tuple[Any, ...] = (programme, kept, seats)
    yield f"{size}: seats came back", leaving.seats_came_back(*what, name=name)
    yield f"{size}: take over", leaving.ask_to_take_over(*what, name=name)
    yield f"{size}: taken over", leaving.taken_over(*what)
    yield f"{size}: nobody looks after", leaving.nobody_looks_after(*what, name=name)
    yield f"{size}: unreached", leaving.unreached(*what, name="")
    yield (
        f"{size}: unreached, coordinators",
        leaving.unreached_for_coordinators(*what, name=name, email=email, reason="cannot_dm_bot"),
    )
    yield f"{size}: back, seats free", returning.welcome(programme, kept, seats, ())
    yield f"{size}: back, some taken", returning.welcome(programme, kept, seats[:1], seats[1:])
    yield f"{size}: back, all taken", returning.welcome(programme, kept, (), seats)
    yield f"{size}: is back", returning.is_back(programme, kept, seats, name=name)
    yield f"{size}: seated again", linking.seated_again(programme, seats[0])
    doubles = [Double(programme, kept, seat, mine) for seat in seats for mine in (True, False)]
    yield f"{size}: accounts linked", linking.joined(_accounts(email), "slack", doubles, answered_anew=True)
    yield f"{size}: double seat", linking.double_for_registrant(doubles[0], name=name)
    yield f"{size}: confirm the link", linking.confirm(CODE, name=name, email=email, platform="teams")
    yield from _my_data(size, programme, Person("anna", name, email))


def _my_data(size: str, programme: Programme, person: Person) -> Iterator[tuple[str, View]]:
    """With something of every kind there is."""
    counts = {kind: 99_999 for _label, kinds in my_data.KINDS for kind in kinds}
    stored = my_data.Stored(person, person.name, ("Slack", "Teams"), counts)
    yield f"{size}: my data", my_data.card(stored, "https://bot.example.org/mine/" + "x" * 60)
    yield f"{size}: erase me", my_data.ask(99, 99, [programme])
    yield f"{size}: own details", own_details.invitation(person)
    room: Any = OwnRoom()
    walk = Walk(own_details.flow, own_details.Details(), own_details.Facts(person), room)
    for step, form in walk.steps({}):
        yield f"{size}: own details, {step}", form
    yield f"{size}: own details, done", walk.view


class OwnRoom:
    """What the form about oneself ends at."""

    def correct(self, name: str, email: str) -> int:
        return 99


def _accounts(email: str) -> list[Linked]:
    return [
        Linked(Actor("slack", "T1", "U1"), email, here=True),
        Linked(Actor("teams", "t" * 36, "29:" + "x" * 90), email, can_part=True),
    ]


def plain_scenes() -> Iterator[tuple[str, View]]:
    """What depends on no programme."""
    for left in (30, 1, 0):
        yield f"secret of Teams, {left} days", expiring.teams_secret(NOW.date(), left)
    both = _accounts("anna@example.org")
    yield "link", linking.issued(CODE, both[:1], "slack")
    yield "link, two accounts", linking.issued(CODE, both, "teams")
    yield "unlinked", linking.parted(["slack", "teams"], went_along=True)
    yield "unlinked, nothing went along", linking.parted(["slack"], went_along=False)
    yield "where to write", linking.choose_platform(both, "slack")
    yield "written to there", linking.chosen("teams")
    yield "not there", linking.not_there("teams")
    for made in (linking.joined_already, linking.own_code, linking.no_longer_linked, leaving.left_to_coordinators):
        yield made.__name__, made()
    yield "erased", my_data.erased()
