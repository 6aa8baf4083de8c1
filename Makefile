# The two commands a newcomer needs: `make run` and `make test`. `make` alone prints them all.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
UV_VERSION := 0.13.9
PYTHON ?= $(shell for p in /usr/bin/python3.11 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PACKAGES := postgresql-15 redis-server chromium-headless-shell fonts-noto-cjk openssl dovecot-imapd nginx
FROM_NPM := tests/webhooks/contract tests/support/identity_provider
PROCESSES ?= 2
# Compiled modules are kept, whatever a machine says: without them every start, every worker and every test compiles the libraries anew (5 s, not 2).
export PYTHONDONTWRITEBYTECODE :=
ARGS ?=

# install NAME from requirements FILE: uv takes seconds, pip does the same where uv cannot be had.
define install
	@echo "Installing $(1) …"
	@if $(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) 2>/dev/null; then \
		$(PY) -m uv pip install --quiet --python $(PY) --require-hashes -r $(1); \
	else \
		$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
	fi
endef

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv"; exit 1; fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing python3-venv …"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; \
		else \
			echo "Python cannot make virtual environments yet. Please run: sudo apt-get install python3-venv"; exit 1; \
		fi; \
	fi
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	$(call install,requirements.txt)
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(call install,requirements-dev.txt)
	@touch $@

.PHONY: install
install: $(VENV)/.runtime ## install what the hotline needs into .venv, compiled for users who may not write beside the code
	@$(PY) -m compileall -q -j 0 $(VENV)/lib classifier hotline models routing webhooks

.PHONY: scans
scans: $(VENV)/.runtime ## install the reader of scanned letters (370 MB; everything works without it)
	$(call install,requirements-scans.txt)

.PHONY: run
run: $(VENV)/.runtime ## the hotline on http://127.0.0.1:8000, on SQLite, with the demo city
	@exec $(PY) -m hotline run $(ARGS)

.PHONY: city
city: $(VENV)/.runtime ## the whole city: PostgreSQL, Redis, two workers, the clock and gunicorn (Ctrl-C stops all)
	@exec $(PY) -m hotline up $(ARGS)

.PHONY: demo-story
demo-story: $(VENV)/.runtime ## play one ticket's whole life through HTTP, step by step
	@$(PY) -m hotline story $(ARGS)

.PHONY: system
system:
	@missing=(); for p in $(PACKAGES); do \
		dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing+=("$$p"); done; \
	command -v node >/dev/null && command -v npm >/dev/null || missing+=(nodejs npm); \
	if [ $${#missing[@]} = 0 ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing $${missing[*]} …"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
			apt-get install -y -qq --no-install-recommends "$${missing[@]}" >/dev/null; \
	else \
		echo "The tests need more of this machine. Please run: sudo apt-get install --no-install-recommends $${missing[*]}"; exit 1; \
	fi

# Twilio's own OpenAPI file and Prism, which judges our requests by it, and a certified OpenID provider; where they cannot be had,
# their tests say so.
%/node_modules/.installed: %/package-lock.json | system
	@echo "Installing $< …"
	@if npm ci --prefix $* --ignore-scripts --no-audit --no-fund --loglevel=error; then touch $@; else \
		echo "npm could not install them. Please run: npm ci --prefix $* --ignore-scripts"; fi

.PHONY: test
test: $(VENV)/.dev system $(FROM_NPM:=/node_modules/.installed) ## install what the tests need and run them all
	@$(PY) -m pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: pictures
pictures: $(VENV)/.dev system ## every page of every role in three sizes, light and dark, measured, on sheets under build/screenshots/looks
	@KEEP_PICTURES=1 $(PY) -m pytest -q -n 0 -m pictures tests/journeys/test_axe.py

.PHONY: check
check: $(VENV)/.dev ## lint, form, types, import contracts, printed documents
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-logo
	@$(PY) -m hotline docs --check

.PHONY: fmt
fmt: $(VENV)/.dev ## sort imports, mend what ruff can mend by itself, and set every line in form
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

.PHONY: docs
docs: $(VENV)/.runtime ## print the charts and tables of the documents anew
	@$(PY) -m hotline docs

.PHONY: messages
messages: $(VENV)/.runtime ## bring what the code says into the catalogues of translations
	@$(PY) -m hotline.cli.printed.messages

.PHONY: migration
migration: $(VENV)/.runtime ## write the next version of the tables (MESSAGE="What changes")
	@$(PY) -m models.store.migrate "$(MESSAGE)"

.PHONY: requirements
requirements: $(VENV)/.dev ## pin the requirements anew, with hashes
	@$(PY) -m uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-header --no-annotate \
		requirements.in -o requirements.txt
	@$(PY) -m uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-header --no-annotate \
		-c requirements.txt requirements-scans.in -o requirements-scans.txt
	@$(PY) -m uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-header --no-annotate \
		-c requirements.txt requirements-dev.in -o requirements-dev.txt

.PHONY: bench
bench: $(VENV)/.dev system ## tickets per second, and pages at 1,000, 20,000 and 100,000 tickets (ARGS=aged: at 1,050,000)
	@$(PY) -m tests.bench $(ARGS)

.PHONY: storm
storm: $(VENV)/.dev system ## kill processes at random under load and compare (ARGS="--kills 1000 --seed 7", or "--drain 20000")
	@$(PY) -m tests.storm $(ARGS)

.PHONY: bench-classifier
bench-classifier: $(VENV)/.dev ## how well the classifier does on real messages, beside plain baselines (HOTLINE_DATA, ARGS=list names the parts)
	@$(PY) -m tests.bench.classifier $(ARGS)

.PHONY: clean
clean: ## remove what can be made again (not var/, where the data lies)
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
