"""Others' challenges: the programme leaders' list, and what people let somebody read, with who has looked noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.domain.challenges import Challenge, Looker, Visibility, may_see
from bot.domain.nudges import schedule
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rules import Topic
from bot.domain.words import _
from bot.flows import challenge_lists, sparring, truth
from bot.flows.challenge_lists import MOST_READ, As, Place, Row, Shared, Shelf, Stage
from bot.handlers.challenges import asking, participants, takes_part
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.scene import Scene
from bot.handlers.sparring import counted
from bot.handlers.visit import Visit
from bot.messages import View
from storage import belonging
from storage.attendance import Attendance
from storage.challenges import Challenges

_LEADER = Looker(coordinates=True)


# --- The leaders' list ------------------------------------------------------------------------------------------------


def show(scene: Scene, about: str) -> Outcome:
    """`challenges`: who has written one, of a programme. No challenge itself stands here."""
    id, start = truth.page_of(about)
    found = (asking(scene, id),) if id else tuple(one for one in scene.programmes if one.asks_challenge)
    if len(found) != 1:
        return Show(challenge_lists.choose(found))
    (programme,) = found
    rows, pairs = tuple(_rows(scene.visit, programme)), counted(scene.visit, programme)
    way = sparring.pair_up(programme.id) if pairs.waiting > 1 else None
    return Show(challenge_lists.card(programme, rows, pairs, way, start))


def _rows(visit: Visit, programme: Programme) -> Iterator[Row]:
    """Those who take part, and those who are expected and known nowhere yet."""
    written = Challenges(visit.connection, visit.now).of_programme(programme.id)
    not_yet = Stage.GIVEN_UP if _all_asked(visit, programme) else Stage.NOT_YET
    for person, recipient in visit.people.reached(sorted(participants(visit, programme))).items():
        yield Row(recipient.person.name, _stage(written.get(person), not_yet))
    attendance = Attendance(visit.connection)
    expected = {name for one in programme.occasions for name in attendance.unclaimed(programme.id, one.id)}
    yield from (Row(name, Stage.NOT_YET) for name in sorted(expected))


def _stage(challenge: Challenge | None, not_yet: Stage) -> Stage:
    if challenge is None:
        return not_yet
    return Stage.SHARED if may_see(challenge.visibility, _LEADER) else Stage.WRITTEN


def _all_asked(visit: Visit, programme: Programme) -> bool:
    """Whether the last reminder has gone out."""
    due = [one.due_at for one in schedule(programme) if one.rule.topic is Topic.CHALLENGE]
    return bool(due) and max(due) < visit.now


# --- Reading ----------------------------------------------------------------------------------------------------------


def read(scene: Scene, about: str) -> Outcome:
    """The form with what the person may see, from one challenge on."""
    place = _place(about)
    if not _visible(scene, asking(scene, place.programme), place.who):
        raise Gone(challenge_lists.nothing())
    return Start(challenge_lists.flow.name, about, place)


def _place(about: str) -> Place:
    who, _blank, rest = about.partition(" ")
    programme, _blank, start = rest.partition(" ")
    if who not in tuple(As):
        raise Gone(challenge_lists.nothing())
    return Place(As(who), programme, truth.page_of(f":{start}")[1])


def facts(scene: Scene, about: str) -> Shelf:
    """One page of what the person may see now. That they see it is noted here, as this is what draws the form."""
    place = _place(about)
    programme = asking(scene, place.programme)
    visible = _visible(scene, programme, place.who)
    shown = visible[place.start : place.start + MOST_READ]
    Challenges(scene.visit.connection, scene.visit.now).saw(scene.person.id, shown)
    return Shelf(programme, tuple(_shared(scene.visit, programme, shown)), place.start, len(visible))


def _visible(scene: Scene, programme: Programme, who: As) -> list[Challenge]:
    """The challenges of others that somebody may see now, those that were written first at the top."""
    found = Challenges(scene.visit.connection, scene.visit.now).of_programme(programme.id)
    looker = _looker(scene, programme, who, found.get(scene.person.id))
    here = participants(scene.visit, programme) - {scene.person.id}
    open_ones = (one for one in found.values() if one.person in here and may_see(one.visibility, looker))
    return sorted(open_ones, key=lambda one: (one.newest.written_at, one.person))


def _looker(scene: Scene, programme: Programme, who: As, own: Challenge | None) -> Looker:
    """As what the person looks. Raises `NotAllowed` where they may not look like that at all."""
    if who is As.LEADER:
        if not scene.coordinates:
            raise NotAllowed(_("Only coordinators can see this. Write “challenge” to see your own."))
        return _LEADER
    shares = own is not None and own.visibility is Visibility.GROUP
    if not (shares and takes_part(scene, programme.id)):
        raise NotAllowed(_("Those who share their own challenge with the group can read the group’s."))
    return Looker(takes_part=True, shares=True)


def _shared(visit: Visit, programme: Programme, shown: list[Challenge]) -> Iterator[Shared]:
    persons = [one.person for one in shown]
    names = visit.people.reached(persons)
    organisations = belonging.organisations_of(visit.connection, programme.id, persons)
    for one in shown:
        named = ", ".join(name for name in organisations.get(one.person, {}).values() if name)
        yield Shared(names[one.person].person.name, named, one.newest.text)


def invitation(scene: Scene, about: str) -> View:
    place = _place(about)
    return challenge_lists.invitation(asking(scene, place.programme), place.who, place.start)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    challenge_lists.LIST: show,
    challenge_lists.READ: read,
}
