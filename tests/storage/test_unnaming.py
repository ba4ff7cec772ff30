"""What is taken out of texts when somebody is erased, and what stays."""

from __future__ import annotations

import json

import pytest

from bot.domain.words import Localised, Text, _
from bot.messages import Action, Button, Card, Fact, Form, Notice, Option, TextField, from_json, to_json
from storage.unnaming import Unnaming

ID = "5f0c11c6cc9b4b1c8f9a6d3a4b7c2e10"
ANNA = Unnaming(ids=[ID], called=["Anna Ek", "kansli@vik.se"], certain=["anna.ek@vik.se"])
MADONNA = Unnaming(called=["Madonna"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Fråga Anna Ek om skolan", "Fråga – om skolan"),
        ("fråga ANNA EK!", "fråga –!"),
        ("Anna Eks bil", "–s bil"),
        ("Anna Eksten, Anna Ek-Lind och Eva-Anna Ek är andra", "Anna Eksten, Anna Ek-Lind och Eva-Anna Ek är andra"),
        ("Anna kan", "Anna kan"),
        ("skriv till anna.ek@vik.se.", "skriv till –."),
        ("eva-anna.ek@vik.se, l.anna.ek@vik.se", "eva-anna.ek@vik.se, l.anna.ek@vik.se"),
        ("skriv till kansli@vik.se", "skriv till kansli@vik.se"),  # typed: it may be everybody's
        ("Kansli@vik.se", "–"),
    ],
)
def test_a_name_goes_where_it_is_no_part_of_another(before: str, after: str) -> None:
    assert ANNA.text(before) == after


def test_a_single_word_goes_only_where_it_stands_for_itself() -> None:
    assert (MADONNA.text("madonna"), MADONNA.text("Spela Madonna")) == ("–", "Spela Madonna")


@pytest.mark.parametrize("name", ["Lunds kommun", "och jag", "Region Skåne", "Hållbar utveckling"])
def test_what_is_no_name_of_a_person_goes_only_where_it_stands_for_itself(name: str) -> None:
    """Else whoever types it and is then erased takes it out of what everybody has written."""
    typed = Unnaming(called=[name])
    assert (typed.text(name), typed.text(f"Fråga {name} om det")) == ("–", f"Fråga {name} om det")
    assert Unnaming(certain=[name]).text(f"Fråga {name} om det") == "Fråga – om det"


@pytest.mark.parametrize("name", ["Fatuma Abdi", "Tomáš Dvořák", "Nguyen Thi Mai", "Lindqvist, Anna", "anna lind"])
def test_a_name_from_anywhere_is_a_persons(name: str) -> None:
    assert Unnaming(called=[name]).text(f"Fråga {name} om det") == "Fråga – om det"


def test_in_a_view_it_goes_from_what_people_wrote_alone() -> None:
    def view(name: str) -> Card:
        return Card(
            _("Madonna"),  # a sentence of ours that happens to be the same
            body=(_("{Madonna} comes", Madonna=name), Localised({"Madonna": name})),
            facts=(Fact(_("Name"), name),),
            buttons=(Button(name, Action("Madonna", "Madonna")), Button("x", url="Madonna")),
        )

    assert from_json(MADONNA.view(to_json(view("Madonna")))) == view("–")


def test_a_form_keeps_the_names_of_its_fields_and_options() -> None:
    form = Form(_("Who?"), fields=(TextField("madonna", Text("Name")),), values={"madonna": "Madonna"})
    assert from_json(MADONNA.view(to_json(form))) == Form(form.title, form.fields, values={"madonna": "–"})
    assert Option("Madonna", "x").value == "Madonna"


def test_an_id_becomes_another_one_and_the_same_everywhere() -> None:
    button = from_json(ANNA.view(to_json(Card(_("x"), buttons=(Button("x", Action("do", f"a {ID}")),)))))
    assert isinstance(button, Card)
    assert button.buttons[0].action == Action("do", f"a {ANNA.key(ID)}")
    assert ID not in ANNA.key(f"left:{ID}:2")


def test_a_view_of_another_version_loses_the_name_all_the_same() -> None:
    written = json.dumps({"kind": "scroll", "message": "Anna Ek", "lines": ["Hej Anna Ek", 1, None]})
    assert ANNA.view("Anna Ek {") == "– {"
    assert json.loads(ANNA.view(written)) == {"kind": "scroll", "message": "Anna Ek", "lines": ["Hej –", 1, None]}


def test_an_answer_that_is_kept_loses_it_in_its_view() -> None:
    kept = json.dumps({"view": json.loads(to_json(Notice("Anna Ek"))), "language": "sv"})
    assert json.loads(ANNA.reply(kept)) == {"view": json.loads(to_json(Notice("–"))), "language": "sv"}
    assert ANNA.reply('{"view":null}') == '{"view": null}'
    assert ANNA.reply("token.1") == "token.1"
