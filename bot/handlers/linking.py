"""One human with several accounts: joined by a one-time code and a confirmation, parted again by a button."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.domain.people import Actor
from bot.domain.permissions import Standing
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.registrations import Seat, SeatState, is_active
from bot.domain.rounds import Mode
from bot.domain.words import _
from bot.flows import linking, receipts, waiting
from bot.flows.linking import Double, Linked
from bot.handlers import appointing, urns, voting, words
from bot.handlers.leaving import vacate
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.permissions import standing_of_person
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Card
from bot.ports import Address
from storage.codes import PERSON, SEATS
from storage.joins import Joins, Parted
from storage.rounds import Rounds

_VALID = timedelta(hours=1)
"""A code opens everything a person has, and both apps are at hand: time enough to walk to the other computer."""

_NAMES = {"slack": "slack", "teams": "teams", "microsoft teams": "teams", "ms teams": "teams", "sandbox": "sandbox"}
_RANK = tuple(Standing)


# --- By a code --------------------------------------------------------------------------------------------------------


def claim(scene: Scene, about: str) -> Outcome:
    """`link` alone gives a code; `link CODE` takes seats or a post, or asks whether to join another account."""
    if not about:
        return _issue(scene)
    purpose = scene.visit.codes.purpose(about)
    if purpose is None:
        raise _not_valid()
    if purpose == SEATS:
        return _claim_seats(scene, about)
    if purpose != PERSON:
        return _claim_post(scene, purpose, about)
    issuer = _issuer(scene.visit, about)
    if issuer == scene.actor:
        return Show(linking.own_code())
    if scene.visit.people.owner(issuer) == scene.person.id:
        return Show(linking.joined_already())
    return Show(_confirm(scene, about, issuer))


def _not_valid() -> Gone:
    return Gone(
        _("That code is not valid. A code works once: for a seat 14 days, for your other account one hour. "
          "Ask for a new one.")
    )  # fmt: skip


def _issue(scene: Scene) -> Outcome:
    """A new code; the one that was given out before is no longer valid."""
    visit, about = scene.visit, json.dumps([scene.actor.platform, scene.actor.workspace, scene.actor.user])
    visit.codes.withdraw(PERSON, about)
    code = visit.codes.issue(PERSON, about, valid=_VALID)
    return Show(linking.issued(code, _accounts(visit, scene.person.id, scene.actor), _written_to(visit, scene)))


def _claim_seats(scene: Scene, code: str) -> Outcome:
    """The receipt is what somebody gets whose seat needs no code; who booked it for themself hears of no giver."""
    seats = scene.desk.claim(code)
    programme, now, calendar = scene.visit.programme_of(seats[0]), scene.visit.now, scene.desk.calendar
    registration = scene.desk.may_touch(seats[0].registration)
    if all(seat.state is SeatState.OFFERED for seat in seats):
        return Show(waiting.offer(programme, seats))
    if registration.made_by == scene.person.id:
        return Show(waiting.accepted(programme, seats, calendar=calendar, reader=scene.person.id, now=now))
    by = scene.visit.name_of(registration.made_by)
    return Show(receipts.you_have_a_seat(programme, registration, seats, by=by, calendar=calendar, now=now))


def _claim_post(scene: Scene, purpose: str, code: str) -> Outcome:
    """Take the post; a code that was of no use to this person is still good for the one it is meant for."""
    with scene.visit.connection.begin_nested():
        about = scene.visit.codes.redeem(purpose, code)
        if about is None:
            raise _not_valid()
        return appointing.redeem(scene, purpose, about)


def _issuer(visit: Visit, code: str) -> Actor:
    """The account that the code was given to. Raises `Gone` for a wrong, used or expired one."""
    about = visit.codes.look_up(PERSON, code)
    if about is None:
        raise _not_valid()
    return Actor(*json.loads(about))


def _confirm(scene: Scene, code: str, issuer: Actor) -> Card:
    """Whose account it is, by what its platform says: a name can be typed by anybody."""
    visit = scene.visit
    owner = _owner(visit, issuer)
    _check_rank(visit, into=owner, other=scene.person.id)
    account = next(one for one in visit.people.actors_of(owner) if one.actor == issuer)
    name = visit.people.person(owner).name
    return linking.confirm(code, name=name, email=account.directory_email, platform=issuer.platform)


def _check_rank(visit: Visit, *, into: str, other: str) -> None:
    """A role does not go to another account by a code: who talks a coordinator into typing one gains nothing.

    Who has the role may ask for the code, and so choose the account that gains it.
    """
    if _rank(visit, other) > _rank(visit, into):
        raise NotAllowed(
            _("You have more rights here than in the other account, so it has to be done the other way round: "
              "write “link” here, and then the code that you get in the other account.")
        )  # fmt: skip


def _rank(visit: Visit, person: str) -> int:
    return max(_RANK.index(one) for one in standing_of_person(visit, person))


def join(scene: Scene, about: str) -> Outcome:
    """Make the issuer of the code and whoever confirms it one person. The issuer's other accounts are told."""
    visit, issuer = scene.visit, _issuer_still(scene, about)
    if issuer is None:
        return Show(linking.joined_already(), replaces=True)
    into, other = _hold(visit, issuer, scene.actor)
    if into == other:
        return Show(linking.joined_already(), replaces=True)
    _check_rank(visit, into=into, other=other)
    if visit.codes.redeem(PERSON, about) is None:
        raise _not_valid()
    joins = Joins(visit.connection, visit.now)
    twice = tuple(seat for id in joins.doubles(into, other) if (seat := visit.registrations.seat(id)) is not None)
    doubles = _free_doubles(visit, twice, (into, other))
    urns.forget(visit, other)  # one human answers once, and finds again and takes back what they answered
    voting.forget(visit, other)
    joins.merge(into, other, twice)
    _tell_registrants(visit, into, doubles)
    scene.known = replace(scene.known, person=visit.people.person(into))
    _tell_issuer(visit, issuer, into, doubles, key=f"joined:{other}")
    return Show(_joined(visit, into, scene.actor, doubles), replaces=True)


