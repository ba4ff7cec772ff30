"""Views as Adaptive Cards: within what Teams shows, nothing lost, and nothing of people's words interpreted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.adapters.teams import render, wire
from bot.adapters.teams.parting import CannotShow
from bot.domain.people import Language
from bot.domain.words import Localised, Text, _
from bot.handlers.events import Pressed, Submitted, WentBack
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
from bot.texts import Translator

FIXTURES = Path(__file__).parent.parent / "fixtures"
ENGLISH = Translator(Language.ENGLISH, Path("no-catalogue-for-english"))
DRAWN = {"RichTextBlock", "TextRun", "Container", "ColumnSet", "Column", "ActionSet", "AdaptiveCard"}
CHART = "Chart.VerticalBar.Grouped"
HOSTILE = "<at>all</at> </AT > {{DATE(2027-01-01T00:00:00Z,LONG)}} [x](https://evil.example) **b** <b>&amp; \u202e\x00"


def schema() -> Any:
    """Microsoft's own for version 1.5, with the typeahead list that Teams shows and the schema forgot.

    It tries every piece of a card as each kind of piece there is, which takes its time; the same is judged once.
    """
    read = json.loads((FIXTURES / "adaptive_card.schema.1.5.0.json").read_text())
    filtered = {"enum": ["filtered"]}
    read["definitions"]["ChoiceInputStyle"]["anyOf"].append(filtered)
    plain = jsonschema.validators.validator_for(read)
    extend: Any = jsonschema.validators.extend
    return extend(plain, {"$ref": _judging_once(plain.VALIDATORS["$ref"])})(read)


Judge = Callable[[Any, str, Any, Any], Iterable[jsonschema.ValidationError]]


def _judging_once(judge: Judge) -> Judge:
    known: dict[tuple[str, str], tuple[jsonschema.ValidationError, ...]] = {}

    def remember(validator: Any, kind: str, piece: Any, schema: Any) -> Iterator[jsonschema.ValidationError]:
        key = (kind, json.dumps(piece))
        if key not in known:
            known[key] = tuple(judge(validator, kind, piece, schema))
        yield from map(jsonschema.ValidationError.create_from, known[key])  # who reads them writes into them

    return remember


SCHEMA = schema()


def elements(drawn: object) -> Iterator[dict[str, Any]]:
    if isinstance(drawn, dict):
        if "type" in drawn:
            yield drawn
        for name, value in drawn.items():
            if name != "data":
                yield from elements(value)
    elif isinstance(drawn, list):
        for value in drawn:
            yield from elements(value)


def words(drawn: object) -> str:
    return "\n".join(e["text"] for e in elements(drawn) if e["type"] == "TextRun")


_SAID = frozenset({"text", "title", "label", "value", "placeholder", "errorMessage", "id", "data", "tooltip"})
"""What differs from card to card and is any string to the schema."""


def _shape(part: Any) -> Any:
    """The card without its words, and of neighbours of the same shape only the first: all that the schema looks at."""
    if isinstance(part, list):
        shapes = [_shape(inner) for inner in part]
        return [shape for shape, before in zip(shapes, [None, *shapes], strict=False) if shape != before]
    if not isinstance(part, dict):
        return part
    return {name: "x" if name in _SAID and isinstance(value, str) else _shape(value) for name, value in part.items()}


@cache
def _validate(shape: str) -> None:
    """Microsoft's schema takes its time, and judges each shape once."""
    SCHEMA.validate(json.loads(shape))


def _without_charts(part: Any) -> Any:
    """The card as a client sees it that knows no charts: each of them says that it is dropped there."""
    if isinstance(part, list):
        known = (inner for inner in part if not isinstance(inner, dict) or inner.get("type") != CHART)
        return [_without_charts(inner) for inner in known]
    if not isinstance(part, dict):
        return part
    return {name: _without_charts(value) for name, value in part.items()}


def _check_chart(chart: dict[str, Any]) -> None:
    assert chart["fallback"] == "drop"
    assert chart["title"].strip()
    assert chart["data"]
    for group in chart["data"]:
        assert group["legend"].strip()
        assert all(point["x"].strip() and isinstance(point["y"], float) for point in group["values"])


