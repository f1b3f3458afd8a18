import { useQuery } from '@tanstack/react-query';
import { api, get } from '../../api/api.ts';
import { useDraft } from '../../commands/draft.ts';
import { CallDialog, Choice, NumberField, TextField } from '../../commands/form.tsx';
import { t } from '../../ui/texts.ts';
import type { Member } from './member-field.tsx';
import { PLANS } from './plan-steps.tsx';

interface Form {
  uid: string;
  quantity: number | null;
  date: string;
  comment: string;
}

/** A new plan: which assembly product, how many, by when. */
export function NewPlan({ member, onClose }: { member: Member; onClose: () => void }) {
  const [form, set, forget] = useDraft<Form>('plan', { uid: '', quantity: 10, date: '', comment: '' });
  const { data } = useQuery({
    queryKey: ['/v2/assembly/products', member.fallback, 'choice'],
    enabled: member.fallback !== '',
    queryFn: async () => {
      const query = member.own === null ? { member_id: Number(member.fallback) } : {};
      return (await get(api.GET('/v2/assembly/products', { params: { query } }))).response.data_list;
    },
  });
  const uid = form.uid || data?.[0]?.assembly_product_uid || '';
  const chosen = data?.find(({ assembly_product_uid }) => assembly_product_uid === uid);
  return (
    <CallDialog
      title={t('newPlan')}
      submit={t('save')}
      disabled={!chosen}
      needs={[
        [t('planQuantity'), form.quantity],
        [t('planDate'), form.date],
      ]}
      call={() => ({
        method: 'POST',
        path: '/v2/assembly/plan',
        body: {
          assembly_product_uid: uid,
          plan_quantity: form.quantity,
          plan_date: form.date,
          ...(form.comment.trim() ? { comment: form.comment.trim() } : {}),
          ...(member.own === null ? { member_id: chosen?.member_id } : {}),
        },
      })}
      reads={[PLANS, '/api/bo/v1/stockouts']}
      onClose={() => {
        forget();
        onClose();
      }}
    >
      <div className="fields">
        <Choice
          label="products"
          name="uid"
          value={uid}
          onChange={(next) => set({ uid: next })}
          options={(data ?? []).map((each) => ({
            value: each.assembly_product_uid,
            label: `${each.product_name} (${each.shipping_product_id})`,
          }))}
        />
        <NumberField label="planQuantity" name="plan_quantity" value={form.quantity} onChange={(quantity) => set({ quantity })} />
        <TextField label="planDate" name="plan_date" type="date" value={form.date} onChange={(date) => set({ date })} />
        <TextField label="comment" name="comment" value={form.comment} onChange={(comment) => set({ comment })} />
      </div>
      {chosen && (
        <p className="note">
          {t('perPiece')} {chosen.item_list.map((item) => `${item.product_name} ×${item.quantity}`).join(', ')}
        </p>
      )}
      {data?.length === 0 && <p className="note warn">{t('noProductsYet')}</p>}
    </CallDialog>
  );
}