def _issuer_still(scene: Scene, code: str) -> Actor | None:
    """The issuer of the code; None when the code was used, and by this very person."""
    try:
        return _issuer(scene.visit, code)
    except Gone:
        if Joins(scene.visit.connection, scene.visit.now).joined(scene.person.id):
            return None
        raise


def _owner(visit: Visit, actor: Actor) -> str:
    owner = visit.people.owner(actor)
    assert owner is not None, "an actor that has written to us has a person"
    return owner


def _hold(visit: Visit, *accounts: Actor) -> tuple[str, ...]:
    """The accounts' persons, of which nothing changes until the transaction ends.

    All programmes, in the order in which everybody takes them: either person may be registering in any of them.
    """
    for programme in sorted(visit.programmes):
        visit.registrations.lock(programme)
    Joins(visit.connection, visit.now).hold(*(_owner(visit, one) for one in accounts))
    return tuple(_owner(visit, one) for one in accounts)


def _free_doubles(visit: Visit, twice: tuple[Seat, ...], persons: tuple[str, ...]) -> tuple[Double, ...]:
    """Take the person off the seats they have twice: whether such a seat is cancelled is for people to say."""
    vacate(visit, twice)
    pairs = ((seat, visit.registrations.get(seat.registration)) for seat in twice)
    return tuple(
        Double(visit.programmes[seat.programme], made, seat, mine=made.made_by in persons)
        for seat, made in pairs
        if made is not None
    )


def _tell_registrants(visit: Visit, person: str, doubles: tuple[Double, ...]) -> None:
    """A seat that a colleague has booked is the colleague's to give to somebody else."""
    name = visit.people.person(person).name
    for one in doubles:
        if not one.mine:
            view = linking.double_for_registrant(one, name=name)
            visit.tell(one.registration.made_by, view, key=f"double:{one.seat.id}:{one.seat.sequence}")


def _tell_issuer(visit: Visit, issuer: Actor, person: str, doubles: tuple[Double, ...], *, key: str) -> None:
    """In the very account the code was given to: it may not be where the person is written to now."""
    address = Address(issuer.platform, issuer.workspace, issuer.user)
    language = visit.people.person(person).language
    visit.outbox.add(key, address, _joined(visit, person, issuer, doubles), person=person, language=language)


