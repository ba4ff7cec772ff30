import re
from datetime import date
from pathlib import Path

import pytest

from config.setting_values import Administrator
from config.settings import SETTINGS, Settings, SettingsError, load, page

ROOT = Path(__file__).parents[2]
TENANT = "11111111-1111-4111-8111-111111111111"
PERSON = "22222222-2222-4222-8222-222222222222"
OTHER = "abcdef01-2222-4222-8222-222222222222"
SLACK = {"SLACK_BOT_TOKEN": "xoxb-1-made-up", "SLACK_SIGNING_SECRET": "made-up-signing-secret"}
TEAMS = {"TEAMS_CLIENT_ID": PERSON, "TEAMS_CLIENT_SECRET": "made-up-client-secret", "TEAMS_TENANT_ID": TENANT}
MAIL = {"LARTRAFF_SMTP_URL": "smtps://u:p@mail.example.se", "LARTRAFF_MAIL_FROM": "larttraff@example.se"}
LASTING = {
    "LARTRAFF_DATABASE_URL": "sqlite:////srv/lartraff/data/lartraff.db",
    "LARTRAFF_KEY_DIR": "/srv/lartraff/keys",
}


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(environ)
    return caught.value.problems


def test_the_sandbox_needs_no_setting() -> None:
    settings = load({})
    assert settings.database_url.get_secret_value() == "sqlite:///data/lartraff.db"
    assert settings.sqlite_path == Path("data/lartraff.db").absolute()
    assert settings.key_dir == Path("keys")
    assert settings.public_url == "http://localhost:3978"
    assert (settings.port, settings.language, settings.log, settings.admins) == (3978, "sv", "json", ())
    assert settings.slack is None
    assert settings.teams is None


def test_the_public_address_follows_the_port() -> None:
    assert load({"PORT": "4000"}).public_url == "http://localhost:4000"
    assert load({"LARTRAFF_PUBLIC_URL": "https://bot.example.se/"}).public_url == "https://bot.example.se"


def test_slack_in_one_workspace() -> None:
    slack = load({**LASTING, **SLACK}).slack
    assert slack
    assert slack.bot_token
    assert slack.bot_token.get_secret_value() == "xoxb-1-made-up"
    assert slack.api_url == "https://slack.com/api/"
    assert slack.signing_secret_previous is None


def test_slack_in_several_workspaces() -> None:
    several = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "s"}
    slack = load({**LASTING, **several, "LARTRAFF_PUBLIC_URL": "https://bot.example.se"}).slack
    assert slack
    assert slack.client_id == "1.2"
    assert problems({**LASTING, **several}) == (
        "LARTRAFF_PUBLIC_URL is missing: Slack sends people there after an installation (SLACK_CLIENT_ID is set).",
    )


