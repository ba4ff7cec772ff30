"""One's own challenge in chat: see and change it, think about it after a meeting, and have all of it on one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from bot.domain.challenges import Challenge, Thread, Visibility
from bot.domain.programmes import Occasion, Programme
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.words import _
from bot.flows import challenge_lists, challenges, sparring, truth
from bot.flows.challenge_lists import As
from bot.flows.challenges import Draft, Facts, Meeting, Own, Thought
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.permissions import administrators
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Action, Button, Card, View
from storage.attendance import Attendance
from storage.challenges import Challenges
from storage.links import Kind, Links
from storage.posts import Posts

_LINK_LASTS = timedelta(hours=1)


def _store(scene: Scene) -> Challenges:
    return Challenges(scene.visit.connection, scene.visit.now)


# --- Whose programme --------------------------------------------------------------------------------------------------


def asking(scene: Scene, id: str) -> Programme:
    """A programme that asks for challenges. Raises `Gone`."""
    programme = scene.programme(id)
    if not programme.asks_challenge:
        raise Gone(_("This programme does not ask for a challenge of your own."))
    return programme


def own_programme(scene: Scene, id: str) -> Programme:
    """One in which the person takes part. Raises `NotAllowed`."""
    programme = asking(scene, id)
    if programme.closed is not None:
        raise Gone(challenges.ERASED)
    if not takes_part(scene, id):
        raise NotAllowed(_("This is for those who take part in {title}.", title=programme.title))
    return programme


def takes_part(scene: Scene, programme: str) -> bool:
    return programme in Attendance(scene.visit.connection).programmes_of(scene.person.id)


def participants(visit: Visit, programme: Programme) -> frozenset[str]:
    """Everybody with a confirmed seat at one of the programme's meetings."""
    attendance = Attendance(visit.connection)
    return frozenset(
        person for one in programme.occasions for person in attendance.participants(programme.id, one.id, visit.now)
    )


# --- One's own --------------------------------------------------------------------------------------------------------


def show(scene: Scene, about: str) -> Outcome:
    """`challenge`: as it stands in one programme, or a choice among several."""
    found = (asking(scene, about),) if about else tuple(_own_programmes(scene))
    if not found:
        return Show(challenges.nowhere(ways=tuple(_to_list(scene, ""))))
    return Show(_card(scene, found[0]) if len(found) == 1 else challenges.choose(found))


def _own_programmes(scene: Scene) -> Iterator[Programme]:
    seated = Attendance(scene.visit.connection).programmes_of(scene.person.id)
    written = _store(scene).programmes_of(scene.person.id)
    yield from (one for one in scene.programmes if one.id in written or (one.asks_challenge and one.id in seated))


def _card(scene: Scene, programme: Programme) -> Card:
    store, person = _store(scene), scene.person.id
    here, challenge = takes_part(scene, programme.id), store.of(programme.id, scene.person.id)
    own = Own(
        programme,
        challenge,
        store.viewers(programme.id, person),
        here,
        len(store.versions(programme.id, person)),
        _last_meeting(scene, programme),
    )
    return challenges.card(own, ways=tuple(_ways(scene, programme.id, challenge, here=here)))


def _ways(scene: Scene, programme: str, challenge: Challenge | None, *, here: bool) -> Iterator[Button]:
    if here and challenge is not None and challenge.visibility is Visibility.GROUP:
        yield challenge_lists.read(As.GROUP, programme, label=_("Read the group’s challenges"))
    if here:
        yield sparring.see(programme)
    yield from _to_list(scene, programme)


def _to_list(scene: Scene, programme: str) -> Iterator[Button]:
    if scene.coordinates:
        yield Button(_("Everybody’s challenges"), Action(challenge_lists.LIST, programme))


# --- Writing it -------------------------------------------------------------------------------------------------------


