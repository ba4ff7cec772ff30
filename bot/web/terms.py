"""`/privacy` and `/terms`: what is kept and what one can expect, in plain words. Teams wants both linked."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from aiohttp import web

from bot.domain.people import Language
from bot.domain.words import Text, _
from bot.texts import Translators

_PRIVACY = (
    _("Privacy"),
    _("Lärträff is run by your programme’s organiser, who decides how long registrations are kept."),
    _("We keep what you write in a registration: name, e-mail, organisation, access needs and invoice reference."),
    _("We keep your id in Slack or Teams, your language and your time zone, so that messages reach you."),
    _("We read no channels, only what is written to Lärträff. What you write outside a form is not kept."),
    _("The messages Lärträff sends you are kept, so that each one reaches you once and can be corrected."),
    _("The organiser sees registrations. Colleagues from other organisations do not see what you have written."),
    _("To see, correct or erase what is kept about you, ask the contact named in your receipt."),
)
_TERMS = (
    _("Terms"),
    _("Lärträff helps you register and reminds you. The programme itself is the organiser’s responsibility."),
    _("Registering is binding as the programme’s own rule for cancelling says; the form shows it before you confirm."),
)
_PAGE = (
    "<!doctype html><html lang={language}><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>{title} – Lärträff</title></head><body><main><h1>{title}</h1>{body}</main></body></html>"
)


class TermsPages:
    """The two pages, in the language that the browser asks for."""

    def __init__(self, translators: Translators) -> None:
        self._translators = translators

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/privacy", self._privacy)
        app.router.add_get("/terms", self._terms)

    async def _privacy(self, request: web.Request) -> web.Response:
        return self._page(request, _PRIVACY)

    async def _terms(self, request: web.Request) -> web.Response:
        return self._page(request, _TERMS)

    def _page(self, request: web.Request, texts: Sequence[Text]) -> web.Response:
        translator = self._translators(_asked_for(request))
        title, *sentences = (escape(translator.say(text)) for text in texts)
        body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
        page = _PAGE.format(language=translator.language.value, title=title, body=body)
        return web.Response(text=page, content_type="text/html")


def _asked_for(request: web.Request) -> Language:
    code = request.headers.get("Accept-Language", "")[:2].lower()
    code = "nb" if code == "no" else code
    return Language(code) if code in set(Language) else Language.SWEDISH