def check(drawn: dict[str, Any]) -> None:
    """Fail when Teams would refuse the card, leave something out or interpret people's words."""
    for chart in (each for each in elements(drawn) if each["type"] == CHART):
        _check_chart(chart)
    drawn = _without_charts(drawn)
    _validate(json.dumps(_shape({name: value for name, value in drawn.items() if name != "msteams"})))
    assert drawn["version"] == "1.5"
    assert 2 * len(json.dumps(drawn)) < 100_000
    found = list(elements(drawn))
    ids = [e["id"] for e in found if "id" in e]
    assert len(ids) == len(set(ids))
    for each in found:
        kind = each["type"]
        assert kind in DRAWN or kind.startswith(("Input.", "Action."))
        assert len(each.get("actions", ())) <= 6
        assert kind != "TextRun" or (each["text"].strip() and "\n" not in each["text"])
        if kind.startswith("Input."):
            assert each["label"].strip()
            assert not each.get("isRequired") or each["errorMessage"].strip()
        for choice in each.get("choices", ()):
            assert choice["title"].strip()
    text = json.dumps(drawn, ensure_ascii=False).lower()
    assert "<at>" not in text
    assert "{{" not in text


TEXT = TextField("text", Text("Answer"), hint=Text("A few words."), long=True, max_chars=4_000)
MAIL = TextField("mail", Text("E-mail"), email=True, required=False)
FEW = ChoiceField("few", Text("Meetings"), tuple(Option(f"o{n}", f"Meeting {n}", note="full") for n in range(10)))
MANY = ChoiceField("many", Text("Topics"), tuple(Option(f"o,{n}%2C", f"Topic {n}") for n in range(11)), many=True)
LIST = ChoiceField("list", Text("Organisation"), tuple(Option(f"SE-{n}", f"Municipality {n}") for n in range(330)))
NUMBER = NumberField("number", Text("People"), most=20)
FORM = Form(
    _("Registration"),
    (TEXT, MAIL, FEW, MANY, LIST, NUMBER),
    intro=("First line\n\nSecond line",),
    facts=(Fact(Text("Price"), "24 000"),),
    values={"text": "typed", "few": "o3", "many": ("o,1%2C", "o,2%2C"), "number": "7"},
    errors={"mail": "Not an address."},
    refusal="The meeting is full.",
    can_go_back=True,
    token="run.3",
)
BUTTONS = tuple(Button(Text(f"Button {n}"), Action("do", str(n)), opens_form=n % 2 == 0) for n in range(14))
CARD = Card(
    "Programmes",
    body=("One", Localised({"sv": "Två"})),
    facts=(Fact(Text("Organiser"), "SKR"),),
    items=(Item("Masterclass", ("Lund",), (Fact(Text("When"), "16 March"),), BUTTONS[:2]),),
    buttons=(*BUTTONS, Button(Text("Board"), url="https://board.example/1", tone=Tone.PRIMARY)),
    tone=Tone.GOOD,
)
HOSTILE_FORM = Form(
    HOSTILE,
    (TextField("t", Text("Name"), hint=HOSTILE), ChoiceField("c", Text("Who"), (Option("o", HOSTILE, HOSTILE),))),
    intro=(HOSTILE,),
    facts=(Fact(Text("Fact"), HOSTILE),),
    values={"t": "Ann"},
    errors={"t": HOSTILE},
    refusal=HOSTILE,
)
HOSTILE_CARD = Card(HOSTILE, (HOSTILE,), (Fact(Text("Fact"), HOSTILE),), (Item(HOSTILE, (HOSTILE,)),))
VIEWS: tuple[View, ...] = (
    FORM,
    CARD,
    Form("Sure?"),
    Card("Short"),
    Card("Moved", tone=Tone.WARNING, buttons=(Button(Text("Cancel"), Action("cancel"), tone=Tone.DANGER),)),
    HOSTILE_FORM,
    HOSTILE_CARD,
)


@pytest.mark.parametrize("dialog", [True, False])
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view.kind}-{str(view.title)[:12]}")
def test_every_view_is_a_card_that_teams_shows(view: View, dialog: bool) -> None:
    check(render.card(view, ENGLISH, dialog=dialog))


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "TextBlock", "text": "[x](https://evil.example)"},
        {"type": "FactSet", "facts": [{"title": "a", "value": "b"}]},
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "<at>all</at>"}]},
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "txt": "misspelt"}]},
        {"type": "Input.Text", "id": "a", "label": "A", "isRequired": True},
        {"type": "ActionSet", "actions": [{"type": "Action.Submit", "title": "x"}] * 7},
        {"type": "Unheard.Of"},
    ],
)
def test_control_the_check_finds_what_is_wrong(broken: dict[str, Any]) -> None:
    drawn = render.card(Card("Good"), ENGLISH, dialog=False)
    drawn["body"].append(broken)
    with pytest.raises((AssertionError, KeyError, jsonschema.ValidationError)):
        check(drawn)


