from pathlib import Path

from index.train.leakage import find_leaks


def test_a_text_on_both_sides_is_found_whatever_its_case_and_spaces(data: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text("")
    assert find_leaks(data, own)[2] == []
    (data / "eval" / "tatoeba-1000.tsv").write_text("KING  sun\tSun moon\n")
    (data / "eval" / "ntrex-1997.tsv").write_text("nothing at all here\tMange TAK  for ordet.\n")
    assert find_leaks(data, own)[2] == ["mange tak for ordet."]
    own.write_text((data / "pages" / "dev.jsonl").read_text())
    assert len(find_leaks(data, own)[2]) > 1
