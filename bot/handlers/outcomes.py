"""What a button or a word leads to: a view, or the beginning of a flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.messages import View


@dataclass(frozen=True, slots=True)
class Show:
    """Show a view; with `replaces`, in place of the message whose button was pressed.

    With `aloud`, everybody reads it in the channel, under what was typed there.
    """

    view: View
    replaces: bool = False
    aloud: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a flow about something, or go on with it where the person left off."""

    flow: str
    about: str
    state: Any


Outcome = Show | Start
