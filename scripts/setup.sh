#!/usr/bin/env bash
# Make both environments from their lock files. Needs Python 3.11 or newer, and a Python 3.10 for the engine.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "setup: $*" >&2; exit 1; }

works() { command -v "$1" >/dev/null 2>&1 && "$1" -c "import sys; sys.exit(not ($2))" 2>/dev/null; }

# Prints the first of the candidates whose version fits; the rest of the arguments are candidates.
first() { local fits=$1; shift; for python in "$@"; do works "$python" "$fits" && { echo "$python"; return; }; done; return 1; }

service_python=$(first 'sys.version_info[:2] in ((3, 11), (3, 12), (3, 13))' \
    python3.11 python3.12 python3.13 python3 "${HOME}"/.pyenv/versions/3.11*/bin/python) ||
    fail "no Python 3.11 to 3.13 found. On Debian: apt-get install python3.11 python3.11-venv"

stamp() { cat "$@" | sha256sum; }

# The service. uv comes as a dependency of it, from the lock file like everything else.
wanted=$(stamp pyproject.toml uv.lock)
if [ "$(cat .venv/.stamp 2>/dev/null)" != "$wanted" ]; then
    if [ ! -x .venv/bin/uv ]; then
        "$service_python" -m venv .venv >/dev/null 2>&1 ||
            fail "cannot make a virtual environment with $service_python. On Debian: apt-get install python3.11-venv"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(
            sed -n '/^name = "uv"$/{n;s/version = "\(.*\)"/\1/p}' uv.lock)"
    fi
    UV_PROJECT_ENVIRONMENT=.venv .venv/bin/uv sync --quiet --frozen --compile-bytecode
    echo "$wanted" > .venv/.stamp
fi

# The engine. Rasa 3.6 stops at Python 3.10.
wanted=$(stamp bot/engine/pyproject.toml bot/engine/uv.lock)
if [ "$(cat bot/engine/.venv/.stamp 2>/dev/null)" != "$wanted" ]; then
    engine_python=$(first 'sys.version_info[:2] == (3, 10)' \
        python3.10 "${HOME}"/.pyenv/versions/3.10*/bin/python "$(.venv/bin/uv python find 3.10 2>/dev/null || echo none)") ||
        fail "no Python 3.10 found for the engine. Get one with: .venv/bin/uv python install 3.10 (or: pyenv install 3.10)"
    (cd bot/engine && UV_PROJECT_ENVIRONMENT=.venv ../../.venv/bin/uv sync --quiet --frozen --compile-bytecode --python "$engine_python")
    echo "$wanted" > bot/engine/.venv/.stamp
fi
