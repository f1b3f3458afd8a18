import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../local/sample/random.ts';
import type { History } from '../history/history.ts';
import type { Parcel } from './stories.ts';

const CALLBACK_PATH = '/api/order/v1/delivery/tracker/trackerCallback';
const PERSONAL = {
  recv_addr: '은밀난장구 비밀소동로 1',
  recv_name: '독고혼돈',
  send_name: '제갈무질서',
  man: '제갈무질서',
  telno_man: '010-7319-0246',
};
const KST_MS = 9 * 3_600_000;
const MOST_TRIES = 40;
const TRY_AFTER_MS = 700;
const ANSWER_MS = 5_000;

/**
 * The parcel tracker: takes registrations, and calls back about every parcel it is told of: scans out of order, late, twice, and again
 * until they are acknowledged.
 */
export interface Tracker {
  /** host:port of its own server. */
  address: string;
  /** Tells it where to call back, once the APIs are there. */
  callTo: (urls: string[], secret: string) => void;
  /** A parcel is under way. */
  parcel: (fid: string, parcel: Parcel) => void;
  /** Resolves when every callback was acknowledged or given up; from then on it only answers. */
  settled: () => Promise<void>;
  close: () => Promise<void>;
}

export async function startTracker(history: History, leaving: AbortSignal): Promise<Tracker> {
  const levels = new Map<string, number>();
  const journeys = new Set<Promise<void>>();
  let targets: { urls: string[]; secret: string } = { urls: [], secret: '' };
  let turn = 0;

  const call = async (fid: string, waybillNo: string, level: number, at: number): Promise<void> => {
    const time = new Date(at + KST_MS).toISOString().slice(0, 19).replace('T', ' ');
    const place = `집하장${level}`;
    const fields = {
      fid,
      invoice_no: waybillNo,
      level: String(level),
      time_trans: time,
      time_sweet: time,
      where: place,
      courier_code: '04',
    };
    const token = createHmac('sha256', targets.secret).update(fid).digest('base64url');
    const body = new URLSearchParams({
      ...fields,
      secret_value: '',
      details: '간선하차',
      telno_office: '02-123-4567',
      ...PERSONAL,
    });
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const url = `${targets.urls[turn++ % targets.urls.length]}${CALLBACK_PATH}?token=${token}`;
      const acknowledged = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(ANSWER_MS) })
        .then(async (response) => response.status === 200 && (await response.text()).includes('"code":true'))
        .catch(() => false);
      history.note({ kind: 'called', fid, waybillNo, level, time, place, acknowledged });
      if (acknowledged) return;
      await sleep(TRY_AFTER_MS);
    }
  };

  const journey = async (fid: string, { waybillNo, fate }: Parcel): Promise<void> => {
    const random = createRandom(Math.floor(fate * 2 ** 31));
    const last = random.chance(0.6) ? 6 : random.between(1, 5);
    const scans = Array.from({ length: last }, (_, at) => ({
      level: at + 1,
      at: Date.now() + at * 1_000,
      due: random.between(200, 900) * (at + 1),
    }));
    for (const scan of [...scans]) {
      if (random.chance(0.2)) scans.push({ ...scan, due: scan.due + random.between(0, 2_000) });
      if (random.chance(0.15)) scan.due += random.between(1_000, 8_000);
    }
    await Promise.all(
      scans.map(async ({ level, at, due }) => {
        await sleep(due, undefined, { signal: leaving }).catch(() => {});
        if (leaving.aborted) return;
        levels.set(waybillNo, Math.max(level, levels.get(waybillNo) ?? 0));
        await call(fid, waybillNo, level, at);
      }),
    );
  };

  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (bytes) => {
      text += bytes;
    });
    request.on('end', () => {
      const answer = request.url?.startsWith('/add_invoice') ? registered(text) : tracked(text, levels);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    callTo: (urls, secret) => {
      targets = { urls, secret };
    },
    parcel: (fid, parcel) => {
      const done = journey(fid, parcel).finally(() => journeys.delete(done));
      journeys.add(done);
    },
    settled: async () => {
      await Promise.all(journeys);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function registered(text: string): object {
  const form = new URLSearchParams(text);
  return { success: true, num: form.get('num'), fid: form.get('fid'), e_code: null, e_message: null };
}

function tracked(text: string, levels: Map<string, number>): object {
  const { t_invoice: waybillNo = '' } = JSON.parse(text || '{}') as { t_invoice?: string };
  const level = levels.get(waybillNo);
  if (level === undefined) return { status: false, msg: 'not scanned yet', code: '104' };
  const done = level === 6;
  const details = [
    { time: Date.now(), timeString: '', where: '집하장', kind: '간선하차', telno: '', level, manName: PERSONAL.man, code: null },
  ];
  return {
    result: 'Y',
    invoiceNo: waybillNo,
    complete: done,
    completeYN: done ? 'Y' : 'N',
    level,
    receiverName: PERSONAL.recv_name,
    itemName: '',
    trackingDetails: details,
  };
}