def test_slack_in_socket_mode_needs_no_signing_secret() -> None:
    slack = load({**LASTING, "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}).slack
    assert slack
    assert slack.signing_secret is None


def test_teams_has_microsofts_values_where_nothing_is_said() -> None:
    teams = load({**LASTING, **TEAMS}).teams
    assert teams
    assert teams.allowed_tenants == (TENANT,)
    assert teams.openid_metadata_url == "https://login.botframework.com/v1/.well-known/openidconfiguration"
    assert teams.token_issuer == "https://api.botframework.com"
    assert teams.token_url == f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
    assert teams.service_hosts == ("smba.trafficmanager.net",)


def test_the_day_on_which_the_secret_of_teams_expires_is_a_date() -> None:
    teams = load({**LASTING, **TEAMS, "TEAMS_CLIENT_SECRET_EXPIRES": "2027-05-31"}).teams
    assert teams
    assert teams.client_secret_expires == date(2027, 5, 31)
    for wrong in ("next May", "31/5-2027", "2027-02-30"):
        said = problems({**LASTING, **TEAMS, "TEAMS_CLIENT_SECRET_EXPIRES": wrong})
        assert said == ("TEAMS_CLIENT_SECRET_EXPIRES must be a day such as 2027-05-31.",)


def test_a_misspelt_setting_of_a_platform_is_named_and_somebody_elses_is_not() -> None:
    said = problems({**LASTING, **TEAMS, "TEAMS_ALOWED_TENANTS": TENANT, "SLACK_WEBHOOK_URL": "https://x"})
    assert said == ("TEAMS_ALOWED_TENANTS is not a setting: did you mean TEAMS_ALLOWED_TENANTS?",)


def test_mail_needs_a_server_and_a_sender() -> None:
    settings = load(MAIL)
    assert settings.mail_from == "larttraff@example.se"
    assert "u:p" not in repr(settings)
    assert load({}).smtp_url is None
    for one, other in (("LARTRAFF_SMTP_URL", "LARTRAFF_MAIL_FROM"), ("LARTRAFF_MAIL_FROM", "LARTRAFF_SMTP_URL")):
        sentence = f"{other} is missing: mail is only half configured. Set it, or remove the other one."
        assert problems({one: MAIL[one]}) == (sentence,)


def test_a_mail_server_on_this_machine_needs_no_encryption() -> None:
    assert load({**MAIL, "LARTRAFF_SMTP_URL": "smtp://localhost:2525"}).smtp_url


def test_lists_are_divided_by_commas_and_ids_are_compared_in_lower_case() -> None:
    settings = load(
        {
            **LASTING,
            **TEAMS,
            "TEAMS_ALLOWED_TENANTS": f" {TENANT}, {OTHER.upper()},",
            "TEAMS_SERVICE_HOSTS": "SMBA.trafficmanager.net, 127.0.0.1:9000,[::1]:9001",
            "LARTRAFF_ADMINS": f"slack:T0ABC:U0DEF, teams:{OTHER.upper()}:{OTHER.upper()}",
        }
    )
    assert settings.teams
    assert settings.teams.allowed_tenants == (TENANT, OTHER)
    assert settings.teams.service_hosts == ("smba.trafficmanager.net", "127.0.0.1:9000", "[::1]:9001")
    assert settings.admins == (Administrator("slack", "T0ABC", "U0DEF"), Administrator("teams", OTHER, OTHER))


@pytest.mark.parametrize("url", ["postgres://u:p@db/x", "postgresql://u:p@db/x", "postgresql+psycopg://u:p@db/x"])
def test_postgresql_may_be_written_as_hosting_services_write_it(url: str) -> None:
    settings = load({"LARTRAFF_DATABASE_URL": url})
    assert settings.database_url.get_secret_value() == "postgresql+psycopg://u:p@db/x"
    assert settings.sqlite_path is None


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("LARTRAFF_DATABASE_URL", "mysql://u:hush@h/d", "must be sqlite:///path/to/file.db or postgresql+psycopg://"),
        ("LARTRAFF_PUBLIC_URL", "http://bot.example.se", "must begin with https://"),
        ("LARTRAFF_PUBLIC_URL", "bot.example.se", "must be a web address"),
        ("LARTRAFF_PUBLIC_URL", "https://bot.example.se/?a=1", "must be a web address"),
        ("LARTRAFF_PUBLIC_URL", "https://bot.example.se:port", "must be a web address"),
        ("LARTRAFF_PUBLIC_URL", "https://bot example.se", "must be a web address"),
        ("LARTRAFF_PUBLIC_URL", "https://bot.example\t.se", "must be a web address"),
        ("LARTRAFF_PUBLIC_URL", "https://example.se/lartraff", "must end after the host name"),
        ("LARTRAFF_PUBLIC_URL", "https://example.se/lartraff/", "must end after the host name"),
        ("LARTRAFF_PUBLIC_URL", "https://bot.example.se/?", "must end after the host name"),
        ("PORT", "http", "must be a number from 1 to 65535"),
        ("PORT", "0", "must be a number from 1 to 65535"),
        ("PORT", "70000", "must be a number from 1 to 65535"),
        ("LARTRAFF_LANGUAGE", "no", "must be sv, nb, nn or en"),
        ("LARTRAFF_LOG", "xml", "must be json or text"),
        ("LARTRAFF_ALLOW_EPHEMERAL", "perhaps", "must be 1 or 0"),
        (
            "LARTRAFF_ADMINS",
            "slack:T0ABC",
            "neither slack:<team>:<user> nor teams:<tenant>:<aad",
        ),
        ("LARTRAFF_ADMINS", "teams:contoso.com:anna", "neither slack:<team>:<user> nor teams:"),
        ("LARTRAFF_ADMINS", "anna@example.se", "neither slack:<team>:<user> nor teams:"),
        ("LARTRAFF_SMTP_URL", "mail.example.se:587", "must be smtp+starttls://user:password@host:587 or smtps://"),
        ("LARTRAFF_SMTP_URL", "smtp+starttls://u:hush@h:port", "must be smtp+starttls://"),
        ("LARTRAFF_SMTP_URL", "smtps://u:hush@h/path", "must be smtp+starttls://"),
        ("LARTRAFF_SMTP_URL", "smtp://u:hush@mail.example.se", "must begin with smtp+starttls:// or smtps://"),
        ("LARTRAFF_PROXY", "proxy.example.se:3128", "must be a proxy's address such as http://proxy.example.se:3128"),
        ("LARTRAFF_PROXY", "https://u:hush@proxy.example.se:port", "must be a proxy's address"),
        ("LARTRAFF_MAIL_FROM", "Lärträff <larttraff@example.se>", "must be an e-mail address"),
        ("SLACK_BOT_TOKEN", "xoxp-hush", "must begin with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-hush", "must begin with xapp-"),
        ("SLACK_API_URL", "http://slack.com/api/", "must begin with https://"),
        ("TEAMS_TENANT_ID", "contoso.onmicrosoft.com", "must be an id such as"),
        ("TEAMS_TENANT_ID", "common", "must be an id such as"),
        ("TEAMS_CLIENT_ID", "nope", "must be an id such as"),
        ("TEAMS_ALLOWED_TENANTS", "common", "-4444-555555555555, and not common."),
        ("TEAMS_ALLOWED_TENANTS", f"{TENANT},nope,{TENANT}1", f"and not nope or {TENANT}1"),
        ("TEAMS_SERVICE_HOSTS", "*.trafficmanager.net", "must list exact host names"),
        ("TEAMS_SERVICE_HOSTS", "https://smba.trafficmanager.net", "must list exact host names"),
        ("TEAMS_TOKEN_URL", "http://login.microsoftonline.com/x", "must begin with https://"),
    ],
)
def test_a_malformed_value_gets_one_sentence(name: str, value: str, sentence: str) -> None:
    found = problems({**LASTING, **SLACK, **TEAMS, **MAIL, name: value})
    assert len(found) == 1
    assert found[0].startswith(f"{name} ")
    assert sentence in found[0]
    assert "hush" not in found[0]


