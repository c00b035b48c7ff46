#!/bin/sh
# Brings Chromium for the browser tests where this system lets us; elsewhere it says what to do,
# and the tests tell that they were left out (in CI they fail).
set -eu
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Bringing Chromium for the browser tests ..." >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends chromium; } >/dev/null 2>&1 && exit 0
fi
echo "No Chromium: install it for the browser tests (apt-get install chromium)." >&2
