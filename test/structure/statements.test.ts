import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { examples } from '../../docs/statements/all.ts';
import { statementsOf } from '../../docs/statements/example.ts';
import { statementsSql } from '../../docs/statements/sql.ts';
import { createDatabase } from '../support/database.ts';
import { root } from './imports.ts';

let database: Awaited<ReturnType<typeof createDatabase>>;
let client: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  // What PostgreSQL would do with tables too large to be read whole.
  await client.query('set enable_seqscan = off');
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** How PostgreSQL would do a statement without knowing its values. */
async function plansOf(example: (typeof examples)[number]): Promise<string> {
  const plans: string[] = [];
  for (const { sql } of await statementsOf(example)) {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (generic_plan, costs off) ${sql}`);
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
  }
  return plans.join('\n\n');
}

describe('the lists of db/', () => {
  test('db/statements.sql is as `npm run docs` writes it', async () => {
    expect(readFileSync(join(root, 'db/statements.sql'), 'utf8')).toBe(await statementsSql());
  });

  test('every function of a list.ts has an example', () => {
    const lists = globSync('db/*/list.ts', { cwd: root }).flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/^export (?:async )?(?:function|const) (\w+)(?= =.*=>|\()/gm)].map(
        ([, name]) => `${file} ${name}`,
      ),
    );
    expect(lists.filter((list) => !examples.some(({ of }) => of === list))).toEqual([]);
  });

  test('every example is of a function that is there', () => {
    const isThere = (of: string) => {
      const [file = '', name] = of.split(' ');
      return new RegExp(`^export (?:async )?(?:function|const) ${name}\\b`, 'm').test(readFileSync(join(root, file), 'utf8'));
    };
    expect(examples.map(({ of }) => of).filter((of) => !isThere(of))).toEqual([]);
  });

  test.each(examples.map((example) => [`${example.of}: ${example.what}`, example] as const))('%s', async (_name, example) => {
    const plan = await plansOf(example);
    const missing = example.indexes.filter((index) => !new RegExp(`\\b${index}\\b`).test(plan));
    // The plan stands in the failure's message.
    expect({ plan, missing, readsAll: /Seq Scan on \w+/.exec(plan)?.[0] }).toEqual({ plan, missing: [] });
  });
});
