"""The coordinators' forms of questions and answers: written one by one, or pasted several at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import count

from bot.conversation import clean
from bot.documents.faq_cells import Column, divided
from bot.documents.faq_found import Page, Pair
from bot.documents.faq_pages import page
from bot.domain.faq import Entry, Standing, bare
from bot.domain.faq_import import EVERY_FIELD, Given, compare
from bot.domain.programmes import local_day
from bot.domain.refusals import FieldRefused, Gone
from bot.domain.words import Localised, Words, _
from bot.faq import ANSWERS_AT
from bot.flows import curating, curating_form, curating_paste
from bot.flows.curating_form import Draft
from bot.flows.curating_paste import Fate, Found, Problem, Reading
from bot.handlers.curating import find, show, store
from bot.handlers.faq import looked_up
from bot.handlers.judging import age_of
from bot.handlers.outcomes import Outcome, Start
from bot.handlers.scene import Scene
from bot.messages import View

_OTHERWISE = frozenset((Column.PROGRAMME, Column.LANGUAGE, Column.ID))


# --- One by one -------------------------------------------------------------------------------------------------------


def add(scene: Scene, about: str) -> Outcome:
    """The form of a new question, of a programme where there is one already."""
    if about not in ("", curating.EVERYWHERE):
        scene.programme(about)
    return Start(curating_form.add.name, about, Draft(about))


def edit(scene: Scene, about: str) -> Outcome:
    """The form filled in with how it stands now."""
    entry = find(scene, about)
    return Start(curating_form.change.name, entry.id, Draft(opened=entry, language=_own_language(scene, entry)))


def _own_language(scene: Scene, entry: Entry) -> str:
    """The coordinator's own where it is there, else the original."""
    there = entry.question.wordings
    return scene.language.value if scene.language.value in there else next(iter(there), "")


def add_language(scene: Scene, about: str) -> Outcome:
    entry = find(scene, about)
    if not curating.missing(entry):
        raise Gone(_("It is there in every language already."))
    return Start(curating_form.translate.name, entry.id, Draft(opened=entry))


def new_facts(scene: Scene, about: str) -> curating_form.Facts:
    return _facts(scene, None)


def facts(scene: Scene, about: str) -> curating_form.Facts:
    """Raises `Gone` for what is not there."""
    return _facts(scene, find(scene, about))


def _facts(scene: Scene, entry: Entry | None) -> curating_form.Facts:
    return curating_form.Facts(
        language=scene.language,
        programmes=scene.programmes,
        today=local_day(scene.visit.now, scene.zone),
        age=lambda one: age_of(scene, one),
        given=lambda one: looked_up(scene, one),
        alike=lambda one: tuple(alike(scene, one, tuple(store(scene).all().values()))),
        entry=entry,
    )


def invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the question, with its buttons."""
    shown = show(scene, about)
    assert not isinstance(shown, Start), "an answer is shown"
    return shown.view


def tools(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the buttons that open one."""
    return curating.toolbox(about)


