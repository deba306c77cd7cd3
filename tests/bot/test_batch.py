from pathlib import Path

import pytest

from bot.batch import BatchError, answer_rows, read_rows
from bot.create import create_bot
from bot.settings import Settings
from tests.fakes import HashEmbedder, make_gate, make_page


def test_rows_are_answered_in_order_and_keep_their_other_fields(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(
        '{"question": "Hej", "id": 7, "kind": "x"}\n\n{"question": "Tak", "history": ["Hej"]}\n', encoding="utf-8"
    )
    bot = create_bot(Settings(reader=""), pages=[make_page("En sætning.")], embedder=HashEmbedder(), gate=make_gate())
    rows = list(answer_rows(bot, read_rows(str(file))))
    assert [row["question"] for row in rows] == ["Hej", "Tak"]
    assert [row["row"] for row in rows] == [{"id": 7, "kind": "x"}, {}]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2 is not JSON"),
        ("[]", 'line 2 has no "question"'),
        ('{"question": 3}', 'line 2 has no "question"'),
        ('{"question": "a", "history": "b"}', 'line 2: "history" must be a list'),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f'{{"question": "Hej"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(BatchError, match=told):
        list(read_rows(str(file)))


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="can't be read"):
        list(read_rows(str(tmp_path / "nej.jsonl")))
    (tmp_path / "latin").write_bytes('{"question": "blåbær"}'.encode("latin-1"))
    with pytest.raises(BatchError, match="not UTF-8"):
        list(read_rows(str(tmp_path / "latin")))
