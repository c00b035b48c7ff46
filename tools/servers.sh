#!/bin/sh
# Brings Redis and nginx for `make cluster` and its test where this system lets us; elsewhere it
# says what to do, and the tests tell that they were left out (in CI they fail). No server is left
# running: who needs one starts it.
set -eu
# Debian keeps nginx where only root looks.
PATH="$PATH:/usr/sbin:/sbin"
missing=
command -v redis-server >/dev/null 2>&1 || missing="redis-server"
command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Bringing $missing for several servers ..." >&2
    # The packaging would start them otherwise, which nobody needs here.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
        trap 'rm -f "$policy"' EXIT
    fi
    # shellcheck disable=SC2086  # one word for each package
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends $missing; } >/dev/null 2>&1 && exit 0
fi
echo "Not there: $missing. Install them for several servers (apt-get install $missing)." >&2
