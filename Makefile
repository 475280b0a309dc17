# make demo | test | test-slow-paths | test-neo4j | lint | docs | bench | clean | help. Variables: PYTHON, TORCH_INDEX, TORCH, EXTRAS, OUT, FULL.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON      ?= python3
EXTRAS      ?= code,docs,export,serve,sign,vision,dev
OUT         ?= runs/demo
# A CPU-only torch: TORCH_INDEX is the address of a package index that serves one, or TORCH a wheel.
TORCH_INDEX ?=
TORCH       ?= torch

VENV := .venv
RUN  := $(VENV)/bin/python -m
PIP  := $(RUN) pip install --progress-bar off -c constraints.txt
# Of pip's many lines, the ones that tell how far it is.
PIP_NEWS := sed -nuE '/^ *(Downloading|Using cached) .*\(([0-9]{2,}\.[0-9] MB|[0-9.]+ GB)/p; s/^(Installing .{66}).*/\1 .../p'

# The demo without FULL=1: one setting, the arms of the headline, concepts by their texts alone.
FULL  ?=
SHORT := --set 'settings=["named"]' --set embedding.model= \
  --set 'arms=["bm25","none","baseline","kg_fixed","kg","shuffled"]'

# Test files side by side, one thread each: the same result on any number of cores.
SIDE_BY_SIDE := -n auto --maxprocesses 8 --dist loadfile
ONE_THREAD   := OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

# The tests whose outcome is computed in floats, and a processor of 2008 with one core.
NUMERICAL := $(addprefix tests/,backbones classification code conditioning edits embedding grounding images link_prediction \
  nodes retrieval training utils/test_arrays.py) $(addprefix --ignore=tests/,code/test_run.py images/template \
  images/test_explain.py images/test_predict.py)
SLOW_PATHS := ATEN_CPU_CAPABILITY=default ONEDNN_MAX_CPU_ISA=SSE41 MKL_CBWR=COMPATIBLE OPENBLAS_CORETYPE=Prescott \
  $(ONE_THREAD)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Models come with packages: nothing is fetched at run time.
export HF_HUB_OFFLINE := 1

.PHONY: help env demo test test-slow-paths test-neo4j lint docs bench clean

help:  ## this list
	@sed -nE 's/^([a-z0-9-]+):[^#]*## (.*)/  make \1 \t\2/p' $(MAKEFILE_LIST) | expand -t 26
	@echo "  PYTHON=python3.12 picks the interpreter; TORCH_INDEX=ADDRESS or TORCH=FILE.whl a CPU-only torch"

env: $(VENV)/.complete  ## the virtual environment .venv (6 GB; 2 GB with a CPU-only torch)

demo: env  ## the main job on the standard library, in 5 minutes, all arms with FULL=1: table, report in runs/demo
	$(VENV)/bin/kgtransfer train pipelines/code_search.toml --out $(OUT) --set training.adaptation=256 --set encoder.max_tokens=64 \
	  $(if $(FULL),,$(SHORT))

test: env  ## the whole test suite
	$(ONE_THREAD) $(RUN) pytest $(SIDE_BY_SIDE)

test-slow-paths: env  ## the numerical tests as on an old processor: SSE, no bfloat16, one thread
	$(SLOW_PATHS) $(RUN) pytest $(SIDE_BY_SIDE) $(NUMERICAL) -o timeout=1200

test-neo4j: env  ## the graph store's tests on a real Neo4j: one that Maven fetches, or the EMPTY $NEO4J_URI
	KGTRANSFER_ENGINES=neo4j $(RUN) pytest tests/engines -o timeout=600

lint: env docs  ## ruff, mypy --strict, import-linter, docs without a warning
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(VENV)/bin/lint-imports

docs: env  ## the documentation with an API reference, in build/site; warnings are errors
	NO_MKDOCS_2_WARNING=1 $(RUN) mkdocs build --quiet
	@echo "build/site/index.html"

bench: env  ## the figures of benchmarks/results, with all their seeds (long)
	for script in benchmarks/*.py; do $(VENV)/bin/python "$$script"; done

clean:  ## remove .venv and the tools' caches; runs/ stays
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -prune -exec rm -rf {} +

# The stamp is there only after a complete install: an interrupted one starts afresh, a change of the
# requirements installs on top.
$(VENV)/.complete: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "kgtransfer needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 | head -n 1)." >&2; \
	  echo "Name one that is: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments (on Debian: apt install python3-venv)." >&2; exit 1; }
	@if [ -e $@ ]; then rm $@; echo "Updating $(VENV)."; else \
	  rm -rf $(VENV); echo "Installing into $(VENV): about 3 minutes; 9 GB of disk with pip's cache."; \
	  $(PYTHON) -m venv $(VENV); fi
ifneq ($(TORCH_INDEX)$(filter-out torch,$(TORCH)),)
	@$(PIP) --no-deps $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH) | $(PIP_NEWS)
endif
	@$(PIP) -e '.[$(EXTRAS)]' | $(PIP_NEWS)
	@touch $@
