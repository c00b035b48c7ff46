#!/bin/sh
# Brings PostgreSQL for the tests of the store where this system lets us; elsewhere it says what to
# do, and the tests tell that they were left out (in CI they fail). No server is started: the tests
# start one of their own.
set -eu
command -v postgres >/dev/null 2>&1 && exit 0
for folder in /usr/lib/postgresql/*/bin; do
    [ -x "$folder/initdb" ] && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Bringing PostgreSQL for the tests of the store ..." >&2
    # The packaging would start a server otherwise, which nobody needs here.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends postgresql; } >/dev/null 2>&1 && exit 0
fi
echo "No PostgreSQL: install it for the tests of the store (apt-get install postgresql)." >&2
