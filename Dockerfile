# One image for API with the console, worker and migrations; the command says which. Our TypeScript runs as it is: only the console
# and the workflow bundle are built. deploy/image/build.sh builds it with Docker, podman or buildah; deploy/image/try.ts tries it.
ARG BASE=node:24.21.0-bookworm-slim

FROM ${BASE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY console/package.json console/
# A registry of your own, and its certificate, come as build secrets: they are in no layer. The packages that need an install script
# (embedded PostgreSQL, npm's node) are of the local stack and are left out here.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=ca \
    if [ -e /run/secrets/ca ]; then export npm_config_cafile=/run/secrets/ca; fi \
 && npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY deploy/image/prune.sh deploy/image/
RUN sh deploy/image/prune.sh

FROM dependencies AS bundle
COPY worker worker
COPY workflows workflows
COPY domain domain
# A read-only container could not keep the workflow bundle, and would make it again at each start.
RUN node --input-type=module --eval "await (await import('/app/worker/bundle.ts')).workflowBundle()" \
 # For TLS to Temporal: its client takes the system's certificates, which the slim image does not have. Node's own are Mozilla's.
 && node --eval "console.log(require('node:tls').rootCertificates.join('\n'))" > /tmp/ca-certificates.crt

FROM ${BASE} AS console
WORKDIR /app
COPY package.json package-lock.json ./
COPY console/package.json console/
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=ca \
    if [ -e /run/secrets/ca ]; then export npm_config_cafile=/run/secrets/ca; fi \
 && npm ci --workspace console --ignore-scripts --no-audit --no-fund
COPY console console
RUN npm run console:build

FROM ${BASE}
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
COPY --from=dependencies /app/node_modules node_modules
COPY --from=bundle /tmp/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=bundle /app/node_modules/.cache/workflows node_modules/.cache/workflows
COPY . .
COPY --from=console /app/console/dist console/dist
# A read-only container could not keep what Node compiles either. It is made by the programs themselves, which load everything before they
# refuse to go on without configuration or input; Node keeps it by user, so it is made by the one who runs them.
ENV NODE_COMPILE_CACHE=/app/node_modules/.cache/compile
RUN install -d -o node /app/node_modules/.cache/compile
USER node
RUN sh deploy/image/compile.sh
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "api/main.ts"]
