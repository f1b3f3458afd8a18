import { useQuery } from '@tanstack/react-query';
import { api, get, type Schemas } from '../../api/api.ts';
import { useDraft } from '../../commands/draft.ts';
import { CallDialog, Check, Choice, NumberField, TextField } from '../../commands/form.tsx';
import { named, t } from '../../ui/texts.ts';

export const DISPATCH_POLICIES = '/item/v1/shipping/dispatch-policies';
export type DispatchPolicy = Schemas['DispatchPolicy'];

/** All dispatch policies; there are few. */
export const useDispatchPolicies = () =>
  useQuery({ queryKey: [DISPATCH_POLICIES], queryFn: () => get(api.GET(DISPATCH_POLICIES)) });

const types = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
type Form = Omit<DispatchPolicy, 'dispatchPolicyNo'>;

/** Every half hour of a day. */
const closeTimes = Array.from({ length: 48 }, (_each, n) => `${String(n >> 1).padStart(2, '0')}:${n % 2 === 0 ? '00' : '30'}`);
const countsDays = (type: DispatchPolicy['dispatchType']) => type === 'B' || type === 'C' || type === 'E';

/** What a policy asks for, in words. */
export function termsOf({ dispatchType, dispatchCloseTime, readyDurationDay }: Form): string {
  if (dispatchType === 'A') return t('terms.A', { time: dispatchCloseTime ?? '' });
  if (countsDays(dispatchType)) return t('terms.days', { n: readyDurationDay ?? 0 });
  return dispatchType === 'D' ? t('terms.D') : t('terms.F');
}

/** The body of 등록 and 수정: a policy is always sent as a whole, with what its kind needs alone. */
const bodyOf = ({ dispatchPolicyName, dispatchType, dispatchCloseTime, readyDurationDay, isDefault }: Form) => ({
  dispatchPolicyName: dispatchPolicyName.trim() || null,
  dispatchType,
  ...(dispatchType === 'A' ? { dispatchCloseTime } : {}),
  ...(countsDays(dispatchType) ? { readyDurationDay } : {}),
  isDefault,
});

/** Adds or changes a dispatch policy; what it asks for is judged by the API. */
export function DispatchPolicyForm({
  policy,
  isDefault,
  onClose,
}: {
  policy: DispatchPolicy | null;
  isDefault: boolean;
  onClose: () => void;
}) {
  const [form, set, forget] = useDraft<Form>(`dispatch-policy.${policy?.dispatchPolicyNo ?? 'new'}`, {
    dispatchPolicyName: policy?.dispatchPolicyName ?? '',
    dispatchType: policy?.dispatchType ?? 'A',
    dispatchCloseTime: policy?.dispatchCloseTime ?? '15:00',
    readyDurationDay: policy?.readyDurationDay ?? 2,
    isDefault,
  });
  return (
    <CallDialog
      title={policy ? t('editDispatchPolicy', { no: String(policy.dispatchPolicyNo) }) : t('newDispatchPolicy')}
      submit={t('save')}
      needs={[
        [t('dispatchPolicyName'), form.dispatchPolicyName],
        ...(countsDays(form.dispatchType) ? [[t('readyDurationDay'), form.readyDurationDay] as const] : []),
      ]}
      call={() => ({
        method: policy ? 'PUT' : 'POST',
        path: policy ? `${DISPATCH_POLICIES}/${policy.dispatchPolicyNo}` : DISPATCH_POLICIES,
        body: bodyOf(form),
      })}
      reads={[DISPATCH_POLICIES, '/api/bo/v1/summary']}
      onClose={() => {
        forget();
        onClose();
      }}
    >
      <div className="fields">
        <TextField
          label="dispatchPolicyName"
          name="dispatchPolicyName"
          value={form.dispatchPolicyName}
          onChange={(dispatchPolicyName) => set({ dispatchPolicyName })}
        />
        <Choice
          label="dispatchType"
          name="dispatchType"
          value={form.dispatchType}
          onChange={(value) => set({ dispatchType: types.find((type) => type === value) ?? 'A' })}
          options={types.map((value) => ({ value, label: named('dispatchType', value) }))}
        />
        {form.dispatchType === 'A' && (
          <Choice
            label="dispatchCloseTime"
            name="dispatchCloseTime"
            value={form.dispatchCloseTime ?? ''}
            onChange={(dispatchCloseTime) => set({ dispatchCloseTime })}
            options={closeTimes.map((value) => ({ value, label: value }))}
          />
        )}
        {countsDays(form.dispatchType) && (
          <NumberField
            label="readyDurationDay"
            name="readyDurationDay"
            value={form.readyDurationDay}
            onChange={(readyDurationDay) => set({ readyDurationDay })}
          />
        )}
        <Check label="byDefaultPolicy" name="isDefault" value={form.isDefault} onChange={(next) => set({ isDefault: next })} />
      </div>
      <p className="note">{t('dispatchPolicyNote')}</p>
    </CallDialog>
  );
}
