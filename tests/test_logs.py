"""The log says what happened, in one line each, and never what people wrote."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from bot import logs

CANARY = "kanariefågel-7319"
TOKEN = f"xoxb-{CANARY}"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stream() -> Iterator[StringIO]:
    """Where the log goes; afterwards everything is as it was."""
    names = ("", *logs.OURS, "slack_sdk", "sqlalchemy.engine")
    kept = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    yield StringIO()
    root = logging.getLogger()
    root.handlers[:] = [handler for handler in root.handlers if not isinstance(handler.formatter, logs._Lines)]
    for logger, level in kept:
        logger.setLevel(level)


@pytest.fixture
def lines(stream: StringIO) -> Lines:
    logs.set_up(json=True, key=b"key", level=logging.DEBUG, stream=stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def test_a_line_of_ours_says_what_happened_with_its_fields(lines: Lines) -> None:
    logging.getLogger("bot.handlers.courier").warning("not %s", "delivered", extra={"outbox": "o1", "event": "Said"})
    (line,) = lines()
    assert line["message"] == "not delivered"
    assert (line["level"], line["logger"]) == ("warning", "bot.handlers.courier")
    assert (line["outbox"], line["event"]) == ("o1", "Said")


def test_an_id_becomes_a_mark_that_is_the_same_for_the_same_id(lines: Lines) -> None:
    for user in (CANARY, CANARY, "U2"):
        logging.getLogger("bot").info("seen", extra={"user": user})
    first, second, third = (line["user"] for line in lines())
    assert first == second != third
    assert CANARY not in first


def test_a_field_that_is_not_listed_is_withheld_by_name(lines: Lines, stream: StringIO) -> None:
    logging.getLogger("bot").info("seen", extra={"body": CANARY, "answers": {"q": CANARY}})
    assert lines()[0]["withheld"] == ["answers", "body"]
    assert CANARY not in stream.getvalue()


def test_an_exception_is_shown_by_type_and_place_without_its_text(lines: Lines, stream: StringIO) -> None:
    error = raised(ValueError(CANARY), cause=KeyError(CANARY))
    logging.getLogger("bot").error("failed", exc_info=error)
    outer, inner = lines()[0]["broke"]
    assert outer.startswith("ValueError at ")
    assert "test_logs.py" in outer
    assert inner.startswith("KeyError at ")
    assert CANARY not in stream.getvalue()


def test_a_database_error_shows_its_code_and_not_the_row(lines: Lines, stream: StringIO) -> None:
    with create_engine("sqlite://").begin() as connection:
        connection.execute(text("CREATE TABLE people (email TEXT UNIQUE)"))
        connection.execute(text("INSERT INTO people VALUES (:email)"), {"email": CANARY})
        with pytest.raises(IntegrityError, match=CANARY) as caught:
            connection.execute(text("INSERT INTO people VALUES (:email)"), {"email": CANARY})
    logging.getLogger("bot").error("failed", exc_info=caught.value)
    assert "SQLITE_CONSTRAINT_UNIQUE" in lines()[0]["broke"][1]
    assert CANARY not in stream.getvalue()


async def test_what_libraries_log_about_requests_never_shows(lines: Lines, stream: StringIO) -> None:
    for name in ("slack_sdk", "sqlalchemy.engine"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger("slack_sdk.web").debug("body: %s", CANARY)
    logging.getLogger("sqlalchemy.engine").info("INSERT INTO people %s", CANARY)
    app = AsyncApp(token=TOKEN, signing_secret=CANARY, request_verification_enabled=False, ssl_check_enabled=False)
    body = json.dumps({"type": "block_actions", "text": CANARY, "team": {"id": "T1"}, "user": {"id": CANARY}})
    await app.async_dispatch(AsyncBoltRequest(body=body, headers={"content-type": ["application/json"]}))
    assert "slack_bolt" in lines()[-1]["logger"]  # it did warn
    assert CANARY not in stream.getvalue()


def test_a_library_that_was_set_to_say_more_is_heard_from_warnings_up(lines: Lines) -> None:
    library = logging.getLogger("slack_sdk")
    library.setLevel(logging.DEBUG)
    library.debug("sent %s", CANARY)
    library.info("sent")
    library.warning("sent %s", CANARY)
    assert [line["level"] for line in lines()] == ["warning"]


def test_of_a_library_only_the_constant_part_of_a_line_is_kept(lines: Lines, stream: StringIO) -> None:
    logging.getLogger("aiohttp.server").warning('Job "%s" skipped', CANARY)
    logging.getLogger("botbuilder.core").error(f"no handler for {CANARY}")  # noqa: G004 - as libraries do
    first, second = (line["message"] for line in lines())
    assert first == 'Job "%s" skipped'
    assert second.startswith("(text withheld: test_logs:")
    assert CANARY not in stream.getvalue()


def test_a_mistaken_call_loses_neither_the_line_nor_a_secret(
    stream: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(json=True, stream=stream)
    arguments = (CANARY,)
    logging.getLogger("bot").info("two %s %s", *arguments)
    assert json.loads(stream.getvalue())["message"] == "two %s %s"
    assert CANARY not in stream.getvalue() + capsys.readouterr().err


@pytest.mark.parametrize("as_json", [True, False])
def test_nothing_in_a_line_can_begin_another_or_steer_a_terminal(stream: StringIO, as_json: bool) -> None:
    logs.set_up(json=as_json, stream=stream)
    logging.getLogger("bot").warning("one\r\n{}\x1b[2J\udcff", extra={"reason": "two\nthree"})
    written = stream.getvalue()
    assert written.count("\n") == 1
    assert "\x1b" not in written
    assert "two" in written


def test_text_for_people_has_the_same_fields(stream: StringIO) -> None:
    logs.set_up(json=False, stream=stream)
    logging.getLogger("bot").warning("not delivered", extra={"outbox": "o1", "body": CANARY})
    written = stream.getvalue()
    assert "not delivered" in written
    assert "outbox=o1" in written
    assert CANARY not in written
