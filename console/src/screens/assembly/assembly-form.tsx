import { useState } from 'react';
import { useDraft } from '../../commands/draft.ts';
import { CallDialog, TextField } from '../../commands/form.tsx';
import { t } from '../../ui/texts.ts';
import type { AssemblyProduct } from './assembly-products.tsx';
import type { Member } from './member-field.tsx';
import { PasteField } from './paste.tsx';

const reads = ['/v2/assembly/products', '/api/bo/v1/stockouts'];
const whose = (member: Member) => (member.own === null ? { member_id: member.fallback } : {});

interface Form {
  productId: string;
  comment: string;
  items: { id: number; shipping_product_id: string; quantity: string }[];
}

/** Adds an assembly product, or changes materials and comment of one; its finished product cannot change. */
export function AssemblyForm({
  member,
  product,
  onClose,
}: {
  member: Member;
  product: AssemblyProduct | null;
  onClose: () => void;
}) {
  const [form, set, forget] = useDraft<Form>(`assembly.${product?.assembly_product_uid ?? 'new'}`, {
    productId: '',
    comment: product?.comment ?? '',
    items: product
      ? product.item_list.map(({ shipping_product_id, quantity }, id) => ({ id, shipping_product_id, quantity }))
      : [{ id: 0, shipping_product_id: '', quantity: '1' }],
  });
  const { productId, comment, items } = form;
  const setItems = (next: Form['items']) => set({ items: next });
  const put = (id: number, part: { shipping_product_id?: string; quantity?: string }) =>
    setItems(items.map((item) => (item.id === id ? { ...item, ...part } : item)));
  return (
    <CallDialog
      title={product ? t('editProduct', { name: product.product_name }) : t('newProduct')}
      submit={t('save')}
      needs={[
        ...(product ? [] : [[t('finishedProduct'), productId] as const]),
        ...items.flatMap(({ shipping_product_id, quantity }, at) => [
          [`${t('materialN', { n: at + 1 })} ${t('productId')}`, shipping_product_id] as const,
          [`${t('materialN', { n: at + 1 })} ${t('quantity')}`, quantity] as const,
        ]),
      ]}
      call={() => ({
        method: product ? 'PUT' : 'POST',
        path: product ? `/v2/assembly/product/${product.assembly_product_uid}` : '/v2/assembly/product',
        body: {
          ...(product ? { ...whose(member), ...(member.own === null ? { member_id: product.member_id } : {}) } : whose(member)),
          ...(product ? {} : { product_id: productId.trim() }),
          comment: comment.trim(),
          item_list: items.map(({ shipping_product_id, quantity }) => ({
            shipping_product_id: shipping_product_id.trim(),
            quantity,
          })),
        },
      })}
      reads={reads}
      onClose={() => {
        forget();
        onClose();
      }}
    >
      {product === null && (
        <TextField label="finishedProduct" name="product_id" value={productId} onChange={(next) => set({ productId: next })} />
      )}
      {items.map((item, at) => (
        <fieldset key={item.id} className="form">
          <legend className="unseen">{t('materialN', { n: at + 1 })}</legend>
          {(['shipping_product_id', 'quantity'] as const).map((name) => (
            <label key={name}>
              {t(name === 'quantity' ? 'quantity' : 'materialId')}
              <input
                name={`${name}-${at + 1}`}
                inputMode="numeric"
                autoComplete="off"
                value={item[name]}
                onChange={(event) => put(item.id, { [name]: event.target.value })}
              />
            </label>
          ))}
          <span className="muted">
            {product?.item_list.find(({ shipping_product_id }) => shipping_product_id === item.shipping_product_id)?.product_name}
          </span>
          <button
            type="button"
            className="icon"
            aria-label={t('removeMaterial', { n: at + 1 })}
            disabled={items.length === 1}
            onClick={() => setItems(items.filter(({ id }) => id !== item.id))}
          >
            ×
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        onClick={() => setItems([...items, { id: (items.at(-1)?.id ?? 0) + 1, shipping_product_id: '', quantity: '1' }])}
      >
        {t('addMaterial')}
      </button>
      <TextField label="comment" name="comment" value={comment} onChange={(next) => set({ comment: next })} />
    </CallDialog>
  );
}

/** Up to a hundred at once, pasted from Excel: a row per material, rows of one product together. All are saved or none. */
export function AssemblyPaste({ member, onClose }: { member: Member; onClose: () => void }) {
  const [rows, setRows] = useState<string[][]>([]);
  const products = [...Map.groupBy(rows, ([productId = '']) => productId)].map(([product_id, own]) => ({
    product_id,
    item_list: own.map(([, shipping_product_id = '', quantity = '']) => ({ shipping_product_id, quantity })),
  }));
  return (
    <CallDialog
      title={t('pasteMany')}
      submit={t('registerN', { n: products.length })}
      disabled={products.length === 0}
      needs={rows.map((cells, at) => [t('rowN', { n: at + 1 }), cells.length < 3 || cells.includes('') ? null : 1])}
      call={() => ({ method: 'POST', path: '/v2/assembly/products', body: { ...whose(member), request_data_list: products } })}
      reads={reads}
      onClose={onClose}
    >
      <PasteField note={t('pasteProducts')} onRows={setRows} />
    </CallDialog>
  );
}
