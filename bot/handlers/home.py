"""The person's own page: published when it is opened for the first time, and whenever what it shows has changed."""

from __future__ import annotations

from bot.flows import welcome
from bot.handlers.events import Reply
from bot.handlers.scene import Scene
from bot.handlers.visit import PLATFORMS_WITH_HOME


def opened(scene: Scene) -> Reply:
    """Welcome the person once, ever, and publish their own page."""
    scene.visit.people.mark(scene.actor, event="home_opened")
    if not scene.known.welcomed:
        scene.visit.people.mark(scene.actor, event="welcomed")
        scene.visit.tell(scene.person.id, welcome.welcome(scene.person), key=f"welcome:{scene.actor}")
    _publish(scene)
    return Reply(None, scene.language)


def refresh(scene: Scene) -> None:
    """Let a page that has been opened show the truth."""
    if scene.known.home_opened:
        _publish(scene)


def _publish(scene: Scene) -> None:
    if scene.actor.platform in PLATFORMS_WITH_HOME:
        view = welcome.home(scene.person, scene.bookings(), scene.unfinished(), scene.programmes, scene.visit.now)
        scene.visit.show_home(scene.actor, scene.person.id, scene.language, view, key=scene.inbound.delivery)
