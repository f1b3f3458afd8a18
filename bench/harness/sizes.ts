import { numberIn } from './asked.ts';

/** How much is measured. `BENCH_QUICK=1` only shows that everything works; its figures mean nothing. */
export interface Sizes {
  rounds: number;
  /** Lines commanded in turn; the cold worker caches half of them. */
  lines: number;
  /** Commands per round: one at a time, and at each concurrency. */
  alone: number;
  crowd: number;
  coldAlone: number;
  coldCrowd: number;
  warmUp: number;
  lifecycleRounds: number;
  lifecycles: number;
  /** Delivered lines whose storage is measured. */
  openLines: number;
  /** Lines that a worker keeps in memory. */
  cachedLines: number;
  /** Callbacks per round, the parcels they are about, and how many seconds at 200 per second. */
  callbacks: number;
  callbackParcels: number;
  callbackSeconds: number;
  /** Due lines of the auto-complete batch, and waybills of the registration. */
  due: number;
  /** Due lines of one long run. */
  manyDue: number;
  waybills: number;
  /** Rows for the lists, and how often each list is requested. */
  rows: number;
  asked: number;
  deepPage: number;
  /** Quotes by the function alone, and over HTTP. */
  quotes: number;
  quotesOverHttp: number;
  /** Events told to receivers outside. */
  webhooks: number;
  /** Rows of a sheet that is shipped, and of one that is only validated. */
  bulkRows: number;
  sheetRows: number;
  /** Open lines, unless BENCH_GROWTH_LINES says how many, and cold commands a round on them. */
  growthLines: number;
  growthCommands: number;
  /** How often each topology is started and measured. */
  topologyPasses: number;
  /** No new round starts after this many seconds of a part, so that a slow machine finishes in time too. */
  roundSeconds: number;
}

/** For the long parts: 0.2 = a fifth of their lines, waybills and rows, where ten thousand take too long. */
const scaled = (count: number): number => Math.ceil(count * numberIn('BENCH_SCALE', 1, { least: 0.001, whole: false }));

export const sizes: Sizes =
  process.env.BENCH_QUICK === '1'
    ? {
        rounds: 2,
        lines: 160,
        alone: 20,
        crowd: 160,
        coldAlone: 10,
        coldCrowd: 80,
        warmUp: 160,
        lifecycleRounds: 1,
        lifecycles: 20,
        openLines: 100,
        cachedLines: 400,
        rows: 80_000,
        callbacks: 200,
        callbackParcels: 40,
        callbackSeconds: 2,
        due: 600,
        manyDue: 1_200,
        waybills: 500,
        asked: 10,
        deepPage: 100,
        quotes: 100,
        quotesOverHttp: 20,
        webhooks: 500,
        bulkRows: 300,
        sheetRows: 2_000,
        growthLines: 600,
        growthCommands: 40,
        topologyPasses: 1,
        roundSeconds: 15,
      }
    : {
        rounds: 5,
        lines: 256,
        alone: 120,
        crowd: 800,
        coldAlone: 60,
        coldCrowd: 256,
        warmUp: 1_024,
        lifecycleRounds: 3,
        lifecycles: 120,
        openLines: 2_000,
        cachedLines: scaled(10_000),
        callbacks: 2_000,
        callbackParcels: 400,
        callbackSeconds: 20,
        due: scaled(10_000),
        manyDue: scaled(100_000),
        waybills: scaled(10_000),
        rows: numberIn('BENCH_ROWS', 1_000_000),
        asked: 100,
        deepPage: 2_000,
        quotes: 10_000,
        quotesOverHttp: 1_000,
        webhooks: scaled(10_000),
        bulkRows: scaled(10_000),
        sheetRows: 50_000,
        growthLines: 100_000,
        growthCommands: 400,
        topologyPasses: 2,
        roundSeconds: 95,
      };
