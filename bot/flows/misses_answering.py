"""Answering what people have asked: once, to everybody who asked the same; kept for the next one, and corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Protocol

from bot.conversation import Flow
from bot.domain.faq import Entry
from bot.domain.refusals import Gone
from bot.domain.rules import NOTHING
from bot.domain.values import dataclass
from bot.domain.words import Listed, Localised, Text, Words, _, n_
from bot.flows import misses
from bot.flows.faq import LANGUAGES, language_name
from bot.flows.linking import platform_name
from bot.flows.misses import Cluster, Reply
from bot.messages import Card, ChoiceField, Fact, Form, Option, TextField, Tone

LONGEST_QUESTION, LONGEST_ANSWER = 150, 2500
"""Characters, as in a programme's file."""

MOST_ENTRIES, _MOST_LETTERS = 100, 12_000
"""Entries to choose among, which is what a list in Slack takes, and characters in all of them."""


class Task(StrEnum):
    """What is done to a miss."""

    ANSWER = "answer"
    DOUBT = "doubt"  # an entry that did not help is written anew
    CORRECT = "correct"  # what has been answered is


class Keep(StrEnum):
    """Where an answer stands afterwards."""

    PROGRAMME = "programme"
    ALL = "all"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an answer goes to."""

    platforms: Mapping[str, int] = field(default_factory=dict)  # platform → people
    gone: int = 0  # who asked and can no longer be reached

    @property
    def people(self) -> int:
        return sum(self.platforms.values())


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at."""

    cluster: Cluster
    task: Task | None  # None: there is nothing to answer any more
    language: str  # of the first answer
    wording: str = ""  # how it might stand among the questions and answers: untrusted
    stands: Localised = NOTHING  # the answer as it is now
    reach: Reach = field(default_factory=Reach)
    by: str = ""  # name of who answered it: untrusted
    curates: bool = True  # the reader may keep it for all programmes, too
    theirs: bool = True  # it still is the reader's to answer


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer being written."""

    task: Task
    before: Mapping[str, str] = field(default_factory=dict)  # the answer as it stood when this was begun
    wording: str = ""  # of the question
    answers: Mapping[str, str] = field(default_factory=dict)  # language → text
    keep: str = Keep.PROGRAMME.value
    agenda: str = "no"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What has come of an answer."""

    told: int
    gone: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form looks at in which an entry is chosen."""

    cluster: Cluster
    open: bool
    entries: tuple[Entry, ...] = ()  # that may answer it, the likeliest first
    more: bool = False  # there are others that have no room
    reach: Reach = field(default_factory=Reach)


@dataclass(frozen=True, slots=True)
class Pick:
    """An entry that answers a question."""

    entry: str = ""  # id


class AnswerDesk(Protocol):
    """What the flows act through."""

    def answer(self, miss: str, draft: Draft) -> Receipt:
        """Answer it, and tell everybody who asked. Raises `Gone` when somebody else was first."""

    def match(self, miss: str, entry: str) -> Receipt:
        """Answer it with an entry. Raises `Gone` when somebody was first, or the entry is gone."""


answering: Flow[Draft, Facts, AnswerDesk] = Flow(misses.ANSWER, Draft, version=1)


# --- Writing ----------------------------------------------------------------------------------------------------------


@answering.ask("answer")
def ask_answer(draft: Draft, facts: Facts) -> Form:
    fields = (_answer_field(facts, facts.language, required=True),)
    if draft.task is not Task.ANSWER:
        return Form(_TITLES[draft.task], fields, intro=(*_stands_under(facts), *_unsent(draft, facts)))
    return Form(
        _TITLES[draft.task],
        (
            TextField("wording", _("The question"), _("Write it as others would ask it."), max_chars=LONGEST_QUESTION),
            *fields,
            _keep_field(facts),
            *((_AGENDA,) if facts.cluster.miss.programme else ()),
        ),
        intro=(*asked(facts.cluster), *_unsent(draft, facts)),
        values={"wording": draft.wording or facts.wording},
    )


_TITLES = {
    Task.ANSWER: _("Answer the question"),
    Task.DOUBT: _("Change the answer"),
    Task.CORRECT: _("Correct the answer"),
}
_AGENDA = ChoiceField(
    "agenda",
    _("Bring it up at the next meeting"),
    (Option("no", _("No")), Option("yes", _("Yes, put it into the agenda"))),
)


def _unsent(draft: Draft, facts: Facts) -> Iterator[Words]:
    """What was written in other languages, once somebody else was first: to be copied, as it goes nowhere."""
    if is_overtaken(draft, facts):
        yield from _translations(draft, facts)


def _answer_field(facts: Facts, language: str, *, required: bool) -> TextField:
    times = facts.cluster.languages.get(language, 0)
    name = language_name(language)
    asked = n_("{n} question came in {language}.", "{n} questions came in {language}.", times, language=name)
    return TextField(
        f"answers.{language}",
        _("Answer in {language}", language=name),
        asked if times and len(facts.cluster.languages) > 1 else "",
        required=required,
        long=True,
        max_chars=LONGEST_ANSWER,
    )


def _keep_field(facts: Facts) -> ChoiceField:
    title = facts.cluster.title
    mine = (Option(Keep.PROGRAMME, _("Yes, for {title}", title=title)),) if facts.cluster.miss.programme else ()
    everywhere = (Option(Keep.ALL, _("Yes, for all programmes")),) if facts.curates else ()
    return ChoiceField(
        "keep",
        _("Keep it among the questions and answers"),
        (*mine, *everywhere, Option(Keep.NOWHERE, _("No"))),
    )


def asked(cluster: Cluster) -> Iterator[Words]:
    """The question in the words of those who asked it."""
    yield _("“{question}”", question=cluster.miss.text)
    yield from (_("“{question}”", question=one) for one in cluster.others[:3])


def _stands_under(facts: Facts) -> tuple[Words, ...]:
    """What the answer is to."""
    doubted = facts.cluster.doubted
    if doubted is None:
        return tuple(asked(facts.cluster))
    reasons = (_("• {what}", what=reason) for reason in doubted.reasons)
    return (doubted.question, *reasons)


@answering.check("answer")
def check_answer(draft: Draft, facts: Facts) -> Draft:
    """Nobody may have seen to it meanwhile: what was typed comes back, with what it says now."""
    refuse_if_overtaken(draft, facts)
    return draft


def is_overtaken(draft: Draft, facts: Facts) -> bool:
    """Whether anything stands otherwise than when the answer was begun."""
    return facts.task != draft.task or facts.stands.wordings != draft.before


def refuse_if_overtaken(draft: Draft, facts: Facts) -> None:
    """Raises `Gone` with what has been answered meanwhile."""
    if not is_overtaken(draft, facts):
        return
    if not facts.stands:
        raise Gone(_("Somebody else has seen to this meanwhile. Nothing was sent."))
    _language, text = misses.wording(facts.stands, (facts.language,))
    raise Gone(
        _("{name} has answered this meanwhile, and nothing of yours was sent: {answer}", name=facts.by, answer=text)
        if facts.by
        else _("Somebody else has answered this meanwhile, and nothing of yours was sent: {answer}", answer=text)
    )


@answering.ask("others")
def ask_others(draft: Draft, facts: Facts) -> Form | None:
    """The other languages: those in which it was asked, and those in which there is an answer."""
    others = tuple(one for one in LANGUAGES if one != facts.language and _is_wanted(one, facts))
    if not others:
        return None
    return Form(
        _("In other languages"),
        tuple(_answer_field(facts, one, required=False) for one in others),
        intro=(_("Leave it empty, and they get the answer as you have written it."),),
    )


def _is_wanted(language: str, facts: Facts) -> bool:
    return language in facts.cluster.languages or bool(facts.stands.wordings.get(language))


@answering.ask("look")
def look(draft: Draft, facts: Facts) -> Form:
    """The message before it goes to everybody."""
    shown = misses.told(
        Reply(
            "",
            facts.cluster.miss.text,
            written(draft, facts),
            (facts.language,),
            corrected=draft.task is not Task.ANSWER,
        )
    )
    return Form(
        _("This is what they get"),
        submit=_("Send"),
        intro=(shown.title, *shown.body, *_translations(draft, facts)),
        facts=(*_goes_to(facts.reach), *_stays(draft, facts)),
    )


def written(draft: Draft, facts: Facts) -> Localised:
    """The answer with its languages, the first one first."""
    given = {one: text for one, text in draft.answers.items() if text}
    first = {facts.language: given[facts.language]} if given.get(facts.language) else {}
    return Localised({**first, **given})


def _translations(draft: Draft, facts: Facts) -> Iterator[Words]:
    for language, text in written(draft, facts).wordings.items():
        if language != facts.language:
            yield _("In {language}: {answer}", language=language_name(language), answer=text)


def _goes_to(reach: Reach) -> Iterator[Fact]:
    on = tuple(
        n_("{n} person in {platform}", "{n} people in {platform}", n, platform=platform_name(name))
        for name, n in reach.platforms.items()
    )
    yield Fact(_("Goes to"), Listed(on) if on else _("Nobody who can be reached"))
    if reach.gone:
        yield Fact(_("Cannot be reached any more"), _people(reach.gone))


def _people(n: int) -> Text:
    return n_("{n} person", "{n} people", n)


def _stays(draft: Draft, facts: Facts) -> Iterator[Fact]:
    if draft.task is not Task.ANSWER:
        return
    kept: Mapping[str, Words] = {
        Keep.PROGRAMME: _("for {title}", title=facts.cluster.title),
        Keep.ALL: _("for all programmes"),
        Keep.NOWHERE: _("No"),
    }
    yield Fact(_("Kept among the questions and answers"), kept.get(draft.keep, ""))
    if draft.agenda == "yes":
        yield Fact(_("In the next agenda"), draft.wording)


@answering.on_done
def done(draft: Draft, facts: Facts, desk: AnswerDesk) -> Card:
    return _receipt(desk.answer(facts.cluster.miss.id, draft), facts.cluster.miss.programme)


answering.rescue(Gone, back_to="answer")


def _receipt(receipt: Receipt, programme: str) -> Card:
    return Card(
        n_("Your answer goes to {n} person", "Your answer goes to {n} people", receipt.told),
        body=tuple(outcome(receipt)),
        buttons=(misses.see(programme),),
        tone=Tone.GOOD,
    )


def outcome(receipt: Receipt) -> Iterator[Words]:
    """What else has come of an answer."""
    if receipt.gone:
        yield n_("{n} who asked can no longer be reached.", "{n} who asked can no longer be reached.", receipt.gone)
    if receipt.kept:
        yield _("It is now among the questions and answers, for the next person who asks.")


# --- With an entry that is there --------------------------------------------------------------------------------------

matching: Flow[Pick, Choices, AnswerDesk] = Flow(misses.MATCH, Pick, version=1)


@matching.ask("entry")
def ask_entry(pick: Pick, facts: Choices) -> Form:
    options = tuple(Option(one.id, one.question) for one in facts.entries)
    alike = (_("These are the ones most like the question."),) if facts.more else ()
    return Form(
        _("Which answer is it?"),
        (ChoiceField("entry", _("Questions and answers"), options),),
        intro=(*asked(facts.cluster), *alike),
    )


@matching.ask("look")
def look_at_entry(pick: Pick, facts: Choices) -> Form:
    """The message, and what the entry learns from it."""
    chosen = next((one for one in facts.entries if one.id == pick.entry), None)
    if chosen is None:
        raise Gone(gone_entry())
    return Form(
        _("This is what they get"),
        submit=_("Send"),
        intro=(
            _("You asked: {question}", question=facts.cluster.miss.text),
            chosen.answer,
            _("From now on this answer is found by these words, too."),
        ),
        facts=tuple(_goes_to(facts.reach)),
    )


@matching.on_done
def matched(pick: Pick, facts: Choices, desk: AnswerDesk) -> Card:
    return _receipt(desk.match(facts.cluster.miss.id, pick.entry), facts.cluster.miss.programme)


def gone_entry() -> Text:
    return _("That answer is no longer there. Please choose another one.")


def that_fit(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """As many as one form has room for."""
    fitting: list[Entry] = []
    letters = 0
    for one in entries[:MOST_ENTRIES]:
        letters += max(map(len, one.question.wordings.values()))
        if letters > _MOST_LETTERS:
            break
        fitting.append(one)
    return tuple(fitting)
