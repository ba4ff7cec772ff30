"""What an administrator can get wrong, checked part by part: one line each, with what to do about it.

Every check takes plain values and gives findings; it never raises for what it is there to find.
"""

from bot.doctor.asking import mail, no_public_address, public_address
from bot.doctor.files import database_file, is_there, key_folder, keys_of_database, new_database, whose
from bot.doctor.findings import Check, Finding, examine, failed
from bot.doctor.machine import database, languages, platforms, programme_files, questions, time_zones
from bot.doctor.slack_app import SlackAccess, slack
from bot.doctor.teams_app import TeamsAccess, teams

__all__ = [
    "Check",
    "Finding",
    "SlackAccess",
    "TeamsAccess",
    "database",
    "database_file",
    "examine",
    "failed",
    "is_there",
    "key_folder",
    "keys_of_database",
    "languages",
    "mail",
    "new_database",
    "no_public_address",
    "platforms",
    "programme_files",
    "public_address",
    "questions",
    "slack",
    "teams",
    "time_zones",
    "whose",
]
