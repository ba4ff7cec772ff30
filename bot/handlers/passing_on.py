"""What no entry answers goes to a human: whose field it is, who waits for an answer, and how that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain import guard
from bot.domain.faq import COMMON, Inquiry, Miss, MissState, Outcome
from bot.domain.people import Role
from bot.domain.programmes import Contact, Programme, local_day
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.words import Words, _
from bot.domain.workdays import working_days_later
from bot.faq import Engine, Entry
from bot.flows import faq
from bot.flows.faq import Draft, Facts, Mine, Promise
from bot.handlers import for_members, handed, handing, misses
from bot.handlers.outcomes import Outcome as Leads
from bot.handlers.outcomes import Show, Start
from bot.handlers.permissions import administrators
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from storage.codes import without_codes
from storage.groups import Groups
from storage.inquiries import Inquiries, Misses
from storage.posts import Colleague, Posts

COORDINATORS = _("the coordinators")
_SAME = 0.9
"""So likely have two questions to be the same before one answer does for both. Much likelier than not: to be put with
the wrong ones gets somebody an answer to another question, to be left alone costs a coordinator one more look."""

_TELLING = 0.1
"""So likely is a contact to be meant before the question says anything of whose it is. Below, it is all chance: a
question about a dog went to the lawyers."""

_WORKING_DAYS = 2
"""After so many a miss that nobody has answered goes to deputies and administrators, too."""

_SHOWN_FOR = timedelta(days=90)


def without_names(visit: Visit, programme: str, text: str, language: str) -> str:
    """The text with brackets for whatever points at a person, or is a code of theirs."""
    roster = Groups(visit.connection, visit.now).roster(programme) if programme else frozenset()
    text = without_codes(text)
    return guard.masked(text, guard.found(text, roster, visit.surroundings.directory.words), language)


# --- Misses -----------------------------------------------------------------------------------------------------------


def note(scene: Scene, inquiry: Inquiry, alike: Sequence[tuple[str, float]]) -> Promise | None:
    """Put a question to the others of its meaning, or begin with it; who answers it, and by when."""
    visit, store = scene.visit, Misses(scene.visit.connection, scene.visit.now)
    contact = _likeliest(scene, inquiry.programme, inquiry.text)
    same = next(_same(store, inquiry, alike), None)
    if same is None:
        id = _open(scene, inquiry, contact)
    else:
        id = same.id
        store.join(id, inquiry.id)
    misses.ask_for_answers(visit, inquiry.programme)
    return promise(scene, id)


def _open(scene: Scene, inquiry: Inquiry, contact: Contact | None) -> str:
    """Begin a miss, and return its id; it lies first with whoever answers as the contact whose field it is."""
    name = contact.name if contact is not None else ""
    miss = Misses(scene.visit.connection, scene.visit.now).open(inquiry, contact=name)
    handing.to_contact(scene.visit, miss, name, asker=scene.person.id)
    return miss.id


def _same(store: Misses, inquiry: Inquiry, alike: Sequence[tuple[str, float]]) -> Iterator[Miss]:
    """The open misses that ask for the same, the likest first."""
    for id, likeness in sorted(alike, key=lambda one: -one[1]):
        miss = store.locked(id) if likeness >= _SAME else None
        if miss is not None and miss.state is MissState.OPEN and miss.programme == inquiry.programme:
            yield miss


def promise(scene: Scene, miss: str) -> Promise | None:
    """Who has a question that was passed on just now, and by when they answer; None while there is nobody."""
    found = Misses(scene.visit.connection, scene.visit.now).get(miss)
    desk = _desk(scene.visit, found) if found is not None else None
    return Promise(desk, _answered_by(scene, scene.visit.now)) if desk is not None else None


def _desk(visit: Visit, miss: Miss) -> Words | None:
    """Whose desk a question really lies on: a contact's who answers here, or the coordinators'; None for nobody's."""
    if any(one.id == miss.owner and name == miss.contact for name, one in _answerers(visit, miss)):
        return miss.contact
    coordinated = visit.people.with_role(Role.COORDINATOR, Role.ADMINISTRATOR) or administrators(visit)
    return COORDINATORS if coordinated or miss.owner else None


