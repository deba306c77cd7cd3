"""How good are the answers: questions asked, answers judged, figures with intervals, a report to read.

Owns the evaluation and its files; calls no network and no judge but arithmetic. Searching is `index`,
answering `bot.bot`; the evaluation asks through the same door as a visitor.

Errors: `EvaluationError` for what an evaluation can't go on with; `QuestionFileError`, one of them, for a wrong
file of questions, which can be told in Danish too.
"""

from bot.text import load_text


class EvaluationError(Exception):
    """A file, a gate or a setting that an evaluation can't go on with; the message says what, and what to do."""


class QuestionFileError(EvaluationError):
    """A file of questions that is wrong; the message is in English, `told` in the language of choice.

    :param code: its sentence under `question_files` in `bot.text`.
    :param place: the file, "file:line", or that with more behind it.
    :param values: what else the sentence names.
    """

    def __init__(self, code: str, place: object, **values: object) -> None:
        self._code = code
        self._values = {"place": str(place), **values}
        super().__init__(self.told("en"))

    def told(self, language: str) -> str:
        """What is wrong, and where, in one sentence or two."""
        text = load_text(language)
        file, colon, line = str(self._values["place"]).rpartition(":")
        place = text["question_files.place"].format(file=file, line=line) if colon else line
        return text[f"question_files.{self._code}"].format(**(self._values | {"place": place}))
