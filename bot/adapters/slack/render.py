"""Views as Slack shows them: messages, modals and the Home tab."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator
from itertools import count

from bot.adapters.slack.blocks import (
    MAX_BUTTON_VALUE,
    MAX_URL,
    Block,
    Run,
    UnrenderableError,
    divider,
    heading,
    labels_that_fit,
    paragraph,
    plain,
    rich,
    rows,
    size,
    small_print,
    within,
    words,
)
from bot.adapters.slack.charts import CHART, chart_block
from bot.adapters.slack.fields import Say, field_blocks
from bot.domain.words import _
from bot.messages import Button, Card, Fact, Form, Item, Notice, Tone, View
from bot.texts import Translator, before_colon

PRODUCT = "Lärträff"
FORM = "form"
"""The callback_id of every modal that holds a form; its token is the private_metadata."""

BACK = "back"
"""The action_id of a form's back button."""

_MAX_BLOCKS = 50  # in a message
_MAX_BLOCKS_OF_A_VIEW = 100  # in a modal or the Home tab
_MAX_VIEW_BYTES = 250_000
_MAX_MESSAGE = 3900  # characters: chat.update refuses a text above 4,000, and the text says all that the blocks say
_MAX_TITLE = 24  # of a modal; also of its submit and close buttons
_MAX_METADATA = 3000

_MARKS = {Tone.GOOD: "✅ ", Tone.WARNING: "⚠️ "}
_STYLES = {Tone.PRIMARY: "primary", Tone.DANGER: "danger"}
_CANCEL, _CLOSE, _GO_BACK = _("Cancel"), _("Close"), _("Back")


def messages(view: View, translator: Translator) -> tuple[Block, ...]:
    """The view as the `text` and `blocks` of one message, or of several when one has no room for it.

    The text says all that the blocks say: it is what a screen reader reads. Raises `UnrenderableError` for a form:
    those open as modals only.
    """
    if isinstance(view, Form):
        raise UnrenderableError("a form is shown as a modal, not as a message")
    pages = _pages([(block, _spoken(block)) for block in part] for part in _parts(view, translator.say))
    if not pages:
        raise UnrenderableError("the view says nothing")
    return tuple(
        {"text": "\n".join([said for _, said in page if said]), "blocks": [block for block, _ in page]}
        for page in pages
    )


def modal(view: View, translator: Translator) -> Block:
    """The view as a modal: a form to fill in, or a card or notice that closes the conversation."""
    say = translator.say
    if isinstance(view, Form):
        title, above = _title(say(view.title))
        frame = {
            "title": plain(title),
            "callback_id": FORM,
            "private_metadata": _metadata(view.token),
            "submit": plain(within(say(view.submit), _MAX_TITLE, "a submit label")),
            "close": plain(within(say(_CANCEL), _MAX_TITLE, "a close label")),
        }
        return _view("modal", above + _form(view, say) or heading(title), frame)
    close = plain(within(say(_CLOSE), _MAX_TITLE, "a close label"))
    if isinstance(view, Notice):
        return _view("modal", _notice(view, say), {"title": plain(PRODUCT), "close": close})
    title, above = _title(_card_title(view, say))
    body = above + list(_flat(_card_parts(view, say)))
    return _view("modal", body or heading(title), {"title": plain(title), "close": close})


def home(view: View, translator: Translator) -> Block:
    """The view as a person's Home tab."""
    if isinstance(view, Form):
        raise UnrenderableError("a form is shown as a modal, not on the Home tab")
    return _view("home", list(_flat(_parts(view, translator.say))), {})


def _view(kind: str, blocks: list[Block], frame: Block) -> Block:
    blocks = [block for block in blocks if block["type"] != CHART]  # only messages have room for charts
    if len(blocks) > _MAX_BLOCKS_OF_A_VIEW:
        blocks = [block for block in blocks if block["type"] != "divider"]
    if len(blocks) > _MAX_BLOCKS_OF_A_VIEW:
        raise UnrenderableError(f"the view has {len(blocks)} blocks, and Slack takes {_MAX_BLOCKS_OF_A_VIEW}")
    if not blocks:
        raise UnrenderableError("the view says nothing")
    view: Block = {"type": kind, "blocks": blocks, **frame}
    if len(blocks) > 20 and len(json.dumps(view)) > _MAX_VIEW_BYTES:
        raise UnrenderableError(f"the view is larger than {_MAX_VIEW_BYTES} bytes")
    return view


def _title(title: str) -> tuple[str, list[Block]]:
    """A modal's own title, and the blocks that say in full what did not fit in it."""
    if title.strip() and size(title) <= _MAX_TITLE:
        return title, []
    return PRODUCT, heading(title)


def _metadata(token: str) -> str:
    if size(token) > _MAX_METADATA:
        raise UnrenderableError(f"a form's token is longer than {_MAX_METADATA} characters")
    return token


# Forms


