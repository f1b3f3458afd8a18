import { Client, Connection } from '@temporalio/client';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { TRACK_SIGNAL } from '../../workflows/messages/names.ts';
import type { TrackMessage } from '../../workflows/messages/track.ts';
import { connectFloor } from '../floor/floor-client.ts';
import { createHttp } from './http.ts';

/** A line under load, or its pickup; `visits` decides which command of the cycle is next. */
export interface LoadLine {
  deliveryNo: string;
  lineNo: number;
  visits: number;
  pickupNo?: string;
}

/**
 * One side of the comparison, as the load program uses it. Both sides go through the same states with the same number of updates.
 * Later parts (tracker callbacks, bulk) add their calls here, for both sides.
 */
export interface Side {
  /** Starts `count` lines: an order with that many lines, or that many bare workflows. */
  start(count: number): Promise<LoadLine[]>;
  /** Takes a new line to delivery and its pickup to confirmed; only our side, because the floor has no pickups. */
  startPickup(): Promise<LoadLine>;
  /** Sends the next command (number `visits`) of a cycle that ends where it began. */
  cycle(line: LoadLine): Promise<void>;
  /** Sends one command to a new line; only our side, because the floor has no parts. */
  once(command: OnceCommand, line: LoadLine): Promise<void>;
  /** From ordered to shipped by three commands, all lines in one request, then for each the tracker's delivered event. */
  lifecycle(lines: LoadLine[]): Promise<void>;
  close(): Promise<void>;
}

export type SideConfig =
  | { side: 'ours'; url: string; token: string; temporalAddress: string }
  | { side: 'floor'; temporalAddress: string; taskQueue: string; databaseUrl: string };

/** What is compared on lines that nothing has been done to: a plain command, and one that splits a line in two. */
export type OnceCommand = 'instruct' | 'split';

/** instruct, release and back twice: can be repeated forever, and half of the commands have a reason, as in real use. */
const CYCLE = ['instruct', 'release', 'undo', 'undo'] as const;
const CYCLE_STATES = ['instructed', 'released', 'instructed', 'ordered'] as const;
/** The same for a confirmed pickup: 보류 and 보류해제, one of the two with a reason. */
const PICKUP_CYCLE = ['hold', 'resume'] as const;
const CARRIER = '04';

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

export const connectSide = (config: SideConfig): Promise<Side> => (config.side === 'ours' ? ours(config) : floor(config));

