# The portal's commands; `make` alone lists them. They need Python and nothing else:
# no root, no database server, no Node. What they install stays in .venv.

PYTHON ?= python3
PORT ?= 8000

PORTAL := .venv/bin/python manage.py
PYTEST := .venv/bin/python -m pytest -p no:cacheprovider --tb=short
# Without a plugin that takes a second to load and that the tests of the API alone use.
PLAIN := -p no:schemathesis
MAKEFLAGS += --no-print-directory
# What is compiled once is there for all the processes that come after, whatever an image says.
unexport PYTHONDONTWRITEBYTECODE
.DELETE_ON_ERROR:
.PHONY: help run curator dev check test soak cluster-test bench audit lock pictures static-checks \
	prepared check-half check-other-half suite-portal suite-rooms suite-postgresql suite-browser \
	soak-sqlite soak-postgresql soak-browser

help: ## lists the commands
	@echo "make <command>, where the command is one of:"
	@sed -n 's/^\([a-z-]*\):[^#]*## /  \1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

run: .venv/running ## starts the portal with its whole corpus (PORT=8000, DATABASE_URL=)
	$(prepare-database)
	@echo "Collecting the static files."
	@$(PORTAL) collectstatic --no-input --verbosity 0
	@echo "The portal is starting on http://127.0.0.1:$(PORT)/ and runs until you press Ctrl-C."
	@$(PORTAL) worker & worker=$$!; trap 'kill $$worker 2>/dev/null' EXIT INT TERM; \
		$(PORTAL) serve --listen 127.0.0.1:$(PORT)

curator: .venv/running ## creates an account for the admin
	$(prepare-database)
	@$(PORTAL) createsuperuser

dev: export DEBUG = true
dev: .venv/developing ## starts a server that shows every change at once (PORT=8000)
	$(prepare-database)
	@$(PORTAL) runserver 127.0.0.1:$(PORT)

define prepare-database
@echo "Bringing the database up to date; an empty one gets the corpus."
@$(PORTAL) migrate --verbosity 0
@$(PORTAL) load_corpus --if-empty
endef

# --- Tests ---------------------------------------------------------------------

# They run at once where make can keep their output apart; SQLite in two parts, so that none is
# left to run alone at the end.
SUITES := $(if $(filter output-sync,$(.FEATURES)),--jobs=5 --output-sync=target)

check: .venv/developing static-checks ## lint, missing migrations, the tests of the rooms you touched
	@echo "== The tests of the rooms touched, on SQLite, in two halves =="
	@prepared=$$(mktemp -d); trap 'rm -rf "$$prepared"' EXIT; \
		$(MAKE) --keep-going $(SUITES) PREPARED="$$prepared" check-half check-other-half

test: .venv/developing ## checks everything that CI checks, on SQLite and on PostgreSQL
	@echo "== Lint, and the suite three times: on SQLite, on PostgreSQL, in a browser. Each is shown when it ends. =="
	@prepared=$$(mktemp -d); trap 'rm -rf "$$prepared"' EXIT; \
		$(MAKE) --keep-going $(SUITES) PREPARED="$$prepared" \
		static-checks suite-postgresql suite-browser suite-rooms suite-portal
	@echo "Everything passed."

static-checks: .venv/developing
	@echo "== Lint and format =="
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet .
	@echo "== Missing migrations =="
	@env -u DATABASE_URL $(PORTAL) makemigrations --check --dry-run --settings tests.settings

soak: export SOAK = true
soak: .venv/developing ## repeats many times what make test proves with few: kills, saves at once
	@$(MAKE) --keep-going $(SUITES) soak-sqlite soak-postgresql soak-browser

soak-sqlite:
	@echo "== The long tests on SQLite =="
	@env -u DATABASE_URL $(PYTEST) -m soak --ignore=tests/browser

soak-postgresql:
	@echo "== The long tests on PostgreSQL =="
	@.venv/bin/python tests/postgres.py $(PYTEST) -m soak --ignore=tests/browser

soak-browser:
	@echo "== The long tests in a browser =="
	@env -u DATABASE_URL $(PYTEST) -m soak tests/browser

cluster-test: .venv/developing ## kills parts of a cluster on this machine while 200 read (needs haproxy)
	@.venv/bin/python tests/cluster.py

bench: .venv/developing ## measures every goal of speed over HTTP (SIZE=1000 takes minutes, ENGINE=sqlite)
	@.venv/bin/python -m bench $(foreach size,$(SIZE),--size $(size)) \
		$(foreach engine,$(ENGINE),--engine $(engine)) $(if $(SIZE),,--write docs/performance.md)

audit: .venv/developing ## checks what is locked against published advisories (ADVISORIES=file or address)
	@.venv/bin/python deploy/audit.py $(ADVISORIES)

# What the runs on SQLite begin with is made once for all of them.
suite-portal suite-rooms suite-browser check-half check-other-half: $(if $(PREPARED),prepared)

prepared:
	@env -u DATABASE_URL .venv/bin/python -m tests.prepared $(PREPARED)

check-half:
	@env -u DATABASE_URL $(PYTEST) -q -m "not soak" tests/test_floors.py \
		$$(.venv/bin/python tests/touched.py 1 2)

check-other-half:
	@env -u DATABASE_URL $(PYTEST) -q -m "not soak" tests/test_smoke.py \
		$$(.venv/bin/python tests/touched.py 2 2)

suite-portal:
	@echo "== The suite on SQLite: the portal =="
	@env -u DATABASE_URL $(PYTEST) tests/ranportal

suite-rooms:
	@echo "== The suite on SQLite: all other rooms =="
	@env -u DATABASE_URL $(PYTEST) $(PLAIN) --ignore=tests/browser --ignore=tests/ranportal

suite-postgresql:
	@echo "== The suite on PostgreSQL =="
	@.venv/bin/python tests/postgres.py $(PYTEST) --ignore=tests/browser

suite-browser:
	@echo "== The suite in a browser =="
	@env -u DATABASE_URL $(PYTEST) $(PLAIN) tests/browser

pictures: .venv/developing ## makes the pictures of docs/curating.md again (needs Chromium)
	@env -u DATABASE_URL .venv/bin/python -m tests.pictures

# --- What is installed ---------------------------------------------------------

.venv/running: requirements.txt
.venv/developing: requirements-dev.txt
.venv/running .venv/developing: | .venv/bin/pip
	@echo "Installing what $< pins into .venv."
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "The portal needs Python 3.11 or newer; $(PYTHON) is not. Name one that is:"; \
		echo "    make run PYTHON=/usr/bin/python3.12"; exit 1; }
	@echo "Making .venv, a place of its own for what the portal needs."
	@$(PYTHON) -m venv --clear .venv

COMPILE := .venv/bin/python -m piptools compile --quiet --generate-hashes --strip-extras \
	--no-header --annotation-style=line --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --no-emit-options

lock: .venv/developing ## writes both requirements files from pyproject.toml (OPTIONS=--upgrade)
	@$(COMPILE) $(OPTIONS) --output-file requirements.txt pyproject.toml
	@$(COMPILE) $(OPTIONS) --extra dev --constraint requirements.txt --allow-unsafe \
		--output-file requirements-dev.txt pyproject.toml
	@! grep -n -e '://' -e '^-' requirements.txt requirements-dev.txt
