"""Handing a question to a colleague who knows more, who answers it in their own place; and back again in good time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.domain.faq import Miss, MissState
from bot.domain.people import Role
from bot.domain.programmes import local_day
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.times import HOME_ZONE
from bot.domain.words import Words
from bot.flows import appointing, handing, linked_contacts, misses
from bot.flows.handing import Choice, Colleague, Errand
from bot.flows.misses import Cluster
from bot.flows.misses_answering import Draft, Keep, Receipt
from bot.flows.misses_answering import Facts as AnswerFacts
from bot.handlers import handed, matters, misses_answering
from bot.handlers.misses import ask_for_answers, clusters, find_right, hold
from bot.handlers.misses_answering import AnswerRoom
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.permissions import administrators
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from storage.inquiries import Misses
from storage.posts import Posts

_AT_ONCE = -timedelta(minutes=1)  # what comes back twice within an hour is news twice


# --- Who can answer ---------------------------------------------------------------------------------------------------


def _posts_of(visit: Visit, programme: str) -> Mapping[str, Words]:
    """Person → post, of everybody who may answer questions of a programme: its own contacts first."""
    posts = Posts(visit.connection, visit.now)
    found: dict[str, Words] = {}
    for name, one in posts.answerers(programme):
        found.setdefault(one.id, linked_contacts.title_of(name, visit.programmes[programme]))
    for one in posts.appointed():
        coordinates = one.role is Role.COORDINATOR
        found.setdefault(one.id, appointing.coordinator_title() if coordinates else appointing.administrator_title())
    for one in posts.appointed():
        if one.deputy:
            found.setdefault(one.deputy, appointing.deputy_title(one.name or appointing.nameless()))
    for person in sorted(administrators(visit)):
        found.setdefault(person, appointing.administrator_title())
    return found


def _is_here(visit: Visit, person: str) -> bool:
    """Whether somebody can be written to and is not away."""
    one = Posts(visit.connection, visit.now).colleague(person)
    away = one is not None and one.away_until is not None and one.away_until > visit.now
    return one is not None and not away and visit.people.addressed(person) is not None


# --- Handing over -----------------------------------------------------------------------------------------------------


def hand_over(scene: Scene, about: str) -> Outcome:
    """The form in which a colleague is chosen."""
    seen = facts(scene, about)
    return Start(handing.flow.name, about, Choice(seen.cluster.miss.owner))


def facts(scene: Scene, about: str) -> handing.Facts:
    """Raises `Gone` for what is no open question, or when there is nobody to hand it to."""
    visit, miss = scene.visit, Misses(scene.visit.connection, scene.visit.now).get(about)
    if miss is None or miss.state is not MissState.OPEN:
        raise handing.moved_on()
    colleagues = tuple(sorted(_colleagues(scene, miss), key=lambda one: one.had_it))
    if not colleagues:
        raise Gone(handing.nobody_to_ask())
    by = local_day(handed.answer_by(visit, miss, visit.now), scene.zone)
    return handing.Facts(_cluster(visit, miss, scene.person.id), colleagues, by)


def _colleagues(scene: Scene, miss: Miss) -> Iterator[Colleague]:
    for person, post in _posts_of(scene.visit, miss.programme).items():
        if person not in (scene.person.id, miss.owner) and _is_here(scene.visit, person):
            had_it = handed.was_with(scene.visit, miss.id, person)
            yield Colleague(person, scene.visit.name_of(person), post, had_it)


def _cluster(visit: Visit, miss: Miss, reader: str) -> Cluster:
    (cluster,) = clusters(visit, (miss,), reader)
    return cluster


def invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the question with its buttons."""
    return misses_answering.invitation(scene, about)


class HandingRoom:
    """Implements `bot.flows.handing.HandingDesk` for one coordinator."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def hand_over(self, miss: str, colleague: str, *, seen: str) -> None:
        visit, now = self._scene.visit, hold(self._scene.visit, miss)
        if now.state is not MissState.OPEN or now.owner != seen:
            raise handing.moved_on()
        handed.end(visit, now, handing.somebody_else_has_it())
        giver = visit.name_of(self._scene.person.id)
        _give(visit, now, colleague, key=self._scene.inbound.delivery, giver=giver)
        ask_for_answers(visit, now.programme)


def to_contact(visit: Visit, miss: Miss, contact: str, *, asker: str) -> None:
    """Put a new question to whoever answers as the contact whose field it is; coordinators are told if nobody does."""
    for name, one in Posts(visit.connection, visit.now).answerers(miss.programme):
        if name == contact and one.id != asker and _is_here(visit, one.id):
            _give(visit, miss, one.id, key="field", giver="")
            return


def _give(visit: Visit, miss: Miss, person: str, *, key: str, giver: Words) -> None:
    zone = _zone(visit, person)
    by = local_day(handed.answer_by(visit, miss, visit.now), zone)
    view = handing.put(Errand(_cluster(visit, miss, person), by, zone, giver))
    handed.give(visit, miss, person, view, key=key)


def _zone(visit: Visit, person: str) -> str:
    reached = visit.people.reached((person,)).get(person)
    return (reached.zone if reached is not None else "") or HOME_ZONE


# --- Answering it -----------------------------------------------------------------------------------------------------


def _is_theirs(scene: Scene, miss: Miss) -> bool:
    """Whether it lies with this person at this instant, who may still answer questions here."""
    mine = miss.state is MissState.OPEN and miss.owner == scene.person.id
    return mine and handed.held(scene.visit, miss) is not None and _may_answer(scene.visit, miss, scene.person.id)


def _may_answer(visit: Visit, miss: Miss, person: str) -> bool:
    return person in _posts_of(visit, miss.programme)


def _theirs(scene: Scene, id: str) -> Miss:
    """A question that was handed to this person. Raises `NotAllowed` for anybody else's, and `Gone`."""
    miss = Misses(scene.visit.connection, scene.visit.now).get(id)
    if miss is None:
        raise Gone(handing.not_with_you())
    if not handed.was_with(scene.visit, id, scene.person.id):
        raise NotAllowed(handing.not_yours())
    return miss


