.DEFAULT_GOAL := help
.PHONY: help setup run check test bench format

help:            ## show what there is
	@grep -E '^[a-z]+: .*##' Makefile | sed 's/:.*##/\t/'

setup:           ## make both environments from their lock files
	@scripts/setup.sh

run: setup       ## set up what is missing, train if there is no model, start everything
	@.venv/bin/hjelpelinje serve

format: setup    ## format the code
	@.venv/bin/ruff format -q . && .venv/bin/ruff check -q --fix .

check: setup     ## formatter, linter, types, knowledge, training data
	.venv/bin/ruff format --check -q .
	.venv/bin/ruff check -q .
	.venv/bin/mypy
	.venv/bin/hjelpelinje knowledge check
	.venv/bin/hjelpelinje data check --quiet

test: check      ## all tests: real browser, PostgreSQL, SMS gateway and engine
	.venv/bin/hjelpelinje train
	cd bot/engine && .venv/bin/python -m pytest -q -p no:cacheprovider -c pyproject.toml --confcutdir ../../tests/engine/nlu ../../tests/engine/nlu
	.venv/bin/pytest -q -n 2 --dist loadfile

bench: setup     ## speed and memory, as a table
	.venv/bin/python -m bench
