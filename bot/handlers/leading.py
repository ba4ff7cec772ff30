"""Leading a workshop: on, back, a pause, more time, the end. A button from before somebody else acted does nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.refusals import Refusal
from bot.domain.workshops import State, Workshop
from bot.flows import closing_steps, room_page, workshop_lists, workshop_news
from bot.flows import workshops as words
from bot.handlers import beginning, coaching, groups, lead_cards, leaders, screens, stepping, workshops
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.messages import View

# --- Looking ----------------------------------------------------------------------------------------------------------


def show(scene: Scene, about: str) -> Outcome:
    """`workshop`: what somebody leads or may begin; else where the workshop is that they take part in."""
    programmes = tuple(one for one in scene.programmes if about in ("", one.id))
    found = [one for programme in programmes for one in workshops.store(scene.visit).of_programme(programme.id)]
    going_on = [one for one in found if one.state is not State.ENDED]
    led = [one for one in found if leaders.may_lead(scene, one.programme, one.organisation)]
    leadable = [one for one in programmes if one.workshops and not one.draft and beginning.places(scene, one)]
    under_way = [one for one in led if one.state is not State.ENDED]
    if len(under_way) == 1 and not about and (under_way[0].begun_by == scene.person.id or not leadable):
        return Show(_card(scene, under_way[0]))  # in a room full of people whoever leads needs just this
    mine = [one for one in going_on if one not in under_way and groups.concerned(scene, workshops.everybody(one))]
    taking_part = [workshops.standing(scene.visit, one) for one in mine]
    if led or leadable:
        shown = [workshops.standing(scene.visit, one) for one in under_way or led[:1]]
        return Show(workshop_lists.overview(leadable, shown, taking_part))
    if coaching.is_coach(scene):
        return Show(coaching.overview(scene))
    if len(taking_part) == 1:
        return Show(workshop_lists.for_participant(taking_part[0]))
    return Show(workshop_lists.overview((), (), taking_part))


def show_card(scene: Scene, about: str) -> Outcome:
    """The leader's card, as it stands now."""
    id, _blank, version = about.partition(" ")
    return Show(_card(scene, workshops.led(scene, id)), replaces=bool(version))  # the question about the end goes


def show_script(scene: Scene, about: str) -> Outcome:
    """Every step: of a workshop, or of one that may be begun."""
    id, _blank, script = about.partition(" ")
    if script:
        return Show(beginning.script(scene, id, script))
    found = workshops.led(scene, id)
    programme = scene.visit.programmes[found.programme]
    return Show(words.script(found.script, programme, found.at, (words.open_card(found.id),)))


def _card(scene: Scene, workshop: Workshop, refused: words.Refused | None = None) -> View:
    return lead_cards.shown(scene.visit, workshop, scene.person.id, refused)


# --- Acting -----------------------------------------------------------------------------------------------------------


def _acts(
    act: Callable[[Scene, Workshop], View | Show | None], *, on: frozenset[State] = frozenset({State.RUNNING})
) -> Callable[[Scene, str], Outcome]:
    """An action that changes the workshop as it was looked at; for one that has changed since, its card alone.

    What it answers stands in the place of the card, unless it says otherwise.
    """

    def pressed(scene: Scene, about: str) -> Outcome:
        id, _blank, version = about.partition(" ")
        found = workshops.led(scene, id, locked=True)
        if version == str(found.version) and found.state in on:
            instead = act(scene, found)
            if instead is not None:
                return instead if isinstance(instead, Show) else Show(instead, replaces=True)
        return Show(_instead(scene, workshops.led(scene, id), version), replaces=True)

    return pressed


def _instead(scene: Scene, workshop: Workshop, version: str) -> View:
    """What takes the place of a card that was looked at: the card of now, unless it stands further down."""
    since = int(version) if version.isdecimal() else workshop.version
    if workshop.begun_by == scene.person.id and lead_cards.has_moved(scene.visit, workshop, since):
        return words.further_down(workshop)
    return _card(scene, workshop)


def _go_on(scene: Scene, workshop: Workshop) -> View | Show | None:
    """On, unless something would be lost that could be waited for: then that is asked first.

    Beside the card, which is edited whenever a group writes: in its place a question would soon be gone.
    """
    if not workshop.is_last:
        standing = workshops.standing(scene.visit, workshop)
        losses = closing_steps.by_going_on(standing)
        if losses:
            return Show(closing_steps.ask_to_go_on(standing, losses))
    return _go_on_anyway(scene, workshop)


def _go_on_anyway(scene: Scene, workshop: Workshop) -> View | None:
    return _forward(scene, workshop, asking=True)


def _skip(scene: Scene, workshop: Workshop) -> View | None:
    return _forward(scene, workshop, asking=False)


