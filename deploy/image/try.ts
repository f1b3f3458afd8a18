import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startKeeper } from '../../local/keeper/keeper.ts';
import { freePort } from '../../local/servers/ports.ts';
import { startPostgres } from '../../local/servers/postgres.ts';
import { lastLines } from '../../local/servers/progress.ts';
import { startTemporal } from '../../local/servers/temporal.ts';
import { temporalExecutable } from '../../local/servers/temporal-executable.ts';
import { type Container, containersOf, engines } from './containers.ts';
import { liveALine } from './line.ts';

/** `deploy/image/try.sh`: whether every program of the image runs. Exit code 1: the last line says which did not. */
const EX_CONFIG = 78;
const READY_WITHIN_MS = 120_000;
const ASK_BUNDLE = "console.log(await (await import('/app/worker/bundle.ts')).workflowBundle())";
const SECRET = 'a-secret-to-try-the-image-that-is-long-enough-0123456789';

const [engine, image] = z.tuple([z.enum(engines), z.string()]).parse(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), 'delivery-image-'));
const keeper = await startKeeper({ runFile: join(folder, 'run.json') });
const containers = await containersOf(engine, image, keeper);
const startedAt = performance.now();
const say = (text: string): void => console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);
const check = (what: string, holds: boolean, seen: unknown): void => {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(seen)}`);
  say(what);
};

async function answers(url: string, container: Container, logFile: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  let ended = false;
  void container.child.exited.then(() => {
    ended = true;
  });
  for (;;) {
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
    if (response?.ok) return;
    if (ended || performance.now() > deadline)
      throw new Error(`${url} does not answer: ${response?.status}\n${lastLines(logFile, 15).join('\n')}`);
    await sleep(200);
  }
}

try {
  const executable = await temporalExecutable(keeper, say);
  const [postgres, temporal, port, workerPort, watchPort] = await Promise.all([
    startPostgres(keeper, { dataDir: join(folder, 'postgres'), port: await freePort() }),
    startTemporal(keeper, { executable, port: await freePort(), logFile: join(folder, 'temporal.log') }),
    freePort(),
    freePort(),
    freePort(),
  ]);
  say('PostgreSQL and Temporal are up');
  const database = { DATABASE_URL: postgres.url };
  const common = { ...database, TEMPORAL_ADDRESS: temporal.address, TRACKING_CALLBACK_SECRET: SECRET };
  const auth = { AUTH_JWT_SECRET: SECRET };

  const user = await containers.once(['node', '-p', 'process.getuid()']);
  check('the user is not root', user.output.trim() === '1000', user);
  const contents = `const { existsSync, readFileSync } = require('node:fs');
    const certificates = readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8').split('BEGIN CERTIFICATE').length - 1;
    console.log(JSON.stringify({ certificates, tools: ['node_modules/jest', 'node_modules/typescript', 'test', '.git'].filter(existsSync) }))`;
  const found = z
    .object({ certificates: z.number(), tools: z.array(z.string()) })
    .parse(JSON.parse((await containers.once(['node', '-e', contents])).output));
  check('certificates are there, tools of development are not', found.certificates > 100 && found.tools.length === 0, found);
  const bundled = await containers.once(['node', '--input-type=module', '-e', ASK_BUNDLE]);
  check('the workflow bundle is made already', bundled.output.startsWith('/app/node_modules/.cache/'), bundled);
  const compiled = await containers.once(['node', 'api/main.ts'], { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' });
  const taken = compiled.output.split('was accepted').length - 1;
  check('what Node compiles is kept already', taken > 1_000, taken);
  for (const entry of ['api/main.ts', 'worker/main.ts', 'db/migrate.ts']) {
    const { code, output } = await containers.once(['node', entry]);
    check(`${entry} without configuration says what is missing`, code === EX_CONFIG && output.includes('DATABASE_URL'), {
      code,
      output,
    });
  }

  for (const turn of ['migrates', 'migrates again: nothing to do']) {
    const migrated = await containers.once(['node', 'db/migrate.ts'], database);
    check(`db/migrate.ts ${turn}`, migrated.code === 0, migrated);
  }

  const [workerLog, apiLog] = [join(folder, 'worker.log'), join(folder, 'api.log')];
  const worker = await containers.start(
    'worker',
    ['node', '--import', './worker/fast-path/preload.ts', 'worker/main.ts'],
    { ...common, WORKER_PORT: String(workerPort) },
    workerLog,
  );
  const here = { HOST: '127.0.0.1', PORT: String(port) };
  const api = await containers.start('api', ['node', 'api/main.ts'], { ...common, ...auth, ...here }, apiLog);
  const url = `http://127.0.0.1:${port}`;
  await answers(`http://127.0.0.1:${workerPort}/`, worker, workerLog);
  await answers(`${url}/readyz`, api, apiLog);
  const said = lastLines(workerLog, 50).join('\n');
  check('worker/main.ts polls, on the fast path', !said.includes('without the fast path'), said);
  for (const path of ['/', '/docs', '/docs/swagger-ui-bundle.js', '/openapi.json', '/metrics']) {
    const response = await fetch(url + path);
    // Read to its end: half an answer keeps its connection, and the API from leaving, for ten seconds.
    await response.arrayBuffer();
    check(`api/main.ts answers ${path}`, response.ok, response.status);
  }

  const permissions = 'order.write,delivery.read,delivery.write';
  const token = await containers.once(['node', 'api/token.ts', '--sub', 'kim', '--permissions', permissions], auth);
  check('api/token.ts signs a token', token.code === 0 && token.output.startsWith('ey'), token.output);
  say(`a line's life: ${(await liveALine(url, token.output.trim())).join(' → ')}`);

  const rebuilt = await containers.once(['node', 'worker/rebuild/main.ts', '--dry-run'], common);
  check('worker/rebuild/main.ts finds nothing to repair', rebuilt.code === 0 && rebuilt.output.includes(' 0 to repair'), rebuilt);

  const deployed = await containers.once(['node', 'worker/deploy/main.ts', 'status'], common);
  check(
    'worker/deploy/main.ts knows the version of the worker',
    deployed.code === 0 && deployed.output.includes('worker 1'),
    deployed,
  );

  const watchLog = join(folder, 'watch.log');
  const watched = { WATCH_PORT: String(watchPort), WATCH_DATABASES: postgres.url };
  const watch = await containers.start('watch', ['node', 'db/watch/main.ts'], watched, watchLog);
  await answers(`http://127.0.0.1:${watchPort}/healthz`, watch, watchLog);
  const state = await (await fetch(`http://127.0.0.1:${watchPort}/metrics`)).text();
  check('db/watch/main.ts sees the database', /^database_up\{.*\} 1$/m.test(state), state.slice(0, 300));

  for (const [name, container] of Object.entries({ api, worker, watch })) {
    const code = await container.stop();
    check(`the ${name} ends on SIGTERM`, code === 0, { code, said: lastLines(join(folder, `${name}.log`), 10) });
  }
  console.log(`${image}: every program runs`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await keeper.stop();
  await containers.remove();
  rmSync(folder, { recursive: true, force: true });
}
