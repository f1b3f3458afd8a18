import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, get, type Schemas } from '../api/api.ts';
import { CommandBar } from '../commands/commands.tsx';
import { pickupDrafts } from '../drafts/tab-of.ts';
import { isHeld, TypedNotes } from '../drafts/typed-notes.tsx';
import { useWaybill, WaybillFields } from '../drafts/waybill-fields.tsx';
import { InspectionFields, OldInspection } from '../inspection/fields.tsx';
import { inspectionOf, isFaulty, useInspections } from '../inspection/inspections.ts';
import { showInspection } from '../inspection/shown.tsx';
import { State, Trouble } from '../list/parts.tsx';
import { exactly, won } from '../ui/figures.ts';
import { named, t } from '../ui/texts.ts';
import { Facts } from './facts.tsx';
import { NumberLink } from './number-link.tsx';
import { People, Timeline, Tracking, WorkflowLink } from './panel-parts.tsx';
import { askedOnce, Masking, useUnmasking } from './unmasking.tsx';

type Detail = Omit<Schemas['PickupDetail'], 'originalDelivery'>;

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
  const tab = pickupDrafts('instruct');
  const entry = useWaybill(tab, pickup);
  const { drafts } = entry;
  useInspections();
  const inspects = pickup.allowedCommands.includes('complete');
  const takesWaybill = pickup.allowedCommands.includes('instruct');
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
          [t('orderNo'), <NumberLink key="order" kind="order" no={pickup.orderNo} />],
          [t('deliveryNo'), <NumberLink key="delivery" kind="delivery" no={pickup.originalDeliveryNo} />],
          [
            t('exchangeDeliveryNo'),
            pickup.exchangeDeliveryNo && <NumberLink key="exchange" kind="delivery" no={pickup.exchangeDeliveryNo} />,
          ],
          [t('requestedAt'), exactly(pickup.requestedAt)],
          [t('arrivedAt'), exactly(pickup.arrivedAt)],
          [t('waybillNo'), pickup.waybillNo ?? ''],
          [t('returnFee'), `${won(pickup.returnFee.amount)} ${pickup.returnFee.bearer ? t(pickup.returnFee.bearer) : ''}`],
        ]}
      />
      {children}
      <h3>{inspects ? t('inspection') : t('items')}</h3>
      {inspects && <OldInspection pickup={pickup} />}
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
            <InspectionFields pickup={pickup} item={item} />
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
            ...(name === 'complete' ? { items: inspectionOf(pickup) } : {}),
            ...(name === 'instruct' ? entry.waybill : {}),
          })}
          details={showInspection}
          remarks={(some, name, dialog) => <TypedNotes rows={some} name={name} tab={tab} drafts={drafts} {...dialog} />}
          isFaulty={(_row, name, combine) =>
            isHeld(entry.typed, tab.command, name, combine) || (name === 'complete' && isFaulty(pickup))
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
