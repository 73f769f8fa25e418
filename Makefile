# Everything a contributor types. `make help` lists it.
VENV   := .venv
PYTHON ?= python3
RUN    := $(VENV)/bin
TOOLS  := .venv-release

.DEFAULT_GOAL := help
.PHONY: help setup demo test conformance crash-points chaos hostile stops inbox-faults sftp-accounts sftp-servers audit sbom dist dist-check service-check postgres-kills power-cuts storage-faults simulation fuzz lint bench bench-sirene bench-keeping docs lock pictures clean

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
	@scripts/need sshd postgresql gcc
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

sftp-accounts: setup ## partners' accounts on a real sshd, made by `flux sftp`, and what they cannot do; needs root
	@scripts/need sshd
	$(RUN)/python -m tests.faults.accounts

sftp-servers: setup ## real OpenSSH and ProFTPD: links that break anywhere, killed sessions, a slow reader
	@scripts/need sshd proftpd
	$(RUN)/python -m tests.faults.sftp_servers

postgres-kills: setup ## PostgreSQL killed 100 times under a gateway at work, and the independent checker
	@scripts/need postgresql
	$(RUN)/python -m tests.faults.postgres_kills

power-cuts: setup ## a power cut after any change of the disk, 1,000 times, and what survives started again; needs gcc
	@scripts/need gcc
	$(RUN)/python -m tests.faults.power_cuts

storage-faults: setup ## full, failing and read-only disks under a gateway at work; needs gcc
	@scripts/need gcc
	$(RUN)/python -m tests.faults.storage
	$(RUN)/python -m tests.faults.storage_moments

simulation: setup ## 10,000 runs of the ledger's state machine under chance, each repeatable by its seed
	$(RUN)/python -m tests.faults.simulation --runs 10000

fuzz: setup ## an hour of changed inputs for every reader; what fails is kept in var/fuzz
	$(RUN)/python -m tests.faults.fuzz --seconds 3600

lint: setup ## ruff, its formatter, and mypy in strict mode
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy

bench: setup ## drop to report and forward written, against bare lxml; writes var/bench.json
	$(RUN)/python -m benchmarks

bench-sirene: setup ## SIRENE's whole stock, made up: import, memory, size, look-up
	$(RUN)/python -m benchmarks.sirene

bench-keeping: setup ## backup, verify and restore of an installation with 2,000 flows
	$(RUN)/python -m benchmarks.keeping

docs: setup ## print again the pages that are generated from the code
	$(RUN)/flux codes --markdown --lang en > docs/codes.md

lock: setup ## pin every dependency again, with hashes
	$(RUN)/uv pip compile pyproject.toml --universal --python-version 3.11 --extra postgresql --group dev \
	  --generate-hashes --no-header --no-annotate --output-file requirements.lock
	$(RUN)/uv pip compile --group pyproject.toml:release --universal --python-version 3.11 --constraint requirements.lock \
	  --generate-hashes --no-header --no-annotate --output-file release.lock

$(TOOLS)/installed: release.lock
	[ -x $(TOOLS)/bin/python ] || $(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r release.lock
	@touch $@

audit: $(TOOLS)/installed ## ask the database of vulnerabilities about every pinned package; fails where it cannot be asked
	$(TOOLS)/bin/python -m scripts.audit requirements.lock release.lock

sbom: setup $(TOOLS)/installed ## the bill of materials of what flux runs on: build/sbom/flux-gateway.cdx.json
	$(TOOLS)/bin/python -m scripts.sbom $(RUN)/python requirements.lock build/sbom/flux-gateway.cdx.json

dist: setup $(TOOLS)/installed ## wheel, sdist, bill of materials and their sums, in dist/; the same commit gives the same bytes
	scripts/dist $(RUN)/python $(TOOLS)/bin/python

dist-check: setup $(TOOLS)/installed ## `make dist` of the last commit in two places: the same bytes, and a bill that is right
	$(RUN)/python -m tests.faults.distribution

service-check: setup ## the systemd unit by systemd's own tools, and the gateway as nobody; needs systemd-analyze and root
	$(RUN)/python -m tests.faults.service

pictures: setup ## take the pictures of the README again; needs chromium
	$(RUN)/python scripts/pictures

clean: ## the virtual environment and every cache
	rm -rf $(VENV) $(TOOLS) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
