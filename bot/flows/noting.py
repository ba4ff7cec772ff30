"""Group notes: the form they are written in, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from typing import Protocol

from bot.conversation import Flow
from bot.domain import notes
from bot.domain.notes import Texts
from bot.domain.refusals import FieldRefused
from bot.domain.rounds import LONGEST_POST, Area, Asked, Round
from bot.domain.values import dataclass
from bot.domain.words import Listed, Text, Words, _, n_
from bot.flows import buttons, rating
from bot.flows.groups import called_after
from bot.flows.guests import link_button
from bot.flows.note_taking import TAKE_OVER, hand_over
from bot.messages import Action, Button, Card, ChoiceField, Form, Item, Option, TextField, Tone

OUR_POSTS = "our_posts"  # about a round, a group and perhaps a page

ROOM = 3000
"""Characters of a field. The tightest platform, Slack, has room for no more in one."""

DRAFT = "draft"


# --- The form ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Notes:
    """What a note-taker has written in one window."""

    round: str
    group: str
    texts: Texts = field(default_factory=dict)
    begun: Texts = field(default_factory=dict)  # the part of the group's draft that the form began with
    more: bool = False  # the draft is longer than the form has room for
    later: tuple[str, ...] = ()  # `DRAFT` when it is not to be put up yet
    ratings: Texts = field(default_factory=dict)  # question → the value that was chosen
    rated: Texts = field(default_factory=dict)  # what stood on the board when the form was opened
    page: int = 0  # of the questions, where they take several forms

    @property
    def changed(self) -> Texts:
        """The ratings that say something else than the board did."""
        return {id: value for id, value in self.ratings.items() if value and value != self.rated.get(id, "")}


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """What the form looks at."""

    round: Round
    programme: Words  # its title: whoever is asked in two at once has to know for which they write
    group: Words  # its name
    box: Words  # the name of its box; empty for the box of everybody
    questions: tuple[Asked, ...]
    personal: Callable[[str], Collection[str]]  # the words of a text that may tell who somebody is
    caution: Words = ""  # what a small group has to know: that others can tell who of it has answered

    @property
    def pages(self) -> rating.Pages:
        return rating.pages(self.questions)


@dataclass(frozen=True, slots=True)
class PutUp:
    """What has become of the notes."""

    posts: Mapping[str, tuple[str, ...]]  # question → what stands on the board, or waits to; of a rating, its value
    held: int = 0


@dataclass(frozen=True, slots=True)
class NotPutUp:
    """Why the notes are not on the board; they are in the group's draft, and `texts` is what they say."""

    reason: Words
    texts: Texts
    ways: tuple[Button, ...] = ()


class NoteDesk(Protocol):
    """What the form acts through, on behalf of one person."""

    def keep(self, written: Notes) -> None:
        """Keep what is written as the group's draft."""

    def put_up(self, written: Notes) -> PutUp | NotPutUp:
        """Put the lines on the board, or keep them as the group's draft when that is not possible any more."""


noting: Flow[Notes, NoteFacts, NoteDesk] = Flow("noting", Notes, version=1)


@noting.ask("notes")
def ask_notes(state: Notes, facts: NoteFacts) -> Form:
    return Form(
        _("Notes of {group}", group=facts.group),
        (*question_fields(_page(state, facts), facts.round.areas), _later_field()),
        submit=_("Send"),
        intro=(*intro(facts, more=state.more), *rating.supplied(_page(state, facts)), *_part(state, facts)),
    )


def _page(state: Notes, facts: NoteFacts) -> tuple[Asked, ...]:
    return facts.pages[min(state.page, len(facts.pages) - 1)]


def _part(state: Notes, facts: NoteFacts) -> Iterator[Words]:
    if len(facts.pages) > 1:
        yield _("Part {n} of {all}.", n=state.page + 1, all=len(facts.pages))
        yield _("What you send is on the board. So you can stop in between and go on another day.")


def intro(facts: NoteFacts, *, more: bool = False) -> Iterator[Words]:
    """What is asked, and what becomes of what is written, said before."""
    yield _("{round} · {programme}", round=facts.round.title, programme=facts.programme)
    if facts.round.intro:
        yield facts.round.intro
    if any(not asked.scale for asked in facts.questions):
        yield _("One line is one post.")
    if any(asked.scale for asked in facts.questions):
        yield _("Choose the ratings that the group has agreed on. You can change them until the round closes.")
    if facts.box:
        yield _("The posts come into this box: {box}.", box=facts.box)
    if facts.round.moderated:
        yield _("A coordinator looks at them before the board shows them.")
    else:
        yield _("The board shows them at once.")
    if facts.round.signed:
        yield _("They say that {group} wrote them. No person’s name is shown.", group=facts.group)
    elif called_after(facts.group, facts.box):
        yield _("The box says who you are as a group. No person’s name is shown.")
    else:
        yield _(
            "The group is the author: on the board neither its name nor any person’s is shown. Whoever leads can "
            "download what each group has written."
        )
    if facts.caution:
        yield facts.caution
    if more:
        yield _("Your draft is longer than there is room for here. The rest of it comes next time.")


