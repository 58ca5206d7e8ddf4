# Two commands do all set-up on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PORT LAN SIMULATED
# Two workers; who is done takes from the other, so that a long test at the end keeps nobody waiting.
BOTH := -n 2 --dist worksteal -q
# A test that fails is tried again, twice at most; each failure is told by name (docs/decisions/0015).
SECOND := --reruns 2 --reruns-delay 2 -rR
.PHONY: audit centre desk search live phone faults flood scale run setup upgrade tools semantic test test-all check services services-stop bench simulate pictures messages lock

run:      ## install, migrate, library, demo; serves http://localhost:8000 (PORT=, LAN=1 for https, SIMULATED=1 with a telephone network)
	@PROFILE=$${PROFILE:-demo} $(PYTHON) .ci/begin.py run

centre:   ## a real, empty centre: no demo, no passwords; prints the link of its first administrator
	@PROFILE=centre DATA_DIR=$${DATA_DIR:-data/centre} $(PYTHON) .ci/begin.py run

setup:    ## all of run except the demo and serving
	@$(PYTHON) .ci/begin.py setup

upgrade:  ## after new code is in place: what it needs, a proved backup, migrations, library, index; then restart the services
	@PROFILE=$${PROFILE:-centre} $(PYTHON) .ci/begin.py upgrade

tools:    ## what tests and checks need
	@$(PYTHON) .ci/begin.py tools

semantic: setup ## the extra that also finds by meaning (x86-64 with AVX2, 90 MB)
	@$(PYTHON) .ci/begin.py semantic

test: tools ## SQLite and browser, at most 6 minutes on 2 cores once installed
	$(BIN)/pytest $(BOTH) $(SECOND) -m "not full and not long and not semantic" --ignore=tests/browser
	DJANGO_ALLOW_ASYNC_UNSAFE=1 $(BIN)/pytest $(BOTH) $(SECOND) tests/browser -m "not full" -p no:randomly

test-all: tools services ## the rest: PostgreSQL, full axe and picture walks, faults
	DATABASE_URL_TEST=$$(.ci/services url) $(BIN)/pytest $(BOTH) $(SECOND) -m "not full and not semantic" --ignore=tests/browser
	$(BIN)/pytest $(BOTH) $(SECOND) -m full --ignore=tests/browser -p no:randomly
	DJANGO_ALLOW_ASYNC_UNSAFE=1 $(BIN)/pytest $(BOTH) $(SECOND) tests/browser -m full -p no:randomly
	$(MAKE) semantic
	$(BIN)/pytest -m semantic -q
	@.ci/services stop

check: tools ## format, lint, types, contracts, templates, missing migrations and messages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy config helpdesk knowledge telephony
	$(BIN)/djlint --lint --quiet config helpdesk knowledge telephony
	DATA_DIR=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python .ci/messages.py

services: ## private PostgreSQL, Redis and Elasticsearch for the full suite, where they do not answer yet
	@.ci/services start

services-stop:
	@.ci/services stop

bench: tools ## make bench [desk|search|live|phone|faults|flood|scale] [ENGINE=elastic, of search, after make services] [SIZE=small|full, of phone] [FORM=one|several, WRITES=, of faults and flood] [TICKETS=, of scale]
	ENGINE=$(ENGINE) SIZE=$(SIZE) $(BIN)/python -m tests.bench $(PART)

# `make bench search` names a part as `PART=search` does.
PART ?= $(filter desk search live phone faults flood scale,$(MAKECMDGOALS))
desk search live phone faults flood scale: bench
	@:

simulate: setup ## a day beside `make run SIMULATED=1`: make simulate [MINUTES=10] [CALLS=] [ADVISORS=5] [SEED=1] [BASE=http://127.0.0.1:8000]
	@PROFILE=$${PROFILE:-demo} SIMULATED=1 $(BIN)/python manage.py simulate --seed $${SEED:-1} --base $${BASE:-http://127.0.0.1:$(PORT)} $${MINUTES:+--minutes $$MINUTES} $${CALLS:+--calls $$CALLS} $${ADVISORS:+--advisors $$ADVISORS}

pictures: tools ## the README's pictures
	DJANGO_ALLOW_ASYNC_UNSAFE=1 $(BIN)/python -m tests.pictures

messages: tools ## gather texts into config/locale and compile them
	$(BIN)/python .ci/messages.py --write

audit: tools ## known holes in the packages (docs/audit.md), and the list of all parts; what could not be looked up counts as not checked
	$(BIN)/python .ci/audit.py

lock:     ## write the lock files from .ci/*.in
	$(BIN)/uv pip compile .ci/requirements.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -o requirements.txt
	$(BIN)/uv pip compile .ci/requirements-semantic.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -o requirements-semantic.txt
	$(BIN)/uv pip compile .ci/requirements-dev.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -o requirements-dev.txt
	$(BIN)/python .ci/audit.py --parts
