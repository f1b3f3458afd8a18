import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RawBuilder, sql } from 'kysely';
import { checkCallbacks } from '../../chaos/books/callbacks.ts';
import { type Ledgers, readLedgers, readPending } from '../../chaos/books/ledgers.ts';
import { checkPrivacy, type Searched } from '../../chaos/books/privacy.ts';
import { checkQuantities } from '../../chaos/books/quantities.ts';
import { checkSheets } from '../../chaos/books/sheets.ts';
import { checkTruth } from '../../chaos/books/truth.ts';
import { commandLine, type PlacedLine, placeOrder, take, uniqueWaybill } from '../support/scenes/orders.ts';
import { DELIVERED, openClaim, placedLine, takePickup } from '../support/scenes/pickups.ts';
import { csv, ended, start, upload } from '../support/scenes/sheets.ts';
import { callbackFields, postForm } from '../support/scenes/tracking.ts';
import { eventually, type Stack, startStack } from '../support/stack.ts';

/*
 * The books that a minute of chaos cannot falsify (chaos.test.ts does the others): those that ask more than what was written down, and
 * those whose rows a run may not have.
 */
let stack: Stack;
let line: PlacedLine;
beforeAll(async () => {
  stack = await startStack();
  [line] = (await placeOrder(stack)) as [PlacedLine];
  await take(stack, line, ['instruct', 'release']);
  const { body } = await upload(stack, csv([[line.deliveryNo, line.lineNo, '04', uniqueWaybill()]]), { name: '출고.csv' });
  await start(stack, body.id);
  await ended(stack, body.id);
  const returned = await placedLine(stack);
  await takePickup(stack, await openClaim(stack, 'exchange', returned), ['instruct', 'confirm', 'complete']);
  // The mark of an exchange's line is the work of a sweep, which this stack has not.
  await stack.db.query(sql`update delivery_lines set started_at = now() where started_at is null`);
  await openClaim(stack, 'return', await placedLine(stack, DELIVERED));
  await postForm(stack, callbackFields(line.deliveryNo, '1', 3));
  await stack.post(
    '/api/bo/v1/delivery-lines/deliver',
    { lines: [{ deliveryNo: line.deliveryNo, lineNo: line.lineNo }] },
    { headers: { prefer: 'respond-async' } },
  );
  await eventually(async () => {
    const left = Object.entries(await readPending(stack.db)).filter(([, count]) => count > 0);
    if (left.length > 0) throw new Error(`pending: ${left.join('; ')}`);
    return true;
  });
});
afterAll(() => stack.stop());

describe('nothing pending', () => {
  const pending: Record<string, RawBuilder<unknown>> = {
    requests: sql`update requests set status = null, answer = null, answered_at = null where status = 200`,
    callbacks: sql`update tracking_journal set processed_at = null, outcome = null`,
    'lines without a workflow': sql`update delivery_lines set started_at = null`,
    'pickups without a workflow': sql`update pickups set started_at = null`,
    'claims half open': sql`update claims set status = 'reserving'`,
    'sheets under way': sql`update bulk_shipments set state = 'running'`,
    'commands sent as signals': sql`delete from delivery_history where command = 'deliver'`,
    'batch runs': sql`insert into batch_runs (batch, workflow_id, run_id, started_at, trigger, "by") values ('auto-complete', 'w', 'r', now(), 'manual', 'kim')`,
  };

  test('a book a kind', async () => {
    expect(Object.keys(await readPending(stack.db)).sort()).toEqual(Object.keys(pending).sort());
  });

  test.each(Object.entries(pending))('%s', async (name, falsify) => {
    const left = await stack.db
      .transaction(async (query) => {
        await query(falsify);
        throw await readPending({ query });
      })
      .catch((counts: unknown) => counts);
    expect(left).toMatchObject({ [name]: expect.any(Number) });
    expect((left as Record<string, number>)[name]).toBeGreaterThan(0);
  });
});

test('row = workflow: a row that differs in one field is found', async () => {
  const [other] = (await placeOrder(stack)) as [PlacedLine];
  expect(await commandLine(stack, 'instruct', other)).toMatchObject({ ok: true });
  expect(await checkTruth(stack)).toEqual([]);
  await stack.db.query(sql`update delivery_lines set quantity = quantity + 1 where delivery_no = ${other.deliveryNo}`);
  expect(await checkTruth(stack)).toEqual([
    { book: 'row = workflow', subject: `${other.deliveryNo}/${other.lineNo}`, text: expect.stringContaining('quantity') },
  ]);
  await stack.db.query(sql`update delivery_lines set quantity = quantity - 1 where delivery_no = ${other.deliveryNo}`);
});

