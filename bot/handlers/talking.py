"""Talking with the bot about itself: its languages, and its help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.people import Language
from bot.flows import buttons, welcome, workshop_lists
from bot.handlers import leaders, manners, words
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.messages import Card


def language(scene: Scene, about: str) -> Outcome:
    chosen = _LANGUAGES.get(words.plain(about))
    if chosen is None:
        return Show(welcome.languages())
    scene.choose_language(chosen)
    return Show(welcome.language_chosen(chosen))


_LANGUAGES = {
    **{language.value: language for language in Language},
    "svenska": Language.SWEDISH,
    "swedish": Language.SWEDISH,
    "norsk": Language.BOKMAL,
    "norska": Language.BOKMAL,
    "bokmal": Language.BOKMAL,
    "norsk bokmal": Language.BOKMAL,
    "nynorsk": Language.NYNORSK,
    "norsk nynorsk": Language.NYNORSK,
    "engelska": Language.ENGLISH,
    "engelsk": Language.ENGLISH,
    "english": Language.ENGLISH,
}


def show_help(scene: Scene, about: str) -> Outcome:
    return Show(_help(scene))


def introduce(scene: Scene, about: str) -> Outcome:
    """Who it is that writes, and what it can do."""
    card = _help(scene)
    return Show(replace(card, body=(welcome.who_i_am(), *card.body)))


def _help(scene: Scene) -> Card:
    card = welcome.help_card(coordinator=scene.coordinates)
    if not (scene.coordinates or leaders.leads_anywhere(scene)):
        return card
    return replace(card, items=(*card.items, *workshop_lists.HELP))


def remind_me(scene: Scene, about: str) -> Outcome:
    """Whoever has turned reminders off, or paused them, reads that instead of what comes by itself."""
    return Show(manners.invitation(scene, "") if manners.is_silent(scene) else welcome.remind_me())


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.LANGUAGE: language,
    buttons.HELP: show_help,
    welcome.WHO_I_AM: introduce,
    welcome.REMIND_ME: remind_me,
}
