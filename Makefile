# The two commands for a newcomer: `make demo` and `make test`. Each sets up what it needs; see `make help`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-train demo test test-backend test-qgis lint format plugin wheel lock docs translations screenshots matrix clean

# The user's own raster for the demo: make demo IMAGE=path/to/ortho.tif [MODEL=buildings]
IMAGE ?=
MODEL ?= buildings
# The Debian whose QGIS `make matrix` tests with.
SUITE ?= testing
# More arguments for pytest: make test-backend PYTEST="-k vector"
PYTEST ?=

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'

setup: ## QGIS, the backend in .venv with its idgbr command, pytest for QGIS in .venv-qgis
	@scripts/setup.sh system run dev qgis

setup-train: ## torch and what training needs, in .venv
	@scripts/setup.sh system run train

demo: ## the main job on a sample (or IMAGE=path): polygons and a picture of them in demo/out
	@scripts/setup.sh system run
	@scripts/demo/run.sh "$(MODEL)" "$(IMAGE)"

test: ## the whole test suite
	@scripts/setup.sh system browser run dev train qgis
	@scripts/test.sh backend qgis

test-backend: ## tests of the backend alone
	@scripts/setup.sh system browser run dev train
	@scripts/test.sh backend $(PYTEST)

test-qgis: ## tests of the plugin and of both sides together, in real QGIS
	@scripts/setup.sh system run qgis
	@scripts/test.sh qgis $(PYTEST)

lint: ## ruff, mypy, codespell, and the rules of the plugin site
	@scripts/setup.sh system run dev train
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/codespell
	.venv/bin/python scripts/build_plugin.py

format: ## let ruff repair and format the code
	@scripts/setup.sh system run dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

plugin: ## dist/idgbr_qgis.zip, held against the rules of the plugin site
	@scripts/setup.sh system run dev
	.venv/bin/python scripts/build_plugin.py

docs: ## the pages made from code: algorithms, parameters, Python, model cards, the picture of the data flow
	@scripts/setup.sh system run qgis
	QT_QPA_PLATFORM=offscreen .venv-qgis/bin/python scripts/document_algorithms.py
	.venv/bin/python scripts/document_models.py
	.venv/bin/python scripts/document_parameters.py
	.venv/bin/python scripts/document_api.py
	.venv/bin/python scripts/draw_data_flow.py

translations: ## bring new texts into idgbr_qgis/i18n/*.ts, and say what is still to be translated
	@scripts/setup.sh system run
	.venv/bin/python scripts/translations.py

screenshots: ## the pictures of the guide, docs/images: the plugin in a real QGIS window, and the recipes
	@scripts/setup.sh system run qgis
	.venv/bin/python scripts/desktop/screenshots.py
	QT_QPA_PLATFORM=offscreen .venv-qgis/bin/python scripts/demo/recipe_pictures.py

matrix: ## tests of the plugin on the QGIS of another Debian (SUITE=testing), in a folder of its own; as root
	@scripts/matrix.sh "$(SUITE)"

wheel: ## dist/idgbr-*.whl with the models, tried in an empty environment (downloads what it needs)
	@scripts/wheel.sh

lock: ## renew backend/requirements/*.txt within the bounds of backend/pyproject.toml
	@scripts/lock.sh

clean: ## remove what was built; the environments stay
	rm -rf build dist demo/out .mypy_cache .ruff_cache .pytest_cache
