#!/bin/sh
# Takes out of node_modules what no program of ours reads when it runs: about 90 MB beside Temporal's other platforms (four of 30 MB
# each). Runs in the image's build, in the folder of package.json. Licences stay.
set -eu

platform="$(uname -m)-unknown-linux-gnu"
core=node_modules/@temporalio/core-bridge
test -d "$core/releases/$platform"
find "$core/releases" -mindepth 1 -maxdepth 1 ! -name "$platform" -exec rm -r {} +
# The sources of the native library.
rm -r "$core/sdk-core" "$core/src"

# Types, source maps, and what is written for people.
find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
find node_modules -type f \( -iname '*.md' -o -iname '*.markdown' \) ! -iname '*licen[cs]e*' ! -iname 'notice*' -delete
find node_modules -type d \( -name test -o -name tests -o -name __tests__ -o -name examples \) -prune -exec rm -r {} +

# The API serves one of the four builds of Swagger UI.
(cd node_modules/swagger-ui-dist && rm -f swagger-ui-es-bundle*.js swagger-ui-standalone-preset.js swagger-ui.js log.*)
# Read by builds for browsers alone.
rm -rf node_modules/rxjs/src node_modules/rxjs/dist/esm node_modules/rxjs/dist/esm5 node_modules/rxjs/dist/bundles
# Prints embed two of Pretendard's files; the console's are in its build. Of PDFKit the API loads one build.
(cd node_modules/pretendard && rm -rf dist/web docs && find dist/public -type f ! -name Pretendard-Regular.ttf ! -name Pretendard-Bold.ttf -delete)
(cd node_modules/pdfkit/js && rm -f pdfkit.browser* pdfkit.standalone.js pdfkit.old.js)
