import { t } from '../ui/texts.ts';
import type { Carrier } from '../waybills/waybill.ts';
import type { Drafts } from './drafts.ts';

/** The carrier for waybills typed without one, and a way to discard the input. */
export function DraftBar<Row>({ drafts, carriers }: { drafts: Drafts<Row>; carriers: readonly Carrier[] }) {
  return (
    <>
      {drafts.stuck > 0 && <span className="red">{t('typedStuck', { n: drafts.stuck })}</span>}
      {drafts.count > 0 && (
        <>
          <button type="button" aria-pressed={drafts.isAlone} onClick={() => drafts.setAlone(!drafts.isAlone)}>
            {t('typedAlone', { n: drafts.count })}
          </button>
          <button type="button" className="quiet" onClick={drafts.clear}>
            {t('forgetTyped', { n: drafts.count })}
          </button>
        </>
      )}
      <label className="inline">
        {t('defaultCarrier')}
        <select name="defaultCarrier" value={drafts.carrier} onChange={(event) => drafts.setCarrier(event.target.value)}>
          {carriers.map((each) => (
            <option key={each.code} value={each.code}>
              {each.name}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

/** The rows that commands act on: the selected ones, else those with input. */
export function Chosen({ selected, typed, hint }: { selected: number; typed: number; hint: string }) {
  if (selected > 0) return <b>{t('selected', { n: selected })}</b>;
  return typed > 0 ? <b>{t('typed', { n: typed })}</b> : <span className="muted">{hint}</span>;
}

export function SelectNone({ selected, onClear }: { selected: number; onClear: () => void }) {
  if (selected === 0) return null;
  return (
    <button type="button" className="quiet" onClick={onClear}>
      {t('selectNone')}
    </button>
  );
}
