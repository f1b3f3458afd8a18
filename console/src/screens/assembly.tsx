import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, get, type Schemas } from '../api.ts';
import { useCall } from '../calls.ts';
import { Dialog } from '../dialog.tsx';
import { Trouble, useMay } from '../parts.tsx';
import { sentenceOf } from '../sentences.ts';
import { t } from '../texts.ts';

const PLANS = '/v2/assembly/plans';
const PRODUCTS = '/v2/assembly/products';
type Product = Schemas['AssemblyProduct'];
type Plan = Schemas['AssemblyPlan'];

const materialsOf = ({ item_list }: Pick<Product, 'item_list'>) =>
  item_list.map((item) => `${item.product_name} ×${item.quantity}`).join(', ');

/** 가공품 and 가공계획: what is made of what, and what is to be made when. */
export function Assembly() {
  const [search, setSearch] = useSearchParams();
  const plans = useQuery({ queryKey: [PLANS], queryFn: () => get(api.GET(PLANS)) });
  const given = search.get('member') ?? '';
  // A 고객사's token says who it is; a 물류사 asks for one 고객사's products.
  const member = given || plans.data?.response.data_list[0]?.member_id;
  const products = useQuery({
    queryKey: [PRODUCTS, member],
    enabled: plans.data !== undefined,
    queryFn: () => get(api.GET(PRODUCTS, { params: { query: member ? { member_id: Number(member) } : {} } })),
  });
  const may = useMay();
  if (plans.error) return <Trouble error={plans.error} />;
  return (
    <div className="page">
      <h2>{t('plans')}</h2>
      {may('assembly.write') && <NewPlan products={products.data?.response.data_list ?? []} />}
      <table className="plain">
        <thead>
          <tr>
            {(['productName', 'state', 'planQuantity', 'completedQuantity', 'planDate', 'materials', 'command'] as const).map(
              (name) => (
                <th key={name}>{t(name)}</th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {plans.data?.response.data_list.map((plan) => (
            <PlanRow key={plan.assembly_plan_uid} plan={plan} />
          ))}
        </tbody>
      </table>
      <h2>{t('products')}</h2>
      <label className="inline">
        {t('memberId')}
        <input
          name="member"
          inputMode="numeric"
          value={given}
          placeholder={member ?? ''}
          onChange={(event) =>
            setSearch(/^\d{1,9}$/.test(event.target.value) ? { member: event.target.value } : {}, { replace: true })
          }
        />
      </label>
      {products.error && <p className="note warn">{sentenceOf(products.error)}</p>}
      <table className="plain">
        <thead>
          <tr>
            {(['productId', 'productName', 'materials'] as const).map((name) => (
              <th key={name}>{t(name)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {products.data?.response.data_list.map((product) => (
            <tr key={product.assembly_product_uid}>
              <td>{product.shipping_product_id}</td>
              <td>{product.product_name}</td>
              <td>{materialsOf(product)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PlanRow({ plan }: { plan: Plan }) {
  const may = useMay();
  const call = useCall(PLANS, '/api/bo/v1/stockouts');
  const [completing, setCompleting] = useState(false);
  const [quantity, setQuantity] = useState(plan.plan_quantity);
  const step = (name: 'start' | 'cancel' | 'complete', what: string, body: object = {}) =>
    call.mutate({ method: 'PUT', path: `/v2/assembly/plan/${plan.assembly_plan_uid}/${name}`, body, what });
  return (
    <tr>
      <td>{plan.product_name}</td>
      <td className={plan.is_overdue ? 'red' : ''}>{plan.plan_status_name}</td>
      <td>{plan.plan_quantity}</td>
      <td>{plan.completed_quantity}</td>
      <td>{plan.plan_date}</td>
      <td>{materialsOf(plan)}</td>
      <td>
        {may('assembly.write') && plan.plan_status === 1 && (
          <button type="button" onClick={() => step('start', t('start'))}>
            {t('start')}
          </button>
        )}{' '}
        {may('assembly.write') && plan.plan_status === 2 && (
          <button type="button" className="primary" onClick={() => setCompleting(true)}>
            {t('complete')}
          </button>
        )}{' '}
        {may('assembly.write') && plan.plan_status <= 2 && (
          <button type="button" className="quiet" onClick={() => step('cancel', t('cancelPlan'))}>
            {t('cancelPlan')}
          </button>
        )}
        {completing && (
          <Dialog
            title={`${plan.product_name} ${t('complete')}`}
            onClose={() => setCompleting(false)}
            onSubmit={() => {
              step('complete', t('complete'), { completed_quantity: Number(quantity) });
              setCompleting(false);
            }}
          >
            <label className="field">
              {t('completedQuantity')}
              <input
                type="number"
                min={0}
                max={Number(plan.plan_quantity)}
                value={quantity}
                onChange={(event) => setQuantity(event.target.value)}
              />
            </label>
          </Dialog>
        )}
      </td>
    </tr>
  );
}

function NewPlan({ products }: { products: Product[] }) {
  const call = useCall(PLANS, '/api/bo/v1/stockouts');
  const [form, setForm] = useState({ uid: '', quantity: 10, date: '' });
  const chosen = products.find(
    ({ assembly_product_uid }) => assembly_product_uid === (form.uid || products[0]?.assembly_product_uid),
  );
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!chosen) return;
        call.mutate({
          method: 'POST',
          path: '/v2/assembly/plan',
          body: {
            member_id: chosen.member_id,
            assembly_product_uid: chosen.assembly_product_uid,
            plan_quantity: form.quantity,
            plan_date: form.date,
          },
          what: t('newPlan'),
        });
      }}
    >
      <label>
        {t('products')}
        <select value={chosen?.assembly_product_uid ?? ''} onChange={(event) => setForm({ ...form, uid: event.target.value })}>
          {products.map((product) => (
            <option key={product.assembly_product_uid} value={product.assembly_product_uid}>
              {product.product_name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('planQuantity')}
        <input
          type="number"
          min={1}
          value={form.quantity}
          onChange={(event) => setForm({ ...form, quantity: Number(event.target.value) })}
        />
      </label>
      <label>
        {t('planDate')}
        <input type="date" required value={form.date} onChange={(event) => setForm({ ...form, date: event.target.value })} />
      </label>
      <button type="submit" disabled={!chosen || call.isPending}>
        {t('newPlan')}
      </button>
    </form>
  );
}
