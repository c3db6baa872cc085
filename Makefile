# Three Chairs. `make learn` to learn, `make test` to check everything.
PYTHON ?= python3
BIN := .venv/bin
# one worker per core; the tests of a file share what is costly, and stay together
CHECKS := $(BIN)/python -m pytest -n auto --dist loadfile

.PHONY: help learn teach setup test test-fast test-pythons lint bench coverage check build pins clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

learn: .venv/learn.stamp  ## open the lessons (NO_BROWSER=1 prints the address, PORT=8888 sets the port)
	@$(BIN)/threechairs learn $(if $(NAME),--name $(NAME))

teach: .venv/learn.stamp  ## open the course as an instructor, with Formgrader
	@$(BIN)/threechairs teach

setup: .venv/develop.stamp  ## install everything an author needs, and let git show notebooks as text
	@git config diff.threechairs.textconv "$(BIN)/threechairs show" 2>/dev/null || true

test: setup lint  ## run every test: rules, unit, content, the nbgrader cycle, browsers, other Pythons
	$(CHECKS) -m "not browser"
	$(BIN)/python -m pytest -m browser  # alone: a browser on a busy machine tells about the machine
	$(MAKE) --no-print-directory test-pythons

test-fast: .venv/develop.stamp  ## run the fast tests only, in a minute or two
	$(CHECKS) -m "not slow"

test-pythons: .venv/develop.stamp  ## run the fast tests on Python 3.12 and 3.13 where the machine has them
	$(BIN)/python tests/other_pythons.py

lint: .venv/develop.stamp  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

coverage: .venv/develop.stamp  ## which branches of models, company and marking their tests take; at least 95 %
	$(CHECKS) -q tests/models tests/company tests/marking tests/content --cov=threechairs.models --cov=threechairs.company --cov=threechairs.marking \
	  --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=95

bench: .venv/develop.stamp  ## print how fast the numbers are on this machine
	$(BIN)/python tests/bench/how_fast.py

check: .venv/develop.stamp  ## check every rule over the course's content
	$(BIN)/threechairs check

build: .venv/develop.stamp  ## make exercises/ from solutions/
	$(BIN)/threechairs build

pins: .venv/develop.stamp  ## write .pins/ from pyproject.toml (names, versions, hashes; no addresses)
	$(BIN)/python tests/write_pins.py

clean:  ## remove what make has made; my-work/ and grading/ stay
	rm -rf .venv .venvs dist .pytest_cache .mypy_cache .ruff_cache

# uv installs in seconds what takes pip a minute; where uv finds no packages (a mirror that only pip knows), pip does it.
define install
@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) \
  || $(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r $(1)
endef

# The two stamps share one environment: develop.txt holds the same versions as learn.txt, and more.
.venv/learn.stamp: .pins/learn.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what the lessons need; the first time this takes up to a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .pins/installer.txt
	$(call install,.pins/learn.txt)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/develop.stamp: .pins/develop.txt .venv/learn.stamp
	$(call install,.pins/develop.txt)
	@touch $@
