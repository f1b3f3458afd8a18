import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../local/sample/random.ts';
import { seoulTime } from '../../local/sample/random.ts';
import { type Asking, newKey, type Wish } from './asking.ts';
import { ordererOf, PRODUCT_NAME, REASON, receiverOf } from './people.ts';
import { type Parcel, type Step, type Story, tell } from './stories.ts';
import type { Tracker } from './tracker.ts';

interface PartKey {
  deliveryNo: string;
  lineNo: number;
}

/** Under the order's number; of a split line the pickup collects from a part. */
interface ClaimedItem {
  lineNo: number;
  quantity: number;
  parts?: PartKey[];
}

/** What a client has learned about its order. */
interface Known {
  deliveries: { deliveryNo: string; lineNos: number[] }[];
  /** Split off its lines, the last one last. */
  parts: PartKey[];
  claims: { claimNo: string; pickups: { pickupNo: string; items: ClaimedItem[] }[] }[];
  claimsMade: number;
}

export interface ClientOptions {
  name: string;
  /** Of each story its own, so that what comes of one changes nothing in the next. */
  randomOf: (story: number) => Random;
  /** Of order numbers and waybills; no two runs on one database share it. */
  orderPrefix: string;
  waybillPrefix: string;
  asking: Asking;
  tracker: Tracker;
  leaving: AbortSignal;
}

/**
 * Lives one story after another until it is time to leave; the story under way is left where it is, but for the first: even on a slow
 * machine each client has lived one.
 */
export async function runClient(options: ClientOptions): Promise<void> {
  const { randomOf, orderPrefix, waybillPrefix, leaving } = options;
  for (let no = 1; no === 1 || !leaving.aborted; no++) {
    const number = String(no).padStart(4, '0');
    const random = randomOf(no);
    const story = tell(random, `${orderPrefix}-${number}`, `${waybillPrefix}${number}`);
    await live(options, story, ordererOf(random), no === 1);
  }
}

async function live(options: ClientOptions, story: Story, orderer: object, whole: boolean): Promise<void> {
  const { leaving } = options;
  const known: Known = { deliveries: [], parts: [], claims: [], claimsMade: 0 };
  const beside: Promise<void>[] = [];
  for (const step of story.steps) {
    if (leaving.aborted && !whole) break;
    await sleep(step.think, undefined, { signal: leaving }).catch(() => {});
    const taken = take(options, story, known, step, orderer);
    if (step.beside) beside.push(taken);
    else await taken;
  }
  await Promise.all(beside);
}

const waybillOf = (parcel: Parcel | undefined) => (parcel ? { carrierCode: '04', waybillNo: parcel.waybillNo } : {});

