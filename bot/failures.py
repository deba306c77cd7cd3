"""The failures that are told in one line: what users can cause and mend."""

from bot.answerers import AnswererError
from bot.batch import BatchError
from bot.evaluate import EvaluationError
from bot.feedback import FeedbackError
from bot.gate import GateError
from bot.listen import ListenError
from bot.widget.embed import AddressError
from bot.workers import WorkersError
from corpus.page import CorpusError
from corpus.plugins import UnknownPluginError
from index.embedders import EmbedderError
from index.folder import IndexFolderError
from index.reader import ReaderError

EXPECTED = (
    AddressError,
    AnswererError,
    BatchError,
    CorpusError,
    EmbedderError,
    EvaluationError,
    FeedbackError,
    GateError,
    IndexFolderError,
    ListenError,
    ReaderError,
    UnknownPluginError,
    WorkersError,
)