@pytest.mark.parametrize("name", [row.name for row in SETTINGS])
def test_an_empty_value_is_refused(name: str) -> None:
    assert f"{name} is set but empty: give it a value, or remove it." in problems(
        {**LASTING, **SLACK, **TEAMS, name: "  "}
    )


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ["SLACK_SIGNING_SECRET"]),
        ({"SLACK_SIGNING_SECRET": "s"}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_APP_TOKEN": "xapp-1"}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_SIGNING_SECRET": "s"}, ["SLACK_CLIENT_SECRET"]),
        ({**SLACK, "SLACK_CLIENT_SECRET": "s"}, ["SLACK_CLIENT_ID"]),
        ({"SLACK_API_URL": "https://slack.com/api/"}, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]),
        ({"TEAMS_CLIENT_ID": PERSON}, ["TEAMS_CLIENT_SECRET", "TEAMS_TENANT_ID"]),
        ({"TEAMS_CLIENT_SECRET": "s", "TEAMS_TENANT_ID": TENANT}, ["TEAMS_CLIENT_ID"]),
    ],
)
def test_half_a_platform_names_what_is_missing(environ: dict[str, str], missing: list[str]) -> None:
    found = problems({**LASTING, **environ})
    assert [sentence.split()[0] for sentence in found] == missing
    assert all("only half configured" in sentence for sentence in found)


def test_a_misspelt_setting_is_not_passed_over() -> None:
    assert problems({"LARTRAFF_ADMIN": "slack:T1:U1"}) == (
        "LARTRAFF_ADMIN is not a setting: did you mean LARTRAFF_ADMINS?",
    )
    assert load({**LASTING, "LARTRAFF_XYZZY_PLUGH": "1"}) == load(LASTING)  # nothing of ours
    assert load({**LASTING, "LARGER_KEY_DIR": "1"}) == load(LASTING)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("LARTRAF_KEY_DIR", "did you mean LARTRAFF_KEY_DIR?"),
        ("LARTRÄFF_ADMINS", "did you mean LARTRAFF_ADMINS?"),
        ("LARTRAFF_PORT", "the port is given as PORT"),
        ("LARTRAFF_HOST", "the address to listen at is given as: lartraff serve --host 127.0.0.1"),
    ],
)
def test_whoever_nearly_names_a_setting_is_told_the_right_one(name: str, hint: str) -> None:
    assert problems({name: "x"}) == (f"{name} is not a setting: {hint}",)


@pytest.mark.parametrize(
    "password", ["Hem@lig", "Hem/lig", "Hem#lig", "Hem?lig", "Hem[lig", "1/2@lig", "12/lig", "12?lig", "12#lig"]
)
def test_a_database_address_in_which_the_password_does_not_end_plainly_is_refused(password: str) -> None:
    [said] = problems({"LARTRAFF_DATABASE_URL": f"postgresql+psycopg://bot:{password}@db.example.se:5432/lartraff"})
    assert "percent-encoded" in said
    assert "lig" not in said
    load({**LASTING, "LARTRAFF_DATABASE_URL": "postgresql://bot:Hem%40lig@db.example.se:5432/lartraff"})