def _forward(scene: Scene, workshop: Workshop, *, asking: bool) -> View | None:
    if workshop.is_last:
        return None
    try:
        with scene.visit.connection.begin_nested():  # a step that cannot begin leaves everything as it was
            stepping.forward(scene.visit, workshop, scene.person.id, asking=asking)
    except Refusal as refused:
        title = workshop.script.steps[workshop.at + 1].title
        return _card(scene, workshop, words.Refused(title, refused.reason))
    return _moved(scene, workshop)


def _moved(scene: Scene, workshop: Workshop) -> View | None:
    """The card comes anew below what everybody has just been told; who pressed its old one finds only word of that."""
    now = workshops.led(scene, workshop.id)
    if lead_cards.move(scene.visit, now) and now.begun_by == scene.person.id:
        return words.further_down(now)
    return None


def _back(scene: Scene, workshop: Workshop) -> None:
    if workshop.at:
        stepping.keep(scene.visit, workshop.moved(-1, scene.visit.now), was=workshop)


def _pause(scene: Scene, workshop: Workshop) -> None:
    paused = workshop.paused(scene.visit.now)
    stepping.keep(scene.visit, paused, was=workshop)
    lead_cards.rest(scene.visit, paused)


def _resume(scene: Scene, workshop: Workshop) -> View | None:
    resumed = workshop.resumed(scene.visit.now)
    stepping.keep(scene.visit, resumed, was=workshop)
    view = workshop_news.resumed(workshops.standing(scene.visit, resumed))
    stepping.tell_everybody(scene.visit, resumed, f"resumed:{resumed.version}", view)
    return _moved(scene, resumed)


def _longer(scene: Scene, workshop: Workshop) -> None:
    stepping.keep(scene.visit, workshop.longer(words.MORE_TIME, scene.visit.now), was=workshop)


def _again(scene: Scene, workshop: Workshop) -> View | None:
    """The step's questions anew, in a round of their own; the one that closed stays as it is."""
    asked = stepping.latest(scene.visit, workshop, workshop.step.id)
    if not workshop.step.set or asked is None or asked.is_open:
        return None
    try:
        with scene.visit.connection.begin_nested():
            stepping.keep(scene.visit, replace(workshop, version=workshop.version + 1), was=workshop)
            stepping.ask(scene.visit, workshop, scene.person.id)
    except Refusal as refused:
        return _card(scene, workshop, words.Refused(workshop.step.title, refused.reason, skippable=False))
    return _moved(scene, workshop)


def _ask_to_end(scene: Scene, workshop: Workshop) -> Show:
    return Show(closing_steps.ask_to_end(workshops.standing(scene.visit, workshop)))


def _end(scene: Scene, workshop: Workshop) -> View | None:
    """Raises `Refusal` while sealed answers cannot be opened; then it goes on."""
    with scene.visit.connection.begin_nested():
        ended = workshop.ended()
        stepping.keep(scene.visit, ended, was=workshop)
        stepping.close_all(scene.visit, ended)
    view = workshop_news.thanks(workshops.standing(scene.visit, ended))
    stepping.tell_everybody(scene.visit, ended, "thanks", view)
    return _moved(scene, ended)


# --- The page for the screen ------------------------------------------------------------------------------------------


def ask_for_new_link(scene: Scene, about: str) -> Outcome:
    return Show(room_page.ask_for_new_link(workshops.standing(scene.visit, workshops.led(scene, about))), replaces=True)


def give_new_link(scene: Scene, about: str) -> Outcome:
    """Close the room's link; the leader's cards show the new one."""
    found = workshops.led(scene, about, locked=True)
    screens.revoke(scene.visit, found.id)
    lead_cards.rest(scene.visit, found)
    return Show(_card(scene, found), replaces=True)


_UNTIL_IT_ENDS = frozenset({State.RUNNING, State.PAUSED})

ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    words.WORKSHOP: show,
    words.CARD: show_card,
    words.SCRIPT: show_script,
    room_page.NEW_LINK: ask_for_new_link,
    room_page.CONFIRM_NEW_LINK: give_new_link,
    words.BEGIN: beginning.begin,
    words.NEXT_STEP: _acts(_go_on),
    words.NEXT_ANYWAY: _acts(_go_on_anyway),
    words.SKIP: _acts(_skip),
    words.BACK: _acts(_back),
    words.PAUSE: _acts(_pause),
    words.RESUME: _acts(_resume, on=frozenset({State.PAUSED})),
    words.LONGER: _acts(_longer),
    words.AGAIN: _acts(_again),
    words.END: _acts(_ask_to_end, on=_UNTIL_IT_ENDS),
    words.CONFIRM_END: _acts(_end, on=_UNTIL_IT_ENDS),
}
