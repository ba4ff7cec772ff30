"""Writing a question with its answer, in one language at a time: the form, what comes of it, and the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from bot.conversation import Flow
from bot.domain.faq import Age, Entry
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.refusals import FieldRefused, Overtaken, Refusal
from bot.domain.rules import NOTHING
from bot.domain.values import dataclass
from bot.domain.words import Localised, Words, _, n_
from bot.flows import amending, curating, faq, occasions, ways_to_ask
from bot.flows.curating_past import differences
from bot.flows.faq import Given
from bot.messages import Action, Button, Card, ChoiceField, Fact, Field, Form, Option, TextField, Tone

LONGEST_QUESTION = 150
"""Characters: it stands on a button and in a list."""

LONGEST_ANSWER = 2500
"""Characters: with its question it has room in one message."""

LONGEST_WAY = 200
"""Characters of another way to ask."""

_ROOM = 2900  # characters of all other ways to ask; Slack's fields have room for 3,000, and an emoji counts as two
_LONGEST_EDITION = 75
_LONGEST_DAY = 20
_SHOWN_ALIKE = 3


class Taken(Refusal):
    """There is this very question already."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been written, and what stood there when the form was opened."""

    place: str = ""  # id of a programme or `EVERYWHERE`
    opened: Entry | None = None  # None for a new one
    language: str = ""
    question: str = ""
    answer: str = ""
    alternates: str = ""  # one a line
    edition: str = ""
    begins: str = ""
    ends: str = ""
    touched: bool = False  # has been filled in once
    seen: int = 0  # version that the preview was made for


@dataclass(frozen=True, slots=True)
class Facts:
    """What the forms look at."""

    language: Language  # of the coordinator
    programmes: tuple[Programme, ...]
    today: date
    age: Callable[[Entry], Age]
    given: Callable[[Entry], Given]  # as participants are shown it
    alike: Callable[[Entry], tuple[Entry, ...]]  # those that may ask the same, the likeliest first
    entry: Entry | None = None  # as it is now; None for a new one


class EntryDesk(Protocol):
    """What the flows act through."""

    def add(self, entry: Entry) -> Entry:
        """Store a new entry under an id of its own. Raises `Taken`."""

    def edit(self, entry: Entry, *, seen: int) -> Entry:
        """Let an entry be this from now on. Raises `Overtaken` when it is no longer the one that was seen."""


add: Flow[Draft, Facts, EntryDesk] = Flow(curating.ADD, Draft, version=1)
change: Flow[Draft, Facts, EntryDesk] = Flow(curating.EDIT, Draft, version=1)
translate: Flow[Draft, Facts, EntryDesk] = Flow(curating.ADD_LANGUAGE, Draft, version=1)


# --- What stands in the fields ----------------------------------------------------------------------------------------


def fields_of(entry: Entry | None, language: str) -> Mapping[str, str]:
    """The text of each field of an entry's form."""
    if entry is None:
        return dict.fromkeys(("question", "answer", "alternates", "edition", "begins", "ends"), "")
    return {
        "question": entry.question.wordings.get(language, ""),
        "answer": entry.answer.wordings.get(language, ""),
        "alternates": "\n".join(_in_the_form(entry)),
        "edition": entry.edition,
        "begins": entry.valid_from.isoformat() if entry.valid_from else "",
        "ends": entry.valid_until.isoformat() if entry.valid_until else "",
    }


def _in_the_form(entry: Entry) -> Iterator[str]:
    """As many other ways to ask as the form has room for, each on its line. The others stay as they are."""
    letters = 0
    for one in map(_line, entry.alternates):
        letters += len(one) + 1
        if letters > _ROOM:
            return
        yield one


def _line(text: str) -> str:
    return " ".join(text.split())


def _typed(draft: Draft) -> Mapping[str, str]:
    return {name: getattr(draft, name) for name in fields_of(None, "")}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for line in map(_line, text.splitlines()) if line))


def wanted(draft: Draft, facts: Facts) -> Entry:
    """The entry as the coordinator wants it: as it is now, with what they have changed since they opened the form."""
    place = curating.of_programme(draft.place)
    now = facts.entry or Entry("", place, NOTHING, NOTHING)
    before, typed = fields_of(draft.opened, draft.language), _typed(draft)
    changed = {name for name in typed if typed[name] != before[name]}
    moved = draft.opened is not None and bool(draft.place) and place != draft.opened.programme
    return replace(
        now,
        programme=place if moved else now.programme,
        question=_worded(now.question, draft.language, typed["question"], changed="question" in changed),
        answer=_worded(now.answer, draft.language, typed["answer"], changed="answer" in changed),
        alternates=_ways(now.alternates, _lines(before["alternates"]), _lines(typed["alternates"])),
        edition=typed["edition"] if "edition" in changed else now.edition,
        valid_from=_day(draft, "begins", facts) if "begins" in changed else now.valid_from,
        valid_until=_day(draft, "ends", facts) if "ends" in changed else now.valid_until,
    )


