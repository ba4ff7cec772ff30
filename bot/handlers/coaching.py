"""Coaches of workshops: appointed by a code, shown the script and what is counted, refused everything else, ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.domain.permissions import Standing as Rank
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone
from bot.domain.words import Text, Words
from bot.domain.workshops import Workshop
from bot.flows import appointing, coaching, results, room_page
from bot.flows import workshops as words
from bot.flows.coaching import Choice, Facts, Post
from bot.flows.workshops import Standing
from bot.handlers import leaders, screens, workshops
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.permissions import standing_of_person
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Button, Card, View
from storage.coaches import Coaches
from storage.posts import Posts
from storage.workshops import Workshops

PURPOSE = "coach"
"""The kind of the codes, with the programme and the organisation's key after it; of posts as well."""


def store(visit: Visit) -> Coaches:
    return Coaches(visit.connection, visit.now)


# --- Who may ----------------------------------------------------------------------------------------------------------


def may_appoint(visit: Visit, person: str, programme: str, organisation: str) -> bool:
    """Coordinators appoint coaches everywhere, and an organisation's contacts those of that organisation."""
    if Rank.COORDINATOR in standing_of_person(visit, person):
        return True
    if not organisation:
        return False
    return person in Posts(visit.connection, visit.now).contacts_of(programme, organisation)


def coached(visit: Visit, person: str) -> Sequence[Workshop]:
    """The workshops that somebody follows, the newest first."""
    programmes = dict.fromkeys(programme for programme, _key in store(visit).of_person(person))
    there = Workshops(visit.connection, visit.now)
    found = (one for programme in programmes for one in there.of_programme(programme))
    return sorted(
        (one for one in found if screens.coaches(visit, person, one)), key=lambda one: one.begun_at, reverse=True
    )


def is_coach(scene: Scene) -> bool:
    """Whether the person coaches anything, begun or not."""
    return bool(store(scene.visit).of_person(scene.person.id))


# --- Appointing -------------------------------------------------------------------------------------------------------


def links(visit: Visit, workshop: Workshop) -> tuple[Button, ...]:
    """What the leader's card offers for those who look on."""
    page = room_page.screen(screens.address(visit, workshop.id))
    return page, room_page.new_link(workshop.id), coaching.invite(workshop.id)


def invite(scene: Scene, about: str) -> Outcome:
    """A code for a coach of the workshop's organisation, or else of the whole programme."""
    workshop = workshops.led(scene, about)
    there = tuple(_posts(scene.visit, workshop.programme, workshop.organisation))
    code = _issue(scene, workshop.programme, workshop.organisation)
    return Show(coaching.invitation(code, workshops.standing(scene.visit, workshop), there))


def appoint(scene: Scene, about: str) -> Outcome:
    facts(scene, about)
    return Start(coaching.flow.name, "", Choice())


def facts(scene: Scene, about: str) -> Facts:
    """Raises `Gone` when no programme has a workshop."""
    having = tuple(one for one in scene.programmes if one.workshops)
    if not having:
        raise Gone(coaching.no_workshops())
    return Facts(having, scene.visit.surroundings.directory)


