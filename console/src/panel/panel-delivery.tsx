import { useQuery } from '@tanstack/react-query';
import { api, get, type Schemas } from '../api/api.ts';
import { usePlaceNames } from '../filters/places.ts';
import { Trouble } from '../list/parts.tsx';
import { PrintButtons } from '../printing/print-buttons.tsx';
import { Prints } from '../printing/prints.tsx';
import { exactly, won } from '../ui/figures.ts';
import { named, t } from '../ui/texts.ts';
import { Facts } from './facts.tsx';
import { NumberLink } from './number-link.tsx';
import { LineCard } from './panel-line.tsx';
import { People, Timeline, Tracking } from './panel-parts.tsx';
import { askedOnce, Masking, useUnmasking } from './unmasking.tsx';

/** 배송상세. */
export function DeliveryPanel({ deliveryNo }: { deliveryNo: string }) {
  const unmasking = useUnmasking();
  const { query } = unmasking;
  const places = usePlaceNames();
  const placeOf = (no: number | null) => (no === null ? '' : places.has(no) ? `${places.get(no)} (${no})` : no);
  const { data, error, refetch } = useQuery({
    queryKey: ['detail', 'delivery', deliveryNo, query],
    queryFn: () => get(api.GET('/api/bo/v1/deliveries/{deliveryNo}', { params: { path: { deliveryNo }, query } })),
    ...askedOnce,
  });
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  if (!data) return <p className="muted pad">{t('loading')}</p>;
  return (
    <div className="panel-body">
      <Facts
        facts={[
          [t('orderNo'), <NumberLink key="order" kind="order" no={data.orderNo} />],
          [t('orderedAt'), exactly(data.orderedAt)],
          [t('channel'), data.channel ?? ''],
          [t('methodCode'), named('method', data.methodCode)],
          [t('placeNo'), placeOf(data.placeNo)],
          [t('shippingFee'), <Fee key="fee" fee={data.shippingFee} />],
        ]}
      />
      <Masking masked={data.masked} unmasking={unmasking} />
      <People title={t('orderer')} person={data.orderer} />
      <People title={t('receiver')} person={data.receiver} />
      <h3>{t('items')}</h3>
      {data.lines.map((line) => (
        <LineCard key={`${line.lineNo} ${line.revision}`} line={line} />
      ))}
      <h3>{t('prints')}</h3>
      <PrintButtons target={{ deliveryNos: [deliveryNo] }} />
      <Prints entries={data.prints} />
      <h3>{t('tracking')}</h3>
      <Tracking entries={data.tracking} />
      <h3>{t('history')}</h3>
      <Timeline family="delivery-lines" group="state" entries={data.history} many={data.lines.length > 1} />
    </div>
  );
}

/** The fee and its parts: the policy, and the surcharge for islands. */
function Fee({ fee }: { fee: Schemas['ShippingFee'] }) {
  const { policyNo, feeType, baseFee, surcharge, payment } = fee;
  const made = [
    policyNo === null ? t('noPolicy') : `${t('policyNo')} ${policyNo}`,
    named('feeType', feeType),
    surcharge > 0 && t('feeOf', { base: won(baseFee), surcharge: won(surcharge) }),
  ];
  return (
    <>
      {won(fee.fee)} {named('payment', payment)}
      <div className="muted small">{made.filter(Boolean).join(' · ')}</div>
    </>
  );
}
