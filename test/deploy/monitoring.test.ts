import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { kustomize, rendered } from './kustomize.ts';
import { faultsOf } from './schemas.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const ALERTS = 'deploy/prometheus/alerts.yml';

test('Prometheus gives each program in Kubernetes the job that alerts and boards know', async () => {
  const manifests = await rendered(await kustomize(), join(root, 'deploy/kubernetes/production'));
  const given = manifests.flatMap(({ kind, spec }) =>
    kind === 'PodMonitor' ? spec.podMetricsEndpoints.map(({ relabelings }: any) => relabelings) : [],
  );
  const known: string[] = parse(read('deploy/prometheus/prometheus.yml')).scrape_configs.map((each: any) => each.job_name);
  const ours = known.filter((job) => job.startsWith('delivery-'));
  expect(given).toHaveLength(ours.length);
  expect(given).toEqual(expect.arrayContaining(ours.map((job) => [{ targetLabel: 'job', replacement: job }])));

  const asked = [ALERTS, ...globSync('deploy/grafana/*.json', { cwd: root })].flatMap((file) =>
    [...read(file).matchAll(/job=\\?"([^"\\]+)\\?"/g)].map(([, job]) => job),
  );
  expect(asked.length).toBeGreaterThan(10);
  expect(known).toEqual(expect.arrayContaining([...new Set(asked)]));
});

test('the alerts are a rule that the Prometheus operator takes', async () => {
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'delivery' },
    spec: parse(read(ALERTS)),
  };
  expect(await faultsOf(rule)).toEqual([]);
  rule.spec.groups[0].rules[0].exp = 'up';
  expect(await faultsOf(rule)).toEqual([expect.stringContaining('/spec/groups/0/rules/0/exp')]);
});