def _worded(words: Localised, language: str, typed: str, *, changed: bool) -> Localised:
    return Localised({**words.wordings, language: typed}) if changed else words


def _ways(now: Sequence[str], before: Sequence[str], typed: Sequence[str]) -> tuple[str, ...]:
    """What was taken out of the form goes, what was written there comes; what is learnt meanwhile stays."""
    kept = [one for one in now if _line(one) not in before or _line(one) in typed]
    there = set(map(_line, kept))
    return (*kept, *(one for one in typed if one not in there))


def _day(draft: Draft, name: str, facts: Facts) -> date | None:
    typed: str = getattr(draft, name)
    return amending.day_of(typed, name, facts.today) if typed else None


# --- The forms --------------------------------------------------------------------------------------------------------


@add.ask("words")
def ask_new(draft: Draft, facts: Facts) -> Form:
    return Form(
        _("New question"),
        (place_field(facts.programmes), language_field(), *_fields()),
        submit=_("Preview"),
        values={} if draft.touched else {"language": facts.language.value},
    )


def place_field(programmes: Sequence[Programme]) -> ChoiceField:
    """Which programme a question is about."""
    names = (Option(one.id, occasions.programme_name(one, programmes)) for one in programmes)
    return ChoiceField("place", _("Programme"), (*names, Option(curating.EVERYWHERE, curating.everywhere())))


def language_field() -> ChoiceField:
    return ChoiceField("language", _("Language"), tuple(Option(one, name) for one, name in faq.LANGUAGES.items()))


@change.ask("language")
def ask_which(draft: Draft, facts: Facts) -> Form | None:
    """Which of an entry's languages; with one of them there is nothing to choose."""
    there = tuple(_there(facts).question.wordings)
    return _ask_language(there) if len(there) > 1 else None


@translate.ask("language")
def ask_new_language(draft: Draft, facts: Facts) -> Form:
    return _ask_language(curating.missing(_there(facts)))


def _there(facts: Facts) -> Entry:
    assert facts.entry is not None, "the facts refuse what is not there"
    return facts.entry


def _ask_language(languages: Sequence[str]) -> Form:
    options = tuple(Option(one, faq.language_name(one)) for one in languages)
    return Form(_("Which language?"), (ChoiceField("language", _("Language"), options),))


@change.ask("words")
def ask_words(draft: Draft, facts: Facts) -> Form:
    """The answer in one language, and the programme that it is about."""
    form = ask_translation(draft, facts)
    fields = (place_field(facts.programmes), *form.fields)
    place = draft.place or _there(facts).programme or curating.EVERYWHERE
    return replace(form, fields=fields, values={**form.values, "place": place})


def ask_translation(draft: Draft, facts: Facts) -> Form:
    """The answer in one language."""
    entry = _there(facts)
    language = _language(draft, entry)
    return Form(
        _("Change the answer"),
        tuple(_fields()),
        submit=_("Preview"),
        intro=tuple(_introduction(entry, language)),
        values=_values(draft, entry, language),
    )


translate.ask("words")(ask_translation)


def _language(draft: Draft, entry: Entry) -> str:
    """The chosen one; the only one, where there was no choice."""
    return draft.language or next(iter(entry.question.wordings))


def _introduction(entry: Entry, language: str) -> Iterator[Words]:
    yield _("In {language}", language=faq.language_name(language))
    others = [one for one in entry.question.wordings if one != language]
    if others and not entry.question.wordings.get(language):
        yield from (entry.question, entry.answer)
    elif others:
        yield _("The other languages stay as they are. Perhaps they need the same change.")
    hidden = len(entry.alternates) - len(tuple(_in_the_form(entry)))
    if hidden:
        yield n_("{n} other way to ask stays as it is.", "{n} other ways to ask stay as they are.", hidden)


def _values(draft: Draft, entry: Entry, language: str) -> dict[str, str]:
    """What stands there now, in every field that nobody has written in yet."""
    before, now = fields_of(draft.opened, language), fields_of(entry, language)
    typed = _typed(draft)
    return {name: text for name, text in now.items() if not draft.touched or typed[name] == before[name]}


def _fields() -> Iterator[Field]:
    yield TextField("question", _("The question"), max_chars=LONGEST_QUESTION)
    yield TextField("answer", _("The answer"), long=True, max_chars=LONGEST_ANSWER)
    hint = _("One a line, in any language. They help to find the answer, and nobody is shown them.")
    yield TextField("alternates", _("Other ways to ask"), hint, required=False, long=True, max_chars=_ROOM)
    hint = _("For example spring 2028. Leave it empty when the answer holds for all.")
    yield TextField("edition", _("Edition"), hint, required=False, max_chars=_LONGEST_EDITION)
    hint = _("For example 20 May or 2027-05-20")
    yield TextField("begins", _("Valid from"), hint, required=False, max_chars=_LONGEST_DAY)
    yield TextField("ends", _("Valid until"), hint, required=False, max_chars=_LONGEST_DAY)


