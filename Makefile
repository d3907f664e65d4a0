# Rollcall. `make demo` shows it, `make test` proves it. `make` alone prepares the environment in .venv.

SHELL := /bin/sh
UV := .boot/bin/uv
BUILT := src/rollcall/static/built
STATIC_SOURCES := $(shell find src/rollcall/static/src -type f)
# An index set in the developer's own shell must never reach uv.lock.
NO_INDEX := env -u UV_DEFAULT_INDEX -u UV_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL
SYNC := $(UV) sync -q --frozen --inexact --no-default-groups --python .boot/bin/python

export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
# Behind a filter that signs the traffic anew, as schools have them, only the machine's own certificates are right.
export UV_SYSTEM_CERTS ?= $(if $(wildcard /etc/ssl/certs/*),true,false)

.PHONY: all demo test bench lint lock static shots clean
.DELETE_ON_ERROR:

all: .venv/.run static

demo: all
	.venv/bin/rollcall demo

test: .venv/.test static
	sh scripts/test.sh $(ARGS)

lint: .venv/.test
	sh scripts/lint.sh

bench: .venv/.bench static
	.venv/bin/python -m bench $(ARGS)

shots: .venv/.test static
	ROLLCALL_SHOTS=docs/pictures .venv/bin/pytest -m browser tests/journeys

static: $(BUILT)/rollcall.css

lock: $(UV)
	$(NO_INDEX) $(UV) lock --default-index "$$(sed -n 's/.*registry = "\([^"]*\)".*/\1/p' uv.lock | head -n 1)"
	sh scripts/npm.sh install --package-lock-only --ignore-scripts

clean:
	rm -rf .boot .venv node_modules $(BUILT) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(UV): scripts/find-python.sh
	python=$$(sh scripts/find-python.sh $(PY)) && "$$python" -m venv .boot
	.boot/bin/python -m pip install -q --disable-pip-version-check "uv>=0.13,<0.14"
	touch $@

.venv/.run: uv.lock pyproject.toml | $(UV)
	$(SYNC)
	touch $@

.venv/.test: uv.lock pyproject.toml | $(UV)
	$(SYNC) --group test
	touch $@ .venv/.run

.venv/.bench: uv.lock pyproject.toml | $(UV)
	$(SYNC) --group test --group bench
	touch $@ .venv/.run

$(BUILT)/rollcall.css: package-lock.json .npmrc scripts/static.sh scripts/npm.sh $(STATIC_SOURCES) | $(UV)
	sh scripts/static.sh
