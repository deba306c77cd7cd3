"""Files written whole or not at all."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bot.evaluate import EvaluationError


def write_file(file: Path, chunks: Iterable[str]) -> None:
    """Write text to a temporary file beside it, then rename: a reader never sees half of it.

    :raises EvaluationError: when it can't be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except OSError as error:
        raise EvaluationError(f"{file} can't be written: {error.strerror}") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.writelines(chunks)
            out.flush()
            os.fsync(out.fileno())
        temporary.chmod(0o644)
        temporary.replace(file)
    except OSError as error:
        raise EvaluationError(f"{file} can't be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)
