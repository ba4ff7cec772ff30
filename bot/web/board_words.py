"""The board as one reader sees it: every sentence in their language, for the page and for what changes on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bot.domain.board import Board, Heading, Part, Post, Reply
from bot.domain.rounds import Layout, Mode, Round
from bot.domain.values import dataclass
from bot.domain.words import Localised, Words, _, n_
from bot.flows.boards import nothing, rated
from bot.flows.moderation import were_hidden
from bot.texts import Translator
from bot.web.clickable import Piece, pieces

_ID_CHARS = 12
"""Of a post's id. Enough to tell the posts of a board apart, and what is said about it again and again stays short."""

_HUES = 4


@dataclass(frozen=True, slots=True)
class ShownReply:
    """What was replied to a post, and by whom."""

    by: str
    accepted: str  # what accepting is called, or nothing
    text: str  # untrusted


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post."""

    id: str
    text: str  # untrusted
    by: str  # untrusted
    votes: str  # how many there are, or nothing
    moved: str  # that it was, or nothing
    replies: tuple[ShownReply, ...]
    pieces: tuple[Piece, ...] = ()  # the text once more, parted at its links; empty where it has none


@dataclass(frozen=True, slots=True)
class ShownSupply:
    """What the organiser has put below a question to begin with."""

    text: str
    language: str  # code of the language that it is written in
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question with its posts."""

    key: str  # unique on the board, and the same as long as the round lasts
    text: str
    language: str  # code of the language that the question is written in
    posts: tuple[ShownPost, ...]
    count: str
    notes: tuple[str, ...]  # what is not shown, and why
    supplied: tuple[ShownSupply, ...] = ()

    @property
    def said(self) -> dict[str, object]:
        """What the page has to know besides the posts themselves."""
        return {"ids": [post.id for post in self.posts], "count": self.count, "notes": self.notes}


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A box with its questions."""

    key: str
    role: str
    hue: int  # which of the page's colours
    name: str  # empty for the box of everybody
    language: str
    count: str
    questions: tuple[ShownQuestion, ...]


@dataclass(frozen=True, slots=True)
class ShownBoard:
    """Everything that stands on the page and can change."""

    version: int
    language: str  # code of the language that the round is written in
    title: str
    programme: str
    organisation: str  # the only one that is asked, or nothing; untrusted
    intro: str
    state: str
    is_open: bool
    count: str
    notice: str  # why there is nothing to see yet, or nothing
    parts: tuple[ShownPart, ...]
    in_four: bool = False  # the questions of a part stand two by two

    @property
    def questions(self) -> Iterator[ShownQuestion]:
        return (question for part in self.parts for question in part.questions)


def shown_board(board: Board, translator: Translator) -> ShownBoard:
    """The board in the reader's language."""
    round, say = board.round, translator.say
    return ShownBoard(
        version=round.version,
        language=written_in(round.title, translator),
        title=say(round.title),
        programme=say(board.programme),
        organisation=board.organisation,
        intro=say(round.intro) if round.is_open else "",
        state=say(_("Open for answers") if round.is_open else _("Closed")),
        is_open=round.is_open,
        count=say(_in_all(board)),
        notice=say(_notice(board)),
        parts=tuple(_part(number, part, board, translator) for number, part in enumerate(board.parts, 1)),
        in_four=round.layout is Layout.FOUR,
    )


def told(now: ShownBoard, before: ShownBoard | None = None) -> str:
    """What a page that shows `before` has to be told, as JSON; without it, everything."""
    known = {} if before is None else {question.key: question for question in before.questions}
    changed = [question for question in now.questions if known.get(question.key) != question]
    posts = {post.id: asdict(post) for question in changed for post in _news(question, known.get(question.key))}
    news: dict[str, Any] = {
        "version": now.version,
        "open": now.is_open,
        "state": now.state,
        "count": now.count,
        "notice": now.notice,
        "parts": {part.key: part.count for part in now.parts},
        "questions": {question.key: question.said for question in changed},
        "posts": posts,
    }
    return json.dumps(news, ensure_ascii=False, separators=(",", ":"))


def _news(question: ShownQuestion, before: ShownQuestion | None) -> list[ShownPost]:
    known = set(before.posts) if before is not None else set()
    return [post for post in question.posts if post not in known]


