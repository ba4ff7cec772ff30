"""Reminders in a coordinator's own words: written, looked through as they will be read, changed and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Protocol

from bot.conversation import Flow
from bot.domain.nudges import Planned, by_the_clock, of_rule
from bot.domain.people import Language
from bot.domain.programmes import Programme, local_day
from bot.domain.refusals import FieldRefused, Refusal
from bot.domain.rules import WRITTEN, Anchor, Audience, Rule, Topic
from bot.domain.values import dataclass
from bot.domain.words import Day, Localised, Moment, Text, Words, _, n_
from bot.flows import buttons, reminders, truth
from bot.flows.amending import clock, day_of
from bot.flows.faq import LANGUAGES
from bot.flows.reminders import Reminder
from bot.flows.rulebook import AUDIENCES, RULES, in_words
from bot.messages import (
    Action,
    Button,
    Card,
    ChoiceField,
    Fact,
    Field,
    Form,
    Item,
    NumberField,
    Option,
    TextField,
    Tone,
)

OWN = "own_reminders"  # the card: about the programme
WRITE = "own_reminder"  # the form: about the programme, and which one to change
STOP, START, REMOVE = "stop_reminder", "start_reminder", "remove_reminder"  # about the programme and which one

MOST = 12  # in one programme: more than one of these a month nobody leaves on
_MOST_DAYS = 365
_TITLE, _TEXT = 60, 600  # characters: a headline, and what is read on a telephone
_SHOWN = 8  # times when it comes, in the preview

BEFORE, AFTER, DEADLINE, DATE, DAY = "before", "after", "deadline", "date", "day"
_COUNTED: Mapping[str, tuple[Anchor, int]] = {
    BEFORE: (Anchor.START, -1),
    AFTER: (Anchor.END, 1),
    DEADLINE: (Anchor.DEADLINE, -1),
    DATE: (Anchor.DATE, -1),
    DAY: (Anchor.DAY, 0),
}
_WHEN: Mapping[str, Text] = {
    BEFORE: _("Some days before a meeting"),
    AFTER: _("Some days after a meeting"),
    DEADLINE: _("Some days before the last day to register"),
    DATE: _("Some days before a date of the programme"),
    DAY: _("On a day that I choose"),
}
_OFFERED = (
    *(Audience.PARTICIPANTS, Audience.CHANNELS, Audience.CONTACTS),
    *(Audience.OWNERS, Audience.NOTE_TAKERS, Audience.COORDINATORS),
)
_ROLE = "role:"  # before the id of a role group, where one can also choose an audience


@dataclass(frozen=True, slots=True)
class Facts:
    """The programme, and who would get a reminder of it: how many, and how many have asked not to."""

    programme: Programme
    now: datetime
    language: Language  # the coordinator's
    reach: Callable[[Planned], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered. `title` and `text` are in `language`, the others have a language's code as their key."""

    programme: str
    language: str
    rule: str = ""  # the one that is changed; empty for a new one
    to: tuple[str, ...] = (Audience.PARTICIPANTS.value,)
    when: str = BEFORE
    meetings: tuple[str, ...] = ()  # or dates; none is all of them
    days: int | None = None
    day: str = ""
    at: str = "09.00"
    title: str = ""
    text: str = ""
    also: tuple[str, ...] = ()  # codes of other languages
    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


class OwnRuleDesk(Protocol):
    """What the flow acts through."""

    def keep_own(self, programme: str, rule: Rule, *, instead_of: str) -> Rule:
        """Let the programme have this reminder, in the place of an earlier one where that is named."""


flow: Flow[Draft, Facts, OwnRuleDesk] = Flow(WRITE, Draft, version=1)


def written(programme: Programme) -> tuple[Rule, ...]:
    """The programme's reminders that were written in chat, also those that are turned off."""
    return tuple(rule for rule in programme.chat_rules if rule.name.startswith(WRITTEN))


def draft_of(programme: Programme, rule: Rule) -> Draft:
    """A reminder as the form shows it when it is changed. Its first language is the one it was written in."""
    first, *others = list(rule.title.wordings)
    when = next(when for when, (anchor, _side) in _COUNTED.items() if anchor is rule.anchor)
    return Draft(
        programme.id,
        first,
        rule.name,
        to=(
            *(audience.value for audience in rule.to if audience is not Audience.ROLES),
            *(f"{_ROLE}{role}" for role in rule.roles),
        ),
        when=when,
        meetings=rule.only,
        days=abs(rule.days),
        day=rule.on.isoformat() if rule.on else "",
        at=f"{rule.at:%H.%M}",
        title=rule.title.wordings[first],
        text=rule.text.wordings[first],
        also=tuple(others),
        titles={one: rule.title.wordings[one] for one in others},
        texts={one: rule.text.wordings[one] for one in others},
    )


# --- To whom, and when ------------------------------------------------------------------------------------------------


