# Two commands do everything: `make lab` opens the studio, `make test` proves it. `make check` is the quick part.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
# A machine without Node gets it as a Python package, behind whatever is on the path already.
export PATH := $(PATH):$(abspath $(BIN))
JS := conduit/widgets/js
# nbval loads all of Jupyter's notebook format into every process of a run; only `notebooks` runs notebooks.
PYTEST := $(BIN)/python -m pytest -q -p no:nbval
QUICK := not browser and not kernel and not slow
LAB := $(if $(filter 0,$(shell id -u)),--allow-root) $(if $(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname)),,--no-browser)

.PHONY: help lab check test format lint types architecture quick kernels notebooks recordings browser bundle soak listen screenshot benchmarks wheel clean

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

lab: .venv/lab ## open JupyterLab on the quickstart
	$(BIN)/python -m jupyterlab $(LAB) --LabApp.default_url=/lab/tree/notebooks/00_quickstart.ipynb

check: export EXAMPLES = few
check: format lint types architecture quick ## everything that is quick; run it at every change

test: format lint types architecture quick bundle kernels notebooks wheel browser ## everything

format: .venv/dev ## is the code formatted?
	$(BIN)/ruff format --check .

lint: .venv/dev ## ruff, every rule
	$(BIN)/ruff check .
	$(BIN)/nbstripout --verify notebooks/*.ipynb

types: .venv/dev ## mypy, strict
	$(BIN)/mypy
	$(BIN)/mypy tests/typing/api.py

architecture: .venv/dev ## who may import whom
	$(BIN)/lint-imports

quick: .venv/dev ## pure and shell tests, doctests
	$(PYTEST) -n auto -m "$(QUICK)" tests --doctest-modules conduit magics/conduit_magics

bundle: .venv/dev $(JS)/node_modules ## is the committed widget bundle made of today's sources?
	cd $(JS) && npm run --silent check

kernels: .venv/dev .kernels/done .models/done .corpus/done .peers/done $(JS)/node_modules ## real kernels: ipykernel 6.30, 7.3 and the newest; a real model
	$(PYTEST) -m "kernel or slow" tests

notebooks: .venv/dev ## every notebook from top to bottom
	CONDUIT_LIVE=simulated CONDUIT_STREAM=0 CONDUIT_PROVIDERS=offline CONDUIT_CONFIG=/dev/null CONDUIT_STORE=memory $(BIN)/python -m pytest -q --nbval-lax --nbval-current-env notebooks

recordings: .venv/dev .models/done ## record anew the answers that notebooks carry, from a real model
	$(BIN)/python tests/record.py

browser: .venv/dev .kernels/done chromium ## front end in Chromium, journeys in JupyterLab
	$(PYTEST) -m browser tests

soak: .venv/dev ## random faults for ten minutes: nothing may be left over
	SOAK_S=600 $(PYTEST) -s tests/soak

listen: .venv/dev ## 24 examples of the offline composer on one page, to be heard
	$(BIN)/python docs/listen.py

screenshot: .venv/dev chromium ## make the README's picture anew
	$(BIN)/python docs/screenshot.py

benchmarks: .venv/dev ## speed and memory, printed
	for file in tests/benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file; done

wheel: .venv/dev ## the built wheel, in a venv of its own, away from the sources
	$(BIN)/python tests/wheel.py

clean: ## take away what was made
	rm -rf .venv .kernels .models .corpus .peers dist $(JS)/node_modules

.venv/lab: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) install --upgrade pip
	$(PIP) install -c constraints.txt -e .
	touch $@

.venv/dev: .venv/lab
	$(PIP) install -c constraints.txt --group dev
	touch $@

.kernels/done: constraints.txt | .venv/lab
	$(PIP) install --target .kernels/6.30 --no-deps --upgrade ipykernel==6.30.1
	$(PIP) install --target .kernels/7.3 --no-deps --upgrade ipykernel==7.3.0
	touch $@

.models/done: tests/servers/model.py | .venv/lab
	$(BIN)/python tests/servers/model.py
	touch $@

.corpus/done: tests/corpus/fetch.py | .venv/lab
	$(BIN)/python tests/corpus/fetch.py .corpus
	touch $@

.peers/done: tests/suites/peers.py | .venv/lab
	$(BIN)/python tests/suites/peers.py .peers
	touch $@

$(JS)/node_modules: $(JS)/package-lock.json
	cd $(JS) && npm ci --silent --no-audit --no-fund && touch node_modules

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	  else \
	    echo "The browser tests need Chromium. Install it (Debian: sudo apt-get install chromium) and run make again."; exit 1; \
	  fi; }
