"""A view as Teams shows it: an Adaptive Card 1.5, or a line of text.

Words stand in TextRuns only: a TextBlock or a FactSet would follow the Markdown links that people write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.adapters.teams import parting, wire
from bot.adapters.teams.calls import written
from bot.adapters.teams.charts import chart_element
from bot.adapters.teams.parting import CannotShow
from bot.domain.words import Listed, Text, Words, _
from bot.messages import (
    Action,
    Button,
    Card,
    ChoiceField,
    Fact,
    Field,
    Form,
    Item,
    Notice,
    NumberField,
    Option,
    TextField,
    Tone,
    View,
)
from bot.texts import Translator, before_colon, plain

Json = dict[str, Any]

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"

ALERT: Json = {"channelData": {"notification": {"alert": True}}}
"""What puts a message into the activity feed of its reader."""

_SEEN_AT_ONCE = 4  # parts of a form that stand on a telephone without scrolling

MAX_ACTIONS = 6
"""Buttons in one row; Teams leaves out what comes after."""

ROW_WIDTH = 276
"""Pixels for a row of buttons, and the gap after it, on a telephone or in a meeting's chat. Clients begin no new row
themselves: they cut the labels."""

LABEL_CHARS = 26
"""The longest label that stands beside what it tells of; it has a third of the width."""

LABEL_WORD = 12
"""The longest word of such a label on a telephone; clients let it run into what is beside it."""

COLUMN_CHARS = 24
"""The longest word that fits beside a label on a telephone."""

FRAME_CHARS = 40
"""What the frame of a small dialog shows of a title; a longer one stands in the card as well."""

MAX_EXPANDED = 10
"""Options that are shown as boxes to tick; more of them become a list that unfolds."""

ROOMY_BYTES = 27_000
"""A message below this (28 kB with its envelope) arrives whatever way it takes; a longer card is sent as several."""

MAX_BYTES = 80_000
"""Above this Teams may refuse a message (about 100 kB, mentions and the envelope included)."""

_HOW_TO_CHOOSE = {
    "filtered": _("Type to search, or choose from the list"),
    "compact": _("Choose from the list"),
}
"""What stands in a list that is folded: it looks like a field to write in."""

_MENTION_BEGINS = re.compile(r"<(?=\s*/?\s*at\b)", re.IGNORECASE)
_STYLE = {Tone.GOOD: "good", Tone.WARNING: "warning", Tone.PRIMARY: "accent", Tone.DANGER: "attention"}
_BUTTON_STYLE = {Tone.PRIMARY: "positive", Tone.GOOD: "positive", Tone.DANGER: "destructive"}


# --- whole views ----------------------------------------------------------------------------------------------------


def card(view: View, translator: Translator, *, dialog: bool, refreshes: bool = False) -> Json:
    """The view as the content of a dialog (task module), or as a card in the chat. Raises `CannotShow`."""
    return _checked(_draw(view, _Pen(translator, dialog=dialog), refreshes=refreshes))


def activities(
    view: View, translator: Translator, *, refreshes: bool = False, alerts: bool = False
) -> tuple[Json, ...]:
    """The view as messages: one, or several when one would be too long. Raises `CannotShow`.

    With `refreshes`, a card that says how it is drawn again is, whenever somebody looks at it. One in several messages
    is not: each of them would become the whole. With `alerts`, the first message also stands in the reader's activity
    feed, which an answer to what they just did should not.
    """
    pen = _Pen(translator, dialog=False)
    first, *others = _messages(view, pen, refreshes=refreshes)
    return (first | ALERT if alerts else first, *others)


def _messages(view: View, pen: _Pen, *, refreshes: bool) -> tuple[Json, ...]:
    whole = _message(view, pen, refreshes=refreshes)
    if isinstance(view, Form):
        return (_checked(whole),)  # what is answered together stays together
    if _is_roomy(whole):
        return (whole,)
    parts = parting.parts(view, pen.translator, lambda part: _is_roomy(_message(part, pen)))
    return tuple(_checked(_message(part, pen)) for part in parts)


def activity(view: View, translator: Translator, *, refreshes: bool = False) -> Json:
    """The view as exactly one message, such as one that replaces another. Raises `CannotShow`."""
    return _checked(_message(view, _Pen(translator, dialog=False), refreshes=refreshes))


def title(view: View, translator: Translator) -> str:
    """What stands in the frame of the dialog."""
    return "" if isinstance(view, Notice) else inert(translator.say(view.title))


def _message(view: View, pen: _Pen, *, refreshes: bool = False) -> Json:
    message: Json = {"type": "message"}
    if isinstance(view, Notice):
        return {**message, "text": pen.say(view.text), "textFormat": "plain"}
    content = _draw(view, pen, refreshes=refreshes)
    attachment = {"contentType": CONTENT_TYPE, "content": content}
    return {**message, "summary": inert(plain(view, pen.translator)), "attachments": [attachment]}


def _is_roomy(message: Json) -> bool:
    """Counted with every letter beyond ASCII written as an escape, which makes it three times as long at most."""
    return 3 * len(written(message)) <= ROOMY_BYTES or len(json.dumps(message, separators=(",", ":"))) <= ROOMY_BYTES


def _checked(drawn: Json) -> Json:
    """The same, once it is certain that Teams takes it. Its size is counted in UTF-16, as Teams does."""
    sent = written(drawn)
    size = 2 * len(sent)
    if size > MAX_BYTES:  # not all of them need be letters
        size = 2 * len(sent.decode())
    if size > MAX_BYTES:
        raise CannotShow(f"{size} bytes, and Teams takes {MAX_BYTES}")
    return drawn


def _draw(view: View, pen: _Pen, *, refreshes: bool = False) -> Json:
    drawn: Json = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": pen.translator.language.value,
        "body": pen.body(view),
    }
    if pen.dialog:
        return drawn
    if refreshes and isinstance(view, Card) and view.refresh is not None:
        # Without userIds Teams asks for everybody who looks, in a conversation of at most 60.
        action = {"type": "Action.Execute", "verb": "refresh", "data": wire.refresh_data(view.refresh)}
        drawn["refresh"] = {"action": action}
    return {**drawn, "msteams": {"width": "Full"}}


def inert(text: str) -> str:
    """The same words to the eye, but nothing that a client would act on: no mention, no date function."""
    if "<" in text:
        text = _MENTION_BEGINS.sub("<\N{ZERO WIDTH SPACE}", text)
    return text.replace("{{", "{\N{ZERO WIDTH SPACE}{")


def _inert_choice(text: str) -> str:
    """One line that is also free of Markdown links: some clients interpret the titles of choices."""
    return re.sub(r"\](?=[(\[:])", "]\N{ZERO WIDTH SPACE}", inert(" ".join(text.split())))


# --- pieces ---------------------------------------------------------------------------------------------------------


class _Pen:
    """Draws the pieces of a card in one language, for the chat or for a dialog."""

    def __init__(self, translator: Translator, *, dialog: bool) -> None:
        self.translator = translator
        self.dialog = dialog
        self._items: dict[int, tuple[Item, Json]] = {}

    def say(self, words: Words) -> str:
        return self._say(words)

    def _say(self, words: Words | int) -> str:
        return inert(self.translator.say(words))

    def body(self, view: View) -> list[Json]:
        match view:
            case Form():
                return self.form(view)
            case Card():
                return self.card(view)
            case Notice():
                return self.text(view.text)

    # Cards

    def card(self, view: Card) -> list[Json]:
        body = [*self._header(view.title, view.tone)]
        for words in view.body:
            body += self.text(words)
        if view.chart is not None:
            body += chart_element(view.chart, self._say)
        body += self._facts(view.facts)
        body += [self._once(item) for item in view.items]
        closing = (self._close(),) if self.dialog else ()
        rows = _rows([*map(self._button, view.buttons), *closing])
        body += _set_apart(rows) if view.items else rows
        return body + self.text(view.footnote, size="Small", isSubtle=True)

    def _once(self, item: Item) -> Json:
        """The item drawn, once however often its card is tried in fewer or more parts."""
        if id(item) not in self._items:
            self._items[id(item)] = (item, self._item(item))  # which holds it, so that no other gets its id
        return self._items[id(item)][1]

    def _item(self, item: Item) -> Json:
        inside = self.text(item.title, weight="Bolder")
        for line in item.lines:
            inside += _tight(self.text(line))
        inside += _tight(self._facts(item.facts))
        inside += _rows([self._button(button) for button in item.buttons])
        return {"type": "Container", "separator": True, "spacing": "Medium", "items": inside}

    def _header(self, words: Words, tone: Tone) -> list[Json]:
        """The title, in a coloured band when the card has a tone; a dialog shows short ones in its frame already."""
        if self.dialog and tone is Tone.PLAIN and len(self.say(words)) <= FRAME_CHARS:
            return []
        lines = self.text(words, size="Large", weight="Bolder")
        if tone not in _STYLE or not lines:
            return lines
        return [{"type": "Container", "style": _STYLE[tone], "bleed": True, "items": lines}]

    # Words

    def text(self, words: Words, **look: str | bool) -> list[Json]:
        """One block a line: a TextRun knows no line breaks."""
        lines = [line for line in self.say(words).splitlines() if line.strip()]
        blocks = [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line, **look}]} for line in lines]
        return blocks[:1] + _tight(blocks[1:])

    def _facts(self, facts: Iterable[Fact]) -> list[Json]:
        drawn = [self._fact(fact) for fact in facts]
        return drawn[:1] + _tight(drawn[1:])

    def _fact(self, fact: Fact) -> Json:
        """Two columns; one below the other when a word, such as an address, is wider than its column."""
        label, value = self.text(fact.label, isSubtle=True), self.text(fact.value)
        if not _is_narrow(self.say(fact.label), self.say(fact.value)):
            return {"type": "Container", "items": [*label, *_tight(value, "None")]}
        columns = [{"type": "Column", "width": width, "items": items} for width, items in ((1, label), (2, value))]
        return {"type": "ColumnSet", "columns": columns}

    # Forms

    def form(self, form: Form) -> list[Json]:
        body: list[Json] = []
        if refusal := self.text(form.refusal or self._refused_fields(form), weight="Bolder"):
            body.append({"type": "Container", "style": "attention", "bleed": True, "items": refusal})
        body += self._header(form.title, Tone.PLAIN)
        for words in form.intro:
            body += self.text(words)
        body += self._facts(form.facts)
        body += [self._item(item) for item in form.items]
        body += [self._field(field, form) for field in form.fields]
        return body + _rows(list(self._form_actions(form)))

    def _refused_fields(self, form: Form) -> Words:
        """Which fields are refused: a form is shown from its top, and what they say may stand far below."""
        labels = (self.translator.say(field.label) for field in form.fields if field.name in form.errors)
        refused = tuple(map(before_colon, labels))  # a comma follows as well
        is_short = len(form.fields) + len(form.facts) + len(form.intro) + len(form.items) < _SEEN_AT_ONCE
        return "" if is_short or not refused else _("Please look again at: {fields}", fields=Listed(refused))

    def _field(self, field: Field, form: Form) -> Json:
        error = self.text(form.errors.get(field.name, ""), color="Attention", weight="Bolder")
        hint = self.text(field.hint, isSubtle=True, size="Small")
        entry = self._input(field, form.values.get(field.name, ""))
        return {"type": "Container", "spacing": "Medium", "items": [entry, *_tight(error), *_tight(hint)]}

    def _input(self, field: Field, value: str | tuple[str, ...]) -> Json:
        entry: Json = {"id": wire.input_id(field), "label": self.say(field.label)}
        if field.required:
            entry |= {"isRequired": True, "errorMessage": self.say(_why_required(field))}
        match field:
            case TextField():
                return entry | _text_input(field, _joined(value))
            case NumberField():
                return entry | self._number_input(field, _joined(value))
            case ChoiceField():
                return entry | self._choice_input(field, value)

    def _number_input(self, field: NumberField, value: str) -> Json:
        if value and not value.isdecimal():
            return {"type": "Input.Text", "value": value}  # what was typed stays, although it is no number
        within = _("Please write a whole number from {least} to {most}.", least=field.least, most=field.most)
        entry: Json = {"type": "Input.Number", "min": field.least, "max": field.most, "errorMessage": self.say(within)}
        return entry | ({"value": int(value)} if value else {})

    def _choice_input(self, field: ChoiceField, value: str | tuple[str, ...]) -> Json:
        choices = [self._choice(field, option) for option in field.options]
        begin = wire.chosen(field, value)
        style = _choice_style(field, choices, begin)
        entry: Json = {"type": "Input.ChoiceSet", "choices": choices, "isMultiSelect": field.many, "style": style}
        entry |= {"wrap": True, **({"value": begin} if begin else {})}
        return entry | ({"placeholder": self.say(_HOW_TO_CHOOSE[style])} if style in _HOW_TO_CHOOSE else {})

    def _choice(self, field: ChoiceField, option: Option) -> Json:
        said = [self.translator.say(words) for words in (option.label, option.note)]
        title = _inert_choice(" – ".join(words for words in said if words))
        return {"title": title, "value": wire.option_value(field, option.value)}

    def _form_actions(self, form: Form) -> Iterator[Json]:
        if form.can_go_back:
            back = self._ours("back", _("Back"), wire.back_data(form.token))
            yield self._with_fallback(back | {"associatedInputs": "none"})
        submit = self._ours("form", form.submit, wire.form_data(form.token))
        yield self._with_fallback(submit | {"style": "positive"})

    # Buttons

    def _button(self, button: Button) -> Json:
        look = {"style": _BUTTON_STYLE[button.tone]} if button.tone in _BUTTON_STYLE else {}
        if button.action is None:
            return {"type": "Action.OpenUrl", "title": self.say(button.label), "url": _web(button.url)} | look
        if button.opens_form and not self.dialog:
            data = wire.dialog_data(button.action)
            return {"type": "Action.Submit", "title": self.say(button.label), "data": data} | look
        return self._with_fallback(self._do(button, button.action) | look)

    def _do(self, button: Button, action: Action) -> Json:
        return self._ours("do", button.label, wire.action_data(action)) | {"associatedInputs": "none"}

    def _ours(self, verb: str, label: Words, data: Json) -> Json:
        """A button that comes back to us. Dialogs know Action.Submit only."""
        kind = {"type": "Action.Submit"} if self.dialog else {"type": "Action.Execute", "verb": verb}
        return kind | {"title": self.say(label), "data": data}

    def _with_fallback(self, action: Json) -> Json:
        """For clients that do not know Action.Execute: the same as an Action.Submit."""
        if action["type"] != "Action.Execute":
            return action
        submit = {key: value for key, value in action.items() if key != "verb"} | {"type": "Action.Submit"}
        return action | {"fallback": submit}

    def _close(self) -> Json:
        return self._ours("close", _("Close"), wire.close_data()) | {"associatedInputs": "none"}


def _tight(blocks: list[Json], spacing: str = "Small") -> list[Json]:
    return [block | {"spacing": spacing} for block in blocks]


def _set_apart(rows: list[Json]) -> list[Json]:
    """The buttons of a whole card below a list: without a line they would seem to be those of its last entry."""
    return [row | {"separator": True, "spacing": "Medium"} for row in rows[:1]] + rows[1:]


def _is_narrow(label: str, value: str) -> bool:
    """Whether the two fit beside each other on a telephone."""
    return len(label) <= LABEL_CHARS and _longest_word(label) <= LABEL_WORD and _longest_word(value) <= COLUMN_CHARS


def _longest_word(words: str) -> int:
    return max(map(len, words.split()), default=0)


def _rows(actions: list[Json]) -> list[Json]:
    """Buttons in rows that a narrow window can show whole."""
    rows: list[list[Json]] = []
    for action in actions:
        if rows and len(rows[-1]) < MAX_ACTIONS and sum(map(_width, [*rows[-1], action])) <= ROW_WIDTH:
            rows[-1].append(action)
        else:
            rows.append([action])
    drawn: list[Json] = [{"type": "ActionSet", "actions": row} for row in rows]
    return drawn[:1] + _tight(drawn[1:])


def _width(action: Json) -> int:
    """About how many pixels a button takes: its letters, its inner margins and the gap beside it."""
    return max(72, 7 * len(action["title"]) + 40)


def _text_input(field: TextField, value: str) -> Json:
    entry: Json = {"type": "Input.Text", "maxLength": field.max_chars}
    if field.long:
        entry["isMultiline"] = True
    elif field.email:
        entry["style"] = "Email"
    return entry | ({"value": value} if value else {})


def _choice_style(field: ChoiceField, choices: list[Json], begin: str) -> str:
    """How the choices are shown: `filtered` is a list that shrinks while one types.

    In such a list clients know what was chosen by its title alone, so that of two with the same title they return the
    first; and what it begins with they show as our own id, or not at all.
    """
    if len(choices) <= MAX_EXPANDED:
        return "expanded"
    titles = {choice["title"] for choice in choices}
    return "compact" if field.many or begin or len(titles) < len(choices) else "filtered"


def _why_required(field: Field) -> Text:
    if isinstance(field, ChoiceField):
        return _("Please choose at least one.") if field.many else _("Please choose one.")
    return _("Please fill this in.")


def _joined(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else " ".join(value)


def _web(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise CannotShow("a button leads to something that is no web address")
    return url