def _joined(visit: Visit, person: str, here: Actor, doubles: tuple[Double, ...]) -> Card:
    found = visit.people.addressed(person)
    written_to = found[0].platform if found is not None else here.platform
    running = Rounds(visit.connection, visit.now).running()
    anew = any(one.is_voted_on or (one.is_open and one.mode is Mode.SEALED) for one in running)
    return linking.joined(_accounts(visit, person, here), written_to, doubles, answered_anew=anew)


# --- Parting ----------------------------------------------------------------------------------------------------------


def unlink(scene: Scene, about: str) -> Outcome:
    """Give a joined account, one's own or the other, a person of its own again."""
    visit = scene.visit
    actor = next((one.actor for one in visit.people.actors_of(scene.person.id) if str(one.actor) == about), None)
    joins = Joins(visit.connection, visit.now)
    if actor is None:
        return Show(linking.no_longer_linked(), replaces=True)
    (former,) = _hold(visit, actor)
    if actor not in joins.joined(former):
        return Show(linking.no_longer_linked(), replaces=True)
    parted = joins.split(actor)
    new = parted.new
    _seat_again(visit, parted)
    mine = _owner(visit, scene.actor)
    scene.known = replace(scene.known, person=visit.people.person(mine))
    platforms = tuple(dict.fromkeys(one.actor.platform for one in visit.people.actors_of(new)))
    other = former if mine == new else new
    visit.tell(other, linking.parted(platforms, went_along=other == new), key=f"parted:{new}")
    return Show(linking.parted(platforms, went_along=mine == new), replaces=True)


def _seat_again(visit: Visit, parted: Parted) -> None:
    """Give each of the two the seat they were taken off as a double, where nobody has been put on it since."""
    for one in parted.vacated:
        seat, person = visit.registrations.seat(one.seat), parted.new if one.came else parted.former
        if seat is None or not is_active(seat) or seat.participant.name:
            continue
        if (seat.programme, seat.occasion) not in visit.registrations.own(person):
            visit.registrations.change_seat(seat.id, person=person, name=one.name, email=one.email)
            visit.registrations.amend(seat.registration)
            _tell_of_return(visit, visit.registrations.seat(seat.id), (parted.new, parted.former))


def _tell_of_return(visit: Visit, seat: Seat | None, two: tuple[str, ...]) -> None:
    """The colleague who booked it has read that the seat has no name."""
    made = visit.registrations.get(seat.registration) if seat is not None else None
    if seat is not None and made is not None and made.made_by not in two:
        view = linking.seated_again(visit.programmes[seat.programme], seat)
        visit.tell(made.made_by, view, key=f"seated-again:{seat.id}:{seat.sequence}")


# --- Where to be written to -------------------------------------------------------------------------------------------


def use_platform(scene: Scene, about: str) -> Outcome:
    """`use Teams`: write to the person there from now on, if that is where they have an account."""
    visit, person = scene.visit, scene.person.id
    wanted = _NAMES.get(words.plain(about))
    own = {one.actor.platform for one in visit.people.actors_of(person) if one.reachable}
    if wanted is None:
        return Show(linking.choose_platform(_accounts(visit, person, scene.actor), _written_to(visit, scene)))
    if wanted not in own:
        return Show(linking.not_there(wanted))
    visit.people.choose_platform(person, wanted)
    return Show(linking.chosen(wanted))


def _accounts(visit: Visit, person: str, here: Actor) -> tuple[Linked, ...]:
    joined = Joins(visit.connection, visit.now).joined(person)
    return tuple(
        Linked(one.actor, one.directory_email, here=one.actor == here, can_part=one.actor in joined)
        for one in visit.people.actors_of(person)
    )


def _written_to(visit: Visit, scene: Scene) -> str:
    found = visit.people.addressed(scene.person.id)
    return found[0].platform if found is not None else scene.actor.platform


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    linking.LINK: claim,
    linking.JOIN: join,
    linking.UNLINK: unlink,
    linking.USE: use_platform,
}
