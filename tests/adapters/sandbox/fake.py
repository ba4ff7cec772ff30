"""A bot that says what a real one would, for tests of the sandbox alone: a list, a form that refuses, a receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.domain.people import Language
from bot.domain.words import Day, Moment, Money, Text
from bot.handlers.events import Inbound, Introduce, OpenedHome, Pressed, Reply, Said, Submitted, WentBack
from bot.messages import (
    Action,
    Answer,
    Button,
    Card,
    ChoiceField,
    Fact,
    Form,
    Item,
    Notice,
    NumberField,
    Option,
    TextField,
    Tone,
    View,
)
from bot.ports import Address, Surface


def programmes() -> Card:
    """A list with buttons at each entry."""
    register = Button(Text("Anmäl dig"), Action("register", "masterclass"), tone=Tone.PRIMARY, opens_form=True)
    more = Button(Text("Läs mer"), url="https://example.org/masterclass")
    first = Item(
        "Masterclass i medborgardialog 1",
        ("Digitala dialoger – hur ställer vi om?",),
        (Fact(Text("Nästa"), Day(date(2027, 3, 16))), Fact(Text("Sista dag"), Day(date(2027, 3, 9)))),
        (register, more),
    )
    second = Item("Modellkonceptet", ("Tre lärträffar: december, maj och oktober",), (), (register,))
    return Card("Program", ("Två program tar emot anmälningar just nu.",), items=(first, second))


def registration(values: Mapping[str, Answer] | None = None, **changes: object) -> Form:
    """Five fields of different kinds."""
    occasions = (
        Option("o1", "16 mars · Digitala dialoger", "Zoom 09.30–15.30"),
        Option("o2", "4 maj · Dialog där folk är", "Zoom 09.30–15.30"),
        Option("o3", "8 juni · Fokus på framtiden", "Stockholm"),
    )
    fields = (
        TextField("name", Text("Namn")),
        TextField("email", Text("E-post"), hint="Hit kommer länken till mötet.", email=True),
        ChoiceField("occasions", Text("Tillfällen"), occasions, many=True),
        ChoiceField("known", Text("Har du gått grunderna?"), (Option("yes", "Ja"), Option("no", "Nej, inte än"))),
        NumberField("people", Text("Antal deltagare"), least=1, most=12),
        TextField("needs", Text("Särskilda behov"), required=False, long=True, max_chars=500),
    )
    form = Form(
        "Anmälan till Masterclass",
        fields,
        Text("Bekräfta"),
        ("Alla tillfällen tillsammans ger paketpris för organisationen.",),
        values=values or {},
        token="run.1",
    )
    return replace(form, **changes)  # type: ignore[arg-type]


def receipt(name: str, at: datetime) -> Card:
    """A confirmation with facts and ways on."""
    facts = (
        Fact(Text("Deltagare"), name),
        Fact(Text("Tillfälle"), Moment(at, "Europe/Stockholm")),
        Fact(Text("Pris"), Money(4800)),
    )
    buttons = (
        Button(Text("Ändra"), Action("change", "r1"), opens_form=True),
        Button(Text("Avboka"), Action("cancel", "r1"), tone=Tone.DANGER),
    )
    return Card("Du är anmäld", ("Vi påminner dagen före.",), facts, buttons=buttons, tone=Tone.GOOD)


class FakeBot:
    """Implements `Receives`. `heard` is every event that was new, in order."""

    def __init__(self, language: Language = Language.ENGLISH) -> None:
        self.language = language
        self.heard: list[Inbound] = []
        self.send: Callable[[Address, View, Language, str], Awaitable[object]] | None = None
        self._answers: dict[str, Reply] = {}
        self._turn = asyncio.Lock()

    async def receive(self, inbound: Inbound, introduce: Introduce | None = None) -> Reply:
        async with self._turn:
            if inbound.delivery not in self._answers:
                self.heard.append(inbound)
                self._answers[inbound.delivery] = await self._answer(inbound)
            return self._answers[inbound.delivery]

    async def _answer(self, inbound: Inbound) -> Reply:
        match inbound.event:
            case Said(text) if text in ("anmäl", "register"):
                return self._reply(registration({"name": inbound.profile.name if inbound.profile else ""}))
            case Said(text):
                view: View = programmes() if text in ("program", "programmes") else Notice(f"Du skrev: {text}")
                assert self.send is not None
                await self.send(inbound.came_from, view, self.language, inbound.delivery)
                return Reply(language=self.language)
            case Pressed(Action("cancel")):
                return Reply(Card("Avbokad", tone=Tone.WARNING), self.language, replaces=True)
            case Pressed(Action("register" | "change")) | WentBack():
                return self._reply(registration({}))
            case Submitted(_, answers):
                return self._reply(self._submitted(answers))
            case OpenedHome():
                return self._reply(programmes() if inbound.came_from.surface is Surface.HOME else None)
            case _:
                return self._reply(None)

    def _submitted(self, answers: Mapping[str, Answer]) -> View:
        if "@" not in str(answers.get("email", "")):
            errors = {"email": "En e-postadress skrivs som anna@lund.se.", "occasions": "Välj minst ett tillfälle."}
            wrong = {name: reason for name, reason in errors.items() if name == "email" or not answers.get(name)}
            return registration(answers, errors=wrong, can_go_back=True)
        return Notice("Du är anmäld.", Tone.GOOD)

    def _reply(self, view: View | None) -> Reply:
        return Reply(view, self.language)
