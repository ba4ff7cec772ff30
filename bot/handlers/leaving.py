"""People who leave or can no longer be reached: what becomes of their seats, and who is asked instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.domain.people import Actor
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.registrations import Registration, Seat, is_active
from bot.domain.values import dataclass
from bot.domain.words import _
from bot.flows import leaving
from bot.handlers import handing
from bot.handlers.matters import open_matter
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.planning import owner_left
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.ports import Surface, Undeliverable
from storage.colleagues import colleagues
from storage.newcomers import Newcomers
from storage.outbox import Letter
from storage.posts import Posts

REGISTRANT = "registrant"
COORDINATOR = "coordinator"
UNREACHED = "unreached"
"""The kind of matter about somebody who is not reached; its key ends with the person."""

_ACCOUNT_CLOSED = frozenset({"user_disabled"})
_SAYS_NOTHING_OF_THE_PERSON = frozenset(
    {
        # of our installation: everybody there would be taken for blocked, and stay so when it is mended
        "access_denied", "app_access_restricted", "BotDisabledByAdmin", "ekm_access_denied", "messages_tab_disabled",
        "missing_scope", "no_permission", "not_allowed_token_type", "not_enabled", "not_installed",
        "org_login_required", "team_access_not_granted", "team_not_found", "token_ended",
        # of one message, which somebody has deleted or may no longer be changed
        "cant_update_message", "edit_window_closed", "message_not_found",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A registration with what of it still lies ahead."""

    programme: Programme
    registration: Registration
    seats: tuple[Seat, ...]  # of everybody
    theirs: tuple[Seat, ...]  # of the person it is about

    @property
    def key(self) -> str:
        """Names this very departure: the same seats are left again only after somebody has been given them."""
        first = (self.theirs or self.seats)[0]
        return departure(self.registration.id, first.id, first.sequence)


def departure(registration: str, seat: str, sequence: int) -> str:
    """The key of what is asked about seats whose first, as it was then, is this one."""
    return f"left:{registration}:{seat}:{sequence}"


# --- What has happened to somebody ------------------------------------------------------------------------------------


def left(visit: Visit, actor: Actor) -> None:
    """An actor is no longer there, or has removed the app."""
    person = visit.people.present(actor)
    if person is None:  # a stranger; or told again, as Slack does
        return
    hold_programmes(visit, person)
    if _closes_account(actor):
        visit.people.mark(actor, event="left")
        _follow_up(visit, person, "")
    else:
        visit.people.block(actor, leaving.UNINSTALLED)
        _follow_up(visit, person, leaving.UNINSTALLED)


def _closes_account(actor: Actor) -> bool:
    """Whether `Left` means that the person has left the workplace.

    Slack says it of an account that has been closed. Teams says it of an app that somebody has removed who works there
    as before; of a closed account Teams tells a bot nothing.
    """
    return actor.platform != "teams"


def refused(visit: Visit, letter: Letter, trouble: Undeliverable) -> str:
    """A message to a person was refused for good; what is done instead: a platform, "registrant", "coordinator" or "".

    A message that goes to another account of the person has the key `<id of the refused one>:fallback`.
    """
    if letter.address.surface is not Surface.PERSON or _codes(trouble) & _SAYS_NOTHING_OF_THE_PERSON:
        return ""
    actor = Actor(letter.address.platform, letter.address.workspace, letter.address.conversation)
    person, was_there = visit.people.owner(actor), visit.people.present(actor) is not None
    if person is None:
        return ""
    hold_programmes(visit, person)
    if _codes(trouble) & _ACCOUNT_CLOSED:
        visit.people.mark(actor, event="left")
    else:
        visit.people.block(actor, trouble.reason)
    elsewhere = _send_elsewhere(visit, letter, person)
    return elsewhere or (_follow_up(visit, person, trouble.reason) if was_there else "")


def _codes(trouble: Undeliverable) -> frozenset[str]:
    """The platform's own codes; Teams' stand behind the number of the answer."""
    return frozenset(trouble.reason.split())


def _send_elsewhere(visit: Visit, letter: Letter, person: str) -> str:
    """Send the same to where the person still can be reached; the platform, or nothing.

    An edit stays where the message is that it edits.
    """
    found = visit.people.addressed(person)
    if found is None or letter.replaces or letter.view is None:
        return ""
    actor, address = found
    visit.outbox.add(f"{letter.id}:fallback", address, letter.view, person=person, language=letter.language)
    return actor.platform


