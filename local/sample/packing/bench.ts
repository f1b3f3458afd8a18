import { z } from 'zod';
import { accept, codeOf, type Loading, refuse, resultsSchema } from '../client.ts';
import { type LineStep, listLines, type SampleLine } from '../line-steps.ts';

const BATCHES = '/api/bo/v1/work-batches';
const PRINTS = '/api/bo/v1/prints';
const VERIFICATIONS = '/api/bo/v1/verifications';

/** How many lines of a batch stay in it, and how many are about to fall out because their goods are missing. */
const STAY = 9;
const FALL_OUT = 2;
const VERIFIED = 3;
const LABELED = 6;

const keyOf = ({ deliveryNo, plan }: SampleLine) => ({ deliveryNo, lineNo: plan.lineNo });
const isParcelToShip = ({ plan }: SampleLine) => plan.parcel !== undefined && !plan.cancel && !plan.stockout && !plan.combine;

/** Prints; refused because a parcel has arrived meanwhile, an interrupted start has printed it already. */
async function printed({ send }: Loading, what: string, body: object): Promise<void> {
  const answer = await send('POST', `${PRINTS}/${what}`, body);
  if (codeOf(answer) !== 'LABEL_NOT_PRINTABLE') accept(`인쇄 ${what}`, z.string(), answer);
}

const batchSchema = z.object({ items: z.array(z.object({ workBatchNo: z.int(), state: z.string() })) });

/** A batch of lines of this place, of which some are about to turn out to be missing; the number of the new batch. */
async function makeBatch(loading: Loading, placeNo: number, lines: readonly SampleLine[]): Promise<number> {
  const rows = await listLines(loading, `state=released&methodCode=10&placeNo=${placeNo}&limit=500`);
  const there = new Set(rows.map(({ deliveryNo, lineNo }) => `${deliveryNo}/${lineNo}`));
  const released = lines.filter(({ deliveryNo, plan }) => there.has(`${deliveryNo}/${plan.lineNo}`));
  const stay = released.filter(({ plan }) => plan.target === 'released').slice(0, STAY);
  const missing = released.filter(({ plan }) => plan.target === 'awaitingShipment').slice(0, FALL_OUT);
  const answer = await loading.send('POST', BATCHES, { lines: [...stay, ...missing].map(keyOf) });
  const made = accept('작업차수', resultsSchema.extend({ workBatchNo: z.int().nullable() }), answer);
  const refused = made.results.find(({ ok }) => !ok);
  if (made.workBatchNo === null || refused) refuse('작업차수', `출하지 ${placeNo}`, refused);
  return made.workBatchNo;
}

/** 작업차수: lines that a place picks together, with their picking list; those that turn out to be missing fall out of it. */
export const pickTogether =
  (placeNo: number): LineStep =>
  async (loading, lines) => {
    const { send, progress } = loading;
    const known = accept('작업차수 조회', batchSchema, await send('GET', `${BATCHES}?placeNo=${placeNo}`)).items.at(-1);
    if (known && known.state !== 'created') return;
    const workBatchNo = known?.workBatchNo ?? (await makeBatch(loading, placeNo, lines));
    const [moved] = await Promise.all([
      send('POST', `${BATCHES}/${workBatchNo}/move`, { state: 'picking' }),
      printed(loading, 'picking-list', { workBatchNo }),
    ]);
    accept('작업차수의 피킹', z.object({ state: z.string() }), moved);
    progress('예제 작업차수 1개');
  };

const verificationSchema = z.object({
  verificationId: z.int().nullable(),
  lines: z.array(z.object({ lineNo: z.int(), barcode: z.string(), needed: z.int() })),
});

/** 검품 of a delivery by scans alone; one that has left already is not opened again. */
async function verify({ send }: Loading, number: string): Promise<void> {
  const answer = await send('POST', `${VERIFICATIONS}/open`, { number });
  const { verificationId, lines } = accept(`검품 ${number}`, verificationSchema, answer);
  if (verificationId === null) return;
  for (const { lineNo, barcode, needed } of lines)
    for (let piece = 1; piece <= needed; piece++) {
      const scan = { scanId: `sample-${lineNo}-${piece}`, barcode };
      const scanned = await send('POST', `${VERIFICATIONS}/${verificationId}/scan`, scan);
      accept(`검품 스캔 ${number}`, z.object({ ok: z.literal(true) }), scanned);
    }
  const closed = await send('POST', `${VERIFICATIONS}/${verificationId}/close`, {});
  accept(`검품 닫음 ${number}`, z.object({}), closed);
}

/** Some of the parcels that leave next have been verified; their histories say so. */
export const verifyParcels: LineStep = async (loading, lines) => {
  const leaving = [...Map.groupBy(lines, ({ deliveryNo }) => deliveryNo)].filter(([, all]) =>
    all.every((line) => isParcelToShip(line) && line.plan.target === 'shipped'),
  );
  const some = leaving.slice(-VERIFIED).map(([deliveryNo]) => deliveryNo);
  await Promise.all(some.map((deliveryNo) => verify(loading, deliveryNo)));
  loading.progress(`예제 검품 ${some.length}건`);
};

/** Labels of parcels that have left and not arrived, one of them printed twice. */
export const printLabels: LineStep = async (loading, lines) => {
  const left = lines.filter((line) => isParcelToShip(line) && line.plan.target === 'shipped').slice(-LABELED);
  await Promise.all([
    printed(loading, 'labels', { lines: left.map(keyOf), reason: '출고 라벨' }),
    printed(loading, 'labels', { lines: left.slice(-1).map(keyOf), reason: '라벨 훼손으로 다시 인쇄' }),
  ]);
  loading.progress(`예제 라벨 ${left.length}장`);
};
