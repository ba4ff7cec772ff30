"""What is stored of a person, in chat: shown, handed over by a link that soon ends, and erased."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot.domain.people import Person
from bot.flows import my_data, welcome
from bot.handlers import denying, leaving, sparring, urns, voting
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.handlers.visit import Surroundings, Visit
from bot.ports import Clock
from storage.erasure import Eraser
from storage.joins import Joins
from storage.links import Kind, Links
from storage.nobody import ERASED
from storage.undoing import otherwise
from storage.unit_of_work import UnitOfWork

_LINK_LASTS = timedelta(hours=1)


def show(scene: Scene, about: str) -> Outcome:
    """Everything in numbers, with the link to have it word for word."""
    visit = scene.visit
    stored = Eraser(visit.connection, visit.now).stored(scene.person.id)
    link = Links(visit.connection, visit.now).give_out(Kind.MY_DATA, scene.person.id, lasts=_LINK_LASTS)
    organisation = visit.surroundings.directory.get(scene.person.organisation or "")
    view = my_data.card(
        my_data.Stored(
            scene.person,
            organisation.name if organisation else "",
            tuple(dict.fromkeys(account.actor.platform.title() for account in visit.people.actors_of(scene.person.id))),
            {table: len(rows) for table, rows in stored.items()},
        ),
        visit.surroundings.link_address(Kind.MY_DATA, link),
    )
    return Show(view)


def ask(scene: Scene, about: str) -> Outcome:
    """What erasing means for this very person."""
    seats, bookings = leaving.ahead_of(scene.visit, scene.person.id)
    naming = [one for one in scene.programmes if my_data.named_in(one, scene.person.name)]
    return Show(my_data.ask(seats, bookings, naming))


def erase_now(scene: Scene, about: str) -> Outcome:
    """Erase the person; what is said to them after that is said to nobody in particular."""
    homes = scene.visit.people.homes(scene.person.id)
    erase(scene.visit, scene.person.id)
    scene.known = replace(scene.known, person=Person(ERASED, language=scene.language))
    for actor in homes:
        page = welcome.home(Person(""), (), (), scene.programmes, scene.visit.now)
        scene.visit.show_home(actor, ERASED, scene.language, page, key=scene.inbound.delivery)
    return Show(my_data.erased())


def erase(visit: Visit, person: str) -> None:
    """Give back what the person holds, and erase them; a backup that is restored forgets them again.

    Noted last, when little can fail any more, and taken back if it does: they are told that nothing was saved.
    """
    journal = visit.surroundings.journal
    for id in forget(visit, person):
        otherwise(visit.connection, partial(journal.take_back, id))
        journal.add(id)


def forget(visit: Visit, person: str) -> Collection[str]:
    """Erase the person, unless somebody else has just done so; nothing new can come to be theirs meanwhile.

    What they take part in is held first, as by everybody who books, and then they themselves, as by every tick.
    Every id that they have had is returned: a backup may be older than the day on which their accounts were joined.
    """
    leaving.hold_programmes(visit, person)
    Joins(visit.connection, visit.now).hold(person)
    eraser = Eraser(visit.connection, visit.now)
    if not eraser.is_known(person):
        return ()
    identity = eraser.identity(person)  # as long as the seats are theirs that have their name on them
    _let_go(visit, person)
    eraser.erase(identity)
    return sorted(identity.persons)


def _let_go(visit: Visit, person: str) -> None:
    """What is found only while they are known: what is asked about them, what they hold, with whom, and voted for."""
    denying.forget(visit, person)
    sparring.forget(visit, person)
    leaving.give_back(visit, person)
    urns.forget(visit, person)
    voting.forget(visit, person)


async def erase_again(unit_of_work: UnitOfWork, clock: Clock, surroundings: Surroundings) -> int:
    """Erase everybody whom a restored backup has brought back; how many that were. Before anything is sent."""

    def again(connection: Connection) -> int:
        visit = Visit(connection, clock.now(), surroundings)
        eraser = Eraser(connection, visit.now)
        back = [person for person in surroundings.journal.persons() if eraser.is_known(person)]
        return sum(bool(forget(visit, person)) for person in back)

    return await unit_of_work.run(again)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    my_data.MY_DATA: show,
    my_data.ERASE: ask,
    my_data.ERASE_NOW: erase_now,
}
