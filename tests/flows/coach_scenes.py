"""Every view about coaches of workshops, from typical and extreme facts: `scenes` gives name → view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.conversation import Run
from bot.domain.assessment import result
from bot.domain.programmes import Programme
from bot.flows import coaching, results
from bot.flows.coaching import Choice, Facts, Post
from bot.flows.results import Shown
from bot.messages import View
from tests.flows import workshop_scenes
from tests.flows.result_scenes import ratings
from tests.flows.samples import DIRECTORY, NOW, SINGLE

_ID = "0123456789abcdef" * 2
_PAGE = f"https://bot.example.org/workshop/{'0' * 76}"
_CODE = "ABCDE-FGHJK"


class _Desk:
    """Implements `bot.flows.coaching.CodeDesk`."""

    def coach_code(self, programme: str, organisation_key: str) -> str:
        return _CODE


def scenes(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    """Every card and form; `name` is what an organisation, a group or a person is called."""
    post = Post(name, coaching.title_of(programme, name), f"{programme.id}:SE-1281:{_ID}")
    for what, view in (*_appointing(programme, name, post), *_following(programme, name, post)):
        yield f"{size}: {what}", view


def _appointing(programme: Programme, name: str, post: Post) -> Iterator[tuple[str, View]]:
    shown = workshop_scenes.standing(programme, name, 1)
    yield "invitation", coaching.invitation(_CODE, shown, ())
    yield "invitation, some there", coaching.invitation(_CODE, shown, (post,) * 9)
    yield "now coach", coaching.now_coach(coaching.title_of(programme, ""), name)
    yield "is coach", coaching.is_coach(name, post.title)
    for own in (True, False):
        yield f"end? own {own}", coaching.ask_to_end(post, own=own)
        yield f"ended, own {own}", coaching.ended(post, own=own)
    for programmes in ((programme,), (programme, replace(SINGLE, id="another"))):
        turn = coaching.flow.begin(Run("r", Choice()), Facts(programmes, DIRECTORY), _Desk())
        yield f"form, {len(programmes)}", turn.view
    given = {"programme": programme.id, "organisation": "Atlantis"}
    turn = coaching.flow.receive(turn.run, given, Facts(programmes, DIRECTORY), _Desk())
    yield "form, unknown organisation", turn.view
    given["organisation"] = "Lunds kommun"
    yield "code", coaching.flow.receive(turn.run, given, Facts(programmes, DIRECTORY), _Desk()).view


def _following(programme: Programme, name: str, post: Post) -> Iterator[tuple[str, View]]:
    steps = len(programme.workshops[0].steps)
    last = workshop_scenes.standing(programme, name, steps - 1)
    paused = replace(last, workshop=last.workshop.paused(NOW))
    ended = replace(last, workshop=last.workshop.ended())
    yield "nothing", coaching.overview((), ())
    yield "nothing begun", coaching.overview((), (post,))
    yield "overview", coaching.overview((last, paused, ended), (post, post))
    for at in (0, 1, 2, steps - 1):
        yield f"step {at}", coaching.card(workshop_scenes.standing(programme, name, at), _PAGE)
    yield "paused", coaching.card(paused, _PAGE)
    yield "new link", coaching.card(paused, _PAGE, renewed=True)
    yield "over", coaching.card(ended, _PAGE)
    yield "script", coaching.script(last)
    about = next(one.round for one in last.steps if coaching.has_result(one) and one.round is not None)
    for what, tally in (("result", ratings(about)), ("empty result", {})):
        shown = Shown(result(about, tally), programme, "", is_shared=True)
        yield what, coaching.result(results.for_coordinators(shown), _ID, _PAGE)
