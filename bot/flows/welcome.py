"""First words, help, the person's own page, language, and what is said when something went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.people import ENDONYMS, Language, Person
from bot.domain.programmes import Enrolment, Programme
from bot.domain.words import Text, Words, _
from bot.flows import buttons, channels, mine, occasions
from bot.messages import Action, Button, Card, Item, Notice, Tone

WHO_I_AM = "who_i_am"
REMIND_ME = "remind_me"

_STARTERS = (Button(_("Register"), Action(buttons.REGISTER), tone=Tone.PRIMARY), buttons.ALL_PROGRAMMES,
             buttons.MY_REGISTRATIONS, Button(_("Help"), Action(buttons.HELP)))  # fmt: skip


def welcome(person: Person) -> Card:
    """Said once, when a person first opens the conversation or their own page."""
    return Card(
        _("Hello {name}, I am Lärträff", name=person.name) if person.name else _("Hello, I am Lärträff"),
        body=(
            _("I help you through your learning programme: you register here, and I remind you before each meeting."),
            _("I only write when there is something you need. Write “help” at any time to see what I can do."),
            _("And ask me whatever you wonder about the programme, in your own words."),
        ),
        buttons=_STARTERS,
    )


def help_card(*, coordinator: bool) -> Card:
    """What I can do, by role. The words work as typed, after the slash command and as buttons."""
    items = [
        Item(_("register"), (_("Register for one meeting or a whole programme."),)),
        Item(_("programmes"), (_("See the programmes and their coming meetings."),)),
        Item(_("my registrations"), (_("See, change, hand over or cancel."),)),
        Item(_("answer"), (_("See the questions that are open to you, and answer."),)),
        Item(_("take notes"), (_("Write for your group: one line is one post on the board."),)),
        Item(_("group"), (_("Choose or change the group you talk in."),)),
        Item(_("plan"), (_("See and change your organisation’s plan."),)),
        Item(_("challenge"), (_("Write and see your own challenge, in programmes that have one."),)),
        Item(_("questions and answers"), (_("Look through them, or just ask me in your own words."),)),
        Item(_("my questions"), (_("See what you have asked, and how it stands."),)),
        Item(_("materials"), (_("Slides, recordings and guides."),)),
        Item(_("my reminders"), (_("See what I will send you, and what I have sent."),)),
        Item(_("pause"), (_("Have fewer reminders, or pause them until a day you choose: pause until 15 August."),)),
        Item(_("calendar"), (_("Have all your meetings in your own calendar."),)),
        Item(_("language"), (_("Choose Swedish, bokmål, nynorsk or English."),)),
        Item(_("link"), (_("Link your accounts in Slack and Teams, or claim a seat with a code: link ABCDE-FGHIJ."),)),
        Item(_("use Teams"), (_("Have your reminders in Teams, or in Slack, once your accounts are linked."),)),
        Item(_("my data"), (_("See, download or erase what I know about you."),)),
    ]
    if coordinator:
        items += [
            Item(
                _("status"),
                (
                    _("How your programmes stand, and what you have to look at."),
                    _("With a name after it: what that participant gets and has got."),
                ),
            ),
            Item(_("participant list"), (_("Download who comes, what they need, and what to invoice whom."),)),
            Item(_("ask questions"), (_("Put questions to the groups of a programme, now or at a time you choose."),)),
            Item(_("channel"), (_("Write it in a channel to let the channel follow a programme."),)),
            Item(_("away"), (_("Let somebody stand in for you until a day you choose: away until 15 August."),)),
            Item(_("who does what"), (_("See and appoint coordinators, deputies and contacts."),)),
        ]
    own = (buttons.STATUS_OF_ALL,) if coordinator else ()
    return Card(_("What I can do"), body=(_("Write one of these words, or press a button."),), items=tuple(items),
                buttons=(*_STARTERS[:-1], buttons.MY_REMINDERS, *own))  # fmt: skip


def who_i_am() -> Text:
    """To somebody who wonders whom they are talking to."""
    return _("I am Lärträff, a bot and not a person. What I cannot answer goes to somebody who can.")


def remind_me() -> Card:
    """To somebody who wants to be reminded of something of their own."""
    return Card(
        _("I remind you of the programme"),
        body=(
            _("Of each meeting, of what to prepare and of what you have taken on in the plan: that comes by itself."),
            _("I cannot remind you of anything else. What you wrote has gone to nobody."),
        ),
        buttons=(buttons.MY_REMINDERS,),
    )


def home(person: Person, bookings: tuple[mine.Booking, ...], unfinished: tuple[mine.Unfinished, ...],
         programmes: tuple[Programme, ...], now: datetime) -> Card:  # fmt: skip
    """The person's own page: what is theirs first, then what is open."""
    own = mine.card(bookings, unfinished, now)
    whole = {one.programme.id for one in bookings if one.is_active and one.programme.enrolment is Enrolment.COHORT}
    open_ones = (one for one in programmes if one.is_open(now) and one.id not in whole)  # all of it is theirs already
    materials = tuple(one for one in own.buttons if one == buttons.ALL_MATERIALS)  # where there is nothing else
    invitations = tuple(_invitation(one, occasions.programme_name(one, programmes)) for one in open_ones)
    return Card(
        _("Your page, {name}", name=person.name) if person.name else _("Your page"),
        body=own.body,
        items=(*own.items, *invitations),
        buttons=(*_STARTERS, buttons.MY_REMINDERS, *materials, Button(_("Language"), Action(buttons.LANGUAGE))),
    )


