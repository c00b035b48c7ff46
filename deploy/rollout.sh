#!/bin/sh
# Brings a new version of the program to the chat servers of compose.yml, one after the other: the
# next one waits until the one before it is healthy. (New content and models need none of this: Go
# live tells the servers, which then take turns by themselves.)
# Usage: deploy/rollout.sh [service ...]
set -eu
cd "$(dirname "$0")"
[ "$#" -gt 0 ] || set -- chat-1 chat-2
for service in "$@"; do
    docker compose up --detach --no-deps --build --wait --wait-timeout 300 "$service" || {
        echo "$service did not become healthy; the others stay as they are." >&2
        exit 1
    }
done
