# Each verb in one line: see README.md.
.PHONY: run cluster chat telegram staff-user train learn evaluate test lint bench lock backup restore audit install install-dev
.DEFAULT_GOAL := run
PYTHON := .venv/bin/python
export RASA_TELEMETRY_ENABLED = false
# What old packages say to their developers is nobody's here.
export PYTHONWARNINGS = ignore

install:
	@tools/setup.sh
install-dev:
	@tools/setup.sh dev
run: install
	@$(PYTHON) -m guide.launch
cluster: install
	@tools/postgres.sh
	@tools/servers.sh
	@$(PYTHON) -m guide.cluster
chat: install
	@$(PYTHON) -m guide.chat
telegram: install
	@$(PYTHON) -m honcho run $(PYTHON) -m guide.channels.telegram_setup
# NAME=anna ROLE=reviewer; what is missing is asked.
staff-user: install
	@$(PYTHON) -m staff.manage staff_user $(if $(NAME),"$(NAME)") $(if $(ROLE),--role "$(ROLE)")
train: install
	@$(PYTHON) -m guide.train
learn: install
	@$(PYTHON) -m guide.learn try
evaluate: install
	@$(PYTHON) -m guide.evaluation
test: install-dev
	@tools/browser.sh
	@tools/postgres.sh
	@tools/servers.sh
	@tools/checkers.sh
	@$(PYTHON) -m guide.train
	@$(PYTHON) -m pytest -n 2 --dist loadfile tests/unit tests/staff tests/server
	@$(PYTHON) -m pytest -n 2 --dist loadfile tests/browser tests/staff_browser
	@$(PYTHON) -m pytest -s tests/faults tests/cluster
lint: install-dev
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy
bench: install
	@$(PYTHON) -m benchmarks
backup: install
	@$(PYTHON) -m guide.backup save $(FILE)
restore: install
	@$(PYTHON) -m guide.backup restore $(FILE) $(if $(YES),--yes)
audit: install
	@tools/audit.sh
lock:
	@uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	@uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-header -c requirements.txt requirements-dev.in -o requirements-dev.txt
