"""One's own challenge: asked for, written, shown back, thought about after each meeting, and all of it on one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.conversation import Flow
from bot.domain.challenges import LONGEST, Challenge, Reflection, Thread, Version, Viewer, Visibility
from bot.domain.programmes import FactSheet, Occasion, Programme, local_day
from bot.domain.rules import Topic
from bot.domain.values import dataclass
from bot.domain.words import Day, Listed, Text, Words, _, n_
from bot.flows import buttons, occasions
from bot.messages import Action, Button, Card, ChoiceField, Fact, Form, Item, Option, TextField, Tone

CHALLENGE = "challenge"  # one's own; about a programme or nothing
WRITE = "write_challenge"  # about a programme
REFLECT = "reflect"  # about a programme and an occasion
THREAD = "challenge_thread"  # about a programme, and from which entry on

MOST = 5
"""Entries in one message; the others follow with "Show more"."""

MOST_VIEWERS = 40
"""Names in one message; the others are counted."""

SEEN_BY: Mapping[Visibility, Text] = {
    Visibility.ME: _("Only you"),
    Visibility.LEADERS: _("You and the programme leaders"),
    Visibility.GROUP: _("You, the programme leaders, and the participants who share theirs with the group"),
}
_OPTIONS = (
    Option(Visibility.ME, _("Only me"), _("Nobody else can open it.")),
    Option(Visibility.LEADERS, _("The programme leaders"), _("The participants do not see it.")),
    Option(
        Visibility.GROUP,
        _("The group"),
        _("The participants who share theirs with the group, and the leaders."),
    ),
)


def write(programme: str, label: Text | None = None, *, tone: Tone = Tone.PLAIN) -> Button:
    return Button(label or _("Change"), Action(WRITE, programme), tone=tone, opens_form=True)


def see(programme: str) -> Button:
    return Button(_("My challenge"), Action(CHALLENGE, programme))


def reflect(programme: str, occasion: str) -> Button:
    return Button(_("Write what you take with you"), Action(REFLECT, f"{programme} {occasion}"), opens_form=True)


def thread(programme: str) -> Button:
    return Button(_("Everything I have written"), Action(THREAD, programme))


def question(programme: Programme) -> Words:
    """What is asked, in the programme's own words if it has any."""
    return programme.challenge_question or _(
        "What are the great challenges where you are in the next few years, and what has to change?"
    )


# --- In reminders -----------------------------------------------------------------------------------------------------


def asked(programme: Programme, facts: FactSheet | None, *, again: bool) -> Card:
    """To a participant who has not written a challenge."""
    title = _("Your challenge is not written yet") if again else _("What do you want to work on?")
    sheet = (facts.about,) if facts is not None and facts.about else ()
    link = (Button(_("Facts about your organisation"), url=facts.url),) if facts is not None and facts.url else ()
    return Card(
        title,
        body=(
            question(programme),
            *sheet,
            _("Write it in a few sentences. I show it to you again before each meeting."),
            _("You choose who may see it. To begin with it is only you."),
        ),
        buttons=(write(programme.id, _("Write your challenge"), tone=Tone.PRIMARY), *link),
    )


def reminded(
    card: Card, topic: Topic, programme: Programme, occasion: Occasion | None, challenge: Challenge | None
) -> Card:
    """A participant's own reminder, with their challenge in it before a meeting, and room for their thoughts after."""
    if occasion is None:
        return card
    match topic:
        case Topic.PREPARATION | Topic.DAY_BEFORE if challenge is not None:
            own = (_("Your challenge, as you wrote it:"), challenge.newest.text)
            return replace(card, body=(*card.body, *own), buttons=(*card.buttons, see(programme.id)))
        case Topic.AFTERWARDS:
            asked_for = _("What do you take with you to your own challenge? What you write is for you alone.")
            is_last = _is_last(programme, occasion)
            ways = (reflect(programme.id, occasion.id), *((thread(programme.id),) if is_last else ()))
            kept = (_kept(programme, occasion),) if is_last else ()
            return replace(card, body=(*card.body, asked_for, *kept), buttons=(*ways, *card.buttons))
        case _:
            return card


def _kept(programme: Programme, last: Occasion) -> Text:
    """Until when there is time to download what one has written."""
    day = Day(local_day(last.ends_at + timedelta(days=programme.keep_names), programme.zone))
    return _("What you have written is kept until {day} at most. Download it before that.", day=day)


def _is_last(programme: Programme, occasion: Occasion) -> bool:
    return occasion == max((one for one in programme.occasions if not one.cancelled), key=lambda one: one.ends_at)