def question_fields(questions: Iterable[Asked], areas: Iterable[Area] = ()) -> Iterator[TextField | ChoiceField]:
    for asked, label in rating.labels(questions, areas):
        if asked.scale is not None:
            yield rating.field(field_name(asked), label, asked.scale, hint=asked.help)
        else:
            yield TextField(field_name(asked), label, asked.help, required=False, long=True, max_chars=ROOM)


def field_name(asked: Asked) -> str:
    return f"{'ratings' if asked.scale else 'texts'}.{asked.id}"


def _later_field() -> ChoiceField:
    draft = Option(DRAFT, _("Save as a draft, do not put it up yet"))
    return ChoiceField("later", _("Not finished?"), (draft,), required=False, many=True)


@noting.check("notes")
def check_notes(state: Notes, facts: NoteFacts) -> Notes:
    if state.later:
        return state
    asked_now = _page(state, facts)
    if not any(notes.posts_in(text) for text in state.texts.values()) and not any(state.ratings.values()):
        raise FieldRefused(field_name(asked_now[0]), _nothing_given(asked_now))
    _check_lengths({f"texts.{asked.id}": state.texts.get(asked.id, "") for asked in facts.questions})
    return state


def _nothing_given(questions: Iterable[Asked]) -> Text:
    if all(asked.scale for asked in questions):
        return _("Choose a rating for at least one of the statements.")
    return _("Write at least one line, under any of the questions.")


def _check_lengths(texts: Mapping[str, str]) -> None:
    """Refuse lines that are longer than a post may be, and say which: the first one of each field."""
    lines = ((name, line) for name, text in texts.items() for line in reversed(notes.posts_in(text)))
    refused = {name: too_long(line) for name, line in lines if len(line) > LONGEST_POST}
    if refused:
        name = next(iter(refused))
        raise FieldRefused(name, refused[name], refused)


def too_long(line: str) -> Text:
    return _(
        "This line has {n} characters, and a post has room for {most}. Divide it into several lines: {beginning} …",
        n=len(line),
        most=LONGEST_POST,
        beginning=line[:40],
    )


@noting.ask("look")
def ask_again(state: Notes, facts: NoteFacts) -> Form | None:
    """Once, when something may tell who somebody is: the same form, and the words."""
    found = () if state.later else tuple(personal(state, facts))
    if not found:
        return None
    return Form(
        _("Could this point to somebody?"),
        tuple(question_fields(_page(state, facts), facts.round.areas)),
        submit=_("Send"),
        intro=personal_words(found),
    )


def personal_words(found: Sequence[str]) -> tuple[Words, ...]:
    """What may tell who somebody is, and what one can do about it."""
    return (
        _("I found this: {words}.", words=Listed(tuple(dict.fromkeys(found)))),
        _("Change it here, or send it as it is. What still points to somebody waits until a coordinator has looked."),
    )


def personal(state: Notes, facts: NoteFacts) -> Iterator[str]:
    """The words that may tell who somebody is: each once, in the order of the questions."""
    found = (word for asked in facts.questions for word in facts.personal(state.texts.get(asked.id, "")))
    yield from dict.fromkeys(found)


@noting.on_reaching("look")
def keep_meanwhile(state: Notes, facts: NoteFacts, desk: NoteDesk) -> Notes:
    """Whoever closes the window here finds in the group's draft what was sent."""
    desk.keep(state)
    return replace(state, begun=state.texts)


@noting.check("look")
def check_again(state: Notes, facts: NoteFacts) -> Notes:
    return check_notes(state, facts)


@noting.on_done
def done_noting(state: Notes, facts: NoteFacts, desk: NoteDesk) -> Card:
    if state.later:
        desk.keep(state)
        return kept(state, facts)
    match desk.put_up(state):
        case PutUp() as put_up:
            return written(put_up, state, facts)
        case NotPutUp() as refused:
            return not_written(refused, facts)


# --- Afterwards -------------------------------------------------------------------------------------------------------


def kept(state: Notes, facts: NoteFacts) -> Card:
    return Card(
        _("The draft is saved"),
        body=(_("Nothing is on the board yet. Go on whenever you like; whoever takes over finds it too."),),
        buttons=(
            buttons.take_notes(state.round, state.group, label=_("Go on writing"), page=state.page),
            hand_over(facts.round, state.group),
            link_button(state.round, state.group),
        ),
        tone=Tone.GOOD,
    )


def written(put_up: PutUp, state: Notes, facts: NoteFacts) -> Card:
    """What was put up, question by question, and what can still be done about it."""
    more = _more(state, facts)
    if not put_up.posts:
        return Card(done(put_up, facts), buttons=(more, buttons.open_board(state.round)))
    if only_rated(put_up, facts):
        return _rated(put_up, state, facts)
    return Card(
        done(put_up, facts),
        body=also_held(put_up),
        items=receipt(put_up, facts),
        buttons=(
            more,
            buttons.open_board(state.round),
            change_posts(state.round, state.group),
            link_button(state.round, state.group),
        ),
        tone=Tone.GOOD,
        footnote=_("Within ten minutes you can move a post. Until the round closes you can change it or take it away."),
    )


