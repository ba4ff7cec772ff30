"""A question in somebody's own words: answered, with a few to choose among, or passed on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.caution import Caution
from bot.domain.faq import COMMON, REASONS_TO_LOOK, Entry, Inquiry, Outcome
from bot.domain.people import Language
from bot.domain.refusals import Gone
from bot.domain.values import dataclass
from bot.domain.words import Words, _
from bot.faq import is_small_talk
from bot.flows import faq
from bot.flows.faq import Choice, Given
from bot.flows.misses import asked_by_coordinator
from bot.flows.note_taking import OpenRound, typed_instead
from bot.handlers import misses, note_taking, offers, passing_on
from bot.handlers.clauses import clauses
from bot.handlers.finding import Found
from bot.handlers.judging import Judge, age_of, sight
from bot.handlers.outcomes import Outcome as Leads
from bot.handlers.outcomes import Show
from bot.handlers.scene import Scene
from bot.handlers.weighing import Meant, comes_to
from storage.faq import Entries
from storage.inquiries import Inquiries

_JUST_NOW = timedelta(minutes=10)
_NOBODYS = ""  # id of an inquiry that is not kept
_OWN_WORDS = 0.99  # so sure is what is asked for in its own words


# --- Answering --------------------------------------------------------------------------------------------------------


def answer(scene: Scene, found: Found, *, keeps_words: bool = True, asks: bool = False) -> Leads | None:
    """What to say to a question; None when there is nothing to say to it, and it asks nothing or must not be kept.

    Its words are not kept where they may be an answer without a name that was typed as a message; `asks` once its
    writer has said that it is a question.
    """
    judge = Judge(scene, found.programmes, found.text)
    meant, _caution, outcome = _decided(scene, found)
    several = _each_answered(scene, found)
    kept = found if keeps_words else replace(found, text="")
    if several:
        return _answered(scene, judge, [one for one, _part in several], kept, parts=[part for _one, part in several])
    if outcome is Outcome.ANSWERED:
        return _answered(scene, judge, meant, kept)
    if outcome is Outcome.SUGGESTED and (keeps_words or found.text.endswith("?")):
        return _suggested(scene, judge, meant, kept)
    if is_small_talk(found.text):  # nobody could answer “or what”
        return None
    if not keeps_words:
        return None
    open_ones = () if asks or found.text.endswith("?") else note_taking.open_rounds(scene)
    return _doubtful(scene, found, open_ones) if open_ones else _unknown(scene, found)


def _answered(scene: Scene, judge: Judge, meant: Sequence[Meant], found: Found, parts: Sequence[str] = ("",)) -> Leads:
    """The likeliest, or the one that each part of the message asks for."""
    best, rest = meant[0], meant[len(parts) : faq.MOST_CHOICES]
    judge, *judges = map(judge.of, parts)
    further = list(zip(judges, meant[1:], strict=False))
    inquiry = _add(scene, found, Outcome.ANSWERED, best)
    if scene.inbound.message:  # typed in a channel, where everybody reads it
        below = [_given(scene, its, one, _NOBODYS, aloud=True) for its, one in further]
        return Show(faq.aloud(_given(scene, judge, best, _NOBODYS, aloud=True), below), aloud=True)
    below = [_given(scene, its, one, inquiry.id) for its, one in further]
    return Show(faq.answer(_given(scene, judge, best, inquiry.id, others=tuple(one.id for one in rest)), below))


def _each_answered(scene: Scene, found: Found) -> list[tuple[Meant, str]]:
    """What answers which question of a message that has several: two different answers, or one that all may mean."""
    if found.ranked and found.ranked[0][1] >= _OWN_WORDS:
        return []
    decided = [_decided(scene, part) for part in found.clauses]
    best = {
        meant[0].id: (meant[0], part.text)
        for (meant, _caution, outcome), part in zip(decided, found.clauses, strict=True)
        if outcome is Outcome.ANSWERED
    }
    if len(best) > 1:
        return list(best.values())
    likely = [{one.id for one in meant} for meant, _caution, _outcome in decided]
    return [(one, found.text) for one, _part in best.values() if all(one.id in ids for ids in likely)]


def _suggested(scene: Scene, judge: Judge, meant: Sequence[Meant], found: Found) -> Leads:
    inquiry = _add(scene, found, Outcome.SUGGESTED, None)
    return Show(faq.suggestions(inquiry.id, _choices(judge, meant)))


def _unknown(scene: Scene, found: Found) -> Leads:
    inquiry = _add(scene, found, Outcome.UNKNOWN, None)
    promise = passing_on.note(scene, inquiry, found.misses)
    if scene.coordinates and promise is not None and promise.by == passing_on.COORDINATORS:
        return Show(asked_by_coordinator(inquiry.id))
    return Show(faq.unknown(inquiry.id, promise))


def _doubtful(scene: Scene, found: Found, open_ones: Sequence[OpenRound]) -> Leads:
    """It may be an answer to what is open to them, and is passed on to nobody before they say that it is none."""
    inquiry = _add(scene, found, Outcome.UNKNOWN, None)
    return Show(typed_instead(inquiry.id, open_ones))


def _choices(judge: Judge, meant: Sequence[Meant]) -> list[Choice]:
    """Each once, and of a question that several programmes answer one's own."""
    kept: list[Choice] = []
    own = [judge.question(one) for one in meant if one.own]
    for one in meant:
        choice = Choice(one.id, judge.question(one), judge.source(one), one.held_in)
        elsewhere = not one.own and choice.question in own
        if not elsewhere and all((choice.question, choice.source) != (it.question, it.source) for it in kept):
            kept.append(choice)
    return kept[: faq.MOST_CHOICES]


