# Every target only delegates: to Nx (one task per project) or to a program in tools/.
# `make` alone lists the targets.

# npm installs the Node that this repository runs on; programs outside npm must find it first.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# No background process, no telemetry, no terminal drawing: the same output everywhere.
export NX_DAEMON := false
export NX_TUI := false

# With NX_BASE set, only what has changed since then.
NX := nx $(if $(NX_BASE),affected,run-many) --output-style=static
# Of every service, whatever has changed: nx affected knows no --projects.
CONTRACT := nx run-many --output-style=static -t test --projects=tag:type:app
RUN := node --conditions=@gantry/source
TEST := $(RUN) tools/ci/src/test.ts
STAMP := node_modules/.gantry-installed
PROJECTS := apps/* libs/* tools/* examples/*

.DEFAULT_GOAL := help
.PHONY: help install build format format-check lint typecheck check test test-integration test-contract test-e2e \
        serve token import-catalogue reset clean chaos \
        security-scan sbom affected docs docs-check conformance \
        test-security bench bench-docs chaos-docs \
        container chart charts deploy packages dashboards test-generators test-container

##@ Start here

serve: install ## Run everything on this machine: Postgres, authorization server, services, demo data
	@$(RUN) tools/dev/src/main.ts serve

test: install ## Lint, types, unit and integration tests, and a list of what was not covered
	@$(TEST) lint typecheck test

help: ## List the targets
	@awk -f $(CURDIR)/tools/ci/help.awk $(MAKEFILE_LIST)

##@ With the stack running

token: ## Print a token for a service of the running stack (SERVICE=records, CLIENT=…)
	@$(RUN) tools/dev/src/main.ts token $(or $(SERVICE),records) $(CLIENT)

import-catalogue: ## Import products or customers into orders (FILE=shop.csv KIND=products)
	@$(RUN) tools/dev/src/main.ts import-catalogue '$(KIND)' '$(FILE)'

reset: ## Remove all data, keys and logs of the stack (it must not be running)
	@$(RUN) tools/dev/src/main.ts reset

##@ Parts of `make test`

lint: install ## Static checks, layer boundaries included
	@$(NX) -t lint

typecheck: install ## Compile sources and tests
	@tsc --build $(wildcard $(PROJECTS:%=%/tsconfig.json))

test-integration: install ## Tests that need Postgres or a network
	@$(TEST) test -- '/test/[^/]+\.spec\.ts$$' --no-coverage --passWithNoTests

test-contract: install ## What the services promise, against the code, their past (BASE=…) and docs/reference
	@$(CONTRACT) -- 'contract\.spec\.ts$$' --no-coverage
	@$(RUN) tools/contract/src/main.ts diff --base '$(BASE)'
	@$(RUN) tools/contract/src/main.ts docs --check

##@ Beyond it

test-e2e: install ## The running stack, from `make serve` to Ctrl-C
	@$(TEST) test-e2e

test-container: install ## Build the images and run them as a cluster would
	@$(TEST) test-container

test-generators: install ## Generate a service, a tool and a library into a copy of the repository, and check all of it there
	@$(TEST) test-generators

conformance: install ## The official conformance suite, and our own of authorization (SUITES='fixture tasks services auth')
	@$(RUN) --import @gantry/testing/typescript tools/conformance/src/main.ts $(SUITES:%=--suite %)

chaos: install ## Kill and hinder the services under load; nothing may be lost or doubled (ORDERS=300 FAULTS='kill clock')
	@$(RUN) --import @gantry/testing/typescript tools/chaos/src/main.ts --orders $(or $(ORDERS),300) $(FAULTS:%=--fault %)

test-security: install ## Send the services what an attacker would (INPUTS=100000 SERVICES='records' SEED=1 TURN_MS=100)
	@$(RUN) --import @gantry/testing/typescript tools/hostile-input/src/main.ts --inputs $(or $(INPUTS),100000) $(SERVICES:%=--service %) $(SEED:%=--seed %) $(TURN_MS:%=--max-turn %)

bench: install ## Measure Gantry beside its peers: half an hour (PARTS=trivial,startup QUICK=1)
	@$(RUN) tools/bench/src/main.ts $(if $(QUICK),--quick) $(if $(PARTS),--only $(PARTS))

bench-docs: install ## Write the figures of the last `make bench` into docs/benchmarks.md
	@$(RUN) tools/bench/src/main.ts --write-docs

chaos-docs: install ## Write the figures of the last `make chaos` into docs/reliability.md
	@$(RUN) --import @gantry/testing/typescript tools/chaos/src/main.ts --write-docs

check: format-check docs-check test test-e2e ## All that a change must pass

build: install ## Compile every library, service and tool
	@tsc --build $(wildcard $(PROJECTS:%=%/tsconfig.lib.json))

format: install ## Rewrite all files in the one format
	@prettier --write --log-level warn .

format-check: install ## Fail if a file is in another format
	@prettier --check --log-level warn .

##@ Deploying

container: install ## Build the images of the services (SERVICE=records for one)
	@$(if $(SERVICE),nx run $(SERVICE):container --output-style=static,$(NX) -t container)

chart: install ## Lint the Helm charts and pack them into dist/charts
	@$(NX) -t chart

dashboards: install ## Make Grafana dashboards and alert rules from their templates
	@$(RUN) tools/dashboards/src/main.ts

charts: install ## Make again what follows in the charts from settings, values and alert rules
	@$(RUN) --import @gantry/testing/typescript tools/charts/src/main.ts write

deploy: install ## Install or upgrade a service in kubectl's current context (SERVICE=records VALUES=my.yaml NAMESPACE=…)
	@$(RUN) tools/charts/src/main.ts deploy '$(SERVICE)' '$(VALUES)' '$(NAMESPACE)'

packages: build ## A tarball of each library, in dist/packages
	@$(RUN) tools/packages/src/main.ts dist/packages

##@ Documentation

docs: install ## Make what the services promise now the snapshot, and write docs/reference
	@UPDATE_CONTRACT=1 $(CONTRACT) --skip-nx-cache -- 'contract\.spec\.ts$$' --no-coverage
	@$(RUN) tools/contract/src/main.ts docs

docs-check: install ## Fail if docs/reference is not what contract/ says
	@$(RUN) tools/contract/src/main.ts docs --check

##@ Supply chain

security-scan: install ## Secrets, licences, pinned versions, vulnerabilities; says what could not be checked
	@$(RUN) tools/security/src/main.ts scan

sbom: install ## The bill of materials of everything that is installed (dist/sbom)
	@$(RUN) tools/security/src/main.ts sbom

affected: install ## What a change affects, with its images and charts, as JSON (NX_BASE=main)
	@$(RUN) tools/ci/src/affected.ts

##@ The checkout

install: $(STAMP) ## Install dependencies, if package-lock.json changed since

$(STAMP): package-lock.json
	@tools/ci/check-node.sh 20 'to install itself'
	@# Not its warnings: they are about the Node outside, and npm brings another.
	npm ci --loglevel=error
	@tools/ci/check-node.sh 22.22 'to run on this platform'
	@touch $@

clean: ## Remove what was built and cached; node_modules and .gantry stay
	@rm -rf .nx/cache .nx/workspace-data dist $(PROJECTS:%=%/dist) $(PROJECTS:%=%/coverage)
