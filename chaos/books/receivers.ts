import { receiverOf } from '../clients/people.ts';
import type { Happened } from '../history/history.ts';
import type { Finding } from './finding.ts';
import type { Ledgers } from './ledgers.ts';

/** An order's receiver is who the last wish that was granted says; the last one stored, not the last one done. */
export function checkReceivers(happened: readonly Happened[], { orders, requests }: Ledgers): Finding[] {
  const bodies = new Map<string, string>();
  for (const event of happened)
    if (event.kind === 'asked' && event.path.endsWith('/receiver'))
      bodies.set(event.key, (event.body as { address1: string }).address1);
  const wanted = new Map<string, { storedAt: string; addresses: string[] }>();
  // In the order in which they were stored. Those that one statement stored are of one instant, and either may be the last.
  for (const { key, status, params, storedAt } of requests) {
    const address = bodies.get(key);
    const orderNo = params.orderNo ?? '';
    if (address === undefined || status !== 200) continue;
    const before = wanted.get(orderNo);
    wanted.set(orderNo, { storedAt, addresses: [...(before?.storedAt === storedAt ? before.addresses : []), address] });
  }
  return orders.flatMap(({ order_no, receiver_address1 }) => {
    const expected = wanted.get(order_no)?.addresses ?? [receiverOf('00000').address1];
    if (expected.includes(receiver_address1)) return [];
    const text = `is ${receiver_address1}, the last wish granted was ${expected.join(' or ')}`;
    return [{ book: 'receivers', subject: order_no, text }];
  });
}
