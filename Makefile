# What people do here, by one word each; `make` alone lists the words. Everything is made below this folder:
# the environment in .venv, the browser code in web/static, the running service's files in DATA.

HOST ?= $(or $(TELEHEALTH_HOST),localhost)
PORT ?= $(or $(TELEHEALTH_PORT),8080)
DATA ?= $(or $(TELEHEALTH_DATA),var)
RELAY ?= $(TELEHEALTH_RELAY)
SFU ?= $(TELEHEALTH_SFU)
RECORDER ?= $(TELEHEALTH_RECORDER)
ARGS ?=
# A run of all tests also shows what no test tries; a part of them could not. One process is in calls, one on pages
# and then does all the rest; the third goes through what mostly waits, and then waits until the calls are over, which
# would starve on two cores.
ALL := -n 3 -p tests.thresholds --cov --cov-report= --cov-fail-under=0
BENCH ?=
MINUTES ?= 30
SEED ?= 1

# The interpreter that .venv is made with: the first of these that is 3.11 or newer.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
PIP := .venv/bin/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install -qq --constraint constraints.txt

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check bench soak cluster cluster-down client clean

help: ## list these words
	@echo 'make WORD, where WORD is one of'
	@sed -n 's/^\([a-z -]*\):[^#]*## \(.*\)/  \1|\2/p' Makefile | while IFS='|' read -r word text; do \
		printf '  %-14s %s\n' "$$word" "$$text"; done

# exec: the server becomes make's own child, so that a SIGTERM that make gets reaches it and make waits for its end.
run: .venv/.installed client ## serve the demo: HOST PORT DATA RELAY=1 SFU=1 RECORDER=1, and every TELEHEALTH_… setting
	@TELEHEALTH_HOST='$(HOST)' TELEHEALTH_PORT='$(PORT)' TELEHEALTH_DATA='$(DATA)' \
		$(if $(RELAY),TELEHEALTH_RELAY='$(RELAY)') $(if $(SFU),TELEHEALTH_SFU='$(SFU)') \
		$(if $(RECORDER),TELEHEALTH_RECORDER='$(RECORDER)') \
		exec .venv/bin/telehealth serve --demo

test: .venv/.installed-dev client ## set up what tests need and run them all: ARGS='-k note -x'
	@.venv/bin/python -m tests.services.install
	@exec .venv/bin/python -m pytest $(or $(strip $(ARGS)),$(ALL))

check: .venv/.installed-dev ## lint, formatting, types, layers; of the browser code too
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/python -m web.build check

bench: .venv/.installed-dev client ## measure: the table of figures, BENCH=name,… runs a part
	@.venv/bin/python -m tests.services.install
	@BENCH='$(BENCH)' exec .venv/bin/python -m tests.bench

soak: .venv/.installed-dev client ## hold a call while a fault happens every minute: MINUTES (30) SEED (1)
	@.venv/bin/python -m tests.services.install
	@MINUTES='$(MINUTES)' SEED='$(SEED)' exec .venv/bin/python -m tests.laboratory.soak

cluster cluster-down: ## many processes on one machine
	@echo 'make $@: running many processes on one machine is not built yet; make run serves one.' >&2; exit 2

client: .venv/.python ## build the browser code, if its sources changed
	@.venv/bin/python -m web.build

clean: ## remove what was built; .venv and DATA stay
	@rm -rf web/static web/client/node_modules .coverage .coverage.* htmlcov dist .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	@find telehealth signaling web tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv whose programs do not start any more (a moved folder, a removed Python) is made anew:
# its scripts name the folder that they were made in.
ifneq ($(wildcard .venv/.python),)
  ifneq ($(shell .venv/bin/python -c '' 2>/dev/null && cat .venv/.python),$(CURDIR))
    $(shell rm -f .venv/.python)
  endif
endif

.venv/.python:
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer is needed; make PYTHON=/path/to/python names one.' >&2; exit 1; }
	@.venv/bin/pip --version >/dev/null 2>&1 || { echo 'Making .venv …'; rm -rf .venv; \
		$(PYTHON) -m venv .venv >/dev/null 2>&1 || { rm -rf .venv; \
			$(PYTHON) -m venv --without-pip .venv 2>/dev/null && \
			$(PYTHON) -m pip --quiet --python .venv/bin/python install pip 2>/dev/null; } || { rm -rf .venv; \
			echo 'This Python cannot make an environment: its venv module or pip is missing' >&2; \
			echo '(Debian and Ubuntu: apt-get install python3-venv).' >&2; exit 1; }; }
	@echo '$(CURDIR)' > $@

# hatchling comes first and the build isolation is off: so the pinned one builds, not the newest.
.venv/.installed: .venv/.python pyproject.toml constraints.txt
	@echo 'Installing the Python packages …'
	@$(INSTALL) hatchling
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

.venv/.installed-dev: .venv/.installed
	@echo 'Installing what tests and checks need …'
	@$(INSTALL) --no-build-isolation --editable '.[dev]'
	@touch $@
