"""What the settings say reaches the site that is built of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.assembly import SystemClock, assemble
from bot.composition import building
from config.settings import load

_TEAMS = {
    "TEAMS_CLIENT_ID": "22222222-2222-4222-8222-222222222222",
    "TEAMS_CLIENT_SECRET": "made-up-client-secret",
    "TEAMS_TENANT_ID": "11111111-1111-4111-8111-111111111111",
}


async def test_A1c_the_day_on_which_the_secret_of_teams_expires_reaches_the_tick(tmp_path: Path) -> None:
    where = {
        "LARTRAFF_DATABASE_URL": f"sqlite:///{tmp_path}/data/lartraff.db",
        "LARTRAFF_KEY_DIR": f"{tmp_path}/keys",
        "LARTRAFF_ALLOW_EPHEMERAL": "1",
    }
    (tmp_path / "data").mkdir()
    plan = building.plan(load({**where, **_TEAMS, "TEAMS_CLIENT_SECRET_EXPIRES": "2027-05-31"}))
    site = assemble(plan, SystemClock())
    assert site.surroundings.teams_secret_expires == date(2027, 5, 31)
    assert building.plan(load(where)).teams_secret_expires is None
    await site.unit_of_work.close()


def test_a_database_is_named_without_its_password() -> None:
    secret = "postgresql://bot:made-up-1@db.example.se:5432/lartraff?sslpassword=made-up-2"
    shown = building.database_shown(load({"LARTRAFF_DATABASE_URL": secret}))
    assert shown == "PostgreSQL at db.example.se:5432/lartraff"
    assert building.database_shown(load({})) == str(Path("data/lartraff.db").absolute())
