import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, get, type Schemas } from './api.ts';
import { CommandBar } from './commands.tsx';
import { Dialog } from './dialog.tsx';
import { Facts } from './facts.tsx';
import { People, Timeline, Tracking, WorkflowLink } from './panel-parts.tsx';
import { PickupBody } from './panel-pickup.tsx';
import { State, Trouble, useCarriers, useMay } from './parts.tsx';
import { exactly, named, t, won } from './texts.ts';

type Detail = Schemas['DeliveryDetail'];

/** The detail beside the list: `?delivery=` or `?pickup=` in the address, over whatever screen is open. */
export function Panel() {
  const [search, setSearch] = useSearchParams();
  const delivery = search.get('delivery');
  const pickup = search.get('pickup');
  const shut = () =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      next.delete('delivery');
      next.delete('pickup');
      return next;
    });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !document.querySelector('[role=dialog], .ag-cell-inline-editing') && (delivery || pickup))
        shut();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
  const no = delivery ?? pickup;
  if (no === null) return null;
  return (
    <aside className="panel" aria-label={no} key={no}>
      <header>
        <h2>
          {t(delivery ? 'deliveryNo' : 'pickupNo')} <code>{no}</code>
        </h2>
        <button type="button" className="icon" aria-label={t('close')} onClick={shut}>
          ×
        </button>
      </header>
      {delivery ? <DeliveryPanel deliveryNo={delivery} /> : <PickupPanel pickupNo={no} />}
    </aside>
  );
}

/** Masked until somebody says why not; `ask` opens the question. */
function useUnmasking() {
  const may = useMay();
  const [reason, setReason] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [asking, setAsking] = useState(false);
  const dialog = asking && (
    <Dialog
      title={t('unmask')}
      submit={t('unmask')}
      disabled={typed.trim() === ''}
      onClose={() => setAsking(false)}
      onSubmit={() => {
        setReason(typed.trim());
        setAsking(false);
      }}
    >
      <p>{t('unmaskNote')}</p>
      <label className="field">
        {t('reason')}
        <input
          name="reason"
          value={typed}
          maxLength={200}
          onChange={(event) => setTyped(event.target.value)}
          placeholder={t('reasonNeeded')}
        />
      </label>
    </Dialog>
  );
  const query = reason === null ? { masked: 'true' as const } : { reason };
  return { query, dialog, ask: () => setAsking(true), may: may('pii.read') };
}

function Head({ masked, unmasking }: { masked: boolean; unmasking: ReturnType<typeof useUnmasking> }) {
  return (
    <div className="masking">
      <span className="muted">{masked ? t('masked') : t('unmasked')}</span>
      {masked && unmasking.may && (
        <button type="button" onClick={unmasking.ask}>
          {t('unmask')}
        </button>
      )}
    </div>
  );
}

function DeliveryPanel({ deliveryNo }: { deliveryNo: string }) {
  const unmasking = useUnmasking();
  const { query } = unmasking;
  const { data, error, refetch } = useQuery({
    queryKey: ['detail', 'delivery', deliveryNo, query],
    queryFn: () => get(api.GET('/api/bo/v1/deliveries/{deliveryNo}', { params: { path: { deliveryNo }, query } })),
    // Every unmasked answer is an entry in the log: it is asked once.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (error) return <Trouble error={error} again={() => void refetch()} />;
  if (!data) return <p className="muted pad">{t('loading')}</p>;
  return (
    <div className="panel-body">
      {unmasking.dialog}
      <Facts
        facts={[
          [t('orderNo'), data.orderNo],
          [t('orderedAt'), exactly(data.orderedAt)],
          [t('channel'), data.channel ?? ''],
          [t('methodCode'), named('method', data.methodCode)],
          [t('placeNo'), data.placeNo ?? ''],
          [t('shippingFee'), `${won(data.shippingFee.fee)} ${named('payment', data.shippingFee.payment)}`],
        ]}
      />
      <Head masked={data.masked} unmasking={unmasking} />
      <People title={t('orderer')} person={data.orderer} />
      <People title={t('receiver')} person={data.receiver} />
      <h3>{t('items')}</h3>
      {data.lines.map((line) => (
        <LineCard key={line.lineNo} line={line} />
      ))}
      <h3>{t('tracking')}</h3>
      <Tracking entries={data.tracking} />
      <h3>{t('history')}</h3>
      <Timeline family="delivery-lines" group="state" entries={data.history} many={data.lines.length > 1} />
    </div>
  );
}

function LineCard({ line }: { line: Detail['lines'][number] }) {
  const carriers = useCarriers();
  const [waybill, setWaybill] = useState({ carrierCode: line.carrierCode ?? '04', waybillNo: line.waybillNo ?? '' });
  const takes = line.allowedCommands.includes('ship') || line.allowedCommands.includes('correct-waybill');
  return (
    <article className="card" data-line={line.lineNo}>
      <div className="card-head">
        <b>
          {line.lineNo}. {line.productName}
        </b>
        <State group="state" state={line.state} name={line.stateName} />
      </div>
      <div className="muted">
        {[line.optionName, `${line.validQuantity}/${line.quantity}`, won(line.unitPrice), line.stockoutReason]
          .filter(Boolean)
          .join(' · ')}
      </div>
      {takes ? (
        <div className="waybill">
          <select
            aria-label={t('carrierCode')}
            value={waybill.carrierCode}
            onChange={(event) => setWaybill({ ...waybill, carrierCode: event.target.value })}
          >
            {carriers.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
          <input
            aria-label={t('waybillNo')}
            value={waybill.waybillNo}
            onChange={(event) => setWaybill({ ...waybill, waybillNo: event.target.value })}
          />
        </div>
      ) : (
        line.waybillNo && (
          <div>
            {carriers.find(({ code }) => code === line.carrierCode)?.name ?? line.carrierCode} <code>{line.waybillNo}</code>{' '}
            {named('level', line.trackingLevel)}
          </div>
        )
      )}
      <div className="card-actions">
        <CommandBar
          family="delivery-lines"
          selected={[line]}
          label={() => `${line.deliveryNo}/${line.lineNo} · ${line.productName}`}
          target={(_row, name) => ({
            deliveryNo: line.deliveryNo,
            lineNo: line.lineNo,
            revision: line.revision,
            ...((name === 'ship' || name === 'correct-waybill') && waybill.waybillNo ? waybill : {}),
          })}
        />
        <WorkflowLink id={line.workflowId} />
      </div>
    </article>
  );
}

function PickupPanel({ pickupNo }: { pickupNo: string }) {
  const unmasking = useUnmasking();
  const { query } = unmasking;
  const { data, error, refetch } = useQuery({
    queryKey: ['detail', 'pickup', pickupNo, query],
    queryFn: () => get(api.GET('/api/bo/v1/pickups/{pickupNo}', { params: { path: { pickupNo }, query } })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (error) return <Trouble error={error} again={() => void refetch()} />;
  if (!data) return <p className="muted pad">{t('loading')}</p>;
  return (
    <div className="panel-body">
      {unmasking.dialog}
      <PickupBody pickup={data}>
        <Head masked={data.masked} unmasking={unmasking} />
        <People title={t('orderer')} person={data.orderer} />
        <People title={t('pickupFrom')} person={data.pickupFrom} />
      </PickupBody>
    </div>
  );
}
