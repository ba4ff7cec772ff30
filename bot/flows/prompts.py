"""What people are sent of a round: the questions in their own wording, a word before it closes, and that it is over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from bot.domain.programmes import Programme
from bot.domain.rounds import Asked, Box, Mode, Round, State
from bot.domain.values import dataclass
from bot.domain.words import Clock, Listed, Localised, Moment, Text, Words, _, n_
from bot.flows import buttons, rating, voting
from bot.messages import Action, Button, Card, Fact, Item, Tone

UNDO_ROUND = "undo_round"
CLOSE_ROUND = "close_round"

RUNNING = frozenset({State.PLANNED, State.OPEN})


@dataclass(frozen=True, slots=True)
class Part:
    """A box as one reader is asked it: with the questions that are for them."""

    name: Localised
    questions: tuple[Asked, ...]


def box_name(box: Box) -> Words:
    return box.name if box.role else _("Everybody")


def asked(question: Asked, text: Words = "") -> Words:
    """The question, or what is said in its place, and whom it is for where that is not everybody."""
    if not question.organisations:
        return text or question.text
    whom = Listed(question.whom or question.organisations)
    return _("{question} (only for: {whom})", question=text or question.text, whom=whom)


# --- Buttons ----------------------------------------------------------------------------------------------------------


def ask_button(programme: str) -> Button:
    return Button(_("Ask questions"), Action(buttons.ASK, programme), opens_form=True)


def status_button(about: Round) -> Button:
    return Button(_("How it stands"), Action(buttons.ROUND, about.id))


def undo_button(about: Round) -> Button:
    return Button(_("Undo"), Action(UNDO_ROUND, about.id))


def close_button(about: Round) -> Button:
    return Button(_("Close the round"), Action(CLOSE_ROUND, about.id), tone=Tone.DANGER)


def _ways(about: Round, group: str = "") -> tuple[Button, ...]:
    if about.mode is Mode.SEALED:
        return (buttons.answer_sealed(about.id),)
    return (buttons.take_notes(about.id, group), buttons.open_board(about.id), *voting.button(about))


# --- The questions ----------------------------------------------------------------------------------------------------


def prompt(about: Round, programme: Programme, parts: Iterable[Part], *, group: str = "") -> Card:
    """The questions as a person, or the channel of a discussion group, reads them; `group` is that group's id."""
    shown = tuple(parts)
    return Card(
        about.title,
        body=tuple(_opening(about, programme)),
        items=tuple(_item(part, about) for part in shown),
        buttons=_ways(about, group),
    )


def _opening(about: Round, programme: Programme) -> Iterator[Words]:
    yield programme.title
    if about.intro:
        yield about.intro
    yield _promise(about)
    if about.closes_at is not None:
        yield _("Closes {time}.", time=Moment(about.closes_at, programme.zone))


def _promise(about: Round) -> Text:
    """What becomes of what is written, in short; the form says it in full."""
    if about.mode is Mode.SEALED:
        return n_(
            "You answer for yourself, and nobody can find out who wrote what. Shown only if at least {n} answers.",
            "You answer for yourself, and nobody can find out who wrote what. Shown only if at least {n} answer.",
            about.threshold,
        )
    if about.moderated and about.signed:
        return _(
            "One of you takes notes for the group. A coordinator reads each post before it is shown on the board "
            "with the group’s name."
        )
    if about.moderated:
        return _("One of you takes notes for the group. A coordinator reads each post before it is shown.")
    if about.signed:
        return _("One of you takes notes for the group. What you write is shown on the board with the group’s name.")
    return _("One of you takes notes for the group. What you write is shown on the board at once, without names.")


def _item(part: Part, about: Round) -> Item:
    """The questions under the group's name, numbered where there are several; of what is rated, how much it is."""
    questions = tuple(one for one in part.questions if one.scale is None)
    several = len(questions) > 1
    lines = tuple(
        _("{number}. {question}", number=n, question=asked(q)) if several else asked(q)
        for n, q in enumerate(questions, 1)
    )
    rated = rating.summary(part.questions, about.areas)
    return Item(part.name or _("Questions"), (*lines, rated) if rated is not None else lines)


