"""What is stored of people, for those who have to account for it: the proof and the register of processing."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from bot.assembly import URNS, SystemClock
from bot.composition.building import LOCALES, plan
from bot.flows import processing_register as register_of_processing
from bot.handlers import proving, retention
from bot.keys import FileUrnKeys
from bot.texts import Translators
from config.settings import Settings
from storage import condition
from storage.programmes import Catalogue


def proof(found: Settings, round: str) -> tuple[tuple[str, ...], bool]:
    """The proof, in the deployment's language, and whether all of it holds.

    Raises `LookupError` for a round that is not there, and `OSError` when the keys cannot be looked at.
    """
    made = plan(found)

    def look(connection: Connection) -> proving.Proof:
        return proving.prove(connection, SystemClock().now(), FileUrnKeys(made.key_dir / URNS), round)

    proved = condition.examine(made.database_url, look)
    return tuple(proved.lines(Translators(LOCALES)(made.language).say)), proved.holds


def processing_register(found: Settings) -> Iterator[str]:
    """The register of processing as lines of Markdown, in the deployment's language."""
    made, clock = plan(found), SystemClock()
    held = condition.examine(made.database_url, lambda connection: tuple(Catalogue().read(connection).values()))
    facts = register_of_processing.Facts(
        today=clock.now().date(),
        programmes=tuple(one for one in held if not one.draft),
        platforms=tuple(name for name, given in (("slack", found.slack), ("teams", found.teams)) if given is not None),
        on_postgresql=not made.database_url.startswith("sqlite"),
        mails=found.smtp_url is not None,
        message_days=retention.MESSAGES_KEPT.days,
        form_days=retention.RUNS_KEPT.days,
        event_days=retention.DELIVERIES_KEPT.days,
        asker_days=retention.ASKERS_KEPT.days,
        account_days=retention.ACCOUNTS_KEPT.days,
    )
    say = Translators(LOCALES)(made.language).say
    for begins, words in register_of_processing.page(facts):
        heading = begins.startswith("#")
        yield from ("",) if heading and begins != "# " else ()
        yield begins + say(words)
        yield from ("",) if heading else ()
