"""The letter that carries a round's documents to the organiser."""

from __future__ import annotations

from collections.abc import Iterator

from bot.documents.dossier import Dossier, Voice
from bot.domain.words import Words, _, n_
from bot.texts import Translator


def subject(dossier: Dossier, translator: Translator) -> str:
    """The subject line, on one line whatever the titles hold."""
    say = Voice(translator)
    return say.line(_("{round}: documents from {programme}", round=dossier.title, programme=dossier.board.programme))


def body(dossier: Dossier, translator: Translator) -> str:
    """What the letter says, in plain text."""
    say = Voice(translator)
    paragraphs = ("\n".join(lines) for lines in _paragraphs(dossier, say))
    return "\n\n".join(paragraphs) + "\n"


def _paragraphs(dossier: Dossier, say: Voice) -> Iterator[tuple[str, ...]]:
    board = dossier.board
    yield (say(_("Hello!")),)
    closed = _("The round {round} in {programme} has closed.", round=dossier.title, programme=board.programme)
    posts = n_("There is {n} post on the board.", "There are {n} posts on the board.", board.posts)
    attached = _("Everything is attached as Word and as Excel.")
    yield (f"{say.line(closed)} {say(posts)} {say(attached)}",)
    held = sum(heading.held for part in board.parts for heading in part.headings)
    if held:
        yield (say(n_("{n} post is waiting to be looked at", "{n} posts are waiting to be looked at", held)),)
    yield from _missing(dossier, say)
    yield (say(_("You get this because the programme sends its documents to this address. Kind regards, Lärträff")),)


def _missing(dossier: Dossier, say: Voice) -> Iterator[tuple[str, ...]]:
    missing = dossier.missing
    if missing is None:
        return
    if missing.groups:
        yield _list(_("These groups have not written anything:"), missing.groups, say)
    if missing.organisations:
        yield _list(_("These organisations have no plan yet:"), missing.organisations, say)
    if missing.nobody_plans:
        yield (say(_("No organisation has written a plan yet.")),)


def _list(title: Words, names: tuple[Words, ...], say: Voice) -> tuple[str, ...]:
    return (say(title), *(f"- {say.line(name)}" for name in names))
