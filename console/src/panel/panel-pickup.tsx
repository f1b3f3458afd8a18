import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, get, type Schemas } from '../api/api.ts';
import { useStored } from '../api/stored.ts';
import { CommandBar } from '../commands/commands.tsx';
import { useWaybill, WaybillFields } from '../commands/waybill-fields.tsx';
import { State, Trouble } from '../list/parts.tsx';
import { exactly, won } from '../ui/figures.ts';
import { named, t } from '../ui/texts.ts';
import { Facts } from './facts.tsx';
import { People, Timeline, Tracking, WorkflowLink } from './panel-parts.tsx';
import { askedOnce, Masking, useUnmasking } from './unmasking.tsx';

type Detail = Omit<Schemas['PickupDetail'], 'originalDelivery'>;
interface Inspected {
  /** As typed; valid only as a whole number up to the quantity. */
  restock: string;
  fault: '' | 'buyer' | 'seller';
}

/** 회수상세. */
export function PickupPanel({ pickupNo }: { pickupNo: string }) {
  const unmasking = useUnmasking();
  const { query } = unmasking;
  const { data, error, refetch } = useQuery({
    queryKey: ['detail', 'pickup', pickupNo, query],
    queryFn: () => get(api.GET('/api/bo/v1/pickups/{pickupNo}', { params: { path: { pickupNo }, query } })),
    ...askedOnce,
  });
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  if (!data) return <p className="muted pad">{t('loading')}</p>;
  return (
    <div className="panel-body">
      <PickupBody pickup={data}>
        <Masking masked={data.masked} unmasking={unmasking} />
        <People title={t('orderer')} person={data.orderer} />
        <People title={t('pickupFrom')} person={data.pickupFrom} />
      </PickupBody>
    </div>
  );
}

/** What comes back, from whom, and at 회수완료 the inspection. */
function PickupBody({ pickup, children }: { pickup: Detail; children: ReactNode }) {
  const entry = useWaybill(`${pickup.pickupNo}/${pickup.revision}`, pickup);
  const [inspected, setInspected] = useStored<Record<number, Inspected>>(`inspected.${pickup.pickupNo}/${pickup.revision}`, {});
  const inspect = (lineNo: number, found: Inspected) => setInspected((before) => ({ ...before, [lineNo]: found }));
  const inspects = pickup.allowedCommands.includes('complete');
  const takesWaybill = pickup.allowedCommands.includes('instruct');
  const of = (item: Detail['items'][number]): Inspected => inspected[item.lineNo] ?? { restock: `${item.quantity}`, fault: '' };
  const restocked = (item: Detail['items'][number]): number | null => {
    const { restock } = of(item);
    return /^\d{1,4}$/.test(restock) && Number(restock) <= item.quantity ? Number(restock) : null;
  };
  const items = pickup.items.map((item) => {
    const { fault } = of(item);
    const restock = restocked(item) ?? 0;
    return { lineNo: item.lineNo, restock, dispose: item.quantity - restock, ...(fault ? { fault } : {}) };
  });
  return (
    <>
      <div className="card-head">
        <b>
          {named('kind', pickup.kind)}
          {pickup.held && <span className="red"> {t('held')}</span>}
        </b>
        <State group="pstate" state={pickup.state} name={pickup.stateName} />
      </div>
      <Facts
        facts={[
          [t('claimNo'), pickup.claimNo],
          [t('orderNo'), pickup.orderNo],
          [t('deliveryNo'), pickup.originalDeliveryNo],
          [t('exchangeDeliveryNo'), pickup.exchangeDeliveryNo ?? ''],
          [t('requestedAt'), exactly(pickup.requestedAt)],
          [t('arrivedAt'), exactly(pickup.arrivedAt)],
          [t('waybillNo'), pickup.waybillNo ?? ''],
          [t('returnFee'), `${won(pickup.returnFee.amount)} ${pickup.returnFee.bearer ? t(pickup.returnFee.bearer) : ''}`],
        ]}
      />
      {children}
      <h3>{inspects ? t('inspection') : t('items')}</h3>
      {pickup.items.map((item) => (
        <article className="card" key={item.lineNo} data-line={item.lineNo}>
          <b>
            {item.lineNo}. {item.productName}
          </b>{' '}
          <span className="muted">
            {[item.optionName, `${item.quantity}`, item.reasonName, item.reason].filter(Boolean).join(' · ')}
            {item.exchangeTo && ` → ${[item.exchangeTo.productName, item.exchangeTo.optionName].filter(Boolean).join(' ')}`}
          </span>
          {inspects ? (
            <div className="inspect">
              <label>
                {t('restock')}
                <input
                  type="number"
                  name="restock"
                  min={0}
                  max={item.quantity}
                  value={of(item).restock}
                  aria-invalid={restocked(item) === null}
                  onChange={({ target }) => inspect(item.lineNo, { ...of(item), restock: target.value })}
                />
              </label>
              <span>
                {t('dispose')} <b>{item.quantity - (restocked(item) ?? item.quantity)}</b>
              </span>
              <label>
                {t('fault')}
                <select
                  value={of(item).fault}
                  onChange={(event) => {
                    const { value } = event.target;
                    if (value === '' || value === 'buyer' || value === 'seller')
                      inspect(item.lineNo, { ...of(item), fault: value });
                  }}
                >
                  <option value="">{item.reasonName}</option>
                  <option value="buyer">{t('buyer')}</option>
                  <option value="seller">{t('seller')}</option>
                </select>
              </label>
            </div>
          ) : (
            item.restock !== null && (
              <div>
                {t('restock')} {item.restock} · {t('dispose')} {item.dispose} {item.fault && `· ${t('fault')} ${t(item.fault)}`}
              </div>
            )
          )}
        </article>
      ))}
      {takesWaybill && <WaybillFields {...entry} />}
      <div className="card-actions">
        <CommandBar
          family="pickups"
          selected={[pickup]}
          label={() => `${pickup.pickupNo} · ${pickup.items[0]?.productName}`}
          target={(_row, name) => ({
            pickupNo: pickup.pickupNo,
            revision: pickup.revision,
            ...(name === 'complete' ? { items } : {}),
            ...(name === 'instruct' ? entry.waybill : {}),
          })}
          isFaulty={(_row, name) =>
            (name === 'instruct' && entry.fault !== null) ||
            (name === 'complete' && pickup.items.some((item) => restocked(item) === null))
          }
        />
        <WorkflowLink id={pickup.workflowId} />
      </div>
      <h3>{t('tracking')}</h3>
      <Tracking entries={pickup.tracking} />
      <h3>{t('history')}</h3>
      <Timeline family="pickups" group="pstate" entries={pickup.history} />
    </>
  );
}
