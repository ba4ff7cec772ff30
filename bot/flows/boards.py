"""The board as messages in a channel: pages that each platform takes as one message, with the same breaks on all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.board import Board, Heading, Part, Post, Reply
from bot.domain.programmes import Programme, local_day
from bot.domain.rounds import Mode, Round
from bot.domain.values import dataclass
from bot.domain.words import Day, Localised, Text, Value, Words, _, n_
from bot.flows import buttons, moderation, voting
from bot.messages import Action, Button, Card, Item, Notice, Tone

NEW_LINK = "board_link"
CONFIRM_NEW_LINK = "board_link_confirmed"

OPEN_THE_BOARD = _("Open the board")


# --- The pages --------------------------------------------------------------------------------------------------------


def pages(board: Board, address: str) -> tuple[Card, ...]:
    """The board in as few messages as it takes. `address` is that of its page on the web.

    What comes first fills the first page, and so on: a change leaves the pages before it as they are, unless it changes
    how many there are, which all of them say.
    """
    title = _title(board.round, 99, 99)  # as long as it can be
    labels = (OPEN_THE_BOARD, *(button.label for button in voting.button(board.round)))
    above = sum(map(_size, (_state(board.round), address, *labels)), _size(title))
    sheets = _Sheets(_ROOM.without(above))
    for section in _sections(board):
        sheets.put(section)
    of = len(sheets.filled)
    return tuple(_page(board.round, address, number, sheet, of) for number, sheet in enumerate(sheets.filled, 1))


def no_longer_needed(round: Round, address: str) -> Card:
    """In place of a page that there was when there were more posts."""
    return Card(
        _("Board: {title}", title=round.title),
        body=(_("This page is no longer needed: everything is in the messages above."),),
        buttons=(_open(address),),
    )


def _page(round: Round, address: str, number: int, items: tuple[Item, ...], of: int) -> Card:
    return Card(
        _title(round, number, of),
        body=(_state(round),) if number == 1 else (),
        items=items,
        buttons=(_open(address), *(voting.button(round) if number == of else ())),
    )


def _title(round: Round, number: int, of: int) -> Text:
    if of == 1:
        return _("Board: {title}", title=round.title)
    return _("Board: {title} (page {page} of {pages})", title=round.title, page=number, pages=of)


def _state(round: Round) -> Text:
    if not round.is_open:
        rated = _("The round has closed. This is how it was rated.")
        return rated if round.only_rated else _("The round has closed. This is what was written.")
    if round.mode is Mode.SEALED:
        return _(
            "Everybody answers for themselves. The answers are shown when the round has closed, if at least {k} people"
            " have answered.",
            k=round.threshold,
        )
    return _("What the groups write shows up here. This message keeps itself up to date.")


def _open(address: str) -> Button:
    return Button(OPEN_THE_BOARD, url=address)


# --- What stands on them ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Section:
    """A question of a role group with everything under it."""

    title: Words
    lines: tuple[Words, ...]  # at least one


def _sections(board: Board) -> Iterator[_Section]:
    roles = {part.role: part.name for part in board.parts}
    if board.is_sealed:
        return
    for part in board.parts:
        for heading in part.headings:
            supplied = (_("• From the organiser: {text}", text=words) for words in heading.supplied)
            posts = (line for post in heading.posts for line in _post(post, roles))
            yield _Section(_called(part, heading), (*supplied, *posts, *_notes(heading, part, board.round)))


def _called(part: Part, heading: Heading) -> Words:
    return _("{role}: {question}", role=part.name, question=heading.text) if part.name else heading.text


def _post(post: Post, roles: dict[str, Localised]) -> Iterator[Words]:
    if isinstance(post.text, str):
        first, *rest = _pieces(f"{post.text} – {post.group}" if post.group else post.text)
        yield f"• {first}"
        yield from rest
    else:
        yield _("• {post} – {group}", post=post.text, group=post.group) if post.group else _("• {post}", post=post.text)
    if post.votes:
        yield n_("↳ {n} vote", "↳ {n} votes", post.votes)
    if post.moved:
        yield _("↳ Moved here from another question")
    for reply in post.replies:
        yield from _reply(reply, roles)


def _reply(reply: Reply, roles: dict[str, Localised]) -> Iterator[Words]:
    by = roles.get(reply.box) or _("The organiser")
    first, *rest = _pieces(reply.text)
    if not reply.accepted:
        yield _("↳ {by}: {text}", by=by, text=first)
    elif not first:
        yield _("↳ {by}: Yes, we will", by=by)
    else:
        yield _("↳ {by}: Yes, we will – {text}", by=by, text=first)
    yield from rest


def _notes(heading: Heading, part: Part, round: Round) -> Iterator[Words]:
    """What a reader does not see here, so that nobody takes the board for more or less than it is."""
    if heading.held:
        yield n_("{n} post is waiting to be looked at", "{n} posts are waiting to be looked at", heading.held)
    for reason, number in Counter(heading.hidden).items():
        yield moderation.were_hidden(number, reason)
    if heading.is_rated and heading.rated:
        yield rated(heading.rated, round)
    elif not (heading.posts or heading.held or heading.hidden):
        yield nothing(round, part, heading)


def rated(many: int, round: Round) -> Text:
    """How many have rated something."""
    if round.mode is Mode.SEALED:
        return n_("{n} person has rated this", "{n} people have rated this", many)
    return n_("{n} group has rated this", "{n} groups have rated this", many)


def nothing(round: Round, part: Part, heading: Heading) -> Text:
    """What stands under a question of the box where no post does."""
    if round.is_open and round.mode is Mode.SEALED:
        return _("Sealed until the round closes")
    if round.is_open:
        return _("No posts yet")
    if round.mode is Mode.SEALED and not part.is_left_empty(heading):
        return _("Nothing is shown here: that takes answers from at least {k} people", k=round.threshold)
    return _("Nobody wrote anything here")


# --- How much a message holds -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Size:
    """How much of a message something takes, at most, in any language. Flows know no platform: tests draw the pages."""

    letters: int = 0  # as Slack counts them in the text beside the blocks
    bytes: int = 0  # as Teams does, where everything stands twice, once for the eye and once for the notification

    def __add__(self, other: _Size) -> _Size:
        return _Size(self.letters + other.letters, self.bytes + other.bytes)

    def without(self, other: _Size) -> _Size:
        return _Size(self.letters - other.letters, self.bytes - other.bytes)

    def holds(self, other: _Size) -> bool:
        return other.letters <= self.letters and other.bytes <= self.bytes


_ROOM = _Size(letters=3_900, bytes=26_000)
"""Slack refuses an edit above 4,000; Teams takes 28 kB, and our message around the card is less than one."""

_PIECE = _Size(letters=2_000, bytes=13_000)
"""What is longer is divided. The longest post that one can write is, only when it is made of & or of pictures."""

_ITEM = _Size(letters=2, bytes=150)
_LINE = _Size(letters=1, bytes=120)
_GROWS = 2  # a sentence of ours may be so much longer in another language


def _size(words: Value) -> _Size:
    match words:
        case int():
            return _size_of(str(words))
        case str():
            return _size_of(words)
        case Localised():
            sizes = [_size_of(wording) for wording in words.wordings.values()]
            return _Size(max(size.letters for size in sizes), max(size.bytes for size in sizes))
        case Text():
            ours = _size_of(max(words.message, words.plural, key=len) * _GROWS)
            return sum(map(_size, words.values.values()), ours)
        case _:
            raise TypeError(f"no board says {type(words).__name__}")


def _size_of(text: str) -> _Size:
    lines = len(text.splitlines()) or 1
    marks = 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))
    letters = len(text) + sum(letter > "\uffff" for letter in text) + marks
    made_inert = 6 * (text.count("<") + text.count("{"))
    return _Size(letters, 2 * (len(json.dumps(text)) + made_inert)) + _Size(0, _LINE.bytes * lines)


def _pieces(text: str) -> list[str]:
    """The text in as many pieces as it takes for each to have room on a page, parted between words."""
    if len(text) < 2 or _PIECE.holds(_size_of(text)):
        return [text]
    gap = text.rfind(" ", 1, len(text) // 2 + 1)
    middle = gap if gap > 0 else len(text) // 2
    return [*_pieces(text[:middle]), *_pieces(text[middle:].lstrip(" "))]


class _Sheets:
    """Sheets that are filled one after the other, in order; a section that goes on upon a new one is named again."""

    def __init__(self, room: _Size) -> None:
        self._room = self._left = room
        self._sheets: list[list[Item]] = [[]]

    @property
    def filled(self) -> tuple[tuple[Item, ...], ...]:
        return tuple(map(tuple, self._sheets))

    def put(self, section: _Section) -> None:
        first, *rest = section.lines
        self._begin(section.title, first)
        for line in rest:
            if self._left.holds(_size(line) + _LINE):
                self._go_on(line)
            else:
                self._begin(_("{heading} (continued)", heading=section.title), line)

    def _begin(self, title: Words, line: Words) -> None:
        """Put a heading with its first line, on a new sheet if there is no room for both."""
        takes = _size(title) + _ITEM + _size(line) + _LINE
        if not self._left.holds(takes):
            self._sheets.append([])
            self._left = self._room
        self._sheets[-1].append(Item(title, (line,)))
        self._left = self._left.without(takes)

    def _go_on(self, line: Words) -> None:
        item = self._sheets[-1][-1]
        self._sheets[-1][-1] = replace(item, lines=(*item.lines, line))
        self._left = self._left.without(_size(line) + _LINE)


# --- The way to the page ----------------------------------------------------------------------------------------------


def way(board: Board, address: str, *, coordinator: bool) -> Card:
    """How to get to the board on the web, for one person."""
    anew = (Button(_("New link"), Action(NEW_LINK, board.round.id)),) if coordinator else ()
    return Card(
        _("Board: {title}", title=board.round.title),
        body=(
            _state(board.round) if board.is_sealed else n_("{n} post", "{n} posts", board.posts),
            _("The page shows everything, large enough for a projector. A code to scan is on it as well."),
        ),
        buttons=(Button(OPEN_THE_BOARD, url=address, tone=Tone.PRIMARY), *anew),
    )


def which(rounds: Sequence[tuple[Round, Programme]]) -> Card | Notice:
    """The boards that somebody may mean, each with its programme, and its day: the same is asked again and again."""
    if not rounds:
        return Notice(_("There is no board for you yet. I write to you when there are questions for your group."))
    return Card(_("Which board?"), items=tuple(_way_to(*one) for one in rounds))


def _way_to(round: Round, programme: Programme) -> Item:
    opened = _("Opened on {day}", day=Day(local_day(round.opens_at, programme.zone)))
    return Item(round.title, (programme.title, opened), buttons=(buttons.open_board(round.id),))


def ask_for_new_link(round: Round) -> Card:
    return Card(
        _("A new link to the board?"),
        body=(
            round.title,
            _(
                "The old link stops working at once, wherever it has been sent. "
                "The channels get the new one by themselves."
            ),
        ),
        buttons=(
            Button(_("Yes, a new link"), Action(CONFIRM_NEW_LINK, round.id), tone=Tone.DANGER),
            Button(_("No, keep it"), Action(buttons.BOARD, round.id)),
        ),
    )
