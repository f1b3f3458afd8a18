#!/usr/bin/env bash
# Tries an image that build.sh has made: each of its programs runs as in production (another user, no writable file system, nothing of
# this checkout), against a PostgreSQL and a Temporal that this script starts and stops.
#   deploy/image/try.sh [NAME:TAG]
# ENGINE   docker, podman or buildah. Containers are on the machine's own network: Linux. Buildah runs them without isolation (chroot).
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/image/engine.sh
exec node_modules/.bin/node deploy/image/try.ts "$engine" "${1:-delivery-back-office:latest}"
