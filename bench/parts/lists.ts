import { sql } from 'kysely';
import type { Db } from '../../db/database.ts';
import type { Bench, Part } from '../harness/bench.ts';
import type { Http, HttpAnswer } from '../harness/http.ts';
import { onListsGround } from '../harness/lists-ground.ts';
import { generated } from '../harness/million.ts';
import { median, quantile, short, spreadOf } from '../measure/stats.ts';

/** Targets of issue 3, item 10 (c), and of issue 24, point 5. */
const LIST_MS = 10;
const SUMMARY_MS = 100;
const DEEP_AT_MOST = 1.2;
const WARM_UP = 5;
const PAGE = 50;
const LONGEST_PAGE = 500;
const BLOCKS = 5;

/** (c) The lists over a million lines, requested over HTTP one at a time. */
export const listPart: Part = {
  key: 'lists',
  title: 'Lists over a million delivery lines',
  run: (bench) => onListsGround(bench, (_, http) => measure(bench, http)),
};

type Sample = Record<'order_no' | 'delivery_no' | 'waybill_no' | 'receiver_name' | 'receiver_phone', string>;

/** A list, with the query of its n-th request. */
interface Case {
  name: string;
  ask: (n: number) => Promise<HttpAnswer>;
  atMost?: number;
}

async function measure({ servers, report, sizes }: Bench, http: Http): Promise<void> {
  for (const { name, ask, atMost = LIST_MS } of await casesOf(servers.db.lists, http)) {
    const took: number[] = [];
    let rows = 0;
    for (let n = -WARM_UP; n < sizes.asked; n++) {
      const { ms, items } = await timed(() => ask(n + WARM_UP));
      if (n >= 0) took.push(ms);
      rows = Math.max(rows, items);
    }
    if (rows === 0) throw new Error(`${name}: no rows, so nothing was measured`);
    report.target(
      `${name}: p50`,
      { ...spreadOf(took), low: quantile(took, 0.05), high: quantile(took, 0.95) },
      { atMost },
      ' ms',
    );
  }
  for (const sort of ['-orderedAt', 'dispatchDueOn']) await deepPage(http, report, sort, sizes.deepPage, sizes.asked);
}

async function timed(ask: () => Promise<HttpAnswer>): Promise<{ ms: number; items: number; text: string }> {
  const from = performance.now();
  const { status, text } = await ask();
  const ms = performance.now() - from;
  if (status !== 200) throw new Error(`${status} ${text}`);
  const { items, deliveries } = JSON.parse(text) as { items?: unknown[]; deliveries?: unknown[] };
  return { ms, items: (items ?? deliveries ?? []).length, text };
}

/** Page 2,000 and page 1, in turn. The longest possible pages lead there; the compared pages are short. */
async function deepPage(http: Http, report: Bench['report'], sort: string, page: number, asked: number): Promise<void> {
  const pathOf = (limit: number, cursor: string) =>
    `/api/bo/v1/delivery-lines?sort=${sort}&limit=${limit}${cursor && `&cursor=${cursor}`}`;
  let cursor = '';
  let passed = 0;
  for (const before = (page - 1) * PAGE; passed < before; ) {
    const limit = Math.min(LONGEST_PAGE, before - passed);
    const { text } = await timed(() => http.get(pathOf(limit, cursor)));
    cursor = (JSON.parse(text) as { nextCursor: string }).nextCursor;
    passed += limit;
  }
  const ratios: number[] = [];
  const firsts: number[] = [];
  for (let block = 0; block < BLOCKS; block++) {
    const [first, deep]: [number[], number[]] = [[], []];
    for (let n = 0; n < Math.ceil(asked / 2); n++) {
      first.push((await timed(() => http.get(pathOf(PAGE, '')))).ms);
      deep.push((await timed(() => http.get(pathOf(PAGE, cursor)))).ms);
    }
    firsts.push(median(first));
    ratios.push(median(deep) / median(first));
  }
  report.say(`page 1, ${sort}: p50 ${short(median(firsts))} ms`);
  report.target(`page ${page} / page 1, ${sort}: p50`, spreadOf(ratios), { atMost: DEEP_AT_MOST }, ' ×', spreadOf(firsts));
}

