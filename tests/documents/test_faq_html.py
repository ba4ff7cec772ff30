"""Questions with their answers in saved web pages, also in pages that mean harm."""

from __future__ import annotations

import json

from bot.documents.faq_cells import Column
from bot.documents.faq_html import read


def found(markup: str) -> list[tuple[str, str]]:
    return [(pair.question, pair.answer) for pair in read(markup).pairs]


def declared(*questions: dict[str, object], **around: object) -> str:
    page = {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": questions, **around}
    return f'<script type="application/ld+json">{json.dumps(page)}</script>'


def question(name: object, text: object) -> dict[str, object]:
    return {"@type": "Question", "name": name, "acceptedAnswer": {"@type": "Answer", "text": text}}


def test_what_a_page_declares_goes_before_what_it_shows() -> None:
    markup = declared(question("Vad &amp; hur?", "<p>Så <a href='https://a.se'>här</a>.</p><ul><li>ett</li></ul>"))
    assert found(f"<h2>Meny?</h2>x{markup}") == [("Vad & hur?", "Så här (https://a.se).\n\n- ett")]
    assert found("<h2>Meny?</h2>x") == [("Meny?", "x")]


def test_declared_questions_are_found_inside_a_graph_in_their_order() -> None:
    page = json.dumps({"@graph": [{"@type": "WebPage"}, {"mainEntity": [question("A?", "1"), question("B?", "2")]}]})
    assert found(f'<script type="application/ld+json">{page}</script>') == [("A?", "1"), ("B?", "2")]


def test_what_is_declared_wrongly_is_passed_over() -> None:
    for written in (
        "{",
        "[" * 100_000,
        "null",
        '{"@type": 5}',
        json.dumps(question(5, None)),
        json.dumps([[question("A", {})]]),
    ):
        markup = f'<script type="application/ld+json">{written}</script><details><summary>F?</summary>S.</details>'
        assert found(markup) == [("F?", "S.")]


def test_questions_that_the_elements_declare_are_read() -> None:
    answer = '<div itemprop="acceptedAnswer" itemscope><p itemprop="text">Så <b>här</b>.</p></div>'
    item = f'<li itemscope itemtype="https://schema.org/Question"><span itemprop="name">Hur?</span>{answer}</li>'
    assert found(f"<h2>Vanliga frågor</h2><ul>{item}<li itemtype='https://schema.org/Question'>tom</li></ul>") == [
        ("Hur?", "Så här.")
    ]


def test_a_paragraph_that_is_a_bold_question_is_a_question() -> None:
    markup = "<h2>Vanliga frågor</h2><p><strong>Hur?</strong> </p><p>Så.</p><p><b>Obs!</b></p><p><b>Var?</b> vet ej</p>"
    assert found(markup) == [("Hur?", "Så.\n\nObs!\n\nVar? vet ej")]


def test_what_folds_out_is_read_and_what_holds_it_is_a_heading() -> None:
    inner = "<details><summary><h3>Hur?</h3></summary><h4>Först</h4><p>Så.</p></details>"
    assert found(f"<details><summary>Anmälan</summary>{inner}</details>") == [("Hur?", "Först\n\nSå.")]


def test_terms_have_their_definitions_and_further_terms_are_other_ways_to_ask() -> None:
    page = read(
        "<dl><div><dt>Hur?</dt><dt>På vilket sätt?</dt><dd>Så.</dd></div><dt>Var?</dt><dd>Här</dd><dd>Där</dd></dl>"
    )
    assert [(pair.question, pair.answer) for pair in page.pairs] == [("Hur?", "Så."), ("Var?", "Här\n\nDär")]
    assert page.pairs[0].cells == {Column.ALTERNATES: "På vilket sätt?"}


def test_headings_are_read_without_what_stands_around_the_contents() -> None:
    around = "<header><h2>Kommunen</h2>Hem</header><nav><h2>Meny</h2>Start</nav>{}<footer><h2>Kontakt</h2>Ring</footer>"
    contents = "<h1>Frågor</h1><h2><button>Hur?</button></h2><p>Så.</p><h2>Var?</h2><div>Där.</div>"
    for markup in (around.format(contents), f"<aside><h2>X</h2>y</aside><main>{contents}</main><h2>Z</h2>z"):
        assert found(markup) == [("Hur?", "Så."), ("Var?", "Där.")]
    assert [pair.line for pair in read(f"<html>\n\n{contents}").pairs] == [3, 3]


def test_an_answer_keeps_paragraphs_lists_tables_and_links() -> None:
    answer = (
        "<p>Ett  <b>fett</b>\nord</p><ol><li>a<li><p>b</p><ul><li>c</ul></ol>slut<br>rad"
        "<table><tr><td>x</td><td>y</td></tr></table><a href='/lokal'>lokal</a> <a href='mailto:a@b.se'>post</a>"
    )
    ((_question, text),) = found(f"<h2>Hur?</h2>{answer}")
    assert text == "Ett fett ord\n\n1. a\n2. b\n  - c\n\nslut\nrad\n\nx | y\n\nlokal post (a@b.se)"


def test_nothing_of_a_script_becomes_words() -> None:
    markup = (
        "<h2>Hur?<script>x()</script></h2><p onclick='x()'>Så.<style>p{}</style><template>t</template></p>"
        "<a href='javascript:x()'>klicka</a><iframe src='https://a.se'>i</iframe><!-- dold --><svg><text>s</text></svg>"
    )
    assert found(markup) == [("Hur?", "Så.\n\nklicka")]


def test_entities_of_its_own_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    page = f'<?xml version="1.0"?><!DOCTYPE h [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    ((_question, text),) = found(f"{page}<html><h2>Hur?</h2>&l9; &f;</html>")
    assert text == "&l9; &f;"


def test_a_page_of_five_megabytes_is_read() -> None:
    many = "".join(f"<h2>Fråga {n}?</h2><p>{'ord ' * 640}</p>" for n in range(2_000))
    assert len(many) > 5_000_000
    assert len(read(many).pairs) == 2_000


def test_a_page_that_is_nested_too_deeply_is_refused_rather_than_cut() -> None:
    for depth, told in ((100_000, 1), (100, 0)):
        page = read(f"<h2>Hur?</h2>{'<div>' * depth}Så.")
        assert len(page.remarks) == told
        assert all(remark.severe for remark in page.remarks)
        assert bool(page.pairs) is not bool(told)


def test_a_page_with_nothing_in_it_has_no_questions() -> None:
    for markup in ("", " ", "<!-- -->", "\0", "<html></html>", "bara text", "<h2></h2>", "<dl><dt>A?</dt></dl>"):
        assert found(markup) == []
