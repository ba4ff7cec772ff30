"""A message of several parts that broke off goes on after those that are there, for as long as that can be known."""

import asyncio

import pytest

from bot.handlers.begun import Begun
from bot.ports import Trouble, Undeliverable


def send(begun: Begun, outbox: str, error: BaseException, *parts: str) -> None:
    with begun.going_on(outbox) as there:
        there.update(enumerate(parts))
        raise error


def break_off(begun: Begun, outbox: str, error: BaseException, *parts: str) -> BaseException:
    with pytest.raises(type(error)) as broken:
        send(begun, outbox, error, *parts)
    return broken.value


def held(begun: Begun, outbox: str) -> dict[int, str]:
    with begun.going_on(outbox) as there:
        return dict(there)


@pytest.mark.parametrize("error", [Undeliverable(Trouble.UNKNOWN, "500"), asyncio.CancelledError()])
def test_what_is_there_is_held_until_the_rest_is(error: BaseException) -> None:
    begun = Begun()
    break_off(begun, "o1", error, "a", "b")
    assert held(begun, "o2") == {}
    assert held(begun, "o1") == {0: "a", 1: "b"}
    assert held(begun, "o1") == {}  # it was sent to its end


@pytest.mark.parametrize(
    ("parts", "trouble", "expected"),
    [
        ((), Trouble.LATER, Trouble.LATER),
        (("a",), Trouble.LATER, Trouble.UNKNOWN),
        (("a",), Trouble.UNKNOWN, Trouble.UNKNOWN),
        (("a",), Trouble.GONE, Trouble.GONE),
        (("a",), Trouble.FORBIDDEN, Trouble.FORBIDDEN),
        (("a",), Trouble.FAULT, Trouble.FAULT),
    ],
)
def test_what_may_go_on_is_unknown_to_others_and_what_is_refused_stays_so(
    parts: tuple[str, ...], trouble: Trouble, expected: Trouble
) -> None:
    failed = break_off(Begun(), "o1", Undeliverable(trouble, "reason", retry_after=7), *parts)
    assert isinstance(failed, Undeliverable)
    assert (failed.trouble, failed.reason, failed.retry_after) == (expected, "reason", 7)


def test_an_answer_without_an_id_leaves_nothing() -> None:
    begun = Begun()
    break_off(begun, "", Undeliverable(Trouble.LATER, "429"), "a")
    assert held(begun, "") == {}


def test_messages_that_nobody_goes_on_with_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handlers.begun._MOST", 2)
    begun = Begun()
    for outbox in ("o1", "o2", "o3"):
        break_off(begun, outbox, Undeliverable(Trouble.LATER, "429"), "a")
    assert [held(begun, outbox) for outbox in ("o1", "o2", "o3")] == [{}, {0: "a"}, {0: "a"}]
