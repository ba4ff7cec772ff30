"""Group notes: who takes them, what is put up, and that nothing is lost, doubled or shown too early."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.rounds import Mode
from bot.flows import note_taking
from bot.messages import Form
from tests.fixtures.kinds import Kind
from tests.fixtures.seed_board import POSTS
from tests.flows.samples import FREE, words
from tests.handlers.prepared import prepared
from tests.handlers.town import Town, at_once, second_process, text
from tests.handlers.workshop import (
    MODEL,
    ROUND,
    answers,
    board,
    channel,
    close,
    draft,
    group,
    labels,
    open_round,
    pair,
    press_on,
    register,
    taker,
    texts,
    write,
)


@pytest.fixture
async def town(engine: Kind) -> AsyncIterator[Town]:
    async with prepared(engine, MODEL) as opened:
        yield opened


@pytest.fixture
async def small(sqlite: Kind) -> AsyncIterator[Town]:
    """On SQLite alone: for what has nothing to do with the database."""
    async with prepared(sqlite, MODEL, FREE) as opened:
        yield opened


# --- Taking notes -----------------------------------------------------------------------------------------------------


async def test_N1_one_tap_opens_the_three_questions_in_the_wording_of_the_role(town: Town) -> None:
    ann, _bo, its = await pair(town)
    form = (await ann.press("note", ROUND)).view
    assert isinstance(form, Form)
    said = text(form)
    assert "Vad kan ni i era olika roller bidra med rent konkret?" in said
    assert "Vad förväntar ni er av de andra (chefer och politiker)?" in said
    assert "into this box: Strateger och nyckelpersoner." in said
    assert await taker(town, its) == "Ann"


async def test_N1_several_lines_are_several_posts_at_once_on_the_board(town: Town) -> None:
    ann, _bo, its = await pair(town)
    reply = await write(ann, {"bidra": "- Kunskap\n\n• Tid\n", "stod": "Mod"})
    assert await board(town) == [
        ("strateger", "bidra", "Kunskap"), ("strateger", "bidra", "Tid"), ("strateger", "stod", "Mod"),
    ]  # fmt: skip
    assert "3 posts are on the board" in text(reply.view)
    assert {one.group for one in await answers(town)} == {its}
    assert {"Take more notes", "Open the board", "Change or move", "Web link"} == set(labels(reply))


async def test_the_receipt_says_which_posts_wait_and_why(town: Town) -> None:
    ann, _bo, _its = await pair(town)
    shown = text((await write(ann, {"bidra": "Kunskap\nRing 070-123 45 67\nTid"})).view)
    assert "2 posts are on the board" in shown
    assert "070-123 45 67 (waits for a coordinator, since it may point to somebody: 070-123 45 67)" in shown
    assert shown.count("(waits") == 1


async def test_N1a_of_two_at_once_one_takes_the_notes_and_the_other_is_told(town: Town) -> None:
    ann, bo, its = await pair(town)
    async with second_process(town) as other:
        elsewhere = replace(bo, reception=other)
        replies = await at_once(ann.press("note", ROUND), elsewhere.press("note", ROUND))
    (form,) = [reply for reply in replies if isinstance(reply.view, Form)]
    (told,) = [reply for reply in replies if reply is not form]
    first, second = (ann, bo) if form is replies[0] else (bo, ann)
    assert f"{first.profile.name} takes notes for Strateger A." in text(told.view)
    assert isinstance((await press_on(second, told, "Take over")).view, Form)
    assert await taker(town, its) == second.profile.name


async def test_N1a_the_notes_are_handed_over_by_one_tap(town: Town) -> None:
    ann, bo, its = await pair(town)
    await ann.press("note", ROUND)
    asked = await ann.press(note_taking.HAND_OVER, f"{ROUND} {its}")
    assert labels(asked) == ["Bo"]
    reply = await press_on(ann, asked, "Bo")
    assert "Bo takes notes for Strateger A now." in text(reply.view)
    assert await taker(town, its) == "Bo"
    assert "You take notes for Strateger A now" in (await bo.received())[-1]
    assert isinstance((await bo.click("Take notes")).view, Form)


async def test_N1b_anyone_in_the_group_takes_over_with_the_draft(town: Town) -> None:
    ann, bo, its = await pair(town)
    form = (await ann.press("note", ROUND)).view
    saved = await ann.submit(form, {"texts.bidra": "Halvfärdigt", "later": ("draft",)})
    assert "The draft is saved" in text(saved.view)
    assert await board(town) == []
    taken = (await bo.press("note", ROUND)).view
    assert "Ann takes notes for Strateger A." in text(taken)
    over = (await bo.press(note_taking.TAKE_OVER, f"{ROUND} {its}")).view
    assert isinstance(over, Form)
    assert over.values["texts.bidra"] == "Halvfärdigt"
    assert "Bo has taken over" in (await ann.received())[-1]
    await bo.submit(over)
    assert (await texts(town), await draft(town, its)) == (["Halvfärdigt"], {})


async def test_N1b_who_was_taken_over_while_writing_loses_nothing(town: Town) -> None:
    ann, bo, its = await pair(town)
    form = (await ann.press("note", ROUND)).view
    over = (await bo.press(note_taking.TAKE_OVER, f"{ROUND} {its}")).view
    reply = await ann.submit(form, {"texts.bidra": "Anns rad"})
    assert "Bo took over while you were writing" in text(reply.view)
    assert "Anns rad" in text(reply.view)
    assert await texts(town) == []
    await bo.submit(over, {"texts.bidra": "Bos rad"})
    assert (await texts(town), await draft(town, its)) == (["Bos rad"], {"bidra": "Anns rad"})
    await write(bo, {})
    assert await texts(town) == ["Bos rad", "Anns rad"]


async def test_N1c_a_member_of_two_groups_is_asked_which(town: Town) -> None:
    ann, _bo, its = await pair(town)
    other = await group(town, "chefer", "Chefer", ann)
    asked = await ann.press("note", ROUND)
    assert "Which group do you take notes for?" in text(asked.view)
    assert set(labels(asked)) == {"Chefer", "Strateger A"}
    form = await press_on(ann, asked, "Chefer")
    assert "Notes of Chefer" in text(form.view)
    assert (await taker(town, other), await taker(town, its)) == ("Ann", "")


async def test_without_a_group_one_chooses_and_goes_straight_on(town: Town) -> None:
    await open_round(town)
    ann = town.person("ann")
    await register(town, ann)
    asked = await ann.press("note", ROUND)
    assert labels(asked) == ["Politiker", "Chefer", "Strateger och nyckelpersoner"]
    form = await press_on(ann, asked, "Chefer")
    assert "Vad kan ni som chefer bidra med rent konkret?" in text(form.view)


async def test_in_a_groups_channel_one_writes_for_that_group_and_it_is_told_who(town: Town) -> None:
    await open_round(town)
    here = channel("C1")
    its = await group(town, "chefer", "Chefer A", where=here)
    ann = town.person("ann", "slack", "S1")
    assert "Notes of Chefer A" in text((await ann.press("note", ROUND, came_from=here)).view)
    assert await taker(town, its) == "Ann"
    await town.deliver()
    (told,) = [m.text for m in town.posts["slack"].sent if m.address.conversation == "C1"]
    assert "Ann takes notes for Chefer A." in told


async def test_where_no_form_opens_at_once_the_note_taker_gets_its_button(town: Town) -> None:
    ann, _bo, its = await pair(town)
    card = await ann.say("anteckna", opens_forms=False)
    assert "You take notes for Strateger A" in text(card.view)
    assert await taker(town, its) == "Ann"
    assert isinstance((await press_on(ann, card, "Take notes")).view, Form)


async def test_whoever_takes_no_part_neither_reads_nor_writes(town: Town) -> None:
    _ann, _bo, its = await pair(town)
    eve = town.person("eve", "slack", "S9")
    await eve.open_home()
    for do, about in (
        ("note", ROUND), ("note", f"{ROUND} {its}"), ("answer", ROUND), (note_taking.TAKE_OVER, f"{ROUND} {its}"),
        (note_taking.HAND_OVER, f"{ROUND} {its}"), ("join_group", its), ("join_role", "modell chefer"),
        ("our_posts", f"{ROUND} {its}"), ("my_group", MODEL.id), ("choose_group", MODEL.id),
    ):  # fmt: skip
        assert "This is for those who take part" in text((await eve.press(do, about)).view), do
    assert await taker(town, its) == ""


async def test_nobody_takes_over_or_hands_over_in_another_group(town: Town) -> None:
    ann, bo, its = await pair(town)
    eve = town.person("eve")
    await group(town, "chefer", "Chefer", eve)
    await ann.press("note", ROUND)
    for do, about in ((note_taking.TAKE_OVER, f"{ROUND} {its}"), (note_taking.HAND_TO, f"{ROUND} {its} x")):
        assert "You do not belong to Strateger A" in text((await eve.press(do, about)).view)
    hers = await bo.press(note_taking.HAND_TO, f"{ROUND} {its} nobody")
    assert "They have left the group" in text(hers.view)
    assert await taker(town, its) == "Ann"


# --- Nothing lost, nothing doubled ------------------------------------------------------------------------------------


async def test_what_was_written_when_the_round_closed_is_kept_and_shown(town: Town) -> None:
    ann, _bo, its = await pair(town)
    form = (await ann.press("note", ROUND)).view
    await close(town)
    reply = await ann.submit(form, {"texts.bidra": "För sent\nmen kvar"})
    assert "The round was closed while you were writing." in text(reply.view)
    assert "men kvar" in text(reply.view)
    assert (await texts(town), await draft(town, its)) == ([], {"bidra": "För sent\nmen kvar"})
    assert "This round is closed" in text((await ann.press("note", ROUND)).view)


async def test_two_open_windows_are_both_put_up_and_the_draft_only_once(town: Town) -> None:
    ann, _bo, its = await pair(town)
    form = (await ann.press("note", ROUND)).view
    await ann.submit(form, {"texts.bidra": "Utkast", "later": ("draft",)})
    laptop, phone = (await ann.press("note", ROUND)).view, (await ann.press("note", ROUND)).view
    await ann.submit(laptop, {"texts.bidra": "Utkast\nDatorn"})
    await ann.submit(phone, {"texts.bidra": "Utkast\nTelefonen"})
    assert await texts(town) == ["Utkast", "Datorn", "Telefonen"]
    assert await draft(town, its) == {}


async def test_N2b_the_same_submit_again_after_a_lost_answer_puts_nothing_up_twice(town: Town) -> None:
    ann, _bo, _its = await pair(town)
    form = (await ann.press("note", ROUND)).view
    async with second_process(town) as other:
        twins = (ann, replace(ann, reception=other)) * 3
        deliveries = ("d1", "d1", "d1", "d2", "d3", "d1")
        replies = await at_once(
            *(
                twin.submit(form, {"texts.bidra": "En gång"}, delivery=delivery)
                for twin, delivery in zip(twins, deliveries, strict=True)
            )
        )
    assert await texts(town) == ["En gång"]
    assert not [reply for reply in replies if "went wrong" in text(reply.view)]


async def test_N2_N2a_twenty_submits_at_once_by_three_groups_on_two_platforms(town: Town) -> None:
    await open_round(town)
    people = [town.person(f"p{n}", *(("slack", "S1"), ("teams", "T1"), ("slack", "S2"))[n % 3]) for n in range(3)]
    for number, person in enumerate(people):
        await group(town, "strateger", f"Strateger {number}", person)
    forms = [(people[n % 3], (await people[n % 3].press("note", ROUND)).view) for n in range(20)]
    async with second_process(town) as other:
        senders = [replace(p, reception=other) if n % 2 else p for n, (p, _form) in enumerate(forms)]
        await at_once(
            *(
                sender.submit(form, {"texts.bidra": f"{n} a\n{n} b"}, delivery=f"d{n}")
                for n, (sender, (_p, form)) in enumerate(zip(senders, forms, strict=True))
                for _twice in range(2)
            )
        )
    written = await texts(town)
    assert Counter(written) == Counter(f"{n} {half}" for n in range(20) for half in "ab")
    pairs = list(zip(written[::2], written[1::2], strict=True))
    assert all((a[-1], b[-1]) == ("a", "b") and a[:-1] == b[:-1] for a, b in pairs), "one submit stays together"
    places = [one.place for one in await answers(town)]
    assert places == sorted(set(places))


async def test_control_without_the_run_a_repeated_submit_would_double(town: Town) -> None:
    """The positive control: the count above sees a post that is put up twice."""
    ann, _bo, _its = await pair(town)
    for _ in range(2):
        await write(ann, {"bidra": "Samma idé"})
    assert Counter(await texts(town)) == {"Samma idé": 2}, "N2c: the same idea twice is kept twice"


# --- What is open -----------------------------------------------------------------------------------------------------


async def test_answer_lists_what_is_open_to_me_the_newest_first(town: Town) -> None:
    ann, _bo, _its = await pair(town)
    town.clock.move(minutes=1)
    await open_round(town, "r2", mode=Mode.SEALED, title=words("Hur går det?"))
    await open_round(town, "r3", title=words("Stängd"))
    await close(town, "r3")
    reply = await ann.say("svara")
    said = text(reply.view)
    assert said.index("Hur går det?") < said.index("Uppstartskonferensen")
    assert "Stängd" not in said
    assert labels(reply) == ["Answer", "Open the board", "Take notes", "Open the board"]


async def test_answer_says_so_when_nothing_is_open(town: Town) -> None:
    eve = town.person("eve")
    assert "Nothing is open to you right now" in text((await eve.say("svara")).view)
    await open_round(town)
    assert "Nothing is open to you right now" in text((await eve.say("anteckna")).view)


@pytest.mark.parametrize("word", ["anteckna", "Anteckna!", "noter", "take notes", "antekna"])
async def test_the_word_goes_straight_to_the_form_when_one_round_is_open(small: Town, word: str) -> None:
    ann, _bo, _its = await pair(small)
    assert isinstance((await ann.say(word)).view, Form)


async def test_a_group_that_a_round_does_not_ask_is_told_so(small: Town) -> None:
    found = await open_round(small)
    await open_round(small, "r2", boxes=found.boxes[:1])
    ann = small.person("ann")
    await group(small, "chefer", "Chefer", ann)
    assert "This round does not ask your group" in text((await ann.press("note", "r2")).view)


@pytest.mark.parametrize("about", ["x", "x y", f"{ROUND} x", f"{ROUND} x y", "  ", "r1 r1 r1 r1"])
async def test_strange_buttons_break_nothing(small: Town, about: str) -> None:
    ann, _bo, _its = await pair(small)
    for do in ("note", "answer", "take_notes_over", "hand_notes", "hand_notes_to", "our_posts", "edit_post",
               "move_post", "move_post_to", "remove_post", "confirm_remove_post", "my_group", "choose_group",
               "join_role", "join_group", "leave_group"):  # fmt: skip
        assert "went wrong" not in text((await ann.press(do, about)).view), do


# --- The conference ---------------------------------------------------------------------------------------------------


async def test_the_fifty_posts_of_the_conference_through_nine_boxes(town: Town) -> None:
    """Three groups of strategists in three workspaces on two platforms write at once; so do the other roles."""
    await open_round(town)
    places = (("slack", "S1"), ("teams", "T1"), ("slack", "S2"))
    strategists = [town.person(f"s{n}", *place) for n, place in enumerate(places)]
    for number, person in enumerate(strategists):
        await group(town, "strateger", f"Strateger {number}", person)
    others = {"politiker": town.person("p", "teams", "T2"), "chefer": town.person("c", "slack", "S3")}
    for role, person in others.items():
        await group(town, role, role.title(), person)
    for question in ("bidra", "forvantar", "stod"):
        work = [(p, "\n".join(t for r, q, t in POSTS if (r, q) == (role, question))) for role, p in others.items()]
        mine = [t for r, q, t in POSTS if (r, q) == ("strateger", question)]
        await at_once(*(write(person, {question: lines}) for person, lines in work))
        for start in range(0, len(mine), 3):  # they take turns, so that the order is that of the conference
            for person, line in zip(strategists, mine[start : start + 3], strict=False):
                await write(person, {question: line})
    shown = await board(town)
    assert sorted(shown) == sorted(POSTS)
    for role, question in {(role, question) for role, question, _text in POSTS}:
        assert [p for p in shown if p[:2] == (role, question)] == [p for p in POSTS if p[:2] == (role, question)]
