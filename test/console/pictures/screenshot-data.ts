import { setTimeout as pause } from 'node:timers/promises';
import { csv } from '../../support/scenes/sheets.ts';

/** What the pictures show beside the sample data, made as people and machines make it: over HTTP and by the tracker's simulator. */
export interface Shown {
  /** A sheet with errors that has not been started, and one that has finished. */
  checkedJob: string;
  finishedJob: string;
  /** Somebody to search for. */
  receiverName: string;
  /** What a reader types at the packing bench: a delivery, and a product of it. */
  toVerify: string[];
}

const EVERY_MS = 500;
const NEXT_RUN_MS = 20_000;
const MOST_WAIT_MS = 120_000;
const SYSTEM = 'waybill-registration';

interface Line {
  deliveryNo: string;
  lineNo: number;
  productId: number;
}

async function until<T>(look: () => Promise<T | undefined>, every = EVERY_MS): Promise<T> {
  for (const end = performance.now() + MOST_WAIT_MS; ; await pause(every)) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error('the running stack did not come so far');
  }
}

/** Acts on a running `npm start`; may be run again. */
export async function prepare(url: string, simulator: string): Promise<Shown> {
  const json = async (path: string, init: RequestInit = {}): Promise<any> => {
    const response = await fetch(path, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { token } = await json(`${url}/console/personas/admin/token`, { method: 'POST' });
  const authorization = `Bearer ${token}`;
  const api = (path: string, init: RequestInit = {}) =>
    json(url + path, { ...init, headers: { authorization, ...(init.headers as Record<string, string>) } });
  const post = (path: string, body?: FormData) => api(path, { method: 'POST', ...(body ? { body } : {}) });
  const control = (path: string, body: object) =>
    json(`${simulator}/_control${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });

  const upload = async (name: string, rows: (string | number)[][]): Promise<string> => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(csv(rows))]), name);
    return (await post('/api/bo/v1/bulk-shipments', form)).id;
  };
  const waybill = (at: number) => String(680_000_000_000 + (Date.now() % 1_000_000_000) + at);
  const { items: released }: { items: Line[] } = await api('/api/bo/v1/delivery-lines?state=released&methodCode=10&limit=12');
  const row = ({ deliveryNo, lineNo }: Line, at: number) => [deliveryNo, lineNo, '04', waybill(at)];
  const finishedJob = await upload('출고완료_오전.csv', released.slice(0, 5).map(row));
  await post(`/api/bo/v1/bulk-shipments/${finishedJob}/start`);
  const wrong = released.slice(5, 9).map((line, at) => row(line, 100 + at));
  const [one, two] = [released[9] ?? released[0], released[10] ?? released[0]];
  const checkedJob = await upload('출고완료_오후.csv', [
    ...wrong,
    [one?.deliveryNo ?? '', one?.lineNo ?? 1, '04', '12-34'],
    [two?.deliveryNo ?? '', two?.lineNo ?? 1, '77', waybill(200)],
    ['D000000000000', 1, '04', waybill(201)],
    [two?.deliveryNo ?? '', 9, '04', waybill(202)],
  ]);
  await until(async () => ((await api(`/api/bo/v1/bulk-shipments/${finishedJob}`)).finishedAt === null ? undefined : true));

  // The tracker refuses one; rows younger than a minute wait for the next run.
  await control('/behaviours', { on: 'register', kind: 'code', code: '02', times: 1 });
  const parcels = await until(async () => {
    const { runId } = await post(`/api/bo/v1/batches/${SYSTEM}/run`);
    await until(async () => {
      const { items } = await api(`/api/bo/v1/batches/${SYSTEM}/runs`);
      return items.find((run: any) => run.runId === runId && run.finishedAt !== null);
    });
    const { items } = await json(`${simulator}/_control/registrations`);
    const taken: { num: string }[] = items.filter((each: any) => each.answer?.success === true);
    return taken.length >= 2 ? taken : undefined;
  }, NEXT_RUN_MS);
  const [scanned, mistaken] = parcels.slice(-2);
  await control('/callbacks', { num: scanned?.num, levels: [-99] });
  await control('/callbacks', { num: mistaken?.num, levels: [4], fields: { invoice_no: waybill(300) } });
  await until(async () => ((await api('/api/bo/v1/tracking-exceptions?state=open')).items.length >= 2 ? true : undefined));

  const reason = encodeURIComponent('배송지 확인 전화');
  const detail = await api(`/api/bo/v1/deliveries/${released[0]?.deliveryNo}?reason=${reason}`);
  await fetch(
    `${url}/api/bo/v1/delivery-lines/export.xlsx?state=shipped&unmasked=true&reason=${encodeURIComponent('택배사 인계')}`,
    {
      headers: { authorization },
    },
  ).then((response) => response.arrayBuffer());
  // One that a single scan does not complete: what is complete leaves by itself.
  const { items: packed }: { items: Line[] } = await api('/api/bo/v1/delivery-lines?state=released&methodCode=10&limit=200');
  const boxes = [...Map.groupBy(packed, ({ deliveryNo }) => deliveryNo).values()];
  const [product] = boxes.find((lines) => lines.length > 2) ?? packed;
  const toVerify = [product?.deliveryNo ?? '', String(product?.productId)];
  return { checkedJob, finishedJob, receiverName: detail.receiver.name, toVerify };
}
