"""Calendar subscriptions in chat: giving a link out, making a new one, and turning it off."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.refusals import NotAllowed
from bot.domain.words import _
from bot.flows import subscriptions
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from storage.feeds import Feeds, of_person, of_programme


def subscribe(scene: Scene, about: str) -> Outcome:
    """The link to the person's own calendar."""
    return Show(subscriptions.mine(_give_out(scene, of_person(scene.person.id))))


def subscribe_to(scene: Scene, about: str) -> Outcome:
    """The link to a programme's calendar, which has nothing in it that the programme's card does not show."""
    programme = scene.programme(about)
    link = _give_out(scene, of_programme(programme.id))
    return Show(subscriptions.programme(programme, link, coordinator=scene.coordinates))


def renew_link(scene: Scene, about: str) -> Outcome:
    """Another link in place of the old one: the person's own, or that of the named programme."""
    if about:
        return _renew_programme(scene, about)
    owner = of_person(scene.person.id)
    _feeds(scene).revoke(owner)
    return Show(subscriptions.mine(_give_out(scene, owner), renewed=True), replaces=True)


def _renew_programme(scene: Scene, about: str) -> Outcome:
    programme = scene.programme(about)
    if not scene.coordinates:
        raise NotAllowed(_("Everybody uses the same link to a programme, so only a coordinator can make a new one."))
    owner = of_programme(programme.id)
    _feeds(scene).revoke(owner)
    view = subscriptions.programme(programme, _give_out(scene, owner), coordinator=True, renewed=True)
    return Show(view, replaces=True)


def unsubscribe(scene: Scene, about: str) -> Outcome:
    """Turn the person's own link off."""
    _feeds(scene).revoke(of_person(scene.person.id))
    return Show(subscriptions.turned_off(), replaces=True)


def _give_out(scene: Scene, owner: str) -> str:
    return scene.visit.surroundings.feed_address(owner, _feeds(scene).give_out(owner))


def _feeds(scene: Scene) -> Feeds:
    return Feeds(scene.visit.connection, scene.visit.now)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    subscriptions.SUBSCRIBE: subscribe,
    subscriptions.SUBSCRIBE_TO: subscribe_to,
    subscriptions.RENEW_LINK: renew_link,
    subscriptions.UNSUBSCRIBE: unsubscribe,
}
