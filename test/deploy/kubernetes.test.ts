import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { apiConfig } from '../../process/config/api.ts';
import { batchConfig } from '../../process/config/batches.ts';
import { databaseConfig } from '../../process/config/database.ts';
import { lineConfig } from '../../process/config/lines.ts';
import { noticeConfig } from '../../process/config/notices.ts';
import type { Environment } from '../../process/config/reading.ts';
import { temporalConfig } from '../../process/config/temporal.ts';
import { trackerConfig } from '../../process/config/tracker.ts';
import { watchConfig } from '../../process/config/watch.ts';
import { webhookConfig } from '../../process/config/webhooks.ts';
import { workerConfig } from '../../process/config/worker.ts';
import { kustomize, rendered } from './kustomize.ts';
import { environmentOf, type Pods, podsOf, selects } from './pods.ts';
import { faultsOf, type Manifest } from './schemas.ts';

const root = join(import.meta.dirname, '..', '..');
const folders = ['deploy/kubernetes/production', 'deploy/kubernetes/production/migration', 'test/deploy/with-tls'];
const from = new Map<string, Manifest[]>();
const everything = (): Manifest[] => [...from.values()].flat();
const production = (): Manifest[] => folders.slice(0, 2).flatMap((folder) => from.get(folder) ?? []);
const named = (kind: string, name: string): Manifest => {
  const found = production().find((each) => each.kind === kind && each.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return structuredClone(found);
};

/** docs/deploying.md#secrets, with values as somebody would give them. */
const secrets = {
  'delivery-database': { DATABASE_URL: 'postgresql://delivery:secret@db.example:5432/delivery' },
  'delivery-tracker': {
    DELIVERY_API_TIER: 'tier',
    DELIVERY_API_KEY: 'key',
    TRACKING_CALLBACK_SECRET: 'a-callback-secret-long-enough-0123456789',
  },
  'delivery-webhooks': { WEBHOOK_SECRET_KEY: 'a-key-for-the-secrets-of-webhooks-0123456789' },
  'delivery-notices': {
    NOTICE_PROVIDER: 'solapi',
    NOTICE_API_KEY: 'key',
    NOTICE_API_SECRET: 'secret',
    NOTICE_SENDER_KEY: 'channel',
    NOTICE_SENDER: '0212345678',
  },
  'delivery-watch': {
    WATCH_DATABASES: 'postgresql://watch:secret@db.example/delivery postgresql://watch:secret@db.example/temporal',
  },
  'delivery-auth': { AUTH_JWT_SECRET: 'a-secret-for-tokens-that-is-long-enough-0123' },
};

beforeAll(async () => {
  const program = await kustomize();
  for (const folder of folders) from.set(folder, await rendered(program, join(root, folder)));
});

describe("Kubernetes' schemas", () => {
  test('take every manifest, and know every field of it', async () => {
    expect(everything().length).toBeGreaterThan(20);
    expect((await Promise.all(everything().map(faultsOf))).flat()).toEqual([]);
  });

  test.each<[string, (manifest: Manifest) => void, string]>([
    ['a field misspelt', ({ spec }) => Object.assign(spec.template.spec.containers[0], { readinesProbe: {} }), 'readinesProbe'],
    ['a number that is a word', ({ spec }) => Object.assign(spec, { minReadySeconds: 'ten' }), 'must be integer'],
    ['a selector forgotten', ({ spec }) => Reflect.deleteProperty(spec, 'selector'), 'selector'],
    ['a field in the wrong place', ({ spec }) => Object.assign(spec, { serviceAccountName: 'delivery' }), 'serviceAccountName'],
    ['a version that never was', (manifest) => Object.assign(manifest, { apiVersion: 'apps/v3' }), 'apps/v3'],
  ])('refuse %s', async (_fault, spoil, word) => {
    const manifest = named('Deployment', 'worker');
    spoil(manifest);
    expect(await faultsOf(manifest)).toEqual([expect.stringContaining(word)]);
  });

  test.each([
    ['ScaledObject', 'worker', 'maxReplicas'],
    ['PodMonitor', 'api', 'podMetricsEndpoint'],
    ['NetworkPolicy', 'api', 'ingres'],
  ])('refuse an unknown field of a %s', async (kind, name, field) => {
    const manifest = named(kind, name);
    manifest.spec[field] = 1;
    expect(await faultsOf(manifest)).toEqual([`${kind} ${name}: unknown field /spec/${field}`]);
  });
});

describe('what runs', () => {
  const pods = () => podsOf(everything());

  test('are our four programs, as npm and Compose start them', () => {
    expect(podsOf(production()).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'Deployment api',
      'Deployment watch',
      'Deployment worker',
      'Job migrate',
    ]);
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    // Where Node keeps what it compiles is npm's to say on a machine, and the image's in a container.
    const commandOf = (name: string) => scripts[name].replace(/^NODE_COMPILE_CACHE=\S+ /, '');
    for (const { name, container } of pods()) expect([name, container.command.join(' ')]).toEqual([name, commandOf(name)]);
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toMatch(/^ENV NODE_COMPILE_CACHE=\/app\/node_modules\/\S+$/m);
    for (const { container } of pods()) expect(existsSync(join(root, container.command.at(-1) ?? ''))).toBe(true);
  });

  test('are one version, in one place', () => {
    const images = podsOf(production()).map(({ container }) => container.image);
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^registry\.example\/delivery-back-office:\d/);
  });

  test('have nothing that they do not need', () => {
    for (const { name, spec, container } of pods()) {
      expect([name, spec.securityContext]).toEqual([
        name,
        expect.objectContaining({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } }),
      ]);
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
      expect(container.resources?.limits?.memory).toMatch(/^\d/);
      expect(container.resources?.requests).toEqual({ cpu: expect.anything(), memory: expect.anything() });
    }
  });

  test('a secret stands in no manifest, only its name', () => {
    expect(everything().filter(({ kind }) => kind === 'Secret')).toEqual([]);
    const data = everything().flatMap(({ kind, data }) => (kind === 'ConfigMap' ? Object.keys(data) : []));
    expect(data.filter((name) => /SECRET|KEY$|PASSWORD|DATABASE_URL/.test(name) && !name.endsWith('TLS_KEY'))).toEqual([]);
    const guide = readFileSync(join(root, 'docs/deploying.md'), 'utf8');
    for (const [name, held] of Object.entries(secrets))
      for (const each of [name, ...Object.keys(held)]) expect(guide).toContain(`\`${each}\``);
  });

  test('take the configuration that they are given, and know every variable of it', () => {
    const readers = {
      api: [apiConfig, temporalConfig, databaseConfig, trackerConfig, webhookConfig, lineConfig],
      worker: [workerConfig, temporalConfig, databaseConfig, trackerConfig, webhookConfig, batchConfig, noticeConfig],
      migrate: [databaseConfig],
      watch: [watchConfig],
    } as Record<string, ((environment: Environment) => unknown)[]>;
    const sources = globSync('process/config/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));
    const isRead = (name: string) => sources.some((source) => new RegExp(`\\b${name}: \\w`).test(source));
    for (const pod of podsOf(production())) {
      const environment = environmentOf(pod, production(), secrets);
      for (const read of readers[pod.name] ?? []) expect(() => read(environment)).not.toThrow();
      expect(Object.keys(environment).filter((name) => name !== 'NODE_ENV' && !isRead(name))).toEqual([]);
    }
  });
});