def _who_writes(about: Round, writer: Words | None) -> Text:
    if writer is None:
        return _promise(about)  # one of them does, as soon as somebody presses the button
    return _("{name} writes for all of you.", name=writer) if writer else _("You write for everybody.")


def agree(about: Round, programme: Programme, parts: Iterable[Part], *, writer: Words | None) -> Card:
    """The questions that everybody answers together.

    `writer` is who writes, empty for the reader themselves; None while nobody does.
    """
    return Card(
        about.title,
        body=(
            programme.title,
            *((about.intro,) if about.intro else ()),
            _("You agree all together."),
            _who_writes(about, writer),
        ),
        items=tuple(_item(part, about) for part in parts),
        buttons=(
            buttons.open_board(about.id),
            Button(_("Write instead"), Action(buttons.NOTE, about.id)) if writer else buttons.take_notes(about.id),
        ),
    )


def choose_group(about: Round, programme: Programme) -> Card:
    """To somebody who takes part and has not said which group they belong to."""
    way = buttons.answer_sealed(about.id) if about.mode is Mode.SEALED else buttons.take_notes(about.id)
    return Card(
        about.title,
        body=(
            programme.title,
            _("There are questions for your group. Which group do you belong to?"),
            _("Press the button and choose. You then see the questions for your role."),
        ),
        buttons=(Button(_("Choose group"), way.action, tone=Tone.PRIMARY, opens_form=way.opens_form),),
    )


# --- Before it closes -------------------------------------------------------------------------------------------------


def last_days(about: Round, programme: Programme) -> Card:
    """To everybody who may answer for themselves: nobody knows who has."""
    return Card(
        _("Closes soon: {title}", title=about.title),
        body=(
            programme.title,
            *_closing(about, programme),
            _("If you have answered already, you need not do anything: I cannot see who has."),
        ),
        buttons=(buttons.answer_sealed(about.id), buttons.pause(programme.id)),
        footnote=_why(programme),
    )


def nothing_written(about: Round, programme: Programme, group: str, name: Words = "") -> Card:
    """To a group that has put nothing on the board: its note-taker, or all of it; `name` is its own, if it has one."""
    return Card(
        _("Your group’s notes: {title}", title=about.title),
        body=(
            programme.title,
            _("Your group has not written anything on the board yet. A few lines are enough."),
            *_closing(about, programme),
        ),
        facts=(Fact(_("Group"), name),) if name else (),
        buttons=(buttons.take_notes(about.id, group), buttons.open_board(about.id), buttons.pause(programme.id)),
        footnote=_why(programme),
    )


def _why(programme: Programme) -> Text:
    return _("You get this because you take part in {title}.", title=programme.title)


def _closing(about: Round, programme: Programme) -> Iterator[Words]:
    if about.closes_at is not None:
        yield _("Closes {time}.", time=Moment(about.closes_at, programme.zone))


# --- For the one who asked --------------------------------------------------------------------------------------------


def opened(about: Round, programme: Programme) -> Card:
    """The receipt, with the way back."""
    if about.state is State.PLANNED:
        when = Moment(about.opens_at, programme.zone)
        return Card(
            _("Planned: {title}", title=about.title),
            body=(programme.title, _("The questions go out {time}. Until then you can undo it.", time=when)),
            buttons=(undo_button(about), status_button(about)),
            tone=Tone.GOOD,
        )
    return Card(
        _("Asked: {title}", title=about.title),
        body=(programme.title, *_undo_words(about, programme), *_closing(about, programme)),
        buttons=(undo_button(about), status_button(about), buttons.open_board(about.id)),
        tone=Tone.GOOD,
    )


def _undo_words(about: Round, programme: Programme) -> Iterator[Words]:
    yield _("The questions are on their way.")
    if about.undo_until is not None:
        until = Clock(about.undo_until, programme.zone)
        yield _("You can undo it for a minute, until {time}. The messages are taken away then.", time=until)


def taken_back(about: Round, programme: Programme, *, was_open: bool) -> Card:
    """After an undo."""
    gone = _("The messages are being taken away. What anybody managed to write is not shown anywhere.")
    return Card(
        _("Undone: {title}", title=about.title),
        body=(gone if was_open else _("Nobody was asked."),),
        buttons=(ask_button(programme.id),),
        tone=Tone.GOOD,
    )