def done(put_up: PutUp, facts: NoteFacts) -> Text:
    """What has become of it, as a heading."""
    many = sum(map(len, put_up.posts.values()))
    if not many:
        return _("All of it is on the board already")
    if only_rated(put_up, facts):
        return n_("{n} rating is saved", "{n} ratings are saved", many)
    if put_up.held == many:
        return _("Sent: a coordinator looks at it first")
    return n_("{n} post is on the board", "{n} posts are on the board", many - put_up.held)


def only_rated(put_up: PutUp, facts: NoteFacts) -> bool:
    return all(asked.scale for asked in facts.questions if asked.id in put_up.posts)


def also_held(put_up: PutUp) -> tuple[Text, ...]:
    """That some of it waits, where it is not all."""
    some = 0 < put_up.held < sum(map(len, put_up.posts.values()))
    return (held(put_up.held),) if some else ()


def _rated(put_up: PutUp, state: Notes, facts: NoteFacts) -> Card:
    """Of a form in which nothing but ratings was given."""
    return Card(
        done(put_up, facts),
        items=tuple(by_question(facts.questions, put_up.posts)),
        buttons=(
            _more(state, facts),
            buttons.open_board(state.round),
            link_button(state.round, state.group),
        ),
        tone=Tone.GOOD,
    )


def _more(state: Notes, facts: NoteFacts) -> Button:
    """The way on: to the next part, or to more of the same."""
    if len(facts.pages) == 1:
        return buttons.take_notes(state.round, state.group, label=_("Take more notes"))
    if state.page + 1 < len(facts.pages):
        label = _("Go on to part {n} of {all}", n=state.page + 2, all=len(facts.pages))
        return buttons.take_notes(state.round, state.group, label=label, page=state.page + 1)
    return buttons.take_notes(state.round, state.group, label=_("Begin again from part 1"), page=0)


def change_posts(round: str, group: str) -> Button:
    return Button(_("Change or move"), Action(OUR_POSTS, f"{round} {group}"))


def held(n: int) -> Text:
    return n_("{n} post waits until a coordinator has looked.", "{n} posts wait until a coordinator has looked.", n)


def by_question(
    questions: Sequence[Asked], posts: Mapping[str, Sequence[str]], mark: Callable[[str], Words] | None = None
) -> Iterator[Item]:
    """The lines under what was asked, perhaps marked; of what was rated, the rating in words."""
    for asked in questions:
        lines = tuple(posts.get(asked.id, ()))
        if lines:
            scale = asked.scale
            say = mark if scale is None else partial(rating.said, scale=scale)
            yield Item(asked.text, tuple(map(say, lines)) if say else lines)


def receipt(put_up: PutUp, facts: NoteFacts) -> tuple[Item, ...]:
    """What was put up under what was asked, and by what waits, why."""
    mark = partial(_marked, facts) if put_up.held else None
    return tuple(by_question(facts.questions, put_up.posts, mark))


def _marked(facts: NoteFacts, post: str) -> Words:
    found = tuple(dict.fromkeys(facts.personal(post)))
    if not found:
        return post
    words = Listed(found)
    return _("{post} (waits for a coordinator, since it may point to somebody: {words})", post=post, words=words)


def not_written(refused: NotPutUp, facts: NoteFacts) -> Card:
    """Nothing is on the board, and not a word is lost."""
    return Card(
        _("Not put up, but kept"),
        body=(refused.reason, _("This is what you have written:")),
        items=_lines(facts.questions, refused.texts),
        buttons=refused.ways,
        tone=Tone.WARNING,
    )


def not_put_up_in_time(round: Round, questions: Sequence[Asked], draft: Mapping[str, str]) -> Card:
    """A group's draft in a round that is over: nobody else sees it, and here it can still be read."""
    return Card(
        _("This round is closed"),
        body=(round.title, _("Your group’s draft was not put up before that. This is what it says:")),
        items=_lines(questions, draft),
        buttons=(buttons.open_board(round.id),),
        tone=Tone.WARNING,
    )


def _lines(questions: Sequence[Asked], texts: Mapping[str, str]) -> tuple[Item, ...]:
    return tuple(by_question(questions, {question: notes.posts_in(text) for question, text in texts.items() if text}))


def closed_meanwhile(round: Round) -> tuple[Text, tuple[Button, ...]]:
    return _("The round was closed while you were writing."), (buttons.open_board(round.id),)


def left_meanwhile(group: Words) -> Text:
    return _("You have left {group}. It is in the group’s draft.", group=group)


def taken_meanwhile(name: Words, round: Round, group: str) -> tuple[Text, tuple[Button, ...]]:
    over = Button(_("Take over"), Action(TAKE_OVER, f"{round.id} {group}"), opens_form=True)
    reason = _("{name} took over while you were writing. It is in the group’s draft, where {name} finds it.", name=name)
    return reason, (over,)
