"""The Word document of a round, of a part of it, or of plans."""

from __future__ import annotations

from io import BytesIO

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
from bot.domain.board import Heading, Part, Post
from bot.domain.plans import PlanRow
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
_PAGE, _PAGES = "\ue000", "\ue001"  # for private use: nobody's words


def word_file(dossier: Dossier, translator: Translator) -> bytes:
    """The document as a .docx file."""
    return _Writer(dossier, Voice(translator)).write()


class _Writer:
    """Writes one document from the first line to the last."""

    def __init__(self, dossier: Dossier, say: Voice) -> None:
        self._dossier = dossier
        self._say = say
        self._paper = paper.blank(
            title=say.line(dossier.title),
            author=say.line(dossier.programme.organiser),
            subject=say.line(dossier.programme.title),
            tag=say.tag,
            at=dossier.written_at,
        )

    def write(self) -> bytes:
        self._edges()
        self._title()
        for part in self._dossier.board.parts:
            self._part(part)
        self._plans()
        self._missing()
        file = BytesIO()
        self._paper.save(file)
        return file.getvalue()

    def _add(self, words: Words, style: str) -> None:
        paper.written(self._paper.add_paragraph(style=style), self._say(words))

    # --- Around ---

    def _edges(self) -> None:
        """The line at the top of each page, and its number at the bottom."""
        section, say = self._paper.sections[0], self._say
        top = section.header.paragraphs[0]
        paper.written(top, f"{say.line(self._dossier.programme.title)} · {say.line(self._dossier.title)}")
        bottom = say(_("Page {page} of {pages}", page=_PAGE, pages=_PAGES))
        paper.number_pages(section.footer.paragraphs[0], bottom, page=_PAGE, pages=_PAGES)

    def _title(self) -> None:
        dossier = self._dossier
        self._add(self._say.line(dossier.title), "Title")
        named = (self._say.line(words) for words in (dossier.programme.title, dossier.programme.edition))
        self._add(", ".join(name for name in named if name), "Subtitle")
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
        for heading in part.headings:
            self._heading(heading, "heading 2" if part.name else "heading 1")

    def _heading(self, heading: Heading, style: str) -> None:
        self._add(self._say.line(heading.text), style)
        for post in heading.posts:
            self._post(post)
        notes = tuple(not_shown(self._dossier, heading))
        for note in notes if heading.posts or notes else (nothing_yet(self._dossier),):
            self._add(note, "Remark")

    def _post(self, post: Post) -> None:
        line = self._paper.add_paragraph(style="List Bullet")
        paper.written(line, self._say(post.text))
        signed = " · ".join(self._say.line(words) for words in signature(post))
        if signed:
            paper.written(line, f" –\N{NO-BREAK SPACE}{signed}", "Post signature")
        for reply in post.replies:
            below = self._paper.add_paragraph(style="Reply")
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

    def _names(self, title: Words, names: tuple[str, ...]) -> None:
        if names:
            self._add(title, "heading 1")
        for name in names:
            self._add(self._say.line(name), "List Bullet")
