from datetime import UTC, datetime

import pytest

from corpus.blocks import Origin
from corpus.page import CorpusError, Page
from corpus.readers.html import decode_html, page_from_html

PAGE = """<!doctype html><html lang="da"><head><meta charset="utf-8">
<title>Samarbejde | Tjenesten</title><link rel="canonical" href="https://example.dk/samarbejde">
<style>p{color:red}</style><script>var x = "<p>Kode.</p>";</script></head><body>
<a href="#main" class="skip-link">Spring over</a>
<div class="cookie-banner"><p>Vi bruger cookies.</p><button>Accepter alle</button></div>
<header><nav><ul><li><a href="/">Forside</a></li></ul></nav></header>
<main id="main"><nav><ol><li>Forside</li><li>Om os</li></ol></nav>
<header><h1>Samarbejde –<br>nationalt</h1></header>
<p>Tjenesten arbejder med <a href="/fe">Forsvarets</a> folk (<abbr>FE</abbr>). Det er <em>vig</em>tigt.</p>
<img src="x.jpg" alt="Et billede">
<h2><button aria-expanded="false">Nationalt</button></h2>
<p>Partnerne er:</p>
<ul><li>Justits&shy;ministeriet</li><li>Udenrigsministeriet<ul><li>Ambassader</li></ul></li><li><p>Politiet</p></li></ul>
<h3>Kontakt</h3><p>Ring til os.<br>Klausdalsbrovej 1<br>2860 Søborg</p><p>Det er en lang<br>linje.</p>
<table><tr><th>Dag</th><th>Tid</th></tr><tr><td>Mandag</td><td>10&ndash;16</td></tr></table>
<details><summary>Hvad er CTG?</summary><p>En gruppe.</p></details>
<pre>et
to</pre>
Løs tekst. <span>Mere</span> løs tekst.
<div hidden>Skjult.</div><p style="display: none">Skjult.</p><span aria-hidden="true">ikon</span>
<form><label>Navn</label><input><button>Send</button></form><!-- En note. -->
<aside><ul><li><a href="/a">Relateret side</a></li></ul></aside></main>
<footer><p>Adressen står her.</p></footer></body></html>"""


def read(html: str) -> Page:
    return page_from_html(html, Origin("side", "side.html", datetime(2026, 11, 24, tzinfo=UTC)))


def test_the_main_text_is_read_in_order_and_nothing_else() -> None:
    assert read(PAGE).text.split("\n") == [
        "Samarbejde – nationalt",
        "Tjenesten arbejder med Forsvarets folk (FE). Det er vigtigt.",
        "Nationalt",
        "Partnerne er:",
        "Justitsministeriet",
        "Udenrigsministeriet",
        "Ambassader",
        "Politiet",
        "Kontakt",
        "Ring til os.",
        "Klausdalsbrovej 1",
        "2860 Søborg",
        "Det er en lang linje.",
        "Dag | Tid",
        "Mandag | 10–16",
        "Hvad er CTG?",
        "En gruppe.",
        "et",
        "to",
        "Løs tekst. Mere løs tekst.",
    ]


def test_the_rows_of_a_table_are_items_and_its_column_headings_are_not() -> None:
    page = read("<main><table><tr><th>Dag<th>Tid<tr><th>Mandag<td>10-16<tr><td>Fredag<td>12-14</table></main>")
    assert page.text == "Dag | Tid\nMandag | 10-16\nFredag | 12-14"
    assert [page.text[start:end] for start, end in page.items] == ["Mandag | 10-16", "Fredag | 12-14"]


def test_headings_keep_their_levels_and_places() -> None:
    page = read(PAGE)
    assert [(heading.text, heading.level) for heading in page.headings] == [
        ("Samarbejde – nationalt", 1),
        ("Nationalt", 2),
        ("Kontakt", 3),
        ("Hvad er CTG?", 4),
    ]
    assert page.heading_at(page.text.index("2860")) == "Kontakt"


def test_the_page_is_named_by_its_heading_and_addressed_by_its_canonical_url() -> None:
    page = read(PAGE)
    assert (page.title, page.url) == ("Samarbejde – nationalt", "https://example.dk/samarbejde")


def test_without_a_heading_the_title_is_the_document_s() -> None:
    assert read("<title>Om os | Foreningen</title><main><p>Vi er en forening.</p></main>").title == "Om os"


