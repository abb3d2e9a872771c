# All commands of the project. `make demo` and `make test` work on a fresh machine with
# python3 (3.11 or newer), git and make.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export PORT

.PHONY: demo test check bench load growth crash upgrades setup setup-dev messages vendor lock wheel format pictures

demo: setup ## fill a fictional county and serve it on http://127.0.0.1:$(PORT)
	$(BIN)/zusammenplan demo --port $(PORT)

setup: $(VENV)/.base ## virtual environment and locked dependencies

test: setup-dev ## all tests, on SQLite and, where its programs are found, on PostgreSQL
	sh scripts/system.sh chromium postgresql gettext
	sh scripts/test.sh $(ARGS)

check: setup-dev ## format, lint, types, import contracts, templates, migrations, translations
	sh scripts/system.sh gettext
	sh scripts/check.sh

bench: setup-dev ## benchmarks, each as a ratio to a floor measured in the same run
	sh scripts/system.sh postgresql
	$(BIN)/python -m bench $(ARGS)

load: setup-dev ## a crowd on this machine: voters, projectors, visitors, then editors
	sh scripts/system.sh postgresql
	$(BIN)/python -m bench.load $(ARGS)

growth: setup-dev ## every page on data of 1, 10 and 100 counties, side by side
	sh scripts/system.sh postgresql
	$(BIN)/python -m bench.growth $(ARGS)

crash: setup-dev ## kill server and database a hundred times amid work, and restore the backups made meanwhile
	sh scripts/system.sh postgresql
	$(BIN)/python scripts/crash.py $(ARGS)

upgrades: setup-dev ## bring the demo of each landed state up to today's tables, and compare all rows
	sh scripts/system.sh postgresql
	$(BIN)/python scripts/upgrades.py $(ARGS)

setup-dev: $(VENV)/.dev

$(VENV)/bin/python:
	sh scripts/venv.sh $(PYTHON) $(VENV)

$(VENV)/.base: requirements/base.txt pyproject.toml hatch_build.py zusammenplan/locale/de/LC_MESSAGES/django.po | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint --reformat --quiet zusammenplan

messages: setup-dev ## collect the texts to translate into django.po and compile it
	sh scripts/system.sh gettext
	cd zusammenplan && ZUSAMMENPLAN_DATA=../var ../$(BIN)/python ../manage.py makemessages --locale de --no-location --no-wrap --no-obsolete --ignore "tests/*"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .

vendor: setup-dev ## fetch the files of others anew, as named in scripts/vendor.toml
	$(BIN)/python scripts/vendor.py

pictures: setup-dev ## make the pictures of README and manual anew, from a fresh demo
	sh scripts/system.sh chromium
	$(BIN)/python scripts/pictures.py

lock: setup-dev ## write requirements/*.txt anew from pyproject.toml
	sh scripts/lock.sh

wheel: setup ## the program as one file for pip, into dist/
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
