import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defineEntity, type EntitySchema, MikroORM, p } from '@mikro-orm/postgresql';
import { entities } from '../../db/entities.ts';
import { WorkerEntity } from '../../db/tables/worker.ts';
import { withClient } from '../../local/servers/postgres.ts';
import { catalog, difference } from '../support/catalog.ts';
import { createDatabase } from '../support/database.ts';
import { TEMPLATE, testServers } from '../support/servers.ts';

type Schema = readonly EntitySchema<any, any>[];

/** Indexes call them and no table owns them; MikroORM knows routines of its own making alone and would drop these. */
const functions = ['digits', 'letter_pairs', 'number_key', 'phone_keys', 'phone_number'].map(
  (name) => `drop function if exists "${name}"(text);`,
);

/** A trigger that reads all rows of a statement together cannot be said by an entity either. */
const trigger = [
  'drop trigger if exists "order_lines_product_names" on "order_lines";',
  'drop function if exists "order_lines_order_lines_product_names_fn"();',
];

const unsaid = [...trigger, ...functions];

/** What no entity can say: `-` is in the migrated database alone, `+` in one made of the entities alone. */
const inexpressible = [
  // MikroORM names the sequence of a counting key after its column.
  "- column shipping_places.place_no bigint not null nextval('shipping_place_no_seq'::regclass)",
  "+ column shipping_places.place_no bigint not null nextval('shipping_places_place_no_seq'::regclass)",
  "- column shipping_policies.policy_no bigint not null nextval('shipping_policy_no_seq'::regclass)",
  "+ column shipping_policies.policy_no bigint not null nextval('shipping_policies_policy_no_seq'::regclass)",
  '- sequence shipping_place_no_seq from 176042',
  '+ sequence shipping_places_place_no_seq from 1',
  '- sequence shipping_policy_no_seq from 663289',
  '+ sequence shipping_policies_policy_no_seq from 1',
  // Sequences that statements call by name.
  '- sequence assembly_plan_uid_seq from 1',
  '- sequence delivery_no_seq from 1',
  '- sequence pickup_no_seq from 1',
  // How a table is kept: room on its pages, no log, bytes as they are.
  '- table command_pace unlogged',
  '+ table command_pace',
  '- table delivery_lines fillfactor=85',
  '+ table delivery_lines',
  '- table shipping_products fillfactor=85',
  '+ table shipping_products',
  '- storage bulk_uploads.content e',
];

/** For MikroORM each day's partition would be a difference; PostgreSQL's own comparison below knows this table too. */
const partitioned = ['events'];

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function withOrm<T>(schema: Schema, work: (orm: MikroORM) => Promise<T>, skipTables: string[] = []): Promise<T> {
  const orm = new MikroORM({ entities: [...schema], clientUrl: database.url, schemaGenerator: { skipTables }, logger: () => {} });
  try {
    return await work(orm);
  } finally {
    await orm.close(true);
  }
}

/** What MikroORM would do to the migrated database, statement by statement. */
const wouldChange = (schema: Schema) =>
  withOrm(
    schema,
    async (orm) => (await orm.schema.getUpdateSchemaSQL({ wrap: false })).split('\n').filter((line) => line !== ''),
    partitioned,
  );

/** The catalog of a database that MikroORM makes of entities, where there are only the migrations' functions before. */
async function made(schema: Schema): Promise<string[]> {
  const { databaseUrl } = testServers();
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const sql = await withOrm(schema, (orm) => orm.schema.getCreateSchemaSQL({ wrap: false }));
  const { rows } = await withClient(database.url, (client) =>
    client.query<{ body: string }>(
      `select pg_get_functiondef(oid) as body from pg_proc where pronamespace = 'public'::regnamespace`,
    ),
  );
  return withClient(databaseUrl.replace(TEMPLATE, 'postgres'), async (server) => {
    await server.query(`create database ${name} template template0`);
    try {
      return await withClient(databaseUrl.replace(TEMPLATE, name), async (client) => {
        for (const { body } of rows) await client.query(body);
        await client.query(sql);
        return catalog(client);
      });
    } finally {
      await server.query(`drop database ${name} with (force)`);
    }
  });
}

describe('the entities are the migrated schema', () => {
  test('MikroORM would change nothing but drop the functions of indexes and the trigger', async () => {
    expect(await wouldChange(entities)).toEqual(unsaid);
  });

  // MikroORM compares an index on an expression by its name alone, and a generated column not by its type.
  test('PostgreSQL makes the same of the entities and of the migrations', async () => {
    const migrated = await withClient(database.url, catalog);
    expect(migrated.length).toBeGreaterThan(600);
    expect(difference(migrated, await made(entities)).sort()).toEqual([...inexpressible].sort());
  });
});

/** The table of workers said otherwise, among all others as they are. */
const insteadOfWorkers = (
  properties: Parameters<typeof defineEntity>[0]['properties'],
  indexes: { name: string; expression: string }[] = [],
) =>
  [
    ...entities.filter((entity) => entity !== WorkerEntity),
    defineEntity({ name: 'WorkerEntity', tableName: 'workers', properties: { ...properties, missing }, indexes }),
  ] as Schema;

const missing = p.array().defaultRaw("'{}'");
const id = p.text().primary();
const taskQueue = p.text();
const seenAt = p.datetime().defaultRaw('now()');

describe('a difference is found', () => {
  test('none where the copy says the same', async () => {
    expect(await wouldChange(insteadOfWorkers({ id, taskQueue, seenAt }))).toEqual(unsaid);
  });

  test.each([
    ['a column that is missing', { id, taskQueue }, 'alter table "workers" drop column "seen_at";'],
    [
      'a column that is misspelt',
      { id, taskQueue, seenOn: seenAt },
      'alter table "workers" rename column "seen_at" to "seen_on";',
    ],
    ['a column too many', { id, taskQueue, seenAt, host: p.text() }, 'alter table "workers" add "host" text not null;'],
    [
      'another type',
      { id, taskQueue: p.integer(), seenAt },
      'alter table "workers" alter column "task_queue" type int using ("task_queue"::int);',
    ],
    [
      'a column that may be null',
      { id, taskQueue: p.text().nullable(), seenAt },
      'alter table "workers" alter column "task_queue" drop not null;',
    ],
    [
      'a default that is missing',
      { id, taskQueue, seenAt: p.datetime() },
      'alter table "workers" alter column "seen_at" drop default;',
    ],
  ])('%s', async (_, properties, statement) => {
    expect(await wouldChange(insteadOfWorkers(properties))).toContain(statement);
  });

  test('a table that is missing', async () => {
    expect(await wouldChange(entities.filter((entity) => entity !== WorkerEntity))).toContain(
      'drop table if exists "workers" cascade;',
    );
  });

  test('an index on another expression, of which MikroORM sees the name alone', async () => {
    const expression = 'CREATE INDEX workers_queue ON public.workers USING btree (lower(task_queue))';
    const migrated = await withClient(database.url, catalog);
    const changed = await made(insteadOfWorkers({ id, taskQueue, seenAt }, [{ name: 'workers_queue', expression }]));
    expect(difference(migrated, changed)).toContain(`+ index ${expression}`);
  });
});
