#!/usr/bin/env bash
# Makes a base image where no registry of images can be reached: Debian's smallest system by debootstrap (as root), with the Node and
# the npm of this machine's npm packages in it. Needs buildah and debootstrap.
#   BASE=$(deploy/image/base.sh) deploy/image/build.sh
# DEBIAN   Debian's mirror, debootstrap's own by default
set -euo pipefail
cd "$(dirname "$0")/../.."

version=$(node -p 'require("./package.json").devDependencies.node')
tag=localhost/node-on-debian:$version-bookworm
work=$(mktemp -d)
container=''
cleanup() {
  if [ -n "$container" ]; then buildah rm "$container" > /dev/null; fi
  rm -rf "$work"
}
trap cleanup EXIT

# With the machine's npm cache and settings; nothing of this checkout's node_modules is needed.
mkdir "$work/npm"
echo '{ "private": true, "allowScripts": { "node": true } }' > "$work/npm/package.json"
npm install --prefix "$work/npm" --no-audit --no-fund "node@$version" npm@11 >&2
debootstrap --variant=minbase bookworm "$work/root" ${DEBIAN:+"$DEBIAN"} >&2
rm -rf "$work"/root/var/cache/apt/* "$work"/root/var/lib/apt/lists/* "$work"/root/usr/share/{doc,man,locale}/*
install -m 755 "$(readlink -f "$work/npm/node_modules/node/bin/node")" "$work/root/usr/local/bin/node"
mkdir -p "$work/root/usr/local/lib/node_modules"
cp -r "$work/npm/node_modules/npm" "$work/root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/root/usr/local/bin/npm"
# As in the official image: user and group `node`, 1000.
chroot "$work/root" groupadd --gid 1000 node
chroot "$work/root" useradd --uid 1000 --gid node --shell /bin/bash --create-home node

container=$(buildah from scratch)
buildah add --quiet "$container" "$work/root" / > /dev/null
buildah config --cmd node "$container"
buildah commit --quiet --format docker "$container" "$tag" > /dev/null
echo "$tag"
