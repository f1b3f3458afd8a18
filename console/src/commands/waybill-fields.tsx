import { useStored } from '../api/stored.ts';
import { useCarriers } from '../list/parts.tsx';
import { t } from '../ui/texts.ts';
import { cleanWaybill, faultOf } from './waybills.ts';

interface Waybill {
  carrierCode: string;
  waybillNo: string;
}

/** Carrier and waybill fields in a panel. `name` includes the revision, so that the input is discarded when the row changes. */
export function useWaybill(name: string, given: { carrierCode?: string | null; waybillNo?: string | null }) {
  const carriers = useCarriers();
  const initial = { carrierCode: given.carrierCode || '04', waybillNo: given.waybillNo ?? '' };
  const [typed, set] = useStored<Waybill>(`waybill.${name}`, initial);
  const waybill = { ...typed, waybillNo: cleanWaybill(typed.waybillNo) };
  const fault = waybill.waybillNo === '' ? null : faultOf(waybill.carrierCode, waybill.waybillNo, carriers);
  return { carriers, typed, set, fault, waybill: waybill.waybillNo === '' ? {} : waybill };
}

export function WaybillFields({ carriers, typed, set, fault }: ReturnType<typeof useWaybill>) {
  return (
    <>
      <div className="waybill">
        <select
          aria-label={t('carrierCode')}
          value={typed.carrierCode}
          onChange={({ target }) => set((before) => ({ ...before, carrierCode: target.value }))}
        >
          {carriers.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
        <input
          aria-label={t('waybillNo')}
          aria-invalid={fault !== null}
          value={typed.waybillNo}
          onChange={({ target }) => set((before) => ({ ...before, waybillNo: target.value }))}
        />
      </div>
      {fault && (
        <p className="red small" role="alert">
          {t(fault)}
        </p>
      )}
    </>
  );
}
