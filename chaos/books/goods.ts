import { byKey, type Finding } from './finding.ts';
import { type Ledgers, lineKey } from './ledgers.ts';

/** An open waybill has one owner and somebody who holds it; whoever holds one has it open. */
export function checkWaybills({ waybills, lines, pickups }: Ledgers): Finding[] {
  const findings: Finding[] = [];
  const numberOf = ({ carrier_code, waybill_no }: { carrier_code: string | null; waybill_no: string | null }) =>
    `${carrier_code} ${waybill_no}`;
  const open = byKey(
    waybills.filter(({ closed_at }) => closed_at === null),
    numberOf,
  );
  const lineHolders = byKey(
    lines.filter(({ waybill_no, finished_at }) => waybill_no !== null && finished_at === null),
    numberOf,
  );
  const pickupHolders = byKey(
    pickups.filter(({ waybill_no, finished_at }) => waybill_no !== null && finished_at === null),
    numberOf,
  );
  const note = (subject: string, text: string) => findings.push({ book: 'waybills', subject, text });
  for (const [number, rows] of open) {
    if (rows.length > 1) note(number, `is open ${rows.length} times`);
    const holders = lineHolders.get(number) ?? [];
    const collecting = pickupHolders.get(number) ?? [];
    if (holders.length + collecting.length === 0) note(number, 'is open and nobody holds it');
    // The clients never ask for 합포장, so lines that share one are of one delivery.
    const owners = new Set([...holders.map(({ delivery_no }) => delivery_no), ...collecting.map(({ pickup_no }) => pickup_no)]);
    if (owners.size > 1) note(number, `is held by ${[...owners].join(', ')}`);
  }
  for (const number of [...lineHolders.keys(), ...pickupHolders.keys()])
    if (!open.has(number)) note(number, 'is held and not open');
  return findings;
}

/** Each move begins at the stock that the last left; the last is the product's; a line that has left took its quantity once. */
export function checkStock({ products, stock, lines }: Ledgers): Finding[] {
  const findings: Finding[] = [];
  const note = (subject: string, text: string) => findings.push({ book: 'stock', subject, text });
  const moves = byKey(stock, ({ shipping_product_id }) => String(shipping_product_id));
  for (const product of products) {
    if (product.stock === null) continue;
    const subject = `product ${product.shipping_product_id}`;
    let [left, missing] = [0, 0];
    for (const move of moves.get(String(product.shipping_product_id)) ?? []) {
      if (left + move.delta !== move.stock)
        note(subject, `move ${move.id} (${move.kind}) makes ${left} ${move.delta} to ${move.stock}`);
      left = move.stock;
      missing =
        move.kind === 'set'
          ? 0
          : move.kind === 'ship' || move.kind === 'unship'
            ? Math.max(0, missing + move.shortfall)
            : missing;
    }
    if (left !== product.stock) note(subject, `has ${product.stock}, its moves end at ${left}`);
    if (missing !== product.shortfall) note(subject, `lacks ${product.shortfall}, its moves say ${missing}`);
  }
  const ofLine = byKey(
    stock.filter(({ delivery_no }) => delivery_no !== null),
    ({ delivery_no, line_no }) => `${delivery_no}/${line_no}`,
  );
  const counted = new Set(products.filter((product) => product.stock !== null).map((product) => product.shipping_product_id));
  for (const line of lines) {
    if (!counted.has(line.product_id)) continue;
    const subject = lineKey(line);
    const own = ofLine.get(subject) ?? [];
    const isGone = line.state === 'shipped' || line.state === 'delivered';
    const taken = own.reduce((sum, { kind }) => sum + (kind === 'ship' ? 1 : kind === 'unship' ? -1 : 0), 0);
    if (taken !== (isGone ? 1 : 0)) note(subject, `is ${line.state}, and was taken from stock ${taken} times`);
    const last = own.at(-1);
    const quantity = last ? shippedQuantity(line) : 0;
    if (isGone && last?.kind === 'ship' && -last.delta + last.shortfall !== quantity)
      note(subject, `left with ${quantity}, stock gave ${-last.delta} and lacked ${last.shortfall}`);
  }
  return findings;
}

/** Returns come later: what left is what was ordered less what was canceled before. */
const shippedQuantity = ({ quantity, canceled }: { quantity: number; canceled: number }) => quantity - canceled;
