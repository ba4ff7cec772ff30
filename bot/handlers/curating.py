"""The list of questions with their answers, and what coordinators do with a single one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from bot.domain.faq import COMMON, Age, Entry, Past, Phrasing, PhrasingStanding, Standing, Tally
from bot.domain.refusals import Gone
from bot.domain.words import Words, _
from bot.flows import curating, curating_past, occasions, truth
from bot.flows.curating import Aged, Place, Shelf, Tools
from bot.flows.curating_past import Made
from bot.handlers.faq import looked_up
from bot.handlers.judging import age_of
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.permissions import require_coordinator
from bot.handlers.scene import Scene
from storage.faq import Entries
from storage.inquiries import Inquiries
from storage.nobody import ERASED

_A_MONTH = timedelta(days=30)
_SHOWN_FIRST = (Age.CURRENT, Age.COMING, Age.PAST)


def store(scene: Scene) -> Entries:
    return Entries(scene.visit.connection, scene.visit.now)


# --- The list ---------------------------------------------------------------------------------------------------------


def show_list(scene: Scene, about: str) -> Outcome:
    """`faq`: of one's own programmes first, then of others, then what holds for all of them."""
    place = curating.place_of(about)
    if place.retired:
        require_coordinator(scene)
    shelves = _shelves(scene, place)
    tools = _tools(scene, place) if scene.coordinates else None
    return Show(curating.listing(shelves, place, tools))


def choose(scene: Scene, about: str) -> Outcome:
    return Show(curating.choose(_shelves(scene, Place())))


def _shelves(scene: Scene, place: Place) -> list[Shelf]:
    """Raises `Gone` for a programme that the person may not see."""
    if place.of not in ("", curating.EVERYWHERE):
        scene.programme(place.of)
    shown: dict[str, list[Aged]] = {}
    for entry in store(scene).all().values():
        one = Aged(entry, age_of(scene, entry))
        if _is_shown(scene, one, retired=place.retired):
            shown.setdefault(entry.programme or curating.EVERYWHERE, []).append(one)
    return [
        Shelf(of, title, tuple(sorted(shown.get(of, ()), key=lambda one: _order(scene, one))))
        for of, title in _titles(scene).items()
        if place.of in ("", of)
    ]


def _is_shown(scene: Scene, one: Aged, *, retired: bool) -> bool:
    if one.age is Age.COMING and not scene.coordinates:
        return False
    return (one.entry.standing is Standing.RETIRED) is retired


def _titles(scene: Scene) -> dict[str, Words]:
    """What one may see, in the order in which it is shown."""
    own = {programme for programme, _occasion in scene.visit.registrations.own(scene.person.id)}
    ordered = sorted(scene.programmes, key=lambda programme: programme.id not in own)
    named = {one.id: occasions.programme_name(one, ordered) for one in ordered}
    return {**named, curating.EVERYWHERE: curating.everywhere()}


def _order(scene: Scene, one: Aged) -> tuple[int, str]:
    """What holds now first, and then by the letters of the question in the reader's language."""
    wordings = one.entry.question.wordings
    question = wordings.get(scene.language.value) or next(iter(wordings.values()), "")
    return _SHOWN_FIRST.index(one.age), question.casefold()


def _tools(scene: Scene, place: Place) -> Tools:
    entries = store(scene).all().values()
    there = [one for one in entries if place.of in ("", one.programme or curating.EVERYWHERE)]
    retired = sum(one.standing is Standing.RETIRED for one in there)
    return Tools(len(_proposed(scene)), retired, _lately(scene, place))


def _lately(scene: Scene, place: Place) -> Tally:
    of = None if not place.of else curating.of_programme(place.of)
    return Inquiries(scene.visit.connection, scene.visit.now).tally(scene.visit.now - _A_MONTH, of)


# --- One question -----------------------------------------------------------------------------------------------------


def find(scene: Scene, id: str) -> Entry:
    """The entry, as far as the person may see it. Raises `Gone`."""
    entry = store(scene).get(id)
    if entry is None or (entry.programme != COMMON and not _sees(scene, entry.programme)):
        raise Gone(_gone())
    hidden = entry.standing is Standing.RETIRED or age_of(scene, entry) is Age.COMING
    if hidden and not scene.coordinates:
        raise Gone(_gone())
    return entry


