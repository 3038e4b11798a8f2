# Siyu's commands. A machine needs python3 (3.11 or later) with pip, make and git; the rest is fetched into .uv and .venv.

PYTHON ?= python3
TEST_WORKERS ?= 2
# Arguments for pytest, e.g. `make test TESTS=tests/core/ops`.
TESTS ?= tests
# Sizes of `make bench-attribution`.
TOUCHES ?= 1000000,10000000

UV := .uv/bin/uv
BIN := .venv/bin
SYNC := $(UV) sync --quiet --frozen --inexact --python $(PYTHON)

# Never fetch a Python: the machine's own is used. pip's advice about itself is not for us.
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
unexport VIRTUAL_ENV
# Compiled modules are kept: without them every start compiles anew, and takes five times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help up test check lint format bench bench-attribution check-data sdks settings-doc hooks-doc clean

help: ## List these commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

up: .venv/.run ## Start everything, with the demo; Ctrl-C stops it
	@exec $(BIN)/siyu up

test: .venv/.dev ## Run the whole suite, on SQLite and PostgreSQL and a real Redis
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadfile -m "not sample_data" $(TESTS)

check: lint ## Lint, types, contracts, and the quick tests
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadfile -q \
		-m "not slow and not postgres and not browser and not server and not chaos and not sample_data" $(TESTS)

lint: .venv/.dev ## Lint, formatting, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: .venv/.dev ## Format the code and fix what can be fixed
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

bench: .venv/.dev ## Run the benchmarks, one after the other
	@for file in $$(grep -rl __main__ benchmarks --include='*.py' | sort); do \
		module=$$(echo "$${file%.py}" | tr / .); echo "== $$module"; $(BIN)/python -m $$module || exit 1; done

bench-attribution: .venv/.dev ## Attribution beside DuckDB and other packages, e.g. TOUCHES=100000000
	$(BIN)/python -m benchmarks.attribution --touches $(TOUCHES)

check-data: .venv/.dev ## Check against outside sample files in SIYU_SAMPLE_DATA
	@test -d "$(SIYU_SAMPLE_DATA)" || { echo "Set SIYU_SAMPLE_DATA to the folder of the sample files."; exit 1; }
	SIYU_SAMPLE_DATA="$(abspath $(SIYU_SAMPLE_DATA))" $(BIN)/python -m pytest -m sample_data tests

sdks: ## Fetch the vendors' own libraries for Node, which tests show our signatures to
	cd tests/sdks && npm ci --ignore-scripts --no-audit --no-fund

settings-doc: .venv/.dev ## Write docs/settings.md anew from core/settings.py
	$(BIN)/python -m core.ops.settings_doc docs/settings.md

hooks-doc: .venv/.dev ## Write docs/hooks.md anew from core/sdk
	$(BIN)/python -m core.plugin_kit.hooks_doc docs/hooks.md

clean: ## Remove the environment and what was built; var/ (your data) stays
	rm -rf .venv .uv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Siyu needs Python 3.11 or later; name one: make PYTHON=python3.12 up")'
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { echo "pip is missing: install python3-pip, or see https://pip.pypa.io"; exit 1; }
	@echo "Fetching uv ..."
	@$(PYTHON) -m pip install --quiet --upgrade --target .uv uv

# Two stamps: what Siyu runs on, and what its tests and checks need besides.
.venv/.run: uv.lock pyproject.toml setup.cfg $(UV)
	@echo "Preparing the environment ..."
	@$(SYNC) --no-dev && touch $@

.venv/.dev: uv.lock pyproject.toml setup.cfg $(UV)
	@echo "Preparing the environment of the tests ..."
	@$(SYNC) && touch $@ .venv/.run