@flow.ask("whom")
def ask_whom(draft: Draft, facts: Facts) -> Form:
    people = tuple(Option(audience.value, AUDIENCES[audience]) for audience in _OFFERED)
    roles = tuple(Option(f"{_ROLE}{one.id}", one.words.called) for one in facts.programme.role_groups)
    when = tuple(Option(when, _WHEN[when]) for when in _possible(facts.programme))
    return Form(
        _("Reminder of your own"),
        (
            ChoiceField("to", _("To whom?"), (*people, *roles), many=True),
            ChoiceField("when", _("When?"), when),
        ),
        intro=(facts.programme.title, _("Nothing is sent before you have seen how it reads and confirmed.")),
    )


@flow.check("whom")
def check_whom(draft: Draft, facts: Facts) -> Draft:
    if _roles(draft) and Audience.PARTICIPANTS.value in draft.to:
        raise FieldRefused("to", _("Choose either all participants or some of the roles."))
    return draft


def _roles(draft: Draft) -> tuple[str, ...]:
    return tuple(one.removeprefix(_ROLE) for one in draft.to if one.startswith(_ROLE))


def _possible(programme: Programme) -> Iterator[str]:
    if programme.occasions:
        yield from (BEFORE, AFTER, DEADLINE)
    if programme.dates:
        yield DATE
    yield DAY


@flow.ask("moment")
def ask_moment(draft: Draft, facts: Facts) -> Form:
    return Form(_WHEN[draft.when], tuple(_moment_fields(draft, facts)), intro=(facts.programme.title,))


def _moment_fields(draft: Draft, facts: Facts) -> Iterator[Field]:
    if draft.when == DAY:
        yield TextField("day", _("Day"), _("For example 20 May or 2027-05-20"), max_chars=20)
    else:
        label = _("Days after") if draft.when == AFTER else _("Days before")
        yield NumberField("days", label, least=0, most=_MOST_DAYS)
        yield from _which(draft, facts.programme)
    yield TextField("at", _("Time of day"), _("For example 09.00"), max_chars=20)


def _which(draft: Draft, programme: Programme) -> Iterator[Field]:
    """Which meetings, or dates, where there are several."""
    if draft.when == DATE:
        options = tuple(Option(one.id, one.title, Day(local_day(one.at, programme.zone))) for one in programme.dates)
    else:
        held = (one for one in programme.occasions if not one.cancelled)
        options = tuple(Option(o.id, o.title, Day(local_day(o.starts_at, programme.zone))) for o in held)
    if len(options) > 1:
        hint = _("Leave it empty for all of them.")
        yield ChoiceField("meetings", _("Only these"), options, hint, required=False, many=True)


@flow.check("moment")
def check_moment(draft: Draft, facts: Facts) -> Draft:
    draft = replace(draft, meetings=tuple(one for one in draft.meetings if one in _ids(draft, facts.programme)))
    if draft.when == DAY:
        draft = replace(draft, day=_day(draft, facts).isoformat())  # means the same tomorrow
    if not coming(rule_of(draft, facts), facts):
        at_fault = "day" if draft.when == DAY else "days"
        raise FieldRefused(at_fault, _("It would never come: that time has passed, or what it is about is over then."))
    return draft


def _ids(draft: Draft, programme: Programme) -> frozenset[str]:
    return frozenset(one.id for one in (programme.dates if draft.when == DATE else programme.occasions))


def _day(draft: Draft, facts: Facts) -> date:
    return day_of(draft.day, "day", local_day(facts.now, facts.programme.zone))


def rule_of(draft: Draft, facts: Facts) -> Rule:
    """The reminder as it is wanted; raises `FieldRefused` for a day or a time of day that is none."""
    (anchor, side), roles = _COUNTED[draft.when], _roles(draft)
    return Rule(
        draft.rule,
        Topic.MESSAGE,
        anchor,
        (*(Audience(one) for one in draft.to if not one.startswith(_ROLE)), *((Audience.ROLES,) if roles else ())),
        days=side * (draft.days or 0),
        at=clock(draft.at, "at"),
        only=() if draft.when == DAY else draft.meetings,
        roles=roles,
        text=_in_all(draft, draft.text, draft.texts),
        title=_in_all(draft, draft.title, draft.titles),
        on=_day(draft, facts) if draft.when == DAY else None,
    )


def _in_all(draft: Draft, own: str, others: Mapping[str, str]) -> Localised:
    return Localised({draft.language: own, **{one: others[one] for one in draft.also if others.get(one)}})


def coming(rule: Rule, facts: Facts) -> tuple[Planned, ...]:
    """What the reminder would send from now on, in the order of time."""
    found = (one for one in of_rule(rule, facts.programme) if one.can_be_useful and one.due_at > facts.now)
    return tuple(sorted(found, key=lambda one: (one.due_at, one.about)))


# --- The words --------------------------------------------------------------------------------------------------------


@flow.ask("words")
def ask_words(draft: Draft, facts: Facts) -> Form:
    others = tuple(Option(code, name) for code, name in LANGUAGES.items() if code != draft.language)
    return Form(
        _("What it says"),
        (
            TextField("title", _("Headline"), max_chars=_TITLE),
            TextField("text", _("Message"), long=True, max_chars=_TEXT),
            ChoiceField("also", _("Also in"), others, _("You write it on the next page."), required=False, many=True),
        ),
        intro=(_("Everybody reads it in their own language where you give it, and otherwise as you write it here."),),
    )