def _follow_up(visit: Visit, person: str, reason: str) -> str:
    """See to the seats of somebody who may not be reached any more; who was asked or told."""
    accounts = visit.people.actors_of(person)
    if any(account.reachable for account in accounts):
        return ""
    handing.has_left(visit, person)
    ahead = tuple(_ahead(visit, person))
    if all(account.left for account in accounts):
        owner_left(visit, person, name=visit.people.person(person).name)
        return _best(_hand_back(visit, person, one, _name(visit, person, one)) for one in ahead)
    return _best(_say_unreached(visit, person, one, reason) for one in ahead)


def _best(done: Iterator[str]) -> str:
    """What was done, all of it, in a word: a colleague comes before a coordinator."""
    return max(set(done), key=("", COORDINATOR, REGISTRANT).index, default="")


def hold_programmes(visit: Visit, person: str) -> None:
    """Nobody else books, hands over or gives up in these programmes until the transaction ends.

    Before anything else is written: everybody takes them first, so that no two wait for one another.
    """
    for programme in sorted({one.programme for one in visit.registrations.of_person(person)}):
        visit.registrations.lock(programme)


def _ahead(visit: Visit, person: str) -> Iterator[_Ahead]:
    """The registrations that the person made or sits in, as far as meetings are still to come."""
    for registration in visit.registrations.of_person(person):
        programme = visit.programmes[registration.programme]
        to_come = {occasion.id for occasion in programme.occasions if occasion.starts_at > visit.now}
        seats = tuple(seat for seat in registration.seats if is_active(seat) and seat.occasion in to_come)
        theirs = tuple(seat for seat in seats if seat.participant.person == person)
        if seats:
            yield _Ahead(programme, registration, seats, theirs)


# --- Somebody has left for good ---------------------------------------------------------------------------------------


def give_back(visit: Visit, person: str) -> None:
    """Let somebody go who will be known no more: what they hold is their organisation's, and nobody is told a name."""
    hold_programmes(visit, person)
    handing.has_left(visit, person)
    owner_left(visit, person, name="")
    for ahead in tuple(_ahead(visit, person)):
        _hand_back(visit, person, ahead, "", gone=True)


def ahead_of(visit: Visit, person: str) -> tuple[int, int]:
    """How many seats at coming meetings the person has, and how many registrations of theirs still hold any."""
    ahead = tuple(_ahead(visit, person))
    mine = sum(one.registration.made_by == person for one in ahead)
    return sum(len(one.theirs) for one in ahead), mine


def _hand_back(visit: Visit, person: str, ahead: _Ahead, name: str, *, gone: bool = False) -> str:
    """The person's seats go back to the organisation, and somebody of it is asked who comes instead."""
    vacate(visit, ahead.theirs, left_by="" if gone else person)
    if ahead.registration.made_by != person and _is_reached(visit, ahead.registration.made_by):
        view = leaving.seats_came_back(ahead.programme, ahead.registration, ahead.theirs, name=name)
        visit.tell(ahead.registration.made_by, view, key=ahead.key)
        return REGISTRANT
    heir = _heir(visit, ahead, person) if gone or _has_left(visit, ahead.registration.made_by) else ""
    if not heir:
        return _ask_coordinators(visit, ahead, name)
    view = leaving.ask_to_take_over(ahead.programme, ahead.registration, ahead.seats, name=name)
    visit.tell(heir, view, key=ahead.key)
    return REGISTRANT


def vacate(visit: Visit, seats: tuple[Seat, ...], *, left_by: str = "") -> None:
    """Give the seats back to their organisation: they stay what they are, without anybody on them.

    They are kept in mind for `left_by`, who may come back.
    """
    for seat in seats:
        visit.registrations.change_seat(seat.id, person=None, name="", email="", left_by=left_by or None)
    for registration in sorted({seat.registration for seat in seats}):
        visit.registrations.amend(registration)


def _name(visit: Visit, person: str, ahead: _Ahead) -> str:
    """What the organisation calls the person; else what the person calls themself."""
    return next((seat.participant.name for seat in ahead.theirs), "") or visit.people.person(person).name


def _is_reached(visit: Visit, person: str) -> bool:
    return visit.people.addressed(person) is not None