def _answerers(visit: Visit, miss: Miss) -> Sequence[tuple[str, Colleague]]:
    """Who answers as which contact, if the question lies with somebody to whom it was handed."""
    if handed.held(visit, miss) is None:
        return ()
    return Posts(visit.connection, visit.now).answerers(miss.programme)


def _answered_by(scene: Scene, since: datetime) -> date:
    """The day by which whoever gets it is asked to answer: no earlier than theirs, so no promise is made for them."""
    return local_day(working_days_later(since, _WORKING_DAYS, scene.zone), scene.zone)


# --- Whose field it is ------------------------------------------------------------------------------------------------


def contacts_for(scene: Scene, programme: Programme, text: str) -> tuple[Contact, ...]:
    """The contacts whom the person may turn to: the likeliest for this question first, or in the programme's order."""
    ours = tuple(one for one in programme.contacts if _is_for(one, scene.person.organisation or ""))
    engine = Engine((_as_entry(str(place), one) for place, one in enumerate(ours)), meaning=None)
    likelihood = {int(place): score for place, score in engine.rank(text) if score >= _TELLING}
    best_first = sorted(range(len(ours)), key=lambda place: -likelihood.get(place, 0.0))
    return tuple(ours[place] for place in best_first)


def _is_for(contact: Contact, organisation: str) -> bool:
    """Whether a contact is there for an organisation: its key begins with that of its county."""
    return not contact.counties or any(organisation.startswith(county) for county in contact.counties)


def _as_entry(id: str, contact: Contact) -> Entry:
    """A contact as something to find: by what they say of themselves, and by their topics."""
    written = (contact.about, contact.role, *contact.topics)
    texts = [text for words in written for text in words.wordings.values() if text.strip()]
    return Entry(id, question=texts[0] if texts else contact.name, alternates=tuple(texts[1:]))


def _likeliest(scene: Scene, programme: str, text: str) -> Contact | None:
    found = scene.visit.programmes.get(programme)
    ranked = contacts_for(scene, found, text) if found is not None else ()
    return ranked[0] if ranked else None


# --- Asking a human ---------------------------------------------------------------------------------------------------


def ask_human(scene: Scene, about: str) -> Leads:
    """The form, filled in with what was asked already."""
    if about:
        own(scene, about)
    return Start(faq.flow.name, about, Draft(about))


def facts(scene: Scene, about: str) -> Facts:
    inquiry = own(scene, about) if about else None
    programme = _programme(scene, inquiry)
    text = inquiry.text if inquiry is not None else ""
    listed = contacts_for(scene, programme, text) if programme is not None else ()
    return Facts(text, tuple((one.name, one) for one in listed))


def own(scene: Scene, id: str) -> Inquiry:
    """An inquiry of the person's own. Raises `Gone` and `NotAllowed`."""
    store = Inquiries(scene.visit.connection, scene.visit.now)
    inquiry, asker = store.locked(id), store.asker(id)
    if inquiry is None or asker is None:
        raise Gone(_("That question is no longer here. Ask it again, in your own words."))
    if asker.person != scene.person.id:
        raise NotAllowed(faq.not_yours())
    return inquiry


def _programme(scene: Scene, inquiry: Inquiry | None) -> Programme | None:
    """The programme that a question is about; the person's only one, where it names none."""
    if inquiry is not None and inquiry.programme != COMMON:
        return scene.visit.programmes.get(inquiry.programme)
    own = {programme for programme, _occasion in scene.visit.registrations.own(scene.person.id)}
    return scene.visit.programmes.get(own.pop()) if len(own) == 1 else None


def invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: one's own questions, with the button."""
    return my_questions(scene)


