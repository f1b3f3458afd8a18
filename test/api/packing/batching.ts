import { sql } from 'kysely';
import type { Http, SendOptions } from '../../support/http.ts';
import type { Stack } from '../../support/stack.ts';

export const BATCHES = '/api/bo/v1/work-batches';

/** Lines with the number 1 of these deliveries. */
export const firstLines = (deliveryNos: readonly string[]) => deliveryNos.map((deliveryNo) => ({ deliveryNo, lineNo: 1 }));

export const makeBatch = (api: Http, deliveryNos: readonly string[], options?: SendOptions) =>
  api.post(BATCHES, { lines: firstLines(deliveryNos) }, options);

/** The number of a new batch of all these lines. */
export async function batchOf(api: Http, deliveryNos: readonly string[], options?: SendOptions): Promise<number> {
  const { status, body } = await makeBatch(api, deliveryNos, options);
  if (status !== 200 || body.failed > 0) throw new Error(JSON.stringify(body));
  return body.workBatchNo;
}

export const batchIn = async (api: Http, workBatchNo: number) => (await api.get(`${BATCHES}/${workBatchNo}`)).body;

/** Puts a row into another state, as a command's record would. */
export const rowBecomes = ({ db }: Stack, deliveryNo: string, state: string) =>
  db.query(
    sql`update delivery_lines set state = ${state}, canceled = case when ${state} = 'canceled' then quantity else 0 end,
           carrier_code = coalesce(carrier_code, '04'), waybill_no = coalesce(waybill_no, '681234567890')
         where delivery_no = ${deliveryNo}`,
  );
