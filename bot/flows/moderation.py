"""Moderation: posts that wait for a coordinator, what can be done with them, and why posts may be hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.values import dataclass
from bot.domain.words import Listed, Localised, Moment, Text, Words, _, n_
from bot.flows import buttons
from bot.messages import Action, Button, Card, Item, Notice, Tone

RELEASE = "release"  # show a held post: about its token
MASK = "mask"  # show it without what points at a person: about its token
HIDE = "hide"  # take it away: about its token, first without and then with a reason
UNDO_RULING = "undo_ruling"  # about the token of what is decided, and where it goes back to
RELEASE_ALL = "release_all"  # show several at once: about the round, and the token of each as it was seen
UNDO_RELEASE_ALL = "undo_release_all"  # the same again, as they stand now

RELEASE_REPLY = "release_reply"  # the same with a held reply to a post: about the reply's token
MASK_REPLY = "mask_reply"
HIDE_REPLY = "hide_reply"
LOOK_AGAIN_AT_REPLY = "look_again_at_reply"

HELD, SHOWN, HIDDEN = "held", "shown", "hidden"
"""The lists of a round: what waits, what is on the board, and what was hidden."""

MODERATED, PERSONAL = "moderated", "personal"
"""Why a post is held."""

A_PERSON, INSULT, OFF_SUBJECT, ON_REQUEST = "person", "insult", "subject", "request"

_REASONS: Mapping[str, Text] = {
    PERSONAL: _("Personal data"),
    A_PERSON: _("About a person who can be recognised"),
    INSULT: _("Insult or threat"),
    OFF_SUBJECT: _("Does not belong to the question"),
    ON_REQUEST: _("On request"),
    MODERATED: _("Every post is looked at first"),
}

POLICY = (PERSONAL, A_PERSON, INSULT, OFF_SUBJECT, ON_REQUEST)
"""What a post may be hidden for, as published. Criticism, and being said twice, are no reasons."""

MOST = 6
"""Posts in one message: each may have a thousand characters and three buttons."""


def reason_words(reason: str) -> Words:
    """Why a post is held or hidden, as people read it; empty for a reason that this version does not know."""
    return _REASONS.get(reason, "")


def were_hidden(number: int, reason: str) -> Words:
    """What a board says of posts that a coordinator has hidden."""
    why = reason_words(reason)
    if not why:
        return n_("{n} post has been hidden", "{n} posts have been hidden", number)
    return n_("{n} post has been hidden: {reason}", "{n} posts have been hidden: {reason}", number, reason=why)


@dataclass(frozen=True, slots=True)
class Entry:
    """A post as the coordinator sees it."""

    token: str  # names the post and how it stood when it was looked at
    box: Localised  # empty for the box of everybody
    question: Localised
    text: str  # untrusted
    found: tuple[str, ...] = ()  # what seems to point at a person; untrusted
    reason: str = ""  # why it is held or hidden
    hidden: Words = ""  # by whom and when
    replies_to: str = ""  # the post that it replies to, where it is no post itself; untrusted


@dataclass(frozen=True, slots=True)
class Said:
    """What has come of the last press."""

    lines: tuple[Words, ...] = ()
    undo: str = ""  # what Undo is about; empty where there is nothing to undo
    undo_by: str = UNDO_RULING  # what Undo does
    tone: Tone = Tone.GOOD


NOTHING_SAID = Said(tone=Tone.PLAIN)


# --- What waits -------------------------------------------------------------------------------------------------------


def waiting(round: str, title: Localised) -> Card:
    """The coordinators' matter."""
    return Card(
        _("Posts wait to be looked at"),
        body=(title, _("Nobody sees them until somebody has looked at them.")),
        buttons=(Button(_("Look at them"), Action(buttons.MODERATE, round), tone=Tone.PRIMARY),),
    )


