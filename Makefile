# The few commands there are. A second run reuses what the first installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What the answers to the questions that ship must keep: some .02-.03 under what was measured
# (evidence_at_1 .730, evidence_at_3 .852, auroc .932, refused_rate .824, answered_rate .926), as int8 sums
# differ a little between processors, and a question is .004 of the first. Raise them with every better reader.
FLOORS := quotes_verbatim>=1 evidence_at_1>=0.70 evidence_at_3>=0.82 auroc>=0.91 refused_rate>=0.80 answered_rate>=0.90

.PHONY: help chat test check gate fix lock
.DEFAULT_GOAL := help

help: ## List the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

chat: $(VENV)/.chat ## Install what is missing and start the chat on http://127.0.0.1:7860
	$(BIN)/python app.py

test: $(VENV)/.test ## Install what is missing and run every check and test, in a browser too
	sh scripts/chromium.sh $(BIN)/python
	$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest

check: $(VENV)/.test ## Run ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

gate: $(VENV)/.chat ## Ask the questions that ship and hold the answers to their floors; a report in runs/gate
	OMP_NUM_THREADS=1 $(BIN)/python -m bot evaluate answers corpus/questions --out runs/gate $(FLOORS:%=--gate '%') >/dev/null

fix: $(VENV)/.test ## Let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Write requirements.lock anew from the newest versions that pyproject.toml allows
	sh scripts/lock.sh $(PYTHON)

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Sidesvar needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version 2>&1`. Try: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.chat: $(VENV)/.python pyproject.toml requirements.lock
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.python pyproject.toml requirements.lock
	$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable '.[test]'
	@touch $@ $(VENV)/.chat
