"""What coordinators are shown about a round's documents, small and extreme."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.people import Language
from bot.domain.words import Localised, Moment, _
from bot.flows import documents, matters
from bot.flows.matters import Entry
from bot.messages import View
from config.question_schema import SET_TITLE
from tests.flows.samples import NOW, ZONE

_PAGE = f"https://larttraff.example.org/documents/{'0' * 32}-{'a' * 43}"
_LONG = Localised({"sv": "Å" * SET_TITLE.chars})
_RECIPIENT = f"{'registrator' * 5}@{'kommun' * 10}.example.se"

SCENES: Mapping[str, View] = {
    "documents": documents.card("r1", Localised({"sv": "Uppstart"}), _PAGE, Language.SWEDISH),
    "documents, mailed": documents.card(
        "r" * 32,
        _LONG,
        _PAGE,
        Language.NYNORSK,
        mailed=_("Sent to {recipient}, {when}", recipient=_RECIPIENT, when=Moment(NOW, ZONE)),
        renewed=True,
    ),
    "documents, not mailed": documents.not_mailed(_LONG, _RECIPIENT, _PAGE, Language.SWEDISH, reason=""),
    "documents, waiting": matters.told(
        [Entry("m1", documents.not_mailed_yet(_LONG, _RECIPIENT, _PAGE, Language.NYNORSK, reason="no connection"))]
    ),
    "documents, refused": matters.told(
        [Entry("m1", documents.not_mailed(_LONG, _RECIPIENT, _PAGE, Language.BOKMAL, reason="SMTP 550"))]
    ),
}
