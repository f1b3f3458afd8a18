import type { Schemas } from '../../api/api.ts';
import { useDraft } from '../../commands/draft.ts';
import { CallDialog, Check, Choice, NumberField } from '../../commands/form.tsx';
import { named, t } from '../../ui/texts.ts';

export const POLICIES = '/item/v1/shipping/policies';
export type Policy = Schemas['BundleFeePolicy'];
interface Form {
  feeType: number;
  fee: number | null;
  condition: number | null;
  isPrepayment: boolean;
  isCashOnDelivery: boolean;
  isDefault: boolean;
}

/** The body of 등록 and 수정: a policy is always sent as a whole. */
export const bodyOf = (placeNo: number, { feeType, fee, condition, isPrepayment, isCashOnDelivery, isDefault }: Form) => ({
  placeNo,
  feeType,
  fee: feeType === 1 ? 0 : fee,
  isPrepayment,
  isCashOnDelivery,
  isDefault,
  shippingFee: [{ condition: feeType === 3 ? condition : 0 }],
});

/** Adds or changes a policy. Only empty fields are asked for here; the rest the API judges, in its own sentences (1000, 3000). */
export function PolicyForm({
  placeNo,
  policy,
  isDefault,
  onClose,
}: {
  placeNo: number;
  policy: Policy | null;
  isDefault: boolean;
  onClose: () => void;
}) {
  const [form, set, forget] = useDraft<Form>(`policy.${policy?.policyNo ?? placeNo}`, {
    feeType: policy?.feeType ?? 2,
    fee: policy?.fee ?? 3_000,
    condition: policy?.shippingFee[0]?.condition || 50_000,
    isPrepayment: policy?.isPrepayment ?? true,
    isCashOnDelivery: policy?.isCashOnDelivery ?? false,
    isDefault,
  });
  return (
    <CallDialog
      title={policy ? t('editPolicy', { no: String(policy.policyNo) }) : t('newPolicy')}
      submit={t('save')}
      needs={[
        ...(form.feeType === 1 ? [] : [[t('fee'), form.fee] as const]),
        ...(form.feeType === 3 ? [[t('condition'), form.condition] as const] : []),
      ]}
      call={() => ({
        method: policy ? 'PUT' : 'POST',
        path: policy ? `${POLICIES}/${policy.policyNo}` : POLICIES,
        body: bodyOf(placeNo, form),
      })}
      reads={['policies', 'quote']}
      onClose={() => {
        forget();
        onClose();
      }}
    >
      <div className="fields">
        <Choice
          label="feeType"
          name="feeType"
          value={String(form.feeType)}
          onChange={(value) => set({ feeType: Number(value) })}
          options={['1', '2', '3'].map((value) => ({ value, label: named('feeType', value) }))}
        />
        {form.feeType !== 1 && <NumberField label="fee" name="fee" value={form.fee} onChange={(fee) => set({ fee })} />}
        {form.feeType === 3 && (
          <NumberField label="condition" name="condition" value={form.condition} onChange={(condition) => set({ condition })} />
        )}
        <Check label="prepay" name="isPrepayment" value={form.isPrepayment} onChange={(isPrepayment) => set({ isPrepayment })} />
        <Check
          label="cod"
          name="isCashOnDelivery"
          value={form.isCashOnDelivery}
          onChange={(isCashOnDelivery) => set({ isCashOnDelivery })}
        />
        <Check label="defaultPolicy" name="isDefault" value={form.isDefault} onChange={(next) => set({ isDefault: next })} />
      </div>
      <p className="note">{t('policyNote')}</p>
    </CallDialog>
  );
}
