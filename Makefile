# One command for each thing. On Windows, or without make, README.md has the same commands in full.
PYTHON ?= python3
BIN := .venv/bin
EDITOR := graphviz_tools/player/codemirror
TYPESCRIPT := tools/typescript

.PHONY: run test check typescript types payload format messages bench mutants editor clean

run: .venv/installed  ## set up and run the app
	$(BIN)/streamlit run streamlit_app.py

test: .venv/installed-dev  ## set up and run every test
	$(BIN)/python -m pytest -n 2 --dist loadgroup
	node --test tests/

check: .venv/installed-dev  ## what must hold before a commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(MAKE) types
	$(BIN)/python -m pytest -n 2 -m "not e2e and not slow and not benchmark"
	node --test tests/

typescript: $(TYPESCRIPT)/node_modules/installed $(EDITOR)/node_modules/installed

types: typescript  ## check the JavaScript's types; needs Node.js and, once, the npm registry
	$(TYPESCRIPT)/node_modules/.bin/tsc -p $(TYPESCRIPT)

payload: .venv/installed-dev  ## bring graphviz_tools/player/payload.d.ts up to date with payload.py and comparison.py
	$(BIN)/python -m tools.typescript.payload_types

format: .venv/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: .venv/installed-dev  ## bring engine/text/locale/zh.po up to date with the strings in the code
	$(BIN)/python -m babel.messages.frontend -q extract -F engine/text/locale/babel.cfg -k _ -k N_ --no-location --sort-output -o .venv/messages.pot .
	$(BIN)/python -m babel.messages.frontend -q update -i .venv/messages.pot -o engine/text/locale/zh.po -l zh --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

bench: .venv/installed-dev  ## tables of times and sizes
	for one in tests/benchmarks/[a-z]*.py; do $(BIN)/python -m tests.benchmarks.$$(basename $$one .py) || exit 1; done

mutants: .venv/installed-dev  ## changes the code in 200 places, one at a time, and names those that no test notices
	$(BIN)/python -m tests.mutants

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

.venv/installed-dev: requirements.txt requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@ .venv/installed

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis $(EDITOR)/node_modules $(TYPESCRIPT)/node_modules

%/node_modules/installed: %/package.json
	cd $* && npm install --silent --no-audit --no-fund --no-package-lock
	touch $@

editor: $(EDITOR)/node_modules/installed  ## bundle CodeMirror anew after a change of its versions; needs Node.js and the npm registry
	cd $(EDITOR) && node_modules/.bin/esbuild entry.js --bundle --format=esm --minify --target=es2022 --legal-comments=none \
		--banner:js="/* CodeMirror 6, MIT License: see codemirror/LICENSE. Built by 'make editor'. */" --outfile=../codemirror.js
