"""Answering and taking notes: what is open to somebody, and who takes the notes of their group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rounds import Mode, Round, State
from bot.domain.words import Words, _
from bot.flows import buttons, noting
from bot.flows import groups as group_words
from bot.flows import note_taking as flow
from bot.handlers import groups, joining, note_forms, prompting, small_groups, urns
from bot.handlers.audiences import asked_of
from bot.handlers.group_names import called
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.resting import resting
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import View
from storage.groups import Group
from storage.guests import Guests
from storage.rounds import Rounds

# --- What is open -----------------------------------------------------------------------------------------------------


def answer(scene: Scene, about: str) -> Outcome:
    """`answer`: what is open to me, or one round of it."""
    if about:
        found = round_of(scene, about)
        return Show(_listed(scene, [found]) if found.is_open else flow.not_open(found, others=bool(open_to(scene))))
    return Show(_listed(scene, open_to(scene)))


def open_to(scene: Scene) -> list[Round]:
    """The open rounds of programmes that the person takes part in, the newest first."""
    there = {programme.id for programme in scene.programmes}
    running = [one for one in rounds(scene.visit).running() if one.is_open and one.programme in there]
    mine = {one.programme for one in running if groups.takes_part(scene, one.programme)}
    return [one for one in reversed(running) if one.programme in mine and _is_asked(scene, one)]


def _is_asked(scene: Scene, found: Round) -> bool:
    """About a meeting only those who were there are asked; else everybody whom it concerns sees what is open."""
    if found.occasion:
        return urns.box_of(scene.visit, found, scene.person.id) is not None
    of_everybody = any(not box.role for box in found.boxes)
    if found.mode is Mode.SEALED and (found.organisation or of_everybody):  # whoever leads it has no answer to give
        return scene.person.id in asked_of(scene.visit, found)
    if found.organisation:
        return groups.concerned(scene, found)
    return of_everybody or _role_is_asked(scene, found)


def _role_is_asked(scene: Scene, found: Round) -> bool:
    """Whether a round asks one of the person's roles, or may: they have not said which one is theirs."""
    asked = {box.role for box in found.boxes}
    mine = {group.role for group in joining.of(scene.visit).of_person(found.programme, scene.person.id)} - {""}
    if not mine and found.mode is Mode.SEALED:
        return scene.person.id in joining.of(scene.visit).people_of_programme(found.programme)
    return not mine or bool(mine & asked)


def open_rounds(scene: Scene) -> tuple[flow.OpenRound, ...]:
    """What is open to the person, the newest first."""
    return tuple(_seen(scene, one) for one in open_to(scene))


def _listed(scene: Scene, found: list[Round]) -> View:
    return flow.open_rounds([_seen(scene, one) for one in found])


def _seen(scene: Scene, found: Round) -> flow.OpenRound:
    takers = rounds(scene.visit).note_takers(found.id)
    own = joining.of(scene.visit).of_person(found.programme, scene.person.id)
    named = tuple(
        (called(scene.visit, group), scene.visit.name_of(takers[group.id])) for group in own if group.id in takers
    )  # fmt: skip
    programme = scene.programme(found.programme)
    return flow.OpenRound(found, programme.title, programme.zone, named)


def round_of(scene: Scene, id: str) -> Round:
    """A round that has to do with the person. Raises `Gone` and `NotAllowed`."""
    found = rounds(scene.visit).get(id)
    if found is None:
        raise Gone(_("That round is no longer there. Write “answer” to see what is open to you."))
    scene.programme(found.programme)
    groups.check_concerned(scene, found)
    return found


def rounds(visit: Visit) -> Rounds:
    return Rounds(visit.connection, visit.now)


# --- Taking notes -----------------------------------------------------------------------------------------------------


