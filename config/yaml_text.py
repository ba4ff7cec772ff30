"""A YAML text turned into its outermost section, or refused with the place at which it cannot be read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from config.problems import Notes, Problem
from config.yaml_sections import Section

_ODD = "\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000"
_ODD_SPACE = re.compile(rf"^ *-? *[{_ODD}]|[:-][{_ODD}]")
"""A space that a word processor makes, where YAML only knows the ordinary one."""


def root(text: str, notes: Notes) -> Section | None:
    """The outermost section of a YAML text; None, with a note, when it is none."""
    try:
        node = composed(text)
    except MarkedYAMLError as error:
        notes.problems.append(_odd_space(error, text, notes.file) or _unreadable(error, notes.file))
        return None
    except (YAMLError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error).splitlines()[0]
        notes.problems.append(Problem(notes.file, 1, 1, f"cannot be read as YAML: {reason}"))
        return None
    if not isinstance(node, MappingNode):
        notes.problems.append(Problem(notes.file, 1, 1, "must consist of lines such as `title: Masterclass`"))
        return None
    if _has_alias(node, notes, set()):
        return None
    return Section(node, "programme", notes)


def composed(text: str) -> Node | None:
    """The parts of a YAML text, each with its place. Raises `YAMLError`; `RecursionError` when nested too deeply."""
    node: Node | None = YAML(typ="safe", pure=True).compose(io.StringIO(text))
    return node


def _odd_space(error: MarkedYAMLError, text: str, file: str) -> Problem | None:
    """The space from Word that makes the line, or the one before it, unreadable: nobody can see it."""
    lines = text.split("\n")
    last = error.problem_mark.line if error.problem_mark else 0
    for number in range(min(last, len(lines) - 1), max(last - 2, -1), -1):
        found = _ODD_SPACE.search(lines[number])
        if found:
            reason = "this space is no ordinary one, as Word and web pages make them: type it again"
            return Problem(file, number + 1, found.end(), f"cannot be read as YAML: {reason}")
    return None


def _unreadable(error: MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    said = str(error.problem or error.context)
    message = f"cannot be read as YAML: {said}"
    if "mapping values" in said:
        message += "; a text that contains a colon must stand in quotes"
    if "'\\t'" in said:
        message += "; indent with spaces"
    return Problem(file, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, message)


def _has_alias(node: Node, notes: Notes, seen: set[int]) -> bool:
    """Whether a part stands in two places. Aliases could make a small file endless, so they are refused."""
    if id(node) in seen:
        notes.add(node, "anchors (&) and aliases (*) cannot be used here: write the text out in both places")
        return True
    seen.add(id(node))
    return any(_has_alias(child, notes, seen) for child in _children(node))


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from (key, value)
    elif isinstance(node, SequenceNode):
        yield from node.value
