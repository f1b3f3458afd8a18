import type { ReactNode } from 'react';
import { t } from '../ui/texts.ts';
import type { Named } from './draft-store.ts';
import type { Drafts, Typed } from './drafts.ts';
import type { DraftTab } from './tab-of.ts';
import { troubleOf } from './waybill-columns.ts';

const LISTED = 5;

/**
 * Whether what is typed for a row keeps a command from it: a waybill that is wrong or another delivery's, and 배송완료 under a waybill
 * that somebody was about to correct.
 */
export function isHeld({ fault, clash, isUnsent }: Typed, sends: string, name: string, combine: boolean): boolean {
  if (name === 'deliver') return isUnsent;
  if (name !== sends) return false;
  return fault !== null || (clash !== null && !combine) || (name === 'correct-waybill' && !isUnsent);
}

interface NotesProps<Row extends Named> {
  rows: Row[];
  name: string;
  tab: Pick<DraftTab<Row>, 'command' | 'idOf'>;
  drafts: Drafts<Row>;
  combine: boolean;
  ask: (name: string) => void;
}

/** What a dialog says of waybills that were typed: nothing typed is dropped or left unsent without a word. */
export function TypedNotes<Row extends Named>({ rows, name, tab, drafts, combine, ask }: NotesProps<Row>) {
  const typed = rows.map((row) => ({ row, id: tab.idOf(row), ...drafts.of(tab.idOf(row), row) }));
  const listed = (some: typeof typed, tell: (each: (typeof typed)[number]) => ReactNode) => (
    <ul className="some">
      {some.slice(0, LISTED).map((each) => (
        <li key={each.id}>{tell(each)}</li>
      ))}
      {some.length > LISTED && <li className="muted">{t('andMore', { n: some.length - LISTED })}</li>}
    </ul>
  );
  const unsent = typed.filter(({ isUnsent }) => isUnsent);
  if (name === tab.command) {
    const faulty = typed.filter(({ fault }) => fault !== null);
    const clashing = typed.filter(({ fault, clash }) => fault === null && clash !== null);
    const same = name === 'correct-waybill' ? typed.length - unsent.length : 0;
    return (
      <>
        {faulty.length > 0 && <p className="note warn">{t('faulty', { n: faulty.length })}</p>}
        {same > 0 && <p className="note">{t('notCorrected', { n: same })}</p>}
        {clashing.length > 0 && (
          <div className="note warn" data-note="clashing">
            {t(combine ? 'clashCombined' : 'clashHeld', { n: clashing.length })}
            {listed(clashing, (each) => `${each.id} · ${each.waybillNo} · ${troubleOf(each)}`)}
          </div>
        )}
      </>
    );
  }
  if (unsent.length === 0) return null;
  if (name !== 'deliver') return <p className="note warn">{t('typedStays', { n: unsent.length })}</p>;
  return (
    <div className="note warn" data-note="held">
      {t('deliverHeld', { n: unsent.length })}
      {listed(unsent, ({ id, row, waybillNo }) => `${id} · ${row.waybillNo ?? ''} → ${waybillNo}`)}
      {unsent.some(({ row }) => row.allowedCommands.includes('correct-waybill')) && (
        <button type="button" onClick={() => ask('correct-waybill')}>
          {t('correctInstead', { n: unsent.length })}
        </button>
      )}
    </div>
  );
}