def note(scene: Scene, about: str) -> Outcome:
    """`take notes`: straight to the form when it is clear which round and which group is meant."""
    id, chosen, page = (*about.split(" "), "", "")[:3]
    if not id:
        return _note_in_the_only_one(scene)
    found = round_of(scene, id)
    if not found.is_open:
        return Show(_over(scene, found, chosen))
    if found.mode is Mode.SEALED:
        return Show(_listed(scene, [found]))
    asked = _asked_groups(scene, found, chosen)
    if not asked:
        return Show(_choice(scene, found))
    offered = () if chosen else small_groups.offered(scene, found, asked)
    if len(asked) > 1 or offered:
        named, small = [_named(scene, group) for group in asked], [_named(scene, group) for group in offered]
        remembers = small_groups.workshop_of(scene.visit, found) is not None
        return Show(flow.which_group(found, named, small, remembers=remembers))
    return _take(scene, found.id, asked[0], int(page) if page.isdecimal() and len(page) < 3 else None)


def _over(scene: Scene, found: Round, chosen: str) -> View:
    """A round that is not open; what the person's group had written and not put up in time is shown once more."""
    store, own = rounds(scene.visit), joining.of(scene.visit).of_person(found.programme, scene.person.id)
    takers = store.note_takers(found.id)
    theirs = {group.id for group in own} | {group for group, taker in takers.items() if taker == scene.person.id}
    for id in sorted(theirs & store.with_draft(found.id)) if found.state is State.CLOSED else ():
        if chosen in ("", id):
            asked = note_forms.asked_of(scene, found, groups.known(scene, id))
            return noting.not_put_up_in_time(found, asked, store.draft(found.id, id))
    return flow.not_open(found, others=bool(open_to(scene)))


def _choice(scene: Scene, found: Round) -> View:
    """Which group the person belongs to: one of the small ones, where people were divided into such."""
    programme = scene.programme(found.programme)
    if small_groups.divided(scene.visit, found):
        programme = replace(programme, role_groups=())
    return groups.choice(scene, programme, then=f"{buttons.NOTE} {found.id}", organisation=found.organisation)


def _note_in_the_only_one(scene: Scene) -> Outcome:
    noted = [one for one in open_to(scene) if one.mode is Mode.NOTES]
    return note(scene, noted[0].id) if len(noted) == 1 else Show(_listed(scene, noted))


def _asked_groups(scene: Scene, found: Round, chosen: str) -> list[Group]:
    """The groups that the person may mean. Whoever writes from a channel where a group talks belongs to it."""
    if found.together:
        return [joining.gather(scene.visit, found)]
    if chosen:
        group = _in_channel(scene, found, chosen) or groups.own_group(scene, chosen)
        _check_asked(scene, found, [group])
        small_groups.remember(scene, found, group)
        return [group]
    here = [group for group in groups.talking_here(scene, found.programme) if groups.box_of(found, group) is not None]
    if len(here) == 1:
        joining.settle(scene.visit, scene.programme(found.programme), here[0], scene.person.id)
    own, whose = _talked_in(scene, found), found.organisation
    theirs = [group for group in own if not whose or group.organisation_key == whose]
    divided = small_groups.divided(scene.visit, found)
    meant = here or [group for group in theirs if not divided or group.id in divided]
    _check_asked(scene, found, meant)
    asked = [group for group in meant if groups.box_of(found, group) is not None]
    return small_groups.chosen(scene.visit, found, scene.person.id, asked)


def _talked_in(scene: Scene, found: Round) -> list[Group]:
    """The person's groups that are in use; the one for all of their role only while they have no other in use.

    Whatever they write for here already is among them.
    """
    own = joining.of(scene.visit).of_person(found.programme, scene.person.id)
    out_of_use = resting(scene.visit, found.programme)
    in_use = [group for group in own if group.id not in out_of_use]
    talked_in = joining.talked_in(scene.programme(found.programme), in_use)
    takers = rounds(scene.visit).note_takers(found.id)
    return [group for group in own if group in talked_in or takers.get(group.id) == scene.person.id]


def _in_channel(scene: Scene, found: Round, chosen: str) -> Group | None:
    """The chosen group, when it talks where the button was pressed: so the person belongs to it."""
    group = next((one for one in groups.talking_here(scene, found.programme) if one.id == chosen), None)
    if group is not None:
        joining.settle(scene.visit, scene.programme(found.programme), group, scene.person.id)
    return group


