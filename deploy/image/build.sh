#!/usr/bin/env bash
# Builds the image with the first of Docker, podman and buildah that works, and prints how much it adds to its base.
#   deploy/image/build.sh [NAME:TAG]
# ENGINE       docker, podman or buildah
# BASE         another base image with Node 24, such as one of your registry or of deploy/image/base.sh
# NPMRC        an .npmrc for the build alone, where npm needs one
# CA           a file of certificates that npm trusts during the build, behind a proxy that signs with its own
# BUILD_OPTIONS more options of the build, such as `--network host`
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/image/engine.sh

tag=${1:-delivery-back-office:latest}
base=${BASE:-$(sed -n 's/^ARG BASE=//p' Dockerfile)}
options=(--build-arg "BASE=$base" --tag "$tag")
if [ -n "${NPMRC:-}" ]; then options+=(--secret "id=npmrc,src=$NPMRC"); fi
if [ -n "${CA:-}" ]; then options+=(--secret "id=ca,src=$CA"); fi
read -ra more <<< "${BUILD_OPTIONS:-}"

case $engine in
  # Its format is Docker's: OCI's has no HEALTHCHECK.
  buildah) buildah bud --layers --format docker "${options[@]}" "${more[@]}" . ;;
  podman) podman build --format docker "${options[@]}" "${more[@]}" . ;;
  docker) DOCKER_BUILDKIT=1 docker build "${options[@]}" "${more[@]}" . ;;
esac

above=$((($(image_bytes "$tag") - $(image_bytes "$base")) / 1000000))
echo "$tag: $above MB above $base"
if [ "$above" -gt "$most_above_base" ]; then
  echo "more than the $most_above_base MB it may have: see deploy/image/prune.sh" >&2
  exit 1
fi
