import { useState } from 'react';
import { useCarriers } from '../list/parts.tsx';
import { t } from '../ui/texts.ts';
import type { Named } from './draft-store.ts';
import { useDrafts } from './drafts.ts';
import type { DraftTab } from './tab-of.ts';
import { troubleOf } from './waybill-columns.ts';

/** A row's carrier and waybill in a panel: the same input as in its list, so that neither can send what the other does not show. */
export function useWaybill<Row extends Named>(tab: DraftTab<Row>, row: Row) {
  const carriers = useCarriers();
  const drafts = useDrafts<Row>(tab, carriers);
  /** As it is being typed; the input is what is left of it after cleaning. */
  const [raw, setRaw] = useState<string | null>(null);
  const typed = drafts.of(tab.idOf(row), row);
  const type = (field: string, value: string) => drafts.type([{ row, field, value }]);
  return {
    carriers,
    drafts,
    typed,
    shown: { carrierCode: typed.carrierCode || drafts.carrier, waybillNo: raw ?? typed.waybillNo },
    typeCarrier: (code: string) => type('typedCarrier', code),
    typeWaybill: (value: string) => {
      setRaw(value);
      type('typedWaybill', value);
    },
    leave: () => setRaw(null),
    waybill: typed.waybillNo === '' ? {} : { carrierCode: typed.carrierCode || drafts.carrier, waybillNo: typed.waybillNo },
  };
}

export function WaybillFields(entry: Omit<ReturnType<typeof useWaybill>, 'drafts'>) {
  const { carriers, typed, shown, typeCarrier, typeWaybill, leave } = entry;
  const trouble = troubleOf(typed);
  return (
    <>
      <div className="waybill">
        <select aria-label={t('carrierCode')} value={shown.carrierCode} onChange={({ target }) => typeCarrier(target.value)}>
          {carriers.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
        <input
          aria-label={t('waybillNo')}
          aria-invalid={trouble !== null}
          value={shown.waybillNo}
          onChange={({ target }) => typeWaybill(target.value)}
          onBlur={leave}
        />
      </div>
      {trouble !== null && (
        <p className="red small" role="alert">
          {trouble}
        </p>
      )}
    </>
  );
}
