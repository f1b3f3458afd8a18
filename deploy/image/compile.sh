#!/bin/sh
# Part of the build (Dockerfile): fills NODE_COMPILE_CACHE with the code of what is started often. Each program ends by itself: the long
# ones with 78 for want of configuration, the others for want of input.
set -eu
compile() {
  expected=$1
  shift
  ended=0
  node "$@" < /dev/null > /dev/null 2>&1 || ended=$?
  echo "$* ended with $ended: $(find "$NODE_COMPILE_CACHE" -type f | wc -l) files"
  [ "$ended" = "$expected" ]
}
compile 78 api/main.ts
compile 78 --import ./worker/fast-path/preload.ts worker/main.ts
compile 1 api/printing/print-process.ts
compile 13 api/sheets/read-process.ts
