import { useCall } from '../../api/calls.ts';
import { useStored } from '../../api/stored.ts';
import { Trouble, useMay } from '../../list/parts.tsx';
import { Table } from '../../list/table.tsx';
import { named, t } from '../../ui/texts.ts';
import {
  DISPATCH_POLICIES,
  type DispatchPolicy,
  DispatchPolicyForm,
  termsOf,
  useDispatchPolicies,
} from './dispatch-policy-form.tsx';

/** 발송정책: when parcels have to leave; a place names one, and lines of other places follow the default one. */
export function DispatchPolicies() {
  const may = useMay();
  const [editing, edit] = useStored<{ form: DispatchPolicy | 'new' | null }>('dispatchPolicies.editing', { form: null });
  const setEditing = (form: DispatchPolicy | 'new' | null) => edit(() => ({ form }));
  const call = useCall(DISPATCH_POLICIES);
  const { data, error, refetch } = useDispatchPolicies();
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  const policies = data?.dispatchPolicies;
  const makeDefault = ({ dispatchPolicyNo }: DispatchPolicy) =>
    call.mutate({ method: 'POST', path: `${DISPATCH_POLICIES}/${dispatchPolicyNo}/default`, what: t('makeDefault') });
  return (
    <section className="board" aria-label={t('dispatchPolicies')}>
      <div className="card-head">
        <h2>{t('dispatchPolicies')}</h2>
        {may('policy.write') && (
          <button type="button" className="primary" onClick={() => setEditing('new')}>
            {t('newDispatchPolicy')}
          </button>
        )}
      </div>
      <Table
        label={t('dispatchPolicies')}
        heads={['policyNo', 'dispatchPolicyName', 'dispatchType', 'dispatchTerms', 'command']}
        rows={policies}
        empty={t('noDispatchPolicies')}
        row={(policy) => (
          <tr key={policy.dispatchPolicyNo} data-dispatch-policy={policy.dispatchPolicyNo}>
            <td>{policy.dispatchPolicyNo}</td>
            <td className="wide">
              {policy.dispatchPolicyName} {policy.isDefault && <span className="state state-delivered">{t('isDefault')}</span>}
            </td>
            <td>{named('dispatchType', policy.dispatchType)}</td>
            <td>{termsOf(policy)}</td>
            <td>
              {may('policy.write') && (
                <>
                  <button type="button" className="link gap" onClick={() => setEditing(policy)}>
                    {t('edit')}
                  </button>
                  {!policy.isDefault && (
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
      {policies && editing.form && (
        <DispatchPolicyForm
          policy={editing.form === 'new' ? null : editing.form}
          isDefault={editing.form === 'new' ? policies.length === 0 : editing.form.isDefault}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  );
}
