"""The register of processing that data protection law asks for (article 30), as far as this installation knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum, auto

from bot.domain.programmes import KEPT, Programme
from bot.domain.values import dataclass
from bot.domain.words import Day, Listed, Text, Words, _, n_


@dataclass(frozen=True, slots=True)
class Facts:
    """What the settings and the loaded programmes say. `*_days` is for how long something is kept."""

    today: date
    programmes: tuple[Programme, ...]
    platforms: tuple[str, ...]  # where people write: slack, teams
    on_postgresql: bool
    mails: bool  # whether documents are sent by a mail server
    message_days: int
    form_days: int
    event_days: int
    asker_days: int
    account_days: int


class Kept(Enum):
    """By what rule something goes."""

    WITH_THE_PERSON = auto()
    MESSAGES = auto()
    NAMES = auto()
    AFTER_THE_LAST = auto()
    ANSWERS = auto()
    QUESTIONS = auto()


@dataclass(frozen=True, slots=True)
class Processing:
    """One thing that is done with what is known of people, and the tables in which that is."""

    name: Text
    purpose: Text
    whose: Text
    what: Text
    kept: Kept
    tables: frozenset[str]


PROCESSINGS = (
    Processing(
        _("Accounts"),
        _("To know who writes, answer in the right language and place, and let the right people do the right things."),
        _("Everybody who has written to Lärträff or been named in a registration."),
        _("Name, e-mail address, account in Slack or Teams, organisation, language, time zone and role."),
        Kept.WITH_THE_PERSON,
        frozenset(("people", "actors", "addresses", "installations", "codes", "bindings", "feeds", "wishes")),
    ),
    Processing(
        _("Registrations"),
        _("To register for meetings, plan them, and let the organiser invoice."),
        _("Participants, and those who register others."),
        _("Name, e-mail address, organisation, meetings, lodging, special needs and invoice reference."),
        Kept.NAMES,
        frozenset(("registrations", "seats")),
    ),
    Processing(
        _("Messages and forms"),
        _("To remind, send receipts and answers, and show afterwards what was sent."),
        _("Participants and coordinators."),
        _("What was written to them and what they wrote in forms, when, and whether it arrived."),
        Kept.MESSAGES,
        frozenset(("outbox", "nudges", "deliveries", "runs", "matters", "tellings", "links")),
    ),
    Processing(
        _("Groups and their answers"),
        _("To work together on the questions of the programme. A group’s answer has no author."),
        _("Participants, note-takers and guests."),
        _("Who is in which group and takes its notes, what the group has written, and who moderated it."),
        Kept.ANSWERS,
        frozenset(("rounds", "answers", "replies", "held_replies", "rulings", "drafts", "note_takers")),
    ),
    Processing(
        _("Answers without names"),
        _("To answer for oneself without anybody finding out who wrote what. Nothing stored leads back."),
        _("Participants."),
        _("Sealed answers whose key is destroyed when the round closes, and after that only the texts."),
        Kept.ANSWERS,
        frozenset(),
    ),
    Processing(
        _("Groups, plans and workshops"),
        _("To agree on what each organisation does, and follow it up."),
        _("Participants, those whom the plan names, and coaches."),
        _(
            "Who is in which group or post, who does what and until when, who has changed it, who waits for what, "
            "and since when somebody takes part for an organisation or is said not to be one of its own."
        ),
        Kept.AFTER_THE_LAST,
        frozenset(("groups", "members", "contacts", "answerers", "newcomers"))
        | frozenset(("plan_rows", "workshops", "coaches", "awaited")),
    ),
    Processing(
        _("One’s own challenge"),
        _("To learn from something in one’s own work."),
        _("Participants of programmes that ask for a challenge."),
        _("What somebody has written about their challenge, who may read it, and who has."),
        Kept.AFTER_THE_LAST,
        frozenset(("challenges", "challenge_viewers", "reflections", "sparring")),
    ),
    Processing(
        _("Questions and answers"),
        _("To answer questions, also those that somebody has to think about first."),
        _("Those who ask, and coordinators who answer."),
        _("The question without a name, who asked as long as an answer may come, and who wrote it."),
        Kept.QUESTIONS,
        frozenset(("inquiries", "askers", "misses", "handovers", "faq_entries", "faq_history", "faq_phrasings")),
    ),
)


def page(facts: Facts) -> Iterator[tuple[str, Words]]:
    """The page as lines of Markdown: how each begins, and what it says."""
    yield "# ", _("Register of processing: Lärträff")
    yield "", _("Printed {day} from the settings, the programmes and the program itself.", day=Day(facts.today))
    yield "## ", _("For you to fill in")
    for blank in _BLANKS:
        yield "- ", blank
    for one in PROCESSINGS:
        yield "## ", one.name
        yield "- ", _("Purpose: {text}", text=one.purpose)
        yield "- ", _("Whose data: {text}", text=one.whose)
        yield "- ", _("What data: {text}", text=one.what)
        yield from (("- ", line) for line in _how_long(one.kept, facts))
    yield "## ", _("Who else gets the data")
    yield from (("- ", line) for line in _recipients(facts))
    yield "## ", _("How it is protected")
    yield from (("- ", line) for line in _protection(facts))


_BLANKS = (
    _("Controller and contact:"),
    _("Data protection officer:"),
    _("Legal basis:"),
    _("Where the server is, and who runs it:"),
    _("How long backups are kept:"),
)


def _how_long(kept: Kept, facts: Facts) -> Iterator[Words]:
    """What is the same everywhere, and then a line for each programme, as each has its own rule."""
    match kept:
        case Kept.WITH_THE_PERSON:
            yield _("Kept: until the person erases it with “my data”, or asks whoever runs Lärträff to do it.")
            yield n_(
                "Whoever takes part in nothing, and has not been seen for {n} day, is erased without asking for it.",
                "Whoever takes part in nothing, and has not been seen for {n} days, is erased without asking for it.",
                facts.account_days,
            )
            if facts.programmes:
                yield _("Guests without an account: as long as who was in a group of their last programme.")
        case Kept.MESSAGES:
            yield _(
                "Kept: messages {messages} days, forms {forms} days, events from the platforms {events} days.",
                messages=facts.message_days,
                forms=facts.form_days,
                events=facts.event_days,
            )
            yield _(
                "Registrations that were begun and not sent, and links to pages that are over, go with the messages."
            )
            yield _(
                "What an account had with it when it was linked to another is kept as long as they are linked, so that "
                "it can go back with it."
            )
        case Kept.QUESTIONS:
            days = facts.asker_days
            yield n_(
                "Kept: who asked, {n} day, or until the answer has come.",
                "Kept: who asked, {n} days, or until the answer has come.",
                days,
            )
            yield n_(
                "Ways to ask that nobody uses go after {n} day. What stands among the questions and answers stays.",
                "Ways to ask that nobody uses go after {n} days. What stands among the questions and answers stays.",
                KEPT,
            )
    if kept in _RULES:
        yield from (_rule(one, _RULES[kept](one)) for one in facts.programmes)
    if facts.programmes and kept is Kept.NAMES:
        yield _(
            "Who booked for others, and the reference for the invoice, go with the names of the last meeting. "
            "The organisation’s booking stays."
        )
    if facts.programmes and kept is Kept.AFTER_THE_LAST:
        yield _("The names of groups stay as long as what the groups have written.")
    if facts.programmes and kept in (Kept.NAMES, Kept.AFTER_THE_LAST):
        yield _("Earlier than that, once a coordinator closes the edition.")


def _after_the_last(programme: Programme) -> Text:
    if programme.occasions:
        return n_("{n} day after the last meeting", "{n} days after the last meeting", programme.keep_names)
    return n_(
        "{n} day after its last date, and after people last did something in it",
        "{n} days after its last date, and after people last did something in it",
        programme.keep_names,
    )


_RULES: Mapping[Kept, Callable[[Programme], Text]] = {
    Kept.NAMES: lambda one: n_("names {n} day after each meeting", "names {n} days after each meeting", one.keep_names),
    Kept.AFTER_THE_LAST: _after_the_last,
    Kept.ANSWERS: lambda one: n_(
        "{n} day after a round has closed", "{n} days after a round has closed", one.keep_answers
    ),
    Kept.QUESTIONS: lambda one: n_("questions {n} day", "questions {n} days", one.keep_answers),
}


def _rule(programme: Programme, rule: Text) -> Text:
    return _("Kept in {title} ({edition}): {rule}.", title=programme.title, edition=programme.edition, rule=rule)


def _recipients(facts: Facts) -> Iterator[Words]:
    if facts.platforms:
        yield _(
            "Messages go through {platforms}, under the agreement of each organisation with them. What has arrived "
            "there is kept by their rules, not by those above.",
            platforms=Listed(tuple(platform.title() for platform in facts.platforms)),
        )
    if facts.mails:
        yield _("Documents go by mail to the addresses that the programmes name, over your own mail server.")
    organisers = tuple(dict.fromkeys(one.organiser for one in facts.programmes))
    if organisers:
        yield _(
            "Coordinators of the organiser see registrations, plans and messages, and can download the participants "
            "with what they need, and the basis for invoices: {names}",
            names=Listed(organisers),
        )
    yield _("Nothing goes to anybody else: no statistics service, no language model outside the server.")


def _protection(facts: Facts) -> Iterator[Words]:
    if facts.on_postgresql:
        yield _("The data is in a PostgreSQL database of yours, the keys in a folder outside of it.")
    else:
        yield _("The data is in a file on the server, the keys in a folder of their own.")
    yield _("Every message from a platform is checked for its signature, and every button for who may press it.")
    yield _("Whoever has been erased is erased again when an older backup is restored, before anything is sent.")
    yield _("Logs hold no texts and no names.")
    yield _("For answers without names, “lartraff proof” shows that nothing stored leads to a person.")
