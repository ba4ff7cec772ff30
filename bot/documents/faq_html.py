"""Questions with their answers read from a saved web page: nothing is fetched, and nothing in it is run."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from lxml import etree

from bot.documents.faq_blocks import BELOW_HEADINGS, Heading, Passage, by_heading, is_asking, linked
from bot.documents.faq_cells import Column, joined
from bot.documents.faq_found import Page, Pair, Remark

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEFT_OUT = {"script", "style", "template", "noscript", "svg", "iframe", "object", "head", "select", "textarea"}
_AROUND = {"nav", "header", "footer", "aside"}  # of a page, not of its contents
_BLOCKS = {
    *("address", "article", "blockquote", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
    *("form", "hr", "main", "ol", "p", "pre", "section", "summary", "table", "ul"),
}
_LINES = {"br", "tr"}
_SPACE = re.compile(r"\s+")
_GAP = re.compile(r"\n{3,}")


def read(markup: str) -> Page:
    """The pairs that the page declares for search engines; or else what folds out, is defined, or has a heading."""
    root, line = _parsed(markup)
    if line:
        return Page(remarks=(Remark(line, "is nested too deeply to be read from here on", severe=True),))
    if root is None:
        return Page()
    for found in (_declared, _marked_up, _folded, _defined):
        pairs = tuple(found(root))
        if pairs:
            return Page(pairs, columns=frozenset(column for pair in pairs for column in pair.cells))
    return by_heading(_blocks(_contents(root), _AROUND))


def _parsed(markup: str) -> tuple[Any, int]:
    """The page as a tree, None when there is nothing in it; and the line at which it was given up, or 0."""
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    return root, next((error.line for error in parser.error_log if "depth" in error.message), 0)


# --- What a page has --------------------------------------------------------------------------------------------------


def _declared(root: Any) -> Iterator[Pair]:
    """The questions of schema.org's FAQPage."""
    for script in root.iter("script"):
        if script.get("type", "").strip().lower() == "application/ld+json":
            for question in _questions(script.text or ""):
                pair = _declared_pair(question, script.sourceline)
                if pair.question and pair.answer:
                    yield pair


def _questions(written: str) -> Iterator[dict[str, Any]]:
    """Every node in a JSON text that is a question, in their order."""
    try:
        waiting = [json.loads(written)]
    except (ValueError, RecursionError):
        return
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            if "Question" in _listed(node.get("@type")):
                yield node
            waiting.extend(reversed(list(node.values())))


def _declared_pair(question: dict[str, Any], line: int) -> Pair:
    answers = [one for one in _listed(question.get("acceptedAnswer")) if isinstance(one, dict)]
    texts = [_from_markup(one.get("text")) for one in answers]
    return Pair(" ".join(_from_markup(question.get("name")).split()), "\n\n".join(filter(None, texts)), line)


def _from_markup(value: object) -> str:
    root = _parsed(f"<div>{value}</div>")[0] if isinstance(value, str) else None
    return "" if root is None else _text(root)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _marked_up(root: Any) -> Iterator[Pair]:
    """The same questions where the page's own elements say what they are."""
    for element in root.iter("*"):
        if element.get("itemtype", "").endswith("schema.org/Question"):
            name, text = (element.find(f".//*[@itemprop='{what}']") for what in ("name", "text"))
            if name is not None and text is not None and _line(name) and _text(text):
                yield Pair(_line(name), _text(text), element.sourceline)


def _folded(root: Any) -> Iterator[Pair]:
    """What folds out: `details` with a `summary`; one with others in it is a heading of those."""
    for details in root.iter("details"):
        summary = details.find("summary")
        if summary is not None and details.find(".//details") is None:
            question, answer = _line(summary), _text(details, leave_out=(summary,))
            if question and answer:
                yield Pair(question, answer, details.sourceline)


def _defined(root: Any) -> Iterator[Pair]:
    """Terms with their definitions."""
    for listing in root.iter("dl"):
        parts = list(listing.iter("dt", "dd"))
        begins = [n for n, part in enumerate(parts) if part.tag == "dt" and (n == 0 or parts[n - 1].tag == "dd")]
        for begin, end in zip(begins, [*begins[1:], len(parts)], strict=True):
            yield from _definition(parts[begin:end])


def _definition(parts: list[Any]) -> Iterator[Pair]:
    """One definition. Where several terms stand in a row, the others are other ways to ask."""
    terms = [_line(part) for part in parts if part.tag == "dt"]
    question, *others = [term for term in terms if term] or [""]
    answer = "\n\n".join(filter(None, (_text(part) for part in parts if part.tag == "dd")))
    if question and answer:
        cells = {Column.ALTERNATES: joined(tuple(others))} if others else {}
        yield Pair(question, answer, parts[0].sourceline, cells)


