# Everything runs in .venv, which the first target that needs it builds from the pinned requirement files.
# Another interpreter than the one found: make PYTHON=/path/to/python3.12 demo

SHELL := /bin/sh
CANDIDATES := python3 python3.13 python3.12 python3.11 python
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq --no-input

.PHONY: help demo test check bench schema docs clean
.DEFAULT_GOAL := help

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/run.stamp ## play a lost-card call from shipped rules through the durable engine
	@$(BIN)/python examples/demo.py

test: .venv/dev.stamp ## run every test
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: .venv/dev.stamp ## lint, types, import direction, and that schemas and docs are up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/casewright schema --check
	$(BIN)/python docs/generate.py --check

bench: .venv/dev.stamp ## race the peers side by side, print the table, write bench.json
	@$(BIN)/python -m benchmarks

schema: .venv/run.stamp ## write schemas/ from the kinds
	@$(BIN)/casewright schema --write

docs: .venv/run.stamp ## write docs/language/ from the kinds and the step types
	@$(BIN)/python docs/generate.py

clean: ## remove what these targets made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@found=; \
	for python in $(or $(PYTHON),$(CANDIDATES)); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Casewright needs Python 3.11 or later; tried: $(or $(PYTHON),$(CANDIDATES))." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; \
	fi; \
	echo "Making .venv with $$($$found --version) ..."; \
	$$found -m venv --clear .venv || { rm -rf .venv; \
	  echo "$$found cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

.venv/run.stamp: requirements.txt requirements-build.txt pyproject.toml | .venv/bin/python
	@echo "Installing Casewright and what it runs on into .venv ..."
	@$(PIP) install -r requirements.txt -r requirements-build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	@echo "Installing what checks and tests it ..."
	@$(PIP) install -r requirements-dev.txt
	@touch $@
