"""The settings say what the parts do where nothing is set."""

import pytest

from bot.settings import Settings
from index.build import DENSE_WEIGHT


def test_the_search_weighs_as_it_was_measured_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIDESVAR_DENSE_WEIGHT", raising=False)
    assert Settings().dense_weight == DENSE_WEIGHT