class QuestionRoom:
    """Implements `bot.flows.faq.QuestionDesk` for one person."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._store = Inquiries(scene.visit.connection, scene.visit.now)

    def pass_on(self, draft: Draft) -> Promise | None:
        asked = own(self._scene, draft.inquiry) if draft.inquiry else None
        programme = _programme(self._scene, asked)
        contact = self._contact(draft, programme)
        inquiry = self._inquiry(draft, asked, programme.id if programme is not None else COMMON, contact)
        self._store.name(inquiry.id, named=draft.named == "yes")
        miss = _open(self._scene, inquiry, contact)
        misses.ask_for_answers(self._scene.visit, inquiry.programme)
        given = promise(self._scene, miss)
        if given is None or contact is None or not draft.contact or contact.name == given.by:
            return given
        return replace(given, instead_of=contact.name)

    def _contact(self, draft: Draft, programme: Programme | None) -> Contact | None:
        if programme is None:
            return None
        listed = contacts_for(self._scene, programme, draft.text)
        return next((one for one in listed if one.name == draft.contact), listed[0] if listed else None)

    def _inquiry(self, draft: Draft, asked: Inquiry | None, programme: str, contact: Contact | None) -> Inquiry:
        """The question as it was sent; what it was before is not asked twice."""
        language = self._scene.language.value
        text = without_names(self._scene.visit, programme, _whole(draft, contact, language), language)
        if asked is not None and asked.helped is False:
            self._store.why(asked.id, text)
        elif asked is not None:
            remove(self._scene, asked)
        return self._store.add(
            text, person=self._scene.person.id, programme=programme, language=language, outcome=Outcome.HUMAN
        )


def _whole(draft: Draft, contact: Contact | None, language: str) -> str:
    """What was written, with the answer to what the contact needs to know."""
    if contact is None or not draft.eligible:
        return draft.text
    asks = contact.asks.wordings.get(language) or next(iter(contact.asks.wordings.values()), "")
    return f"{draft.text}\n\n{asks} {draft.eligible}".strip()


def remove(scene: Scene, inquiry: Inquiry) -> None:
    """Let a question be gone, with the miss that nobody else has asked for."""
    store = Misses(scene.visit.connection, scene.visit.now)
    if inquiry.miss:
        store.locked(inquiry.miss)
        store.leave(inquiry.id)
        misses.ask_for_answers(scene.visit, inquiry.programme)
    Inquiries(scene.visit.connection, scene.visit.now).remove(inquiry.id)


def take_back(scene: Scene, about: str) -> Leads:
    """The person does not want an answer after all."""
    remove(scene, own(scene, about))
    return Show(faq.taken_back(), replaces=True)


# --- One's own questions ----------------------------------------------------------------------------------------------


def show_my_questions(scene: Scene, about: str) -> Leads:
    return Show(my_questions(scene))


def my_questions(scene: Scene) -> View:
    visit = scene.visit
    asked = Inquiries(visit.connection, visit.now).of_person(scene.person.id, visit.now - _SHOWN_FOR)
    store = Misses(visit.connection, visit.now)
    found = ((one, store.get(one.miss)) for one in asked if one.miss)
    return faq.my_questions([_mine(scene, one, miss) for one, miss in found if miss is not None])


def still_waiting(scene: Scene) -> int:
    """How many of the person's questions wait for an answer."""
    visit = scene.visit
    asked = Inquiries(visit.connection, visit.now).of_person(scene.person.id, visit.now - _SHOWN_FOR)
    found = (Misses(visit.connection, visit.now).get(one.miss) for one in asked if one.miss)
    return sum(miss is not None and miss.state is MissState.OPEN for miss in found)


def _mine(scene: Scene, inquiry: Inquiry, miss: Miss) -> Mine:
    open_one = miss.state is MissState.OPEN
    answer = for_members.without(miss.answer, for_members.hidden_from(scene.visit, scene.person.id))
    return Mine(inquiry.id, inquiry.text, _state(scene, inquiry, miss), answer or None, open_one)


def _state(scene: Scene, inquiry: Inquiry, miss: Miss) -> Words:
    match miss.state:
        case MissState.ANSWERED:
            return _("Answered")
        case MissState.DISMISSED:
            return _("Closed without an answer. Ask again if you still want to know.")
        case MissState.OPEN:
            found = handed.held(scene.visit, miss)
            by = _answered_by(scene, found.since if found is not None else inquiry.asked_at)
            late = by < local_day(scene.visit.now, scene.zone)
            desk = _looks_into_it(scene.visit, miss)
            return faq.waiting(desk, local_day(inquiry.asked_at, scene.zone), None if late else by)


def _looks_into_it(visit: Visit, miss: Miss) -> Words | None:
    """Who has taken it on by name, or on whose desk it lies."""
    return (visit.people.person(miss.owner).name if miss.owner else "") or _desk(visit, miss)


ROUTES: Mapping[str, Callable[[Scene, str], Leads]] = {
    faq.HUMAN: ask_human,
    faq.TAKE_BACK: take_back,
    faq.MY_QUESTIONS: show_my_questions,
}
