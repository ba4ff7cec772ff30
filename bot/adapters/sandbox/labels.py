"""The sandbox's own words: what stands on the page around the conversations, and on the controls in them."""

from __future__ import annotations

from typing import Final

from bot.domain.words import Text, Value, _
from bot.texts import Translator

_LABELS: Final = {
    # On the controls of a conversation
    "back": _("Back"),
    "close": _("Close"),
    "send": _("Send"),
    "write": _("Write to Lärträff …"),
    "write_channel": _("Write to @Lärträff in #{channel} …", channel=""),
    "write_as": _("Write to Lärträff as {name}", name=""),
    "words": _("Words you can send"),
    "more_words": _("More words"),
    "optional": _("optional"),
    "choose": _("Choose …"),
    "no_choice": _("No choice"),
    "any_number": _("You can choose several."),
    "problems": _("Something needs to be corrected"),
    "from_to": _("A whole number from {least} to {most}.", least=0, most=0),
    "at_most": _("At most {n} characters.", n=0),
    "new_window": _("opens in a new window"),
    "only_you": _("Only you see this"),
    "edited": _("edited"),
    # Around the conversations
    "title": _("Lärträff – sandbox"),
    "sandbox": _("Sandbox"),
    "lead": _("Be several people at once. Nothing leaves this computer."),
    "skip": _("Go to the conversations"),
    "people": _("People side by side"),
    "show_people": _("Show"),
    "person": _("Person"),
    "refresh": _("Look for new messages"),
    "pages_of": _("The pages of {name}", name=""),
    "conversation": _("Conversation"),
    "home": _("Home"),
    "messages_of": _("Messages to {name}", name=""),
    "home_of": _("The home page of {name}", name=""),
    "messages_in": _("Messages in #{channel}", channel=""),
    "nothing_yet": _("Nothing has been said here yet. Write below, or choose one of the words."),
    "home_empty": _("There is nothing here yet."),
    "nobody": _("Choose at least one person above."),
    "inside": _("Look inside"),
    "inside_of": _("Look inside: what Slack and Teams get"),
    "inside_lead": _("This is exactly what is sent to each platform."),
    "inside_open": _("Show what Slack and Teams get"),
    "plain": _("Plain text"),
    "copy": _("Copy"),
    "copied": _("Copied"),
    "refused": _("This platform cannot show it: {reason}", reason=""),
    "to_sandbox": _("To the sandbox"),
    # The clock
    "clock": _("The time in the sandbox"),
    "hour": _("+1 h"),
    "day": _("+1 day"),
    "jump": _("Jump to …"),
    "nothing_ahead": _("Nothing is planned yet. Publish a programme or register first."),
    "now": _("Now"),
    "now_long": _("Back to the real time"),
    # What the page says by itself
    "failed": _("That did not get through. Nothing was lost: please try again."),
    "not_found": _("There is nothing at this address."),
    "not_here": _("This page is only for the browser on this computer."),
    "not_understood": _("That request could not be understood."),
}


class Labels:
    """The sandbox's own words in one language: `labels("write_as", name="Anna")`."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator

    def __call__(self, key: str, /, **values: Value) -> str:
        label = _LABELS[key]
        return self._translator.say(Text(label.message, values) if values else label)