def could_not_open(about: Round, programme: Programme, reason: Words) -> Card:
    """A planned round that could not open when its time came."""
    return Card(
        _("Not asked: {title}", title=about.title),
        body=(programme.title, reason, _("Nobody was asked. Plan it again when more people can answer.")),
        buttons=(ask_button(programme.id),),
        tone=Tone.WARNING,
    )


# --- It is over -------------------------------------------------------------------------------------------------------


def closed(
    about: Round,
    programme: Programme,
    address: str,
    *,
    withheld: Collection[str] = (),
    written: bool = True,
    shown: bool = True,
    waiting: bool = False,
) -> Card:
    """To channels and those who were asked: the round is over, and where to read the board.

    Parameters
    ----------
    withheld
        The boxes of which nothing is shown, as too few answered.
    written
        Whether any group has written something.
    shown
        Whether any of it stands on the board already.
    waiting
        Whether a coordinator has not read all of it yet.
    """
    if not written:
        return Card(_("Closed: {title}", title=about.title), body=(programme.title, _("Nobody wrote anything.")))
    nothing = all(box.role in withheld for box in about.boxes)
    board = () if about.only_rated or nothing else (Button(_("Open the board"), url=address),)
    too_few = (_("Too few answered for anything to be shown, and nothing of it is kept."),)
    said = too_few if nothing else tuple(_thanks(about, withheld, shown=shown, waiting=waiting))
    return Card(_("Closed: {title}", title=about.title), body=(programme.title, *said), buttons=board)


def _thanks(about: Round, withheld: Collection[str], *, shown: bool, waiting: bool) -> Iterator[Words]:
    if about.only_rated:
        yield _("Thank you for rating! Whoever leads the programme shows you the result.")
    elif waiting and not shown:
        yield _("Thank you for your answers! They come on the board when a coordinator has read them.")
    else:
        yield _("Thank you for your answers! They are on the board.")
    if withheld:
        yield _("Where too few answered, nothing is shown.")
    if waiting and (shown or about.only_rated):
        yield _("Some of it is shown when a coordinator has read it.")


def closed_on_draft(about: Round, programme: Programme, group: str) -> Card:
    """To whoever takes the notes of a group (its id) that had something written when the round closed."""
    return Card(
        _("Closed: {title}", title=about.title),
        body=(programme.title, _("Your group’s draft was not put up before that. You can still read it.")),
        buttons=(
            buttons.take_notes(about.id, group, label=_("Read the draft")),
            buttons.open_board(about.id),
        ),
        tone=Tone.WARNING,
    )


def drafts(groups: Iterable[Words]) -> Iterator[Fact]:
    """For coordinators: the groups of which something is written that nobody sees."""
    return (Fact(_("Has a draft that is not put up"), group) for group in groups)


def held(posts: int) -> tuple[Fact, ...]:
    """For coordinators: how many posts nobody sees before one of them has read them."""
    return (Fact(_("Wait to be read by a coordinator"), n_("{n} post", "{n} posts", posts)),) if posts else ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a round, as coordinators hear of it."""

    posts: int
    silent: tuple[Words, ...] = ()  # names of groups that have written nothing; untrusted
    drafts: tuple[Words, ...] = ()  # names of groups whose draft was not put up; untrusted
    withheld: tuple[Words, ...] = ()  # boxes where too few answered for themselves
    held: int = 0  # posts that wait for a coordinator


def closed_for_coordinator(about: Round, programme: Programme, came: Outcome, address: str) -> Card:
    """To coordinators: what came of it, and where nothing did."""
    return Card(
        _("Closed: {title}", title=about.title),
        body=(programme.title, n_("{n} post is on the board.", "{n} posts are on the board.", came.posts)),
        facts=(
            *held(came.held),
            *drafts(came.drafts),
            *(Fact(_("Has not written anything"), name) for name in came.silent),
            *(Fact(_("Too few answers to be shown"), box) for box in came.withheld),
        ),
        buttons=(
            Button(_("Open the board"), url=address),
            Button(_("Download Word"), Action(buttons.DOCUMENTS, about.id)),
            status_button(about),
        ),
    )
