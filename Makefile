# Set-up, demonstration and checks; `make help` lists them. Works with GNU make 3.81 and later.
#
# What is installed once has its stamp where it is installed, so that a folder removed by hand is
# made again. Set on the command line: PYTHON, VENV, LIBRARY, QUESTION, CORPUS, MODELS,
# MUTATIONS, RESUME, TORCH_INDEX.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV ?= .venv
LIBRARY ?= library
# `make eval-full`: the first model is asked everything, the others the gate on seeds/; so many
# cases of each suite are asked of articles changed for them (1000 is more than there are; 60 takes
# 20 minutes less); RESUME=1 goes on where a run was stopped.
MODELS ?= qwen2.5-coder-1.5b qwen2.5-coder-0.5b smollm2-135m
MUTATIONS ?= 1000
RESUME ?=
QUESTION ?= How many people were stopped between ports of entry in November?
# PyTorch's own index of builds without CUDA, which are 200 MB and not 3 GB; used on Linux only.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu

PY := $(VENV)/bin/python
PIP := $(PY) -m pip --no-input --disable-pip-version-check
RAG := $(VENV)/bin/rag
# $(call reports,NAME): three files in reports/. In CI nothing is taken from an earlier run.
reports = $(if $(filter true,$(CI)),--no-cache) \
	--html reports/$(1).html --junit reports/$(1).xml --markdown reports/$(1).md
evaluate = echo "==> Evaluation with the default model"; $(RAG) eval --mutations 40 $(call reports,eval)
# By name: a comma in an argument of `call` would end it.
EXTRAS := ui,serve,mcp,plot
DONE := $(VENV)/.done
LOGS := .build
BEGAN := $(shell date +%s)

# $(call quietly,NAME,COMMAND): output into a log, of which the end is shown on failure.
quietly = mkdir -p $(LOGS); { $(2) ; } > $(LOGS)/$(1).log 2>&1 || \
	{ tail -n 30 $(LOGS)/$(1).log >&2; echo "Failed. The whole output: $(LOGS)/$(1).log" >&2; exit 1; }

.PHONY: help demo test setup lint eval eval-full bench ui clean llama models test-model chromium FORCE

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' Makefile | awk -F@ '{printf "%-16s %s\n", $$1, $$2}'

demo: setup $(LOGS)/indexed ## set up, index the five articles, answer a question (first time: 5 to 15 min)
	@echo "==> rag ask \"$(QUESTION)\""
	@$(RAG) ask --library $(LIBRARY) "$(QUESTION)"

test: chromium setup test-model lint ## everything that CI runs: lint, types, tests, live evaluation
	@echo "==> Tests"
	@$(PY) -m pytest -n 2 --dist loadfile -m "not timed"
	@$(PY) -m pytest -m timed
	@$(evaluate)
	@echo "==> make test passed in $$(($$(date +%s) - $(BEGAN))) s"

setup: $(DONE)/dependencies models ## environment, llama.cpp for this processor, packages, weights

lint: $(DONE)/dependencies ## ruff, mypy and the floors of the package
	@echo "==> Lint and types: about 30 s"
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports

eval: setup ## questions with known answers, asked live; pages in reports/
	@$(evaluate)

eval-full: setup ## every case, model, control and mutation, about two hours; CORPUS=DIR: there too
	@$(RAG) models fetch $(MODELS)
	@echo "==> All cases: about two hours on two cores; RESUME=1 goes on where it was stopped"
	@$(RAG) eval --full $(MODELS:%=--model %) --mutations $(MUTATIONS) --no-cache \
	    $(if $(CORPUS),--corpus "$(CORPUS)") $(if $(RESUME),--resume) \
	    --record eval/reports/full.md --html reports/eval-full.html --junit reports/eval-full.xml

bench: setup ## every table of docs/PERFORMANCE.md, about two hours
	@$(call quietly,bench,$(PIP) install -c constraints.txt -e '.[bench]')
	@$(PY) -m eval.benchmarks

ui: setup $(LOGS)/indexed ## the page in a browser
	@$(RAG) ui --library $(LIBRARY)

clean: ## remove environment, library, logs and caches; weights and the built llama.cpp stay
	rm -rf $(VENV) $(LIBRARY) $(LOGS) reports dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find rag tests eval -name __pycache__ -type d -prune -exec rm -rf {} +

# 3.11 first: it is what the pins were resolved with. A command may exist and yet not run (shims
# of version managers), or lack venv and ensurepip (Debian without python3-venv).
$(DONE)/environment:
	@echo "==> Environment in $(VENV): about 10 s"
	@for python in $(or $(PYTHON),python3.11 python3.12 python3.13 python3); do \
	    "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	        > /dev/null 2>&1 || continue; \
	    "$$python" -m venv --clear $(VENV) && break; \
	done; \
	[ -x $(PY) ] || { echo "No Python 3.11 or later with venv and ensurepip was found$(if $(PYTHON), at $(PYTHON))." >&2; \
	    echo "On Debian and Ubuntu: apt install python3-venv; or name one: make PYTHON=..." >&2; exit 3; }
	@$(call quietly,environment,$(PIP) install -c constraints.txt -U pip)
	@mkdir -p $(DONE); touch $@

# Before the other packages, or pip would compile it with flags that crash on some processors.
# It says itself what it does; a fifth of a second where the right one is there.
llama: | $(DONE)/environment
	@$(PY) -m rag.llama_build

$(DONE)/dependencies: pyproject.toml constraints.txt | llama
	@echo "==> Packages: about 90 s"
	@mkdir -p $(LOGS); { $(torch) ; } > $(LOGS)/torch.log 2>&1 || \
	    echo "    PyTorch's index cannot be reached: what pip finds is taken, perhaps gigabytes."
	@$(call quietly,packages,$(PIP) install -c constraints.txt --group dev -e '.[$(EXTRAS)]')
	@touch $@

# A build without CUDA: where pip's own index has none, from PyTorch's; any build rather than none.
torch = [ "$$(uname)" != Linux ] \
	|| $(PIP) install --dry-run --no-deps -c constraints.txt torch | grep -E 'torch-[^ ]*[+]cpu|satisfied' \
	|| $(PIP) install --retries 1 --timeout 10 --no-deps -c constraints.txt -i $(TORCH_INDEX) torch

models: $(DONE)/dependencies
	@echo "==> Weights of the two default models: 1.2 GB the first time, from 15 s to minutes"
	@$(RAG) models fetch

test-model: $(DONE)/dependencies
	@echo "==> Weights of the small model for tests: 98 MB the first time"
	@$(RAG) models fetch smollm2-135m

$(LOGS)/indexed: $(wildcard seeds/*.md) $(if $(wildcard $(LIBRARY)),,FORCE) | setup
	@echo "==> Index of the articles in seeds: about 15 s"
	@$(RAG) index --library $(LIBRARY) seeds
	@mkdir -p $(LOGS); touch $@

# Without a browser its tests are skipped, each with this reason; in CI that would be a gap.
chromium:
	@command -v chromium > /dev/null || { \
	    echo "==> No chromium: the tests of the page cannot run. On Debian: apt install chromium" >&2; \
	    [ "$$CI" != true ]; }

FORCE:
