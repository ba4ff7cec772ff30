"""The reminders of a programme in plain words, and changing when, whether and with which words they go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from bot.conversation import Flow
from bot.domain.people import Language
from bot.domain.programmes import Programme, RoleGroup
from bot.domain.rules import DEFAULTS, WRITTEN, Anchor, Audience, Rule, Topic
from bot.domain.values import dataclass
from bot.domain.words import Day, Listed, Text, Words, _, n_
from bot.flows import buttons, truth
from bot.flows.amending import clock, reworded, wording
from bot.messages import Action, Button, Card, ChoiceField, Fact, Field, Form, NumberField, Option, TextField, Tone

RULES = "rules"
_ON, _OFF, _AS_BEFORE = "on", "off", "as_before"
_MOST_DAYS, _MOST_MINUTES = 365, 24 * 60
_OWN_WORDS = 600  # characters; a reminder that needs more is a letter


@dataclass(frozen=True, slots=True)
class Facts:
    """The programme whose reminders are looked at; `language` is the coordinator's."""

    programme: Programme
    language: Language


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered."""

    programme: str
    rule: str = ""
    state: str = _ON
    days: int | None = None
    at: str = ""
    minutes: int | None = None
    text: str = ""


class RuleDesk(Protocol):
    """What the flow acts through."""

    def keep_rule(self, programme: str, rule: Rule) -> None:
        """Let the programme have this rule instead of the one of the same name, also when its file is loaded again."""

    def forget_rule(self, programme: str, rule: str) -> None:
        """Let the rule be what it was before it was changed in chat."""


flow: Flow[Draft, Facts, RuleDesk] = Flow(RULES, Draft, version=1)


def rules_of(programme: Programme) -> tuple[Rule, ...]:
    """Every rule of the programme, also those turned off, but for those written in chat: they have their own card."""
    named = {rule.name: rule for rule in (*DEFAULTS, *programme.rules)}
    asked = {Topic.CHALLENGE: programme.asks_challenge, Topic.FEEDBACK: programme.asks_feedback}
    return tuple(rule for rule in named.values() if asked.get(rule.topic, True) and not rule.name.startswith(WRITTEN))


def is_changed(programme: Programme, rule: Rule) -> bool:
    """Whether the rule was changed in chat, and so stays when the programme's file is loaded again."""
    return any(one.name == rule.name for one in programme.chat_rules)


# --- In plain words ---------------------------------------------------------------------------------------------------

_ANCHORS: Mapping[Anchor, Text] = {
    Anchor.START: _("the meeting"),
    Anchor.END: _("the end of the meeting"),
    Anchor.DEADLINE: _("the last day to register"),
    Anchor.MIDWAY: _("the middle of the time between two meetings"),
    Anchor.DATE: _("the date"),
    Anchor.ADDED: _("the day it was added"),
    Anchor.DAY: _("a day of its own"),
}
AUDIENCES: Mapping[Audience, Text] = {
    Audience.PARTICIPANTS: _("participants"),
    Audience.UNFINISHED: _("those who have not finished registering"),
    Audience.CONTACTS: _("those who registered their organisation"),
    Audience.COORDINATORS: _("coordinators"),
    Audience.CHANNELS: _("channels"),
    Audience.OWNERS: _("those with something in the plan"),
    Audience.UNWRITTEN: _("those who have not written their challenge"),
    Audience.JOINED: _("those who took part before"),
    Audience.ABSENT: _("those who wanted to come and were not there"),
    Audience.NOTE_TAKERS: _("those who take notes in open rounds"),
    Audience.ROLES: _("those in the chosen roles"),
}


def in_words(rule: Rule, roles: Sequence[RoleGroup] = ()) -> Words:
    """When the reminder goes, and to whom; `roles` are the programme's."""
    if rule.off:
        return _("turned off")
    chosen = (one.words.called for one in roles if one.id in rule.roles)
    whom = Listed((*(AUDIENCES[audience] for audience in rule.to if audience is not Audience.ROLES), *chosen))
    if rule.at is None:
        return _("{when}, to {whom}", when=_in_minutes(rule), whom=whom)
    return _("{when} at {time}, to {whom}", when=_in_days(rule), time=f"{rule.at:%H.%M}", whom=whom)


def _in_days(rule: Rule) -> Words:
    anchor = _ANCHORS[rule.anchor]
    if rule.days < 0:
        return n_("{n} day before {anchor}", "{n} days before {anchor}", -rule.days, anchor=anchor)
    if rule.days > 0:
        return n_("{n} day after {anchor}", "{n} days after {anchor}", rule.days, anchor=anchor)
    if rule.anchor is Anchor.MIDWAY:
        return _("halfway between two meetings")
    if rule.anchor is Anchor.DAY and rule.on is not None:
        return Day(rule.on)
    return _("on the day of {anchor}", anchor=anchor)


