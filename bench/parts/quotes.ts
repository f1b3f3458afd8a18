import { type FeeLine, type PlaceTerms, quote } from '../../domain/shipping/bundle-fee.ts';
import type { Bench, Part } from '../harness/bench.ts';
import { createHttp, type Http } from '../harness/http.ts';
import { benchToken, startApi } from '../harness/programs.ts';
import { quantile, short, spreadOf } from '../measure/stats.ts';

/** Targets of issue 7, item 6. */
const HTTP_MS = 10;
const PLACES = 5;
const POLICIES = 4;
const LINES = 20;
const WARM_UP = 50;
const ZIP_CODES = ['06236', '63122', '40221', '63365'];

/** Quotes of 20 lines: the function alone, and over HTTP with places and policies from the database. */
export const quotePart: Part = {
  key: 'quotes',
  title: 'Bundle shipping fees: quotes of 20 lines',
  run: async (bench) => {
    ruleAlone(bench);
    const api = await startApi(bench.servers, 'product');
    const http = createHttp(api.url, await benchToken(), 4);
    try {
      await overHttp(bench, http);
    } finally {
      http.close();
      await api.child.stop();
    }
  },
};

const zipCode = (n: number) => ZIP_CODES[n % ZIP_CODES.length] ?? '06236';

function ruleAlone({ report, sizes }: Bench): void {
  const terms = new Map(
    Array.from({ length: PLACES }, (_, place): [number, PlaceTerms] => [
      place,
      {
        imposeType: place % 2 ? 1 : 2,
        jeju: 3_000,
        remote: 5_000,
        policies: Array.from({ length: POLICIES }, (_, at) => ({
          policyNo: place * POLICIES + at,
          feeType: at % 2 ? 2 : 3,
          fee: 2_500 + at * 500,
          condition: 50_000,
          isPrepayment: true,
          isCashOnDelivery: false,
          isDefault: at === 0,
        })),
      },
    ]),
  );
  const linesOf = (n: number): FeeLine[] =>
    Array.from({ length: LINES }, (_, at) => {
      const placeNo = (n + at) % PLACES;
      return { placeNo, policyNo: at % 3 ? placeNo * POLICIES + (at % POLICIES) : null, quantity: 2, unitPrice: 900 + n };
    });
  const asked = Array.from({ length: sizes.quotes }, (_, n) => linesOf(n));
  let sum = 0;
  const from = performance.now();
  for (const [n, lines] of asked.entries()) sum += quote(terms, zipCode(n), lines).totalFee;
  const ms = performance.now() - from;
  if (sum === 0) throw new Error('no quote asked anything, so nothing was measured');
  report.say(`${sizes.quotes} quotes by the rule alone: ${short(ms)} ms, ${short((ms * 1_000) / sizes.quotes)} µs each`);
}

async function overHttp({ report, sizes }: Bench, http: Http): Promise<void> {
  const placeNos: number[] = [];
  const policyNos: number[][] = [];
  for (let place = 0; place < PLACES; place++) {
    const { placeNo } = await create<{ placeNo: number }>(http, '/item/v1/shipping/places', {
      placeName: `측정 ${place}`,
      zipCode: '17379',
      addr1: '경기도 이천시 마장면 덕평로 811',
      isDefaultShippingPlace: false,
      isSetAdditionalShippingFee: true,
      jejuAdditionalShippingFee: 3_000,
      backwoodsAdditionalShippingFee: 5_000,
      imposeType: 1,
    });
    placeNos.push(placeNo);
    const own: number[] = [];
    for (let at = 0; at < POLICIES; at++) {
      const flags = { isPrepayment: true, isCashOnDelivery: false, isDefault: at === 0 };
      const body = { feeType: 3, fee: 2_500 + at * 500, ...flags, placeNo, shippingFee: [{ condition: 50_000 }] };
      own.push((await create<{ policyNo: number }>(http, '/item/v1/shipping/policies', body)).policyNo);
    }
    policyNos.push(own);
  }
  const bodyOf = (n: number) => ({
    zipCode: zipCode(n),
    lines: Array.from({ length: LINES }, (_, at) => {
      const place = (n + at) % PLACES;
      return { placeNo: placeNos[place], policyNo: policyNos[place]?.[at % POLICIES], quantity: 2, unitPrice: 900 + n };
    }),
  });
  const took: number[] = [];
  for (let n = -WARM_UP; n < sizes.quotesOverHttp; n++) {
    const from = performance.now();
    const { status, text } = await http.post('/api/bo/v1/shipping-fees/quote', bodyOf(n + WARM_UP));
    if (status !== 200) throw new Error(`${status} ${text}`);
    if (n >= 0) took.push(performance.now() - from);
  }
  const spread = { ...spreadOf(took), low: quantile(took, 0.05), high: quantile(took, 0.95) };
  report.target('a quote over HTTP: p50', spread, { atMost: HTTP_MS }, ' ms');
}

async function create<Made>(http: Http, path: string, body: object): Promise<Made> {
  const { status, text } = await http.post(path, body);
  if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
  return JSON.parse(text) as Made;
}
