"""How an entry came to be as it is, the way back to an earlier version, and wordings that wait for a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.domain.faq import COMMON, Change, Entry, Past, Phrasing
from bot.domain.values import dataclass
from bot.domain.words import Day, Localised, Moment, Text, Words, _, n_
from bot.flows import curating, faq
from bot.messages import Action, Button, Card, Fact, Item, Tone

MOST = 4
"""Versions in one message: each may have an answer of a screen's length, and the one before it."""

MOST_PHRASINGS = 8

_CHANGES = {
    Change.ADDED: _("First written"),
    Change.EDITED: _("Changed"),
    Change.RETIRED: _("Taken out of use"),
    Change.RESTORED: _("In use again"),
    Change.LEARNT: _("Another way to ask"),
}


# --- What is different ------------------------------------------------------------------------------------------------


Titles = Mapping[str, Words]
"""Programme → what it is called."""


def differences(before: Entry, after: Entry, titles: Titles) -> Iterator[Fact]:
    """What one version says other than the one before it."""
    yield from _replaced(_("Programme"), _programme(before, titles), _programme(after, titles))
    yield from _wordings(before.question, after.question, _("The question"))
    yield from _wordings(before.answer, after.answer, _("The answer"))
    added = tuple(one for one in after.alternates if one not in before.alternates)
    removed = tuple(one for one in before.alternates if one not in after.alternates)
    yield from (Fact(_("New way to ask"), one) for one in added)
    yield from (Fact(_("Way to ask, removed"), one) for one in removed)
    yield from _replaced(_("Edition"), before.edition, after.edition)
    yield from _replaced(_("Valid from"), _day(before.valid_from), _day(after.valid_from))
    yield from _replaced(_("Valid until"), _day(before.valid_until), _day(after.valid_until))


def _programme(entry: Entry, titles: Titles) -> Words:
    return curating.everywhere() if entry.programme == COMMON else titles.get(entry.programme, entry.programme)


def _wordings(before: Localised, after: Localised, what: Text) -> Iterator[Fact]:
    for language in dict.fromkeys((*before.wordings, *after.wordings)):
        label = _("{what} in {language}", what=what, language=faq.language_name(language))
        yield from _replaced(label, before.wordings.get(language, ""), after.wordings.get(language, ""))


def _replaced(label: Text, before: Words, after: Words) -> Iterator[Fact]:
    if before == after:
        return
    if before:
        yield Fact(_("{what}, before", what=label), before)
    yield Fact(_("{what}, now", what=label), after or _("Nothing"))


def _day(day: date | None) -> Words:
    return Day(day) if day is not None else ""


# --- The history ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """A change, with who made it."""

    past: Past
    by: Words  # name; for coordinators only
    before: Entry | None  # None for the first version


def history(now: Entry, changes: Sequence[Made], start: int, zone: str, titles: Titles) -> Card:
    """What has become of an entry, the newest change first, from this one on."""
    start = start if start < len(changes) else 0
    shown = changes[start : start + MOST]
    following = start + MOST
    more = Button(_("Show more"), Action(curating.HISTORY, f"{now.id} {following}"))
    return Card(
        _("Earlier versions"),
        body=(now.question,),
        items=tuple(_version(now, one, zone, titles) for one in shown),
        buttons=(*((more,) if following < len(changes) else ()), curating.show(now), curating.all_questions()),
    )


def _version(now: Entry, made: Made, zone: str, titles: Titles) -> Item:
    past = made.past
    when = Moment(past.at, zone)
    return Item(
        _("{change}: {when}", change=_CHANGES[past.change], when=when),
        (_("By {name}", name=made.by),),
        facts=tuple(differences(made.before, past.entry, titles)) if made.before else _first(past.entry),
        buttons=() if _says_the_same(now, past.entry) else (_back_to(now, past.entry),),
    )


def _first(entry: Entry) -> tuple[Fact, ...]:
    ways = (Fact(_("Other way to ask"), one) for one in entry.alternates)
    return (
        Fact(_("The question"), entry.question),
        Fact(_("The answer"), entry.answer),
        *curating.settings(entry),
        *ways,
    )


def _says_the_same(now: Entry, then: Entry) -> bool:
    return not any(differences(then, now, {}))


def _back_to(now: Entry, then: Entry) -> Button:
    return Button(_("Back to this"), Action(curating.REVERT, f"{now.id} {then.version} {now.version}"))


def by_the_file() -> Text:
    return _("the programme’s file")


def by_nobody() -> Text:
    return _("somebody who has been erased")


def reverted(before: Entry, after: Entry, titles: Titles) -> Card:
    """An earlier version holds again."""
    return Card(
        _("Saved"),
        body=(after.question,),
        facts=tuple(differences(before, after, titles)),
        buttons=(curating.undo(after, before.version), curating.show(after), curating.history(after)),
        tone=Tone.GOOD,
    )


def changed_meanwhile(now: Entry) -> Text:
    return _("Somebody else has changed it meanwhile: {question} Look at it again first.", question=now.question)


# --- Ways to ask that are proposed ------------------------------------------------------------------------------------


def phrasings(found: Sequence[tuple[Phrasing, Entry]], start: int = 0, said: Words = "") -> Card:
    """What people asked who were helped by an entry; a coordinator decides whether it is learnt."""
    start = start if start < len(found) else 0
    shown = found[start : start + MOST_PHRASINGS]
    following = start + MOST_PHRASINGS
    more = Button(_("Show more"), Action(curating.PHRASINGS, str(following)))
    return Card(
        _("Suggested wordings"),
        body=(*((said,) if said else ()), *_why(len(found), start, len(shown))),
        items=tuple(_phrasing(*one) for one in shown),
        buttons=(*((more,) if following < len(found) else ()), curating.all_questions()),
    )


def _why(all: int, start: int, shown: int) -> Iterator[Words]:
    if not all:
        yield _("There is nothing to decide about.")
        return
    yield _("People asked like this and said that the answer helped. Add it, and the answer is found more easily.")
    if shown < all:
        yield _("{first}–{last} of {all}", first=start + 1, last=start + shown, all=all)


def _phrasing(phrasing: Phrasing, entry: Entry) -> Item:
    return Item(
        phrasing.text,
        (
            _("Answered with: {question}", question=entry.question),
            n_("Asked {n} time", "Asked {n} times", phrasing.times),
        ),
        buttons=(
            Button(_("Add"), Action(curating.ACCEPT, phrasing.id), tone=Tone.PRIMARY),
            Button(_("No, it does not belong there"), Action(curating.REJECT, phrasing.id)),
        ),
    )


def learnt(phrasing: Phrasing) -> Words:
    return _("Added: {what}", what=phrasing.text)


def not_learnt(phrasing: Phrasing) -> Words:
    return _("Left out: {what}", what=phrasing.text)


def decided() -> Words:
    return _("Somebody has already decided about that one.")
