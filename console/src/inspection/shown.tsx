import type { Inspection, Target } from '../api/jobs.ts';
import { t } from '../ui/texts.ts';

/** The inspection of a pickup as it is sent, item by item. */
function InspectedItems({
  items,
  names,
}: {
  items: readonly Inspection[];
  /** Names of the products by line. */
  names: ReadonlyMap<number, string>;
}) {
  return (
    <ul className="inspected">
      {items.map(({ lineNo, restock, dispose, fault }) => (
        <li key={lineNo} data-line={lineNo}>
          {items.length > 1 && <span>{`${lineNo}. ${names.get(lineNo) ?? ''} `}</span>}
          <span>
            {t('restock')} <b>{restock}</b>
          </span>
          {' · '}
          <span className={dispose > 0 ? 'red' : ''}>
            {t('dispose')} <b>{dispose}</b>
          </span>
          {' · '}
          <span>
            {t('fault')} <b>{fault ? t(fault) : t('noFault')}</b>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What the dialog of 회수완료 shows of a row. */
export const showInspection = (row: { items: readonly { lineNo: number; productName: string }[] }, target: Target) =>
  'items' in target && target.items ? (
    <InspectedItems items={target.items} names={new Map(row.items.map(({ lineNo, productName }) => [lineNo, productName]))} />
  ) : null;