def _add(scene: Scene, found: Found, outcome: Outcome, meant: Meant | None) -> Inquiry:
    """Keep what was asked, without what points at a person."""
    entry = meant.entry if meant is not None else None
    programme = _about(found, entry)
    language = scene.language.value
    return Inquiries(scene.visit.connection, scene.visit.now).add(
        passing_on.without_names(scene.visit, programme, found.text, language),
        person=scene.person.id,
        programme=programme,
        language=language,
        outcome=outcome,
        entry=meant.id if meant is not None else "",
        version=entry.version if entry is not None else 0,
    )


def _about(found: Found, entry: Entry | None) -> str:
    if entry is not None:
        return entry.programme
    return found.programmes[0] if len(found.programmes) == 1 else COMMON


def _given(
    scene: Scene, judge: Judge, meant: Meant, inquiry: str, *, aloud: bool = False, others: tuple[str, ...] = ()
) -> Given:
    return Given(
        inquiry,
        judge.question(meant),
        judge.told(meant, aloud=aloud),
        judge.source(meant),
        meant.held_in,
        _foreign(meant.entry, scene.language),
        others,
        meant.id,
    )


@dataclass(frozen=True, slots=True)
class Weighed:
    """Something that may have been meant, as a coordinator sees it who tries a question out."""

    id: str
    question: Words
    source: Words
    score: float
    entry: Entry | None
    held_in: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would decide about an answer, best first, how sure it has to be, and what it would come to."""

    weighed: tuple[Weighed, ...]
    caution: Caution
    outcome: Outcome


def weighed(scene: Scene, found: Found) -> Verdict:
    judge = Judge(scene, found.programmes)
    meant, caution, outcome = _decided(scene, found)
    seen = (Weighed(one.id, judge.question(one), judge.source(one), one.score, one.entry, one.held_in) for one in meant)
    return Verdict(tuple(seen), caution, outcome)


def _decided(scene: Scene, found: Found) -> tuple[list[Meant], Caution, Outcome]:
    seen = sight(scene)
    meant = seen.meant(found)
    caution = seen.caution(found, meant)
    return meant, caution, comes_to(found, meant, caution)


def looked_up(scene: Scene, entry: Entry) -> Given:
    """An answer that nobody has asked for: somebody looks through what there is."""
    judge = Judge(scene, (entry.programme,))
    return _given(scene, judge, Meant(entry.id, 1.0, entry, age_of(scene, entry)), _NOBODYS)


_NORWEGIAN = {Language.BOKMAL.value, Language.NYNORSK.value}


def _foreign(entry: Entry | None, language: Language) -> Language | None:
    """The language of an answer that is not there in the reader's. Either Norwegian does for the other."""
    written = set(entry.answer.wordings) if entry is not None else set()
    if not written or language.value in written or (language.value in _NORWEGIAN and written & _NORWEGIAN):
        return None
    return Language(next(iter(entry.answer.wordings))) if entry is not None else None


# --- What comes of an answer ------------------------------------------------------------------------------------------


def helped(scene: Scene, about: str) -> Leads:
    """Thank, and remember that this is a way to ask for the entry, for a coordinator to confirm."""
    id, *also = about.split()
    inquiry = passing_on.own(scene, id)
    _note_that_it_helped(scene, inquiry)
    return _again(scene, inquiry, also)


def _note_that_it_helped(scene: Scene, inquiry: Inquiry) -> None:
    if inquiry.helped is None:
        Inquiries(scene.visit.connection, scene.visit.now).helped(inquiry.id, yes=True)
        if not clauses(inquiry.text):  # two questions are no way to ask for one answer
            _propose(scene, inquiry)


def _again(scene: Scene, inquiry: Inquiry, also: Sequence[str]) -> Leads:
    """The answer as it was, with thanks in the place of the question whether it helped."""
    judge, meant = _judged(scene, inquiry, inquiry.entry)
    further = [one for id in also if (one := judge.look(id)) is not None]
    below = [_given(scene, judge, one, inquiry.id) for one in further]
    return Show(faq.answer(_given(scene, judge, meant, inquiry.id), below, said=True), replaces=True)


def _judged(scene: Scene, inquiry: Inquiry, id: str) -> tuple[Judge, Meant]:
    """Raises `Gone` for what is not among the answers any more."""
    judge = Judge(scene, (inquiry.programme,) if inquiry.programme else tuple(_registered(scene)), inquiry.text)
    meant = judge.look(id)
    if meant is None:
        raise Gone(_("That answer is no longer here. Ask again, in your own words."))
    return judge, meant