@flow.ask("translations")
def ask_translations(draft: Draft, facts: Facts) -> Form | None:
    if not draft.also:
        return None
    fields = (one for code in draft.also for one in _translation_fields(code))
    return Form(_("In other languages"), tuple(fields), intro=(draft.title, draft.text))


def _translation_fields(code: str) -> Iterator[Field]:
    name = LANGUAGES[code]
    yield TextField(f"titles.{code}", _("Headline in {language}", language=name), max_chars=_TITLE)
    yield TextField(f"texts.{code}", _("Wording in {language}", language=name), long=True, max_chars=_TEXT)


# --- How it will be read ----------------------------------------------------------------------------------------------


@flow.ask("preview")
def ask_preview(draft: Draft, facts: Facts) -> Form:
    rule = rule_of(draft, facts)
    planned = coming(rule, facts)
    return Form(
        _("This is how it reads"),
        intro=(*_as_read(planned, facts), *_elsewhere(draft), *_doubts(planned, facts)),
        facts=tuple(_times(planned, facts)),
        submit=_("Confirm"),
    )


def _as_read(planned: tuple[Planned, ...], facts: Facts) -> Iterator[Words]:
    """The first message that goes, line by line, composed as it will be."""
    if not planned:
        return
    card = reminders.compose(Reminder(planned[0], facts.programme, planned[0].due_at))
    yield card.title
    yield from card.body
    yield from (_("{label}: {value}", label=fact.label, value=fact.value) for fact in card.facts)
    yield card.footnote


def _elsewhere(draft: Draft) -> Iterator[Words]:
    for code in draft.also:
        yield _("In {language}:", language=LANGUAGES[code])
        yield from (draft.titles.get(code, ""), draft.texts.get(code, ""))


def _doubts(planned: tuple[Planned, ...], facts: Facts) -> Iterator[Words]:
    """What comes at another time than was asked for."""
    zone = facts.programme.zone
    for one in planned:
        if by_the_clock(one.rule, one.anchor, zone) != one.due_at:
            when = Moment(one.due_at, zone)
            yield _("Note: that time lies outside working hours. It comes on {time} instead.", time=when)
            return


def _times(planned: tuple[Planned, ...], facts: Facts) -> Iterator[Fact]:
    """When it comes, and to how many."""
    if facts.programme.draft:
        yield Fact(_("When"), _("Nothing is sent before the programme is published."))
    for one in planned[:_SHOWN]:
        whom = truth.to_whom(one.audience, *facts.reach(one))
        yield Fact(Moment(one.due_at, facts.programme.zone), whom)
    if len(planned) > _SHOWN:
        yield Fact(_("And later"), n_("{n} more time", "{n} more times", len(planned) - _SHOWN))


class TooMany(Refusal):
    """The programme has as many reminders of its own as anybody can look through."""


flow.rescue(TooMany, back_to="preview")


@flow.on_done
def done(draft: Draft, facts: Facts, desk: OwnRuleDesk) -> Card:
    kept = desk.keep_own(facts.programme.id, rule_of(draft, facts), instead_of=draft.rule)
    return Card(
        _("Saved: {title}", title=kept.title),
        body=(in_words(kept, facts.programme.role_groups),),
        buttons=(all_of(facts.programme), _timeline(facts.programme)),
        tone=Tone.GOOD,
    )


def too_many() -> TooMany:
    return TooMany(
        _("A programme can have {most} reminders of its own. Remove one that is no longer needed.", most=MOST)
    )


# --- All of them ------------------------------------------------------------------------------------------------------


def all_of(programme: Programme) -> Button:
    return Button(_("Reminders of your own"), Action(OWN, programme.id))


def _timeline(programme: Programme) -> Button:
    return Button(_("See all messages"), Action(buttons.TIMELINE, programme.id))


def card(programme: Programme) -> Card:
    """The reminders that coordinators have written, each with what can be done about it."""
    found = written(programme)
    none = _("There is none yet. Write one when you want to say something that the usual reminders do not.")
    new = Button(_("Write a reminder"), Action(WRITE, programme.id), tone=Tone.PRIMARY, opens_form=True)
    return Card(
        _("Reminders of your own: {title}", title=programme.title),
        body=() if found else (none,),
        items=tuple(_item(programme, rule) for rule in found),
        buttons=(
            new,
            Button(_("Reminders of the programme"), Action(RULES, programme.id), opens_form=True),
            _timeline(programme),
        ),
    )


def _item(programme: Programme, rule: Rule) -> Item:
    about = f"{programme.id} {rule.name}"
    change = Button(_("Change"), Action(WRITE, about), opens_form=True)
    switch: tuple[Button, ...] = (Button(_("Turn off"), Action(STOP, about)),)
    if rule.off:
        gone = Button(_("Remove"), Action(REMOVE, about), tone=Tone.DANGER)
        switch = (Button(_("Turn on"), Action(START, about)), gone)
    return Item(rule.title, (in_words(rule, programme.role_groups), rule.text), buttons=(change, *switch))
