import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, get, type Schemas } from '../../api/api.ts';
import { useStored } from '../../api/stored.ts';
import { Trouble, useMay } from '../../list/parts.tsx';
import { Pager, Table } from '../../list/table.tsx';
import { named, shownName, t } from '../../ui/texts.ts';
import { type Member, MemberField } from './member-field.tsx';
import { NewPlan } from './plan-form.tsx';
import { PLANS, PlanStep, type Step } from './plan-steps.tsx';

export type Plan = Schemas['AssemblyPlan'];

const EVERY_MS = 30_000;
/** A completed or canceled plan is not shown as late. */
const isLate = (plan: Plan) => plan.is_overdue && plan.plan_status <= 2;
const statuses = ['1', '2', '3', '4'] as const;
/** By `plan_status`. */
const stepsOf: Record<number, Step[]> = { 1: ['start', 'cancel'], 2: ['complete', 'cancel'] };
const looks: Record<number, string> = { 1: 'instructed', 2: 'released', 3: 'delivered', 4: 'canceled' };

/** 상품가공 계획, newest first, with the possible steps of each. */
export function Plans({ member }: { member: Member }) {
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const [asked, setAsked] = useState<{ plan: Plan; step: Step } | null>(null);
  const [creating, setCreating] = useStored('plans.creating', false);
  const page = Number(search.get('page')) || 1;
  const status = statuses.find((each) => each === search.get('plan_status'));
  const isOverdue = search.get('is_overdue') === 'true';
  const product = Number(search.get('assembly_product_uid')) || undefined;
  const query = {
    page,
    ...(status ? { plan_status: status } : {}),
    ...(isOverdue ? { is_overdue: 'true' as const } : {}),
    ...(product ? { assembly_product_uid: product } : {}),
    ...(member.chosen && member.own === null ? { member_id: Number(member.chosen) } : {}),
  };
  const { data, error, refetch } = useQuery({
    queryKey: [PLANS, query],
    queryFn: async () => (await get(api.GET(PLANS, { params: { query } }))).response,
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
  const put = (name: string, value: string) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (name !== 'page') next.delete('page');
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  return (
    <>
      <div className="form">
        <label>
          {t('state')}
          <select name="plan_status" value={status ?? ''} onChange={(event) => put('plan_status', event.target.value)}>
            <option value="">{t('all')}</option>
            {statuses.map((each) => (
              <option key={each} value={each}>
                {named('plan', each)}
              </option>
            ))}
          </select>
        </label>
        <MemberField member={member} />
        <label className="check">
          <input
            name="is_overdue"
            type="checkbox"
            checked={isOverdue}
            onChange={(event) => put('is_overdue', event.target.checked ? 'true' : '')}
          />
          {t('overdueOnly')}
        </label>
        {product && (
          <button type="button" className="news" onClick={() => put('assembly_product_uid', '')}>
            {t('onlyProduct', { no: String(product) })} ×
          </button>
        )}
        <span className="spread" />
        {data && <span className="muted">{t('inAll', { n: data.total_count })}</span>}
        {may('assembly.write') && (
          <button type="button" className="primary" onClick={() => setCreating(() => true)}>
            {t('newPlan')}
          </button>
        )}
      </div>
      {data?.data_list.some(isLate) && <p className="note warn">{t('overdueNote')}</p>}
      {error && !data ? (
        <Trouble error={error} again={() => void refetch()} />
      ) : (
        <Table
          label={t('plans')}
          heads={[
            'planNo',
            'productName',
            'memberId',
            'state',
            'planQuantity',
            'completedQuantity',
            'planDate',
            'materials',
            'command',
          ]}
          right={['planQuantity', 'completedQuantity']}
          rows={data?.data_list}
          empty={t('noPlansYet')}
          row={(plan) => (
            <tr key={plan.assembly_plan_uid} className={isLate(plan) ? 'overdue' : ''} data-plan={plan.assembly_plan_uid}>
              <td>
                <button type="button" className="link" onClick={() => setAsked({ plan, step: 'history' })}>
                  {plan.assembly_plan_uid}
                </button>
              </td>
              <td>
                {plan.product_name} {plan.comment && <div className="muted small">{plan.comment}</div>}
              </td>
              <td>{plan.member_id}</td>
              <td>
                <span className={`state state-${looks[plan.plan_status]}`}>
                  {shownName('plan', plan.plan_status, plan.plan_status_name)}
                </span>
              </td>
              <td className="right">{plan.plan_quantity}</td>
              <td className="right">{plan.completed_quantity}</td>
              <td>
                {plan.plan_date} {isLate(plan) && <b className="red">{t('overdue')}</b>}
              </td>
              <td>{plan.item_list.map((item) => `${item.product_name} ×${item.quantity}`).join(', ')}</td>
              <td>
                {may('assembly.write') &&
                  stepsOf[plan.plan_status]?.map((step) => (
                    <button
                      key={step}
                      type="button"
                      className={step === 'cancel' ? 'quiet' : step === 'complete' ? 'primary' : ''}
                      data-step={step}
                      onClick={() => setAsked({ plan, step })}
                    >
                      {named('step', step)}
                    </button>
                  ))}
              </td>
            </tr>
          )}
        />
      )}
      <Pager page={page} pages={data?.total_page ?? 1} onPage={(next) => put('page', String(next))} />
      {asked && <PlanStep {...asked} onClose={() => setAsked(null)} />}
      {creating && <NewPlan member={member} onClose={() => setCreating(() => false)} />}
    </>
  );
}
