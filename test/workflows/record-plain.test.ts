import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Activities, createActivities } from '../../activities/index.ts';
import type { Db } from '../../db/database.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../../db/deliveries/row.ts';
import type { DeliveryCommand, DeliveryInput } from '../../domain/deliveries/commands.ts';
import { decideDelivery } from '../../domain/deliveries/machine.ts';
import { ledgerOf, shippingProduct, stockOf } from '../support/scenes/assembly.ts';
import { type PlacedLine, placeIn, releasedLines, storedRow, unique, uniqueWaybill } from '../support/scenes/orders.ts';
import { eventually, type Stack, startStack, trackingFor } from '../support/stack.ts';

let stack: Stack;
let record: Activities['record'];
/** What `record` needed a transaction for. */
let transactions = 0;
beforeAll(async () => {
  stack = await startStack();
  const { db, log, temporal } = stack.deps;
  const counting: Db = {
    ...db,
    transaction: (work) => {
      transactions++;
      return db.transaction(work);
    },
  };
  const onRepair = () => {};
  record = createActivities({
    db: counting,
    client: temporal,
    log,
    onRepair,
    bulkConcurrency: 1,
    tracking: trackingFor(),
  }).record;
});
beforeEach(() => {
  transactions = 0;
});
afterAll(() => stack.stop());

const held = async (line: PlacedLine) => toDeliveryLine((await storedRow(stack, line)) as unknown as DeliveryLineRow);

/** Decides as the line's workflow does and records it; the workflow itself is never told. */
async function act(line: PlacedLine, command: DeliveryCommand, requestId = unique('R'), input: DeliveryInput = {}) {
  const now = await held(line);
  const at = new Date().toISOString();
  const decision = decideDelivery(now, command, { hasReason: true, actor: 'admin', ...input }, at);
  if (!decision.ok) throw new Error(decision.code);
  const entry = { line: decision.next, from: now.state, command, requestId, actor: 'admin', at } as const;
  return { next: decision.next, write: () => record(entry) };
}

