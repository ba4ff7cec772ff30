"""The seats that somebody is offered and has not answered: found again without looking for the message."""

from __future__ import annotations

from bot.flows import mine, waiting
from bot.handlers.scene import Scene
from bot.messages import Card


def shown_again(scene: Scene) -> Card | None:
    """The only offer that waits for the person's answer, or of several all their registrations; None without any."""
    bookings = scene.bookings()
    found = [(one.programme, seats) for one in bookings for seats in one.offers(scene.visit.now)]
    if len(found) > 1:
        return mine.card(bookings, scene.unfinished(), scene.visit.now)
    return waiting.not_taken_yet(*found[0]) if found else None
