# Every developer command; `make help` lists them. Needed beforehand: Python 3.11 or newer and a
# package index. Everything is installed into .venv (peers into .venv-bench, pywb into .venv-replay), nothing outside them.
#
# All paths are relative, so the checkout may lie in a folder with spaces. GNU make 3.81 will do.

PYTHON ?= python3
PORT ?= 8001
PYTEST ?= -n auto --dist loadfile --no-loadscope-reorder

READY = @"$(PYTHON)" scripts/bootstrap.py
VENV_PYTHON = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo test test-long test-replay lint bench bench-reading bench-crawl bench-capture bench-reparse bench-search messages docs clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

demo: ## Crawl the bundled demo portals and serve the archive (PORT=8001)
	$(READY)
	@$(VENV_PYTHON) -m halong_crawler.cli demo --port $(PORT)

test: lint ## Check style, types and doors between rooms, then run every test
	$(READY) test
	@$(VENV_PYTHON) -m pytest $(PYTEST)

test-long: ## The tests of size and endurance at their full size: 100,000 pages, 5,000 articles
	$(READY) test
	@HALONG_LONG=1 $(VENV_PYTHON) -m pytest -n 0 -s tests/crawl/test_memory.py tests/crawl/test_many_again.py

test-replay: ## The tests with pywb, in an environment of its own
	@"$(PYTHON)" scripts/bootstrap.py --into .venv-replay test replay
	@.venv-replay/bin/python -m pytest -n 0 tests/site/test_replay.py tests/site/test_id_replay.py tests/crawl/test_wire.py \
	  tests/crawl/test_web_archive_pywb.py tests/archive/test_warc.py tests/archive/test_package_replay.py

lint: ## Only the checks: ruff, mypy, import-linter
	$(READY) test
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m mypy
	@$(VENV_PYTHON) -c 'from importlinter.cli import lint_imports_command as lint; lint()'

bench: ## Measure against floors, in pairs
	$(READY)
	@$(VENV_PYTHON) -m bench.reading cost

bench-reading: ## Measure how well articles are read against the peers (HALONG_BENCH_SETS=FOLDER)
	@"$(PYTHON)" scripts/bootstrap.py --into .venv-bench bench
	@.venv-bench/bin/python -m bench.reading run --docs

bench-crawl: ## Measure a crawl's CPU time beside plain Scrapy on the same server, and where it goes
	$(READY)
	@$(VENV_PYTHON) -m bench.crawling

bench-capture: ## Measure what evidence costs a crawl: CPU time, bytes, and what a second crawl adds
	$(READY)
	@$(VENV_PYTHON) -m bench.crawling.capture

bench-reparse: ## Measure pages a CPU second of halong reparse beside trafilatura and reading alone
	$(READY)
	@"$(PYTHON)" scripts/bootstrap.py --into .venv-bench bench
	@$(VENV_PYTHON) -m bench.reparsing

bench-search: ## Measure search, article and home over 200,000 and 1,000,000 made-up articles (17 GB in TMPDIR)
	$(READY) test
	@$(VENV_PYTHON) -m bench.searching

messages: ## Bring the site's translations up to date with its words
	$(READY) test
	@PYTHONPATH=. $(VENV_PYTHON) scripts/messages.py

docs: ## Write the generated pages anew and build the documentation into site/
	$(READY) docs
	@$(VENV_PYTHON) scripts/gen_docs.py
	@$(VENV_PYTHON) -m mkdocs build --strict --quiet
	@echo "The documentation is in site/index.html"

clean: ## Remove what these commands made; never an archive of yours
	rm -rf .venv .venv-bench .venv-replay .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf site dist build demo-archive .make-lock
	find archive halong_crawler tests scripts bench -name __pycache__ -prune -exec rm -rf {} +
