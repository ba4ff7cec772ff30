"""A Word document while it is written: what each document of ours begins with, words in a style, and the file."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from docx.text.paragraph import Paragraph

from bot.documents import paper
from bot.documents.dossier import Voice
from bot.domain.programmes import Programme
from bot.domain.words import Words, _

_PAGE, _PAGES = "\ue000", "\ue001"  # for private use: nobody's words


class Manuscript:
    """One document, in the language of its reader."""

    def __init__(self, say: Voice, programme: Programme, title: Words, *, author: Words, at: datetime) -> None:
        self._say = say
        self._programme = programme
        self.paper = paper.blank(
            title=say.line(title), author=say.line(author), subject=say.line(programme.title), tag=say.tag, at=at
        )

    def add(self, words: Words, style: str) -> Paragraph:
        """A paragraph at the end."""
        made = self.paper.add_paragraph(style=style)
        paper.written(made, self._say(words))
        return made

    def edges(self, *tops: Words) -> None:
        """The line at the top of each page, and its number at the bottom."""
        section = self.paper.sections[0]
        paper.written(section.header.paragraphs[0], " · ".join(self._say.line(top) for top in tops))
        bottom = self._say(_("Page {page} of {pages}", page=_PAGE, pages=_PAGES))
        paper.number_pages(section.footer.paragraphs[0], bottom, page=_PAGE, pages=_PAGES)

    def begin(self, title: Words, *more: Words) -> None:
        """The title, and below it the programme, its edition, and what else there is to say."""
        self.add(self._say.line(title), "Title")
        named = (self._say.line(words) for words in (self._programme.title, self._programme.edition, *more))
        self.add(", ".join(name for name in named if name), "Subtitle")

    def file(self) -> bytes:
        """All of it as a .docx file."""
        file = BytesIO()
        self.paper.save(file)
        return file.getvalue()