def rounds(waits: Sequence[tuple[str, Localised, int]]) -> Card:
    """The rounds where something waits: their ids, titles and how many posts."""
    if not waits:
        return Card(_("Nothing waits to be looked at"), tone=Tone.GOOD)
    return Card(
        _("Posts wait to be looked at"),
        items=tuple(
            Item(title, (count(n),), buttons=(Button(_("Look at them"), Action(buttons.MODERATE, id)),))
            for id, title, n in waits
        ),
    )


def count(posts: int) -> Text:
    return n_("{n} post waits", "{n} posts wait", posts)


def held(round: str, title: Localised, entries: Sequence[Entry], said: Said = NOTHING_SAID) -> Card:
    """What waits in a round, the first that came first."""
    more = len(entries) - MOST
    rest = (n_("and {n} more, shown as these are done", "and {n} more, shown as these are done", more),)
    return Card(
        count(len(entries)) if entries else _("Nothing waits to be looked at"),
        body=(title, *said.lines, *(rest if more > 0 else ())),
        items=tuple(_held(entry) for entry in entries[:MOST]),
        buttons=(*_release_all(round, entries[:MOST]), *_undo(said), *_lists(round, HELD)),
        tone=Tone.GOOD if not entries and said.tone is Tone.PLAIN else said.tone,
    )


def _held(entry: Entry) -> Item:
    release, mask = (RELEASE_REPLY, MASK_REPLY) if entry.replies_to else (RELEASE, MASK)
    masked = (Button(_("Publish masked"), Action(mask, entry.token)),) if entry.found else ()
    publish = Button(_("Publish"), Action(release, entry.token), tone=Tone.PRIMARY)
    return _item(entry, (publish, *masked, _hide(entry)))


def _release_all(round: str, seen: Sequence[Entry]) -> tuple[Button, ...]:
    """One press for the posts of this message that point at nobody; each of the others takes one of its own."""
    plain = [entry.token for entry in seen if not (entry.found or entry.replies_to or entry.reason == PERSONAL)]
    if len(plain) < 2:
        return ()
    everything = len(plain) == len(seen)
    label = _("Publish all {n} here", n=len(plain))
    if not everything:
        label = _("Publish the {n} posts here that name nobody", n=len(plain))
    return (Button(label, Action(RELEASE_ALL, " ".join((round, *plain)))),)


def _item(entry: Entry, do: tuple[Button, ...]) -> Item:
    box: tuple[Words, ...] = (entry.box,) if entry.box else ()
    if entry.replies_to:
        box = (entry.replies_to, _("{role} would answer:", role=entry.box))
    seen = (_("Points at a person: {words}", words=Listed(entry.found)),) if entry.found else ()
    return Item(entry.question, (*box, entry.text, *seen), buttons=do)


def _hide(entry: Entry) -> Button:
    return Button(_("Hide"), Action(HIDE_REPLY if entry.replies_to else HIDE, entry.token), tone=Tone.DANGER)


def _undo(said: Said) -> tuple[Button, ...]:
    return (Button(_("Undo"), Action(said.undo_by, said.undo)),) if said.undo else ()


# --- What is shown, and what is not any more --------------------------------------------------------------------------

_NAMES: Mapping[str, Text] = {
    HELD: _("Posts that wait"),
    SHOWN: _("Posts on the board"),
    HIDDEN: _("Hidden posts"),
}
_EMPTY: Mapping[str, Text] = {
    SHOWN: _("There are no posts on the board yet."),
    HIDDEN: _("No post has been hidden."),
}


def _lists(round: str, besides: str) -> tuple[Button, ...]:
    """The ways to the other lists."""
    return tuple(
        Button(name, Action(buttons.MODERATE, f"{round}:{one}:1")) for one, name in _NAMES.items() if one != besides
    )


