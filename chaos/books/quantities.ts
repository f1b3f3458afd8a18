import type { Happened } from '../history/history.ts';
import { byKey, type Finding } from './finding.ts';
import { type Ledgers, lineKey } from './ledgers.ts';

const BOOK = 'quantities';
const ENDS: Record<string, string> = { refused: 'released', withdrawn: 'released' };

/** What was ordered is on the line and its parts, canceled, or returned; each reservation is one pickup's, and as far as that pickup is. */
export function checkQuantities(happened: readonly Happened[], ledgers: Ledgers): Finding[] {
  const findings: Finding[] = [];
  const note = (subject: string, text: string) => findings.push({ book: BOOK, subject, text });
  const pickups = new Map(ledgers.pickups.map((pickup) => [pickup.pickup_no, pickup]));
  const items = byKey(ledgers.items, ({ pickup_no }) => pickup_no);
  const canceled = canceledByRequests(happened, ledgers);
  const lines = new Map(ledgers.lines.map((line) => [lineKey(line), line]));

  for (const line of ledgers.lines) {
    const subject = lineKey(line);
    const claims = Object.entries(line.claims);
    const sum = (status: string) => claims.reduce((all, [, claim]) => all + (claim.status === status ? claim.quantity : 0), 0);
    const valid = line.quantity - line.canceled - line.returned;
    if (line.returned !== sum('settled')) note(subject, `returned ${line.returned}, its claims settled ${sum('settled')}`);
    if (valid < sum('reserved') + sum('exchanged'))
      note(subject, `valid ${valid}, reserved ${sum('reserved')}, exchanged ${sum('exchanged')}`);
    if (line.canceled !== (canceled.get(subject) ?? 0))
      note(subject, `canceled ${line.canceled}, its cancellations were answered with ${canceled.get(subject) ?? 0}`);
    for (const [pickupNo, claim] of claims) {
      const pickup = pickups.get(pickupNo);
      const item = items.get(pickupNo)?.find((each) => each.line_no === line.line_no);
      if (!pickup) {
        if (claim.status !== 'released') note(subject, `${claim.quantity} ${claim.status} for ${pickupNo}, which is not there`);
        continue;
      }
      const right =
        ENDS[pickup.state] ?? (pickup.state !== 'completed' ? 'reserved' : pickup.kind === 'return' ? 'settled' : 'exchanged');
      if (claim.status !== right) note(subject, `${claim.status} for ${pickupNo}, which is ${pickup.kind} ${pickup.state}`);
      if (item?.quantity !== claim.quantity) note(subject, `${claim.quantity} for ${pickupNo}, which collects ${item?.quantity}`);
    }
  }
  for (const item of ledgers.items) {
    const pickup = pickups.get(item.pickup_no);
    const subject = `${pickup?.original_delivery_no}/${item.line_no}`;
    if (!lines.get(subject)?.claims[item.pickup_no])
      note(item.pickup_no, `collects ${item.quantity} of ${subject}, which knows nothing of it`);
  }
  findings.push(...exchanges(ledgers), ...ordered(happened, ledgers));
  return findings;
}

interface Canceled {
  lineNo: number;
  ok: boolean;
  /** Of a split line: how much of which part, also where the rest was refused. */
  parts?: { deliveryNo: string; lineNo: number; quantity: number }[];
}

/** By line: the quantities of the cancellations whose stored answer says ok, as their callers asked for them. */
function canceledByRequests(happened: readonly Happened[], { requests, lines }: Ledgers): Map<string, number> {
  const sums = new Map<string, number>();
  const answers = new Map(requests.map(({ key, answer }) => [key, answer as { results?: Canceled[] } | null]));
  for (const asked of happened) {
    const orderNo = asked.kind === 'asked' ? /orders\/([^/]+)\/cancellations/.exec(asked.path)?.[1] : undefined;
    if (asked.kind !== 'asked' || !orderNo) continue;
    const wanted = (asked.body as { lines: { lineNo: number; quantity: number }[] }).lines;
    const add = (subject: string, quantity: number) => sums.set(subject, (sums.get(subject) ?? 0) + quantity);
    for (const { lineNo, ok, parts } of answers.get(asked.key)?.results ?? []) {
      for (const part of parts ?? []) add(`${part.deliveryNo}/${part.lineNo}`, part.quantity);
      if (parts) continue;
      const line = lines.find((each) => each.order_no === orderNo && each.line_no === lineNo);
      const quantity = wanted.find((each) => each.lineNo === lineNo)?.quantity ?? 0;
      if (ok && line) add(lineKey(line), quantity);
    }
  }
  return sums;
}

/** A completed exchange sends exactly what it collected, once. */
function exchanges({ pickups, deliveries, lines, items }: Ledgers): Finding[] {
  return pickups.flatMap((pickup) => {
    const sent = deliveries.filter(({ pickup_no }) => pickup_no === pickup.pickup_no);
    const isDone = pickup.state === 'completed' && pickup.kind === 'exchange';
    const subject = pickup.pickup_no;
    if (sent.length !== (isDone ? 1 : 0))
      return [{ book: BOOK, subject, text: `${pickup.kind} ${pickup.state}, ${sent.length} deliveries were made for it` }];
    const total = (list: { quantity: number }[]) => list.reduce((sum, { quantity }) => sum + quantity, 0);
    const collected = total(items.filter(({ pickup_no }) => pickup_no === subject));
    const made = total(
      lines.filter(({ delivery_no }) => delivery_no === sent[0]?.delivery_no).flatMap((line) => familyOf(lines, line)),
    );
    return isDone && collected !== made ? [{ book: BOOK, subject, text: `collected ${collected}, sent ${made}` }] : [];
  });
}

/** A line and all that was split off it. */
const familyOf = (lines: Ledgers['lines'], { order_no, line_no }: Ledgers['lines'][number]) =>
  lines.filter((each) => each.order_no === order_no && (each.root_line_no ?? each.line_no) === line_no);

/** Splitting neither makes pieces nor loses any. */
function ordered(happened: readonly Happened[], { lines }: Ledgers): Finding[] {
  const wishes = happened.flatMap((asked) =>
    asked.kind === 'asked' && asked.path.endsWith('/orders')
      ? [asked.body as { orderNo: string; lines: { lineNo: number; quantity: number }[] }]
      : [],
  );
  const wanted = new Map(
    wishes.flatMap(({ orderNo, lines: of }) => of.map(({ lineNo, quantity }) => [`${orderNo} ${lineNo}`, quantity])),
  );
  return lines.flatMap((line) => {
    const quantity = line.root_line_no === null ? wanted.get(`${line.order_no} ${line.line_no}`) : undefined;
    const sum = familyOf(lines, line).reduce((all, each) => all + each.quantity, 0);
    return quantity === undefined || sum === quantity
      ? []
      : [{ book: BOOK, subject: lineKey(line), text: `${quantity} ordered, it and its parts have ${sum}` }];
  });
}
