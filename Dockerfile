# One image for API with the console, worker and migrations; the command says which. Our TypeScript runs as it is: only the console is built.
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY console/package.json console/
# The packages that need an install script (embedded PostgreSQL, npm's node) are of the local stack and are left out here.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 # Temporal's native library comes for every platform, 30 MB each; this image is Linux with glibc.
 && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM node:24.21.0-bookworm-slim AS console
WORKDIR /app
COPY package.json package-lock.json ./
COPY console/package.json console/
RUN npm ci --workspace console --ignore-scripts --no-audit --no-fund
COPY console console
RUN npm run console:build

FROM node:24.21.0-bookworm-slim
# For TLS to Temporal: its client takes the system's certificates, which the slim image does not have.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
COPY --from=dependencies /app/node_modules node_modules
COPY . .
COPY --from=console /app/console/dist console/dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "api/main.ts"]
