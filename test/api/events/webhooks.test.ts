import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { pino } from 'pino';
import { withClient } from '../../../local/servers/postgres.ts';
import { aboutWebhook, sealer } from '../../../process/sealed.ts';
import { placeOrder, unique } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { hook, WEBHOOKS } from './hooks.ts';

let stack: Stack;
const logged: string[] = [];
beforeAll(async () => {
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  stack = await startStack({}, { hasWorker: false, log });
});
afterAll(() => stack.stop());
afterEach(() => stack.db.query(sql`delete from webhooks`));

const secretOf = async (id: number) => {
  const [row] = await stack.db.query(sql<any>`select secret, old_secret, old_secret_until > now() + interval '23 hours' as long
    from webhooks where id = ${id}`);
  return row;
};
const opened = (id: number, sealed: string) => sealer(stack.deps.webhooks.WEBHOOK_SECRET_KEY).unseal(sealed, aboutWebhook(id));
const keyed = (key = unique('hook')) => ({ headers: { 'idempotency-key': key } });
/** Everything that is stored, as a dump of the database shows it. */
const dump = () =>
  withClient(stack.databaseUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
    );
    const texts: string[] = [];
    for (const { name } of rows)
      texts.push(...(await client.query<{ text: string }>(`select t::text as text from ${name} t`)).rows.map(({ text }) => text));
    return texts.join('\n');
  });

describe('an endpoint', () => {
  test('is made, shown, changed, switched off and on, and deleted', async () => {
    const { status, body } = await stack.post(WEBHOOKS, hook({ description: '  쇼핑몰  ' }));
    expect(status).toBe(201);
    const { secret, ...made } = body;
    expect(made).toEqual({
      ...{ id: expect.any(Number), url: hook().url, types: ['delivery.shipped', 'delivery.delivered'], description: '쇼핑몰' },
      ...{ state: 'enabled', disabledReason: null, failingSince: null, lastFailure: null, lastSuccessAt: null, waiting: 0 },
    });
    const one = `${WEBHOOKS}/${made.id}`;
    expect((await stack.get(one)).body).toEqual(made);
    expect((await stack.get(WEBHOOKS)).body).toEqual({ items: [made] });
    const changed = await stack.put(one, hook({ url: 'https://other.example/in', types: ['*', 'delivery.shipped'] }));
    expect([changed.status, changed.body]).toEqual([
      200,
      { ...made, url: 'https://other.example/in', types: ['*'], description: null },
    ]);
    expect(opened(made.id, (await secretOf(made.id)).secret)).toBe(secret);
    for (let time = 0; time < 2; time++) {
      const off = await stack.post(`${one}/disable`, undefined);
      expect([off.status, off.body]).toEqual([200, { ...changed.body, state: 'disabled', disabledReason: 'operator' }]);
    }
    for (let time = 0; time < 2; time++)
      expect((await stack.post(`${one}/enable`, undefined)).body).toEqual({ ...changed.body, state: 'enabled' });
    // Nothing is sent to it any more while what it was told is deleted.
    expect((await stack.delete(one)).body).toEqual({ ...changed.body, state: 'disabled', disabledReason: 'operator' });
    expect((await stack.get(WEBHOOKS)).body).toEqual({ items: [] });
    for (const answer of [await stack.get(one), await stack.put(one, hook()), await stack.delete(one)])
      expect([answer.status, answer.body.code]).toEqual([404, 'WEBHOOK_NOT_FOUND']);
    for (const act of ['enable', 'disable', 'rotate-secret', 'test'])
      expect((await stack.post(`${one}/${act}`, undefined)).body.code).toBe('WEBHOOK_NOT_FOUND');
  });

  test('is failing from its first failure, and not once it is enabled again; why it was disabled stays', async () => {
    const { id } = (await stack.post(WEBHOOKS, hook())).body;
    const since = new Date();
    await stack.db.query(sql`update webhooks set failing_since = ${since} where id = ${id}`);
    expect((await stack.get(`${WEBHOOKS}/${id}`)).body).toMatchObject({ state: 'failing', failingSince: since.toISOString() });
    expect((await stack.post(`${WEBHOOKS}/${id}/enable`, undefined)).body.state).toBe('failing');
    await stack.db.query(sql`update webhooks set enabled = false, disabled_reason = 'gone' where id = ${id}`);
    const off = (await stack.post(`${WEBHOOKS}/${id}/disable`, undefined)).body;
    expect([off.state, off.disabledReason, off.failingSince]).toEqual(['disabled', 'gone', since.toISOString()]);
    const on = (await stack.post(`${WEBHOOKS}/${id}/enable`, undefined)).body;
    expect([on.state, on.disabledReason, on.failingSince]).toEqual(['enabled', null, null]);
  });

  test('says why it fails, also where hundreds wait behind what was tried', async () => {
    const { id } = (await stack.post(WEBHOOKS, hook())).body;
    const failure = { at: new Date().toISOString(), status: 500, ms: 5, answer: 'no', error: null };
    await stack.db.query(sql`insert into webhook_deliveries (webhook_id, event_id, stored_at, subject, attempts)
      select ${id}::bigint, n, now(), 's' || n, case n when 1 then ${JSON.stringify([{ ...failure, status: 204 }])}::jsonb
        when 2 then ${JSON.stringify([failure])}::jsonb else '[]' end from generate_series(1, 300) n`);
    const last = async () => (await stack.get(`${WEBHOOKS}/${id}`)).body.lastFailure;
    expect(await last()).toBeNull();
    await stack.db.query(sql`update webhooks set failing_since = now() where id = ${id}`);
    expect(await last()).toEqual(failure);
  });

  test('begins after what has happened, and goes on where it stopped', async () => {
    await placeOrder(stack, [{}, {}]);
    const { id } = (await stack.post(WEBHOOKS, hook())).body;
    const [head] = await stack.db.query(sql<{ id: number }>`select id from event_head`);
    const place = async () => (await stack.db.query(sql<any>`select told_until from webhooks where id = ${id}`))[0].told_until;
    expect(head?.id).toBeGreaterThanOrEqual(2);
    expect(await place()).toBe(head?.id);
    await placeOrder(stack, [{}]);
    for (const act of ['disable', 'enable']) await stack.post(`${WEBHOOKS}/${id}/${act}`, undefined);
    expect(await place()).toBe(head?.id);
  });

  test('there are 20, also when two are made at once', async () => {
    for (let made = 0; made < 18; made++) expect((await stack.post(WEBHOOKS, hook())).status).toBe(201);
    const answers = await Promise.all(Array.from({ length: 6 }, () => stack.post(WEBHOOKS, hook())));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('WEBHOOK_LIMIT');
    expect((await stack.get(WEBHOOKS)).body.items).toHaveLength(20);
  });

  test('a wish that is executed late changes nothing that was said later', async () => {
    const { id } = (await stack.post(WEBHOOKS, hook())).body;
    await stack.db.query(sql`update webhooks set asked_at = now() + interval '1 minute' where id = ${id}`);
    const before = await secretOf(id);
    const one = `${WEBHOOKS}/${id}`;
    const late = [
      await stack.put(one, hook({ url: 'https://late.example' })),
      ...(await Promise.all(['disable', 'enable', 'rotate-secret'].map((act) => stack.post(`${one}/${act}`, undefined)))),
    ];
    expect(late.map(({ status, body }) => [status, body.code])).toEqual(late.map(() => [409, 'SUPERSEDED']));
    expect(await secretOf(id)).toEqual(before);
    expect((await stack.get(one)).body.url).toBe(hook().url);
  });
});