def _check_asked(scene: Scene, found: Round, meant: list[Group] | tuple[Group, ...]) -> None:
    """Refuse when there are groups and none of them is asked in this round."""
    if meant and all(group.programme != found.programme or groups.box_of(found, group) is None for group in meant):
        raise NotAllowed(_("This round does not ask your group. Write “answer” to see what is open to you."))


def _take(scene: Scene, id: str, group: Group, page: int | None = None) -> Outcome:
    """Take the notes if nobody does, and go on to the form; otherwise say who does."""
    store = rounds(scene.visit)
    found = store.locked(id)
    assert found is not None, "it was just read, and rounds are never deleted"
    if not found.is_open:
        return Show(flow.not_open(found))
    if store.take_notes(id, group.id, scene.person.id):
        _announce(scene, found, group)
    taker = store.note_takers(id)[group.id]
    if taker != scene.person.id:
        return Show(flow.taken(scene.visit.name_of(taker), _named(scene, group), found))
    return _write(scene, found, group, page)


def _write(scene: Scene, found: Round, group: Group, page: int | None) -> Start:
    """The form, anew each time: what lies open in another window can still be sent."""
    about = f"{found.id} {group.id} {scene.inbound.delivery}"
    return Start(noting.noting.name, about, note_forms.begun(scene, found, group, page))


def invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the card with the button that opens it."""
    round, group, *_rest = about.split(" ")
    return flow.yours(_named(scene, groups.known(scene, group)), round_of(scene, round))


def _announce(scene: Scene, found: Round, group: Group) -> None:
    """Tell the group's own channel, if it has one, who takes the notes now."""
    channel = joining.of(scene.visit).channel_of(group)
    if channel is not None:
        taker = scene.visit.name_of(rounds(scene.visit).note_takers(found.id)[group.id])
        view = flow.announced(taker, called(scene.visit, group), found)
        key = f"round:{found.id}:taker:{group.id}:{scene.inbound.delivery}"
        scene.visit.outbox.add(key, channel, view, person="", language=scene.visit.language_of(channel))


def _named(scene: Scene, group: Group) -> tuple[str, Words]:
    return group.id, called(scene.visit, group)


# --- Taking over and handing over -------------------------------------------------------------------------------------


def take_over(scene: Scene, about: str) -> Outcome:
    """One tap by anyone in the group; the draft goes along, and the one who had the notes is told."""
    found, group = _of_mine(scene, about)
    if not found.is_open:
        return Show(flow.not_open(found))
    before = rounds(scene.visit).note_takers(found.id).get(group.id, "")
    if before and before != scene.person.id:
        _hand(scene, found, group, scene.person.id)
        view = flow.taken_over(scene.visit.name_of(scene.person.id), _named(scene, group), found)
        _tell(scene, before, found, view)
    small_groups.remember(scene, found, group)
    return _take(scene, found.id, group)


def hand_over(scene: Scene, about: str) -> Outcome:
    """Who in the group could take the notes instead."""
    found, group = _of_mine(scene, about)
    everybody = _in_it(scene, found, group)
    guests = {one.id for one in Guests(scene.visit.connection, scene.visit.now).among(everybody)}
    others = [one for one in everybody if one not in (*guests, scene.person.id)]
    named = [(one, scene.visit.name_of(one)) for one in others]
    return Show(flow.whom(_named(scene, group), found, named))


def _in_it(scene: Scene, found: Round, group: Group) -> tuple[str, ...]:
    """Those who belong to a group that a round asks."""
    if group.is_whole:
        return tuple(sorted(asked_of(scene.visit, found)))
    return joining.of(scene.visit).members(group.id)


