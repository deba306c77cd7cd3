import pytest

from bot.bot import SUGGESTIONS
from bot.create import create_bot
from bot.settings import Settings
from bot.suggestions import MAX_CHARS, Suggestion, suggest
from bot.text import load_text
from corpus.page import Page
from index.build import split_units
from tests.fakes import HashEmbedder, make_gate, make_page


def made_of(page: Page) -> list[Suggestion]:
    return suggest([page], split_units([page]).placed)


def questions_of(*blocks: str, headings: tuple[str, ...] = ()) -> list[str]:
    return [suggestion.question for suggestion in made_of(make_page(*blocks, headings=headings))]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Nævnet består også af en formand og to medlemmer.", "Hvad består nævnet af?"),
        ("Museet ligger i den gamle toldbod på havnen.", "Hvor ligger museet?"),
        ("Et årskort til museet koster 220 kr.", "Hvad koster et årskort til museet?"),
        ("Formålet med puljen er at skabe liv på landet.", "Hvad er formålet med puljen?"),
        ("Puljen har til formål at skabe liv på landet.", "Hvad er formålet med puljen?"),
        ("Klubben blev stiftet i 1962 af tre brødre.", "Hvornår blev klubben stiftet?"),
        ("Klubben har 640 medlemmer og to haller.", "Hvor mange medlemmer har klubben?"),
        ("Barnevogne stilles i gården, fordi gulvene er skæve.", "Hvorfor stilles barnevogne i gården?"),
        ("Børn under 12 år betaler 50 kr.", "Hvor meget betaler børn under 12 år?"),
        ("Klagen skal sendes til nævnet senest fire uger efter.", "Hvornår skal klagen senest sendes?"),
        ("Du kan ikke bestille tid på hjemmesiden.", "Kan jeg bestille tid på hjemmesiden?"),
        ("Du kan bestille tid på hjemmesiden.", "Hvordan kan jeg bestille tid?"),
        ("Hvis du har mistet dit pas, skal du ringe til os.", "Hvad gør jeg, hvis jeg har mistet mit pas?"),
        ("Hunde må ikke komme med ind, bortset fra servicehunde.", "Må hunde komme med ind?"),
        ("Der er gratis parkering på Havnepladsen.", "Hvor er der gratis parkering?"),
        ("PET deltager i et stort samarbejde.", "Hvad deltager PET i?"),
    ],
)
def test_a_sentence_becomes_the_question_that_it_answers(sentence: str, question: str) -> None:
    known = "Se her om nævnet, museet, puljen, klubben, barnevogne, børn, klagen, hunde og et årskort."
    page = make_page(sentence, known)
    made = made_of(page)
    assert [suggestion.question for suggestion in made] == [question]
    assert made[0].sources == {0}


@pytest.mark.parametrize(
    "sentence",
    [
        "Det består af tre dele.",  # points back
        "Derfor ligger museet på havnen.",
        "Museet er åbent og ligger i byen.",  # the words before the verb are no subject
        "Sommetider koster 10 kr.",  # the page doesn't show whether the word has a capital of its own
        "Du kan klage over, at puljen er opbrugt.",
        "Museet og museet og museet består af meget.",
        f"Du kan {'læse ' * 20}på museet.",
    ],
)
def test_a_sentence_that_makes_no_sure_question_makes_none(sentence: str) -> None:
    assert questions_of(sentence, "Se museet, klagen og puljen.") == []


def test_a_question_is_short() -> None:
    assert questions_of(f"Formålet med {'x' * 45} er at se.", "Se.")
    long = f"Klubben tager {'meget ' * 9}imod, fordi {'det ' * 20}."
    assert all(len(question) <= MAX_CHARS for question in questions_of(long, "Se klubben."))


def test_a_name_keeps_its_capital_and_another_word_loses_it() -> None:
    assert questions_of("Tangmuseet ligger i byen.", "Besøg Tangmuseet.") == ["Hvor ligger Tangmuseet?"]
    assert questions_of("Museet ligger i byen.", "Besøg vores museer.") == ["Hvor ligger museet?"]
    assert questions_of("FE ligger i byen.") == ["Hvor ligger FE?"]


@pytest.mark.parametrize(
    ("heading", "questions"),
    [
        ("Hvad sletter vi, og hvornår?", ["Hvad sletter I, og hvornår?"]),
        ("Sådan bestiller du en tid", ["Hvordan bestiller jeg en tid?"]),
        ("Sådan gør du", ["Hvordan gør jeg?"]),
        ("Det skal du have med", ["Hvad skal jeg have med?"]),
        ("Det tager vi med", ["Hvad tager I med?"]),
        ("Åbningstider", ["Hvornår er der åbent?"]),
        ("Hvad med støj?", []),
        ("Nordisk samarbejde", []),
    ],
)
def test_a_heading_becomes_a_question_where_it_is_one(heading: str, questions: list[str]) -> None:
    assert questions_of("Side", heading, "Det står her.", headings=("Side", heading)) == questions


def test_sections_take_turns_and_no_question_comes_twice() -> None:
    made = questions_of(
        "Side",
        "Priser",
        "Kaffe koster 10 kr. Kaffe koster 10 kr. Te koster 9 kr. Vi har te og kaffe.",
        "Sted",
        "Museet ligger i byen. Se vores museer.",
        headings=("Side", "Priser", "Sted"),
    )
    assert made == ["Hvad koster det?", "Hvor ligger museet?", "Hvad koster kaffe?", "Hvad koster te?"]


def test_every_rule_can_be_used() -> None:
    for kind in ("rules", "headings"):
        for row in load_text("da").rows(f"suggestions.{kind}"):
            names = {part.split("}")[0] for part in row["question"].split("{")[1:]}
            assert all(name == "x" or f"(?P<{name}>" in row["form"] for name in names), row
            assert ("{x}" in row["form"]) == ("x" in names), row
            assert row["question"].endswith("?")


def test_the_bot_suggests_only_what_it_answers_from_there() -> None:
    page = make_page(
        "Museet ligger i den gamle toldbod på havnen.",
        "Et årskort til museet koster 220 kr. om året.",
        "Biblioteket har et årskort. Det er et museum.",
    )
    bot = create_bot(Settings(reader=""), pages=[page], embedder=HashEmbedder(), gate=make_gate())
    made = {suggestion.question: suggestion.sources for suggestion in made_of(page)}
    assert bot.suggestions()
    for question in bot.suggestions():
        assert bot.ask(question).citations[0].quote in {bot.index.sentences[n].sentence.text for n in made[question]}


def test_suggestions_are_few_enough_to_read() -> None:
    things = ("kaffe", "te", "vand", "saft", "kage", "frugt", "brød", "smør", "ost")
    blocks = [f"{thing.capitalize()} koster {number} kr." for number, thing in enumerate(things, 1)]
    page = make_page(*blocks, f"Vi har {', '.join(things)}.")
    bot = create_bot(Settings(reader=""), pages=[page], embedder=HashEmbedder(), gate=make_gate())
    assert len(made_of(page)) > SUGGESTIONS
    assert len(bot.suggestions()) <= SUGGESTIONS