async function ours({ url, token, temporalAddress }: SideConfig & { side: 'ours' }): Promise<Side> {
  const http = createHttp(url, token);
  const connection = await Connection.connect({ address: temporalAddress });
  const temporal = new Client({ connection });
  // Several of these programs may start in the same millisecond.
  const seed = `B${Date.now().toString(36)}-${process.pid}`;
  let orders = 0;
  let waybills = (process.pid % 1_000) * 100_000_000 + (Date.now() % 10_000_000);

  const commandAll = async (name: string, of: LoadLine[], fields: (line: LoadLine) => object = () => ({})) => {
    const lines = of.map((line) => ({ deliveryNo: line.deliveryNo, lineNo: line.lineNo, ...fields(line) }));
    const body = name === 'undo' ? { lines, reason: '측정을 위해 되돌림' } : { lines };
    const { status, text } = await http.post(`/api/bo/v1/delivery-lines/${name}`, body);
    if (status !== 200 || !text.startsWith(`{"succeeded":${of.length},`)) throw new Error(`${name}: ${status} ${text}`);
  };
  const command = (name: string, line: LoadLine, fields: object = {}) => commandAll(name, [line], () => fields);
  const pickupCommand = async (name: string, pickupNo: string) => {
    const body = { pickups: [{ pickupNo }], ...(name === 'hold' ? { reason: '측정을 위해 보류' } : {}) };
    const { status, text } = await http.post(`/api/bo/v1/pickups/${name}`, body);
    if (status !== 200 || !text.startsWith('{"succeeded":1,')) throw new Error(`${name} ${pickupNo}: ${status} ${text}`);
  };
  const start = async (count: number) => {
    const orderNo = `${seed}-${++orders}`;
    const { status, text } = await http.post('/api/order/v1/orders', orderOf(orderNo, count));
    if (status !== 201) throw new Error(`order: ${status} ${text}`);
    const { deliveries } = JSON.parse(text) as { deliveries: { deliveryNo: string; lineNos: number[] }[] };
    const lines = deliveries.flatMap(({ deliveryNo, lineNos }) => lineNos.map((lineNo) => ({ deliveryNo, lineNo, visits: 0 })));
    return { orderNo, lines };
  };
  return {
    start: async (count) => (await start(count)).lines,
    startPickup: async () => {
      const {
        orderNo,
        lines: [line],
      } = await start(1);
      if (!line) throw new Error('no line was started');
      await command('instruct', line);
      await command('release', line);
      await command('ship', line, { carrierCode: CARRIER, waybillNo: String(++waybills).padStart(12, '1') });
      const items = [{ lineNo: line.lineNo, quantity: 1, reasonCode: 'DEFECT' }];
      const { status, text } = await http.post('/api/order/v1/claims', { claimNo: orderNo, kind: 'return', orderNo, items });
      if (status !== 201) throw new Error(`claim: ${status} ${text}`);
      const { pickups } = JSON.parse(text) as { pickups: { pickupNo: string }[] };
      const pickupNo = pickups[0]?.pickupNo ?? '';
      for (const name of ['instruct', 'confirm']) await pickupCommand(name, pickupNo);
      return { ...line, pickupNo };
    },
    cycle: ({ pickupNo, ...line }) =>
      pickupNo === undefined ? command(at(CYCLE, line.visits), line) : pickupCommand(at(PICKUP_CYCLE, line.visits), pickupNo),
    once: (name, line) => command(name, line, name === 'split' ? { quantity: 1 } : {}),
    lifecycle: async (lines) => {
      const waybillOf = new Map(lines.map((line) => [line, String(++waybills).padStart(12, '1')]));
      await commandAll('instruct', lines);
      await commandAll('release', lines);
      await commandAll('ship', lines, (line) => ({ carrierCode: CARRIER, waybillNo: waybillOf.get(line) }));
      // The way the relay sends callbacks.
      await Promise.all(
        [...waybillOf].map(([{ deliveryNo, lineNo }, waybillNo]) => {
          const scan: TrackMessage = { requestId: `bench-${waybillNo}`, carrierCode: CARRIER, waybillNo, level: 6 };
          return temporal.workflow.getHandle(deliveryWorkflowId(deliveryNo, lineNo)).signal(TRACK_SIGNAL, scan);
        }),
      );
    },
    close: async () => {
      http.close();
      await connection.close();
    },
  };
}

async function floor({ temporalAddress, taskQueue, databaseUrl }: SideConfig & { side: 'floor' }): Promise<Side> {
  const client = await connectFloor(temporalAddress, taskQueue, databaseUrl);
  const seed = Date.now().toString(36);
  let started = 0;
  return {
    start: (count) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const deliveryNo = `F${seed}-${++started}`;
          await client.start(deliveryNo);
          return { deliveryNo, lineNo: 1, visits: 0 };
        }),
      ),
    startPickup: async () => {
      throw new Error('the floor has no pickups');
    },
    once: async () => {
      throw new Error('the floor has no parts');
    },
    cycle: ({ deliveryNo, visits }) => client.move(deliveryNo, at(CYCLE_STATES, visits)),
    lifecycle: async (lines) => {
      for (const state of ['instructed', 'released', 'shipped'])
        await Promise.all(lines.map(({ deliveryNo }) => client.move(deliveryNo, state)));
      await Promise.all(lines.map(({ deliveryNo }) => client.tell(deliveryNo, 'delivered')));
    },
    close: client.close,
  };
}

/** An order of a shop, with all its lines in one delivery. */
export function orderOf(orderNo: string, lines: number) {
  const person = { name: '홍길동', phone: '010-1234-5678' };
  return {
    orderNo,
    orderedAt: new Date().toISOString(),
    channel: '자사몰',
    orderer: { ...person, email: 'gildong@example.com' },
    receiver: { ...person, zipCode: '06236', address1: '서울특별시 강남구 테헤란로 123', address2: '4층 401호', memo: '문 앞' },
    lines: Array.from({ length: lines }, (_, index) => ({
      lineNo: index + 1,
      productId: 43_897,
      productName: '캠핑 의자',
      optionName: '카키',
      quantity: 2,
      unitPrice: 39_000,
      placeNo: 176_042,
      methodCode: '10',
    })),
  };
}
