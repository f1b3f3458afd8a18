import { useState } from 'react';
import { CallDialog, TextField } from '../../commands/form.tsx';
import { t } from '../../ui/texts.ts';
import type { Member } from './member-field.tsx';
import { PasteField } from './paste.tsx';
import { SHIPPING_PRODUCTS } from './stock.tsx';

const reads = [SHIPPING_PRODUCTS, '/api/bo/v1/stockouts'];
/** The owner of a new product: a 고객사 owns what it registers; a 물류사 names the 고객사, or keeps it as its own. */
const ownerOf = (member: Member, owner: string) => (member.own === null && owner.trim() ? { member_id: owner.trim() } : {});

/** A new 출고상품. */
export function NewShippingProduct({ member, onClose }: { member: Member; onClose: () => void }) {
  const [form, setForm] = useState({ id: '', name: '', owner: member.chosen });
  return (
    <CallDialog
      title={t('newShippingProduct')}
      submit={t('save')}
      needs={[
        [t('productId'), form.id],
        [t('productName'), form.name],
      ]}
      call={() => ({
        method: 'POST',
        path: '/v2/shipping/product',
        body: { ...ownerOf(member, form.owner), shipping_product_id: form.id.trim(), product_name: form.name.trim() },
      })}
      reads={reads}
      onClose={onClose}
    >
      <div className="fields">
        <TextField label="productId" name="shipping_product_id" value={form.id} onChange={(id) => setForm({ ...form, id })} />
        <TextField label="productName" name="product_name" value={form.name} onChange={(name) => setForm({ ...form, name })} />
        {member.own === null && (
          <TextField
            label="memberOptional"
            name="member_id"
            value={form.owner}
            onChange={(owner) => setForm({ ...form, owner })}
          />
        )}
      </div>
    </CallDialog>
  );
}

/** Up to a hundred at once, pasted from Excel. All are saved or none. */
export function ShippingProductsPaste({ member, onClose }: { member: Member; onClose: () => void }) {
  const [rows, setRows] = useState<string[][]>([]);
  const [owner, setOwner] = useState(member.chosen);
  const products = rows.map(([shipping_product_id = '', ...name]) => ({ shipping_product_id, product_name: name.join(' ') }));
  return (
    <CallDialog
      title={t('pasteMany')}
      submit={t('registerN', { n: products.length })}
      disabled={products.length === 0}
      needs={products.map((product, at) => [
        t('rowN', { n: at + 1 }),
        product.shipping_product_id && product.product_name.trim() ? 1 : null,
      ])}
      call={() => ({ method: 'POST', path: SHIPPING_PRODUCTS, body: { ...ownerOf(member, owner), request_data_list: products } })}
      reads={reads}
      onClose={onClose}
    >
      {member.own === null && <TextField label="memberOptional" name="member_id" value={owner} onChange={setOwner} />}
      <PasteField note={t('pasteShippingProducts')} onRows={setRows} />
    </CallDialog>
  );
}
