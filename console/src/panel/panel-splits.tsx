import type { Schemas } from '../api/api.ts';
import { State } from '../list/parts.tsx';
import { t } from '../ui/texts.ts';
import { NumberLink } from './number-link.tsx';

type Key = Schemas['LineRow']['splitTo'][number];

function LineLink({ line: { deliveryNo, lineNo } }: { line: Key }) {
  return (
    <span className="line-link">
      <NumberLink kind="delivery" no={deliveryNo} />/{lineNo}
    </span>
  );
}

/** 분할: what a line was split off from, and its parts. */
export function Splits({ line: { splitFrom, splitTo } }: { line: Pick<Schemas['LineRow'], 'splitFrom' | 'splitTo'> }) {
  if (splitFrom === null && splitTo.length === 0) return null;
  return (
    <div className="splits">
      {splitFrom && (
        <span data-split="from">
          {t('splitFrom')} <LineLink line={splitFrom} />
        </span>
      )}
      {splitTo.length > 0 && (
        <span data-split="to">
          {t('splitTo')}{' '}
          {splitTo.map((part) => (
            <LineLink key={`${part.deliveryNo}/${part.lineNo}`} line={part} />
          ))}
        </span>
      )}
    </div>
  );
}

/** A line's parts under it, itself first: together they are the line that the shop has ordered. */
export function OrderParts({ parts }: { parts: Schemas['OrderLinePart'][] }) {
  return (
    <ul className="order-parts" aria-label={t('parts')}>
      {parts.map((part) => (
        <li key={`${part.deliveryNo}/${part.lineNo}`}>
          <span>
            <LineLink line={part} /> <span className="muted">{t('pieces', { n: part.validQuantity })}</span>
          </span>
          <State group="state" state={part.state} name={part.stateName} />
        </li>
      ))}
    </ul>
  );
}

/** Deliveries with those of parts (분할) after the delivery of their line. */
export function underLines<Delivery extends { deliveryNo: string; lines: Pick<Schemas['LineRow'], 'splitFrom'>[] }>(
  deliveries: Delivery[],
): Delivery[] {
  const known = new Set(deliveries.map(({ deliveryNo }) => deliveryNo));
  const fromOf = ({ deliveryNo, lines }: Delivery) => {
    const from = lines.find(({ splitFrom }) => splitFrom)?.splitFrom?.deliveryNo;
    return from !== undefined && from !== deliveryNo && known.has(from) ? from : null;
  };
  const under = Map.groupBy(deliveries, fromOf);
  const withOwn = (delivery: Delivery): Delivery[] => [delivery, ...(under.get(delivery.deliveryNo) ?? []).flatMap(withOwn)];
  return (under.get(null) ?? []).flatMap(withOwn);
}