describe('what points at something', () => {
  const taken = (selector: Parameters<typeof selects>[0]): Pods[] =>
    podsOf(production()).filter(({ labels }) => selects(selector, labels));

  test('every selector finds pods', () => {
    const looking = production().filter(({ spec }) => spec?.selector ?? spec?.podSelector);
    expect(looking.length).toBeGreaterThan(8);
    for (const { kind, metadata, spec } of looking) {
      const selector = kind === 'Service' ? { matchLabels: spec.selector } : (spec.selector ?? spec.podSelector);
      expect([kind, metadata.name, taken(selector).length]).not.toEqual([kind, metadata.name, 0]);
    }
  });

  test('every named port is one of the pods that are meant', () => {
    for (const { kind, spec } of production()) {
      const ports: unknown[] =
        kind === 'Service'
          ? spec.ports.map(({ targetPort }: { targetPort: unknown }) => targetPort)
          : kind === 'PodMonitor'
            ? spec.podMetricsEndpoints.map(({ port }: { port: unknown }) => port)
            : kind === 'NetworkPolicy'
              ? (spec.ingress ?? []).flatMap((rule: { ports: { port: unknown }[] }) => rule.ports.map(({ port }) => port))
              : [];
      const selector = kind === 'Service' ? { matchLabels: spec.selector } : (spec?.selector ?? spec?.podSelector ?? {});
      const open = taken(selector).flatMap(({ container }) => (container.ports ?? []).map(({ name }) => name));
      expect(ports.filter((port) => !open.includes(String(port)))).toEqual([]);
    }
  });

  test('a rollout takes no old worker before the new version has the lines', () => {
    const { strategy, template } = named('Deployment', 'worker').spec;
    expect(strategy.rollingUpdate.maxUnavailable).toBe(0);
    expect(template.spec.containers[0].readinessProbe.httpGet.path).toBe('/current');
  });

  test('who is scaled has no number of its own', () => {
    const scaled = production().filter(({ kind }) => kind === 'ScaledObject' || kind === 'HorizontalPodAutoscaler');
    expect(scaled.map(({ spec }) => spec.scaleTargetRef.name).sort()).toEqual(['api', 'worker']);
    for (const { spec } of scaled) expect(named('Deployment', spec.scaleTargetRef.name).spec).not.toHaveProperty('replicas');
  });
});
