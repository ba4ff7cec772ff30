"""Questions with their answers read from Markdown: headings, bold questions, and lines that begin with F: and S:."""

from __future__ import annotations

import re

from bot.documents.faq_blocks import BELOW_HEADINGS, Heading, Passage, by_heading, is_asking
from bot.documents.faq_cells import Column
from bot.documents.faq_found import Page
from bot.documents.faq_inline import Addresses, escaped, plain

_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+(.*))?$")
_NAMED = re.compile(r"\{#([\w.-]{1,120})(?: lang=(\w\w))?\}$")
_UNDERLINE = re.compile(r"=+$|--+$")
_BOLD_LINE = re.compile(r"(?:\*\*([^*]+)\*\*|__([^_]+)__):?$")
_ASKS = re.compile(r"(?:\*\*|__)?(?:F|Q|(?i:Fråga|Spørsmål|Question)) ?\d{0,3}:(.*)$")
_ANSWERS = re.compile(r"(?:\*\*|__)?(?:S|A|(?i:Svar|Answer)) ?\d{0,3}:(.*)$")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_ITEM = re.compile(r"(\s*)(?:[-*+]|(\d{1,3}[.)]))\s+(.*)$")
_ADDRESS = re.compile(r" {0,3}\[([^\[\]]+)\]:\s*<?([^\s<>]+)>?(?:\s+[\"'(].*)?$")
_BROKEN = re.compile(r"(?<!\\)(?:\\\\)*\\$")  # a backslash at the end that is not itself behind one


def read(text: str) -> Page:
    """The pairs in a text; of each branch of headings the lowest ones with text under them are the questions."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    addresses = {match[1].casefold(): match[2] for line in lines if (match := _ADDRESS.match(line))}
    reader = _Reader(addresses, any_bold=not _has_plain_questions(lines))
    for number, line in enumerate(lines, 1):
        reader.take(number, line)
    return by_heading(reader.blocks())


def _has_plain_questions(lines: list[str]) -> bool:
    """Whether something besides a bold line without a question mark can be a question."""
    stripped = [line.strip() for line in lines]
    bold = [match[1] or match[2] for line in stripped if (match := _BOLD_LINE.match(line))]
    return any(_HEADING.match(line) or _ASKS.match(line) for line in stripped) or any(map(is_asking, bold))


class _Reader:
    """Takes lines, one after the other, and has headings with passages in the end."""

    def __init__(self, addresses: Addresses, *, any_bold: bool) -> None:
        self._addresses = addresses
        self._any_bold = any_bold  # whether a bold line is a question also without a question mark
        self._blocks: list[Heading | Passage] = []
        self._lines: list[str] = []  # of the passage that is being read, with their marks
        self._begins = 0  # the line it begins on
        self._goes_on = False  # whether what comes next belongs to the last line
        self._fenced = False
        self._asked: list[str] = []  # the lines of a question behind F:
        self._asked_at = 0
        self._awaits_answer = False  # behind F:, until there is an S:

    def blocks(self) -> list[Heading | Passage]:
        self._end_question()
        self._end_passage()
        return self._blocks

    def take(self, number: int, line: str) -> None:
        """Take the next line."""
        if _FENCE.match(line):
            self._fenced, self._goes_on = not self._fenced, False
        elif self._fenced:
            self._add(number, escaped(line.rstrip()))
        elif not line.strip():
            self._end_question()
            self._end_paragraph()
        elif not (self._took_label(number, line.strip()) or self._took_heading(number, line) or _ADDRESS.match(line)):
            self._take_text(number, line)

    # F: and S:

    def _took_label(self, number: int, line: str) -> bool:
        asks, answers = _ASKS.match(line), _ANSWERS.match(line)
        if asks:
            self._end_question()
            self._asked, self._asked_at = [_unbold(asks[1])], number
        elif answers and (self._asked or self._awaits_answer):
            self._end_question()
            self._awaits_answer = False
            self._take_text(number, _unbold(answers[1]))
        elif self._asked and not is_asking(self._asked[-1]) and not _HEADING.match(line):
            self._asked.append(line)
        else:
            self._end_question()
            return False
        return True

    def _end_question(self) -> None:
        if self._asked:
            question, self._asked = " ".join(self._asked), []
            self._head(BELOW_HEADINGS, question, self._asked_at)
            self._awaits_answer = True

    # Headings

    def _took_heading(self, number: int, line: str) -> bool:
        marked, bold = _HEADING.match(line), _BOLD_LINE.match(line.strip())
        title = (bold[1] or bold[2]) if bold else ""
        if marked:
            self._head(len(marked[1]), _unclosed(marked[2] or ""), number)
        elif bold and (self._any_bold or is_asking(title)):
            self._head(BELOW_HEADINGS, title.rstrip(" :"), number)
        elif not _UNDERLINE.match(line.strip()):
            return False
        elif self._goes_on:
            self._head(1 if "=" in line else 2, self._lines.pop(), number - 1)
        return True

    def _head(self, level: int, title: str, number: int) -> None:
        self._end_passage()
        self._awaits_answer = False
        named = _NAMED.search(title)
        said = {Column.ID: named[1], Column.LANGUAGE: named[2]} if named else {}
        text = plain(title[: named.start()] if named else title, self._addresses)
        cells = {column: word for column, word in said.items() if word}
        self._blocks.append(Heading(level, " ".join(text.split()), number, cells))

    # Text

    def _take_text(self, number: int, line: str) -> None:
        broken = _BROKEN.search(line)
        words = line[:-1] if broken else line
        item, text = _ITEM.match(words), words.strip()
        if item:
            text = f"{item[1]}{item[2] or '-'} {item[3].strip()}"
        elif text.startswith(">"):
            text = text[1:].lstrip()
        is_bold = bool(_BOLD_LINE.match(text))  # a heading within the answer
        if self._goes_on and not (item or is_bold or text.startswith("|")):
            self._lines[-1] += f" {text}"
        else:
            self._add(number, text)
        self._goes_on = not (broken or is_bold or line.endswith("  "))

    def _add(self, number: int, line: str) -> None:
        if not self._lines:
            self._begins = number
        self._lines.append(line)

    def _end_paragraph(self) -> None:
        self._goes_on = False
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def _end_passage(self) -> None:
        text = "\n".join(plain(line, self._addresses) for line in self._lines).strip()
        if text:
            self._blocks.append(Passage(text, self._begins))
        self._lines, self._goes_on = [], False


def _unbold(text: str) -> str:
    """What stands behind a label, which may be bold itself or together with it."""
    return text.strip().removeprefix("**").removesuffix("**").removeprefix("__").removesuffix("__").strip()


def _unclosed(title: str) -> str:
    """A heading without the # that may close it: `## Anmälan ##`."""
    bare = title.rstrip().rstrip("#")
    return bare.rstrip() if not bare or bare.endswith(" ") else title.rstrip()
