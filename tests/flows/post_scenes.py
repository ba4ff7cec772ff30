"""Every view about matters and posts, from small, typical and extreme facts: `SCENES` is name → view."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation import Run
from bot.domain.words import Moment, _
from bot.flows import appointing, buttons, matters, newcomers
from bot.flows.appointing import Contact, ContactFacts, Holder, Leave, LeaveFacts
from bot.flows.matters import Entry
from bot.messages import Card, Fact, View
from tests.flows.samples import COHORT, DAYS, DIRECTORY, LUND, NOW, SINGLE, ZONE
from tests.flows.workshop_scenes import typical

_LONG = "Ann-Charlotte <!channel> [x](https://evil.example) {{DATE(2027-01-01T00:00:00Z)}} " * 3
_CODE = "ABCDE-FGHIJ"
_UNREACHED = Card(
    _("Not delivered, {platform}", platform="Slack"),
    body=(SINGLE.title, _LONG),
    facts=(Fact(_("Register by"), Moment(NOW, ZONE)), Fact("account_inactive", _LONG)),
    buttons=(buttons.STATUS_OF_ALL, buttons.ALL_PROGRAMMES),
)
_SMALL = Entry("1", Card("A"))
_CLOSED = Entry("2", matters.closed(_UNREACHED, "Kim", NOW, ZONE), open=False)
_NAMELESS = Entry("3", matters.closed(Card("B"), "", NOW, ZONE), open=False)
_MANY = tuple(Entry(f"{n:032}", _UNREACHED, waited=True) for n in range(60))
_HOLDERS = (
    Holder("Admin", appointing.administrator_title()),
    Holder("Kim", appointing.coordinator_title(), (appointing.away_line(DAYS[0]),), "coordinator:1"),
    Holder(appointing.nameless(), appointing.deputy_title("Kim"), post="deputy:1"),
    Holder(_LONG, appointing.contact_title(LUND.name, SINGLE), post="contact:dialog:SE-1281:2"),
)
_LEAVE = LeaveFacts(NOW, ZONE, tuple((f"p{n}", f"{_LONG} {n}"[:120]) for n in range(15)))


class _Desk:
    def leave(self, until: object, deputy: str) -> None:
        pass

    def contact_code(self, programme: str, organisation_key: str) -> str:
        return _CODE


def _forms() -> Mapping[str, View]:
    alone, choice = LeaveFacts(NOW, ZONE, ()), ContactFacts((SINGLE, COHORT), DIRECTORY)
    desk = _Desk()
    away, contact = Run("r", Leave()), Run("r", Contact())
    asked, which = appointing.away.begin(away, _LEAVE, desk), appointing.contact.begin(contact, choice, desk)
    return {
        "away": asked.view,
        "away, nobody to stand in": appointing.away.begin(away, alone, desk).view,
        "away, no day": appointing.away.receive(asked.run, {"until": _LONG[:40], "deputy": "p1"}, _LEAVE, desk).view,
        "away, done": appointing.away.receive(asked.run, {"until": "15 aug", "deputy": "p1"}, _LEAVE, desk).view,
        "contact": which.view,
        **{
            f"contact, {typed}": appointing.contact.receive(
                which.run, {"programme": SINGLE.id, "organisation": typed}, choice, desk
            ).view
            for typed in ("Bo", "Atlantis", "Lund")
        },
    }


SCENES: Mapping[str, View] = {
    "matter, one": matters.told([_SMALL]),
    "matters, typical": matters.told([_SMALL, _CLOSED, _NAMELESS]),
    "matters, many": matters.told(_MANY),
    "matters, all closed": matters.told([_CLOSED, _NAMELESS]),
    "matters in the status": Card(_("Status"), items=matters.in_status(_MANY)),
    "matter, done": matters.is_done(_UNREACHED),
    "matter, gone": matters.gone(),
    "welcome back": matters.welcome_back("Kim", _MANY, [_CLOSED]),
    "welcome back, nothing": matters.welcome_back("", [], []),
    "code for coordinator": appointing.code_for_coordinator(_CODE),
    "code for deputy": appointing.code_for_deputy(_CODE),
    "now coordinator": appointing.now_coordinator("Admin"),
    "now deputy": appointing.now_deputy(appointing.nameless()),
    "now contact": appointing.now_contact(LUND.name, SINGLE, _LONG, newcomers.way(SINGLE.id, LUND.key)),
    "now contact, who may lead": appointing.now_contact(LUND.name, typical(), "Kim", newcomers.way("dialog", LUND.key)),
    "is coordinator": appointing.is_coordinator("Kim"),
    "is deputy": appointing.is_deputy("Kim"),
    "is contact": appointing.is_contact("Kim", LUND.name, SINGLE),
    "posts": appointing.posts(_HOLDERS, administrator=True, has_deputy=True),
    "posts, none": appointing.posts((), administrator=False, has_deputy=False),
    "posts, many": appointing.posts(_HOLDERS * 20, administrator=True, has_deputy=True),
    "status buttons": Card(_("Status"), buttons=appointing.on_status(administrator=True, appointed=True, away=False)),
    "end post": appointing.ask_to_end(_HOLDERS[3]),
    "post ended": appointing.ended(_HOLDERS[3]),
    "your post ended": appointing.your_post_ended(_HOLDERS[2]),
    "leaving, alone": appointing.leaving(DAYS[0], None),
    "going away": appointing.going_away(),
    "away, which day": appointing.day_not_understood(_LONG[:80]),
    "you stand in": appointing.you_stand_in("Kim", DAYS[0]),
    "is back": appointing.is_back("Kim"),
    "back again": appointing.back_again(),
    "never away": appointing.never_away(),
    **_forms(),
}
