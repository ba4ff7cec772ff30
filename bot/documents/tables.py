"""Posts and plans as tables: an Excel file with a sheet for each, and a CSV file of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.documents.dossier import PROGRESS, Dossier, Plan, Voice, by_when, said, who
from bot.documents.spreadsheet import Cell, Sheet, comma_separated, excel
from bot.domain.board import Heading, Part, Post
from bot.domain.plans import PlanRow
from bot.domain.words import Localised, _
from bot.texts import Translator

_POST_COLUMNS = ((_("Role group"), 24), (_("Question"), 40), (_("Post"), 70), (_("Group"), 24), (_("Replies"), 50))
_VOTES = ((_("Votes"), 10),)
_PLAN_COLUMNS = (
    (_("Organisation"), 26),
    (_("What"), 50),
    (_("Who"), 24),
    (_("By when"), 32),
    (_("State"), 18),
    (_("Remark"), 40),
    (_("Stand-in"), 24),
)


def excel_file(dossier: Dossier, translator: Translator) -> bytes:
    """The document as an .xlsx file."""
    programme, say = dossier.programme, Voice(translator)
    about = {"title": dossier.title, "author": programme.organiser, "subject": programme.title}
    return excel(_sheets(dossier, say), about, dossier.written_at, say)


def csv_file(dossier: Dossier, translator: Translator) -> bytes:
    """The posts, or the plans where the document has no posts, as a CSV file."""
    say = Voice(translator)
    return comma_separated(_sheets(dossier, say)[0], say)


def _sheets(dossier: Dossier, say: Voice) -> Sequence[Sheet]:
    """What there is to tell: posts, plans or both; never nothing."""
    columns = _POST_COLUMNS + (_VOTES if dossier.board.round.votes else ())
    posts = Sheet(_("Posts"), columns, tuple(_post_rows(dossier, say)))
    plans = Sheet(_("Plans"), _PLAN_COLUMNS, tuple(_plan_rows(dossier, say)))
    if not dossier.board.parts:
        return (plans,)
    return (posts, plans) if dossier.plans else (posts,)


def _post_rows(dossier: Dossier, say: Voice) -> Iterator[tuple[Cell, ...]]:
    for part in dossier.board.parts:
        for heading in part.headings:
            for words in heading.supplied:
                beside = ("",) if dossier.board.round.votes else ()
                yield (*_supplied_row(say, part, heading, words), *beside)
            for post in heading.posts:
                votes = (post.votes if post.votes is not None else "",) if dossier.board.round.votes else ()
                yield (*_post_row(dossier, say, part, heading, post), *votes)


def _post_row(dossier: Dossier, say: Voice, part: Part, heading: Heading, post: Post) -> tuple[str, ...]:
    replies = (f"{say.line(who(dossier, reply))}: {say(said(reply))}" for reply in post.replies)
    return (say.line(part.name), say.line(heading.text), say(post.text), say.line(post.group), "\n".join(replies))


def _supplied_row(say: Voice, part: Part, heading: Heading, words: Localised) -> tuple[str, ...]:
    return (say.line(part.name), say.line(heading.text), say(words), say(_("From the organiser")), "")


def _plan_rows(dossier: Dossier, say: Voice) -> Iterator[tuple[str, ...]]:
    for plan in dossier.plans:
        for row in plan.rows:
            yield _plan_row(dossier, say, plan, row)


def _plan_row(dossier: Dossier, say: Voice, plan: Plan, row: PlanRow) -> tuple[str, ...]:
    words = (plan.organisation, row.what, row.who, by_when(dossier, row), PROGRESS[row.progress], row.remark)
    return (*(say(one) for one in words), say(row.deputy))
