"""The Word document of one person's red thread: their challenge, and what they took with them from each meeting."""

from __future__ import annotations

from io import BytesIO

from bot.documents import paper
from bot.documents.dossier import Voice
from bot.documents.own_page import TITLE, OwnPage, heading
from bot.domain.words import Words, _
from bot.texts import Translator

_PAGE, _PAGES = "\ue000", "\ue001"  # for private use: nobody's words


def word_file(page: OwnPage, translator: Translator) -> bytes:
    """The document as a .docx file."""
    return _Writer(page, Voice(translator)).write()


class _Writer:
    """Writes one document from the first line to the last."""

    def __init__(self, page: OwnPage, say: Voice) -> None:
        self._page = page
        self._say = say
        self._paper = paper.blank(
            title=say.line(TITLE),
            author=say.line(page.name),
            subject=say.line(page.programme.title),
            tag=say.tag,
            at=page.at,
        )

    def write(self) -> bytes:
        self._edges()
        self._title()
        for entry in self._page.written.entries:
            self._add(self._say.line(heading(self._page, entry)), "heading 1")
            self._add(entry.text, "Normal")
        file = BytesIO()
        self._paper.save(file)
        return file.getvalue()

    def _add(self, words: Words, style: str) -> None:
        paper.written(self._paper.add_paragraph(style=style), self._say(words))

    def _edges(self) -> None:
        """The line at the top of each page, and its number at the bottom."""
        section, say = self._paper.sections[0], self._say
        paper.written(section.header.paragraphs[0], say.line(self._page.programme.title))
        bottom = say(_("Page {page} of {pages}", page=_PAGE, pages=_PAGES))
        paper.number_pages(section.footer.paragraphs[0], bottom, page=_PAGE, pages=_PAGES)

    def _title(self) -> None:
        """Whose it is, and the challenge as it stands."""
        programme, say = self._page.programme, self._say
        self._add(say.line(TITLE), "Title")
        named = (say.line(words) for words in (programme.title, programme.edition, self._page.name))
        self._add(", ".join(name for name in named if name), "Subtitle")
        for version in self._page.written.versions[-1:]:
            self._add(version.text, "Lead")
