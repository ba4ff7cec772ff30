"""A self-assessment as a Word document, and every figure of it as a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO, StringIO

from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from bot.documents import paper
from bot.documents.bar_picture import bar
from bot.documents.dossier import Voice
from bot.documents.manuscript import Manuscript
from bot.documents.report import Report, Table
from bot.documents.spreadsheet import neutralised
from bot.domain import figures
from bot.domain.assessment import Change, Comparison, Figure, Result, Row
from bot.domain.words import Words, _
from bot.messages import Chart
from bot.texts import Bar, Translator, bars_of

_WIDTH_CM = 16.6  # between the margins
_BAR_CM = 3.2
_WIDTHS = {
    1: (_WIDTH_CM,),
    2: (12.6, 4.0),
    5: (7.4, 2.4, 2.4, 1.9, 2.5),  # two rounds
    6: (4.4, 2.6, 2.5, 2.2, 1.9, 3.0),
}
"""By the number of columns."""
_EDGE = Cm(1.6)  # above and below: all that the board reads stands on one page


# --- Word -------------------------------------------------------------------------------------------------------------


def word_file(report: Report, translator: Translator, at: datetime) -> bytes:
    """The report as a .docx file, written at this moment."""
    return _Writer(report, Voice(translator), at).write()


class _Writer:
    """Writes one report from the first line to the last."""

    def __init__(self, report: Report, say: Voice, at: datetime) -> None:
        self._report = report
        self._say = say
        programme = report.programme
        self._written = Manuscript(say, programme, report.title, author=programme.organiser, at=at)
        self._paper = self._written.paper
        self._add = self._written.add

    def write(self) -> bytes:
        report = self._report
        section = self._paper.sections[0]
        section.top_margin = section.bottom_margin = _EDGE
        tops = (report.programme.title, report.organisation, report.title)
        self._written.edges(*(top for top in tops if top))
        self._written.begin(report.title, report.organisation)
        self._sentences(report.remarks)
        if report.chart is not None:
            self._chart(report.chart, report.levels)
        elif report.levels is not None:
            self._table(report.levels)
        for table in report.tables:
            self._table(table)
        self._sentences(report.method)
        self._annex()
        return self._written.file()

    def _sentences(self, sentences: Sequence[Words]) -> None:
        self._add(" ".join(self._say.line(one) for one in sentences), "Remark")

    def _annex(self) -> None:
        for number, table in enumerate(self._report.annex):
            self._table(table, starts_a_page=number == 0)

    # --- Bars ---

    def _chart(self, drawn: Chart, levels: Table | None) -> None:
        """A row for each group of bars: what it is, each bar, and beside it its figure, which is read out for it.

        Where the areas are drawn, their table stands in the same rows: one page has no room for both.
        """
        self._add(self._say.line(drawn.title), "heading 2")
        heads = (levels.heads[0] if levels else _("Statement"), _("Who or when"), _("Bar"), _("Mean"))
        rest = () if levels is None else levels.heads[1 + len(drawn.bars) :]
        made = paper.table(self._paper, caption=self._say.line(drawn.title), widths_cm=_widths_beside_bars(len(rest)))
        self._row(paper.add_row(made, heads=True).cells, (*heads, *rest))
        for place, group in enumerate(bars_of(drawn)):
            said = levels.entries[place].lines[0] if levels else tuple(one.value for one in group.bars)
            rows = [paper.add_row(made).cells for _bar in group.bars]
            for number, (cells, one, value) in enumerate(zip(rows, group.bars, said, strict=False)):
                self._row((cells[1], cells[3]), (one.name, value))
                self._bar(cells[2].paragraphs[0], one, number, self._say.line(group.label))
            beside = (rows[0][0], *rows[0][4:])
            self._row(beside, (group.label, *said[len(rows) :]))
            for cell, last in zip(beside, (rows[-1][0], *rows[-1][4:]), strict=True):
                cell.merge(last)

    def _bar(self, line: Paragraph, one: Bar, kind: int, label: str) -> None:
        line.style = "Cell"
        if one.percent is None:
            return
        picture = line.add_run().add_picture(BytesIO(bar(one.percent, kind)), width=Cm(_BAR_CM - 0.5))
        about = picture._inline.find(qn("wp:docPr"))  # noqa: SLF001 - the library has no other way to say it
        about.set("descr", f"{label}, {self._say.line(one.name)}: {self._say.line(one.value)}")

    # --- Tables ---

    def _table(self, table: Table, *, starts_a_page: bool = False) -> None:
        self._add(table.title, "heading 2").paragraph_format.page_break_before = starts_a_page
        if not table.entries:
            self._add(table.nothing, "Normal")
            return
        made = paper.table(self._paper, caption=self._say.line(table.title), widths_cm=_widths(len(table.heads)))
        self._row(paper.add_row(made, heads=True).cells, table.heads)
        for entry in table.entries:
            for number, line in enumerate(entry.lines):
                self._row(paper.add_row(made).cells, (entry.name if number == 0 else "", *line))

    def _row(self, cells: Sequence[_Cell], words: Sequence[Words]) -> None:
        for cell, one in zip(cells, words, strict=True):
            self._fill(cell, one)

    def _fill(self, cell: _Cell, words: Words) -> None:
        line = cell.paragraphs[0]
        line.style = "Cell"
        paper.written(line, self._say(words))


def _widths(columns: int) -> tuple[float, ...]:
    """What stands in most of our tables; else the name gets as much as two others."""
    if columns in _WIDTHS:
        return _WIDTHS[columns]
    each = _WIDTH_CM / (columns + 1)
    return (2 * each, *(each,) * (columns - 1))


def _widths_beside_bars(more: int) -> tuple[float, ...]:
    """Name, what each bar is, the bars, their figures, and so many columns more."""
    name = _WIDTH_CM - 3.0 - _BAR_CM - 2.5 - more * 2.3
    return (name, 3.0, _BAR_CM, 2.5, *(2.3,) * more)


# --- CSV --------------------------------------------------------------------------------------------------------------

_Cells = tuple[Words, ...]


def csv_of_result(result: Result, roles: Sequence[str], translator: Translator) -> bytes:
    """Every figure of a round, for these roles and all together; what may not be shown says so."""
    values = sorted({value for row in result.rows for value in row.scale.values})
    heads: _Cells = (*_NAMES, _("Ratings"), _("Mean"), _("Spread"), *(str(value) for value in values))
    lines = (
        (*named, name, *_figures(figure), *_counts(figure, row, values))
        for named, row in _named_rows(result)
        for name, figure in _groups(result, row, roles)
    )
    return _csv(heads, lines, translator)


def csv_of_comparison(found: Comparison, translator: Translator) -> bytes:
    """Every figure of two rounds that can be compared; what cannot be says so."""
    each = (_("Ratings"), _("Mean"), _("Spread"))
    earlier = tuple(_("Earlier: {what}", what=one) for one in each)
    later = tuple(_("Later: {what}", what=one) for one in each)
    heads: _Cells = (*_NAMES, *earlier, *later, *_MEANING)
    return _csv(heads, _changes(found), translator)


_NAMES = (_("Kind"), _("Short name"), _("Question or area"), _("Who"))
_MEANING = (_("Difference"), _("What it means"))


def _named_rows(result: Result) -> Iterator[tuple[_Cells, Row]]:
    for kind, rows in ((_("Area"), result.areas), (_("Statement"), result.rows)):
        for row in rows:
            yield (kind, row.id, row.text), row


def _groups(result: Result, row: Row, roles: Sequence[str]) -> Iterator[tuple[Words, Figure | None]]:
    yield figures.TOGETHER, row.together
    for role in roles if len(result.roles) > 1 else ():
        yield figures.role_name(result, role), row.by_role.get(role)


def _figures(figure: Figure | None) -> _Cells:
    if figure is None:
        return figures.HIDDEN, figures.HIDDEN, figures.HIDDEN
    return str(figure.n), figures.tenths(figure.mean_tenths), figures.tenths(figure.spread_tenths)


def _counts(figure: Figure | None, row: Row, values: Sequence[int]) -> _Cells:
    if figure is None:
        return tuple(figures.HIDDEN if value in row.scale.values else "" for value in values)
    return tuple(str(figure.counts.get(value, 0)) if value in row.scale.values else "" for value in values)


def _changes(found: Comparison) -> Iterator[_Cells]:
    for kind, moves in ((_("Area"), found.areas), (_("Statement"), found.moves)):
        for move in moves:
            named = (kind, move.after.id, move.after.text)
            yield (*named, figures.TOGETHER, *_change(move.together))
            for role in found.roles if len(found.roles) > 1 else ():
                if role in move.by_role or role in move.blocked:
                    yield (*named, found.roles[role], *_change(move.by_role.get(role)))
    for meaning, rows in ((_("New"), found.new), (_("No longer asked"), found.gone),
                          (_("On another scale now"), found.rescaled)):  # fmt: skip
        for row in rows:
            yield (_("Statement"), row.id, row.text, *("",) * 8, meaning)


def _change(change: Change | None) -> _Cells:
    if change is None:
        return (figures.BLOCKED,) * 8
    apart = (figures.difference(change.hundredths), figures.has_moved(change))
    return (*_figures(change.before), *_figures(change.after), *apart)


def _csv(heads: Sequence[Words], lines: Iterator[_Cells], translator: Translator) -> bytes:
    """As Excel in the Nordic countries opens it. What people wrote gets an apostrophe where it looks like a formula."""
    say, file = Voice(translator), StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([say(head) for head in heads])
    writer.writerows([_cell(say(words)) for words in line] for line in lines)
    return file.getvalue().encode("utf-8-sig")


def _cell(said: str) -> str:
    """A difference of ours is a number to a spreadsheet; everything else is text."""
    number = said.replace("\N{MINUS SIGN}", "-").replace("\N{PLUS-MINUS SIGN}", "")
    return number if number.lstrip("+-").replace(",", "").replace(".", "").isdecimal() else neutralised(said)
