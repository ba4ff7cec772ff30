"""The fields of a form as Slack's inputs, filled in with what was already typed."""

from __future__ import annotations

from collections.abc import Callable

from bot.adapters.slack.blocks import (
    MAX_LABEL,
    MAX_TEXT,
    Block,
    UnrenderableError,
    labels_that_fit,
    paragraph,
    pieces,
    plain,
    rich,
    size,
    within,
)
from bot.domain.words import Listed, Text, Value, Words
from bot.messages import Answer, ChoiceField, Field, NumberField, Option, TextField

Say = Callable[[Words | int], str]

MAX_NAME = 255  # of a block_id or an action_id
MAX_FIELD_LABEL = 2000  # of a field's label; also of its hint
MAX_VALUE = 150  # of an option's value
_MOST_IN_SIGHT = 10  # radio buttons or checkboxes
_MOST_IN_A_LIST = 100


def field_blocks(field: Field, answer: Answer, refusal: str, *, action: str, say: Say) -> list[Block]:
    """One field: why it was refused, what did not fit in its labels, and the input itself.

    `action` is the form's token: Slack keeps what stands in an input of the same name and action, which is right when
    a form is shown again and wrong in the next form.
    """
    legend: list[str] = []
    if isinstance(field, ChoiceField):
        element, legend = _choice(field, answer, say)
    elif isinstance(field, NumberField):
        element = _number(field, _typed(field, answer, refusal))
    else:
        element = _text(field, _typed(field, answer, refusal))
    blocks = rich([(f"⚠️ {refusal}", True)]) if refusal else []
    if legend:
        blocks += paragraph("\n".join(legend))
    hint = say(field.hint)
    if size(hint) > MAX_FIELD_LABEL:
        blocks += paragraph(hint)
        hint = ""
    blocks.append(_input(field, element, hint, action, say))
    return blocks


def _input(field: Field, element: Block, hint: str, action: str, say: Say) -> Block:
    block: Block = {
        "type": "input",
        "block_id": within(field.name, MAX_NAME, "a field's name"),
        "label": plain(within(say(field.label), MAX_FIELD_LABEL, "a field's label")),
        "optional": not field.required,
        "element": {"action_id": within(action, MAX_NAME, "a form's token"), **element},
    }
    if hint.strip():
        block["hint"] = plain(hint)
    return block


def _typed(field: Field, answer: Answer, refusal: str) -> str:
    """What was typed before; as much of it as an input holds where a refusal tells that it has to be shorter."""
    typed = answer if isinstance(answer, str) else " ".join(answer)
    if size(typed) <= MAX_TEXT:
        return typed
    if not refusal:
        raise UnrenderableError(f"{field.name} holds {size(typed)} characters, and an input has room for {MAX_TEXT}")
    return pieces(typed, MAX_TEXT)[0]


def _text(field: TextField, typed: str) -> Block:
    if field.email and (not typed or "@" in typed):
        element: Block = {"type": "email_text_input"}
    else:
        # What is too long already has to be seen whole, to be shortened.
        room = min(MAX_TEXT, max(field.max_chars, size(typed)))
        element = {"type": "plain_text_input", "multiline": field.long, "max_length": room}
    if typed:
        element["initial_value"] = typed
    return element


def _number(field: NumberField, typed: str) -> Block:
    if typed and not (typed.isascii() and typed.isdecimal() and field.least <= int(typed[:10]) <= field.most):
        # Only an input for text can hold what was typed elsewhere and is no such number.
        return {"type": "plain_text_input", "initial_value": typed}
    limits = {"min_value": str(field.least), "max_value": str(field.most)}
    filled = {"initial_value": typed} if typed else {}
    return {"type": "number_input", "is_decimal_allowed": False, **limits, **filled}


def _choice(field: ChoiceField, answer: Answer, say: Say) -> tuple[Block, list[str]]:
    if not 1 <= len(field.options) <= _MOST_IN_A_LIST:
        raise UnrenderableError(f"{field.name} has {len(field.options)} options; Slack takes 1 to {_MOST_IN_A_LIST}")
    options, legend = _OPTIONS.drawn(field, say)
    chosen = {answer} if isinstance(answer, str) else set(answer)
    picked = [option for option in options if option["value"] in chosen]
    few = len(options) <= _MOST_IN_SIGHT
    if field.many:
        element: Block = {"type": "checkboxes" if few else "multi_static_select", "options": options}
    else:
        element = {"type": "radio_buttons" if few else "static_select", "options": options}
    if picked and field.many:
        element["initial_options"] = picked
    elif picked:
        element["initial_option"] = picked[0]
    return element, legend


Drawn = tuple[list[Block], list[str]]
"""The options as Slack has them, and in full what did not fit in them."""


class _Options:
    """The options that were drawn last of each kind: everybody who opens the same form chooses from the same ones.

    To draw them takes most of a form's time. What is handed out is shared, and must not be changed. Options that hold
    what a person wrote, such as a name, are not kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lately: dict[tuple[Say, str, tuple[str, ...]], tuple[tuple[Option, ...], Drawn]] = {}

    def drawn(self, field: ChoiceField, say: Say) -> Drawn:
        kind = (say, field.name, tuple([option.value for option in field.options]))
        options, found = self._lately.pop(kind, ((), ([], [])))
        if options != field.options:  # a seat was taken meanwhile, or it is another programme
            found = _options(field, say)
            if any(_is_personal(option.label) or _is_personal(option.note) for option in field.options):
                return found
        self._lately[kind] = (field.options, found)
        if len(self._lately) > self._most:
            del self._lately[next(iter(self._lately))]  # what has not been asked for the longest
        return found


_OPTIONS = _Options(most=200)


def _is_personal(words: Value) -> bool:
    """Whether a person may have written some of it: that, and nothing else, is a plain string."""
    match words:
        case Text():
            return any(map(_is_personal, words.values.values()))
        case Listed():
            return any(map(_is_personal, words.items))
        case _:
            return isinstance(words, str) and bool(words)


def _options(field: ChoiceField, say: Say) -> Drawn:
    labels, legend = labels_that_fit([say(option.label) for option in field.options])
    options = []
    for option, label in zip(field.options, labels, strict=True):
        shown: Block = {"text": plain(label), "value": within(option.value, MAX_VALUE, "an option's value")}
        note = say(option.note)
        if size(note) > MAX_LABEL:
            legend.append(f"{label} – {note}")
        elif note.strip():
            shown["description"] = plain(note)
        options.append(shown)
    return options, legend
