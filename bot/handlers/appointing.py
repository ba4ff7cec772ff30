"""Giving, seeing and ending posts, and a coordinator's time away: what the buttons, words and codes do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time

from bot.conversation import clean
from bot.domain import times
from bot.domain.dates import read_day
from bot.domain.people import Person, Role
from bot.domain.permissions import Standing
from bot.domain.programmes import Programme, local_day
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.words import Words, _
from bot.flows import appointing, linked_contacts
from bot.flows import coaching as coaches
from bot.flows import newcomers as newcomer_cards
from bot.flows.appointing import Holder
from bot.handlers import coaching, matters, newcomers
from bot.handlers import linked_contacts as linking_contacts
from bot.handlers.events import Said
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.permissions import administrators, standing_of, standing_of_person
from bot.handlers.scene import Scene
from bot.messages import Button, View
from storage.newcomers import Newcomers
from storage.posts import Colleague, Posts

COORDINATOR, DEPUTY, CONTACT = "coordinator", "deputy", "contact"
"""Kinds of posts. Codes have them as their purpose (a contact's with programme and organisation), buttons as well."""


def status_buttons(scene: Scene) -> tuple[Button, ...]:
    """What the coordinator's view offers this person to do about posts."""
    standing = _standing(scene)
    if Standing.COORDINATOR not in standing:
        return ()
    mine = _mine(scene)
    return appointing.on_status(
        administrator=Standing.ADMINISTRATOR in standing,
        appointed=mine.role is not Role.PARTICIPANT,
        away=mine.away_until is not None,
    )


# --- Appointing -------------------------------------------------------------------------------------------------------


def appoint_coordinator(scene: Scene, about: str) -> Outcome:
    return Show(appointing.code_for_coordinator(_issue(scene, COORDINATOR)))


def appoint_deputy(scene: Scene, about: str) -> Outcome:
    _check_has_role(scene)
    return Show(appointing.code_for_deputy(_issue(scene, DEPUTY)))


def appoint_contact(scene: Scene, about: str) -> Outcome:
    return Start(appointing.contact.name, "", appointing.Contact())


def contact_facts(scene: Scene, about: str) -> appointing.ContactFacts:
    """What the form about an organisation's contact looks at."""
    return appointing.ContactFacts(scene.programmes, scene.visit.surroundings.directory)


def contact_invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the card with the button that opens it."""
    return _card(scene)


def _issue(scene: Scene, purpose: str) -> str:
    """A code that says who appoints, so that it loses its worth with their post."""
    return scene.visit.codes.issue(purpose, scene.person.id)


def _check_has_role(scene: Scene) -> None:
    """Refuse those who coordinate only by standing in, or by the setting: they have nobody to stand in for them."""
    if scene.person.role is Role.PARTICIPANT:
        raise NotAllowed(_("Only someone who has been appointed coordinator can be away and have a deputy."))


class AppointingRoom:
    """Implements `bot.flows.appointing.LeaveDesk` and `ContactDesk` for one person."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def leave(self, until: datetime, deputy: str) -> None:
        _leave(self._scene, until, deputy)

    def contact_code(self, programme: str, organisation_key: str) -> str:
        return _issue(self._scene, f"{CONTACT}:{programme}:{organisation_key}")


# --- Codes that are used ----------------------------------------------------------------------------------------------


def redeem(scene: Scene, purpose: str, about: str) -> Outcome:
    """Give the person the post that a code stands for; `about` is who issued it.

    Raises `Gone` when that one could not issue it any more, and `NotAllowed` for one's own deputy.
    """
    kind, _colon, rest = purpose.partition(":")
    issuer = _posts(scene).colleague(about)
    if issuer is None or not _could_still(scene, kind, issuer, rest):
        raise Gone(_("That code is not valid. Codes work once, for 14 days. Ask for a new one."))
    return Show(_GIVEN[kind](scene, issuer, rest))


def _could_still(scene: Scene, kind: str, issuer: Colleague, rest: str) -> bool:
    if kind == coaching.PURPOSE:
        return coaching.may_give(scene.visit, issuer.id, rest)
    return _NEEDED[kind] in standing_of_person(scene.visit, issuer.id)


def _give_coordinator(scene: Scene, issuer: Colleague, rest: str) -> View:
    if scene.person.role is Role.PARTICIPANT:
        scene.visit.people.appoint(scene.person.id, Role.COORDINATOR)
    _tell_issuer(scene, issuer, appointing.is_coordinator(_name(scene.person)))
    return appointing.now_coordinator(_name(issuer))


def _give_deputy(scene: Scene, issuer: Colleague, rest: str) -> View:
    if issuer.id == scene.person.id:
        raise NotAllowed(_("You cannot stand in for yourself. Give the code to a colleague."))
    _name_deputy(scene, issuer, scene.person.id)
    _tell_issuer(scene, issuer, appointing.is_deputy(_name(scene.person)))
    return appointing.now_deputy(_name(issuer))


def _give_contact(scene: Scene, issuer: Colleague, rest: str) -> View:
    id, _colon, key = rest.partition(":")
    programme, organisation = scene.programme(id), scene.visit.surroundings.directory.name_of(key)
    _posts(scene).add_contact(id, key, scene.person.id)
    Newcomers(scene.visit.connection, scene.visit.now).vouch(id, key, scene.person.id)
    newcomers.looked_after(scene.visit, id, key)
    _tell_issuer(scene, issuer, appointing.is_contact(_name(scene.person), organisation, programme))
    return appointing.now_contact(organisation, programme, _name(issuer), newcomer_cards.way(id, key))


def _give_answering(scene: Scene, issuer: Colleague, rest: str) -> View:
    return linking_contacts.give(scene, issuer.id, _name(issuer), _name(scene.person), rest)


def _give_coach(scene: Scene, issuer: Colleague, rest: str) -> View:
    return coaching.give(scene, issuer.id, _name(issuer), _name(scene.person), rest)


_NEEDED = {
    linking_contacts.PURPOSE: Standing.COORDINATOR,
    COORDINATOR: Standing.ADMINISTRATOR,
    DEPUTY: Standing.COORDINATOR,
    CONTACT: Standing.COORDINATOR,
}
_GIVEN: Mapping[str, Callable[[Scene, Colleague, str], View]] = {
    linking_contacts.PURPOSE: _give_answering,
    coaching.PURPOSE: _give_coach,
    COORDINATOR: _give_coordinator,
    DEPUTY: _give_deputy,
    CONTACT: _give_contact,
}


def _tell_issuer(scene: Scene, issuer: Colleague, view: View) -> None:
    if issuer.id != scene.person.id:
        scene.visit.tell(issuer.id, view, key=f"appointed:{issuer.id}:{scene.inbound.delivery}")


def _name_deputy(scene: Scene, of: Colleague, deputy: str) -> None:
    """Let somebody stand in; the one who did until now is told that it is over."""
    _posts(scene).set_deputy(of.id, deputy)
    if of.deputy and of.deputy != deputy:
        title = appointing.deputy_title(_name(of))
        view = appointing.your_post_ended(Holder(scene.visit.name_of(of.deputy), title))
        scene.visit.tell(of.deputy, view, key=f"ended:{of.deputy}:{scene.inbound.delivery}")


# --- Who does what ----------------------------------------------------------------------------------------------------


def show_posts(scene: Scene, about: str) -> Outcome:
    return Show(_card(scene))


def _card(scene: Scene) -> View:
    return appointing.posts(
        tuple(_holders(scene)),
        linked_contacts.NEW,
        *((coaches.NEW,) if any(programme.workshops for programme in scene.programmes) else ()),
        administrator=Standing.ADMINISTRATOR in _standing(scene),
        has_deputy=scene.person.role is not Role.PARTICIPANT,
    )


def _holders(scene: Scene) -> Iterator[Holder]:
    for person in sorted(administrators(scene.visit)):
        yield Holder(scene.visit.name_of(person), appointing.administrator_title())
    for one in _posts(scene).appointed():
        if one.role is Role.COORDINATOR:
            yield _coordinator(scene, one)
        if one.deputy:
            yield _deputy(scene, one)
    for id, key, one in _posts(scene).contacts():
        programme = scene.visit.programmes.get(id)
        if programme is not None:
            yield _contact(scene, programme, key, one)
    yield from linking_contacts.all_posts(scene)
    for post in coaching.all_posts(scene.visit):
        yield Holder(post.name, post.title, post=f"{coaching.PURPOSE}:{post.id}")


def _coordinator(scene: Scene, one: Colleague) -> Holder:
    post = f"{COORDINATOR}:{one.id}" if _rules(scene) or one.id == scene.person.id else ""
    away = one.away_until is not None and one.away_until > scene.visit.now
    lines = (appointing.away_line(local_day(one.away_until, scene.zone)),) if away and one.away_until else ()
    return Holder(_name(one), appointing.coordinator_title(), lines, post)


def _deputy(scene: Scene, of: Colleague) -> Holder:
    post = f"{DEPUTY}:{of.id}" if _rules(scene) or of.id == scene.person.id else ""
    return Holder(scene.visit.name_of(of.deputy), appointing.deputy_title(_name(of)), post=post)


def _contact(scene: Scene, programme: Programme, key: str, one: Colleague) -> Holder:
    title = appointing.contact_title(scene.visit.surroundings.directory.name_of(key), programme)
    return Holder(_name(one), title, post=f"{CONTACT}:{programme.id}:{key}:{one.id}")


def _rules(scene: Scene) -> bool:
    return Standing.ADMINISTRATOR in _standing(scene)


def end_post(scene: Scene, about: str) -> Outcome:
    """Ask before anything is taken away."""
    return Show(appointing.ask_to_end(_held(scene, about)))


def confirm_end_post(scene: Scene, about: str) -> Outcome:
    """End a post, and tell the one who had it."""
    holder = _held(scene, about)
    person = _take(scene, about)
    if person != scene.person.id:
        view = appointing.your_post_ended(holder)
        scene.visit.tell(person, view, key=f"ended:{person}:{scene.inbound.delivery}")
    return Show(appointing.ended(holder), replaces=True)


def _held(scene: Scene, post: str) -> Holder:
    """The post, if somebody has it and this person may end it. Raises `Gone`."""
    found = next((one for one in _holders(scene) if post and one.post == post), None)
    if found is None:
        raise Gone(
            _("This has changed meanwhile, or it is not yours to end. Choose “Who does what” to see how it stands.")
        )
    return found


def _take(scene: Scene, post: str) -> str:
    """Take the post away; the id of the person who had it."""
    kind, _colon, rest = post.partition(":")
    if kind == coaching.PURPOSE:
        return coaching.take(scene.visit, rest)
    if kind == linking_contacts.PURPOSE:
        return linking_contacts.take(scene.visit, rest)
    if kind == CONTACT:
        id, _colon, rest = rest.partition(":")
        key, _colon, person = rest.rpartition(":")
        _posts(scene).remove_contact(id, key, person)
        return person
    of = _posts(scene).colleague(rest)
    assert of is not None, "it is one of those that were listed"
    if kind == DEPUTY:
        _posts(scene).set_deputy(of.id, "")
        return of.deputy
    _name_deputy(scene, of, "")
    _posts(scene).came_back(of.id)
    scene.visit.people.appoint(of.id, Role.PARTICIPANT)
    return of.id


# --- Going away and coming back ---------------------------------------------------------------------------------------


def leave(scene: Scene, about: str) -> Outcome:
    """`away`, `away 15 aug` and the button: the form, or the leave itself when a day was written."""
    _check_has_role(scene)
    mine = _mine(scene)
    if about:
        return _leave_until(scene, about)
    return Start(appointing.away.name, "", appointing.Leave(deputy=mine.deputy or appointing.NOBODY))


def leave_facts(scene: Scene, about: str) -> appointing.LeaveFacts:
    """What the form about being away looks at: the deputy first, then the other coordinators."""
    mine = _mine(scene)
    ids = [one.id for one in _posts(scene).appointed() if one.id not in (mine.id, mine.deputy)]
    able = [id for id in (mine.deputy, *ids) if id and scene.visit.people.addressed(id) is not None]
    return appointing.LeaveFacts(scene.visit.now, scene.zone, tuple((id, scene.visit.name_of(id)) for id in able))


def leave_invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the card with the button that opens it."""
    return appointing.going_away()


def _leave_until(scene: Scene, typed: str) -> Outcome:
    day = read_day(typed, local_day(scene.visit.now, scene.zone))
    if day is None:
        return Show(appointing.day_not_understood(_as_typed(scene, typed)))
    deputy = _mine(scene).deputy
    _leave(scene, times.instant(day, time(0), scene.zone), deputy)
    return Show(appointing.leaving(day, scene.visit.name_of(deputy) if deputy else None))


def _as_typed(scene: Scene, plain: str) -> str:
    """What was understood without its accents and capitals, as it was typed: the last words of the message."""
    event = scene.inbound.event
    said = clean(event.text).split() if isinstance(event, Said) else []
    return " ".join(said[-len(plain.split()) :]) or plain


def _leave(scene: Scene, until: datetime, deputy: str) -> None:
    mine = _mine(scene)
    _posts(scene).leave(mine.id, until)
    if deputy != mine.deputy:
        _name_deputy(scene, mine, deputy)
    if deputy:
        view = appointing.you_stand_in(_name(mine), _day(scene, until))
        scene.visit.tell(deputy, view, key=f"stand-in:{mine.id}:{scene.inbound.delivery}")


def back(scene: Scene, about: str) -> Outcome:
    """Back before the day that was named."""
    mine = _mine(scene)
    if not _posts(scene).came_back(mine.id):
        return Show(appointing.never_away())
    if mine.deputy:
        view = appointing.is_back(_name(mine))
        scene.visit.tell(mine.deputy, view, key=f"is-back:{mine.id}:{scene.inbound.delivery}")
    matters.report_back(scene.visit, mine.id, key=f"back:{mine.id}:{scene.inbound.delivery}")
    return Show(appointing.back_again())


# --- Names ------------------------------------------------------------------------------------------------------------


def _name(one: Person | Colleague) -> Words:
    return one.name or appointing.nameless()


def _day(scene: Scene, moment: datetime) -> date:
    return local_day(moment, scene.zone)


def _mine(scene: Scene) -> Colleague:
    mine = _posts(scene).colleague(scene.person.id)
    assert mine is not None, "whoever writes has a row"
    return mine


def _standing(scene: Scene) -> frozenset[Standing]:
    return standing_of(scene.visit, scene.actor, scene.person)


def _posts(scene: Scene) -> Posts:
    return Posts(scene.visit.connection, scene.visit.now)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    appointing.POSTS: show_posts,
    appointing.APPOINT_COORDINATOR: appoint_coordinator,
    appointing.APPOINT_DEPUTY: appoint_deputy,
    appointing.APPOINT_CONTACT: appoint_contact,
    appointing.END_POST: end_post,
    appointing.CONFIRM_END_POST: confirm_end_post,
    appointing.LEAVE: leave,
    appointing.BACK: back,
}
