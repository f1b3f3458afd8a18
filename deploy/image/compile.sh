#!/bin/sh
# Part of the build (Dockerfile): fills NODE_COMPILE_CACHE with the code of what is started often. Each program ends by itself, the long
# ones with 78 for want of configuration.
set -eu
compiled() {
  ended=0
  node "$@" < /dev/null > /dev/null 2>&1 || ended=$?
  echo "$* ended with $ended: $(find "$NODE_COMPILE_CACHE" -type f | wc -l) files"
}
compiled api/main.ts
[ "$ended" = 78 ]
compiled --import ./worker/fast-path/preload.ts worker/main.ts
[ "$ended" = 78 ]
compiled db/migrate.ts
compiled api/printing/print-process.ts
compiled api/sheets/read-process.ts
