"""Putting questions to the groups: which ones, to whom and when; shown exactly as each group reads them, then asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from bot.conversation import Flow
from bot.domain.programmes import Programme, local_day
from bot.domain.refusals import FieldRefused, Refusal, both
from bot.domain.rounds import (
    LEAST_PEOPLE,
    LONGEST_QUESTION,
    MOST_ASKED,
    Mode,
    Round,
    asked_characters,
)
from bot.domain.words import Listed, Moment, Text, Words, _, n_
from bot.domain.workdays import Whereabouts, is_polite
from bot.flows import buttons, guests, holidays, moments, occasions, prompts, rating
from bot.flows import round_drafts as drafts
from bot.flows.groups import too_few
from bot.flows.round_drafts import NO, OWN, YES, Draft, Facts, Reach, repeated, wanted
from bot.messages import (
    Answer,
    Card,
    ChoiceField,
    Fact,
    Field,
    Form,
    Item,
    Notice,
    NumberField,
    Option,
    TextField,
    View,
)

ASK = buttons.ASK

MOST_OWN = 3  # questions; more belong into the programme file
LONGEST_TITLE = 60
_MOST_PEOPLE = 500
_NAMED_CHANNELS = 12
_OFFERED_ROUNDS = 5
_KNOWN = ("{role}", "{others}")
_PLACEHOLDER = re.compile(r"\{[^\W\d_]+\}")


class AlreadyAsked(Refusal):
    """Somebody has asked the same meanwhile."""


class AskingDesk(Protocol):
    """What the flow acts through."""

    def ask(self, wanted: Round, *, seen: tuple[str, ...]) -> Round:
        """Open the round, or plan it. Raises `AlreadyAsked` when another one asks the same and was not `seen`."""


flow: Flow[Draft, Facts, AskingDesk] = Flow(ASK, Draft, version=1)


# --- Which questions --------------------------------------------------------------------------------------------------


@flow.ask("source")
def ask_source(draft: Draft, facts: Facts) -> Form | None:
    options = tuple(_sources(facts))
    if draft.preset or len(options) == 1:
        return None
    return Form(
        _("Ask questions"),
        (ChoiceField("source", _("Which questions?"), options),),
        intro=(facts.programme.title,),
    )


def _sources(facts: Facts) -> Iterator[Option]:
    for one in facts.programme.question_sets:
        yield Option(f"{drafts.SET}:{one.id}", one.title, _numbered(len(one.questions)))
    for earlier in facts.rounds[:_OFFERED_ROUNDS]:
        day = Moment(earlier.opens_at, facts.programme.zone)
        yield Option(f"{drafts.ROUND}:{earlier.id}", _("Again: {title}", title=earlier.title), day)
    yield Option(OWN, _("My own questions"))


def _numbered(questions: int) -> Text:
    return n_("{n} question", "{n} questions", questions)


@flow.check("source")
def take_source(draft: Draft, facts: Facts) -> Draft:
    return replace(draft, touched=False, again="", seen=())


# --- One's own --------------------------------------------------------------------------------------------------------


def _is_own(draft: Draft, facts: Facts) -> bool:
    return draft.source == OWN or (not draft.source and len(tuple(_sources(facts))) == 1)


@flow.ask("own")
def ask_own(draft: Draft, facts: Facts) -> Form | None:
    if not _is_own(draft, facts):
        return None
    return Form(_("My own questions"), tuple(_own_fields(facts)), intro=tuple(_how_to_write(facts)))


def _how_to_write(facts: Facts) -> Iterator[Words]:
    yield _("Up to three questions, one on each line.")
    if facts.programme.role_groups:
        yield _("Write {role} where the group’s own name should go, and {others} for the other groups.",
                role="{role}", others="{others}")  # fmt: skip


def _own_fields(facts: Facts) -> Iterator[Field]:
    yield TextField("title", _("Heading"), max_chars=LONGEST_TITLE)
    most = MOST_OWN * (LONGEST_QUESTION + 1)
    yield TextField("questions", _("Questions"), long=True, max_chars=most)
    yield ChoiceField("mode", _("How do people answer?"), tuple(_modes()))
    if len(facts.programme.role_groups) > 1:
        split = (
            Option(drafts.SPLIT, _("A box for each role group")),
            Option(drafts.TOGETHER, _("One box for everybody")),
        )
        yield ChoiceField("split", _("On the board"), split)
    look = (Option(NO, _("Show posts at once")), Option(YES, _("A coordinator reads each post first")))
    yield ChoiceField("look", _("Before posts are shown"), look)


def _modes() -> Iterator[Option]:
    yield Option(Mode.NOTES.value, _("Group notes"), _("Somebody takes notes for the group."))
    yield Option(Mode.SEALED.value, _("Each for themselves"), _("Sealed: nobody can find out who answered what."))


@flow.check("own")
def check_own(draft: Draft, facts: Facts) -> Draft:
    lines = drafts.lines(draft)
    if not lines:
        raise FieldRefused("questions", _("Please write at least one question."))
    if len(lines) > MOST_OWN:
        raise FieldRefused("questions", _("At most three questions, please: one on each line."))
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_QUESTION:
            reason = _("Please shorten question {number}: it has {n} characters, and there is room for {most}.",
                       number=number, n=len(line), most=LONGEST_QUESTION)  # fmt: skip
            raise FieldRefused("questions", reason)
    unknown = next((found for line in lines for found in _PLACEHOLDER.findall(line) if found not in _KNOWN), "")
    if unknown:
        raise FieldRefused(
            "questions",
            _("I do not know {what}: write {role} or {others}.", what=unknown, role="{role}", others="{others}"),
        )
    if not drafts.splits(draft, facts) and any("{role}" in line for line in lines):
        raise FieldRefused("questions", _("{role} needs a box for each role group.", role="{role}"))
    if asked_characters(drafts.entire(draft, facts).boxes) > MOST_ASKED:
        raise FieldRefused("questions", _("Please shorten the questions: with all role groups they get too long."))
    return replace(draft, touched=False, again="", seen=())


# --- To whom, and when ------------------------------------------------------------------------------------------------


@flow.ask("details")
def ask_details(draft: Draft, facts: Facts) -> Form:
    whole = drafts.entire(draft, facts)
    offered: dict[str, Answer] = {"threshold": str(whole.threshold)}
    if drafts.has_choice(whole):
        offered["roles"] = tuple(box.role for box in whole.boxes)
    return Form(
        whole.title,
        tuple(_detail_fields(whole)),
        submit=_("Preview"),
        intro=(_mode(whole), _("Leave the times empty to ask now and close it yourself.")),
        values={} if draft.touched else offered,
    )


def _mode(whole: Round) -> Text:
    if whole.mode is Mode.SEALED:
        return _("Each person answers for themselves, sealed. Answers are shown when the round has closed.")
    if whole.moderated:
        return _("Group notes: somebody takes notes for the group, and a coordinator reads each post first.")
    return _("Group notes: somebody takes notes for the group, and what they write is shown at once.")


def _detail_fields(whole: Round) -> Iterator[Field]:
    if drafts.has_choice(whole):
        options = tuple(Option(box.role, box.name, _numbered(len(box.questions))) for box in whole.boxes)
        yield ChoiceField("roles", _("Who is asked?"), options, many=True)
    day_hint = _("For example tomorrow, 20 May or 2027-05-20")
    yield from moments.fields("opens", _("Opens, day"), _("Opens, time"), hint=day_hint)
    yield from moments.fields("closes", _("Closes, day"), _("Closes, time"), hint=day_hint)
    if whole.mode is Mode.SEALED:
        hint = _("With fewer answers in a box, nothing of it is ever shown.")
        yield NumberField("threshold", _("Least number of answers"), hint, least=LEAST_PEOPLE, most=_MOST_PEOPLE)


@flow.check("details")
def check_details(draft: Draft, facts: Facts) -> Draft:
    zone = facts.programme.zone
    both(lambda: _check_opens(draft, facts), lambda: _check_closes(draft, facts))
    new = wanted(draft, facts)
    if new.closes_at is not None and new.closes_at <= new.opens_at:
        raise FieldRefused("closes_at" if draft.closes_at else "closes_day", _("It has to close after it has opened."))
    if new.mode is Mode.SEALED:
        _check_enough_people(new, facts)
    opens_day, closes_day = (
        moments.pinned(one, facts.now, zone) for one in (drafts.opens(draft), drafts.closes(draft))
    )
    return replace(draft, opens_day=opens_day, closes_day=closes_day, touched=True, again="", seen=())


def _check_opens(draft: Draft, facts: Facts) -> None:
    written = drafts.opens(draft)
    moments.check_ahead(moments.begins(written, facts.now, facts.programme.zone), written, facts.now)


def _check_closes(draft: Draft, facts: Facts) -> None:
    written = drafts.closes(draft)
    moments.check_ahead(moments.ends(written, facts.now, facts.programme.zone), written, facts.now)


def _check_enough_people(new: Round, facts: Facts) -> None:
    """A sealed box that could never be shown is not opened. Of a planned one nobody knows yet."""
    if new.opens_at > facts.now:
        return
    for box in new.boxes:
        there = facts.eligible(new, box)
        if there < new.threshold:
            reason = n_(
                "{box}: {n} person can answer, and {least} are needed before anything is shown.",
                "{box}: {n} people can answer, and {least} are needed before anything is shown.",
                there,
                box=prompts.box_name(box),
                least=new.threshold,
            )
            remedy = _remedy(there, has_others=len(new.boxes) > 1)
            raise FieldRefused("threshold", _("{reason} {what_to_do}", reason=reason, what_to_do=remedy))


def _remedy(there: int, *, has_others: bool) -> Text:
    """What a coordinator can do when too few can answer."""
    if there >= LEAST_PEOPLE:
        return _("Choose {n} here, or let more people join first: they write “group” to me.", n=there)
    if has_others:
        return _("Let more people join first: they write “group” to me. Or leave this role out.")
    return _("Let more people join first: they register, or write “group” to me.")


# --- Preview ----------------------------------------------------------------------------------------------------------


@flow.ask("preview")
def ask_preview(draft: Draft, facts: Facts) -> Form:
    new = wanted(draft, facts)
    same, reach = repeated(new, facts.rounds), facts.reach(new)
    return Form(
        _("Preview"),
        _again_field() if same else (),
        submit=_("Ask questions") if new.opens_at <= facts.now else _("Plan questions"),
        intro=tuple(_preview_intro(new, same, reach, facts)),
        facts=(*_times(new, facts), *_who(new, reach, facts)),
        items=tuple(_as_read(new)),
    )


def _again_field() -> tuple[Field, ...]:
    options = (Option(NO, _("No, leave it")), Option(YES, _("Yes, ask again")))
    return (ChoiceField("again", _("Ask again?"), options),)


def _preview_intro(new: Round, same: tuple[Round, ...], reach: Reach, facts: Facts) -> Iterator[Words]:
    yield _("{title} ({version})", title=new.title, version=new.set_version) if new.set_version else new.title
    if new.intro:
        yield new.intro
    yield _mode(new)
    if new.signed:
        yield _("The board says which group has written what.")
    for group, members in reach.small:
        yield too_few(group, members)
    yield _("This cannot be changed once the questions have been asked.")
    for one in same:
        yield _("The same questions are out already: {title}, {opened}.",
                title=one.title, opened=Moment(one.opens_at, facts.programme.zone))  # fmt: skip
    if new.opens_at > facts.now and not is_polite(new.opens_at, Whereabouts.of(facts.programme.zone)):
        yield _("Note: it opens outside working hours, and people are written to at once.")
    day = local_day(new.opens_at, facts.programme.zone)
    yield from holidays.of_the_asked(day, facts.programme, reach.working_in, ahead=new.opens_at > facts.now)


def _as_read(new: Round) -> Iterator[Item]:
    """Every box with its questions, word for word, and what their scales mean."""
    for box in new.boxes:
        read = [prompts.asked(question, text) for question, text in rating.labels(box.questions, new.areas)]
        numbered = (_("{number}. {question}", number=n, question=one) for n, one in enumerate(read, 1))
        yield Item(prompts.box_name(box), tuple(numbered if len(read) > 1 else read))
    scales = tuple(map(rating.ends, rating.scales(new)))
    if scales:
        yield Item(_("Scale"), scales)


def _times(new: Round, facts: Facts) -> Iterator[Fact]:
    zone = facts.programme.zone
    now = new.opens_at <= facts.now
    yield Fact(_("Opens"), _("Now") if now else Moment(new.opens_at, zone))
    yield Fact(_("Closes"), Moment(new.closes_at, zone) if new.closes_at else _("When you close it"))
    if new.mode is Mode.SEALED:
        yield Fact(_("Least number of answers"), str(new.threshold))
    if new.votes:
        yield Fact(_("Votes on the board"), n_("{n} for each person", "{n} for each person", new.votes))
    if new.mail_to:
        yield Fact(_("Documents are mailed to"), new.mail_to)


def _who(new: Round, reach: Reach, facts: Facts) -> Iterator[Fact]:
    for box in new.boxes:
        people = guests.counted(reach.people.get(box.role, 0), reach.guests.get(box.role, 0))
        count = reach.groups.get(box.role, 0)
        in_groups = n_("{people} in {n} group", "{people} in {n} groups", count, people=people)
        yield Fact(_("Goes to: {box}", box=prompts.box_name(box)), in_groups if box.role else people)
    if reach.ungrouped:
        asked = n_("{n} person, asked to choose one", "{n} people, asked to choose one", reach.ungrouped)
        yield Fact(_("Have not chosen a group"), asked)
    if reach.silent:
        silent = n_("{n} person wants no messages", "{n} people want no messages", reach.silent)
        yield Fact(_("Do not get it"), silent)
    if reach.unreached:
        people = n_("{n} person: write to them yourself", "{n} people: write to them yourself", reach.unreached)
        yield Fact(_("Cannot be reached"), people)
    if sum(reach.guests.values()):
        yield Fact(_("Guests"), _("Answer by the link that each of them has got from you"))
    yield Fact(_("Channels"), _channels(reach.channels))


def _channels(names: tuple[Words, ...]) -> Words:
    if not names:
        return _("None")
    rest = len(names) - _NAMED_CHANNELS
    more = (n_("{n} more", "{n} more", rest),) if rest > 0 else ()
    return Listed((*names[:_NAMED_CHANNELS], *more))


@flow.check("preview")
def check_preview(draft: Draft, facts: Facts) -> Draft:
    return replace(draft, seen=tuple(one.id for one in repeated(wanted(draft, facts), facts.rounds)))


# --- Done -------------------------------------------------------------------------------------------------------------

flow.rescue(AlreadyAsked, back_to="preview")
flow.rescue(Refusal, back_to="details")


@flow.on_done
def done(draft: Draft, facts: Facts, desk: AskingDesk) -> View:
    if draft.again == NO:
        return Notice(_("Nothing was asked. The questions that were out stay as they are."))
    new = wanted(draft, facts)
    if new.closes_at is not None and new.closes_at <= facts.now:
        raise Refusal(_("The time to close has passed meanwhile. Please write another one."))
    return prompts.opened(desk.ask(new, seen=draft.seen), facts.programme)


def already_asked(same: Round, zone: str) -> AlreadyAsked:
    """The refusal of whoever asks what somebody has asked a moment before."""
    opened = Moment(same.opens_at, zone)
    return AlreadyAsked(_("The same questions are out already: {title}, {opened}.", title=same.title, opened=opened))


def choose(programmes: tuple[Programme, ...]) -> Card:
    """Which programme the questions are about."""
    return Card(
        _("Ask questions"),
        body=() if programmes else (_("There is no programme yet."),),
        items=tuple(
            Item(occasions.programme_name(one, programmes), buttons=(prompts.ask_button(one.id),)) for one in programmes
        ),
    )
