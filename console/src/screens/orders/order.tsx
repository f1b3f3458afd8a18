import { useParams } from 'react-router';
import { OrderPanel } from '../../panel/panel-order.tsx';
import { t } from '../../ui/texts.ts';

/** An order as a page of its own, for links from elsewhere: `/orders/…`. */
export function Order() {
  const orderNo = useParams().orderNo ?? '';
  return (
    <section className="order-page" aria-label={orderNo} key={orderNo}>
      <h1>
        {t('orderNo')} <code>{orderNo}</code>
      </h1>
      <OrderPanel orderNo={orderNo} />
    </section>
  );
}