# --- One's own --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Own:
    """How somebody's challenge stands."""

    programme: Programme
    challenge: Challenge | None
    viewers: tuple[Viewer, ...] = ()
    takes_part: bool = True
    versions: int = 0
    to_reflect: Occasion | None = None  # the last meeting that they were at


ERASED = _("The edition is closed, and what you had written is erased.")


def _why_nothing(programme: Programme) -> Text:
    return ERASED if programme.closed is not None else _("You have not written it yet.")


def _nothing_there(programme: Programme) -> Text:
    return ERASED if programme.closed is not None else _("You have not written anything yet.")


def card(own: Own, *, ways: Sequence[Button] = ()) -> Card:
    """The challenge as it stands, for the one whose it is. `ways` lead on to others."""
    id = own.programme.id
    if own.challenge is None:
        new = (write(id, _("Write your challenge"), tone=Tone.PRIMARY),) if own.takes_part else ()
        body = (own.programme.title, question(own.programme), _why_nothing(own.programme))
        return Card(_("My challenge"), body=body, buttons=(*new, *_reflections(own), *ways))
    change = (write(id),) if own.takes_part else ()
    return Card(
        _("My challenge"),
        body=(own.programme.title, own.challenge.newest.text, *_earlier(own.versions)),
        facts=tuple(_who(own.challenge, own.viewers, own.programme, takes_part=own.takes_part)),
        buttons=(*change, *_reflections(own), thread(id), *ways),
    )


def _reflections(own: Own) -> tuple[Button, ...]:
    return (reflect(own.programme.id, own.to_reflect.id),) if own.to_reflect is not None else ()


def _earlier(versions: int) -> Iterator[Words]:
    if versions > 1:
        yield n_(
            "You have written it anew. {n} earlier version is kept, for you alone.",
            "You have written it anew. {n} earlier versions are kept, for you alone.",
            versions - 1,
        )


def _who(
    challenge: Challenge, viewers: Sequence[Viewer], programme: Programme, *, takes_part: bool = True
) -> Iterator[Fact]:
    chosen = SEEN_BY[challenge.visibility]
    if takes_part or challenge.visibility is Visibility.ME:
        yield Fact(_("Who may see it"), chosen)
    else:
        yield Fact(_("Who may see it"), _("Only you, as you no longer take part. When you do again: {who}", who=chosen))
    if viewers:
        yield Fact(_("Who has seen it"), _seen(viewers, challenge, programme))
    elif challenge.visibility is not Visibility.ME:
        yield Fact(_("Who has seen it"), _("Nobody yet"))


def _seen(viewers: Sequence[Viewer], challenge: Challenge, programme: Programme) -> Words:
    names = tuple(_viewer(one, challenge, programme) for one in viewers[:MOST_VIEWERS])
    more = len(viewers) - len(names)
    return Listed((*names, n_("{n} more", "{n} more", more)) if more else names)


def _viewer(viewer: Viewer, challenge: Challenge, programme: Programme) -> Text:
    name: Words = viewer.name or _("somebody without a name here")
    day = _day(viewer.seen_at, programme)
    if viewer.version < challenge.newest.number:
        return _("{name} ({day}, an earlier version)", name=name, day=day)
    return _("{name} ({day})", name=name, day=day)


def _day(moment: datetime, programme: Programme) -> Day:
    return Day(local_day(moment, programme.zone), short=True)


def choose(programmes: Sequence[Programme]) -> Card:
    """Somebody takes part in several programmes that ask for a challenge."""
    ways = tuple(Item(occasions.programme_name(one, programmes), buttons=(see(one.id),)) for one in programmes)
    return Card(_("My challenge"), body=(_("In which programme?"),), items=ways)


def nowhere(*, ways: Sequence[Button] = ()) -> Card:
    """None of somebody's programmes asks for one."""
    return Card(
        _("My challenge"),
        body=(_("None of your programmes asks for a challenge of your own."),),
        buttons=(*ways, buttons.ALL_PROGRAMMES),
    )


# --- Writing it -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered."""

    programme: str
    text: str = ""
    visibility: str = Visibility.ME.value


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at: the challenge as it stands, and who has seen it."""

    programme: Programme
    challenge: Challenge | None
    viewers: tuple[Viewer, ...] = ()
    leaders: int = 0
    sharing: int = 0  # other participants who share theirs with the group


class ChallengeDesk(Protocol):
    """What the flow acts through."""

    def keep(self, programme: str, text: str, visibility: Visibility) -> Challenge:
        """Let this be the person's challenge from now on."""


flow: Flow[Draft, Facts, ChallengeDesk] = Flow(WRITE, Draft, version=1)


@flow.ask("write")
def ask(draft: Draft, facts: Facts) -> Form:
    return Form(
        _("Your challenge"),
        (
            TextField("text", _("Challenge"), long=True, max_chars=LONGEST),
            ChoiceField("visibility", _("Who may see it?"), _OPTIONS),
        ),
        intro=(question(facts.programme),),
        submit=_("Save"),
    )


