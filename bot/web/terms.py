"""`/privacy`, `/terms`, `/accessibility`: what one can expect, in plain words, and `/`, which leads to them.

Teams links to all of them but `/accessibility`.
"""

from __future__ import annotations

from datetime import date

from aiohttp import web

from bot.domain.words import Day, Text, _
from bot.texts import Translators
from bot.web import prose

_PRIVACY = (
    _("Privacy"),
    _("Lärträff is run by your programme’s organiser, who decides how long registrations are kept."),
    _("We keep what you write in a registration: name, e-mail, organisation, access needs and invoice reference."),
    _("We keep your id in Slack or Teams, your language and your time zone, so that messages reach you."),
    _("We read no channels, only what is written to Lärträff."),
    _(
        "A question that you write is kept without names and numbers, so that it can be answered. Who asked it is"
        " erased 30 days later, unless you still wait for the answer."
    ),
    _("The messages Lärträff sends you are kept, so that each one reaches you once and can be corrected."),
    _("The organiser sees registrations. Colleagues from other organisations do not see what you have written."),
    _("To see or erase what is kept about you, write “my data” to Lärträff, or ask the contact named in your receipt."),
    _(
        "What a group writes on a board is kept without names. What you answer for yourself in a round of questions"
        " cannot be traced to you."
    ),
)
_WHAT_IT_IS = _("Lärträff helps you register and reminds you. The programme itself is the organiser’s responsibility.")
_FRONT = (_("Hello, I am Lärträff"), _WHAT_IT_IS)
_TERMS = (
    _("Terms"),
    _WHAT_IT_IS,
    _("Registering is binding as the programme’s own rule for cancelling says; the form shows it before you confirm."),
)
_ACCESSIBILITY = (
    _("Accessibility"),
    _(
        "Everybody should be able to use Lärträff. Here is how far we have come, and what to do if something is in"
        " your way."
    ),
    _(
        "This is about the boards, and the other pages that Lärträff shows in a browser. They are built to meet"
        " WCAG 2.1 AA."
    ),
    _(
        "At every change, each board is tested by axe-core in light and dark, on a phone and on a projector, by"
        " keyboard alone, without script, and with text twice as large."
    ),
    _(
        "What is missing: nobody outside has audited the pages, and they have not been tried by people who use a screen"
        " reader every day. A post is marked with the language of its question, also when it is written in another one."
    ),
    _("In Slack and Teams, what Lärträff shows is as accessible as Slack and Teams are."),
    _(
        "Is something in your way? Tell whoever leads the programme, and say which page. You can ask for the board as a"
        " Word document instead."
    ),
    _(
        "Are you not content with the answer? Then turn to the authority in your country that supervises how accessible"
        " public digital services are."
    ),
    _("Last gone through on {day}.", day=Day(date(2026, 11, 22))),
)


class TermsPages:
    """The four pages, in the language that the browser asks for."""

    def __init__(self, translators: Translators) -> None:
        self._translators = translators

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/", self._front)
        app.router.add_get("/privacy", self._privacy)
        app.router.add_get("/terms", self._terms)
        app.router.add_get("/accessibility", self._accessibility)

    async def _front(self, request: web.Request) -> web.Response:
        return self._page(request, _FRONT)

    async def _privacy(self, request: web.Request) -> web.Response:
        return self._page(request, _PRIVACY)

    async def _terms(self, request: web.Request) -> web.Response:
        return self._page(request, _TERMS)

    async def _accessibility(self, request: web.Request) -> web.Response:
        return self._page(request, _ACCESSIBILITY)

    def _page(self, request: web.Request, texts: tuple[Text, ...]) -> web.Response:
        return prose.for_everybody(self._translators, request, *texts)
