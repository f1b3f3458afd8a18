import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';

const read = (path: string): unknown => parse(readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8'), { merge: true });

const image = z.object({ image: z.object({ tag: z.string() }) });
const store = z.object({
  sql: z.object({ pluginName: z.string(), databaseName: z.string(), user: z.string(), existingSecret: z.string() }),
});
const values = z
  .object({
    server: image.extend({
      config: z.object({
        persistence: z.object({ numHistoryShards: z.number(), datastores: z.object({ default: store, visibility: store }) }),
        namespaces: z.object({ namespace: z.array(z.object({ name: z.string(), retention: z.string() })) }),
      }),
      dynamicConfig: z.record(z.string(), z.array(z.object({ constraints: z.object({ taskQueueName: z.string() }) }))),
    }),
    admintools: image,
    web: image,
  })
  .parse(read('deploy/kubernetes/temporal/values.yaml'));

describe("the values of Temporal's chart", () => {
  const { services } = z
    .object({
      services: z.record(z.string(), z.object({ image: z.string(), environment: z.record(z.string(), z.any()).optional() })),
    })
    .parse(read('docker-compose.yml'));
  const tagOf = (service: string) => services[service]?.image.split(':')[1];
  const environment = services.temporal?.environment ?? {};

  test('name the versions of Compose', () => {
    expect(values.server.image.tag).toBe(tagOf('temporal'));
    expect(values.admintools.image.tag).toBe(tagOf('temporal-schema'));
    expect(values.web.image.tag).toBe(tagOf('temporal-ui'));
  });

  test('and its databases, shards and retention', () => {
    const { numHistoryShards, datastores } = values.server.config.persistence;
    expect(String(numHistoryShards)).toBe(environment.NUM_HISTORY_SHARDS);
    expect([datastores.default.sql.databaseName, datastores.visibility.sql.databaseName]).toEqual([
      environment.DBNAME,
      environment.VISIBILITY_DBNAME,
    ]);
    for (const { sql } of Object.values(datastores))
      expect(sql).toMatchObject({
        pluginName: environment.DB,
        user: environment.POSTGRES_USER,
        existingSecret: 'temporal-database',
      });
    expect(values.server.config.namespaces.namespace).toEqual([{ name: 'default', retention: '30d' }]);
  });

  test('speak of the task queue that ours have', () => {
    const queues = Object.values(values.server.dynamicConfig).flatMap((each) =>
      each.map(({ constraints }) => constraints.taskQueueName),
    );
    const config = readFileSync(join(import.meta.dirname, '../../deploy/kubernetes/base/config.env'), 'utf8');
    expect(queues.length).toBeGreaterThan(1);
    for (const queue of queues) expect(config).toContain(`TASK_QUEUE=${queue}\n`);
  });
});