class EntryRoom:
    """Implements `bot.flows.curating_form.EntryDesk` and `bot.flows.curating_paste.IntakeDesk` for one coordinator."""

    def __init__(self, scene: Scene) -> None:
        self._entries = store(scene)
        self._by = scene.person.id

    def add(self, entry: Entry) -> Entry:
        there = next((one for one in self._live() if key(one) & key(entry)), None)
        if there is not None:
            raise curating_form.taken(there)
        id, there = self._place(entry)
        if there is not None:
            raise curating_form.taken(there)
        return self._entries.add(replace(entry, id=id), by=self._by)

    def _live(self) -> Iterator[Entry]:
        return (one for one in self._entries.all().values() if one.standing is Standing.LIVE)

    def _place(self, entry: Entry) -> tuple[str, Entry | None]:
        """The id of a new entry, or with it the entry that somebody else has put there a moment ago.

        It is the same for the same question, so that of two coordinators at once only one can store it.
        """
        digest = hashlib.sha256(repr(sorted(key(entry))).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        for n in count(1):
            id = digest if n == 1 else f"{digest}-{n}"
            there = self._entries.get(id)
            if there is None:
                return id, None
            if there.standing is Standing.LIVE and key(there) & key(entry):
                return id, there
        raise AssertionError("there is always another number")

    def edit(self, entry: Entry, *, seen: int) -> Entry:
        now = self._entries.locked(entry.id)
        if now is None:
            raise Gone(_("That question is no longer here. Write “questions and answers” to see those that are."))
        if now.version != seen:
            raise curating_form.overtaken(now)
        return self._entries.edit(entry, by=self._by)

    def take_in(self, found: Sequence[Given]) -> tuple[int, int]:
        done = [self._take_in(one) for one in found]
        return done.count(Fate.NEW), done.count(Fate.CHANGED)

    def _take_in(self, given: Given) -> Fate:
        """Store what was pasted beside what is there by now; nobody else changes it meanwhile."""
        fate, there = becomes(given, self._entries.all())
        now = self._entries.locked(there.id) if there is not None and fate is not Fate.ALIKE else None
        if now is None:
            id, taken = self._place(given.entry)
            if taken is not None:
                return Fate.SAME
            self._entries.add(replace(given.entry, id=id), by=self._by)
            return Fate.NEW
        changed = compare([given], {now.id: now}).changed
        for one in changed:
            self._entries.edit(one.after, by=self._by)
        return Fate.CHANGED if changed else Fate.SAME


def key(entry: Entry) -> frozenset[tuple[str, ...]]:
    """What two entries have in common that are the same question: its wording, and for what it holds."""
    held = (entry.programme, entry.edition, _written(entry.valid_from), _written(entry.valid_until))
    return frozenset((*held, bare(text)) for text in entry.question.wordings.values())


def _written(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


# --- What asks nearly the same ----------------------------------------------------------------------------------------


def alike(scene: Scene, entry: Entry, others: Sequence[Entry]) -> list[Entry]:
    """Other entries that may ask for the same: by meaning, as whoever asks would find them, and by their words."""
    there = {one.id: one for one in others if one.id != entry.id and one.standing is Standing.LIVE}
    meant = scene.found.ranked if scene.found is not None else ()
    by_meaning = [id for id, score in meant if score >= ANSWERS_AT and id in there]
    _fate, by_words = becomes(Given(replace(entry, id=""), named=False), there)
    return [there[id] for id in dict.fromkeys((*by_meaning, *((by_words.id,) if by_words is not None else ())))]


def becomes(given: Given, known: Mapping[str, Entry]) -> tuple[Fate, Entry | None]:
    """What would become of it beside the entries that are there, and which of them matters for that."""
    compared = compare([given], known)
    if compared.same or compared.retired:
        return Fate.SAME, (*compared.same, *compared.retired)[0]
    if compared.changed:
        return Fate.CHANGED, compared.changed[0].before
    return (Fate.ALIKE, compared.alike[0].other) if compared.alike else (Fate.NEW, None)


# --- Several at once --------------------------------------------------------------------------------------------------


def paste(scene: Scene, about: str) -> Outcome:
    if about not in ("", curating.EVERYWHERE):
        scene.programme(about)
    return Start(curating_paste.flow.name, about, curating_paste.Draft(about))


def paste_facts(scene: Scene, about: str) -> curating_paste.Facts:
    return curating_paste.Facts(scene.language, scene.programmes, lambda draft: _read(scene, draft))


def _read(scene: Scene, draft: curating_paste.Draft) -> Reading:
    """What a text has of questions and answers, and what would become of each of them."""
    text = page(draft.text)
    given, refused = _given(draft, text)
    known = store(scene).all()
    found = [Found(one, *becomes(one, known)) for one in given]
    retired = [one for one in found if one.there is not None and one.there.standing is Standing.RETIRED]
    not_used = _("It is there and no longer in use. You find it in the list.")
    problems = (*_remarks(text), *_columns(text), *refused, *(Problem(one.line, not_used) for one in retired))
    kept = tuple(one for one in found if one not in retired)
    return Reading(kept, tuple(sorted(problems, key=lambda one: one.line)))


def _given(draft: curating_paste.Draft, text: Page) -> tuple[list[Given], list[Problem]]:
    """The entries that are written there, each once, and why others cannot be."""
    says = frozenset(field for field in EVERY_FIELD if field in text.columns)
    found: dict[frozenset[tuple[str, ...]], Given] = {}
    problems: list[Problem] = []
    for pair in text.pairs:
        try:
            entry = _entry(draft, pair)
        except FieldRefused as refused:
            problems.append(Problem(pair.line, refused.reason))
            continue
        if key(entry) in found:
            problems.append(Problem(pair.line, _("The same question is further up.")))
        found.setdefault(key(entry), Given(entry, pair.line, named=False, says=says))
    return list(found.values()), problems


def _remarks(found: Page) -> Iterator[Problem]:
    for remark in found.remarks:
        if remark.severe:
            yield Problem(remark.line, _("It cannot be read; please look at how it is written."))
        elif found.pairs:
            yield Problem(remark.line, _("It belongs to no question."))


def _columns(found: Page) -> Iterator[Problem]:
    if found.columns & _OTHERWISE:
        yield Problem(1, _("Programme, language and id are chosen here in the form, and not read from the table."))


def _entry(draft: curating_paste.Draft, pair: Pair) -> Entry:
    """The entry that is written there. Raises `FieldRefused`."""
    begins, ends = (_day(pair.cells.get(one, "")) for one in (Column.VALID_FROM, Column.VALID_UNTIL))
    if begins and ends and ends < begins:
        raise FieldRefused("text", _("Its last day lies before the first one."))
    return Entry(
        id="",
        programme=curating.of_programme(draft.place),
        question=_wording(draft, " ".join(pair.question.split()), curating_form.LONGEST_QUESTION, _("The question")),
        answer=_wording(draft, clean(pair.answer, long=True), curating_form.LONGEST_ANSWER, _("The answer")),
        alternates=tuple(_way(one) for one in divided(pair.cells.get(Column.ALTERNATES, ""))),
        edition=" ".join(pair.cells.get(Column.EDITION, "").split()),
        valid_from=begins,
        valid_until=ends,
    )


def _wording(draft: curating_paste.Draft, text: str, most: int, what: Words) -> Localised:
    if not text:
        raise FieldRefused("text", _("{what} is missing.", what=what))
    if len(text) > most:
        reason = _("{what} has {n} characters, and there is room for {most}.", what=what, n=len(text), most=most)
        raise FieldRefused("text", reason)
    return Localised({draft.language: text})


def _way(text: str) -> str:
    if len(text) > curating_form.LONGEST_WAY:
        most = curating_form.LONGEST_WAY
        raise FieldRefused("text", _("There is room for {most} characters on each line: {line}", most=most, line=text))
    return text


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell.strip()) if cell.strip() else None
    except ValueError:
        raise FieldRefused("text", _("A day is written like 2027-08-15, not {typed}.", typed=cell)) from None


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    curating.ADD: add,
    curating.EDIT: edit,
    curating.ADD_LANGUAGE: add_language,
    curating.PASTE: paste,
}
