"""A view that is too long for one message, parted into several: nothing is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.words import _
from bot.messages import Card, Form, Item, Notice, View
from bot.texts import Translator

Fits = Callable[[View], bool]


class CannotShow(ValueError):
    """There is no shape in which Teams could show the view whole."""


def parts(view: View, translator: Translator, fits: Fits) -> tuple[View, ...]:
    """The view in as many pieces as it takes for each to fit. Raises `CannotShow`."""
    match view:
        case Form():
            return (view,)  # what is answered together stays together
        case Notice():
            return tuple(_notices(view, translator, fits))
        case Card():
            return _numbered(_joined(_cards(view, translator, fits), fits))


def _notices(notice: Notice, translator: Translator, fits: Fits) -> list[Notice]:
    if fits(notice):
        return [notice]
    halves = [replace(notice, text=half) for half in _halved(translator.say(notice.text))]
    return [piece for half in halves for piece in _notices(half, translator, fits)]


def _cards(card: Card, translator: Translator, fits: Fits) -> list[Card]:
    if fits(card):
        return [card]
    return [piece for half in _halves(card, translator) for piece in _cards(half, translator, fits)]


def _joined(cards: list[Card], fits: Fits) -> list[Card]:
    """As few pieces as may be: neighbours that were parted for the sake of others stand together again."""
    found = cards[:1]
    for card in cards[1:]:
        both = _both(found[-1], card)
        if both is not None and fits(both):
            found[-1] = both
        else:
            found.append(card)
    return found


def _both(first: Card, second: Card) -> Card | None:
    """Two neighbours as one card; None where that would change the order in which they are read."""
    begins_anew = second.body or (second.facts and first.items) or second.chart
    same_item = first.items and second.items and first.items[-1].title == second.items[0].title
    if begins_anew or same_item:
        return None
    return replace(first, facts=first.facts + second.facts, items=first.items + second.items, buttons=second.buttons)


def _numbered(cards: list[Card]) -> tuple[Card, ...]:
    """Tell people that there is more to come: the titles say which part of how many."""
    if len(cards) == 1:
        return tuple(cards)
    return tuple(_numbered_card(card, number, len(cards)) for number, card in enumerate(cards, 1))


def _numbered_card(card: Card, number: int, of: int) -> Card:
    return replace(card, title=_("{title} ({number} of {parts})", title=card.title, number=number, parts=of))


def _halves(card: Card, translator: Translator) -> tuple[Card, Card]:
    """The card in two, parted where it hurts least; the buttons stand under the second."""
    first = replace(card, buttons=())
    if card.items and (card.body or card.facts or card.chart):
        return replace(first, items=()), replace(card, body=(), facts=(), chart=None)
    if card.items:
        return _halved_items(first, card, translator)
    if card.chart and (card.body or card.facts):
        return replace(first, chart=None), replace(card, body=(), facts=())
    if card.body and card.facts:
        return replace(first, facts=()), replace(card, body=())
    if len(card.facts) > 1:
        middle = len(card.facts) // 2
        return replace(first, facts=card.facts[:middle]), replace(card, facts=card.facts[middle:])
    if len(card.body) > 1:
        middle = len(card.body) // 2
        return replace(first, body=card.body[:middle]), replace(card, body=card.body[middle:])
    if card.body:
        before, after = _halved(translator.say(card.body[0]))
        return replace(first, body=(before,)), replace(card, body=(after,))
    raise CannotShow("a single title, label or row of buttons is too long for a message")


def _halved_items(first: Card, second: Card, translator: Translator) -> tuple[Card, Card]:
    if len(first.items) > 1:
        middle = len(first.items) // 2
        return replace(first, items=first.items[:middle]), replace(second, items=second.items[middle:])
    item = first.items[0]
    begins, ends = _halves(Card(item.title, item.lines, item.facts), translator)
    return (
        replace(first, items=(Item(item.title, begins.body, begins.facts),)),
        replace(second, items=(Item(item.title, ends.body, ends.facts, item.buttons),)),
    )


def _halved(text: str) -> tuple[str, str]:
    """The text in two, parted between words near the middle."""
    if len(text) < 2:
        raise CannotShow("there is nothing left to part")
    gap = text.find(" ", len(text) // 2)
    middle = gap if 0 < gap < len(text) - 1 else len(text) // 2
    return text[:middle], text[middle:]
