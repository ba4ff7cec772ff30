"""What our buttons and fields carry inside Teams' cards, and how it is read when it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.flows.buttons import MINE, PROGRAMME, PROGRAMMES, STATUS
from bot.handlers.events import Pressed, Submitted, WentBack
from bot.messages import Action, Answer, ChoiceField, Field

ONE = "one-"
MANY = "many-"
"""How the id of an input begins: Teams returns several choices as one string, so the id says whether to split it."""

CLOSE = "close"
"""Carried by the button that only closes a dialog."""

REFRESHABLE = frozenset({MINE, PROGRAMME, PROGRAMMES, STATUS})
"""The actions that only read. Teams asks for a refresh when nobody has pressed anything: nothing else may follow."""


def action_data(action: Action) -> dict[str, Any]:
    """What a button of ours carries."""
    return {"do": str(action)}


def dialog_data(action: Action) -> dict[str, Any]:
    """What an Action.Submit carries that makes Teams ask for a dialog (task module)."""
    return {"msteams": {"type": "task/fetch"}, **action_data(action)}


def refresh_data(action: Action) -> dict[str, Any]:
    """What Teams sends by itself when somebody looks at a card again; never to be taken for a press."""
    return {"refresh": str(action)}


def form_data(token: str) -> dict[str, Any]:
    """What the button that submits a form carries, beside the answers."""
    return {"form": token}


def back_data(token: str) -> dict[str, Any]:
    """What a form's back button carries."""
    return {"back": token}


def close_data() -> dict[str, Any]:
    """What the button that closes a dialog carries."""
    return {CLOSE: True}


def input_id(field: Field) -> str:
    """The id of the input that a field is drawn as."""
    many = isinstance(field, ChoiceField) and field.many
    return f"{MANY if many else ONE}{field.name}"


def option_value(field: ChoiceField, value: str) -> str:
    """An option's value; where several are returned joined by commas, it holds none itself."""
    return value.replace("%", "%25").replace(",", "%2C") if field.many else value


def chosen(field: ChoiceField, answer: Answer) -> str:
    """What the choice begins with."""
    values = (answer,) if isinstance(answer, str) else answer
    return ",".join(option_value(field, value) for value in values if value)


def read(data: object, *, reference: str = "") -> Pressed | Submitted | WentBack | None:
    """What a press or a submitted card says; None when it is not one of ours. Untrusted."""
    if not isinstance(data, Mapping):
        return None
    if isinstance(token := data.get("back"), str):
        return WentBack(token)
    if isinstance(token := data.get("form"), str):
        return Submitted(token, answers(data))
    if isinstance(do := data.get("do"), str) and do:
        return Pressed(Action.parse(do), reference)
    return None


def read_refresh(data: object) -> Action | None:
    """What draws the card again that is being looked at; None when it is no refresh, or not one of ours. Untrusted."""
    wanted = data.get("refresh") if isinstance(data, Mapping) else None
    action = Action.parse(wanted) if isinstance(wanted, str) else None
    return action if action is not None and action.do in REFRESHABLE else None


def answers(data: Mapping[str, Any]) -> dict[str, Answer]:
    """Field name → what was typed or chosen."""
    found: dict[str, Answer] = {}
    for key, value in data.items():
        if key.startswith(ONE):
            found[key.removeprefix(ONE)] = _typed(value)
        elif key.startswith(MANY):
            found[key.removeprefix(MANY)] = tuple(_value(part) for part in _typed(value).split(",") if part)
    return found


def _typed(value: object) -> str:
    """Text as it is; a number as it is written. Anything else was not made by our inputs."""
    match value:
        case bool():
            return ""
        case str():
            return value
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
    return ""


def _value(joined: str) -> str:
    return joined.replace("%2C", ",").replace("%25", "%")
