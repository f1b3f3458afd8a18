import type { Schemas } from '../../api/api.ts';
import { useDraft } from '../../commands/draft.ts';
import { CallDialog, Check, Choice, NumberField, TextField } from '../../commands/form.tsx';
import { useCarriers } from '../../list/parts.tsx';
import { named, t } from '../../ui/texts.ts';

export const RANGES = '/api/bo/v1/waybill-ranges';
export type WaybillRange = Schemas['WaybillRange'];

/** 롯데 alone has a rule of its own. */
const ruleOf = (carrierCode: string): WaybillRange['rule'] => (carrierCode === '08' ? 'lotte' : 'none');

/** The body of 등록 and 수정: a range is always sent as a whole. */
export const bodyOf = ({ placeNo, carrierCode, rule, from, to, lowAt, paused, autoWaybill }: WaybillRange) => ({
  ...{ placeNo, carrierCode, rule, from, to, lowAt, paused, autoWaybill },
});

/** Adds or changes a range of a place; the numbers are judged by the API. */
export function WaybillRangeForm({
  placeNo,
  range,
  onClose,
}: {
  placeNo: number;
  range: WaybillRange | null;
  onClose: () => void;
}) {
  const carriers = useCarriers();
  const [form, set, forget] = useDraft(`waybill-range.${range?.rangeNo ?? `new.${placeNo}`}`, {
    carrierCode: range?.carrierCode ?? '',
    from: range?.from ?? '',
    to: range?.to ?? '',
    lowAt: range?.lowAt ?? null,
    autoWaybill: range?.autoWaybill ?? true,
  });
  return (
    <CallDialog
      title={range ? t('editRange', { no: String(range.rangeNo) }) : t('newRange')}
      submit={t('save')}
      needs={[
        [t('carrierCode'), form.carrierCode],
        [t('rangeFrom'), form.from],
        [t('rangeTo'), form.to],
      ]}
      call={() => ({
        method: range ? 'PUT' : 'POST',
        path: range ? `${RANGES}/${range.rangeNo}` : RANGES,
        body: { ...form, placeNo, rule: range?.rule ?? ruleOf(form.carrierCode), paused: range?.paused ?? false },
      })}
      reads={[RANGES]}
      onClose={() => {
        forget();
        onClose();
      }}
    >
      <div className="fields">
        <Choice
          label="carrierCode"
          name="carrierCode"
          value={form.carrierCode}
          onChange={(carrierCode) => set({ carrierCode })}
          options={[{ value: '', label: '–' }, ...carriers.map(({ code, name }) => ({ value: code, label: name }))]}
        />
        <TextField label="rangeFrom" name="rangeFrom" value={form.from} onChange={(from) => set({ from })} />
        <TextField label="rangeTo" name="rangeTo" value={form.to} onChange={(to) => set({ to })} />
        <NumberField label="rangeLowAt" name="rangeLowAt" value={form.lowAt} onChange={(lowAt) => set({ lowAt })} />
        <Check label="rangeAuto" name="rangeAuto" value={form.autoWaybill} onChange={(autoWaybill) => set({ autoWaybill })} />
      </div>
      {ruleOf(form.carrierCode) === 'lotte' && <p className="note">{named('rangeRule', 'lotte')}</p>}
      <p className="note">{t('rangeNote')}</p>
    </CallDialog>
  );
}
