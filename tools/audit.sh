#!/bin/sh
# Asks advisory databases about every pinned package, with pip-audit in an environment of its own;
# nothing of requirements.txt is installed there. What it finds is compared with docs/advisories.yml.
# Ends with 0: all that is known is listed there; 1: something is not; 2: no database could be
# reached, so nothing is known.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
place=${GUIDE_VAR:-var}/audit
say() { printf '%s\n' "$*" >&2; exit 2; }
[ -x "$place/bin/python" ] || "$python" -m venv "$place" || say "$place cannot be made."
"$place/bin/python" -m pip install -qq --upgrade pip-audit || say "pip-audit cannot be fetched."
exec "$python" -m tools.audit "$place/bin/pip-audit"
