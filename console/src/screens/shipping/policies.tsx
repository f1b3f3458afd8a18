import { useQuery } from '@tanstack/react-query';
import { api, get } from '../../api/api.ts';
import { useCall } from '../../api/calls.ts';
import { useStored } from '../../api/stored.ts';
import { Trouble, useMay } from '../../list/parts.tsx';
import { Table } from '../../list/table.tsx';
import { won } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';
import { bodyOf, POLICIES, type Policy, PolicyForm } from './policy-form.tsx';

/** A postal code on the mainland, without surcharge. */
const MAINLAND = '06236';

/** The policies of a place. Their wire does not say which one is the default; the quote for a line without a policy does. */
export function Policies({ placeNo }: { placeNo: number }) {
  const may = useMay();
  const [editing, edit] = useStored<{ form: Policy | 'new' | null }>(`policies.${placeNo}.editing`, { form: null });
  const setEditing = (form: Policy | 'new' | null) => edit(() => ({ form }));
  const call = useCall('policies', 'quote');
  const { data, error, refetch } = useQuery({
    queryKey: ['policies', placeNo],
    queryFn: async () => {
      const lines = [{ placeNo, quantity: 1, unitPrice: 1_000 }];
      const [{ policies }, { bundles }] = await Promise.all([
        get(api.GET('/item/v1/shipping/places/{placeNo}/policies', { params: { path: { placeNo } } })),
        get(api.POST('/api/bo/v1/shipping-fees/quote', { body: { zipCode: MAINLAND, lines } })),
      ]);
      return { policies, defaultNo: bundles[0]?.policyNo ?? null };
    },
  });
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  const makeDefault = (policy: Policy) =>
    call.mutate({
      method: 'PUT',
      path: `${POLICIES}/${policy.policyNo}`,
      body: bodyOf(placeNo, { ...policy, condition: policy.shippingFee[0]?.condition ?? null, isDefault: true }),
      what: t('makeDefault'),
    });
  return (
    <section className="board" aria-label={t('policies')}>
      <div className="card-head">
        <h2>
          {t('policies')} <span className="muted">· {placeNo}</span>
        </h2>
        {may('policy.write') && (
          <button type="button" className="primary" onClick={() => setEditing('new')}>
            {t('newPolicy')}
          </button>
        )}
      </div>
      <Table
        label={t('policies')}
        heads={['policyNo', 'feeType', 'fee', 'condition', 'payer', 'command']}
        right={['fee', 'condition']}
        rows={data?.policies}
        empty={t('noPolicies')}
        row={(policy) => (
          <tr key={policy.policyNo} data-policy={policy.policyNo}>
            <td>
              {policy.policyNo}{' '}
              {policy.policyNo === data?.defaultNo && <span className="state state-delivered">{t('isDefault')}</span>}
            </td>
            <td>{named('feeType', policy.feeType)}</td>
            <td className="right">{won(policy.fee)}</td>
            <td className="right">
              {policy.feeType === 3 ? policy.shippingFee.map(({ condition }) => won(condition)).join(', ') : '–'}
            </td>
            <td>
              {[policy.isPrepayment && t('prepay'), policy.isCashOnDelivery && t('cod')].filter(Boolean).join(' · ') || t('none')}
            </td>
            <td>
              {may('policy.write') && (
                <>
                  <button type="button" className="link gap" onClick={() => setEditing(policy)}>
                    {t('edit')}
                  </button>
                  {policy.policyNo !== data?.defaultNo && (
                    <button type="button" className="link" disabled={call.isPending} onClick={() => makeDefault(policy)}>
                      {t('makeDefault')}
                    </button>
                  )}
                </>
              )}
            </td>
          </tr>
        )}
      />
      {data && editing.form && (
        <PolicyForm
          placeNo={placeNo}
          policy={editing.form === 'new' ? null : editing.form}
          isDefault={editing.form === 'new' ? data.defaultNo === null : editing.form.policyNo === data.defaultNo}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  );
}
