import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, api, get } from '../../api/api.ts';
import { CallDialog, NumberField, Refusal } from '../../commands/form.tsx';
import { Table } from '../../list/table.tsx';
import { whoOf } from '../../panel/panel-parts.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { exactly } from '../../ui/figures.ts';
import { problemText } from '../../ui/problem-texts.ts';
import { named, t } from '../../ui/texts.ts';
import type { Plan } from './plans.tsx';

export const PLANS = '/v2/assembly/plans';
export type Step = 'start' | 'complete' | 'cancel' | 'history';
/** Other queries that a step of a plan changes. */
const reads = [PLANS, '/v2/shipping/products', '/api/bo/v1/stockouts', '/api/bo/v1/summary', '/api/bo/v1/delivery-lines'];

/** The dialog for one step of a plan, with an explanation of its effect. */
export function PlanStep({ plan, step, onClose }: { plan: Plan; step: Step; onClose: () => void }) {
  const [quantity, setQuantity] = useState<number | null>(Number(plan.plan_quantity));
  if (step === 'history') return <PlanHistory plan={plan} onClose={onClose} />;
  const body = step === 'complete' ? { completed_quantity: quantity } : {};
  return (
    <CallDialog
      title={`${named('step', step)} · ${plan.product_name} ×${plan.plan_quantity}`}
      submit={named('step', step)}
      call={() => ({ method: 'PUT', path: `/v2/assembly/plan/${plan.assembly_plan_uid}/${step}`, body })}
      needs={step === 'complete' ? [[t('completedQuantity'), quantity]] : []}
      reads={reads}
      onClose={onClose}
      danger={step === 'cancel'}
    >
      {(error) => (
        <>
          <p>{t(`ask.plan.${step}`)}</p>
          {step === 'complete' ? (
            <NumberField label="completedQuantity" name="completed_quantity" value={quantity} onChange={setQuantity} />
          ) : (
            <ul className="some">
              {plan.item_list.map((item) => (
                <li key={item.shipping_product_id}>
                  {item.product_name} ×{item.quantity} <span className="muted">{item.shipping_product_id}</span>
                </li>
              ))}
            </ul>
          )}
          <Shortages error={error} />
        </>
      )}
    </CallDialog>
  );
}

interface Shortage {
  shipping_product_id: string;
  product_name: string;
  required_quantity: string;
  available_quantity: string;
  shortage_quantity: string;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isShortage = (value: unknown): value is Shortage => isObject(value) && 'shortage_quantity' in value;

/** When a start is refused with 4090: the materials that are missing. */
function Shortages({ error }: { error: Error | null }) {
  const body = error instanceof ApiError ? error.body : null;
  const response: unknown = isObject(body) ? Reflect.get(body, 'response') : null;
  const list: unknown = isObject(response) ? Reflect.get(response, 'shortage_list') : null;
  const shortages = Array.isArray(list) ? list.filter(isShortage) : [];
  if (shortages.length === 0) return null;
  return (
    <Table
      label={t('shortages')}
      heads={['materials', 'needed', 'available', 'shortage']}
      right={['needed', 'available', 'shortage']}
      rows={shortages}
      empty=""
      row={(each) => (
        <tr key={each.shipping_product_id}>
          <td>
            {each.product_name} <span className="muted">{each.shipping_product_id}</span>
          </td>
          <td className="right">{each.required_quantity}</td>
          <td className="right">{each.available_quantity}</td>
          <td className="right red">{each.shortage_quantity}</td>
        </tr>
      )}
    />
  );
}

/** Who did which step of a plan, and what was refused. */
function PlanHistory({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const { data, error } = useQuery({
    queryKey: [PLANS, 'one', plan.assembly_plan_uid],
    queryFn: async () =>
      (await get(api.GET('/v2/assembly/plan/{id}', { params: { path: { id: Number(plan.assembly_plan_uid) } } }))).response,
  });
  return (
    <Dialog title={`${t('history')} · ${plan.product_name}`} onClose={onClose}>
      <Refusal error={error} />
      <ol className="timeline" aria-label={t('history')}>
        {data?.history.toReversed().map((entry) => (
          <li key={`${entry.at} ${entry.command}`} className={entry.refused ? 'is-refused' : ''}>
            <time dateTime={entry.at}>{exactly(entry.at)}</time>
            <b>{entry.command_name}</b>{' '}
            {entry.refused ? (
              <span className="red">
                {t('refused')}: {problemText(entry.refused, entry.refused_name ?? entry.refused)}
              </span>
            ) : (
              named('plan', entry.plan_status)
            )}{' '}
            <span className="muted">{whoOf({ by: entry.by, byName: entry.by_name })}</span>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