def _has_left(visit: Visit, person: str) -> bool:
    """Whether they closed their last account, or are known no more: whoever registers has been met."""
    return visit.people.reached((person,))[person].gone in ("left", "unknown")


def _heir(visit: Visit, ahead: _Ahead, leaver: str) -> str:
    """The colleague to ask: a contact of the organisation, who sits in the registration, or who was there first."""
    candidates = [one for one in _candidates(visit, ahead.registration) if one != leaver]
    reached = visit.people.reached(candidates)
    return next((one for one in candidates if reached[one].address is not None), "")


def _candidates(visit: Visit, registration: Registration) -> tuple[str, ...]:
    """Whom the organisation itself has put into the programme; nobody else may look after its registrations."""
    where = registration.programme, registration.organisation_key
    contacts = Posts(visit.connection, visit.now).contacts_of(*where)
    sitting = tuple(seat.participant.person for seat in registration.seats if is_active(seat))
    everybody = (*contacts, *sitting, *colleagues(visit.connection, *where))
    denied = Newcomers(visit.connection, visit.now).denied_people(*where)
    return tuple(dict.fromkeys(one for one in everybody if one and one not in denied))


def _ask_coordinators(visit: Visit, ahead: _Ahead, name: str) -> str:
    view = leaving.nobody_looks_after(ahead.programme, ahead.registration, ahead.theirs or ahead.seats, name=name)
    open_matter(visit, key=ahead.key, programme=ahead.programme.id, kind="left", view=view)
    return COORDINATOR


# --- Somebody is there but not reached --------------------------------------------------------------------------------


def _say_unreached(visit: Visit, person: str, ahead: _Ahead, reason: str) -> str:
    """Tell whoever can do something about it, once for each programme; the seats stay as they are."""
    if not ahead.theirs:
        return ""
    programme, registration, name = ahead.programme, ahead.registration, _name(visit, person, ahead)
    key = f"{UNREACHED}:{programme.id}:{person}"
    if registration.made_by != person and _is_reached(visit, registration.made_by):
        view = leaving.unreached(programme, registration, ahead.theirs, name=name)
        visit.tell(registration.made_by, view, key=key)
        return REGISTRANT
    email = ahead.theirs[0].participant.email
    view = leaving.unreached_for_coordinators(
        programme, registration, ahead.theirs, name=name, email=email, reason=reason
    )
    open_matter(visit, key=key, programme=programme.id, kind=UNREACHED, view=view)
    return COORDINATOR


# --- The colleague who is asked ---------------------------------------------------------------------------------------


def take_over(scene: Scene, about: str) -> Outcome:
    """Let a colleague look after a registration whose maker has left; the first who accepts does."""
    ahead = _orphan(scene, about)
    if ahead.registration.made_by != scene.person.id:
        scene.visit.registrations.amend(about, made_by=scene.person.id)
    found = scene.visit.registrations.get(about)
    assert found is not None
    return Show(leaving.taken_over(ahead.programme, found, ahead.seats), replaces=True)


def leave_it(scene: Scene, about: str) -> Outcome:
    """The colleague who was asked cannot: the coordinators are."""
    ahead = _orphan(scene, about)
    if ahead.registration.made_by != scene.person.id:
        _ask_coordinators(scene.visit, ahead, scene.visit.people.person(ahead.registration.made_by).name)
    return Show(leaving.left_to_coordinators(), replaces=True)


def _orphan(scene: Scene, id: str) -> _Ahead:
    """The registration, if its maker has left and this is a colleague, or if it is this person's already."""
    visit, found = scene.visit, scene.visit.registrations.get(id)
    if found is not None:
        visit.registrations.lock(found.programme)
        found = visit.registrations.get(id)
    if found is None or scene.person.id not in (found.made_by, *_candidates(visit, found)):
        raise NotAllowed(_("This registration is not yours. Write “my registrations” to see your own."))
    if found.made_by != scene.person.id and not _has_left(visit, found.made_by):
        raise Gone(_("Somebody else looks after this registration already. Thank you all the same."))
    ahead = next((one for one in _ahead(visit, found.made_by) if one.registration.id == id), None)
    if ahead is None:
        raise Gone(_("There is nothing left to look after in this registration."))
    return ahead


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {leaving.TAKE_OVER: take_over, leaving.LEAVE_IT: leave_it}
