# Everything a developer needs; each target sets up what it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := $(VENV)-bench
ARGS ?=
# Test processes: most of a test's time is waiting for real clocks, and six fill two cores.
WORKERS ?= 6
# What pytest has compiled is kept, or each of the processes compiles every test anew in every run.
unexport PYTHONDONTWRITEBYTECODE
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

.PHONY: help demo test check proof bench screenshots lock format clean

help: ## Show what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 10

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Countersign needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Setting up what the tests need (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.runtime ## Try it with no account, in a browser; make demo ARGS="--tour" prints three purchases
	@$(BIN)/countersign demo $(ARGS)

test: $(VENV)/.dev ## Run the test suite; make test ARGS="-k doubt" passes arguments on
	@$(BIN)/pytest -n $(WORKERS) $(ARGS)

check: $(VENV)/.dev ## Format, lint, types, imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

proof: $(VENV)/.dev ## The long tables: every crash point, 200,000 command strings
	COUNTERSIGN_WRITE_DOCS=1 $(BIN)/pytest --proof --timeout 3600 -n $(WORKERS) $(ARGS)

screenshots: $(VENV)/.dev ## Take the pictures of docs/images anew; needs Chromium
	@$(BIN)/python -m tests.page.screenshots

# What the tests need beside it would be loaded, and measured, too: sqlite-utils loads NumPy where it is.
$(BENCH)/.runtime: requirements.lock pyproject.toml
	@echo "Setting up $(BENCH) (once) ..."
	@$(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

bench: $(BENCH)/.runtime ## How fast it is, against bare Bolt and a tutorial bot; make bench ARGS="--only reading"
	@$(BENCH)/bin/python -m benchmarks $(ARGS)

format: $(VENV)/.dev ## Put the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.dev ## Resolve the dependencies anew into hashed lock files that name no host
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) pyproject.toml --extra build --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra build --extra charts --constraint requirements.lock --output-file requirements-charts.lock
	$(COMPILE) pyproject.toml --extra build --extra charts --extra dev --constraint requirements-charts.lock --output-file requirements-dev.lock

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) $(BENCH) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
