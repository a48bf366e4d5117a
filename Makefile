# Everything runs from the environment in .venv, which is made when it is first needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run test bench fuzz format clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(STAMP) ## The window on the sample table; without a display, the tour
	@$(BIN)/embedding-explorer demo

test: export QT_QPA_PLATFORM := offscreen
test: $(STAMP) ## Lint, types, layers and tests; no display needed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

bench: export QT_QPA_PLATFORM := offscreen
bench: $(STAMP) ## Every benchmark, one after the other
	@missed=; for script in benchmarks/*.py; do \
		echo "== $$script"; $(BIN)/python "$$script" || missed="$$missed $$script"; done; \
		test -z "$$missed" || { echo "Not kept:$$missed" >&2; exit 1; }

fuzz: export FUZZ_ROUNDS := $(or $(ROUNDS),2000)
fuzz: $(STAMP) ## Damage files of every format, ROUNDS times each (2000), from a new SEED
	@seed=$${SEED:-$$(date +%s)}; echo "SEED=$$seed"; \
		FUZZ_SEED=$$seed $(BIN)/pytest tests/formats/test_contract.py -k damaged

format: $(STAMP) ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove the environment, caches and builds
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Making the environment in $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing; this takes a few minutes the first time"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@