@pytest.mark.parametrize("place", ["db:", "db:port", "db:70000", "db1:5432,db2:5432"])
def test_a_database_address_with_a_port_that_is_no_number_is_refused(place: str) -> None:
    [said] = problems({"LARTRAFF_DATABASE_URL": f"postgresql+psycopg://bot:hush@{place}/lartraff"})
    assert "host:port" in said
    assert "hush" not in said


@pytest.mark.parametrize("place", ["", "DB.example.se", "[::1]:5432", "db1,db2:5432"])
def test_a_database_may_stand_wherever_the_driver_finds_it(place: str) -> None:
    load({**LASTING, "LARTRAFF_DATABASE_URL": f"postgresql+psycopg://bot:p%40ss:word@{place}/lartraff?sslmode=require"})


def test_the_id_of_an_app_is_written_as_microsoft_s_tokens_have_it() -> None:
    found = load({**LASTING, **TEAMS, "TEAMS_CLIENT_ID": OTHER.upper()})
    assert found.teams is not None
    assert found.teams.client_id == OTHER


def test_everything_wrong_is_said_at_once() -> None:
    found = problems(
        {
            "PORT": "x",
            "LARTRAFF_KEYS": "k",
            "LARTRAFF_LOG": "",
            "LARTRAFF_LANGUAGE": "fi",
            "SLACK_BOT_TOKEN": "x",
            "TEAMS_CLIENT_ID": "x.y",
        }
    )
    assert [sentence.split()[0] for sentence in found] == [
        "LARTRAFF_LOG",
        "LARTRAFF_KEYS",
        "PORT",
        "LARTRAFF_LANGUAGE",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "TEAMS_CLIENT_ID",
        "TEAMS_CLIENT_SECRET",
        "TEAMS_TENANT_ID",
    ]


@pytest.mark.parametrize("keys", ["/srv/data", "/srv/data/keys"])
def test_keys_never_lie_where_the_database_is_backed_up(keys: str) -> None:
    found = problems({"LARTRAFF_DATABASE_URL": "sqlite:////srv/data/lartraff.db", "LARTRAFF_KEY_DIR": keys})
    assert len(found) == 1
    assert "lies in the folder of the database (/srv/data)" in found[0]


def test_keys_behind_a_detour_or_a_link_lie_where_they_really_are(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "elsewhere").symlink_to(tmp_path / "data", target_is_directory=True)
    database = f"sqlite:///{tmp_path}/data/lartraff.db"
    for keys in (tmp_path / "elsewhere/keys", tmp_path / "keys/../data/keys"):
        (found,) = problems({"LARTRAFF_DATABASE_URL": database, "LARTRAFF_KEY_DIR": str(keys)})
        assert "lies in the folder of the database" in found
    load({"LARTRAFF_DATABASE_URL": database, "LARTRAFF_KEY_DIR": f"{tmp_path}/keys"})


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "sqlite:////dev/shm/l.db"])
def test_people_are_not_served_from_a_database_that_a_restart_erases(url: str) -> None:
    found = problems({**LASTING, **SLACK, "LARTRAFF_DATABASE_URL": url})
    assert len(found) == 1
    assert "LARTRAFF_ALLOW_EPHEMERAL=1" in found[0]
    assert load({**LASTING, "LARTRAFF_DATABASE_URL": url}).slack is None  # the sandbox may
    assert load({**LASTING, **SLACK, "LARTRAFF_DATABASE_URL": url, "LARTRAFF_ALLOW_EPHEMERAL": "1"}).slack


def test_a_host_that_forgets_its_disk_needs_another_database_and_key_folder() -> None:
    found = problems({**LASTING, **SLACK, "DYNO": "web.1"})
    assert [sentence.split()[0] for sentence in found] == ["LARTRAFF_DATABASE_URL", "LARTRAFF_KEY_DIR"]


def test_secrets_are_masked() -> None:
    environ = {**LASTING, **SLACK, **TEAMS, "SLACK_SIGNING_SECRET_PREVIOUS": "made-up-previous"}
    settings = load({**environ, "LARTRAFF_DATABASE_URL": "postgresql+psycopg://u:made-up-password@db/x"})
    assert not re.search("made-up", repr(settings) + str(settings) + settings.model_dump_json())


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(load({}), "port", 1)  # noqa: B010 - written so, a type checker would stop it


def test_every_setting_is_explained_and_the_page_is_up_to_date() -> None:
    assert len({row.name for row in SETTINGS}) == len(SETTINGS)
    assert all(row.meaning.endswith(".") for row in SETTINGS)
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == page(), "run: python -m config.settings"


def test_the_defaults_in_the_table_are_the_defaults() -> None:
    shown = {row.name: row.default for row in SETTINGS if row.default and "<" not in row.default}
    general = {name: value for name, value in shown.items() if not name.startswith(("SLACK_", "TEAMS_"))}
    assert load(general) == load({}) == Settings()
