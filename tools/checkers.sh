#!/bin/sh
# Makes .tools/checkers: what checks deploy/ by its schemas. Without it the tests tell that they were
# left out (in CI they fail). Does nothing where that is done already.
set -eu
cd "$(dirname "$0")/.."
export UV_SYSTEM_CERTS=true UV_NATIVE_TLS=true
# Where tools/setup.sh has brought uv, if the system has none.
PATH=$PATH:.tools/bin:.tools/lib/bin
folder=.tools/checkers
file=tools/requirements-checkers.txt
wanted=$(cksum <"$file")
[ "$(cat "$folder/installed" 2>/dev/null)" = "$wanted" ] && exit 0
echo "Bringing the checkers of deploy/ ..." >&2
{ uv venv --quiet --clear --python .venv/bin/python "$folder" &&
    uv pip sync --quiet --python "$folder/bin/python" --require-hashes "$file" &&
    printf '%s' "$wanted" >"$folder/installed"; } ||
    echo "The checkers of deploy/ could not be brought: $file" >&2