def answer(scene: Scene, about: str) -> Outcome:
    miss = _theirs(scene, about)
    if not _is_theirs(scene, miss):
        raise Gone(handing.not_with_you())
    draft = misses_answering.begun(misses_answering.facts(scene, about))
    return Start(handing.answering.name, about, replace(draft, keep=Keep.PROGRAMME if miss.programme else Keep.NOWHERE))


def answer_facts(scene: Scene, about: str) -> AnswerFacts:
    """What the form looks at; who has it no longer sees no more of it than they have written."""
    theirs = _is_theirs(scene, _theirs(scene, about))
    found = misses_answering.facts(scene, about)
    cluster = found.cluster if theirs else replace(found.cluster, others=(), names=(), doubted=None)
    return replace(found, cluster=cluster, curates=scene.coordinates, theirs=theirs)


def answer_invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the question with its buttons."""
    miss = _theirs(scene, about)
    found = handed.held(scene.visit, miss)
    if found is None or not _is_theirs(scene, miss):
        raise Gone(handing.not_with_you())
    by = local_day(handed.answer_by(scene.visit, miss, found.since), scene.zone)
    return handing.put(Errand(_cluster(scene.visit, miss, scene.person.id), by, scene.zone))


class OwnRoom(AnswerRoom):
    """The room of one to whom a question was handed: that one alone can be answered there."""

    def answer(self, miss: str, draft: Draft) -> Receipt:
        if not _is_theirs(self._scene, hold(self._visit, miss)):
            raise Gone(handing.not_with_you())
        return super().answer(miss, draft)


def right(scene: Scene, about: str) -> Outcome:
    """Whoever has an answer in doubt finds it right: it stays, and whom it helps is counted anew."""
    _theirs(scene, about)
    miss = hold(scene.visit, about)
    if not _is_theirs(scene, miss) or not find_right(scene, miss):
        raise Gone(handing.not_with_you())
    ask_for_answers(scene.visit, miss.programme)
    return Show(handing.over(miss.text, handing.is_right()), replaces=True)


# --- Back to the coordinators -----------------------------------------------------------------------------------------


def give_back(scene: Scene, about: str) -> Outcome:
    """Whoever has it cannot answer: the coordinators hear so at once."""
    _theirs(scene, about)
    miss = hold(scene.visit, about)
    if not _is_theirs(scene, miss):
        raise Gone(handing.not_with_you())
    _return(scene.visit, miss, handing.could_not(scene.visit.name_of(scene.person.id)))
    return Show(handing.over(miss.text, handing.went_back()), replaces=True)


def bring_back(visit: Visit) -> None:
    """What has lain too long with somebody, or lies with somebody who is away: once, whoever else does the same now."""
    for seen in Misses(visit.connection, visit.now).open_ones():
        if seen.owner and _why_back(visit, seen) is not None:
            miss = hold(visit, seen.id)
            why = _why_back(visit, miss)
            if why is not None:
                _return(visit, miss, why)


def has_left(visit: Visit, person: str) -> None:
    """What lies with somebody who can be reached no more, or will be known no more: it is back at once."""
    for seen in Misses(visit.connection, visit.now).open_ones():
        if seen.owner == person:
            miss = hold(visit, seen.id)
            if miss.owner != person or miss.state is not MissState.OPEN:
                continue
            if handed.held(visit, miss) is not None:
                _return(visit, miss, handing.has_left())
            else:  # they had taken it on themselves
                Misses(visit.connection, visit.now).let_go(miss.id)
                ask_for_answers(visit, miss.programme)


def _why_back(visit: Visit, miss: Miss) -> Words | None:
    found = handed.held(visit, miss) if miss.state is MissState.OPEN else None
    if found is None:
        return None
    name = visit.name_of(miss.owner)
    if not _may_answer(visit, miss, miss.owner):
        return handing.has_no_post(name)
    if not _is_here(visit, miss.owner):
        return handing.is_away(name)
    return handing.waited_in_vain(name) if handed.answer_by(visit, miss, found.since) <= visit.now else None


def _return(visit: Visit, miss: Miss, why: Words) -> None:
    handed.end(visit, miss, handing.went_back())
    view = handing.came_back(_cluster(visit, miss, ""), why)
    matters.open_matter(visit, key=handed.back(miss), programme=miss.programme, kind="misses", view=view, rest=_AT_ONCE)
    ask_for_answers(visit, miss.programme)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    misses.HAND_OVER: hand_over,
    handing.ANSWER: answer,
    handing.RIGHT: right,
    handing.GIVE_BACK: give_back,
}