def _sees(scene: Scene, programme: str) -> bool:
    return any(one.id == programme for one in scene.programmes)


def _gone() -> Words:
    return _("That question is no longer here. Write “questions and answers” to see those that are.")


def show(scene: Scene, about: str) -> Outcome:
    entry = find(scene, about)
    given = looked_up(scene, entry)
    if scene.coordinates:
        return Show(curating.for_coordinator(Aged(entry, age_of(scene, entry)), given))
    return Show(curating.as_shown(given))


def retire(scene: Scene, about: str) -> Outcome:
    entry = find(scene, about)
    store(scene).retire(entry.id, by=scene.person.id)
    return Show(curating.retired(entry))


def restore(scene: Scene, about: str) -> Outcome:
    entry = find(scene, about)
    store(scene).restore(entry.id, by=scene.person.id)
    return Show(curating.restored(entry))


# --- What was ---------------------------------------------------------------------------------------------------------


def history(scene: Scene, about: str) -> Outcome:
    id, start = truth.page_of(about.replace(" ", ":"))
    entry = find(scene, id)
    return Show(curating_past.history(entry, _made(scene, entry), start, scene.zone, _titles(scene)))


def _made(scene: Scene, entry: Entry) -> list[Made]:
    """The changes of an entry with who made them, the newest first."""
    past = store(scene).history(entry.id)
    earlier: list[Entry | None] = [older.entry for _newer, older in pairwise(past)]
    return [Made(one, _by(scene, one), before) for one, before in zip(past, [*earlier, None], strict=True)]


def _by(scene: Scene, past: Past) -> Words:
    if not past.by:
        return curating_past.by_the_file()
    if past.by == ERASED:
        return curating_past.by_nobody()
    return scene.visit.name_of(past.by)


def revert(scene: Scene, about: str) -> Outcome:
    """Let an earlier version hold again, if the entry is still the one that was looked at."""
    id, version, seen = (*about.split(" "), "", "")[:3]
    entries = store(scene)
    find(scene, id)
    now = entries.locked(id)
    then = next((one.entry for one in entries.history(id) if str(one.entry.version) == version), None)
    if now is None or then is None:
        raise Gone(_gone())
    wanted = replace(then, standing=now.standing, version=now.version)
    if wanted == now:  # pressed twice
        return Show(curating_past.reverted(now, now, _titles(scene)))
    if str(now.version) != seen:
        raise Gone(curating_past.changed_meanwhile(now))
    return Show(curating_past.reverted(now, entries.edit(wanted, by=scene.person.id), _titles(scene)))


# --- Ways to ask that are proposed ------------------------------------------------------------------------------------


def phrasings(scene: Scene, about: str) -> Outcome:
    _id, start = truth.page_of(f":{about}")
    return Show(curating_past.phrasings(_proposed(scene), start))


def _proposed(scene: Scene) -> list[tuple[Phrasing, Entry]]:
    entries = store(scene)
    there = entries.all()
    found = ((one, there.get(one.entry)) for one in entries.phrasings(PhrasingStanding.PROPOSED))
    return [(one, entry) for one, entry in found if entry is not None and entry.standing is Standing.LIVE]


def accept(scene: Scene, about: str) -> Outcome:
    return _decide(scene, about, curating_past.learnt, lambda entries: entries.accept(about, by=scene.person.id))


def reject(scene: Scene, about: str) -> Outcome:
    return _decide(scene, about, curating_past.not_learnt, lambda entries: entries.reject(about))


def _decide(
    scene: Scene, id: str, in_words: Callable[[Phrasing], Words], rule: Callable[[Entries], object | None]
) -> Outcome:
    """Decide about a way to ask, unless somebody has, and show what is left."""
    entries = store(scene)
    phrasing = entries.phrasing(id)
    is_mine = phrasing is not None and rule(entries) is not None
    said = in_words(phrasing) if phrasing is not None and is_mine else curating_past.decided()
    return Show(curating_past.phrasings(_proposed(scene), said=said), replaces=True)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    curating.FAQ: show_list,
    curating.CHOOSE: choose,
    curating.SHOW: show,
    curating.RETIRE: retire,
    curating.RESTORE: restore,
    curating.HISTORY: history,
    curating.REVERT: revert,
    curating.PHRASINGS: phrasings,
    curating.ACCEPT: accept,
    curating.REJECT: reject,
}
