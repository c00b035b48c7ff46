#!/bin/sh
# Makes .venv from the hashed requirements; does nothing where that is done already.
# Usage: tools/setup.sh [dev]
set -eu
cd "$(dirname "$0")/.."
# Networks with a certificate authority of their own tell the system of it.
export UV_SYSTEM_CERTS=true UV_NATIVE_TLS=true
kind=${1:-run}
file=requirements.txt
[ "$kind" = dev ] && file=requirements-dev.txt

say() { printf '%s\n' "$*" >&2; }

find_uv() {
    if command -v uv >/dev/null 2>&1; then echo uv; return; fi
    if [ -x .tools/bin/uv ]; then echo .tools/bin/uv; return; fi
    python=$(command -v python3 || command -v python || true)
    [ -n "$python" ] || { say "Python 3 is needed to bring uv; please install it."; exit 1; }
    say "Bringing uv ..."
    # Some systems ship Python without venv or protect its packages: --target needs neither.
    if "$python" -m venv .tools >/dev/null 2>&1 && .tools/bin/python -m pip install -q uv; then
        echo .tools/bin/uv; return
    fi
    "$python" -m pip install -q --target .tools/lib uv
    echo .tools/lib/bin/uv
}

# Python 3.10, which Rasa 3.6 needs: on the path, kept by pyenv, or fetched by uv.
find_python() {
    for candidate in "${PYTHON310:-}" python3.10 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python3.10; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; then
            command -v "$candidate"; return
        fi
    done
    echo 3.10
}

wanted="$kind $(cat requirements.txt "$file" | cksum)"
if [ -f .venv/installed ]; then
    have=$(cat .venv/installed)
    [ "$have" = "$wanted" ] && exit 0
    # A dev environment holds all that running needs.
    [ "$kind" = run ] && [ "$have" = "dev $(cat requirements.txt requirements-dev.txt | cksum)" ] && exit 0
fi

uv=$(find_uv)
python=$(find_python)
say "Making .venv with $python (a few minutes the first time) ..."
[ -x .venv/bin/python ] || "$uv" venv --quiet --python "$python" .venv || {
    say "Python 3.10 was not found and could not be fetched. Install it, or set PYTHON310 to its path."
    exit 1
}
"$uv" pip sync --quiet --python .venv/bin/python --require-hashes "$file"
printf '%s' "$wanted" > .venv/installed
say "Environment ready."