describe('of rows that a run may not have', () => {
  const falsified = async (falsify: (ledgers: Ledgers) => void): Promise<Ledgers> => {
    const ledgers = await readLedgers(stack.db);
    falsify(ledgers);
    return ledgers;
  };

  test('sheets: a row that says it was shipped, and was not', async () => {
    expect(checkSheets(await falsified(() => {}))).toEqual([]);
    const lost = await falsified((ledgers) => {
      ledgers.history = ledgers.history.filter(
        ({ command, subject }) => command !== 'ship' || !subject.startsWith(line.deliveryNo),
      );
    });
    expect(checkSheets(lost)).toEqual([expect.objectContaining({ text: expect.stringContaining('was shipped') })]);
    const miscounted = await falsified(({ bulks }) => {
      for (const bulk of bulks) bulk.failed += 1;
    });
    expect(checkSheets(miscounted)).toHaveLength(1);
  });

  test('quantities: an exchange that was sent twice, or in another quantity', async () => {
    expect(checkQuantities([], await falsified(() => {}))).toEqual([]);
    const twice = await falsified(({ deliveries }) => {
      const sent = deliveries.find(({ pickup_no }) => pickup_no !== null);
      if (sent) deliveries.push({ ...sent, delivery_no: 'D0' });
    });
    expect(checkQuantities([], twice)).toEqual([expect.objectContaining({ text: expect.stringContaining('2 deliveries') })]);
    const more = await falsified(({ lines }) => {
      for (const each of lines) if (each.kind === 'exchange') each.quantity += 1;
    });
    expect(checkQuantities([], more)).toEqual([expect.objectContaining({ text: 'collected 1, sent 2' })]);
  });

  test('callbacks: a pickup whose arrival was reported, and which has not arrived', async () => {
    const ledgers = await falsified(({ pickups, journal }) => {
      const [pickup] = pickups;
      const [row] = journal;
      if (!pickup || !row) throw new Error('no pickup, or no callback');
      Object.assign(pickup, { state: 'instructed', waybill_no: '77', arrived_at: null });
      journal.push({ ...row, id: 99, fid: pickup.pickup_no, waybill_no: '77', level: 6, outcome: 'applied' });
    });
    expect(checkCallbacks([], ledgers)).toEqual([expect.objectContaining({ text: expect.stringContaining('has not arrived') })]);
  });
});

describe('personal data', () => {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-canaries-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const none = { lines: [], pickups: [] } as unknown as Ledgers;
  const bytes = (text: string) => new TextEncoder().encode(text);

  /** A Temporal with one workflow, which lists and remembers these. */
  const temporalWith = (listed: object, history: () => Promise<object>): Searched['temporal'] =>
    ({
      workflow: {
        list: async function* () {
          yield { workflowId: 'bulk-1', runId: 'r', raw: listed };
        },
        getHandle: () => ({ fetchHistory: history }),
      },
    }) as unknown as Searched['temporal'];
  const quiet = temporalWith({}, async () => ({}));

  test('in what a list of Temporal shows, or in a payload of any workflow', async () => {
    const memo = temporalWith({ memo: { fields: { note: { data: bytes('독고혼돈') } } } }, async () => ({}));
    const payload = temporalWith({}, async () => ({
      events: [{ input: { payloads: [{ data: bytes('{"phone":"73190246"}') }] } }],
    }));
    for (const temporal of [memo, payload])
      expect(await checkPrivacy({ exposed: [], metrics: [], temporal }, none)).toEqual([
        expect.objectContaining({ subject: 'bulk-1', text: expect.stringContaining('holds') }),
      ]);
  });

  test('in a file, between two pieces that are read', async () => {
    writeFileSync(join(folder, 'worker.log'), Buffer.concat([Buffer.alloc((1 << 20) - 5, 'x'), Buffer.from('은밀난장구')]));
    expect(await checkPrivacy({ exposed: [folder], metrics: [], temporal: quiet }, none)).toHaveLength(1);
  });

  test('among the metrics, and nowhere: nothing', async () => {
    let said = 'calls{route="/orders"} 1';
    const server = createServer((_request, response) => response.end(said)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const metrics = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`];
    expect(await checkPrivacy({ exposed: [], metrics, temporal: quiet }, none)).toEqual([]);
    said = 'calls{route="/orders/독고혼돈"} 1';
    expect(await checkPrivacy({ exposed: [], metrics, temporal: quiet }, none)).toHaveLength(1);
    server.close();
  });

  test('what cannot be read is not taken for clean', async () => {
    const silent = temporalWith({}, () => Promise.reject(new Error('Temporal does not answer')));
    expect(await checkPrivacy({ exposed: [], metrics: ['http://127.0.0.1:9/metrics'], temporal: silent }, none)).toEqual([
      expect.objectContaining({ subject: 'http://127.0.0.1:9/metrics', text: expect.stringContaining('cannot be read') }),
      expect.objectContaining({ subject: 'bulk-1', text: expect.stringContaining('does not answer') }),
    ]);
  });
});