def _invitation(programme: Programme, name: Words) -> Item:
    return Item(_("Open for registration: {title}", title=name), (programme.summary,),
                buttons=(buttons.register(programme),))  # fmt: skip


def languages() -> Card:
    """The choice of language."""
    choices = tuple(Button(name, Action(buttons.LANGUAGE, language.value)) for language, name in ENDONYMS.items())
    return Card(_("Which language shall we speak?"), buttons=choices)


def language_chosen(language: Language) -> Notice:
    return Notice(_("From now on I write to you in this language: {language}", language=ENDONYMS[language]), Tone.GOOD)


def not_understood() -> Card:
    """A sentence that is no word of ours: say so and show the way on."""
    return Card(
        _("I did not understand that"),
        body=(_("Choose below, or write “help” to see everything I can do."),),
        buttons=_STARTERS,
    )


def channel_hello() -> Card:
    """Said once in a channel that the bot was added to."""
    return Card(
        _("Hello, I am Lärträff"),
        body=(
            _(
                "I help with learning programmes: you register with me, and I remind you. "
                "Write to me directly to begin."
            ),
        ),
        buttons=(buttons.ALL_PROGRAMMES, Button(_("Follow a programme"), Action(channels.FOLLOW))),
    )


def declined(reason: Words, ways: Sequence[Button] = ()) -> Card:
    """A request that could not be carried out, with the reason and ways on."""
    usual = (buttons.MY_REGISTRATIONS, buttons.ALL_PROGRAMMES)
    return Card(_("That did not work"), body=(reason,), buttons=tuple(ways) or usual, tone=Tone.WARNING)


def outdated() -> Text:
    """To someone who answers a form that has been answered since."""
    return _("You have already answered this form, perhaps in another window. Here is where you are now.")


def resumed() -> Text:
    """To someone who goes on with what they had begun."""
    return _("You go on where you were. Go back to see what you have answered.")


def finished() -> Notice:
    return Notice(_("This is already done. Nothing was sent twice."))


def mentioned_in(channel: str) -> Text:
    """The small print of what is answered to one person alone; `channel` is its name, where that is known."""
    if not channel:
        return _("You mentioned me where others read it, so I answer you here.")
    return _("You mentioned me in {channel}, where others read it, so I answer you here.", channel=channel)


def pressed_in(channel: str) -> Text:
    """The small print of what answers a button in a channel; `channel` is its name, where that is known."""
    if not channel:
        return _("You pressed a button where others see it, so I answer you here.")
    return _("You pressed a button in {channel}, where others see it, so I answer you here.", channel=channel)


def not_yours() -> Notice:
    return Notice(
        _("This form belongs to somebody else. Begin your own from the message that came to you, or write “help”."),
        Tone.WARNING,
    )


def unknown_form() -> Notice:
    return Notice(_("This form is no longer valid. Begin again where you opened it, or write “help”."), Tone.WARNING)


def newer_version() -> Notice:
    return Notice(
        _("This form is from an earlier version. Begin again where you opened it, or write “help”."), Tone.WARNING
    )


def unknown_button() -> Notice:
    return Notice(_("This button is no longer in use. Write “help” to see what I can do."), Tone.WARNING)


def fault(reference: str) -> Notice:
    """Something of ours broke."""
    return Notice(
        _(
            "Something went wrong on our side and nothing was saved. Please try again. Reference: {reference}",
            reference=reference,
        ),
        Tone.WARNING,
    )


def discarded() -> Notice:
    return Notice(_("Discarded. You are welcome to begin again whenever you like."))
