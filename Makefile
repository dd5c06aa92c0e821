# Posthorn's commands. Each does its own set-up; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix docs lock crash bench soak screenshots

ARGS ?=
TIER ?=
JOBS ?= 2

BIN := .venv/bin
PYTHON_BIN := $(BIN)/python
CODE := src tests tools $(wildcard benchmarks examples) conftest.py

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile

setup: ## Make .venv/ with everything for working on Posthorn
	@tools/setup dev
	@tools/system-packages

demo: ## Run Posthorn with a demo firm and stand-ins for its packages (ARGS=--exit checks it and ends)
	@tools/setup run
	@$(BIN)/posthorn demo $(ARGS)

test: setup ## Run the tests (TIER=pure|documents|db|process|browser, ARGS=-k word)
	@$(PYTHON_BIN) -m pytest --numprocesses $(JOBS) --dist loadgroup --no-loadscope-reorder --tier "$(TIER)" $(ARGS)

check: setup ## Check style, types, imports, docs and lock files, as CI does
	@$(PYTHON_BIN) -m tools.checks $(ARGS)

fix: setup ## Repair what the checks can repair by themselves
	@$(BIN)/ruff check --fix-only --quiet $(CODE)
	@$(BIN)/ruff format $(CODE)

docs: setup ## Write the generated pages of docs/reference/ anew
	@$(PYTHON_BIN) -m tools.docs

lock: setup ## Compile the lock files from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(PYTHON_BIN) -m tools.locks write $(ARGS)

crash: setup ## Kill workers 1,000 times and count what was lost, doubled or stuck
	@$(PYTHON_BIN) -m tests.crash --kills 1000 $(ARGS)

bench: setup ## Measure against a peer in the same run; writes build/bench.json (ARGS=--list, --quick, names)
	@$(PYTHON_BIN) -m benchmarks $(ARGS)

screenshots: setup ## Take the pictures of README and docs anew from the demo firm
	@$(PYTHON_BIN) -m tools.screenshots

soak: setup ## Run the long figures; writes build/soak.json
	@$(PYTHON_BIN) -m tests.soak $(ARGS)