def write(scene: Scene, about: str) -> Outcome:
    """The form, filled in with what stands there."""
    programme = own_programme(scene, about)
    before = _store(scene).of(programme.id, scene.person.id)
    draft = Draft(about, before.newest.text, before.visibility.value) if before is not None else Draft(about)
    return Start(challenges.flow.name, about, draft)


def facts(scene: Scene, about: str) -> Facts:
    programme, store = own_programme(scene, about), _store(scene)
    here = participants(scene.visit, programme)
    others = (one for one in store.of_programme(about).values() if one.person in here - {scene.person.id})
    return Facts(
        programme,
        store.of(about, scene.person.id),
        store.viewers(about, scene.person.id),
        leaders=len(_leaders(scene.visit)),
        sharing=sum(one.visibility is Visibility.GROUP for one in others),
    )


def _leaders(visit: Visit) -> frozenset[str]:
    return frozenset(one.id for one in Posts(visit.connection, visit.now).appointed()) | administrators(visit)


def invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the card with its buttons."""
    return _card(scene, asking(scene, about.partition(" ")[0]))


class ChallengeRoom:
    """Implements `bot.flows.challenges.ChallengeDesk` and `Diary` for whoever is here."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def keep(self, programme: str, text: str, visibility: Visibility) -> Challenge:
        return _store(self._scene).keep(programme, self._scene.person.id, text, visibility)

    def reflect(self, programme: str, occasion: str, text: str) -> None:
        _store(self._scene).reflect(programme, self._scene.person.id, occasion, text)


# --- After a meeting --------------------------------------------------------------------------------------------------


def reflect(scene: Scene, about: str) -> Outcome:
    """The form about a meeting, filled in with what was written before."""
    meeting = meeting_facts(scene, about)
    written = _store(scene).reflections(meeting.programme.id, scene.person.id)
    before = next((one.text for one in written if one.occasion == meeting.occasion.id), "")
    return Start(challenges.reflecting.name, about, Thought(meeting.programme.id, meeting.occasion.id, before))


def meeting_facts(scene: Scene, about: str) -> Meeting:
    """Raises `Gone` for a meeting that has not begun, or at which the person has no seat."""
    id, _blank, named = about.partition(" ")
    programme = own_programme(scene, id)
    occasion = next((one for one in programme.occasions if one.id == named), None)
    if occasion is None or not _was_at(scene, programme, occasion):
        raise Gone(_("You can write about a meeting of yours once it has begun."))
    return Meeting(programme, occasion, _store(scene).of(programme.id, scene.person.id))


def _was_at(scene: Scene, programme: Programme, occasion: Occasion) -> bool:
    if occasion.cancelled or scene.visit.now < occasion.starts_at:
        return False
    person = scene.person.id
    return person in Attendance(scene.visit.connection).seats_of(programme.id, occasion.id, (person,))


def _last_meeting(scene: Scene, programme: Programme) -> Occasion | None:
    if not programme.asks_challenge:
        return None
    return next((one for one in reversed(programme.occasions) if _was_at(scene, programme, one)), None)


# --- All of it --------------------------------------------------------------------------------------------------------


def show_thread(scene: Scene, about: str) -> Outcome:
    """Everything that the person has written, a page at a time, with a link to it that soon ends."""
    id, start = truth.page_of(about)
    programme, store = asking(scene, id), _store(scene)
    written = Thread(store.versions(id, scene.person.id), store.reflections(id, scene.person.id))
    return Show(challenges.page(programme, written, _file(scene, id), start))


def _file(scene: Scene, programme: str) -> str:
    visit = scene.visit
    link = Links(visit.connection, visit.now).give_out(Kind.CHALLENGE, scene.person.id, lasts=_LINK_LASTS)
    address = visit.surroundings.link_address(Kind.CHALLENGE, link)
    return f"{address}/{programme}.docx?language={scene.language}"


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    challenges.CHALLENGE: show,
    challenges.WRITE: write,
    challenges.REFLECT: reflect,
    challenges.THREAD: show_thread,
}
