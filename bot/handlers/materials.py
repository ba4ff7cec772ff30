"""Materials: who sees which links, who waits for what and is told, and how a link gets there and is put right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.domain.materials import from_occasion, has_come, is_link, meant, with_link, working_link
from bot.domain.nudges import schedule
from bot.domain.programmes import Material, Occasion, Programme, local_day
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rules import Audience
from bot.domain.times import HOME_ZONE
from bot.domain.words import Words, _
from bot.domain.workdays import Whereabouts, is_polite
from bot.flows import buttons, catching_up, material_links, materials
from bot.flows.materials import News, Page, Reader
from bot.handlers import matters
from bot.handlers.naming import programmes_named
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.permissions import check
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View, to_json
from storage import programmes
from storage.attendance import Attendance
from storage.awaited import Awaited, Awaits
from storage.groups import Groups
from storage.matters import Matters
from storage.outbox import Post
from storage.people import Recipient

_AT_ONCE = 500
"""People told in one transaction; the rest of them a minute later."""

_NO_REST = timedelta(0)
"""A person who tells of a dead link is no program that looks every minute: what they say counts at once."""


# --- Who looks --------------------------------------------------------------------------------------------------------


def reader(visit: Visit, person: str, *, coordinates: bool = False) -> Reader:
    """What decides which of the links somebody sees, and what is recommended to them."""
    groups = Groups(visit.connection, visit.now)
    recommending = [one.id for one in visit.programmes.values() if any(m.for_roles for m in one.materials)]
    return Reader(
        member_of=Attendance(visit.connection).programmes_of(person),
        roles={id: frozenset(group.role for group in groups.of_person(id, person)) for id in recommending},
        awaits=Awaited(visit.connection, visit.now).of_person(person),
        coordinates=coordinates,
    )


def _reader(scene: Scene) -> Reader:
    return reader(scene.visit, scene.person.id, coordinates=scene.coordinates)


def show_materials(scene: Scene, about: str) -> Outcome:
    """`materials`: of one's own programmes first, of one of them, or the next page."""
    page, looks = _page(scene, about), _reader(scene)
    found = (scene.programme(page.programme),) if page.programme else scene.programmes
    own_first = sorted(found, key=lambda programme: programme.id not in looks.member_of)
    return Show(materials.card(own_first, looks, scene.visit.now, page))


def _page(scene: Scene, about: str) -> Page:
    """What a button asks for, or the programme that is named after the word; all where it names none."""
    page = Page.of(about)
    if not page.programme or page.programme in scene.visit.programmes:
        return page
    named = programmes_named(about, {one.id: one for one in scene.programmes})
    return Page(next(iter(named))) if len(named) == 1 else Page()


def _placed(scene: Scene, about: str) -> tuple[Programme, Material]:
    """What a button names as `programme material`. Raises `Gone`."""
    id, _blank, named = about.partition(" ")
    programme = scene.programme(id)
    material = programme.material(named)
    if material is None:
        raise Gone(materials.gone())
    return programme, material


# --- Waiting ----------------------------------------------------------------------------------------------------------


def await_material(scene: Scene, about: str) -> Outcome:
    """Be told when it is there; what is there already is shown."""
    programme, what, title = _awaited(scene, about)
    found = has_come(programme, what)
    if found:
        return Show(materials.is_here(programme, found, _reader(scene), scene.visit.now))
    _store(scene.visit).ask(Awaits(programme.id, what), scene.person.id)
    return Show(materials.will_tell(programme, what, title))


def unawait_material(scene: Scene, about: str) -> Outcome:
    programme, what, title = _awaited(scene, about)
    _store(scene.visit).take(Awaits(programme.id, what), scene.person.id)
    return Show(materials.will_not_tell(title))


def _awaited(scene: Scene, about: str) -> tuple[Programme, str, Words]:
    """What somebody can wait for, with its title. Raises `Gone`."""
    id, _blank, what = about.partition(" ")
    programme = scene.programme(id)
    titles: dict[str, Words] = {from_occasion(one.id): one.title for one in programme.occasions}
    titles |= {one.id: one.title for one in programme.materials}
    if what not in titles:
        raise Gone(materials.gone())
    return programme, what, titles[what]


def tell_waiting(visit: Visit) -> None:
    """Tell those who wait what has come, in their working hours: each once, whoever else does the same now."""
    store = _store(visit)
    news = {wish: found for wish in store.wishes() if (found := tuple(_news(visit, wish)))}
    wishes: dict[str, list[Awaits]] = defaultdict(list)
    for wish in news:
        for person in store.waiting(wish):
            wishes[person].append(wish)
    reached = visit.people.reached(sorted(wishes))
    here = [person for person in sorted(wishes) if _is_there_now(visit, reached.get(person))]
    for person in here[:_AT_ONCE]:
        taken = [one for wish in wishes[person] if store.take(wish, person) for one in news[wish]]
        visit.outbox.add_many(_posts(visit, reached[person], taken))


def _news(visit: Visit, wish: Awaits) -> Iterator[News]:
    """What has come of that which is waited for."""
    programme = visit.programmes.get(wish.programme)
    if programme is None or programme.draft:
        return
    if is_link(wish.what):
        yield from _mended(visit, programme, wish)
    else:
        yield from (News(programme, one) for one in has_come(programme, wish.what))


