"""Calendars to subscribe to: the private link, how to add it, and how to make it stop working."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from bot.domain.programmes import Programme
from bot.domain.words import Words, _
from bot.messages import Action, Button, Card, Fact, Tone

SUBSCRIBE = "subscribe"
SUBSCRIBE_TO = "subscribe_to"
RENEW_LINK = "new_link"
UNSUBSCRIBE = "unsubscribe"

SUBSCRIBE_BUTTON = Button(_("Subscribe in my calendar"), Action(SUBSCRIBE))

_OUTLOOK = "https://outlook.office.com/calendar/0/addfromweb"
_GOOGLE = "https://calendar.google.com/calendar/r/settings/addbyurl"
"""Both ways in are ordinary web addresses. `webcal:` would be shorter, but Teams opens no such button, and the new
Outlook loses the beginning of the address."""


def subscribe_to(programme: Programme) -> Button:
    """The button for a programme's own calendar."""
    return Button(_("Subscribe in my calendar"), Action(SUBSCRIBE_TO, programme.id))


def mine(link: str, *, renewed: bool = False) -> Card:
    """The person's own link. It is only ever shown to that person."""
    return Card(
        _("Your meetings in your calendar"),
        body=(
            *_renewed(renewed),
            _("Subscribe once, and every meeting you register for is there, also when it moves or is called off."),
            *_HOW,
            _("If a meeting changes, we tell you here as well."),
            _(
                "Anyone who has the link can see your meetings and join them. "
                "If it ends up with somebody else, choose New link: then the old one stops working."
            ),
        ),
        facts=(Fact(_("Link"), link),),
        buttons=(
            *_ways(link, "Lärträff"),
            Button(_("New link"), Action(RENEW_LINK)),
            Button(_("Turn the link off"), Action(UNSUBSCRIBE), tone=Tone.DANGER),
        ),
    )


def programme(programme: Programme, link: str, *, coordinator: bool, renewed: bool = False) -> Card:
    """A programme's link: the same for all, so that only a coordinator can change it."""
    name = next(iter(programme.title.wordings.values()), programme.id)
    change = (Button(_("New link"), Action(RENEW_LINK, programme.id)),) if coordinator else ()
    return Card(
        _("In your calendar: {title}", title=programme.title),
        body=(
            *_renewed(renewed),
            _("This calendar has every meeting of the programme, whether or not you are registered."),
            *_HOW,
            _("The links to join the meetings are not in it, so you can share it with colleagues."),
        ),
        facts=(Fact(_("Link"), link),),
        buttons=(*_ways(link, name), *change),
    )


def turned_off() -> Card:
    """The person's link no longer opens anything."""
    return Card(
        _("The link is turned off"),
        body=(_("It no longer shows your meetings to anyone. You can also remove the calendar where you added it."),),
        buttons=(Button(_("New link"), Action(SUBSCRIBE)),),
    )


def _renewed(renewed: bool) -> tuple[Words, ...]:
    if not renewed:
        return ()
    return (_("Here is the new link. The old one no longer works, so add this one where you used it."),)


_HOW: tuple[Words, ...] = (
    _(
        "Outlook: choose Add to Outlook, then Import. "
        "Google Calendar: copy the link, choose Open Google Calendar and paste it there."
    ),
    _("Calendars fetch changes by themselves a few times a day, some only once."),
)


def _ways(link: str, name: str) -> tuple[Button, ...]:
    return (
        Button(
            _("Add to Outlook"),
            url=f"{_OUTLOOK}?{urlencode({'url': link, 'name': name}, quote_via=quote)}",
            tone=Tone.PRIMARY,
        ),
        Button(_("Open Google Calendar"), url=_GOOGLE),
    )
