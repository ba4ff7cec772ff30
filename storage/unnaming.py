"""Names are taken out of what others wrote or were told when somebody is erased: the words go, the text stays.

Somebody is called whatever they have typed, which may be a word like any other, or one that programs read: `1`, `good`,
`title`. So a single word goes only where it stands for itself, as does what is no name of a person; and nothing goes
that no person wrote.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, or_

from bot.domain import guard
from storage.mending import GONE, in_document, in_reply, in_view, spelt
from storage.tables import (
    answers,
    challenges,
    deliveries,
    drafts,
    faq_entries,
    faq_history,
    faq_phrasings,
    groups,
    held_replies,
    inquiries,
    matters,
    misses,
    nudges,
    outbox,
    plan_rows,
    reflections,
    registrations,
    replies,
    rounds,
    runs,
    tellings,
)


class Unnaming:
    """Takes out of texts what one person is called. `Bo` is not taken out of `Boden`; an id becomes another one."""

    def __init__(
        self, *, called: Collection[str] = (), ids: Collection[str] = (), certain: Collection[str] = ()
    ) -> None:
        """`called` is whatever they go by; `certain` is theirs alone: an address in a directory, what they wrote."""
        names = list(filter(_is_a_persons, called))
        self._ids = {id.casefold(): uuid.uuid4().hex for id in ids}
        self._alone = {word.casefold() for word in (*called, *certain)}
        self._id = _finding(ids, within="")
        self._own = _finding(certain, within=".+-")
        self._name = _finding(names, within="-", ending="s?")  # as it ends in what is theirs
        self._searched = spelt({*ids, *certain, *names}), spelt(called)

    def may_stand(self, column: Column[Any]) -> ColumnElement[bool]:
        """Whether there may be something to take out of a column of texts or of JSON."""
        anywhere, alone = self._searched
        within = (*anywhere, *(f'"{form}"' for form in alone))
        return or_(column.in_(alone), *(column.icontains(form, autoescape=True) for form in within))

    def key(self, text: str) -> str:
        """What only programs read."""
        return self._id.sub(lambda found: self._ids[found[0].casefold()], text)

    def text(self, text: str) -> str:
        """What somebody wrote."""
        return GONE if text.casefold() in self._alone else self._passage(self.key(text))

    def document(self, written: str) -> str:
        """JSON of any kind. Nobody knows here which words are a person's, so a single one stays."""
        return in_document(self.key(written), self._passage)

    def view(self, written: str) -> str:
        """A view as JSON."""
        return in_view(self.key(written), self.text, self._passage)

    def reply(self, kept: str) -> str:
        """An answer as it is kept."""
        return in_reply(self.key(kept), self.text, self._passage)

    def _passage(self, text: str) -> str:
        return self._name.sub(GONE, self._own.sub(GONE, text))


def _is_a_persons(name: str) -> bool:
    """Whether it can be nobody but a person: nobody takes `Lunds kommun` or `och jag` along, who typed that."""
    return " " in name and any(one.kind is guard.Kind.NAME for one in guard.found(f"Hej {name}!", ()))


def _finding(words: Collection[str], within: str, ending: str = "") -> re.Pattern[str]:
    """Finds each of the words where it is no part of a longer one, which the signs `within` hold together."""
    longest_first = "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"  # that is found nowhere
    joint = f"[{re.escape(within)}]" if within else "(?!)"
    return re.compile(rf"(?<!\w)(?<!\w{joint})(?:{longest_first})(?={ending}(?!{joint}?\w))", re.IGNORECASE)


_KEYS = (outbox.c.key, outbox.c.replaces, outbox.c.thread, matters.c.key, tellings.c.message, nudges.c.message)
_VIEWS = (outbox.c.view, matters.c.view)
_DOCUMENTS = (
    *(runs.c.state, rounds.c.document, drafts.c.texts, misses.c.answer),
    *(faq_entries.c.document, faq_history.c.document),
)
_TEXTS = (
    *(plan_rows.c.what, plan_rows.c.who, plan_rows.c.deputy, plan_rows.c.remark),
    *(answers.c.text, replies.c.text, held_replies.c.text, groups.c.name, registrations.c.needs),
    *(inquiries.c.text, inquiries.c.reason, misses.c.text, misses.c.agenda, misses.c.contact),
    *(challenges.c.text, reflections.c.text, faq_phrasings.c.text),
)

NAMING: Mapping[Column[Any], Callable[[Unnaming, str], str]] = {
    **dict.fromkeys(_KEYS, Unnaming.key),
    **dict.fromkeys(_VIEWS, Unnaming.view),
    deliveries.c.reply: Unnaming.reply,
    **dict.fromkeys(_DOCUMENTS, Unnaming.document),
    **dict.fromkeys(_TEXTS, Unnaming.text),
}
"""Columns of others in which somebody may be named, and how each is mended."""