def _form(form: Form, say: Say) -> list[Block]:
    blocks = rich([(f"⚠️ {say(form.refusal)}", True)]) if form.refusal else []
    for line in form.intro:
        blocks += paragraph(say(line))
    if form.facts:
        blocks += rich(_facts(form.facts, say))
    if form.items:
        blocks += rich(_spaced(form.items, say))
    action = form.token or FORM
    for field in form.fields:
        answer = form.values.get(field.name, "")
        refusal = say(form.errors.get(field.name, ""))
        blocks += field_blocks(field, answer, refusal, action=action, say=say)
    if form.can_go_back:
        blocks.append({"type": "actions", "elements": [_back(form, say)]})
    return blocks


def _back(form: Form, say: Say) -> Block:
    return {"type": "button", "action_id": BACK, "text": plain(f"← {say(_GO_BACK)}"), "value": form.token}


# Cards and notices


def _parts(view: Card | Notice, say: Say) -> Iterator[list[Block]]:
    """The view in parts, each of which is kept together on a page when it can be."""
    if isinstance(view, Notice):
        yield _notice(view, say)
    else:
        yield heading(_card_title(view, say))
        yield from _card_parts(view, say)


def _notice(notice: Notice, say: Say) -> list[Block]:
    return paragraph(_MARKS.get(notice.tone, "") + say(notice.text))


def _card_title(card: Card, say: Say) -> str:
    return _MARKS.get(card.tone, "") + say(card.title)


def _card_parts(card: Card, say: Say) -> Iterator[list[Block]]:
    number = count()
    for line in card.body:
        yield paragraph(say(line))
    if card.chart is not None:
        yield chart_block(card.chart, say)
    yield rich(_facts(card.facts, say))
    yield from _items(card.items, number, say)
    if card.buttons:
        apart = [divider()] if any(item.buttons for item in card.items) else []
        yield apart + _buttons(card.buttons, number, say)
    if card.footnote:
        yield small_print(say(card.footnote))


def _items(items: tuple[Item, ...], number: Iterator[int], say: Say) -> Iterator[list[Block]]:
    """Each entry with its own buttons; entries without buttons follow each other in common blocks."""
    if not any(item.buttons for item in items):
        yield from ([block] for block in rich(_spaced(items, say)))
        return
    for item in items:
        yield [divider(), *rich(_item(item, say)), *_buttons(item.buttons, number, say)]


def _spaced(items: Iterable[Item], say: Say) -> list[Run]:
    runs: list[Run] = []
    for item in items:
        if runs:
            runs.append(("\n\n", False))
        runs += _item(item, say)
    return runs


def _item(item: Item, say: Say) -> list[Run]:
    runs = [(say(item.title), True)]
    runs += [(f"\n{say(line)}", False) for line in item.lines]
    if item.facts:
        runs.append(("\n", False))
        runs += _facts(item.facts, say)
    return runs


def _facts(facts: tuple[Fact, ...], say: Say) -> list[Run]:
    runs: list[Run] = []
    for fact in facts:
        new_line = "\n" if runs else ""
        runs.append((f"{new_line}{before_colon(say(fact.label))}: ", True))
        runs.append((say(fact.value), False))
    return runs


def _buttons(buttons: tuple[Button, ...], number: Iterator[int], say: Say) -> list[Block]:
    labels, legend = labels_that_fit([say(button.label) for button in buttons])
    drawn = [_button(button, label, next(number)) for button, label in zip(buttons, labels, strict=True)]
    return [*paragraph("\n".join(legend)), *rows(drawn)]


def _button(button: Button, label: str, number: int) -> Block:
    drawn: Block = {"type": "button", "text": plain(label)}
    if button.action is None:
        drawn["action_id"] = f"link:{number}"
        drawn["url"] = within(button.url, MAX_URL, "a button's address")
    else:
        drawn["action_id"] = f"do:{number}"
        drawn["value"] = within(str(button.action), MAX_BUTTON_VALUE, "a button's action")
    if button.tone in _STYLES:
        drawn["style"] = _STYLES[button.tone]
    return drawn


# Pages


def _flat(parts: Iterable[list[Block]]) -> Iterator[Block]:
    for part in parts:
        yield from part


Spoken = tuple[Block, str]
"""A block, and its words in the text of the message."""


def _pages(parts: Iterable[list[Spoken]]) -> list[list[Spoken]]:
    """The parts on as few pages as have room for them, in order; only a part too large for a page is divided."""
    pages: list[list[Spoken]] = [[]]
    letters = 0  # on the last page
    for part in parts:
        for together in [part] if _fits(len(part), _letters(part)) else [[block] for block in part]:
            more = _letters(together)
            if _fits(len(pages[-1]) + len(together), letters + more):
                pages[-1] += together
                letters += more
            else:
                pages.append(list(together))
                letters = more
    return [page for page in pages if page]


def _spoken(block: Block) -> str:
    """What a block says, as the text of a message has it: there, unlike in the blocks, Slack reads marks."""
    return html.escape(words(block), quote=False)


def _letters(spoken: list[Spoken]) -> int:
    return sum([size(said) + 1 for _, said in spoken])


def _fits(blocks: int, letters: int) -> bool:
    """Whether a message has room for so much."""
    return blocks <= _MAX_BLOCKS and letters <= _MAX_MESSAGE