def _registered(scene: Scene) -> Iterator[str]:
    yield from sorted({programme for programme, _occasion in scene.visit.registrations.own(scene.person.id)})


def _propose(scene: Scene, inquiry: Inquiry) -> None:
    entries = Entries(scene.visit.connection, scene.visit.now)
    entry = entries.get(inquiry.entry)
    if entry is not None and inquiry.text and inquiry.text not in _ways(entry):
        entries.propose(entry.id, inquiry.text)


def _ways(entry: Entry) -> set[str]:
    return {*entry.question.wordings.values(), *entry.alternates}


def not_helped(scene: Scene, about: str) -> Leads:
    """What else may have been meant; an answer that helps nobody goes back to the coordinators."""
    id, *others = about.split()
    inquiry = passing_on.own(scene, id)
    if inquiry.helped is not False:
        Inquiries(scene.visit.connection, scene.visit.now).helped(inquiry.id, yes=False)
        _doubt(scene, inquiry)
    judge = Judge(scene, (inquiry.programme,) if inquiry.programme else ())
    may_be = [one for other in others if (one := judge.look(other)) is not None]
    return Show(faq.sorry(inquiry.id, _choices(judge, may_be)))


def _doubt(scene: Scene, inquiry: Inquiry) -> None:
    visit = scene.visit
    entry = Entries(visit.connection, visit.now).locked(inquiry.entry)
    if entry is not None:
        unhelped = Inquiries(visit.connection, visit.now).unhelped(entry.id, entry.version)
        if len(unhelped) >= REASONS_TO_LOOK:
            misses.doubt(visit, entry, unhelped)


def pick(scene: Scene, about: str) -> Leads:
    """One of those that may have been meant."""
    id, _blank, chosen = about.partition(" ")
    inquiry = passing_on.own(scene, id)
    judge, meant = _judged(scene, inquiry, chosen)
    version = meant.entry.version if meant.entry is not None else 0
    store = Inquiries(scene.visit.connection, scene.visit.now)
    store.give(inquiry.id, entry=chosen, version=version, outcome=Outcome.ANSWERED)
    return Show(faq.answer(_given(scene, judge, meant, inquiry.id)), replaces=True)


def none_of_these(scene: Scene, about: str) -> Leads:
    """What was offered is not what was meant: a human is asked."""
    inquiry = passing_on.own(scene, about)
    if not inquiry.text:  # what was typed was not kept
        return passing_on.ask_human(scene, about)
    if inquiry.miss:
        return Show(faq.unknown(inquiry.id, passing_on.promise(scene, inquiry.miss)), replaces=True)
    store = Inquiries(scene.visit.connection, scene.visit.now)
    store.give(inquiry.id, entry="", version=0, outcome=Outcome.UNKNOWN)
    return Show(faq.unknown(inquiry.id, passing_on.note(scene, inquiry, ())), replaces=True)


def typed_question(scene: Scene, about: str) -> Leads:
    """What was typed while it could have been an answer without a name is a question: from now on it is kept."""
    answered = answer(scene, scene.found, asks=True) if scene.found is not None else None
    return answered or Show(faq.write_it_anew())


def said_yes(scene: Scene, about: str) -> Leads:
    """“Yes”, typed below an answer: the answer, or all that were given at once, stands above it."""
    if (offered := _offered(scene)) is not None:
        return offered
    inquiry = _last(scene)
    if inquiry is None:
        return Show(faq.belongs_to_nothing())
    _note_that_it_helped(scene, inquiry)
    return Show(faq.thank())


def said_no(scene: Scene, about: str) -> Leads:
    """“No, that was not it”, typed below an answer: no question of its own."""
    if (offered := _offered(scene)) is not None:
        return offered
    inquiry = _last(scene)
    return not_helped(scene, inquiry.id) if inquiry is not None else Show(faq.belongs_to_nothing())


def _offered(scene: Scene) -> Leads | None:
    """The seat that somebody may mean of whom no answer of ours waits to hear whether it helped.

    It is only shown again: a word alone neither takes a seat nor gives it up.
    """
    asked = _last(scene)
    if asked is not None and asked.helped is None:
        return None
    found = offers.shown_again(scene)
    return Show(found) if found is not None else None


def _last(scene: Scene) -> Inquiry | None:
    """What the person asked just now, if they got an answer to it."""
    visit = scene.visit
    recent = Inquiries(visit.connection, visit.now).of_person(scene.person.id, visit.now - _JUST_NOW)
    return recent[0] if recent and recent[0].entry else None


ROUTES: Mapping[str, Callable[[Scene, str], Leads]] = {
    faq.HELPED: helped,
    faq.NOT_HELPED: not_helped,
    faq.PICK: pick,
    faq.NONE_OF_THESE: none_of_these,
    faq.TYPED: typed_question,
    faq.YES: said_yes,
    faq.NO: said_no,
    **passing_on.ROUTES,
}
