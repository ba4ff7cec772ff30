"""Views as HTML: what people wrote is only ever text, and everything is tied to what it belongs to."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.adapters.sandbox.labels import Labels
from bot.adapters.sandbox.render import RADIOS_AT_MOST, Spot, html, inside
from bot.domain.people import Language
from bot.domain.words import Text
from bot.messages import Action, Button, Card, ChoiceField, Fact, Form, Item, Notice, NumberField, Option, TextField
from bot.texts import Translator
from tests.fixtures.sandbox_client import Element, parse

ENGLISH = Translator(Language.ENGLISH, Path())
SPOT = Spot("anna", "form", "anna")
HOSTILE = "\"><script>alert(1)</script>'&{{ 7 * 7 }}"


def drawn(view: Form | Card | Notice) -> Element:
    return parse(html(view, ENGLISH, SPOT))


def choice(count: int, *, many: bool = False, required: bool = True) -> ChoiceField:
    options = tuple(Option(f"o{n}", f"Choice {n}") for n in range(1, count + 1))
    return ChoiceField("pick", Text("Pick"), options, many=many, required=required)


@pytest.mark.parametrize(
    "view",
    [
        Notice(HOSTILE),
        Card(HOSTILE, (HOSTILE,), (Fact(Text("A"), HOSTILE),), (Item(HOSTILE, (HOSTILE,)),)),
        Card("A", buttons=(Button(Text("B"), Action("do", HOSTILE)), Button(Text("C"), url="https://x.se/" + HOSTILE))),
        Form(HOSTILE, (TextField("a", Text("A"), hint=HOSTILE),), values={"a": HOSTILE}, errors={"a": HOSTILE}),
        Form("A", (TextField("a", Text("A"), long=True),), values={"a": "</textarea>" + HOSTILE}, token=HOSTILE),
        Form("A", (ChoiceField("a", Text("A"), (Option(HOSTILE, HOSTILE, HOSTILE),), many=True),), refusal=HOSTILE),
        Form("A", (TextField(HOSTILE, Text("A")),)),
    ],
)
def test_what_people_wrote_is_never_interpreted(view: Form | Card | Notice) -> None:
    page = drawn(view)
    assert not page.every("script", "i", "b")
    assert "49" not in page.text()
    whole = page.text() + "".join(value for e in page.walk() for value in e.attributes.values())
    assert HOSTILE in whole


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://example.org/", "//x.se", "data:text/html,x", "https:x", "https://["]
)
def test_a_link_that_is_not_https_is_shown_as_text(url: str) -> None:
    page = drawn(Card("A", buttons=(Button(Text("Open"), url=url),)))
    assert not page.every("a")
    assert f"Open: {url}" in page.text()


def test_a_link_to_this_computer_or_by_https_is_a_link() -> None:
    urls = ["https://example.org/a", "http://localhost:3978/board/x"]
    page = drawn(Card("A", buttons=tuple(Button(Text("Open"), url=url) for url in urls)))
    assert [urlsplit(a.attributes["href"]).geturl() for a in page.every("a")] == urls
    assert all(a.attributes["rel"] == "noopener noreferrer" for a in page.every("a"))


def test_hint_and_error_are_tied_to_their_field() -> None:
    field = TextField("a", Text("Name"), hint="As in the passport")
    page = drawn(Form("A", (field,), values={"a": "x"}, errors={"a": "Too short"}))
    (control,) = [e for e in page.every("input") if e.attributes.get("name") == "f.a"]
    texts = [by_id(page, name).text() for name in control.attributes["aria-describedby"].split()]
    assert texts == ["As in the passport", "Too short"]
    assert (control.attributes["aria-invalid"], control.attributes["value"]) == ("true", "x")
    (label,) = page.every("label")
    assert (label.attributes["for"], label.text()) == (control.attributes["id"], "Name")


def test_the_summary_of_errors_leads_to_each_field() -> None:
    fields = (TextField("a", Text("Name")), choice(3))
    page = drawn(Form("A", fields, errors={"a": "Too short", "pick": "Choose"}))
    (summary,) = [e for e in page.walk() if e.attributes.get("class") == "problems"]
    links = {a.text(): by_id(page, a.attributes["href"].removeprefix("#")).tag for a in summary.every("a")}
    assert links == {"Name: Too short": "input", "Pick: Choose": "fieldset"}
    assert summary.attributes["tabindex"] == "-1"


def test_the_reason_for_a_refusal_stands_above_the_form() -> None:
    page = drawn(Form("A", refusal="The meeting is full."))
    assert page.text().split("\n")[:3] == ["A", "The meeting is full.", "Next"]


@pytest.mark.parametrize(
    ("field", "kinds"),
    [
        (choice(3), ["radio"] * 3),
        (choice(3, required=False), ["radio"] * 4),  # with one for no choice
        (choice(30, many=True), ["checkbox"] * 30),
        (choice(RADIOS_AT_MOST), ["radio"] * RADIOS_AT_MOST),
    ],
)
def test_choices_are_a_fieldset_with_a_legend(field: ChoiceField, kinds: list[str]) -> None:
    page = drawn(Form("A", (field,)))
    (group,) = page.every("fieldset")
    assert group.every("legend")[0].text().startswith("Pick")
    assert [e.attributes["type"] for e in group.every("input")] == kinds
    assert len(group.every("label")) == len(kinds)


def test_a_long_list_of_which_one_is_taken_is_a_drop_down() -> None:
    page = drawn(Form("A", (choice(RADIOS_AT_MOST + 1),), values={"pick": "o2"}))
    (chosen,) = [e for e in page.every("option") if "selected" in e.attributes]
    assert chosen.text() == "Choice 2"


def test_what_was_chosen_and_typed_stands_there_again() -> None:
    fields = (choice(3, many=True), NumberField("n", Text("Number")), TextField("t", Text("Text"), long=True))
    page = drawn(Form("A", fields, values={"pick": ("o1", "o3"), "n": "twelve", "t": "\n one\ntwo"}))
    boxes = [e.attributes["value"] for e in page.every("input") if "checked" in e.attributes]
    assert boxes == ["o1", "o3"]
    assert [e.attributes["value"] for e in page.every("input") if e.attributes.get("name") == "f.n"] == ["twelve"]
    assert page.every("textarea")[0].children == ["\n\n one\ntwo"]


def test_back_is_there_when_one_can_go_back() -> None:
    assert "Back" in drawn(Form("A", can_go_back=True)).text()
    assert "Back" not in drawn(Form("A")).text()


def test_a_field_that_may_be_left_out_says_so() -> None:
    page = drawn(Form("A", (TextField("a", Text("Needs"), required=False),)))
    assert "Needs (optional)" in page.text()


def test_every_line_of_a_card_is_there() -> None:
    button = Button(Text("Register"), Action("register", "o1"))
    item = Item("Item", ("Line",), (Fact(Text("Price"), "0 kr"),), (button,))
    page = drawn(Card("Title", ("Body\nsecond",), (Fact(Text("When"), "Today"),), (item,), (button,)))
    assert page.text().split("\n") == [
        *("Title", "Body", "second", "WhenToday", "Item", "Line", "Price0 kr", "Register", "Register")
    ] or page.text().split("\n") == [
        *("Title", "Body", "second", "When", "Today", "Item", "Line", "Price", "0 kr", "Register", "Register")
    ]


def test_ids_are_unique_in_a_form() -> None:
    fields = (choice(3), choice(30, many=True), TextField("a", Text("A")), TextField("a b", Text("B")))
    page = drawn(Form("A", fields[:1] + fields[2:], errors={"a": "No", "pick": "No"}))
    ids = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(ids) == len(set(ids))


def test_look_inside_gives_each_platforms_own_and_the_plain_text() -> None:
    pieces = inside(Notice("hej"), ENGLISH, {"Slack": lambda view, _: {"kind": view.kind}}, Labels(ENGLISH))
    assert pieces == {"Slack": '{\n  "kind": "notice"\n}', "Plain text": "hej"}


def by_id(page: Element, name: str) -> Element:
    return next(e for e in page.walk() if e.attributes.get("id") == name)
