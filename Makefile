# Each developer command is defined here once; .ci/run and the README call these.
# A machine needs python3 (3.11 or later) with venv, make and git; `make serve` and `make test` set the rest up in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin/python
READY := $(VENV)/.ready
ARGS ?=

CATALOGUES := web/translations
DOMAIN := kgsearch
TEMPLATE := build/$(DOMAIN).pot

.PHONY: setup serve test lint format check translations clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kgsearch needs Python 3.11 or later; make PYTHON=/path/to/python3.11 ...")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

# Indexes the corpus folder first where there is no index; KGSEARCH_PORT chooses the port.
serve: $(READY)
	$(BIN) -m kgsearch serve $(ARGS)

test: $(READY)
	$(BIN) -m pytest $(ARGS)

lint: $(READY)
	$(BIN) -m ruff check .
	$(BIN) -m ruff format --check .
	$(BIN) -m mypy

format: $(READY)
	$(BIN) -m ruff check --fix .
	$(BIN) -m ruff format .

check: lint test

# click's own messages (usage errors, --help) are extracted with ours, so that they too are translated.
translations: $(READY)
	@mkdir -p $(dir $(TEMPLATE))
	$(BIN) -m babel.messages.frontend -q extract -F pyproject.toml --no-location --sort-output --project=$(DOMAIN) \
		-o $(TEMPLATE) kgsearch web/templates "$$($(BIN) -c 'import click, os; print(os.path.dirname(click.__file__))')"
	$(BIN) -m babel.messages.frontend -q update -D $(DOMAIN) -d $(CATALOGUES) -i $(TEMPLATE) \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN) -m babel.messages.frontend -q compile -D $(DOMAIN) -d $(CATALOGUES) --statistics

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
