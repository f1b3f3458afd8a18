import { sql } from 'kysely';
import { build, instant, type Query } from '../statement.ts';

/** Whether there is such an order. */
const hasOrder = async (query: Query, orderNo: string): Promise<boolean> =>
  (await query(build.selectFrom('orders').select('order_no').where('order_no', '=', orderNo))).length > 0;

/** Says whether an order's receiver is told; false = a later request has said so already, undefined = there is no such order. */
export async function setNotices(query: Query, orderNo: string, enabled: boolean, askedAt: string): Promise<boolean | undefined> {
  const changed = await query(
    build
      .updateTable('orders')
      .set({ notices: enabled, notices_asked_at: instant(askedAt), updated_at: sql<Date>`now()` })
      .where('order_no', '=', orderNo)
      .where((eb) => eb.or([eb('notices_asked_at', 'is', null), eb('notices_asked_at', '<=', instant(askedAt))]))
      .returning('order_no'),
  );
  if (changed.length > 0) return true;
  return (await hasOrder(query, orderNo)) ? false : undefined;
}