async function take(options: ClientOptions, story: Story, known: Known, step: Step, orderer: object): Promise<void> {
  const { name, asking, tracker } = options;
  const ask = (wish: Omit<Wish, 'key' | 'method'> & { method?: 'PUT' }) =>
    asking.ask(name, { method: 'POST', ...wish, key: newKey() }, step.manner);
  const { orderNo } = story;

  switch (step.act) {
    case 'order': {
      const lines = story.lines.map((line) => ({ ...line, productName: PRODUCT_NAME, unitPrice: 39_000 }));
      const body = { orderNo, orderedAt: seoulTime(Date.now()), orderer, receiver: receiverOf('00000'), lines };
      const heard = await ask({ act: `order ${orderNo}`, path: '/api/order/v1/orders', body });
      known.deliveries = heard?.body?.deliveries ?? [];
      return;
    }
    case 'line': {
      const { command, lineNo, parcel, respondAsync } = step;
      const targets = known.deliveries
        .filter(({ lineNos }) => lineNo === null || lineNos.includes(lineNo))
        .map(({ deliveryNo }) => ({
          deliveryNo,
          ...(lineNo !== null && { lineNo }),
          ...waybillOf(parcel),
        }));
      if (targets.length === 0) return;
      const act = `${command} ${targets.map((each) => `${each.deliveryNo}/${lineNo ?? '*'}`)}`;
      await ask({ act, path: `/api/bo/v1/delivery-lines/${command}`, body: { lines: targets, reason: REASON }, respondAsync });
      if (parcel) for (const { deliveryNo } of targets) tracker.parcel(deliveryNo, parcel);
      return;
    }
    case 'split': {
      const { command, lineNo, quantity, parcel } = step;
      const delivery = known.deliveries.find(({ lineNos }) => lineNos.includes(lineNo));
      if (!delivery) return;
      const line = { deliveryNo: delivery.deliveryNo, lineNo, quantity, ...waybillOf(parcel) };
      const act = `${command} ${delivery.deliveryNo}/${lineNo} ×${quantity}`;
      const heard = await ask({ act, path: `/api/bo/v1/delivery-lines/${command}`, body: { lines: [line], reason: REASON } });
      const newLine: PartKey | undefined = heard?.body?.results?.[0]?.newLine;
      if (newLine) known.parts.push(newLine);
      if (parcel) tracker.parcel(delivery.deliveryNo, parcel);
      return;
    }
    case 'part': {
      const { command, parcel } = step;
      const part = known.parts.at(-1);
      if (!part) return;
      const line = { deliveryNo: part.deliveryNo, lineNo: part.lineNo, ...waybillOf(parcel) };
      const act = `${command} ${part.deliveryNo}/${part.lineNo}`;
      await ask({ act, path: `/api/bo/v1/delivery-lines/${command}`, body: { lines: [line], reason: REASON } });
      if (parcel) tracker.parcel(part.deliveryNo, parcel);
      return;
    }
    case 'cancel': {
      const { lineNo, quantity } = step;
      const path = `/api/order/v1/orders/${orderNo}/cancellations`;
      await ask({
        act: `cancel ${orderNo}/${lineNo} ×${quantity}`,
        path,
        body: { lines: [{ lineNo, quantity }], reason: REASON },
      });
      return;
    }
    case 'receiver': {
      const path = `/api/order/v1/orders/${orderNo}/receiver`;
      await ask({ act: `receiver ${orderNo} ${step.mark}`, method: 'PUT', path, body: receiverOf(step.mark) });
      return;
    }
    case 'claim': {
      const { claimKind, lineNo, quantity } = step;
      const claimNo = `${orderNo}-C${++known.claimsMade}`;
      const items = [{ lineNo, quantity, reasonCode: 'CHANGE_OF_MIND', reason: REASON }];
      const body = { claimNo, kind: claimKind, orderNo, items };
      const heard = await ask({ act: `${claimKind} ${claimNo} ${lineNo} ×${quantity}`, path: '/api/order/v1/claims', body });
      if (heard?.status === 201 || heard?.status === 200) known.claims.push({ claimNo, pickups: heard.body.pickups });
      return;
    }
    case 'withdraw-claim': {
      const claim = known.claims.at(-1);
      if (!claim) return;
      const path = `/api/order/v1/claims/${claim.claimNo}/withdraw`;
      await ask({ act: `withdraw claim ${claim.claimNo}`, path, body: { reason: REASON } });
      return;
    }
    case 'pickup': {
      const { command, parcel, restock } = step;
      const pickups = known.claims.at(-1)?.pickups ?? [];
      if (pickups.length === 0) return;
      const targets = pickups.map(({ pickupNo, items }) => ({
        pickupNo,
        ...waybillOf(parcel),
        ...(command === 'complete' &&
          !restock && {
            items: items.map(({ lineNo, quantity, parts }) => ({
              lineNo: parts?.[0]?.lineNo ?? lineNo,
              restock: 0,
              dispose: quantity,
            })),
          }),
      }));
      const act = `${command} ${pickups.map(({ pickupNo }) => pickupNo)}`;
      await ask({
        act,
        path: `/api/bo/v1/pickups/${command}`,
        body: { pickups: targets, ...(command !== 'resume' && { reason: REASON }) },
      });
      if (parcel) for (const { pickupNo } of pickups) tracker.parcel(pickupNo, parcel);
      return;
    }
    case 'sheet': {
      const [delivery] = known.deliveries;
      if (!delivery) return;
      const { lineNo, parcel } = step;
      const sheet = `배송번호,순번,택배사코드,운송장번호\r\n${delivery.deliveryNo},${lineNo ?? ''},04,${parcel.waybillNo}\r\n`;
      const body = { sheet, fileName: `${orderNo}.csv` };
      const heard = await ask({ act: `sheet ${delivery.deliveryNo}/${lineNo ?? '*'}`, path: '/api/bo/v1/bulk-shipments', body });
      if (heard?.status !== 201) return;
      const { id } = heard.body;
      await ask({ act: `start sheet ${id}`, path: `/api/bo/v1/bulk-shipments/${id}/start`, body: {} });
      tracker.parcel(delivery.deliveryNo, parcel);
      return;
    }
    default:
      step satisfies never;
  }
}
