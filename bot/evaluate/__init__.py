"""How good are the answers: questions asked, answers judged, figures with intervals, a report to read.

Owns the evaluation and its files; calls no network and no judge but arithmetic. Searching is `index`,
answering `bot.bot`; the evaluation asks through the same door as a visitor.
"""


class EvaluationError(Exception):
    """A file, a gate or a setting that an evaluation can't go on with; the message says what, and what to do."""
