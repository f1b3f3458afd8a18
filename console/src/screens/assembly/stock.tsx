import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, get } from '../../api/api.ts';
import { useStored } from '../../api/stored.ts';
import { CallDialog, NumberField, Refusal, TextField } from '../../commands/form.tsx';
import { Pager, Table } from '../../list/table.tsx';
import { whoOf } from '../../panel/panel-parts.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { exactly } from '../../ui/figures.ts';
import { t } from '../../ui/texts.ts';
import type { ShippingProduct } from './shipping-products.tsx';

export const SHIPPING_PRODUCTS = '/v2/shipping/products';

/** Sets the counted stock of a product, with a reason. */
export function StockForm({ product, onClose }: { product: ShippingProduct; onClose: () => void }) {
  const [quantity, setQuantity] = useState<number | null>(Number(product.stock_quantity));
  const [reason, setReason] = useStored(`stock.${product.shipping_product_id}`, '');
  return (
    <CallDialog
      title={`${t('setStock')} · ${product.product_name}`}
      submit={t('save')}
      needs={[[t('stock'), quantity]]}
      call={() => ({
        method: 'PUT',
        path: `/v2/shipping/product/${product.shipping_product_id}/stock`,
        body: { quantity, reason: reason.trim() },
      })}
      reads={[SHIPPING_PRODUCTS, 'ledger', '/api/bo/v1/stockouts']}
      onClose={onClose}
      onDone={() => setReason(() => '')}
      disabled={reason.trim() === ''}
    >
      <NumberField label="stock" name="quantity" value={quantity} onChange={setQuantity} />
      <TextField label="reason" name="reason" value={reason} onChange={(text) => setReason(() => text)} />
      <p className="note">{t('stockNote')}</p>
    </CallDialog>
  );
}

/** Every change of a product's stock, newest first. */
export function StockLedger({ product, onClose }: { product: ShippingProduct; onClose: () => void }) {
  const [page, setPage] = useState(1);
  const { data, error } = useQuery({
    queryKey: ['ledger', product.shipping_product_id, page],
    queryFn: async () => {
      const params = { path: { id: Number(product.shipping_product_id) }, query: { page } };
      return (await get(api.GET('/v2/shipping/product/{id}/stock', { params }))).response;
    },
    placeholderData: keepPreviousData,
  });
  return (
    <Dialog title={`${t('ledger')} · ${product.product_name}`} onClose={onClose}>
      <Refusal error={error} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <div className="scrolls" tabIndex={0}>
        <Table
          label={t('ledger')}
          heads={['at', 'kind', 'change', 'stock', 'by', 'why']}
          right={['change', 'stock']}
          rows={data?.data_list}
          empty={t('noMoves')}
          row={(move) => (
            <tr key={`${move.at} ${move.kind} ${move.stock_quantity} ${move.delivery_no} ${move.line_no}`}>
              <td>{exactly(move.at)}</td>
              <td>{move.kind_name}</td>
              <td className="right">{Number(move.quantity) > 0 ? `+${move.quantity}` : move.quantity}</td>
              <td className="right">{move.stock_quantity}</td>
              <td>{whoOf({ by: move.by, byName: move.by_name })}</td>
              <td>
                {move.reason ??
                  move.delivery_no ??
                  move.pickup_no ??
                  (move.assembly_plan_uid && `${t('plans')} ${move.assembly_plan_uid}`)}
                {Number(move.shortfall_quantity) > 0 && (
                  <b className="red">
                    {' '}
                    {t('shippedBeyondStock')} {move.shortfall_quantity}
                  </b>
                )}
              </td>
            </tr>
          )}
        />
      </div>
      <Pager page={page} pages={data?.total_page ?? 1} onPage={setPage} />
    </Dialog>
  );
}