def _in_minutes(rule: Rule) -> Text:
    anchor = _ANCHORS[rule.anchor]
    if rule.minutes > 0:
        return n_("{n} minute after {anchor}", "{n} minutes after {anchor}", rule.minutes, anchor=anchor)
    return n_("{n} minute before {anchor}", "{n} minutes before {anchor}", -rule.minutes, anchor=anchor)


# --- Changing one -----------------------------------------------------------------------------------------------------


@flow.ask("rule")
def ask_rule(draft: Draft, facts: Facts) -> Form:
    options = tuple(Option(rule.name, _name(rule), in_words(rule)) for rule in rules_of(facts.programme))
    return Form(
        _("Reminders of the programme"),
        (ChoiceField("rule", _("Which one do you want to change?"), options),),
        intro=(facts.programme.title,),
        facts=tuple(Fact(_name(rule), in_words(rule)) for rule in rules_of(facts.programme)),
    )


def _name(rule: Rule) -> Words:
    """The kind of reminder; one that the programme has added is told apart by its name."""
    if rule.name in {default.name for default in DEFAULTS}:
        return truth.topic(rule)
    return _("{kind} ({name})", kind=truth.topic(rule), name=rule.name)


@flow.check("rule")
def open_rule(draft: Draft, facts: Facts) -> Draft:
    """The form is filled in with how the rule stands."""
    rule = _chosen(draft, facts)
    return replace(
        draft,
        state=_OFF if rule.off else _ON,
        days=abs(rule.days),
        at=f"{rule.at:%H.%M}" if rule.at is not None else "",
        minutes=abs(rule.minutes),
        text=wording(rule.text, facts.language),
    )


def _chosen(draft: Draft, facts: Facts) -> Rule:
    return next(rule for rule in rules_of(facts.programme) if rule.name == draft.rule)


@flow.ask("details")
def ask_details(draft: Draft, facts: Facts) -> Form:
    rule = _chosen(draft, facts)
    changed = is_changed(facts.programme, rule)
    return Form(_name(rule), tuple(_fields(rule, changed=changed)), intro=(in_words(rule),), submit=_("Save"))


def _fields(rule: Rule, *, changed: bool) -> Iterator[Field]:
    back = (Option(_AS_BEFORE, _("As it was before it was changed here")),) if changed else ()
    yield ChoiceField("state", _("Reminder"), (Option(_ON, _("It is sent")), Option(_OFF, _("It is not sent")), *back))
    if rule.at is None:
        label = _("Minutes after") if rule.minutes > 0 else _("Minutes before")
        yield NumberField("minutes", label, least=0, most=_MOST_MINUTES)
    else:
        if rule.anchor is not Anchor.MIDWAY:
            label = _("Days after") if rule.days > 0 else _("Days before")
            yield NumberField("days", label, least=0, most=_MOST_DAYS)
        yield TextField("at", _("Time of day"), _("For example 09.00"), max_chars=20)
    hint = _("Comes first in the reminder.")
    yield TextField("text", _("Your own words"), hint, required=False, long=True, max_chars=_OWN_WORDS)


@flow.check("details")
def check_details(draft: Draft, facts: Facts) -> Draft:
    if draft.state != _AS_BEFORE:
        _wanted(draft, facts)
    return draft


def _wanted(draft: Draft, facts: Facts) -> Rule:
    """The rule as it shall be: on the same side of its anchor as before."""
    rule = _chosen(draft, facts)
    rule = replace(rule, off=draft.state == _OFF, text=reworded(rule.text, draft.text, facts.language))
    if rule.at is None:
        minutes = draft.minutes or 0
        return replace(rule, minutes=minutes if rule.minutes > 0 else -minutes)
    days = draft.days or 0
    return replace(rule, days=days if rule.days > 0 else -days, at=clock(draft.at, "at"))


@flow.on_done
def done(draft: Draft, facts: Facts, desk: RuleDesk) -> Card:
    if draft.state == _AS_BEFORE:
        rule = _chosen(draft, _unchanged(draft, facts))
        desk.forget_rule(facts.programme.id, rule.name)
    else:
        rule = _wanted(draft, facts)
        desk.keep_rule(facts.programme.id, rule)
    return Card(
        _("Saved: {title}", title=facts.programme.title),
        facts=(Fact(_name(rule), in_words(rule)),),
        buttons=(
            Button(_("Reminders of the programme"), Action(RULES, facts.programme.id), opens_form=True),
            Button(_("See all messages"), Action(buttons.TIMELINE, facts.programme.id)),
        ),
        tone=Tone.GOOD,
    )


def _unchanged(draft: Draft, facts: Facts) -> Facts:
    """The programme as it would be without what was said of this reminder in chat."""
    rest = tuple(one for one in facts.programme.chat_rules if one.name != draft.rule)
    return replace(facts, programme=replace(facts.programme, chat_rules=rest))
