"""The Word document of one person's red thread: their challenge, and what they took with them from each meeting."""

from __future__ import annotations

from bot.documents.dossier import Voice
from bot.documents.manuscript import Manuscript
from bot.documents.own_page import TITLE, OwnPage, heading
from bot.texts import Translator


def word_file(page: OwnPage, translator: Translator) -> bytes:
    """The document as a .docx file: whose it is, the challenge as it stands, and all that was written, in order."""
    say = Voice(translator)
    written = Manuscript(say, page.programme, TITLE, author=page.name, at=page.at)
    written.edges(page.programme.title)
    written.begin(TITLE, page.name)
    if len(page.written.versions) > 1:  # how it stands in the end; a single version stands below
        written.add(page.written.versions[-1].text, "Lead")
    for entry in page.written.entries:
        written.add(say.line(heading(page, entry)), "heading 1")
        written.add(entry.text, "Normal")
    return written.file()