/** Typical requests; numbers change each time, so that no page is cached by repetition. */
async function casesOf(db: Db, http: Http): Promise<Case[]> {
  const samples = await db.query(sql<Sample>`select l.order_no, l.delivery_no, l.waybill_no, o.receiver_name, o.receiver_phone
       from delivery_lines l join orders o using (order_no)
      where l.waybill_no is not null and l.valid_quantity > 0 and l.state <> 'canceled' and hashtext(l.delivery_no) % 1000 = 0
      order by hashtext(l.delivery_no || 'x') limit 500`);
  const sample = (n: number) =>
    samples[n % samples.length] ??
    samples[0] ?? { order_no: '', delivery_no: '', waybill_no: '', receiver_name: '', receiver_phone: '' };
  const [batch] = await db.query(sql<{ last: number }>`select max(work_batch_no) as last from work_batches`);
  const batches = batch?.last ?? 0;
  const place = (n: number) => generated.firstPlace + ((n * 37) % generated.places);
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const list = (name: string, query: (n: number) => string): Case => ({
    name,
    ask: (n) => http.get(`/api/bo/v1/${name.split(' ')[0]}?${query(n)}`),
  });
  const lines = (name: string, query: (n: number) => string) => list(`delivery-lines ${name}`, query);
  const deliveries = (name: string, query: (n: number) => string) => list(`deliveries ${name}`, query);
  const search = (name: string, body: (n: number) => object): Case => ({
    name: `deliveries/search ${name}`,
    ask: (n) => http.post('/api/bo/v1/deliveries/search', body(n)),
  });
  const word = encodeURIComponent;
  return [
    lines('no filter', () => ''),
    lines('state=released', () => 'state=released'),
    lines('state=delivered', () => 'state=delivered'),
    lines('two states', () => 'state=instructed&state=released'),
    lines('two states, oldest first', () => 'state=instructed&state=released&sort=orderedAt'),
    lines('state=awaitingShipment (0.1 %)', () => 'state=awaitingShipment'),
    lines('state=awaitingShipment, -releasedAt', () => 'state=awaitingShipment&sort=-releasedAt'),
    lines('state=released, -releasedAt', () => 'state=released&sort=-releasedAt'),
    lines('state=shipped, shippedAt', () => 'state=shipped&sort=shippedAt'),
    lines('a day of orders', (n) => `from=${day(1 + n)}&to=${day(1 + n)}`),
    lines('a month of orders, state=delivered', (n) => `from=${day(60 + n)}&to=${day(30 + n)}&state=delivered`),
    lines('a day of shipments', (n) => `dateField=shippedAt&from=${day(20 + n)}&to=${day(20 + n)}`),
    lines('a month of shipments half a year ago', (n) => `dateField=shippedAt&from=${day(200 + n)}&to=${day(170 + n)}`),
    lines('place', (n) => `placeNo=${place(n)}`),
    lines('place, state=released', (n) => `placeNo=${place(n)}&state=released`),
    lines('carrier', () => 'carrierCode=04'),
    lines('carrier, state=shipped', () => 'carrierCode=06&state=shipped'),
    lines('method', () => 'methodCode=40'),
    lines('product name, frequent word', () => `productName=${word(generated.frequentWord)}`),
    lines('product name, scarce word', () => `productName=${word(generated.scarceWord)}`),
    lines('product name, some words', () => `productName=${word(generated.someWords)}`),
    lines('product name, rare word', () => `productName=${word(generated.rareWord)}`),
    lines('product name, frequent word, state=released', () => `productName=${word(generated.frequentWord)}&state=released`),
    lines('product name, frequent word, counted', () => `productName=${word(generated.frequentWord)}&count=true`),
    lines('productId', (n) => `productId=${40_000 + ((n * 37) % 3_000)}`),
    lines('workBatch', (n) => `workBatch=${batches - n}`),
    lines('workBatch, state=released, counted', (n) => `workBatch=${batches - (n % 5)}&state=released&count=true`),
    lines('no filter, counted', () => 'count=true'),
    lines('a month of orders, counted', (n) => `from=${day(60 + n)}&to=${day(30 + n)}&count=true`),
    lines('orderNo', (n) => `orderNo=${sample(n).order_no}`),
    lines('deliveryNo', (n) => `deliveryNo=${sample(n).delivery_no}`),
    lines('waybillNo', (n) => `waybillNo=${sample(n).waybill_no}`),
    lines('100 orders, as people write them', (n) =>
      Array.from({ length: 100 }, (_, at) => `orderNo=${sample(n * 100 + at).order_no.toLowerCase()}`).join('&'),
    ),
    lines('kind=exchange', () => 'kind=exchange'),
    lines('sort=-shippedAt', () => 'sort=-shippedAt'),
    lines('sort=shippedAt', () => 'sort=shippedAt'),
    lines('sort=deliveryNo', () => 'sort=deliveryNo'),
    lines('sort=dispatchDueOn', () => 'sort=dispatchDueOn'),
    lines('state=released, dispatchDueOn', () => 'state=released&sort=dispatchDueOn'),
    lines('state=ordered, -dispatchDueOn', () => 'state=ordered&sort=-dispatchDueOn'),
    lines('due=late', () => 'due=late'),
    lines('due=today', () => 'due=today'),
    lines('due=late, state=released, counted', () => 'due=late&state=released&count=true'),
    lines('due within a week', (n) => `dueFrom=${day(20 + n)}&dueTo=${day(13 + n)}&sort=dispatchDueOn`),
    lines('updatedFrom', () => `updatedFrom=${day(1)}`),
    deliveries('no filter', () => ''),
    deliveries('state=released', () => 'state=released'),
    deliveries('place', (n) => `placeNo=${place(n)}`),
    deliveries('sort=-shippedAt', () => 'sort=-shippedAt'),
    deliveries('due=late', () => 'due=late'),
    deliveries('due=late, dispatchDueOn, counted', () => 'due=late&sort=dispatchDueOn&count=true'),
    deliveries('no filter, counted', () => 'count=true'),
    deliveries('a month of orders, counted', (n) => `from=${day(60 + n)}&to=${day(30 + n)}&count=true`),
    deliveries('product name, frequent word', () => `productName=${word(generated.frequentWord)}`),
    deliveries('product name, scarce word', () => `productName=${word(generated.scarceWord)}`),
    deliveries('product name, frequent word, counted', () => `productName=${word(generated.frequentWord)}&count=true`),
    deliveries('workBatch', (n) => `workBatch=${batches - n}`),
    deliveries('q=the beginning of all, counted', () => 'q=S000&count=true'),
    deliveries('q=an order', (n) => `q=${sample(n).order_no.toLowerCase()}`),
    deliveries('q=a waybill', (n) => `q=${sample(n).waybill_no.replace(/(\d{4})(?=\d)/g, '$1-')}`),
    deliveries('q=the beginning of a hundred', (n) => `q=${sample(n).delivery_no.slice(0, 8)}`),
    deliveries('q=the beginning of all', () => 'q=S000'),
    search('receiverName', (n) => ({ receiverName: sample(n).receiver_name })),
    search('receiverName of many', () => ({ receiverName: generated.receiver })),
    search('phone', (n) => ({ phone: sample(n).receiver_phone })),
    { name: 'summary', ask: () => http.get('/api/bo/v1/summary'), atMost: SUMMARY_MS },
  ];
}
