# `make run` starts the demonstration, `make test` runs every test. Both set up what they need first, in .venv.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
export PORT

bin := .venv/bin
styles := pathway/web/static/vendor/govuk-frontend.min.css
packages := pathway rules notifications storage
templates := $(wildcard pathway/web/templates notifications/templates)
lock := $(bin)/uv pip compile --quiet --no-emit-index-url --generate-hashes --universal --python-version 3.11 \
	--custom-compile-command 'make lock'

# uv where it could be had, pip where not: the same hashed locks either way.
install = if [ -x $(bin)/uv ]; then $(bin)/uv pip install --quiet --compile-bytecode --python $(bin)/python $(1); \
	else $(bin)/python -m pip install --quiet --disable-pip-version-check $(1); fi

.PHONY: help setup run test nightly chaos lint shape migration format bench pictures docs lock clean

help: ## Say what there is to make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1	\2/' | expand -t 16

setup: .venv/.project $(styles) ## Install Pathway in .venv

run: .venv/.project $(styles) ## Start the demonstration on http://127.0.0.1:8000 (PORT changes it)
	@exec $(bin)/python -m pathway.demo.run

test: .venv/.dev .venv/.project $(styles) ## Run every test, on both databases; says what it did not try, and what brings it
	$(bin)/python -m compileall -q -j 0 $(packages) tests/support
	$(bin)/pytest -q -n logical --durations=10 $(ARGS)

nightly: .venv/.dev .venv/.project $(styles) ## Working time in 100,000 cases, pages and commands on PostgreSQL, random days and graces, mutants, each form 2,000 times
	PATHWAY_CASES=100000 $(bin)/pytest -q -n 2 tests/rules/test_working_time_properties.py
	$(bin)/pytest -q -n 2 -m nightly
	PATHWAY_DAYS=100 $(bin)/pytest -q -n 2 tests/flows/test_random_days.py tests/flows/test_grace_at_random.py
	@PYTHONPATH=tests $(bin)/python -m benchmarks.mutants

chaos: .venv/.dev .venv/.project ## A week with a bad mail server, the sender killed 200 times (PATHWAY_CHAOS_SEED repeats)
	@PYTHONPATH=tests $(bin)/python -m benchmarks.chaos

lint: .venv/.dev .venv/.project ## Check style, types, import contracts, templates and shape
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports --no-cache
	$(if $(templates),$(bin)/djlint --quiet --lint $(templates))
	PYTHONPATH=tests $(bin)/python -m architecture.shape

migration: .venv/.dev ## List a new migration as landed: from then on no test lets it change
	@PYTHONPATH=tests $(bin)/python -m architecture.landed

shape: .venv/.dev ## Count how the code is shaped, and keep each count that fell
	@PYTHONPATH=tests $(bin)/python -m architecture.shape --write

format: .venv/.dev ## Lay the code out as `make lint` wants it
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

bench: .venv/.dev .venv/.project ## Measure, and print the tables of docs/performance.md
	@PYTHONPATH=tests $(bin)/python -m benchmarks

pictures: .venv/.dev .venv/.project $(styles) ## Take the pictures of docs/guides anew, from a demonstration of their own
	@PYTHONPATH=tests $(bin)/python -m pictures

docs: .venv/.dev .venv/.project ## Make the generated pages of docs/ anew
	$(bin)/pathway rules document --write docs/pathway.md
	@PYTHONPATH=tests $(bin)/python -m architecture.rooms

lock: .venv/.tools ## Resolve the locks anew from pyproject.toml
	$(lock) --extra paper pyproject.toml -o locks/run.lock
	$(lock) --group tools -o locks/tools.lock
	$(lock) --group build -c locks/run.lock -o locks/build.lock
	$(lock) --extra notify pyproject.toml -c locks/run.lock -o locks/notify.lock
	$(lock) --group dev --extra paper --extra notify pyproject.toml -c locks/run.lock -c locks/build.lock \
		-c locks/notify.lock -o locks/dev.lock

clean: ## Remove what `make` made, and the demonstration's data (never pathway-data)
	rm -rf .venv .make .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist demo-data \
		pathway/web/static/vendor
	find $(packages) tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# --- setting up -------------------------------------------------------------------------------------------------------

.venv/.tools: locks/tools.lock
	@echo "Setting up .venv (a minute the first time) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pathway needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@[ -x $(bin)/pip ] || $(PYTHON) -m venv --clear .venv
	@$(bin)/python -m pip install -qq --disable-pip-version-check --require-hashes -r locks/tools.lock \
		|| echo "uv could not be had; pip does its work, more slowly."
	@touch $@

.venv/.run: .venv/.tools locks/run.lock locks/build.lock
	@$(call install,--require-hashes -r locks/run.lock -r locks/build.lock)
	@touch $@

.venv/.dev: .venv/.run locks/dev.lock
	@$(call install,--require-hashes -r locks/dev.lock)
	@touch $@

.venv/.project: .venv/.run pyproject.toml hatch_build.py
	@$(call install,--no-deps --no-build-isolation --editable .)
	@touch $@

$(styles): | .venv/.project
	@$(bin)/python hatch_build.py
