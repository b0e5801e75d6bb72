# Everything uses cargo's dev profile (see Cargo.toml), so that what one target builds the next one finds built.
.DEFAULT_GOAL := help
export CARGO_TERM_COLOR ?= auto
BRIEF ?= $(firstword $(sort $(wildcard examples/briefs/*.yaml examples/briefs/*.json)))

.PHONY: help run test bench soak lint audit generate deploy check-arm64 setup voice

help: ## Show this help
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup voice ## Build, and make the first example brief into out/<run>/final.mp4 (BRIEF=... for another)
	cargo run --quiet --bin reelwright -- make $(BRIEF)

# Property tests draw the same cases every time here, so that a red run has its cause in the change; `make soak` draws new ones.
test: export PROPTEST_RNG_SEED = 20261123
test: setup voice ## Run all tests
	scripts/test-tools.sh
	cargo test --workspace

bench: setup voice ## Print the benchmarks' table (ARGS=--write keeps it in docs/benchmarks.md)
	cargo build --quiet --workspace --bins --examples
	scripts/bench.py $(ARGS)

soak: setup voice ## Run the long suites: twenty kills, 20,000 webhooks, property tests on cases never drawn before, and the voice's word error rate
	scripts/test-tools.sh
	cargo test --workspace --exclude tests
	cargo test --workspace --test it --test hooks --test experiments -- --ignored --nocapture --test-threads=1
	scripts/speech/wer.sh

lint: setup ## Check format, lints, licences and generated files
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	scripts/generate.sh --check

audit: ## Check licences, sources and duplicate crates with cargo-deny
	scripts/audit.sh

generate: setup ## Write the generated files: the schema of briefs, the API's document, the state machines
	scripts/generate.sh

# The installed tools come first in the search path, so that what is deployed was built by the versions that the suite proves.
deploy: setup ## Build for Lambda, and put the system into your AWS account (ARGS=--guided the first time; infra/README.md)
	scripts/cloud-tools.sh
	cd infra && export PATH="$(CURDIR)/target/cloud-tools/venv/bin:$$PATH" && sam build && sam deploy $(ARGS)

check-arm64: ## Build one function as Lambda gets it, and check the program that comes out (slow the first time)
	scripts/check-arm64.sh

setup: # nasm, without which H.264 encoding takes more than twice as long
	@scripts/setup.sh

voice:
	@scripts/fetch-voice.sh
