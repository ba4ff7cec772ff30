"""`lartraff` with a hundred more flows and a hundred more actions than it has, which nobody uses."""

from __future__ import annotations

from bot.__main__ import main
from bot.conversation import Flow
from bot.flows.booking import Draft
from bot.handlers.bound_flows import FLOWS, Binding
from bot.handlers.routes import ROUTES
from bot.handlers.scene import Scene
from bot.handlers.talking import show_help
from bot.messages import Form

MORE = 100


def crowd() -> None:
    """Add them, each with three steps of its own."""
    for number in range(MORE):
        flow: Flow[Draft, object, object] = Flow(f"benchmark_{number}", Draft, version=1)
        for step in ("first", "second", "third"):
            flow.ask(step)(_asks_nothing)
        FLOWS[flow.name] = Binding(flow, Scene.registration_facts)
        ROUTES[f"benchmark_{number}"] = show_help


def _asks_nothing(draft: Draft, facts: object) -> Form | None:
    return None


if __name__ == "__main__":
    crowd()
    main()
