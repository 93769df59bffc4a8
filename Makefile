PYTHON ?= python3
TOOL = @$(PYTHON) -m infrastructure.tool
.DEFAULT_GOAL := help
.PHONY: help run test unit front conformance fuzz faults dev fmt lint audit api-types settings-table bench bench-detection clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

run: ## fetch what is missing, build, serve at http://127.0.0.1:8000 (PORT=, HOST=)
	@$(PYTHON) -m infrastructure.run

test: ## everything that must hold; STAGE="ruff pytest" runs some of it, SERVICES=containers takes servers from images
	@$(if $(SERVICES),TEST_SERVICES=$(SERVICES)) $(PYTHON) -m infrastructure.check $(STAGE)

unit: ## fast lane, Python: ruff, import-linter, unit tests
	@$(PYTHON) -m infrastructure.check unit

front: ## fast lane, page: Biome, tsc, vitest
	@$(PYTHON) -m infrastructure.check front

conformance: ## the API against its OpenAPI document: CASES=20000 requests that schemathesis makes
	$(TOOL) python -m tests.support.conformance $(or $(CASES),20000)

fuzz: ## the reader on files that Hypothesis makes: CASES=20000 of them, each as a preview and whole
	$(TOOL) python -m tests.support.reader_fuzz $(or $(CASES),20000)

faults: ## users at work while processes and stores are killed, stopped and hung, then an audit: N=200 faults, SEED=1
	$(TOOL) python -m tests.faults $(or $(N),200) --seed $(or $(SEED),1)

lint: ## ruff, mypy, import-linter, Biome
	@$(PYTHON) -m infrastructure.check ruff mypy import-linter Biome

audit: ## known weaknesses of the packages in the lock files (asks the registries)
	$(TOOL) python -m infrastructure.audit

dev: ## the page at http://127.0.0.1:5173 and the API behind it; both follow the files you change
	$(TOOL) sh -c 'trap "kill 0" EXIT; npm --prefix frontend run dev & watchfiles --filter python "driftline serve" domain adapters entrypoints'

fmt: ## format, and repair what can be repaired
	$(TOOL) ruff check --fix
	$(TOOL) ruff format
	$(TOOL) npm --prefix frontend run format

api-types: ## write frontend/src/api/openapi.json and schema.d.ts from the API
	@$(PYTHON) -m infrastructure.api_types

settings-table: ## write the README's table of settings from the code
	$(TOOL) python -m infrastructure.settings_table

bench: ## speed and memory against named floors and peers, measured here and now (wants wrk, of the same package)
	$(TOOL) python -m benchmarks.file_to_analysis
	$(TOOL) python -m benchmarks.upload_memory
	$(TOOL) python -m benchmarks.mongo
	$(TOOL) python -m benchmarks.shared_cache
	$(TOOL) python -m benchmarks.cached_read
	$(TOOL) python -m benchmarks.cached_read --profile cloud
	$(TOOL) python -m benchmarks.cached_read --profile cloud --without-copy
	$(TOOL) python -m benchmarks.cloud_work
	$(TOOL) python -m benchmarks.report_pdf
	$(TOOL) python -m benchmarks.first_chart

bench-detection: ## quality of the detector, on series whose anomalies are known (wants ../shared/bench)
	$(TOOL) python -m benchmarks.detection

clean: ## remove all that was fetched or built (your data stay)
	rm -rf .tools .venv frontend/node_modules frontend/tools/openapi/node_modules frontend/dist frontend/.build-stamp test-results
