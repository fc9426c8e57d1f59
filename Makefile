# `make help` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help run dev console check test openapi e2e bench soak deny requirements

CARGO_TARGET_DIR ?= target
POSTGRES := backend/tests/support/postgres.sh run

help: ## this list
	@grep -E '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## (.*)/  make \1\t\2/' | expand -t 16

requirements:
	@.ci/requirements

# The profile of the tests: what one has built, the other need not build again.
run: requirements console ## build and start Duplex; prints its address and the setup code
	@cargo build --package duplex --bin duplex
	@exec $(CARGO_TARGET_DIR)/debug/duplex serve $(ARGS)

dev: requirements console ## the same, with our own debug lines in the log
	@echo "The console that reloads while it is worked on: cd frontend && npm run dev"
	@cargo build --package duplex --bin duplex
	@exec env DUPLEX_LOG=$${DUPLEX_LOG:-info,duplex=debug} $(CARGO_TARGET_DIR)/debug/duplex serve $(ARGS)

console: requirements ## build the console into frontend/dist, if anything it is made of has changed
	@.ci/console

check: requirements ## formatting, lints, types, the API description, both schemas, who imports whom
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	$(POSTGRES) cargo test --quiet --package duplex --test structure
	@.ci/packages frontend
	@.ci/packages e2e
	cd frontend && node_modules/.bin/biome ci
	cd frontend && npm run --silent types
	cd frontend && npm run --silent api -- --check
	cd e2e && ../frontend/node_modules/.bin/biome ci
	cd e2e && npm run --silent types

test: requirements ## every test, on both databases, and in the browser; ends with a line that counts
	@.ci/test

openapi: requirements ## write openapi/openapi.json anew from the program, and the console's types from it
	@.ci/packages frontend
	@cargo build --quiet --package duplex --bin duplex
	@made=$$(mktemp) && $(CARGO_TARGET_DIR)/debug/duplex openapi > "$$made" && cat "$$made" > openapi/openapi.json; \
		status=$$?; rm -f "$$made"; exit $$status
	@cd frontend && npm run --silent api

e2e: requirements console ## the browser tests alone, against the real program; ARGS are Playwright's
	@cargo build --quiet --package duplex --bin duplex
	@$(POSTGRES) .ci/journeys $(ARGS)

bench: requirements console ## load figures of an optimised build on both databases, each beside a bare reference
	@DURABLE=on $(POSTGRES) cargo bench --package duplex --bench gateway

# One set-up after the other: each has the machine to itself.
soak: requirements ## never twice, never lost, in large: 100,000 messages and 100 kills on each of three set-ups (SOAK_MESSAGES, SOAK_KILLS, SOAK_SEED)
	@export SOAK_MESSAGES=$${SOAK_MESSAGES:-100000} SOAK_KILLS=$${SOAK_KILLS:-100}; \
		$(POSTGRES) cargo test --package duplex --test soak -- --nocapture --test-threads=1

deny: ## licences, sources and banned crates
	@command -v cargo-deny >/dev/null 2>&1 || { echo "missing: cargo-deny (cargo install --locked cargo-deny)" >&2; exit 1; }
	cargo deny check bans licenses sources