def test_a_heading_above_the_main_part_heads_the_page() -> None:
    page = read("<body><div><h1>Priser</h1></div><main><p>Det koster 20 kr.</p></main>")
    assert (page.text, page.headings[0].text) == ("Priser\nDet koster 20 kr.", "Priser")


def test_a_page_that_names_no_main_part_is_read_without_its_menu() -> None:
    page = read("""<title>x</title><body><table><tr><td><a href=1>Nyheder</a><br><a href=2>Billeder</a><br>
        <a href=3>Gæstebog</a></td><td><h1>Velkommen til foreningen</h1>
        <p>Foreningen blev stiftet i 1923 af en gruppe borgere, som ville bevare de gamle huse i byen.
        <p>Det koster 200 kr. om året at være medlem, og man melder sig ind hos kassereren.
        <h2>Bestyrelsen</h2><p>Formand er Inge Nielsen.</td></tr></table>""")
    assert "Gæstebog" not in page.text
    assert page.text.startswith("Velkommen til foreningen\nForeningen blev stiftet i 1923")
    assert page.text.endswith("Bestyrelsen\nFormand er Inge Nielsen.")


def test_what_a_button_unfolds_is_text_under_its_name() -> None:
    page = read("""<main><h1>Svar</h1><h2><button aria-controls="a">Hvad koster det?</button></h2>
        <div id="a" aria-hidden="true"><p>20 kr.</p></div>
        <button aria-expanded="false" aria-controls="b">Hvor bor I?</button><div id="b" hidden><p>I Søborg.</p></div>
        <details><summary>Hvornår?</summary>I dag.</details><details><summary>Hvem?</summary>Alle.</details>
        <div hidden="until-found">Findes.</div><div hidden><p>Skjult.</p></div></main>""")
    assert page.text.split("\n") == [
        "Svar",
        "Hvad koster det?",
        "20 kr.",
        "Hvor bor I?",
        "I Søborg.",
        "Hvornår?",
        "I dag.",
        "Hvem?",
        "Alle.",
        "Findes.",
    ]
    assert [heading.level for heading in page.headings] == [1, 2, 3, 3, 3]


def test_terms_stand_with_what_is_said_of_them() -> None:
    page = read(
        "<main><h1>Ord</h1><dl><dt>FE</dt><dd>En tjeneste.</dd><dt>Hvad er CTG?</dt><dd>En gruppe.</dd></dl></main>"
    )
    assert page.text == "Ord\nFE | En tjeneste.\nHvad er CTG?\nEn gruppe."
    assert page.headings[-1].text == "Hvad er CTG?"


@pytest.mark.parametrize("attribute", ['class="no-cookies share"', 'aria-hidden="true"'])
def test_what_holds_the_main_part_is_never_dropped(attribute: str) -> None:
    assert read(f"<body {attribute}><div {attribute}><main><p>Teksten.</p></main></div></body>").text == "Teksten."


def test_the_main_part_s_heading_is_the_title_and_not_the_site_s() -> None:
    assert read("<body><h1>Foreningen</h1><main><h1>Priser</h1><p>20 kr.</p></main>").title == "Priser"


def test_a_form_around_the_whole_page_is_no_form() -> None:
    assert read("<main><form id='aspnetForm'><h1>Titel</h1><p>Teksten.</p></form></main>").text == "Titel\nTeksten."


@pytest.mark.parametrize(
    "html",
    ["", "   ", "<html></html>", "<main></main>", "<script>x</script>", "<nav>Forside</nav>", "<!-- x -->", "<?xml?>"],
)
def test_a_page_without_text_is_refused_by_name(html: str) -> None:
    with pytest.raises(CorpusError, match=r"side\.html holds no text"):
        read(html)


def test_an_xml_declaration_is_no_hindrance() -> None:
    assert read('<?xml version="1.0" encoding="utf-8"?><html><body><main><p>Æbler.</p></main></body></html>').text


def test_text_without_tags_is_text() -> None:
    assert read("Det er en sætning uden mærker.").text == "Det er en sætning uden mærker."


def test_the_declared_encoding_counts() -> None:
    html = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>Łódź</p>'
    assert "Łódź" in decode_html(html.encode("iso-8859-2"), "a.html")
    assert "Łódź" in decode_html(html.encode("utf-8"), "a.html")
