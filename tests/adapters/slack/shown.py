"""What the tests of the Slack adapter let the handlers show: a form, a card, and each in front of a person."""

from __future__ import annotations

from dataclasses import replace

from bot.adapters.slack.app import Slack
from bot.domain.people import Language
from bot.domain.words import _
from bot.messages import Action, Button, Card, ChoiceField, Form, NumberField, Option, TextField
from bot.ports import Address
from tests.adapters.slack.conftest import FakeHandlers
from tests.fixtures.slack_stand_in import SlackStandIn

MEETINGS = tuple(Option(f"o{n}", f"Meeting on {n} March", "18 seats left") for n in (16, 17, 18))
FORM = Form(
    "Registration",
    (
        TextField("name", _("Name")),
        TextField("email", _("E-mail"), email=True),
        ChoiceField("occasions", _("Meetings"), MEETINGS, many=True),
        NumberField("extra", _("Extra seats"), required=False),
    ),
    _("Continue"),
    values={"name": "Anna"},
    token="r1.1",
)
CARD = Card("Masterclass", ("Starts soon.",), buttons=(Button(_("Register"), Action("register", "p1")),))


def form(**changes: object) -> Form:
    return replace(FORM, **changes)  # type: ignore[arg-type]


async def offered(bot: Slack, slack: SlackStandIn) -> None:
    slack.person()
    await bot.platform.send(Address("slack", "T1", "U1"), CARD, Language.ENGLISH, outbox="n1")


async def opened(slack: SlackStandIn, handlers: FakeHandlers, shown: Form = FORM) -> None:
    handlers.will_show(shown)
    await slack.person().slash("register")