def _contents(root: Any) -> Any:
    """The part of the page that is its own, if it says which."""
    found = next(root.iter("main"), None)
    return root if found is None else found


# --- Text -------------------------------------------------------------------------------------------------------------


def _line(element: Any) -> str:
    return " ".join(_text(element).split())


def _text(element: Any, leave_out: Collection[Any] = ()) -> str:
    """What a person reads in an element: paragraphs, lists, and links with their addresses."""
    return "\n\n".join(block.text for block in _blocks(element, (), leave_out) if block.text)


def _blocks(root: Any, around: Collection[str], leave_out: Collection[Any] = ()) -> Iterator[Heading | Passage]:
    """Headings and the text between them, without a function that calls itself for each level of the page."""
    writing = _Writing()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            writing.end(element)
            writing.write(element.tail if element is not root else "", element.sourceline)
        elif element is root:
            writing.start(element)
        elif (level := _level(element)) and element not in leave_out:
            yield from writing.passage()
            yield Heading(level, _line(element), element.sourceline)
            walk.skip_subtree()
        elif element.tag in _LEFT_OUT or element.tag in around or element in leave_out:
            walk.skip_subtree()
        else:
            writing.start(element)
    yield from writing.passage()


def _level(element: Any) -> int:
    """The level of a heading, or of a paragraph that is a bold question and nothing else; 0 for all others."""
    if element.tag != "p" or len(element) != 1 or element[0].tag not in ("b", "strong"):
        return _HEADINGS.get(element.tag, 0)
    around = f"{element.text or ''}{element[0].tail or ''}".strip()
    return BELOW_HEADINGS if not around and is_asking(_line(element[0])) else 0


class _Writing:
    """Writes elements down as lines, as they begin and end."""

    def __init__(self) -> None:
        self._lines = [""]
        self._begins = 0  # the line of the page on which the text begins
        self._counters: list[int] = []  # of the lists we are in; those without numbers stay below zero
        self._is_marked = False  # a list item has begun and has no words yet
        self._links: list[tuple[int, int]] = []  # where the words of a link begin: line and character

    def start(self, element: Any) -> None:
        tag = element.tag
        if tag in ("ol", "ul"):
            self._break()
            self._counters.append(0 if tag == "ol" else -1_000_000)
        elif tag == "li":
            self._begin_item()
        elif tag in _BLOCKS:
            self._break()
        elif tag in _LINES:
            self._new_line()
        elif tag in ("td", "th") and self._lines[-1]:
            self._lines[-1] += " | "
        elif tag == "a":
            self._links.append((len(self._lines) - 1, len(self._lines[-1])))
        self.write(element.text, element.sourceline)

    def end(self, element: Any) -> None:
        if element.tag in ("ol", "ul") and self._counters:
            self._counters.pop()
        if element.tag in _BLOCKS:
            self._break()
        elif element.tag == "a" and self._links:
            line, begin = self._links.pop()
            words = "\n".join(self._lines[line:])[begin:].strip()
            self._lines[-1] += linked(words, element.get("href", "")).removeprefix(words)

    def write(self, text: str | None, line: int) -> None:
        words = _SPACE.sub(" ", text or "")
        if self._lines[-1] == "" or self._lines[-1].endswith(" "):
            words = words.lstrip(" ")
        if words:
            self._begins = self._begins or line
            self._is_marked = False
            self._lines[-1] += words

    def passage(self) -> Iterator[Passage]:
        """What was written since the last passage."""
        text = _GAP.sub("\n\n", "\n".join(line.rstrip() for line in self._lines)).strip()
        if text:
            yield Passage(text, self._begins)
        self._lines, self._begins = [""], 0

    def _begin_item(self) -> None:
        self._break()
        counters = self._counters or [-1]
        counters[-1] += 1
        marker = f"{counters[-1]}." if counters[-1] > 0 else "-"
        self._lines[-1] = f"{'  ' * (len(counters) - 1)}{marker} "
        self._is_marked = True

    def _new_line(self) -> None:
        if not self._is_marked:
            self._lines.append("")

    def _break(self) -> None:
        """A new paragraph; within a list only a new line."""
        if self._is_marked:
            return
        if self._lines[-1]:
            self._lines.append("")
        if not self._counters and any(self._lines[-2:]):
            self._lines.append("")
