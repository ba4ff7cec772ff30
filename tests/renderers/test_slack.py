"""Every view in a shape that Slack accepts, with every word of it in sight."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.slack import render
from bot.adapters.slack.blocks import UnrenderableError, pieces, size
from bot.domain.people import Language
from bot.domain.words import Text, _
from bot.messages import (
    Action,
    Answer,
    Button,
    Card,
    ChoiceField,
    Fact,
    Field,
    Form,
    Item,
    Notice,
    NumberField,
    Option,
    TextField,
    Tone,
)
from bot.texts import Translator, plain
from tests.fixtures.slack_limits import problems_of_message, problems_of_view

ENGLISH = Translator(Language.ENGLISH, Path("config/locales"))

unhurried = settings(deadline=None, max_examples=60)  # the machine may be busy

text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=400)
long_text = st.one_of(text, st.sampled_from((1, 9, 80)).map(lambda n: "En ganska lång mening om lärträffen. " * n))
labels = st.one_of(st.sampled_from(["Namn", "Bekräfta"]), st.text("aåé😀 ", min_size=1, max_size=200)).map(Text)
buttons = st.lists(
    st.builds(Button, labels, st.builds(Action, st.just("do"), st.text("ab", max_size=20)), tone=st.sampled_from(Tone)),
    max_size=27,
).map(tuple)
facts = st.lists(st.builds(Fact, labels, long_text), max_size=4).map(tuple)
items = st.lists(st.builds(Item, long_text, st.lists(long_text, max_size=3).map(tuple), facts, buttons), max_size=6)
cards = st.builds(
    Card, long_text.map("T{}".format), st.lists(long_text, max_size=4).map(tuple), facts, items.map(tuple), buttons
)


def modal(*fields: Field, **rest: Any) -> dict[str, Any]:
    shown = render.modal(Form("Anmälan", fields, token="r1.1", **rest), ENGLISH)
    assert problems_of_view(shown) == []
    return shown


def inputs(view: dict[str, Any]) -> dict[str, Any]:
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


def said(node: object) -> str:
    """Every text in it, in order."""
    if isinstance(node, dict):
        own = node["text"] if isinstance(node.get("text"), str) else ""
        return own + "".join(said(part) for part in node.values())
    return "".join(map(said, node)) if isinstance(node, list) else ""


# Messages


@unhurried
@given(cards)
def test_every_card_fits_into_messages_and_none_of_its_words_is_lost(card: Card) -> None:
    messages = render.messages(card, ENGLISH)
    assert [problem for message in messages for problem in problems_of_message(message)] == []
    spoken = "".join(html.unescape("\n".join(message["text"] for message in messages)).split())
    for line in plain(card, ENGLISH).splitlines():
        assert "".join(line.removeprefix("• ").split()) in spoken


def test_a_title_a_fact_and_buttons_have_their_shapes() -> None:
    card = Card(
        "Masterclass",
        ("Börjar snart.",),
        (Fact(_("When"), "16 mars"),),
        buttons=(
            Button(_("Register"), Action("register", "p1"), tone=Tone.PRIMARY),
            Button(_("Read"), url="https://lund.se"),
        ),
        tone=Tone.GOOD,
    )
    (message,) = render.messages(card, ENGLISH)
    assert [block["type"] for block in message["blocks"]] == ["header", "section", "rich_text", "actions"]
    register, read = message["blocks"][-1]["elements"]
    assert (register["value"], register["style"]) == ("register p1", "primary")
    assert (read["url"], "value" in read) == ("https://lund.se", False)
    assert message["text"] == "✅ Masterclass\nBörjar snart.\nWhen: 16 mars"


def test_sixty_entries_with_buttons_become_pages_in_order() -> None:
    button = (Button(_("Change"), Action("change")),)
    messages = render.messages(Card("All", items=tuple(Item(f"Row {n}", buttons=button) for n in range(60))), ENGLISH)
    assert len(messages) > 1
    assert [line for m in messages for line in m["text"].splitlines()] == ["All", *(f"Row {n}" for n in range(60))]


def test_sixty_entries_without_buttons_stay_one_message() -> None:
    assert len(render.messages(Card("All", items=tuple(Item(f"Row {n}") for n in range(60))), ENGLISH)) == 1


@pytest.mark.parametrize(
    "words", ["<!channel> @channel @here", "*bold* _x_ ~y~ `z`", "<https://evil.se|lund.se>", "&lt;!here&gt;", ":tada:"]
)
def test_what_people_write_is_never_markup(words: str) -> None:
    card = Card(words, (words,), (Fact(_("When"), words),), (Item(words, (words,)),))
    form = Form(words * 3, (TextField("name", _("Name"), hint=words),), intro=(words,), refusal=words)
    for shown in (*render.messages(card, ENGLISH), render.modal(form, ENGLISH), render.home(card, ENGLISH)):
        assert words in said(shown["blocks"])
        assert "mrkdwn" not in repr(shown)
        assert "<" not in shown.get("text", "")  # which Slack does read for marks


def test_long_button_labels_stand_in_full_above_and_stay_apart() -> None:
    long = ("Register for the meeting " * 5, "Register for the meeting " * 4 + "tomorrow")
    card = Card("All", buttons=tuple(Button(Text(label), Action("x")) for label in long))
    (message,) = render.messages(card, ENGLISH)
    drawn = [button["text"]["text"] for button in message["blocks"][-1]["elements"]]
    assert len(set(drawn)) == 2
    assert all(label in message["text"] for label in long)


def test_a_form_is_no_message() -> None:
    with pytest.raises(UnrenderableError):
        render.messages(Form("x"), ENGLISH)


# Modals


@unhurried
@given(text, labels, st.lists(long_text, min_size=1, max_size=100), st.booleans(), st.booleans(), text)
def test_every_choice_fits_into_a_modal_with_all_its_words(  # noqa: PLR0917 - hypothesis gives them in order
    title: str, label: Text, options: list[str], many: bool, noted: bool, hint: str
) -> None:
    offered = tuple(Option(f"o{n}", words, words if noted else "") for n, words in enumerate(options))
    if not label.message.strip():
        label = _("Meetings")
    values: dict[str, Answer] = {"c": ("o0",) if many else "o0"}
    form = Form(title, (ChoiceField("c", label, offered, hint, many=many),), values=values, token="r1.1")
    shown = render.modal(form, ENGLISH)
    assert problems_of_view(shown) == []
    assert all("".join(words.split()) in "".join(said(shown).split()) for words in (*options, title, hint))


@pytest.mark.parametrize(
    ("count", "many", "kind"),
    [
        (10, False, "radio_buttons"),
        (10, True, "checkboxes"),
        (11, False, "static_select"),
        (11, True, "multi_static_select"),
    ],
)
def test_up_to_ten_choices_are_in_sight(count: int, many: bool, kind: str) -> None:
    options = tuple(Option(f"o{n}", f"Option {n}") for n in range(count))
    assert inputs(modal(ChoiceField("c", _("Meetings"), options, many=many)))["c"]["type"] == kind


def test_what_was_typed_stands_there_again() -> None:
    shown = modal(
        TextField("name", _("Name")),
        TextField("email", _("E-mail"), email=True),
        NumberField("extra", _("Extra"), most=9),
        ChoiceField("c", _("Meetings"), (Option("a", "A"), Option("b", "B"))),
        values={"name": "Anna", "email": "a@b.se", "extra": "3", "c": "b"},
    )
    elements = inputs(shown)
    assert [elements[name]["initial_value"] for name in ("name", "email", "extra")] == ["Anna", "a@b.se", "3"]
    assert elements["c"]["initial_option"]["value"] == "b"
    assert [e["type"] for e in elements.values()][:3] == ["plain_text_input", "email_text_input", "number_input"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (TextField("x", _("E-mail"), email=True), "anna at lund"),
        (NumberField("x", _("Extra"), most=9), "three"),
        (NumberField("x", _("Extra"), most=9), "10"),
        (TextField("x", _("Name"), max_chars=5), "far too long"),
    ],
)
def test_what_fits_no_special_input_is_still_shown(field: Field, typed: str) -> None:
    element = inputs(modal(field, values={"x": typed}, errors={"x": "No."}))["x"]
    assert (element["type"], element["initial_value"]) == ("plain_text_input", typed)


def test_a_refused_form_says_why_at_the_top_and_by_the_field() -> None:
    shown = modal(TextField("name", _("Name")), refusal="Full.", errors={"name": "Please."}, can_go_back=True)
    assert [block["type"] for block in shown["blocks"]] == ["rich_text", "rich_text", "input", "actions"]
    assert said(shown["blocks"][0]) == "⚠️ Full."
    back = shown["blocks"][-1]["elements"][0]
    assert (back["action_id"], back["value"], back["text"]["text"]) == ("back", "r1.1", "← Back")
    assert (shown["private_metadata"], shown["callback_id"]) == ("r1.1", "form")


def test_a_title_too_long_for_the_frame_stands_in_the_body() -> None:
    shown = render.modal(Form("Registration for the Masterclass of 2027"), ENGLISH)
    assert shown["title"]["text"] == "Lärträff"
    assert shown["blocks"][0]["text"]["text"] == "Registration for the Masterclass of 2027"


def test_closing_views_have_only_a_close_button() -> None:
    for view in (Card("Done"), Card("A receipt that is long enough", ("Saved.",)), Notice("Saved.", Tone.GOOD)):
        shown = render.modal(view, ENGLISH)
        assert problems_of_view(shown) == []
        assert (shown["close"]["text"], "submit" in shown) == ("Close", False)


@pytest.mark.parametrize(
    "form",
    [
        Form("x", (ChoiceField("c", _("Meetings"), tuple(Option(f"o{n}", "A") for n in range(101))),)),
        Form("x", (ChoiceField("c", _("Meetings"), ()),)),
        Form("x", (ChoiceField("c", _("Meetings"), (Option("o" * 151, "A"),)),)),
        Form("x", (TextField("name", _("Name")),), values={"name": "x" * 3001}),
        Form("x", tuple(TextField(f"f{n}", _("Name")) for n in range(101))),
        Form("x", submit=Text("A submit label that is too long")),
        Form("x", token="t" * 3001),
    ],
)
def test_what_has_no_shape_is_refused_and_not_cut(form: Form) -> None:
    with pytest.raises(UnrenderableError):
        render.modal(form, ENGLISH)


def test_what_is_refused_as_too_long_stands_there_as_far_as_an_input_goes_with_the_reason() -> None:
    form = Form("x", (TextField("name", _("Name")),), values={"name": "x" * 4000}, errors={"name": "Too long."})
    shown = render.modal(form, ENGLISH)
    assert problems_of_view(shown) == []
    (field,) = (block for block in shown["blocks"] if block["type"] == "input")
    assert field["element"]["initial_value"] == "x" * 3000
    assert "Too long." in said(shown["blocks"])


# The Home tab, and lengths


@unhurried
@given(cards)
def test_a_home_tab_fits_or_is_refused(card: Card) -> None:
    try:
        shown = render.home(card, ENGLISH)
    except UnrenderableError:
        return
    assert problems_of_view(shown) == []


@unhurried
@given(st.text(max_size=80))
def test_a_length_is_the_number_of_utf_16_units(written: str) -> None:
    assert size(written) == sum(2 if letter > "\uffff" else 1 for letter in written)


@unhurried
@given(st.text("a 😀\n", max_size=80), st.integers(2, 9))
def test_pieces_fit_and_lose_nothing(words: str, limit: int) -> None:
    parts = pieces(words, limit)
    assert "".join(parts) == words
    assert all(size(part) <= limit for part in parts)
