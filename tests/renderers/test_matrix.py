"""Every view that people are shown × every language × every platform: something that the platform takes, always."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.adapters.sandbox import render as sandbox
from bot.adapters.slack import render as slack
from bot.adapters.teams import render as teams
from bot.domain.people import Language
from bot.messages import Card, Form, Notice, View
from bot.texts import Translator
from tests.fixtures.sandbox_client import parse
from tests.fixtures.slack_limits import problems_of_message, problems_of_view
from tests.flows.scenes import SCENES
from tests.renderers.test_teams import check
from tests.texts.resolving import resolve, translators

_NUMBERED = {name: number for number, name in enumerate(SCENES)}


def _alike() -> dict[str, tuple[str, ...]]:
    """The first scene of those that show the same → all of them. The same is drawn and judged once."""
    names: dict[str, list[str]] = {}
    for name, view in SCENES.items():
        names.setdefault(repr(view), []).append(name)
    return {alike[0]: tuple(alike) for alike in names.values()}


ALIKE = _alike()


def test_each_scene_is_drawn_under_its_own_name_or_that_of_one_that_shows_the_same() -> None:
    drawn = {name: SCENES[first] for first, alike in ALIKE.items() for name in alike}
    assert drawn.keys() == SCENES.keys()
    assert all(repr(drawn[name]) == repr(view) for name, view in SCENES.items())


@pytest.mark.parametrize("name", ALIKE)
def test_every_text_exists_in_every_language(name: str) -> None:
    said = resolve(SCENES[name])
    assert all(words.strip() for words in said.values())


@pytest.mark.parametrize("name", ALIKE)
def test_slack_takes_it(name: str) -> None:
    at_home = any("home" in alike for alike in ALIKE[name])
    for language in Language:
        assert _refused_by_slack(SCENES[name], translators(language), at_home=at_home) == [], language


def _refused_by_slack(view: View, translator: Translator, *, at_home: bool) -> list[str]:
    if isinstance(view, Form):
        return problems_of_view(slack.modal(view, translator))
    found = [problem for message in slack.messages(view, translator) for problem in problems_of_message(message)]
    if at_home:
        found += problems_of_view(slack.home(view, translator))
    if isinstance(view, Notice):  # it closes a form
        found += problems_of_view(slack.modal(view, translator))
    return found


@pytest.mark.parametrize("name", ALIKE)
def test_teams_takes_it(name: str) -> None:
    """Drawn in every language, since drawing measures; held against Microsoft's slow schema in one of them.

    Of a view in many parts, the first and the last are.
    """
    judged = tuple(Language)[_NUMBERED[name] % len(Language)]
    for language in Language:
        cards = list(_drawn_for_teams(SCENES[name], translators(language)))
        for card in (*cards[:2], *cards[-1:]) if language is judged else ():
            check(_without_what_is_typed(card))


def _without_what_is_typed(part: Any) -> Any:
    """The card with its text inputs empty: there, people see again exactly what they wrote."""
    if isinstance(part, list):
        return [_without_what_is_typed(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    dropped = "value" if part.get("type") == "Input.Text" else ""
    return {name: _without_what_is_typed(inner) for name, inner in part.items() if name != dropped}


def _drawn_for_teams(view: View, translator: Translator) -> Iterator[dict[str, Any]]:
    if isinstance(view, Form | Notice):
        yield teams.card(view, translator, dialog=True)
    if isinstance(view, Card | Notice):
        for activity in teams.activities(view, translator):
            yield from (attachment["content"] for attachment in activity.get("attachments", ()))


@pytest.mark.parametrize("name", ALIKE)
def test_the_sandbox_shows_it_and_nothing_in_it_is_interpreted(name: str) -> None:
    view = SCENES[name]
    for language in Language:
        page = parse(sandbox.html(view, translators(language), sandbox.Spot("anna", "view", "anna")))
        assert not page.every("script", "img", "iframe")
        assert all(link.attributes["href"].startswith(("https://", "#")) for link in page.every("a"))
        assert page.text().strip()
