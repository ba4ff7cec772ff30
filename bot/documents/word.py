"""The Word document of a round, of a part of it, or of plans."""

from __future__ import annotations

from docx.document import Document as Paper
from docx.table import _Cell

from bot.documents import paper
from bot.documents.dossier import (
    PROGRESS,
    Dossier,
    Plan,
    Voice,
    by_when,
    facts,
    not_shown,
    nothing_yet,
    remarks,
    said,
    signature,
    who,
)
from bot.documents.manuscript import Manuscript
from bot.domain.board import Heading, Part, Post
from bot.domain.plans import PlanRow
from bot.domain.rounds import Layout
from bot.domain.words import Words, _
from bot.texts import Translator

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_COLUMNS = (
    (_("What"), 5.6),
    (_("Who"), 3.1),
    (_("By when"), 3.3),
    (_("State"), 2.5),
    (_("Stand-in"), 2.1),
)


def word_file(dossier: Dossier, translator: Translator) -> bytes:
    """The document as a .docx file."""
    return _Writer(dossier, Voice(translator)).write()


class _Writer:
    """Writes one document from the first line to the last."""

    def __init__(self, dossier: Dossier, say: Voice) -> None:
        self._dossier = dossier
        self._say = say
        programme = dossier.programme
        self._written = Manuscript(say, programme, dossier.title, author=programme.organiser, at=dossier.written_at)
        self._paper = self._written.paper
        self._add = self._written.add

    def write(self) -> bytes:
        self._written.edges(self._dossier.programme.title, self._dossier.title)
        self._title()
        for part in self._dossier.board.parts:
            self._part(part)
        self._plans()
        self._missing()
        return self._written.file()

    # --- Above ---

    def _title(self) -> None:
        dossier = self._dossier
        self._written.begin(dossier.title)
        if dossier.about:
            self._add(self._say.line(dossier.about), "Subtitle")
        for label, value in facts(dossier):
            line = self._paper.add_paragraph(style="Fact")
            line.add_run(f"{self._say(label)}: ", "Strong")
            paper.written(line, self._say.line(value))
        if dossier.board.parts and dossier.board.round.intro:
            self._add(dossier.board.round.intro, "Lead")
        for remark in remarks(dossier):
            self._add(remark, "Remark")

    # --- The board ---

    def _part(self, part: Part) -> None:
        """A box: its name one level above its questions, which stand alone in the box of everybody."""
        if part.name:
            self._add(self._say.line(part.name), "heading 1")
        style = "heading 2" if part.name else "heading 1"
        if self._dossier.board.round.layout is Layout.FOUR:
            self._two_by_two(part, style)
            return
        for heading in part.headings:
            self._heading(heading, part, style, self._paper)

    def _two_by_two(self, part: Part, style: str) -> None:
        """A table of four boxes, read in the order in which the questions were asked."""
        title = self._say.line(part.name or self._dossier.title)
        for heading, cell in zip(part.headings, paper.two_by_two(self._paper, caption=title), strict=True):
            self._heading(heading, part, style, cell)
            spare = cell.paragraphs[0]._p  # noqa: SLF001 - every cell begins with an empty line
            spare.getparent().remove(spare)

    def _heading(self, heading: Heading, part: Part, style: str, into: Paper | _Cell) -> None:
        self._put(into, self._say.line(heading.text), style)
        self._supplied(heading, into)
        for post in heading.posts:
            self._post(post, into)
        notes = tuple(not_shown(self._dossier, heading))
        for note in notes if heading.posts or notes else (nothing_yet(self._dossier, part, heading),):
            self._put(into, note, "Remark")

    def _put(self, into: Paper | _Cell, words: Words, style: str) -> None:
        paper.written(into.add_paragraph(style=style), self._say(words))

    def _supplied(self, heading: Heading, into: Paper | _Cell) -> None:
        """What the organiser had put there; addresses in it are words like all others."""
        for words in heading.supplied:
            line = into.add_paragraph(style="List Bullet")
            paper.written(line, f"{self._say(_('From the organiser'))}: ", "Strong")
            paper.written(line, self._say(words))

    def _post(self, post: Post, into: Paper | _Cell) -> None:
        line = into.add_paragraph(style="List Bullet")
        paper.written(line, self._say(post.text))
        signed = " · ".join(self._say.line(words) for words in signature(post))
        if signed:
            paper.written(line, f" –\N{NO-BREAK SPACE}{signed}", "Post signature")
        for reply in post.replies:
            below = into.add_paragraph(style="Reply")
            paper.written(below, f"{self._say.line(who(self._dossier, reply))}: ", "Strong")
            paper.written(below, self._say(said(reply)))

    # --- Plans ---

    def _plans(self) -> None:
        plans = self._dossier.plans
        if plans:
            only = _("The plan of {name}", name=self._say.line(plans[0].organisation))
            self._add(only if len(plans) == 1 else _("Plans"), "heading 1")
        for plan in plans:
            if len(plans) > 1:
                self._add(self._say.line(plan.organisation), "heading 2")
            self._table(plan)

    def _table(self, plan: Plan) -> None:
        caption = self._say.line(_("The plan of {name}", name=plan.organisation))
        made = paper.table(self._paper, caption=caption, widths_cm=tuple(width for _label, width in _COLUMNS))
        for cell, (label, _width) in zip(paper.add_row(made, heads=True).cells, _COLUMNS, strict=True):
            self._fill(cell, label)
        for row in plan.rows:
            cells = paper.add_row(made).cells
            for cell, words in zip(cells, self._cells(row), strict=True):
                self._fill(cell, *words)

    def _cells(self, row: PlanRow) -> tuple[tuple[Words, ...], ...]:
        """What stands in each column, a paragraph each."""
        stands = (PROGRESS[row.progress], row.remark) if row.remark else (PROGRESS[row.progress],)
        return ((row.what,), (row.who,), (by_when(self._dossier, row),), stands, (row.deputy,))

    def _fill(self, cell: _Cell, *paragraphs: Words) -> None:
        for number, words in enumerate(paragraphs):
            line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            line.style = "Cell"
            paper.written(line, self._say(words))

    # --- Who is missing ---

    def _missing(self) -> None:
        missing = self._dossier.missing
        if missing is None:
            return
        self._names(_("Groups that have not written anything"), missing.groups)
        self._names(_("Organisations without a plan"), missing.organisations)
        if missing.nobody_plans:
            self._add(_("No organisation has written a plan yet."), "Normal")

    def _names(self, title: Words, names: tuple[Words, ...]) -> None:
        if names:
            self._add(title, "heading 1")
        for name in names:
            self._add(self._say.line(name), "List Bullet")
