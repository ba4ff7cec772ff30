"""What a button or a word leads to: a view, or the beginning of a flow."""

from __future__ import annotations

from typing import Any

from bot.domain.refusals import Refusal
from bot.domain.values import dataclass
from bot.domain.words import Words
from bot.messages import Button, View


@dataclass(frozen=True, slots=True)
class Show:
    """Show a view; with `replaces`, in place of the message whose button was pressed.

    With `aloud`, everybody reads it in the channel, under what was typed there.
    """

    view: View
    replaces: bool = False
    aloud: bool = False


@dataclass(frozen=True, slots=True)
class Confide:
    """Show what nobody else may ever find out, such as how the reader has voted: it is written nowhere.

    Where it cannot be shown as the answer to the very event, `invitation` is sent: the way to it, which tells nothing.
    """

    view: View
    invitation: View
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a flow about something, or go on with it where the person left off."""

    flow: str
    about: str
    state: Any


class Declined(Refusal):
    """A refusal that knows what helps; others lead to the person's registrations and the programmes."""

    def __init__(self, reason: Words, *ways: Button) -> None:
        super().__init__(reason)
        self.ways = ways


Outcome = Show | Confide | Start
