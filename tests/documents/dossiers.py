"""The board of the kick-off conference and two plans, as documents are made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.documents.dossier import Dossier, Missing, Plan
from bot.domain.board import Answer, Board, Reply, Standing, board
from bot.domain.people import Language
from bot.domain.plans import PlanRow, Progress
from bot.domain.rounds import Mode, Round, State, boxes
from bot.domain.words import Localised
from bot.texts import Translators
from config.catalogues import FOLDER
from tests.fixtures.seed_board import KICK_OFF, POSTS, ROLE_GROUPS
from tests.flows.samples import SINGLE

AT = datetime(2027, 2, 9, 15, tzinfo=UTC)
PROGRAMME = replace(
    SINGLE, title=Localised({"sv": "Modellkonceptet"}), organiser="Sveriges Kommuner", role_groups=ROLE_GROUPS
)
NAMES = {"g1": "Cheferna i Lund", "g2": "Bo & Habo"}
ROUND = Round(
    "r1",
    PROGRAMME.id,
    KICK_OFF.title,
    boxes(KICK_OFF, (group.words for group in ROLE_GROUPS)),
    Mode.NOTES,
    AT - timedelta(hours=3),
    state=State.CLOSED,
    closed_at=AT,
    signed=True,
)
ROWS = (
    PlanRow("p1", "dialog", "SE-1281", "Lunds kommun", "Ta fram en målbild", "Anna", before="b", deputy="Bo Ek"),
    PlanRow("p2", "dialog", "SE-1281", "Lunds kommun", "Kartlägga", "HR-chefen", due=date(2027, 3, 1),
            progress=Progress.BLOCKED, remark="Statistiken dröjer."),
)  # fmt: skip
LUND = Plan("Lunds kommun", ROWS)
HABO = Plan("Habo kommun", (replace(ROWS[0], id="p3", organisation="Habo kommun", organisation_key="SE-1643"),))

translators = Translators(FOLDER)
swedish = translators(Language.SWEDISH)


def post(number: int, box: str, question: str, text: str, **changes: Any) -> Answer:
    made = Answer(f"a{number}", "r1", box, question, "g1", text, Standing.SHOWN, number, AT)
    return replace(made, **changes)


SEED = tuple(post(number, *one) for number, one in enumerate(POSTS))
REPLY = Reply("a0", "chefer", accepted=True, text="Redan i mars.", said_at=AT)


def seed_board(*more: Answer, shown: Round = ROUND, replies: Iterable[Reply] = (REPLY,)) -> Board:
    return board(shown, PROGRAMME.title, (*SEED, *more), names=NAMES, replies=replies)


def dossier(*more: Answer, **changes: Any) -> Dossier:
    """The whole round with both plans, after one group and one organisation have written nothing."""
    made = Dossier(
        PROGRAMME,
        seed_board(*more),
        AT,
        plans=(LUND, HABO),
        missing=Missing(("Politikerna i Bo",), ("Bo kommun",)),
        reasons={"person": "Om en person"},
    )
    return replace(made, **changes)


HOSTILE = (
    '=HYPERLINK("https://evil.example.org","klicka")',
    "+46 70 123 45 67",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "＝1+1",
    "{=1+1}; DDE",
    "Åsa <!channel> <@UERIK> <https://evil.example.org|klicka här>",
    "[klicka här](https://evil.example.org) https://evil.example.org mailto:a@evil.example.org",
    "<a href='https://evil.example.org'>b</a> </w:t></w:r><w:hyperlink r:id='rId1'/> &amp; ]]>",
    "{ HYPERLINK https://evil.example.org } \x13 INCLUDEPICTURE https://evil.example.org/x.png \x15",
    "عائشة بنت أحمد Åsa 👩🏽‍🏫 🏳️‍🌈 :tada: \u202eabc\u2066",
    "noll\x00 klocka\x07 halv \ud800 \udfff \ufffe \uffff rad\u2028brytning\x0b\x1f",
    "_x0041_ _x000D_ ''' \"\" ;;;\n=1+1\n;",
    "Å" * 4000,
    "ord " * 1000,
)
"""What people might write: nothing of it may become more than text."""
