import pg from 'pg';

/*
 * The SQL of the transaction in which the product's `record` writes a command, statement by statement, on tables of the same
 * shape. It is repeated here because the floor uses nothing of the product: when db/record/delivery-line.ts changes its statements,
 * change these too. Writing plain commands with one statement (db/record/delivery-line-batch.ts) is an advantage of the product itself.
 */
export interface FloorMove {
  requestId: string;
  to: string;
}

export interface FloorEntry extends FloorMove {
  deliveryNo: string;
  from: string;
  revision: number;
  at: string;
}

interface Locked {
  revision: number;
  sub: string | null;
  reason: string | null;
}

const LOCK = {
  name: 'record-lock',
  text: `select l.revision, l.state, l.carrier_code, l.waybill_no, r.sub, r.reason, r.trace_id
       from delivery_lines l left join requests r on r.id = $3
      where l.delivery_no = $1 and l.line_no = $2 for update of l`,
};
const HISTORY = {
  name: 'record-history',
  text: `insert into delivery_history (delivery_no, line_no, at, by, command, from_state, to_state, revision, reason, refused, request_id, snapshot)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning id`,
};
const ROW = {
  name: 'record-row',
  text: `update delivery_lines set state = $1, revision = $2, canceled = $3, returned = $4, claims = $5, carrier_code = $6, waybill_no = $7,
       tracking_level = $8, instructed_at = $9, released_at = $10, shipped_at = $11, delivered_at = $12,
       stockout_reason = case when $13 then coalesce($14, stockout_reason) end, stockout_expected_at = $15, auto_clear = $16,
       finished_at = $17, started_at = coalesce(started_at, now()), updated_at = now()
     where delivery_no = $18 and line_no = $19`,
};

const LINE_NO = 1;
const passed = ['ordered', 'instructed', 'released', 'shipped', 'delivered'];

/** The local activity, and a function that closes its pool. */
export function createFloorRecord(connectionString: string, poolSize: number) {
  const pool = new pg.Pool({ connectionString, max: poolSize, idleTimeoutMillis: 30_000 });
  const record = async (entry: FloorEntry): Promise<void> => {
    const { deliveryNo, requestId, from, to, revision, at } = entry;
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<Locked>({ ...LOCK, values: [deliveryNo, LINE_NO, requestId] });
      const row = rows[0];
      // A retry after a committed first attempt finds its row written already.
      if (row?.revision === revision - 1) {
        const { sub, reason } = row;
        const values = rowOf(entry);
        const snapshot = JSON.stringify({ deliveryNo, lineNo: LINE_NO, requestId, at, revision, values });
        await client.query({
          ...HISTORY,
          values: [deliveryNo, LINE_NO, at, sub ?? 'floor', 'move', from, to, revision, reason, null, requestId, snapshot],
        });
        await client.query({ ...ROW, values });
      }
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  };
  return { record, close: () => pool.end() };
}

/** Sets the same dates and waybill as the product in these states, so that the same indexes are written. */
function rowOf({ deliveryNo, to, revision, at }: FloorEntry): unknown[] {
  const reached = passed.indexOf(to);
  const since = (state: string) => (passed.indexOf(state) <= reached ? at : null);
  const parcel = since('shipped') === null ? [null, null] : ['04', deliveryNo.replace(/\D/g, '').padStart(12, '9')];
  const dates = ['instructed', 'released', 'shipped', 'delivered'].map(since);
  return [to, revision, 0, 0, '{}', ...parcel, null, ...dates, false, null, null, true, null, deliveryNo, LINE_NO];
}
