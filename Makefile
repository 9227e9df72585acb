# Everything a person does here. `make help` writes itself from the ## comments.
#
# A step that takes long leaves a stamp behind; while what it was made from is older than its stamp,
# it costs nothing. So the second `make run` asks neither pip nor npm.

VENV := .venv
PYTHON := $(VENV)/bin/python
ASSETS := src/lachan/web/assets
STATIC := src/lachan/web/static
STEP := tools/setup/step

PORT ?= 8000
BENCH ?=
SMALL ?=
WORKERS ?= 2

VENV_STAMP := $(VENV)/.made
PACKAGES_STAMP := $(VENV)/.installed
NODE_STAMP := $(ASSETS)/node_modules/.installed
WEB_STAMP := $(STATIC)/.built

ASSET_SOURCES := $(shell find $(ASSETS) -name node_modules -prune -o -type f -print 2>/dev/null)
FONT_SOURCES := $(shell find tools/fonts -type f -name '*.py' 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## List what there is to do
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: setup ## Start everything and keep it running until Ctrl-C (PORT=8000)
	@$(VENV)/bin/lachan run --port $(PORT)

.PHONY: setup
setup: $(PACKAGES_STAMP) $(WEB_STAMP) ## Install what is needed and build the pages' files

.PHONY: test
test: setup ## Run every test, in a real browser where it needs one (WORKERS=2)
	@chromium=$$(tools/setup/chromium) && \
	LACHAN_CHROMIUM="$$chromium" $(PYTHON) -m pytest -q -n $(WORKERS) --dist loadgroup $(ARGS)

.PHONY: lint
lint: setup ## Check style, types and the arrows between the folders
	@$(STEP) "ruff check" $(VENV)/bin/ruff check --quiet .
	@$(STEP) "ruff format" $(VENV)/bin/ruff format --check --quiet .
	@$(STEP) "mypy" $(VENV)/bin/mypy
	@$(STEP) "import-linter" $(VENV)/bin/lint-imports
	@$(STEP) "TypeScript" tools/setup/npm --prefix $(ASSETS) run check

.PHONY: bench
bench: setup ## Measure against the rival and write it up (BENCH=name, SMALL=1)
	@$(PYTHON) -m bench $(BENCH) $(if $(SMALL),--small)

.PHONY: lock
lock: $(VENV_STAMP) ## Pin the newest packages that fit together in constraints.txt
	@$(STEP) "Choosing versions" $(VENV)/bin/uv pip compile --quiet --upgrade --universal \
		--python-version 3.11 --all-extras --no-header --no-annotate --no-emit-index-url \
		pyproject.toml tools/setup/installer.in --output-file constraints.txt

.PHONY: clean
clean: ## Remove what make made; the data in var/ stays
	rm -rf $(VENV) $(STATIC) $(ASSETS)/node_modules dist .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV_STAMP): tools/setup/venv tools/setup/installer.in
	@tools/setup/venv $(VENV)
	@touch $@

$(PACKAGES_STAMP): $(VENV_STAMP) pyproject.toml constraints.txt tools/setup/packages
	@tools/setup/packages $(VENV)
	@touch $@

$(NODE_STAMP): $(ASSETS)/package.json $(ASSETS)/package-lock.json $(PACKAGES_STAMP)
	@$(STEP) "Installing the packages of the pages" tools/setup/npm --prefix $(ASSETS) ci \
		--no-audit --no-fund --loglevel=error
	@touch $@

$(WEB_STAMP): $(NODE_STAMP) $(ASSET_SOURCES) $(FONT_SOURCES)
	@$(STEP) "Building the files of the pages" tools/setup/npm --prefix $(ASSETS) run build
	@if [ -f tools/fonts/build.py ]; then \
		$(STEP) "Building the fonts for print" $(PYTHON) tools/fonts/build.py; fi
	@mkdir -p $(STATIC) && touch $@
