import { useQuery } from '@tanstack/react-query';
import { api, get, type Schemas } from '../api/api.ts';
import { usePlaceNames } from '../filters/places.ts';
import { State, Trouble, useCarriers } from '../list/parts.tsx';
import { exactly, won } from '../ui/figures.ts';
import { named, t } from '../ui/texts.ts';
import { Facts } from './facts.tsx';
import { NumberLink } from './number-link.tsx';
import { OrderTimeline } from './order-timeline.tsx';
import { People } from './panel-parts.tsx';
import { OrderParts, Splits, underLines } from './panel-splits.tsx';
import { askedOnce, Masking, useUnmasking } from './unmasking.tsx';

type Order = Schemas['OrderDetail'];
type OrderLine = Schemas['OrderDelivery']['lines'][number];

/** An order with all that belongs to it: people, deliveries and their lines, pickups, fees and one timeline. */
export function OrderPanel({ orderNo }: { orderNo: string }) {
  const unmasking = useUnmasking();
  const { query } = unmasking;
  const { data, error, refetch } = useQuery({
    queryKey: ['detail', 'order', orderNo, query],
    queryFn: () => get(api.GET('/api/order/v1/orders/{orderNo}', { params: { path: { orderNo }, query } })),
    ...askedOnce,
  });
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  if (!data) return <p className="muted pad">{t('loading')}</p>;
  const { order, deliveries, pickups } = data;
  return (
    <div className="panel-body">
      <Facts facts={[[t('orderedAt'), exactly(order.orderedAt)], [t('channel'), order.channel ?? ''], ...feesOf(data)]} />
      <Masking masked={order.masked} unmasking={unmasking} />
      <People title={t('orderer')} person={order.orderer} />
      <People title={t('receiver')} person={order.receiver} />
      <h3>{t('orderDeliveries', { n: deliveries.length })}</h3>
      {underLines(deliveries).map((delivery) => (
        <DeliveryCard key={delivery.deliveryNo} delivery={delivery} />
      ))}
      {pickups.length > 0 && <h3>{t('orderPickups', { n: pickups.length })}</h3>}
      {pickups.map((pickup) => (
        <PickupCard key={pickup.pickupNo} pickup={pickup} />
      ))}
      <h3>{t('timeline')}</h3>
      <OrderTimeline orderNo={orderNo} />
    </div>
  );
}

const sum = (amounts: number[]) => amounts.reduce((all, each) => all + each, 0);

/** Shipping fees by who pays them and how, and what the pickups cost. */
function feesOf({ deliveries, pickups }: Order): [string, string][] {
  const payments = ['prepaid', 'collect'] as const;
  const shipping = payments.flatMap((payment) => {
    const fee = sum(deliveries.flatMap(({ shippingFee }) => (shippingFee.payment === payment ? [shippingFee.fee] : [])));
    return fee > 0 ? [`${won(fee)} ${named('payment', payment)}`] : [];
  });
  const returns = sum(pickups.map(({ returnFee }) => returnFee.amount));
  return [
    [t('shippingFee'), shipping.join(' · ') || won(0)],
    [t('returnFee'), pickups.length > 0 ? won(returns) : ''],
  ];
}

function DeliveryCard({ delivery }: { delivery: Order['deliveries'][number] }) {
  const carriers = useCarriers();
  const places = usePlaceNames();
  const { shippingFee, waybills } = delivery;
  const lines: OrderLine[] = delivery.lines;
  const facts = [
    named('method', delivery.methodCode),
    delivery.placeNo && (places.get(delivery.placeNo) ?? `${t('placeNo')} ${delivery.placeNo}`),
    `${t('shippingFee')} ${won(shippingFee.fee)} ${named('payment', shippingFee.payment)}`,
  ];
  return (
    <article className="card" data-delivery={delivery.deliveryNo}>
      <div className="card-head">
        <NumberLink kind="delivery" no={delivery.deliveryNo} />
        <span className="muted">{facts.filter(Boolean).join(' · ')}</span>
      </div>
      {lines.map((line) => (
        <div key={line.lineNo} data-line={line.lineNo}>
          <div className="card-head">
            <span>
              {line.lineNo}. {line.productName}{' '}
              <span className="muted">
                {[line.optionName, `${line.validQuantity}/${line.quantity}`].filter(Boolean).join(' · ')}
              </span>
            </span>
            <span>
              <State group="state" state={line.state} name={line.stateName} />
            </span>
          </div>
          {line.parts ? <OrderParts parts={line.parts} /> : <Splits line={line} />}
        </div>
      ))}
      {waybills.map(({ carrierCode, waybillNo, trackingLevel }) => (
        <div key={waybillNo}>
          {carriers.find(({ code }) => code === carrierCode)?.name ?? carrierCode} <code>{waybillNo}</code>{' '}
          {named('level', trackingLevel)}
        </div>
      ))}
    </article>
  );
}

function PickupCard({ pickup }: { pickup: Order['pickups'][number] }) {
  const { items, returnFee, waybillNo } = pickup;
  return (
    <article className="card" data-pickup={pickup.pickupNo}>
      <div className="card-head">
        <span>
          {named('kind', pickup.kind)} <NumberLink kind="pickup" no={pickup.pickupNo} />
          {pickup.held && <span className="red"> {t('held')}</span>}
        </span>
        <State group="pstate" state={pickup.state} name={pickup.stateName} />
      </div>
      <div>{items.map((item) => `${item.productName} ×${item.quantity} (${item.reasonName})`).join(', ')}</div>
      <div className="muted">
        {t('returnFee')} {won(returnFee.amount)} {returnFee.bearer ? t(returnFee.bearer) : ''}{' '}
        {waybillNo && <code>{waybillNo}</code>}
      </div>
    </article>
  );
}
