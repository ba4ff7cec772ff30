"""Every view of moderating, from small, typical and extreme facts: `SCENES` is name → view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.rounds import LONGEST_POST
from bot.domain.words import Localised
from bot.flows import moderation
from bot.flows.moderation import HELD, HIDDEN, ON_REQUEST, POLICY, SHOWN, Entry
from bot.messages import View
from tests.flows.samples import NOW, ZONE

_ROUND = "0123456789abcdef0123456789abcdef"
_TITLE = Localised({"sv": "Uppstartskonferensen"})
_LONG_TITLE = Localised({"sv": "Å" * 150})
_QUESTION = Localised({"sv": "Vad förväntar ni er av de andra (chefer och strateger/nyckelpersoner)?"})
_HOSTILE = "Anna <!channel> [x](https://evil.example) <at>Bo</at> {{DATE(2027-01-01T00:00:00Z)}} *_~` " * 20
_TOKEN = f"{_ROUND}:held:0123456789ab"
_SMALL = Entry(_TOKEN, Localised({}), _QUESTION, "Fråga Anna", ("Anna",), "personal")
_LONG = Entry(
    _TOKEN, _LONG_TITLE, Localised({"sv": "Ö" * 200}), _HOSTILE[:LONGEST_POST], (_HOSTILE[:300],) * 3, "personal"
)
_PLAIN = Entry(_TOKEN, Localised({"sv": "Chefer"}), _QUESTION, "Efterfråga resultat", reason=ON_REQUEST)
_WAITING = replace(_LONG, found=(), reason="moderated")
_REPLY = replace(_LONG, replies_to=_HOSTILE[:LONGEST_POST])
_BY = (moderation.hidden_by("Kim", NOW, ZONE), moderation.hidden_by("", NOW, ZONE))
_SAID = moderation.published_masked(_HOSTILE[:LONGEST_POST])

SCENES: Mapping[str, View] = {
    "matter": moderation.waiting(_ROUND, _LONG_TITLE),
    "rounds, none": moderation.rounds(()),
    "rounds": moderation.rounds([(_ROUND, _TITLE, 1), (_ROUND, _LONG_TITLE, 1000)]),
    "held, none": moderation.held(_ROUND, _TITLE, ()),
    "held": moderation.held(_ROUND, _TITLE, (_SMALL, _PLAIN), moderation.published(f"{_TOKEN}:held")),
    "held, many and long": moderation.held(_ROUND, _LONG_TITLE, (_LONG,) * 40, _SAID),
    "held, several": moderation.held(_ROUND, _TITLE, (_WAITING,) * 40),
    "held, several and one": moderation.held(_ROUND, _TITLE, (_WAITING, _SMALL, _WAITING)),
    "shown, none": moderation.decided_ones(SHOWN, _ROUND, title=_TITLE, entries=(), page=1),
    "shown, many and long": moderation.decided_ones(SHOWN, _ROUND, title=_LONG_TITLE, entries=(_LONG,) * 40, page=3),
    "hidden": moderation.decided_ones(
        HIDDEN, _ROUND, title=_TITLE, entries=[replace(_PLAIN, hidden=by) for by in _BY], page=1
    ),
    "hidden, none": moderation.decided_ones(HIDDEN, _ROUND, title=_TITLE, entries=(), page=9),
    "held, replies": moderation.held(_ROUND, _TITLE, (_REPLY,) * 3, moderation.reply_put_aside(ON_REQUEST, _TOKEN)),
    "hidden, replies": moderation.decided_ones(
        HIDDEN, _ROUND, title=_TITLE, entries=[replace(_REPLY, hidden=_BY[0])], page=1
    ),
    "why, reply": moderation.why(_REPLY, f"{_ROUND}:{HELD}:1"),
    "why": moderation.why(_LONG, f"{_ROUND}:{HELD}:1"),
    "gone": moderation.gone(),
    **{
        f"said, {name}": moderation.held(_ROUND, _TITLE, (_SMALL,), said)
        for name, said in {
            "undone": moderation.undone(),
            "decided": moderation.decided("Kim"),
            "decided by somebody": moderation.decided(""),
            "changed": moderation.changed(),
            "all published": moderation.all_published(_ROUND, (_TOKEN,) * 6, left=0),
            "one published, one left": moderation.all_published(_ROUND, (_TOKEN,), left=1),
            "none published": moderation.all_published(_ROUND, (), left=2),
            **{reason: moderation.hidden(reason, f"{_TOKEN}:shown") for reason in POLICY},
        }.items()
    },
}