describe('a command that moves neither waybill nor stock is written by one statement', () => {
  test('row and history of each line, many at one moment', async () => {
    const lines = await Promise.all(Array.from({ length: 6 }, () => placeIn(stack, 'ordered')));
    const acts = await Promise.all(lines.map((line) => act(line, 'instruct')));
    expect(await Promise.all(acts.map(({ write }) => write()))).toEqual(lines.map(() => ({})));
    expect(transactions).toBe(0);
    for (const [at, line] of lines.entries()) {
      expect(await held(line)).toEqual(acts[at]?.next);
      const { deliveryNo } = line;
      const rows = await stack.db.query(
        'select command, from_state, to_state, revision, by, snapshot from delivery_history where delivery_no = $1 order by id desc limit 1',
        [deliveryNo],
      );
      const snapshot = acts[at]?.next;
      expect(rows).toEqual([
        { command: 'instruct', from_state: 'ordered', to_state: 'instructed', revision: 2, by: 'admin', snapshot },
      ]);
    }
  });

  test('one that was done before is answered as it was then', async () => {
    const [plain, other, leaving] = await Promise.all([
      placeIn(stack, 'ordered'),
      placeIn(stack, 'ordered'),
      placeIn(stack, 'released'),
    ]);
    const requestId = unique('R');
    const first = await act(other, 'instruct', requestId);
    await first.write();
    const [one, back] = [await act(plain, 'instruct'), await act(leaving, 'undo')];
    expect(await Promise.all([one.write(), first.write(), back.write()])).toEqual([{}, { line: first.next }, {}]);
    expect(await held(plain)).toEqual(one.next);
    expect(await held(other)).toEqual(first.next);
    expect(await held(leaving)).toEqual(back.next);
  });

  test('the same line twice at one moment: the second looks at what the first has written', async () => {
    const [one, two, line] = await Promise.all([1, 2, 3].map(() => placeIn(stack, 'ordered')));
    if (!one || !two || !line) throw new Error('no line');
    const requestId = unique('R');
    // While the first two are under way, the others wait for the statement that takes both.
    const [first, second, decided] = [
      await act(one, 'instruct'),
      await act(two, 'instruct'),
      await act(line, 'instruct', requestId),
    ];
    const later = await eventually(async () => {
      const again = await act(line, 'instruct', requestId);
      return again.next.instructedAt !== decided.next.instructedAt && again;
    });
    const written = await Promise.all([first.write(), second.write(), decided.write(), later.write()]);
    expect(written).toEqual([{}, {}, {}, { line: decided.next }]);
    expect(await held(line)).toEqual(decided.next);
  });

  test('a line that somebody holds waits alone', async () => {
    const [locked, free] = [await placeIn(stack, 'ordered'), await placeIn(stack, 'ordered')];
    const [waiting, going] = [await act(locked, 'instruct'), await act(free, 'instruct')];
    let ended = false;
    let write: Promise<unknown> = Promise.resolve();
    await stack.db.transaction(async (query) => {
      await query('select 1 from delivery_lines where delivery_no = $1 for update', [locked.deliveryNo]);
      write = waiting.write().then((result) => {
        ended = true;
        return result;
      });
      expect(await going.write()).toEqual({});
      expect(await held(free)).toEqual(going.next);
      expect(ended).toBe(false);
    });
    expect(await write).toEqual({});
    expect(await held(locked)).toEqual(waiting.next);
  });

  test('its row is looked up by index also while the table is small: the plan is kept when it has grown', async () => {
    await placeIn(stack, 'ordered');
    await stack.db.query('analyze delivery_lines');
    const plan = await stack.db.query<{ 'QUERY PLAN': string }>(
      `explain select from delivery_lines where delivery_no = 'D' and line_no = 1`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('Index');
  });
});

describe('a line that leaves brings its waybill in the same statement', () => {
  const parcel = (waybillNo: string) => ({ carrierCode: '04', waybillNo });
  const ship = (line: PlacedLine, waybillNo: string, requestId?: string) => act(line, 'ship', requestId, parcel(waybillNo));
  const openWaybills = (waybillNo: string) =>
    stack.db.query<{ delivery_no: string }>('select delivery_no from waybills where waybill_no = $1 and closed_at is null', [
      waybillNo,
    ]);

  test('many at one moment: each its own, one for all lines of a delivery', async () => {
    const [alone, shared] = [await Promise.all([1, 2, 3].map(() => placeIn(stack, 'released'))), await releasedLines(stack, 3)];
    const together = uniqueWaybill();
    const leaving = [
      ...alone.map((line) => ({ line, waybillNo: uniqueWaybill() })),
      ...shared.map((line) => ({ line, waybillNo: together })),
    ];
    const acts = await Promise.all(leaving.map(({ line, waybillNo }) => ship(line, waybillNo)));
    expect(await Promise.all(acts.map(({ write }) => write()))).toEqual(leaving.map(() => ({})));
    expect(transactions).toBe(0);
    for (const [at, { line, waybillNo }] of leaving.entries()) {
      expect(await held(line)).toEqual(acts[at]?.next);
      expect(await openWaybills(waybillNo)).toEqual([{ delivery_no: line.deliveryNo }]);
    }
  });

  test('strangers with one waybill at one moment: the first leaves, the others are refused and stay as they are', async () => {
    // Two that nobody else concerns go ahead, so that the strangers come together.
    const [ahead, lines] = await Promise.all(
      [2, 4].map((n) => Promise.all(Array.from({ length: n }, () => placeIn(stack, 'released')))),
    );
    if (!ahead || !lines) throw new Error('no lines');
    const waybillNo = uniqueWaybill();
    const going = await Promise.all(ahead.map((line) => ship(line, uniqueWaybill())));
    const acts = await Promise.all(lines.map((line) => ship(line, waybillNo)));
    const before = await Promise.all(lines.map(held));
    const results = await Promise.all([...going, ...acts].map(({ write }) => write()));
    const refused = { refused: 'WAYBILL_IN_USE' };
    expect(results).toEqual([{}, {}, {}, refused, refused, refused]);
    expect(await openWaybills(waybillNo)).toEqual([{ delivery_no: lines[0]?.deliveryNo }]);
    for (const [at, line] of lines.entries()) expect(await held(line)).toEqual(at === 0 ? acts[0]?.next : before[at]);
  });

  test('a waybill that somebody is about to take holds up neither lines that stay nor those in the other lane', async () => {
    const [wanting, free, staying] = await Promise.all([
      placeIn(stack, 'released'),
      placeIn(stack, 'released'),
      placeIn(stack, 'ordered'),
    ]);
    const [waybillNo, taker] = [uniqueWaybill(), await placeIn(stack, 'released')];
    const waiting = await ship(wanting, waybillNo);
    const going = [await ship(free, uniqueWaybill()), await act(staying, 'instruct')];
    let ended = false;
    let write: Promise<unknown> = Promise.resolve();
    await stack.db.transaction(async (query) => {
      const { deliveryNo } = taker;
      await query('insert into waybills (carrier_code, waybill_no, delivery_no) values ($1, $2, $3)', [
        '04',
        waybillNo,
        deliveryNo,
      ]);
      write = waiting.write().then((result) => {
        ended = true;
        return result;
      });
      expect(await Promise.all(going.map((act) => act.write()))).toEqual([{}, {}]);
      expect(ended).toBe(false);
    });
    expect(await write).toEqual({ refused: 'WAYBILL_IN_USE' });
  });

  test('its own delivery’s waybill, open already, and a delivery that needs none', async () => {
    const [first, second] = await releasedLines(stack, 2);
    const waybillNo = uniqueWaybill();
    for (const line of [first, second]) expect(await (await ship(line, waybillNo)).write()).toEqual({});
    expect(transactions).toBe(1);
    expect(await openWaybills(waybillNo)).toEqual([{ delivery_no: first.deliveryNo }]);
    const direct = await placeIn(stack, 'released', { methodCode: '30' });
    const leaving = await act(direct, 'ship');
    expect(await leaving.write()).toEqual({});
    expect(await held(direct)).toEqual(leaving.next);
    expect(transactions).toBe(1);
  });

  test('told again after an undo: its outcome of then, and no waybill is taken', async () => {
    const line = await placeIn(stack, 'released');
    const [waybillNo, requestId] = [uniqueWaybill(), unique('R')];
    const first = await ship(line, waybillNo, requestId);
    expect(await first.write()).toEqual({});
    expect(await (await act(line, 'undo')).write()).toEqual({});
    expect(await openWaybills(waybillNo)).toEqual([]);
    const undone = await held(line);
    const { state, revision } = first.next;
    expect(await (await ship(line, waybillNo, requestId)).write()).toMatchObject({ repeated: { state, revision } });
    expect(await openWaybills(waybillNo)).toEqual([]);
    expect(await held(line)).toEqual(undone);
  });

  test('a product whose stock is kept gives its quantity, once for each line', async () => {
    const product = await shippingProduct(stack, 7);
    const lines = await Promise.all([1, 2].map(() => placeIn(stack, 'released', { productId: product, quantity: 3 })));
    const acts = await Promise.all(lines.map((line) => ship(line, uniqueWaybill())));
    expect(await Promise.all(acts.map(({ write }) => write()))).toEqual([{}, {}]);
    expect(await stockOf(stack, product)).toEqual([1, 1]);
    expect((await ledgerOf(stack, product)).filter(([kind]) => kind === 'ship')).toEqual([
      ['ship', -3, 0],
      ['ship', -3, 0],
    ]);
  });
});