@flow.ask("widen")
def confirm(draft: Draft, facts: Facts) -> Form | None:
    """More people than before are let in only when that has been said once more."""
    before, now = facts.challenge, Visibility(draft.visibility)
    if before is None or not now.is_wider_than(before.visibility):
        return None
    return Form(
        _("Let more people see it?"),
        intro=(draft.text, _("What somebody has seen cannot be unseen. They see what you have written last.")),
        facts=(Fact(_("Until now"), SEEN_BY[before.visibility]), Fact(_("From now on"), _counted(now, facts))),
        submit=_("Let them see it"),
    )


def _counted(visibility: Visibility, facts: Facts) -> Words:
    leaders = n_("{n} programme leader", "{n} programme leaders", facts.leaders)
    if visibility is Visibility.LEADERS:
        return leaders
    others = n_(
        "{n} participant who shares, and those who come to", "{n} participants who share, and those who come to",
        facts.sharing,
    )  # fmt: skip
    return Listed((leaders, others))


@flow.on_done
def done(draft: Draft, facts: Facts, desk: ChallengeDesk) -> Card:
    before = facts.challenge
    kept = desk.keep(draft.programme, draft.text, Visibility(draft.visibility))
    narrowed = before is not None and before.visibility.is_wider_than(kept.visibility)
    return Card(
        _("Saved: your challenge"),
        body=(kept.newest.text, *(_cannot_be_unseen(facts.viewers) if narrowed else ())),
        facts=tuple(_who(kept, facts.viewers, facts.programme)),
        buttons=(see(draft.programme),),
        tone=Tone.GOOD,
    )


def _cannot_be_unseen(viewers: Sequence[Viewer]) -> Iterator[Words]:
    if viewers:
        yield _("From now on they cannot open it. What they have seen cannot be unseen.")
    else:
        yield _("Nobody had seen it before you changed who may.")


# --- After a meeting --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Thought:
    """What is being written after a meeting."""

    programme: str
    occasion: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the form looks at."""

    programme: Programme
    occasion: Occasion
    challenge: Challenge | None


class Diary(Protocol):
    """What the flow acts through."""

    def reflect(self, programme: str, occasion: str, text: str) -> None:
        """Keep what the person took with them, instead of what they wrote before."""


reflecting: Flow[Thought, Meeting, Diary] = Flow(REFLECT, Thought, version=1)


@reflecting.ask("write")
def ask_thought(thought: Thought, meeting: Meeting) -> Form:
    own = (_("Your challenge: {text}", text=meeting.challenge.newest.text),) if meeting.challenge is not None else ()
    label = _("What do you take with you, and what will you try at home?")
    return Form(
        _("After the meeting"),
        (TextField("text", label, _("Only you see this."), long=True, max_chars=LONGEST),),
        intro=(meeting.occasion.title, *own),
        submit=_("Save"),
    )


@reflecting.on_done
def keep_thought(thought: Thought, meeting: Meeting, diary: Diary) -> Card:
    diary.reflect(thought.programme, thought.occasion, thought.text)
    return Card(
        _("Saved, for you alone"),
        body=(meeting.occasion.title, thought.text),
        buttons=(thread(thought.programme), see(thought.programme)),
        tone=Tone.GOOD,
    )


# --- All of it --------------------------------------------------------------------------------------------------------


def page(programme: Programme, written: Thread, file: str, start: int = 0) -> Card:
    """Everything that somebody has written, in its order; `file` is the address of the same as a Word document."""
    entries = written.entries
    start = start if start < len(entries) else 0
    shown = entries[start : start + MOST]
    more = Button(_("Show more"), Action(THREAD, f"{programme.id}:{start + MOST}"))
    return Card(
        _("My thread through the programme"),
        body=(programme.title, _("Only you see this.") if entries else _nothing_there(programme)),
        items=tuple(Item(heading(one, programme), (one.text,)) for one in shown),
        buttons=(
            *((more,) if start + MOST < len(entries) else ()),
            *((Button(_("Download Word"), url=file, tone=Tone.PRIMARY),) if entries else ()),
            see(programme.id),
        ),
    )


def heading(entry: Version | Reflection, programme: Programme) -> Text:
    """What an entry is, and when it was written."""
    day = _day(entry.written_at, programme)
    if isinstance(entry, Version):
        return _("My challenge, version {n}, {day}", n=entry.number, day=day)
    titles = {one.id: one.title for one in programme.occasions}
    title = titles.get(entry.occasion)
    return _("After {title}, {day}", title=title, day=day) if title else _("After a meeting, {day}", day=day)
