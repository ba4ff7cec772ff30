"""Two programmes at once, at random: what is written in one is never shown in the other (figure 9)."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bot.handlers import groups
from bot.messages import Action, Card, Form
from tests.flows.samples import words
from tests.handlers.town import Person, Town, buttons, open_town, text
from tests.handlers.workshop import MODEL, answers, group, open_round, write

OTHER = replace(MODEL, id="annat", title=words("Annat program"))
STEPS = 60
DOING = ("note", "answer", "our_posts", "edit_post", "move_post", "move_post_to", "remove_post", "take_notes_over",
         "hand_notes", "hand_notes_to", "my_group", "join_group", "join_role", "choose_group", "board")  # fmt: skip


async def crowd(town: Town) -> dict[str, list[Person]]:
    """Two people in a group of each programme; what they write holds their programme's canary."""
    people = {}
    for number, programme in enumerate((MODEL, OTHER)):
        await open_round(town, f"r{number}", programme=programme)
        people[programme.id] = [town.person(f"{programme.id}{n}", ("slack", "teams")[n], f"W{n}") for n in range(2)]
        await group(town, "chefer", f"Chefer canary-{programme.id}", *people[programme.id], programme=programme.id)
        await write(people[programme.id][0], {"bidra": f"canary-{programme.id}"}, f"r{number}")
    return people


async def walk(town: Town, people: dict[str, list[Person]], chance: random.Random, steps: int = STEPS) -> None:
    known = [f"r{n}" for n in range(2)] + [a.id for n in range(2) for a in await answers(town, f"r{n}")]
    known += [a.group for n in range(2) for a in await answers(town, f"r{n}")] + [MODEL.id, OTHER.id, "chefer", "bidra"]
    shown: dict[str, list[Action]] = {}
    for _ in range(steps):
        own, other = chance.sample([MODEL.id, OTHER.id], 2)
        person = chance.choice(people[own])
        seen = shown.get(person.actor.user, [])
        if seen and chance.random() < 0.5:
            action = chance.choice(seen)
        else:
            action = Action(chance.choice(DOING), " ".join(chance.sample(known, chance.randint(1, 3))))
        view = (await person.press(action.do, action.about)).view
        while isinstance(view, Form) and not view.errors:
            view = (await person.submit(view, {"texts.bidra": f"canary-{own}", "text": f"canary-{own} x"})).view
        assert f"canary-{other}" not in repr(view), (action, text(view))
        assert "went wrong" not in text(view)
        if isinstance(view, Card):
            shown[person.actor.user] = [b.action for b in buttons(view) if b.action is not None]
    for number, programme in enumerate((MODEL, OTHER)):
        assert all(f"canary-{programme.id}" in one.text for one in await answers(town, f"r{number}"))


@pytest.mark.parametrize("seed", range(4))
async def test_figure_9_boards_of_two_programmes_never_mix(sqlite_url: str, seed: int) -> None:
    async with open_town(sqlite_url, MODEL, OTHER) as town:
        await walk(town, await crowd(town), random.Random(seed))


async def test_control_without_the_check_of_who_takes_part_they_mix(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "takes_part", lambda *_asked: True)
    monkeypatch.setattr(groups, "own_group", groups.known)
    async with open_town(sqlite_url, MODEL, OTHER) as town:
        people = await crowd(town)
        with pytest.raises(AssertionError, match="canary"):
            await walk(town, people, random.Random(1), steps=400)
