# Everything a contributor types. `make help` lists it.
VENV   := .venv
PYTHON ?= python3
RUN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test conformance crash-points chaos hostile stops inbox-faults lint bench bench-sirene docs lock pictures clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/installed ## the virtual environment, with every pinned dependency and flux itself

$(VENV)/installed: requirements.lock pyproject.toml scripts/setup
	scripts/setup $(PYTHON) $(VENV)
	@touch $@

demo: setup ## the main job on a real SFTP server of this machine, in under a minute
	@scripts/need sshd
	@$(RUN)/flux demo || [ $$? -eq 1 ]  # 1: some flows are bad on purpose

test: setup ## every test of the default suite, with a real OpenSSH and a real PostgreSQL
	@scripts/need sshd postgresql
	$(RUN)/python -m pytest -n 2 --dist worksteal

conformance: setup ## our rules beside the official ones on tens of thousands of documents; writes docs/conformance.md
	$(RUN)/python -m tests.official.conformance > docs/conformance.md

crash-points: setup ## SIGKILL at every crash point of every process, a restart, and an independent checker
	@scripts/need sshd
	$(RUN)/python -m tests.faults.crash_points

N ?= 1000
chaos: setup ## N random trials of flows and kills (make chaos N=10000); each is repeatable by its number
	@scripts/need sshd
	$(RUN)/python -m tests.faults.chaos --runs $(N)

hostile: setup ## every class of hostile file through a gateway, flux check and a browser; writes docs/hostile.md
	@scripts/need chromium
	$(RUN)/python -m tests.faults.hostile > docs/hostile.md

stops: setup ## SIGTERM in every situation that could hold it up, a restart, and the independent checker
	@scripts/need sshd postgresql
	$(RUN)/python -m tests.faults.stops

inbox-faults: setup ## the inbox under fire: a burst of 20,000 files, pausing writers, two gateways, lost events
	@scripts/need postgresql
	$(RUN)/python -m tests.faults.inbox

lint: setup ## ruff, its formatter, and mypy in strict mode
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy

bench: setup ## drop to report and forward written, against bare lxml; writes var/bench.json
	$(RUN)/python -m benchmarks

bench-sirene: setup ## SIRENE's whole stock, made up: import, memory, size, look-up
	$(RUN)/python -m benchmarks.sirene

docs: setup ## print again the pages that are generated from the code
	$(RUN)/flux codes --markdown --lang en > docs/codes.md

lock: setup ## pin every dependency again, with hashes
	$(RUN)/uv pip compile pyproject.toml --universal --python-version 3.11 --extra postgresql --group dev \
	  --generate-hashes --no-header --no-annotate --output-file requirements.lock

pictures: setup ## take the pictures of the README again; needs chromium
	$(RUN)/python scripts/pictures

clean: ## the virtual environment and every cache
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