describe('a secret', () => {
  test('is 32 random bytes as Standard Webhooks writes them, and nobody shows it again', async () => {
    const made = (await stack.post(WEBHOOKS, hook())).body;
    const other = (await stack.post(WEBHOOKS, hook())).body;
    for (const { secret } of [made, other]) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    }
    expect(made.secret).not.toBe(other.secret);
    const one = `${WEBHOOKS}/${made.id}`;
    const others = [
      await stack.get(WEBHOOKS),
      await stack.get(one),
      await stack.put(one, hook()),
      await stack.post(`${one}/disable`, undefined),
      await stack.post(`${one}/enable`, undefined),
      await stack.get(`${one}/deliveries`),
      await stack.delete(one),
    ];
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 200));
    expect(JSON.stringify(others.map(({ body }) => body))).not.toMatch(/secret|whsec/i);
  });

  test('is rotated: the one before signs for a day, the one before that no more', async () => {
    const { id, secret: first } = (await stack.post(WEBHOOKS, hook())).body;
    const rotated = await stack.post(`${WEBHOOKS}/${id}/rotate-secret`, undefined);
    expect([rotated.status, rotated.body.id, rotated.body.url]).toEqual([200, id, hook().url]);
    const second = rotated.body.secret;
    let row = await secretOf(id);
    expect([opened(id, row.secret), opened(id, row.old_secret), row.long]).toEqual([second, first, true]);
    const { secret: third } = (await stack.post(`${WEBHOOKS}/${id}/rotate-secret`, undefined)).body;
    row = await secretOf(id);
    expect([opened(id, row.secret), opened(id, row.old_secret)]).toEqual([third, second]);
    expect(new Set([first, second, third]).size).toBe(3);
  });

  test('a repeat under the same key makes no other, and tells the same caller alone', async () => {
    const sent = keyed();
    const first = await stack.post(WEBHOOKS, hook(), sent);
    const again = await Promise.all([stack.post(WEBHOOKS, hook(), sent), stack.post(WEBHOOKS, hook(), sent)]);
    for (const { status, body } of again) expect([status, body]).toEqual([201, first.body]);
    const rotating = keyed();
    const rotate = () => stack.post(`${WEBHOOKS}/${first.body.id}/rotate-secret`, undefined, rotating);
    expect((await rotate()).body).toEqual((await rotate()).body);
    expect((await stack.get(WEBHOOKS)).body.items).toHaveLength(1);
    const somebody = await stack.token(['event.read', 'event.write'], { sub: 'park' });
    const other = await stack.post(WEBHOOKS, hook(), { ...sent, token: somebody });
    expect(other.status).toBe(201);
    expect([other.body.id, other.body.secret]).not.toEqual([first.body.id, first.body.secret]);
  });

  test('stands in no table and in no line of the log', async () => {
    const made = (await stack.post(WEBHOOKS, hook(), keyed())).body;
    const { secret } = (await stack.post(`${WEBHOOKS}/${made.id}/rotate-secret`, undefined)).body;
    // Not by expect(text): a failure would print all of it.
    const stands = (text: string, written: string) => text.includes(written);
    const everything = await dump();
    expect(stands(everything, `""id"":${made.id},`)).toBe(true);
    expect(logged.length).toBeGreaterThan(10);
    for (const each of [made.secret, secret]) {
      const bytes = Buffer.from(each.slice(6), 'base64');
      for (const written of [each, each.slice(6), bytes.toString('base64url'), bytes.toString('hex')])
        expect([stands(everything, written), stands(logged.join('\n'), written)]).toEqual([false, false]);
    }
    expect(stands(everything, 'whsec_')).toBe(false);
  });
});