def pages(posts: int) -> int:
    """How many pages so many posts take; an empty list takes one."""
    return max(1, -(-posts // MOST))


def decided_ones(
    which: str, round: str, *, title: Localised, entries: Sequence[Entry], page: int, said: Said = NOTHING_SAID
) -> Card:
    """What is on the board, or what was hidden, page by page: to take it away, or to bring it back."""
    last = pages(len(entries))
    number = min(max(page, 1), last)
    first = (number - 1) * MOST
    place = _("Page {page} of {pages}", page=number, pages=last) if entries else _EMPTY[which]
    return Card(
        _NAMES[which],
        body=(title, *said.lines, place),
        items=tuple(_decided(which, entry) for entry in entries[first : first + MOST]),
        buttons=(*_undo(said), *_turn(f"{round}:{which}", number, last), *_lists(round, which)),
        tone=said.tone,
    )


def _decided(which: str, entry: Entry) -> Item:
    if which == SHOWN:
        return _item(entry, (_hide(entry),))
    action = Action(UNDO_RULING, f"{entry.token}:{HELD}")
    if entry.replies_to:
        action = Action(LOOK_AGAIN_AT_REPLY, entry.token)
    item = _item(entry, (Button(_("Look at it again"), action),))
    by = (entry.hidden,) if entry.hidden else ()
    return replace(item, lines=(*item.lines, _("Hidden: {reason}", reason=_REASONS[entry.reason]), *by))


def _turn(place: str, page: int, last: int) -> tuple[Button, ...]:
    ways = ((_("Earlier posts"), page - 1), (_("More posts"), page + 1))
    return tuple(
        Button(label, Action(buttons.MODERATE, f"{place}:{number}")) for label, number in ways if 1 <= number <= last
    )


# --- Deciding ---------------------------------------------------------------------------------------------------------


def why(entry: Entry, back: str) -> Card:
    """Which of the published reasons a post is hidden for; `back` is the list it stands in."""
    do = HIDE_REPLY if entry.replies_to else HIDE
    reasons = (Button(_REASONS[one], Action(do, f"{entry.token}:{one}")) for one in POLICY)
    told = _("The board says that a post was hidden, and why. Nobody is told who wrote it, nor who hid it.")
    if entry.replies_to:
        told = _("Those of the role see that an answer was not put up, and why. They do not see who decided it.")
    return Card(
        _("Why is it hidden?"),
        body=(
            entry.text,
            told,
            _("Criticism is no reason, and neither is that it has been said before."),
        ),
        buttons=(*reasons, Button(_("No, leave it"), Action(buttons.MODERATE, back))),
    )


def published(undo: str) -> Said:
    return Said((_("Published."),), undo)


def all_published(round: str, undo: Sequence[str], *, left: int) -> Said:
    """So many were published at once; `left` have changed or been decided about since they were seen."""
    told: list[Words] = [n_("{n} post was published.", "{n} posts were published.", len(undo))] if undo else []
    if left:
        told.append(n_("{n} post was left alone: it was no longer as you saw it.",
                       "{n} posts were left alone: they were no longer as you saw them.", left))  # fmt: skip
    return Said(
        tuple(told),
        " ".join((round, *undo)) if undo else "",
        UNDO_RELEASE_ALL,
        Tone.WARNING if left else Tone.GOOD,
    )


def published_masked(text: str) -> Said:
    """Nothing to undo: what was masked is not kept."""
    return Said((_("Published like this:"), text, _("What was masked is not kept.")))


def hidden(reason: str, undo: str) -> Said:
    return Said((_("Hidden: {reason}", reason=_REASONS[reason]),), undo)


def reply_put_aside(reason: str, again: str) -> Said:
    return Said((_("Hidden: {reason}", reason=_REASONS[reason]),), again, LOOK_AGAIN_AT_REPLY)


def hidden_by(name: str, at: datetime, zone: str) -> Words:
    """For coordinators only."""
    return _("By {name}, {when}", name=name, when=Moment(at, zone)) if name else Moment(at, zone)


def undone() -> Said:
    return Said((_("Undone."),))


def decided(by: str) -> Said:
    """Somebody else was first."""
    if not by:
        return Said((_("Somebody else has already decided about that post."),), tone=Tone.WARNING)
    return Said((_("{name} has already decided about that post.", name=by),), tone=Tone.WARNING)


def changed() -> Said:
    return Said((_("That post has changed meanwhile. Please look at it again."),), tone=Tone.WARNING)


def gone() -> Notice:
    return Notice(_("That post is no longer there."))