def hand_to(scene: Scene, about: str) -> Outcome:
    """Hand the notes over to a member of the group; only who takes them can."""
    place, _blank, person = about.rpartition(" ")
    found, group = _of_mine(scene, place)
    if not found.is_open:
        return Show(flow.not_open(found))
    if person not in _in_it(scene, found, group):
        raise Gone(_("They have left the group meanwhile. Choose somebody else."))
    taker = rounds(scene.visit).note_takers(found.id).get(group.id, "")
    if taker not in (scene.person.id, person):
        return _take(scene, found.id, group)  # says who takes them now
    if taker != person:
        _hand(scene, found, group, person)
        view = flow.handed_to_you(scene.visit.name_of(scene.person.id), _named(scene, group), found)
        _tell(scene, person, found, view)
    return Show(flow.handed_over(scene.visit.name_of(person), called(scene.visit, group)), replaces=True)


def _hand(scene: Scene, found: Round, group: Group, person: str) -> None:
    rounds(scene.visit).hand_over(found.id, group.id, person)
    _announce(scene, found, group)


def _tell(scene: Scene, person: str, found: Round, view: View) -> None:
    scene.visit.tell(person, view, key=f"round:{found.id}:notes:{person}:{scene.inbound.delivery}")


def _of_mine(scene: Scene, about: str) -> tuple[Round, Group]:
    """The round, locked, and a group of the person's own that it asks. Raises `Gone` and `NotAllowed`."""
    id, _blank, group = about.partition(" ")
    found = round_of(scene, id)
    own = groups.own_group(scene, group)
    _check_asked(scene, found, [own])
    return rounds(scene.visit).locked(id) or found, own


# --- Choosing a group, and going on -----------------------------------------------------------------------------------


def join_role(scene: Scene, about: str) -> Outcome:
    """Join the discussion group of a role group; of several, choose one."""
    id, _blank, rest = about.partition(" ")
    role, _blank, then = rest.partition(" ")
    programme = scene.programme(id)
    groups.check_takes_part(scene, programme)
    if programme.role_group(role) is None:
        raise Gone(_("That group is no longer there. Write “group” to see those that are."))
    whose = _organisation_of(scene, then)
    there = joining.of_role(scene.visit, id, role, whose)
    found = tuple(group for group in there if groups.may_join(scene, group))
    found = found or (joining.named_after(scene.visit, programme, role, whose),)
    if len(found) > 1:
        name = programme.role_group(role)
        listed = [(group.id, called(scene.visit, group)) for group in found]
        return Show(group_words.choose_among(name.name if name else "", listed, then=then))
    return _join(scene, found[0], then)


def _organisation_of(scene: Scene, then: str) -> str:
    """The organisation of the round that somebody goes on to, where it has one and they take part for it."""
    _do, _blank, about = then.partition(" ")
    found = rounds(scene.visit).get(about)
    return found.organisation if found is not None and groups.concerned(scene, found) else ""


def join(scene: Scene, about: str) -> Outcome:
    id, _blank, then = about.partition(" ")
    group = groups.known(scene, id)
    groups.check_takes_part(scene, scene.programme(group.programme))
    if not groups.may_join(scene, group):
        raise NotAllowed(_("That group belongs to another organisation. Write “group” to see yours."))
    return _join(scene, group, then)


def _join(scene: Scene, group: Group, then: str) -> Outcome:
    joining.settle(scene.visit, scene.programme(group.programme), group, scene.person.id)
    prompting.catch_up(scene.visit, group.programme, [scene.person.id])
    do, _blank, about = then.partition(" ")
    if do == buttons.NOTE:
        return note(scene, f"{about} {group.id}")
    if do in (buttons.SEAL, buttons.ANSWER):
        return answer(scene, about)
    name, others = called(scene.visit, group), [_named(scene, one) for one in _of_other_roles(scene, group)]
    return Show(group_words.joined(name, scene.programme(group.programme), others), replaces=True)


def _of_other_roles(scene: Scene, group: Group) -> list[Group]:
    """The person's groups of another role than that of the one that they have just joined."""
    own = joining.of(scene.visit).of_person(group.programme, scene.person.id)
    return [one for one in own if group.role and one.role and one.role != group.role]


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.ANSWER: answer,
    buttons.NOTE: note,
    flow.TAKE_OVER: take_over,
    flow.HAND_OVER: hand_over,
    flow.HAND_TO: hand_to,
    group_words.JOIN_ROLE: join_role,
    group_words.JOIN: join,
}
