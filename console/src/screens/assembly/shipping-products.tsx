import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, get, type Schemas } from '../../api/api.ts';
import { Trouble, useMay } from '../../list/parts.tsx';
import { Pager, Table } from '../../list/table.tsx';
import { t } from '../../ui/texts.ts';
import { type Member, MemberField } from './member-field.tsx';
import { SHIPPING_PRODUCTS, StockForm, StockLedger } from './stock.tsx';
import { NewShippingProduct, ShippingProductsPaste } from './stock-forms.tsx';

export type ShippingProduct = Schemas['ShippingProduct'];
type Asked = { act: 'stock' | 'ledger'; product: ShippingProduct } | { act: 'new' | 'many' };

/** 출고상품 and their stock. */
export function ShippingProducts({ member }: { member: Member }) {
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const [asked, setAsked] = useState<Asked | null>(null);
  const page = Number(search.get('page')) || 1;
  const product = search.get('product') ?? '';
  const query = {
    page,
    ...(member.chosen && member.own === null ? { member_id: Number(member.chosen) } : {}),
    ...(/^[1-9]\d{0,14}$/.test(product) ? { shipping_product_ids: [Number(product)] } : {}),
  };
  const { data, error, refetch } = useQuery({
    queryKey: [SHIPPING_PRODUCTS, query],
    queryFn: async () => (await get(api.GET(SHIPPING_PRODUCTS, { params: { query } }))).response,
    placeholderData: keepPreviousData,
  });
  const put = (name: string, value: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (name !== 'page') next.delete('page');
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: name !== 'page' },
    );
  const close = () => setAsked(null);
  return (
    <>
      <div className="form">
        <label>
          {t('productId')}
          <input
            name="product"
            inputMode="numeric"
            autoComplete="off"
            value={product}
            onChange={(event) => put('product', event.target.value.trim())}
          />
        </label>
        <MemberField member={member} />
        <span className="spread" />
        {data && <span className="muted">{t('inAll', { n: data.total_count })}</span>}
        {may('assembly.write') && (
          <>
            <button type="button" onClick={() => setAsked({ act: 'many' })}>
              {t('pasteMany')}
            </button>
            <button type="button" className="primary" onClick={() => setAsked({ act: 'new' })}>
              {t('newShippingProduct')}
            </button>
          </>
        )}
      </div>
      {error && !data ? (
        <Trouble error={error} again={() => void refetch()} />
      ) : (
        <Table
          label={t('stockTitle')}
          heads={['productId', 'productName', 'owner', 'stock', 'available', 'command']}
          right={['stock', 'available']}
          rows={data?.data_list}
          empty={t('noShippingProducts')}
          row={(row) => (
            <tr key={row.shipping_product_id} data-product={row.shipping_product_id}>
              <td>{row.shipping_product_id}</td>
              <td>{row.product_name}</td>
              <td>
                {row.member_id ?? t('logisticsOwn')}
                {row.for_orders === false && <span className="muted"> {t('notForOrders')}</span>}
              </td>
              <td className="right">{Number(row.stock_quantity).toLocaleString()}</td>
              <td className={Number(row.available_quantity) < 0 ? 'right red' : 'right'}>
                {Number(row.available_quantity).toLocaleString()}
              </td>
              <td>
                {may('assembly.write') && (
                  <button type="button" className="link gap" onClick={() => setAsked({ act: 'stock', product: row })}>
                    {t('setStock')}
                  </button>
                )}
                <button type="button" className="link" onClick={() => setAsked({ act: 'ledger', product: row })}>
                  {t('ledger')}
                </button>
              </td>
            </tr>
          )}
        />
      )}
      <Pager page={page} pages={data?.total_page ?? 1} onPage={(next) => put('page', String(next))} />
      {asked?.act === 'stock' && <StockForm product={asked.product} onClose={close} />}
      {asked?.act === 'ledger' && <StockLedger product={asked.product} onClose={close} />}
      {asked?.act === 'new' && <NewShippingProduct member={member} onClose={close} />}
      {asked?.act === 'many' && <ShippingProductsPaste member={member} onClose={close} />}
    </>
  );
}