def inputs(view: Form, *, dialog: bool = True) -> dict[str, dict[str, Any]]:
    drawn = render.card(view, ENGLISH, dialog=dialog)
    return {e["id"]: e for e in elements(drawn) if e["type"].startswith("Input.")}


def test_fields_take_the_shape_that_suits_them() -> None:
    drawn = inputs(FORM)
    assert drawn["one-text"]["isMultiline"]
    assert drawn["one-text"]["maxLength"] == 4_000
    assert drawn["one-mail"]["style"] == "Email"
    assert [drawn[i]["style"] for i in ("one-few", "many-many", "one-list")] == ["expanded", "compact", "filtered"]
    assert drawn["many-many"]["isMultiSelect"]
    assert (drawn["one-number"]["min"], drawn["one-number"]["max"]) == (0, 20)


def test_a_list_that_shrinks_while_one_types_is_only_for_what_clients_find_again_by_its_title() -> None:
    """Microsoft's renderer showed `nobody` for “Nobody”, and of two people of the same name it returned the first."""
    namesakes = replace(LIST, options=(*LIST.options, Option("SE-x", "Municipality 3")))
    drawn = [
        inputs(form)["one-list"]
        for form in (
            Form("Form", (LIST,)),
            Form("Form", (LIST,), values={"list": "SE-7"}),
            Form("Form", (namesakes,)),
        )
    ]
    assert [entry["style"] for entry in drawn] == ["filtered", "compact", "compact"]
    assert drawn[1]["value"] == "SE-7"


def test_a_folded_list_says_that_it_is_one() -> None:
    assert inputs(Form("Form", (LIST,)))["one-list"]["placeholder"] == "Type to search, or choose from the list"
    assert inputs(Form("Form", (MANY,)))["many-many"]["placeholder"] == "Choose from the list"
    assert "placeholder" not in inputs(Form("Form", (FEW,)))["one-few"]


def test_a_refused_form_keeps_every_word_and_says_why() -> None:
    drawn = render.card(FORM, ENGLISH, dialog=True)
    values = {name: entry.get("value") for name, entry in inputs(FORM).items()}
    assert values["one-text"] == "typed"
    assert (values["one-few"], values["many-many"]) == ("o3", "o%2C1%252C,o%2C2%252C")
    assert values["one-number"] == 7
    assert words(drawn).startswith("The meeting is full.\nFirst line\n")
    container = next(e for e in elements(drawn) if any(i.get("id") == "one-mail" for i in e.get("items", ())))
    assert "Not an address." in words(container)


def test_a_long_form_that_is_refused_says_at_its_top_which_fields_to_look_at() -> None:
    """A dialog is drawn from its top again; on a telephone the reason would stand below what is seen."""
    many = tuple(TextField(name, Text(name.title())) for name in ("name", "mail", "phone", "needs"))
    drawn = render.card(
        Form("About you", many, errors={"mail": "Not an address.", "needs": "Shorten it."}), ENGLISH, dialog=True
    )
    assert words(drawn).startswith("Please look again at: Mail and Needs\n")
    for seen_at_once in (Form("Form", many[:2], errors={"mail": "Not an address."}), Form("About you", many)):
        assert "Please look again" not in words(render.card(seen_at_once, ENGLISH, dialog=True))


def test_statements_that_are_refused_are_listed_without_their_full_stops() -> None:
    many = tuple(TextField(name, Text(f"We know {name}.")) for name in ("a", "b", "c", "d"))
    drawn = render.card(Form("Rate", many, errors=dict.fromkeys("abc", "Too long.")), ENGLISH, dialog=True)
    assert words(drawn).startswith("Please look again at: We know a, We know b and We know c\n")


def test_a_long_card_is_sent_in_as_few_messages_as_may_be_and_in_its_order() -> None:
    """A coordinator's overview began with a message that held nothing but its first line."""
    items = tuple(Item(f"Programme {n}", (f"{n} " + "word " * 500,)) for n in range(6))
    view = Card(
        "Status", facts=(Fact("Not delivered", "1 message"),), items=items, buttons=(Button("Help", Action("help")),)
    )
    messages = render.activities(view, ENGLISH)
    assert len(messages) == 2
    said = "".join(words(message["attachments"][0]["content"]) for message in messages)
    places = [said.index(sign) for sign in ("(1 of 2)", "1 message", *(f"Programme {n}" for n in range(6)))]
    assert places == sorted(places)
    assert [("Help" in json.dumps(message)) for message in messages] == [False, True]