@add.check("words")
def check_new(draft: Draft, facts: Facts) -> Draft:
    _check(draft, facts)
    return replace(draft, touched=True)


@change.check("words")
@translate.check("words")
def check_words(draft: Draft, facts: Facts) -> Draft:
    entry = _there(facts)
    draft = replace(draft, language=_language(draft, entry), touched=True, seen=entry.version)
    if _check(draft, facts) == entry:
        raise Refusal(_("It says this already. Change something first."))
    return draft


def _check(draft: Draft, facts: Facts) -> Entry:
    """The entry as it was filled in. Raises `FieldRefused`."""
    stood = _lines(fields_of(draft.opened, draft.language)["alternates"])
    for one in _lines(draft.alternates):
        if len(one) > LONGEST_WAY and one not in stood:  # what people asked may be longer
            reason = _("There is room for {most} characters on each line: {line}", most=LONGEST_WAY, line=one)
            raise FieldRefused("alternates", reason)
    entry = wanted(draft, facts)
    if entry.valid_from and entry.valid_until and entry.valid_until < entry.valid_from:
        raise FieldRefused("ends", _("This day lies before the first one."))
    return entry


# --- The preview ------------------------------------------------------------------------------------------------------


@add.ask("look")
@change.ask("look")
@translate.ask("look")
def look(draft: Draft, facts: Facts) -> Form:
    """Exactly what participants see, and what else asks the same."""
    entry = wanted(draft, facts)
    seen = curating.as_shown(replace(facts.given(_only(entry, draft.language)), language=None))
    return Form(
        _("This is what they see"),
        submit=_("Save"),
        intro=(*(_overtook() if _is_overtaken(draft, facts) else ()), seen.title, *seen.body),
        facts=(*seen.facts, *_settings(draft, entry), *_changes(draft, entry, facts), *_alike(entry, facts)),
    )


def _only(entry: Entry, language: str) -> Entry:
    """The entry in the language that was written in: whoever writes may read another one."""
    return replace(entry, question=_in(entry.question, language), answer=_in(entry.answer, language))


def _in(words: Localised, language: str) -> Localised:
    text = words.wordings.get(language)
    return Localised({language: text}) if text else words


def _is_overtaken(draft: Draft, facts: Facts) -> bool:
    return draft.opened is not None and _there(facts).version != draft.opened.version


def _overtook() -> tuple[Words, ...]:
    return (_("Somebody else has changed it since you opened the form. Please look closely."),)


def _settings(draft: Draft, entry: Entry) -> Iterator[Fact]:
    """Of a new entry all that is not seen in the answer; of another, its changes will do."""
    if draft.opened is None:
        yield from curating.settings(entry)
        yield from (Fact(_("Other way to ask"), one) for one in entry.alternates)


def _changes(draft: Draft, entry: Entry, facts: Facts) -> Iterator[Fact]:
    if draft.opened is not None:
        yield from differences(_there(facts), entry, {one.id: one.title for one in facts.programmes})


def _alike(entry: Entry, facts: Facts) -> Iterator[Fact]:
    for one in facts.alike(entry)[:_SHOWN_ALIKE]:
        yield Fact(_("Asks nearly the same"), one.question)
    if told := ways_to_ask.told_by_data((*entry.question.wordings.values(), *entry.alternates)):
        yield Fact(_("The programme answers this already, and your answer goes before it"), told)


# --- The end ----------------------------------------------------------------------------------------------------------

add.rescue(Taken, back_to="words")
change.rescue(Overtaken, back_to="words")
translate.rescue(Overtaken, back_to="words")


@add.on_done
def done_adding(draft: Draft, facts: Facts, desk: EntryDesk) -> Card:
    stored = desk.add(wanted(draft, facts))
    undo = Button(_("Undo"), Action(curating.RETIRE, stored.id))
    more = Button(_("New question"), Action(curating.ADD, draft.place), opens_form=True)
    return _saved(stored, facts.age(stored), curating.add_language(stored), undo, more)


@change.on_done
@translate.on_done
def done_changing(draft: Draft, facts: Facts, desk: EntryDesk) -> Card:
    stored = desk.edit(wanted(draft, facts), seen=draft.seen)
    return _saved(stored, facts.age(stored), curating.undo(stored, draft.seen))


def _saved(stored: Entry, age: Age, *more: Button) -> Card:
    current = (_("Whoever asks gets this answer from now on."),) if age is Age.CURRENT else ()
    return Card(
        _("Saved"),
        body=(stored.question, *current),
        buttons=(curating.show(stored), *more, curating.all_questions()),
        tone=Tone.GOOD,
    )


def overtaken(now: Entry) -> Overtaken:
    """The refusal of a coordinator whose colleague was faster: what it says by now."""
    return Overtaken(
        _(
            "Somebody else has changed it meanwhile. It says now: {question} {answer} What you wrote is still here.",
            question=now.question,
            answer=now.answer,
        )
    )


def taken(there: Entry) -> Taken:
    return Taken(_("This question is there already: {question} Change that one instead.", question=there.question))
