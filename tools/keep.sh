#!/bin/sh
# Runs a command again whenever it ends, so that one process that dies does not take the others
# along (honcho stops all when one stops). Ends with it on TERM and INT.
child=
stop() { [ -n "$child" ] && kill -TERM "$child" 2>/dev/null && wait "$child"; exit 0; }
trap stop TERM INT
while :; do
    "$@" &
    child=$!
    wait "$child"
    echo "ended with $?, starting again"
    sleep 1
done