def test_a_number_that_is_none_is_kept_as_it_was_typed() -> None:
    form = Form("Form", (NUMBER,), values={"number": "a dozen"})
    assert inputs(form)["one-number"]["type"] == "Input.Text"
    assert inputs(form)["one-number"]["value"] == "a dozen"


def test_what_goes_out_comes_back_the_same() -> None:
    returned = {name: entry["value"] for name, entry in inputs(FORM).items() if "value" in entry}
    expected: dict[str, Answer] = {"text": "typed", "few": "o3", "many": ("o,1%2C", "o,2%2C"), "number": "7"}
    assert wire.read({**returned, **wire.form_data("run.3")}) == Submitted("run.3", expected)
    assert wire.read(wire.back_data("run.3")) == WentBack("run.3")
    assert wire.read(wire.dialog_data(Action("change", "a b")), reference="r") == Pressed(Action("change", "a b"), "r")
    assert wire.read(wire.close_data()) is None


def actions(view: View, *, dialog: bool) -> dict[str, dict[str, Any]]:
    drawn = render.card(view, ENGLISH, dialog=dialog)
    return {e["title"]: e for row in elements(drawn) for e in row.get("actions", ())}


def test_buttons_in_the_chat_open_dialogs_or_execute_with_a_fallback() -> None:
    drawn = actions(CARD, dialog=False)
    assert drawn["Button 0"]["type"] == "Action.Submit"
    assert drawn["Button 0"]["data"] == {"msteams": {"type": "task/fetch"}, "do": "do 0"}
    execute = drawn["Button 1"]
    assert (execute["type"], execute["verb"], execute["data"]) == ("Action.Execute", "do", {"do": "do 1"})
    assert execute["fallback"]["type"] == "Action.Submit"
    assert execute["fallback"]["data"] == execute["data"]
    assert drawn["Board"]["url"] == "https://board.example/1"
    assert len(drawn) == 15  # every button is there, in several rows


def test_buttons_in_a_dialog_submit_and_one_closes() -> None:
    assert {e["type"] for e in actions(CARD, dialog=True).values()} == {"Action.Submit", "Action.OpenUrl"}
    assert actions(CARD, dialog=True)["Close"]["data"] == {"close": True}
    assert actions(FORM, dialog=True)["Back"]["associatedInputs"] == "none"
    assert actions(FORM, dialog=False)["Back"]["verb"] == "back"


def test_no_label_is_cut_in_a_row_of_buttons_on_a_telephone() -> None:
    """Microsoft's renderer makes the buttons of a row narrower until they fit: the welcome said "Anmäl …"."""
    said = ("Anmäl dig", "Program", "Mina anmälningar", "Hjälp", "Ja", "Nej", "Av", "På")
    card = Card("Hej", buttons=tuple(Button(words, Action("do", words)) for words in said))
    rows = [e for e in elements(render.card(card, ENGLISH, dialog=False)) if e["type"] == "ActionSet"]
    assert [[action["title"] for action in row["actions"]] for row in rows] == [
        ["Anmäl dig", "Program"],
        ["Mina anmälningar", "Hjälp"],
        ["Ja", "Nej", "Av"],
        ["På"],
    ]
    assert [row.get("spacing") for row in rows] == [None, "Small", "Small", "Small"]


def test_the_buttons_of_a_card_are_set_apart_from_those_of_its_last_entry() -> None:
    """Without a line, Undo seemed to belong to the post above it."""
    entry = Item("A post", buttons=(Button("Publish", Action("publish")),))
    buttons = (Button("Undo", Action("undo")), Button("x" * 40, Action("x")))
    drawn = render.card(Card("Waiting", items=(entry,), buttons=buttons), ENGLISH, dialog=False)["body"]
    assert [row.get("separator", False) for row in drawn if row["type"] == "ActionSet"] == [True, False]
    alone = render.card(Card("Waiting", buttons=buttons), ENGLISH, dialog=False)["body"]
    assert not any(row.get("separator") for row in alone)


@pytest.mark.parametrize(
    ("label", "value", "kind"),
    [
        ("Write", f"to {'x' * 16}@lund.se", "ColumnSet"),
        ("Write", f"to {'x' * 18}@lund.se", "Container"),
        ("Organisation", "Lund", "ColumnSet"),
        ("Fakturareferens", "REF-1", "Container"),  # it ran into its value
        ("Reminders that should have been sent", "3", "Container"),  # five lines of one word each
    ],
)
def test_what_is_wider_than_its_column_on_a_telephone_stands_below_its_label(label: str, value: str, kind: str) -> None:
    drawn = render.card(Card("Contact", facts=(Fact(label, value),)), ENGLISH, dialog=False)["body"][1]
    assert drawn["type"] == kind
    assert kind == "ColumnSet" or drawn["items"][1]["spacing"] == "None"


