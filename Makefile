# The only commands: setup · run · test · check · bench · docs. Each does what it needs and nothing twice.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# A firm's own certificate authority stands in the machine's store: pip looks there by itself, uv and node when told.
export UV_SYSTEM_CERTS := 1
export NODE_EXTRA_CA_CERTS ?= $(wildcard /etc/ssl/certs/ca-certificates.crt)

PORT ?= 8000
DATA ?= var
WORKERS ?= 0
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
STAMPS := .venv/stamps
CATALOGS := $(shell find src -path '*/LC_MESSAGES/*.po' 2>/dev/null)

.PHONY: help setup run test check style types imports house bench docs lock

help:
	@echo "make setup   everything into .venv and git-ignored folders"
	@echo "make run     made-up firm, one nightly run, the desk on 127.0.0.1:\$$PORT (PORT=8000 DATA=var)"
	@echo "make test    the gate below and the whole suite; WORKERS=2 divides it between two processes"
	@echo "make check   ruff, mypy, import contracts, house laws"
	@echo "make bench   benchmarks, each with the ratio to a named peer"
	@echo "make docs    regenerate docs from the contract, the packs and the tests"

setup: $(STAMPS)/package $(STAMPS)/assets $(STAMPS)/translations

$(STAMPS)/boot: requirements/boot.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(f"Keepwell needs Python 3.11 or later, {sys.executable} is {v[0]}.{v[1]}" if v < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/boot.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/locked: requirements/base.txt requirements/dev.txt $(STAMPS)/boot
	.venv/bin/uv pip install --quiet --compile-bytecode --python $(PY) --require-hashes -r requirements/base.txt -r requirements/dev.txt
	@touch $@

$(STAMPS)/package: pyproject.toml $(STAMPS)/locked
	.venv/bin/uv pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/assets: package-lock.json tools/assets.py $(STAMPS)/locked
	$(PY) tools/assets.py
	@touch $@

$(STAMPS)/translations: tools/translations.py $(CATALOGS) $(STAMPS)/locked
	@$(PY) tools/translations.py
	@touch $@

run: setup
	@exec $(PY) tools/run.py --port $(PORT) --data $(DATA)

check: setup
	@$(MAKE) --jobs=$(or $(filter-out 0,$(WORKERS)),1) --output-sync=target style types imports house

style:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types:
	KEEPWELL_DATA=build/check .venv/bin/mypy

imports:
	.venv/bin/lint-imports

house:
	$(PY) -m pytest -q tests/house

test: setup
	@$(PY) tools/machine.py
	@$(MAKE) check
	$(PY) -m pytest --numprocesses $(WORKERS) --dist loadgroup --no-loadscope-reorder --ignore=tests/house

bench: setup
	$(PY) benchmarks/run.py

docs: setup
	$(PY) -m tools.docs

# Resolve the locks anew after an edit of requirements/*.in (Linux x86-64, Python 3.11).
lock: $(STAMPS)/boot
	for name in boot node base dev bench; do \
	  .venv/bin/uv pip compile requirements/$$name.in -o requirements/$$name.txt --quiet --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --python-version 3.11 \
	    --python-platform x86_64-manylinux_2_28 --no-header --annotation-style line; \
	done
	npm install --package-lock-only