class CodeRoom:
    """Implements `bot.flows.coaching.CodeDesk` for one coordinator."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def coach_code(self, programme: str, organisation_key: str) -> str:
        return _issue(self._scene, programme, organisation_key)


def _issue(scene: Scene, programme: str, organisation: str) -> str:
    """It says who appoints, so that it loses its worth with their post."""
    return scene.visit.codes.issue(f"{PURPOSE}:{programme}:{organisation}", scene.person.id)


def may_give(visit: Visit, issuer: str, rest: str) -> bool:
    """Whether whoever gave out a code could do so still."""
    programme, _colon, organisation = rest.partition(":")
    return programme in visit.programmes and may_appoint(visit, issuer, programme, organisation)


def give(scene: Scene, issuer: str, by: Words, who: Words, rest: str) -> View:
    """Let the person coach what a code names."""
    id, _colon, organisation = rest.partition(":")
    store(scene.visit).add(id, organisation, scene.person.id)
    title = _title(scene.visit, scene.programme(id), organisation)
    if issuer != scene.person.id:
        key = f"appointed:{issuer}:{scene.inbound.delivery}"
        scene.visit.tell(issuer, coaching.is_coach(who, title), key=key)
    return coaching.now_coach(title, by)


# --- Posts ------------------------------------------------------------------------------------------------------------


def all_posts(visit: Visit) -> Iterator[Post]:
    """Everybody who coaches, for whoever sees all posts."""
    for programme in visit.programmes:
        for key in dict.fromkeys(key for key, _person in store(visit).of_programme(programme)):
            yield from _posts(visit, programme, key)


def _posts(visit: Visit, programme: str, organisation: str) -> Iterator[Post]:
    for key, person in store(visit).of_programme(programme):
        if key == organisation:
            yield _post(visit, programme, key, person)


def _post(visit: Visit, programme: str, organisation: str, person: str) -> Post:
    name = visit.name_of(person)
    title = _title(visit, visit.programmes[programme], organisation)
    return Post(name, title, f"{programme}:{organisation}:{person}")


def _title(visit: Visit, programme: Programme, organisation: str) -> Text:
    name = leaders.organisation_name(visit, programme.id, organisation) if organisation else ""
    return coaching.title_of(programme, name)


def take(visit: Visit, post: str) -> str:
    """Take a post away; the id of the person who had it."""
    programme, organisation, person = _parts(post)
    store(visit).remove(programme, organisation, person)
    for workshop in Workshops(visit.connection, visit.now).of_programme(programme):
        if not screens.coaches(visit, person, workshop):  # a new post later is a new link
            screens.revoke(visit, screens.for_coach(workshop.id, person))
    return person


def _parts(post: str) -> tuple[str, str, str]:
    programme, _colon, rest = post.partition(":")
    organisation, _colon, person = rest.rpartition(":")
    return programme, organisation, person


def end(scene: Scene, about: str) -> Outcome:
    """Ask before a post is taken away, or left."""
    one, own = _ending(scene, about)
    return Show(coaching.ask_to_end(one, own=own))


def confirm_end(scene: Scene, about: str) -> Outcome:
    """End a post, and tell the one who had it."""
    one, own = _ending(scene, about)
    person = take(scene.visit, about)
    if not own:
        view = appointing.your_post_ended(appointing.Holder(one.name, one.title))
        scene.visit.tell(person, view, key=f"ended:{person}:{scene.inbound.delivery}")
    return Show(coaching.ended(one, own=own), replaces=True)


def _ending(scene: Scene, post: str) -> tuple[Post, bool]:
    """The post, and whether it is one's own. Raises `Gone` when nobody has it, or it is not theirs to end."""
    programme, organisation, person = _parts(post)
    there = programme in scene.visit.programmes and (organisation, person) in store(scene.visit).of_programme(programme)
    own = person == scene.person.id
    if not there or not (own or may_appoint(scene.visit, scene.person.id, programme, organisation)):
        raise Gone(coaching.post_gone())
    return _post(scene.visit, programme, organisation, person), own


# --- What a coach sees ------------------------------------------------------------------------------------------------


def show_mine(scene: Scene, about: str) -> Outcome:
    """The workshops that the person coaches."""
    return Show(overview(scene))


def overview(scene: Scene) -> Card:
    mine = scene.person.id
    posts = tuple(
        _post(scene.visit, programme, organisation, mine)
        for programme, organisation in store(scene.visit).of_person(mine)
        if programme in scene.visit.programmes
    )
    return coaching.overview(tuple(workshops.standing(scene.visit, one) for one in coached(scene.visit, mine)), posts)


def show(scene: Scene, about: str) -> Outcome:
    """Where a workshop is."""
    return Show(coaching.card(_followed(scene, about), _page(scene, about)))


def renew(scene: Scene, about: str) -> Outcome:
    """Close the link to one's own page, and give out another."""
    standing = _followed(scene, about)
    screens.revoke(scene.visit, screens.for_coach(about, scene.person.id))
    return Show(coaching.card(standing, _page(scene, about), renewed=True), replaces=True)


def _page(scene: Scene, workshop: str) -> str:
    return screens.address(scene.visit, screens.for_coach(workshop, scene.person.id))


def show_script(scene: Scene, about: str) -> Outcome:
    return Show(coaching.script(_followed(scene, about)))


def show_result(scene: Scene, about: str) -> Outcome:
    """What a step that everybody answered alone came to, as far as it may be shown to anybody."""
    id, _blank, round = about.partition(" ")
    shown = screens.result(scene.visit, _followed(scene, id), round)
    if shown is None:
        raise Gone(results.gone())
    return Show(coaching.result(results.for_coordinators(shown), id, _page(scene, id)))


def _followed(scene: Scene, id: str) -> Standing:
    """A workshop that the person coaches. Raises `Gone`, whether it is another's or not there at all."""
    found = Workshops(scene.visit.connection, scene.visit.now).get(id)
    if found is None or not screens.coaches(scene.visit, scene.person.id, found):
        raise Gone(words.gone())
    return workshops.standing(scene.visit, found)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    coaching.INVITE: invite,
    coaching.APPOINT: appoint,
    coaching.COACHING: show_mine,
    coaching.COACHED: show,
    coaching.SCRIPT: show_script,
    coaching.RESULT: show_result,
    coaching.NEW_LINK: renew,
    coaching.END: end,
    coaching.CONFIRM_END: confirm_end,
}
