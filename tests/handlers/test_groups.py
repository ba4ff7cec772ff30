"""Discussion groups: chosen by oneself, by channel or by a coordinator, left again, and named to nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.flows import groups as flow
from bot.messages import Card, Form
from storage.groups import Group, Groups
from tests.fixtures.seed_board import ROLE_GROUPS
from tests.flows.samples import FREE, NOW, SINGLE
from tests.handlers.test_matters import appointed
from tests.handlers.town import Person, Town, at_once, buttons, open_town, second_process, text
from tests.handlers.workshop import (
    MODEL,
    channel,
    follows,
    group,
    labels,
    open_round,
    person_id,
    press_on,
    register,
    write,
)


@pytest.fixture
async def town(engine_url: str) -> AsyncIterator[Town]:
    async with open_town(engine_url, MODEL, replace(FREE, role_groups=())) as opened:
        yield opened


async def groups(town: Town, programme: str = MODEL.id) -> list[Group]:
    return list(await town.read(lambda c: Groups(c, town.clock.now()).of_programme(programme)))


async def mine(town: Town, person: Person, programme: str = MODEL.id) -> list[str]:
    id = await person_id(town, person)
    return [one.name for one in await town.read(lambda c: Groups(c, town.clock.now()).of_person(programme, id))]


# --- Choosing ---------------------------------------------------------------------------------------------------------


async def test_the_group_named_after_the_role_comes_with_the_first_who_chooses_it(town: Town) -> None:
    ann, bo = town.person("ann"), town.person("bo", "teams", "T1")
    await register(town, ann, bo)
    for person in (ann, bo):
        asked = await person.say("grupp")
        assert "Which group do you belong to?" in text(asked.view)
        assert "You belong to Chefer now" in text((await press_on(person, asked, "Chefer")).view)
    assert [(one.role, one.name) for one in await groups(town)] == [("chefer", "Chefer")]


async def test_two_who_choose_at_once_found_one_group(town: Town) -> None:
    ann, bo = town.person("ann"), town.person("bo")
    await register(town, ann, bo)
    async with second_process(town) as other:
        elsewhere = replace(bo, reception=other)
        await at_once(ann.press(flow.JOIN_ROLE, "modell chefer"), elsewhere.press(flow.JOIN_ROLE, "modell chefer"))
    assert len(await groups(town)) == 1
    assert (await mine(town, ann), await mine(town, bo)) == (["Chefer"], ["Chefer"])


async def test_of_several_groups_of_a_role_one_is_chosen(town: Town) -> None:
    ann = town.person("ann")
    await register(town, ann)
    for name in ("Strateger A", "Strateger B"):
        await group(town, "strateger", name)
    asked = await ann.press(flow.JOIN_ROLE, "modell strateger")
    assert labels(asked) == ["Strateger A", "Strateger B"]
    await press_on(ann, asked, "Strateger B")
    assert await mine(town, ann) == ["Strateger B"]


async def test_N1_who_chooses_their_own_group_is_no_longer_in_the_one_that_came_by_itself(town: Town) -> None:
    ann, bo = town.person("ann"), town.person("bo")
    for person in (ann, bo):
        await person.register(MODEL.id, role="strateger")
    assert await mine(town, bo) == ["Strateger och nyckelpersoner"]
    its = await group(town, "strateger", "Strateger A")
    await ann.press(flow.JOIN, its)
    assert (await mine(town, ann), len(await groups(town))) == (["Strateger A"], 2)
    await bo.press(flow.JOIN, its)
    assert [one.name for one in await groups(town)] == ["Strateger A"]


async def test_N1b_whoever_writes_for_the_group_that_came_by_itself_stays_in_it(town: Town) -> None:
    await open_round(town)
    ann = town.person("ann")
    await ann.register(MODEL.id, role="strateger")
    await ann.press("note", "r1")
    await ann.press(flow.JOIN, await group(town, "strateger", "Strateger A"))
    assert set(await mine(town, ann)) == {"Strateger A", "Strateger och nyckelpersoner"}


async def in_two_of_a_role(town: Town, last: str = "Strateger A") -> Person:
    """Somebody of before: registered into the group of their role, and in one of their own besides."""
    ann, both = town.person("ann"), ["Strateger A", "Strateger och nyckelpersoner"]
    for name in sorted(both, key=lambda one: one == last):
        town.clock.move(minutes=1)
        await group(town, "strateger", name, ann)
    await open_round(town)
    return ann


async def test_N1c_whoever_chose_a_group_after_the_one_of_their_role_is_not_asked_which(town: Town) -> None:
    ann = await in_two_of_a_role(town)
    assert "Strateger A" in text((await ann.press("note", "r1")).view)
    kim = await appointed(town, "kim")
    assert "Strateger och nyckelpersoner" not in text((await kim.press("round", "r1")).view).split("Strateger A")[-1]


async def test_N1c_control_chosen_after_it_the_one_of_the_role_is_meant_as_well(town: Town) -> None:
    ann = await in_two_of_a_role(town, last="Strateger och nyckelpersoner")
    assert "Which group do you take notes for?" in text((await ann.press("note", "r1")).view)


async def test_N1b_whoever_writes_for_the_one_of_their_role_still_comes_to_it(town: Town) -> None:
    ann = await in_two_of_a_role(town)
    role_wide = next(one.id for one in await groups(town) if one.name != "Strateger A")
    await write(ann, {"bidra": "Kunskap"}, group=role_wide)
    assert "Which group do you take notes for?" in text((await ann.press("note", "r1")).view)


async def test_a_group_called_after_its_role_is_named_once(town: Town) -> None:
    ann = town.person("ann")
    await group(town, "chefer", "Chefer", ann)
    assert text((await ann.say("grupp")).view).count("Chefer") == 1


async def test_one_leaves_a_group_and_joins_another(town: Town) -> None:
    ann = town.person("ann")
    await group(town, "chefer", "Chefer", ann)
    shown = await ann.say("grupp")
    left = await press_on(ann, shown, "Leave the group")
    assert "You have left Chefer" in text(left.view)
    assert await mine(town, ann) == []


async def test_a_programme_without_roles_has_one_group_for_everybody(town: Town) -> None:
    await open_round(town, programme=replace(FREE, role_groups=()))
    ann = town.person("ann")
    await ann.register(FREE.id)
    asked = await ann.press("note", "r1")
    assert len(labels(asked)) == 1
    assert isinstance((await press_on(ann, asked, labels(asked)[0])).view, Form)


async def test_in_a_channel_that_follows_the_programme_one_may_choose(town: Town) -> None:
    await open_round(town)
    here = channel("C1")
    await follows(town, here, by=await appointed(town, "kim"))
    ann = town.person("ann", "slack", "S1")
    asked = await ann.press("note", "r1", came_from=here)
    assert "Which group do you belong to?" in text(asked.view)
    elsewhere = await ann.press("note", "r1", came_from=channel("C2"))
    assert "This is for those who take part" in text(elsewhere.view)


async def test_whoever_takes_part_in_nothing_is_told_to_register(town: Town) -> None:
    reply = await town.person("eve").say("grupp")
    assert "You do not take part in any programme yet" in text(reply.view)
    assert labels(reply) == ["Programmes"]


# --- Coordinators -----------------------------------------------------------------------------------------------------


async def test_a_coordinator_makes_a_group_and_sees_who_takes_its_notes(town: Town) -> None:
    kim = await appointed(town, "kim")
    form = (await kim.press(flow.NEW, MODEL.id)).view
    made = await kim.submit(form, {"name": "Strateger A", "role": "strateger", "organisation": "lund"})
    assert "The group is there: Strateger A" in text(made.view)
    ann = town.person("ann")
    await group(town, "strateger", "Strateger A", ann)
    await open_round(town)
    await write(ann, {"bidra": "Kunskap"})
    said = text((await press_on(kim, made, "All groups")).view)
    assert "Uppstartskonferensen: Ann takes notes" in said
    assert not [part for part in ("Strateger A", "Lunds kommun", "Members: 1", "Only 1 of them") if part not in said]


async def test_the_same_name_again_is_the_same_group(town: Town) -> None:
    kim = await appointed(town, "kim")
    for _ in range(2):
        form = (await kim.press(flow.NEW, MODEL.id)).view
        await kim.submit(form, {"name": "Chefer", "role": "chefer"})
    assert len(await groups(town)) == 1


@pytest.mark.parametrize(("typed", "said"), [("Bo", "Did you mean"), ("Atlantis", "do not know")])
async def test_an_unclear_organisation_is_asked_for_again(town: Town, typed: str, said: str) -> None:
    kim = await appointed(town, "kim")
    form = (await kim.press(flow.NEW, MODEL.id)).view
    again = (await kim.submit(form, {"name": "Chefer", "role": "chefer", "organisation": typed})).view
    assert isinstance(again, Form)
    assert said in text(again)


async def test_only_an_empty_group_that_has_written_nothing_is_removed(town: Town) -> None:
    kim, ann = await appointed(town, "kim"), town.person("ann")
    empty, used = await group(town, "chefer", "Tom"), await group(town, "chefer", "Chefer", ann)
    assert "The group is removed: Tom" in text((await kim.press(flow.REMOVE, empty)).view)
    assert "Somebody belongs to Chefer" in text((await kim.press(flow.REMOVE, used)).view)
    await open_round(town)
    await write(ann, {"bidra": "Kunskap"})
    await ann.press(flow.LEAVE, used)
    assert "it has written something" in text((await kim.press(flow.REMOVE, used)).view)
    assert [one.name for one in await groups(town)] == ["Chefer"]


async def test_a_coordinator_says_in_a_channel_which_group_talks_there(town: Town) -> None:
    kim, here = await appointed(town, "kim"), channel("C7", "sandbox", "W1")
    its = await group(town, "chefer", "Chefer")
    asked = await kim.say("grupp", came_from=here)
    assert "Which group talks in this channel?" in text(asked.view)
    done = await press_on(kim, asked, "This one")  # pressed in the coordinator's own conversation
    assert "Chefer talks in the channel now." in text(done.view)
    await town.deliver()
    assert any(m.address.conversation == "C7" and "Chefer talks here" in m.text for m in town.posts["sandbox"].sent)
    (found,) = await groups(town)
    assert (found.id, found.channel) == (its, ("sandbox", "W1", "C7"))


async def test_who_presses_in_the_channel_of_a_group_belongs_to_it(town: Town) -> None:
    await open_round(town)
    here, ann = channel("C1"), town.person("ann", "slack", "S1")
    await group(town, "chefer", "Chefer A", where=here)
    await ann.press("note", "r1", came_from=here)
    assert await mine(town, ann) == ["Chefer A"]


async def test_in_a_channel_of_two_groups_one_chooses(town: Town) -> None:
    await open_round(town)
    here, ann = channel("C1"), town.person("ann", "slack", "S1")
    for name in ("Chefer A", "Chefer B"):
        await group(town, "chefer", name, where=here)
    asked = await ann.press("note", "r1", came_from=here)
    assert labels(asked) == ["Chefer A", "Chefer B"]
    form = await press_on(ann, asked, "Chefer B", came_from=here)
    assert "Notes of Chefer B" in text(form.view)


async def test_a_channel_that_is_not_known_is_refused(town: Town) -> None:
    kim = await appointed(town, "kim")
    its = await group(town, "chefer", "Chefer")
    assert "I do not know that channel" in text((await kim.press(flow.HERE, f"{its} nowhere")).view)


async def test_without_roles_and_groups_the_overview_says_how_to_begin(town: Town) -> None:
    kim = await appointed(town, "kim")
    view = (await kim.press(flow.GROUPS, MODEL.id)).view
    assert isinstance(view, Card)
    assert "No group yet." in text(view)


async def test_who_registers_with_a_role_belongs_to_its_group(town: Town) -> None:
    with_roles = replace(SINGLE, role_groups=ROLE_GROUPS)
    await town.load(with_roles)
    await town.person("anna").register(role="chefer")
    await town.person("erik").register(takes_part="others", role="chefer")  # books for others
    await town.person("ida").register()
    belong = await town.read(lambda c: Groups(c, NOW).people_of_role(SINGLE.id, "chefer"))
    assert len(belong) == 1


async def test_whoever_chooses_another_role_is_told_that_they_keep_the_first_one_and_leaves_it_with_one_press(
    town: Town,
) -> None:
    ann = town.person("ann")
    await ann.register(MODEL.id, role="strateger")
    joined = (await ann.press(flow.JOIN_ROLE, f"{MODEL.id} politiker")).view
    assert "You belong to Politiker now" in text(joined)
    assert "You still belong to Strateger och nyckelpersoner, too" in text(joined)
    (leave,) = [one.action for one in buttons(joined) if one.action and one.action.do == flow.LEAVE]
    await ann.press(leave.do, leave.about)
    again = (await ann.press(flow.JOIN_ROLE, f"{MODEL.id} politiker")).view
    assert "You still belong" not in text(again)


@pytest.mark.parametrize("typed", ["byt roll", "endre rolla mi", "jeg vil endre rollen min", "change my role"])
async def test_whoever_wants_another_role_comes_to_the_groups(town: Town, typed: str) -> None:
    ann = town.person("ann")
    await ann.register(MODEL.id, role="strateger")
    assert "Your groups" in text((await ann.say(typed)).view)