@pytest.mark.parametrize(("title", "in_card"), [("Register", False), ("Register for " + "everything " * 5, True)])
def test_a_title_that_the_frame_might_cut_stands_in_the_card_too(title: str, in_card: bool) -> None:
    assert render.title(Form(title), ENGLISH) == title
    assert (title in words(render.card(Form(title), ENGLISH, dialog=True))) is in_card
    assert title in words(render.card(Form(title), ENGLISH, dialog=False))


def test_a_link_is_a_web_address() -> None:
    with pytest.raises(CannotShow):
        render.card(Card("x", buttons=(Button(Text("x"), url="javascript:alert(1)"),)), ENGLISH, dialog=False)


def test_a_notice_is_plain_text() -> None:
    message = render.activity(Notice(HOSTILE), ENGLISH)
    assert message["textFormat"] == "plain"
    assert "attachments" not in message
    assert "<at>" not in message["text"]


def test_a_card_says_in_its_summary_all_that_it_shows() -> None:
    message = render.activity(CARD, ENGLISH)
    assert "text" not in message  # text beside a card would be split off and could not be changed later
    for line in words(message).splitlines():
        assert line in message["summary"]


def test_only_what_is_to_stands_in_the_activity_feed_and_once() -> None:
    """Each answer to a button was a line there, and a long overview nine of them."""
    alert = {"notification": {"alert": True}}
    assert [m.get("channelData") for m in render.activities(CARD, ENGLISH)] == [None]
    assert "channelData" not in render.activity(CARD, ENGLISH)
    first, *others = render.activities(LONG[0], ENGLISH, alerts=True)
    assert first["channelData"] == alert
    assert others
    assert not any("channelData" in message for message in others)


def test_nothing_disappears_when_words_are_made_harmless() -> None:
    shown = render.inert(HOSTILE).replace("\N{ZERO WIDTH SPACE}", "")
    assert shown == HOSTILE


LONG: tuple[View, ...] = (
    Card("Board", body=tuple(f"note{n} " + "å" * 300 for n in range(100)), buttons=BUTTONS),
    Card("Board", items=tuple(Item(f"note{n}", ("ö" * 200,), buttons=BUTTONS[:2]) for n in range(60))),
    Card("Board", ("intro",), items=(Item("one", tuple(f"note{n} " + "x" * 400 for n in range(99)), (), BUTTONS),)),
    Card("Board", facts=tuple(Fact(Text("Fact"), f"note{n} " + "x" * 200) for n in range(99)), body=("intro",)),
    Card("Board", body=(" ".join(f"note{n} " for n in range(9_000)),)),
    Notice(" ".join(f"note{n} " for n in range(9_000))),
)


@pytest.mark.parametrize("view", LONG, ids=lambda view: view.kind)
def test_what_is_too_long_becomes_several_messages_with_everything_in_them(view: View) -> None:
    messages = render.activities(view, ENGLISH)
    assert len(messages) > 1
    assert all(len(json.dumps(message)) < 28_000 for message in messages)
    shown = " ".join(words(message) + message.get("text", "") for message in messages).replace("\n", " ")
    last = 9_000 if "note8999" in str(view) else 60 if isinstance(view, Card) and len(view.items) > 1 else 99
    assert [n for n in range(last) if f"note{n} " not in f"{shown} "] == []
    titles = [title for message in messages for title in words(message).splitlines()[:1]]
    assert isinstance(view, Notice) or titles[0] == f"Board (1 of {len(messages)})"


def test_buttons_of_a_long_card_stand_under_its_last_part() -> None:
    *earlier, last = render.activities(LONG[0], ENGLISH)
    assert not any(e["type"] == "ActionSet" for message in earlier for e in elements(message))
    assert sum(len(e.get("actions", ())) for e in elements(last)) == 14


@pytest.mark.parametrize("view", [Card("x" * 50_000), Form("x", intro=("y" * 50_000,)), Notice("x" * 50_000)])
def test_what_has_no_shape_is_refused_rather_than_cut(view: View) -> None:
    with pytest.raises(CannotShow):
        render.activity(view, ENGLISH)


def test_control_a_piece_that_the_schema_refuses_is_refused_each_time() -> None:
    broken = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": 1}]}
    said = []
    for _again in range(2):
        with pytest.raises(jsonschema.ValidationError) as refused:
            SCHEMA.validate(broken)
        said.append((refused.value.message, list(refused.value.absolute_path)))
    assert said[0] == said[1]