def _mended(visit: Visit, programme: Programme, wish: Awaits) -> Iterator[News]:
    """Another link than the one that did not work, or the same one once a coordinator has said that it is done."""
    standing = [one for one in meant(programme, wish.what) if working_link(one) == wish.what]
    if not standing:
        matters.settled(visit, key=_matter(wish))
    closed = Matters(visit.connection, visit.now).open_with(_matter(wish)) is None
    for material in (*has_come(programme, wish.what), *(standing if closed else ())):
        yield News(programme, material, mended=True)


def _is_there_now(visit: Visit, recipient: Recipient | None) -> bool:
    """Whether somebody can be written to, and works at this hour."""
    if recipient is None or recipient.address is None:
        return False
    there = Whereabouts.of(recipient.zone or HOME_ZONE, recipient.person.organisation)
    return is_polite(visit.now, there)


def _posts(visit: Visit, recipient: Recipient, found: list[News]) -> Iterator[Post]:
    """One message for all of it; a material that somebody waited for in two ways stands in it once."""
    once = {(one.programme.id, one.material.id): one for one in sorted(found, key=lambda one: one.mended)}
    if once:
        assert recipient.address is not None, "only who is reached is written to"
        person = recipient.person
        view = materials.told(tuple(once.values()), reader(visit, person.id), visit.now)
        key = f"material:{':'.join(next(iter(once)))}:{person.id}:{visit.now.isoformat()}"
        yield Post(key, recipient.address, person.id, person.language, to_json(view))


def _store(visit: Visit) -> Awaited:
    return Awaited(visit.connection, visit.now)


# --- A link that does not work ----------------------------------------------------------------------------------------


def dead_link(scene: Scene, about: str) -> Outcome:
    """One matter for each link, however many tell of it; each of them hears when it works."""
    programme, material = _placed(scene, about)
    if not material.url:
        raise Gone(materials.gone())
    if not _reader(scene).may_open(programme, material):
        raise NotAllowed(materials.only_for_members())
    wish = Awaits(programme.id, working_link(material))
    view = materials.does_not_work(programme, material)
    matters.open_matter(
        scene.visit, key=_matter(wish), programme=programme.id, kind="dead_link", view=view, rest=_NO_REST
    )
    _store(scene.visit).ask(wish, scene.person.id)
    return Show(materials.thanks_for_telling())


def _matter(wish: Awaits) -> str:
    return f"dead_link:{wish.programme}:{wish.what}"


# --- Giving it a link -------------------------------------------------------------------------------------------------


def set_link(scene: Scene, about: str) -> Outcome:
    _programme, material = _placed(scene, about)
    return Start(materials.SET_LINK, about, material_links.draft(material))


def link_facts(scene: Scene, about: str) -> material_links.Facts:
    """Raises `NotAllowed` for everybody but coordinators, and `Gone` for what is not there."""
    check(scene, materials.SET_LINK)
    programme, material = _placed(scene, about)
    waiting = 0 if material.url else len(_store(scene.visit).waiting(Awaits(programme.id, material.id)))
    return material_links.Facts(programme, material, local_day(scene.visit.now, programme.zone), waiting)


def link_invitation(scene: Scene, about: str) -> View:
    check(scene, materials.SET_LINK)
    return material_links.invitation(*_placed(scene, about))


class LinkRoom:
    """Implements `bot.flows.material_links.LinkDesk` in one transaction, for one coordinator."""

    def __init__(self, scene: Scene) -> None:
        check(scene, materials.SET_LINK)
        self._visit = scene.visit

    def keep_link(self, programme: str, material: Material, *, seen: str) -> Programme:
        current = programmes.locked(self._visit.connection, programme)
        standing = current.material(material.id) if current is not None else None
        if current is None or standing is None:
            raise Gone(materials.gone())
        if standing.url != seen:
            raise material_links.overtaken()
        wanted = with_link(standing, material.url, material.kind, material.published)
        if standing.url and standing.url != wanted.url:
            matters.settled(self._visit, key=_matter(Awaits(programme, working_link(standing))))
        kept = tuple(wanted if one.id == wanted.id else one for one in current.materials)
        return programmes.load(self._visit.connection, replace(current, materials=kept), self._visit.now).programme


# --- Catching up ------------------------------------------------------------------------------------------------------


def was_absent(scene: Scene, about: str) -> Outcome:
    """What somebody has missed, at once; they are not sent it again, and nobody thanks them for having been there."""
    id, _blank, named = about.partition(" ")
    programme = scene.programme(id)
    occasion = _held(scene, programme, named)
    for planned in schedule(programme):
        if planned.audience is Audience.ABSENT and planned.about == occasion.id:
            scene.visit.nudges.count_as_sent(programme.id, planned, scene.person.id)
    return Show(catching_up.package(programme, occasion, _reader(scene), scene.visit.now))


def _held(scene: Scene, programme: Programme, named: str) -> Occasion:
    """A meeting that has taken place. Raises `Gone`."""
    for occasion in programme.occasions:
        if occasion.id == named and not occasion.cancelled:
            if occasion.ends_at > scene.visit.now:
                raise Gone(catching_up.not_over())
            return occasion
    raise Gone(_("This meeting is no longer in the programme."))


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.MATERIALS: show_materials,
    materials.AWAIT: await_material,
    materials.UNAWAIT: unawait_material,
    materials.DEAD_LINK: dead_link,
    materials.SET_LINK: set_link,
    materials.WAS_ABSENT: was_absent,
}
