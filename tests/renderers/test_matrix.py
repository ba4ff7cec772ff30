"""Every view that people are shown × every language × every platform: something that the platform takes, always."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from bot.adapters.sandbox import render as sandbox
from bot.adapters.slack import render as slack
from bot.adapters.teams import render as teams
from bot.domain.people import Language
from bot.messages import Card, Form, Notice
from bot.texts import Translator
from tests.fixtures.sandbox_client import parse
from tests.fixtures.slack_limits import problems_of_message, problems_of_view
from tests.flows.scenes import SCENES
from tests.renderers.test_teams import check
from tests.texts.resolving import resolve, translators

_NUMBERED = {name: number for number, name in enumerate(SCENES)}


@cache
def _first_with() -> dict[str, str]:
    """Scene → the first that shows the same: that is one in five, and the same is drawn and judged once."""
    first: dict[str, str] = {}
    return {name: first.setdefault(repr(view), name) for name, view in SCENES.items()}


@pytest.mark.parametrize("name", SCENES)
def test_every_text_exists_in_every_language(name: str) -> None:
    said = resolve(SCENES[name])
    assert all(words.strip() for words in said.values())


@pytest.mark.parametrize("name", SCENES)
def test_slack_takes_it(name: str) -> None:
    for language in Language:
        assert _refused_by_slack(_first_with()[name], language, at_home="home" in name) == [], language


@cache
def _refused_by_slack(name: str, language: Language, *, at_home: bool) -> list[str]:
    view, translator = SCENES[name], translators(language)
    if isinstance(view, Form):
        return problems_of_view(slack.modal(view, translator))
    found = [problem for message in slack.messages(view, translator) for problem in problems_of_message(message)]
    if at_home:
        found += problems_of_view(slack.home(view, translator))
    if isinstance(view, Notice):  # it closes a form
        found += problems_of_view(slack.modal(view, translator))
    return found


@pytest.mark.parametrize("name", SCENES)
def test_teams_takes_it(name: str) -> None:
    """Drawn in every language, since drawing measures; held against Microsoft's slow schema in one of them.

    Of a view in many parts, the first and the last are.
    """
    _judge_for_teams(_first_with()[name])


@cache
def _judge_for_teams(name: str) -> None:
    judged = tuple(Language)[_NUMBERED[name] % len(Language)]
    for language in Language:
        cards = list(_drawn_for_teams(name, translators(language)))
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


def _drawn_for_teams(name: str, translator: Translator) -> Iterator[dict[str, Any]]:
    view = SCENES[name]
    if isinstance(view, Form | Notice):
        yield teams.card(view, translator, dialog=True)
    if isinstance(view, Card | Notice):
        for activity in teams.activities(view, translator):
            yield from (attachment["content"] for attachment in activity.get("attachments", ()))


@pytest.mark.parametrize("name", SCENES)
def test_the_sandbox_shows_it_and_nothing_in_it_is_interpreted(name: str) -> None:
    _judge_for_the_sandbox(_first_with()[name])


@cache
def _judge_for_the_sandbox(name: str) -> None:
    view = SCENES[name]
    for language in Language:
        page = parse(sandbox.html(view, translators(language), sandbox.Spot("anna", "view", "anna")))
        assert not page.every("script", "img", "iframe")
        assert all(link.attributes["href"].startswith(("https://", "#")) for link in page.every("a"))
        assert page.text().strip()
