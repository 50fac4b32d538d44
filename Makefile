# Each target sets up what it needs in .venv from a hash-pinned lock; once set up, a second run starts at once.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PIP := $(BIN)/python -m pip --disable-pip-version-check
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
BROWSER := $(VENV)/.browser
DEMO_DATE := 2026-11-23

.PHONY: help demo test test-live lint format bench docs clean lock

help:
	@echo "make demo   examine la commune d'exemple"
	@echo "make test   lance les tests        make lint   vérifie le style, les types et les flèches"
	@echo "make test-live  lance ceux qui parlent à de vrais portails (udata, CKAN, pycsw, pygeoapi)"
	@echo "make bench  mesure                 make docs   refait la documentation"
	@echo "make lock   refait les verrous     make clean  efface ce qui se refait"

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit("Il faut Python 3.11 ou plus récent." if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

$(RUN): requirements/run.lock pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installation (une seule fois)…"
	@$(PIP) install -q --require-hashes -r requirements/run.lock
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): requirements/dev.lock $(RUN)
	@$(PIP) install -q --require-hashes -r requirements/dev.lock
	@touch $@

$(BROWSER): scripts/ensure_chromium.sh | $(VENV)/pyvenv.cfg
	@sh scripts/ensure_chromium.sh
	@touch $@

demo: $(RUN)
	@$(BIN)/opendata-check audit examples/commune-exemple --on $(DEMO_DATE)

test: $(DEV) $(BROWSER)
	@$(BIN)/python -m pytest -n auto --dist loadfile
	@echo "Laissés de côté : les tests qui parlent à de vrais portails (make test-live)."

# Installs real udata, CKAN, pycsw and pygeoapi in build/live, each in a venv of its own: minutes the first time.
test-live: $(DEV)
	@$(BIN)/python -m pytest tests/live -m live -rs

lint: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(DEV)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(DEV)
	@$(BIN)/python benchmarks/run.py

docs: $(DEV)
	@$(BIN)/python scripts/build_docs.py

lock: | $(VENV)/pyvenv.cfg
	@$(PIP) install -q uv
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras --no-header --group build pyproject.toml -o requirements/run.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras --no-header --group build --group dev -c requirements/run.lock pyproject.toml -o requirements/dev.lock

clean:
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