def _part(number: int, part: Part, board: Board, translator: Translator) -> ShownPart:
    questions = (
        _question(f"{number}-{place}", heading, part, board, translator)
        for place, heading in enumerate(part.headings, 1)
    )
    return ShownPart(
        key=str(number),
        role=part.role,
        hue=(number - 1) % _HUES + 1,
        name=translator.say(part.name),
        language=written_in(part.name, translator),
        count=translator.say(_in_part(part, board.round)),
        questions=tuple(questions),
    )


def _question(key: str, heading: Heading, part: Part, board: Board, translator: Translator) -> ShownQuestion:
    roles = {part.role: part.name for part in board.parts}
    return ShownQuestion(
        key=key,
        text=translator.say(heading.text),
        language=written_in(heading.text, translator),
        posts=tuple(_post(post, roles, translator) for post in heading.posts),
        count=translator.say(_posts(len(heading.posts))) if heading.posts else "",
        notes=tuple(translator.say(note) for note in _notes(heading, part, board.round)),
        supplied=tuple(_supply(one, translator) for one in heading.supplied),
    )


def _supply(words: Localised, translator: Translator) -> ShownSupply:
    said = translator.say(words)
    return ShownSupply(said, written_in(words, translator), pieces(said))


def _post(post: Post, roles: dict[str, Localised], translator: Translator) -> ShownPost:
    text = translator.say(post.text)
    return ShownPost(
        id=post.id[:_ID_CHARS],
        text=text,
        by=post.group,
        votes=translator.say(n_("{n} vote", "{n} votes", post.votes)) if post.votes else "",
        moved=translator.say(_("Moved here from another question")) if post.moved else "",
        replies=tuple(_reply(reply, roles, translator) for reply in post.replies),
        pieces=pieces(text),
    )


def _reply(reply: Reply, roles: dict[str, Localised], translator: Translator) -> ShownReply:
    by = translator.say(roles.get(reply.box) or _("The organiser"))
    return ShownReply(by, translator.say(_("Yes, we will")) if reply.accepted else "", reply.text)


def _notes(heading: Heading, part: Part, round: Round) -> Iterator[Words]:
    """What a reader does not see here, so that nobody takes the board for more or less than it is."""
    if heading.held:
        yield n_("{n} post is waiting to be looked at", "{n} posts are waiting to be looked at", heading.held)
    for reason in sorted(set(heading.hidden)):
        yield were_hidden(heading.hidden.count(reason), reason)
    if heading.is_rated and heading.rated:
        yield rated(heading.rated, round)
    elif not (heading.posts or heading.held or heading.hidden):
        yield nothing(round, part, heading)


def _in_all(board: Board) -> Words:
    return "" if board.is_sealed or board.round.only_rated else _posts(board.posts)


def _notice(board: Board) -> Words:
    """What a reader has to know of the whole board: why there are no answers to see, or no votes."""
    round = board.round
    if board.is_sealed:
        return _(
            "Everybody answers for themselves. The answers are shown when the round has closed, if at least {k} people"
            " have answered.",
            k=round.threshold,
        )
    if round.is_voted_on:
        return _("How many votes each post has is shown when the vote is over.")
    posts = (post for part in board.parts for heading in part.headings for post in heading.posts)
    if round.has_vote and not round.is_open and board.posts and not any(post.votes for post in posts):
        return _("Too few have voted for the numbers to be shown.")
    return ""


def _in_part(part: Part, round: Round) -> Words:
    """How much there is in a box; of ratings that people gave each for themselves, every question says it itself."""
    if round.is_open and round.mode is Mode.SEALED:
        return ""
    if not part.is_rated:
        return _posts(sum(len(heading.posts) for heading in part.headings if not heading.is_rated))
    return n_("{n} group has rated", "{n} groups have rated", part.rated) if round.mode is Mode.NOTES else ""


def _posts(number: int) -> Words:
    return n_("{n} post", "{n} posts", number)


def written_in(words: Localised, translator: Translator) -> str:
    """The language of the wording that this reader gets, so that a screen reader pronounces it right."""
    said = translator.say(words)
    found = (code for code, wording in words.wordings.items() if wording == said)
    return next(found, translator.language.value)
