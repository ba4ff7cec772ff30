"""Views drawn as HTML, and the page they stand on. What people wrote is escaped everywhere and never interpreted."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.adapters.sandbox.labels import Labels
from bot.domain.values import dataclass
from bot.messages import Answer, Button, ChoiceField, Field, Form, View
from bot.texts import Translator, bars_of, plain

Previews = Mapping[str, Callable[[View, Translator], object]]
"""A platform's name → how it would say a view, as something JSON can hold."""

RADIOS_AT_MOST: Final = 8
"""More choices than this, of which one is taken, stand in a drop-down list."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on the page a view stands: who acts on it, and what its buttons and ids are called after."""

    user: str
    reference: str  # of the message; "home", "form" or "status" for the other places
    conversation: str
    level: int = 3  # of the view's heading

    @property
    def id(self) -> str:
        return f"{self.user}-{self.reference}"

    def action(self, act: str) -> str:
        return f"/sandbox/{self.user}/{act}"


NOWHERE: Final = Spot("nobody", "view", "nobody")
"""For a view that is only looked at."""


def html(view: View, translator: Translator, spot: Spot = NOWHERE) -> Markup:
    """The view as a piece of HTML."""
    macro = getattr(_TEMPLATES.get_template("view.html").module, view.kind)
    return Markup(macro(view, translator.say, Labels(translator), spot))  # noqa: S704 - the template escapes by itself


def page(template: str, **values: object) -> str:
    """A whole page."""
    return _TEMPLATES.get_template(template).render(**values)


def inside(view: View, translator: Translator, previews: Previews, labels: Labels) -> dict[str, str]:
    """What each platform would get for a view, and its plain text twin."""
    shown = {name: _preview(view, translator, draw, labels) for name, draw in previews.items()}
    return shown | {labels("plain"): plain(view, translator)}


def _preview(view: View, translator: Translator, draw: Callable[[View, Translator], object], labels: Labels) -> str:
    try:
        return json.dumps(draw(view, translator), ensure_ascii=False, indent=2, default=str)
    except Exception as refused:  # noqa: BLE001 - every renderer has its own way to refuse, and it is shown
        return labels("refused", reason=str(refused))


# --- what the templates ask ------------------------------------------------------------------------------------------


def is_safe_link(url: str) -> bool:
    """Whether a button may lead there: https, or this very computer."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(parts.hostname)) or (
        parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    )


def _link_of(button: Button) -> str:
    """Where a button leads, or nothing when that is not safe: then the address is shown as text."""
    return button.url if is_safe_link(button.url) else ""


def _shape(field: Field) -> str:
    """Which control a field gets."""
    match field:
        case ChoiceField(many=True):
            return "boxes"
        case ChoiceField():
            return "radios" if len(field.options) <= RADIOS_AT_MOST else "select"
        case _:
            return field.kind


def _typed(form: Form, field: Field) -> str:
    """What stands in a text or number field."""
    answer = form.values.get(field.name, "")
    return answer if isinstance(answer, str) else " ".join(answer)


def _chosen(form: Form, field: Field) -> tuple[str, ...]:
    """Which options of a field are chosen."""
    answer: Answer = form.values.get(field.name, ())
    return (answer,) if isinstance(answer, str) else tuple(answer)


def _id_of(field: Field) -> str:
    """A field's name as part of an HTML id: names are ours, but may hold any letter."""
    return hashlib.sha256(field.name.encode()).hexdigest()[:8]


def _nonce() -> str:
    """What makes two sendings of the same form one event."""
    return secrets.token_urlsafe(16)


def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).with_name("templates"))
    templates = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    templates.globals.update(
        nonce=_nonce, shape=_shape, typed=_typed, chosen=_chosen, id_of=_id_of, link_of=_link_of, html=html, Spot=Spot
    )
    templates.globals["bars_of"] = bars_of
    return templates


_TEMPLATES: Final = _environment()
