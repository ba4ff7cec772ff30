"""A round's documents as a coordinator is handed them in chat, and what is said when they could not be mailed."""

from __future__ import annotations

from bot.domain.people import Language
from bot.domain.words import Text, Words, _
from bot.messages import Action, Button, Card, Fact, Tone

NEW_LINK = "new_documents_link"


def card(
    round: str, title: Words, page: str, language: Language, *, mailed: Words | None = None, renewed: bool = False
) -> Card:
    """The links to a round's documents. `mailed` says what became of the mail that carries them."""
    new = (_("The old link opens nothing any more."),) if renewed else ()
    return Card(
        _("Documents: {round}", round=title),
        body=(
            *new,
            _("The board and the plans, as they stand when you download them: all, one group or one organisation."),
            _("Whoever has the link can download everything without signing in. Pass on the files, not the link."),
        ),
        facts=(Fact(_("Mail"), mailed),) if mailed else (),
        buttons=(*links(page, language), Button(_("New link"), Action(NEW_LINK, round))),
        tone=Tone.GOOD if renewed else Tone.PLAIN,
    )


def links(page: str, language: Language) -> tuple[Button, ...]:
    """The way to the files; the page and the files speak the language of whoever gets the button."""
    return (
        Button(_("Download Word"), url=f"{page}/all.docx?language={language}", tone=Tone.PRIMARY),
        Button(_("All documents"), url=f"{page}?language={language}"),
    )


def not_mailed(title: Words, recipient: str, page: str, language: Language, *, reason: str) -> Card:
    """To coordinators: the mail is given up. `reason` is the mail server's, or nothing if there is none."""
    why = (
        _("The reason, for whoever looks after the mail server: {reason}", reason=reason)
        if reason
        else _("No mail server is set up. An administrator can do that with the setting LARTRAFF_SMTP_URL.")
    )
    return Card(
        _("The documents of {round} could not be mailed", round=title),
        body=(_meant_for(recipient), why, _("Download them and pass them on.")),
        buttons=links(page, language),
        tone=Tone.WARNING,
    )


def not_mailed_yet(title: Words, recipient: str, page: str, language: Language, *, reason: str) -> Card:
    """To coordinators: the mail has not gone for a while, and is tried again."""
    return Card(
        _("The documents of {round} have not been mailed yet", round=title),
        body=(
            _meant_for(recipient),
            _("The reason, for whoever looks after the mail server: {reason}", reason=reason),
            _("I keep trying for several hours. If they are needed sooner, download them and pass them on."),
        ),
        buttons=links(page, language),
        tone=Tone.WARNING,
    )


def _meant_for(recipient: str) -> Text:
    return _("They were meant for {recipient}.", recipient=recipient)
