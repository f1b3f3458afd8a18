import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, get } from '../api.ts';
import { useCall } from '../calls.ts';
import { Trouble, useMay } from '../parts.tsx';
import { named, t, won } from '../texts.ts';
import { Quote } from './quote.tsx';

const PLACES = '/item/v1/shipping/places';

/** 출하지, their 묶음배송비 정책, and what an order would pay. */
export function Places() {
  const [search, setSearch] = useSearchParams();
  const { data, error } = useQuery({
    queryKey: [PLACES],
    queryFn: () => get(api.GET(PLACES, { params: { query: { pageIndex: 1, pageSize: 100 } } })),
  });
  const chosen = Number(search.get('place')) || data?.places[0]?.placeNo;
  if (error) return <Trouble error={error} />;
  return (
    <div className="page">
      <table className="plain">
        <thead>
          <tr>
            {(['placeNo', 'placeName', 'zipCode', 'address', 'isDefault', 'surcharge'] as const).map((name) => (
              <th key={name}>{t(name)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data?.places.map((place) => (
            <tr key={place.placeNo} aria-current={place.placeNo === chosen}>
              <td>
                <button type="button" className="link" onClick={() => setSearch({ place: String(place.placeNo) })}>
                  {place.placeNo}
                </button>
              </td>
              <td>{place.placeName}</td>
              <td>{place.zipCode}</td>
              <td>{[place.addr1, place.addr2].filter(Boolean).join(' ')}</td>
              <td>{place.isDefaultShippingPlace ? '✓' : ''}</td>
              <td>
                {place.isSetAdditionalShippingFee
                  ? `${won(place.jejuAdditionalShippingFee)} / ${won(place.backwoodsAdditionalShippingFee)}`
                  : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen && <Policies key={chosen} placeNo={chosen} />}
      {chosen && <Quote key={`quote ${chosen}`} placeNo={chosen} />}
    </div>
  );
}

function Policies({ placeNo }: { placeNo: number }) {
  const may = useMay();
  const { data, error } = useQuery({
    queryKey: ['policies', placeNo],
    queryFn: () => get(api.GET('/item/v1/shipping/places/{placeNo}/policies', { params: { path: { placeNo } } })),
  });
  if (error) return <Trouble error={error} />;
  return (
    <section>
      <h2>
        {t('policies')} · {placeNo}
      </h2>
      <table className="plain">
        <thead>
          <tr>
            {(['policyNo', 'feeType', 'fee', 'condition', 'prepay', 'cod'] as const).map((name) => (
              <th key={name}>{t(name)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data?.policies.map((policy) => (
            <tr key={policy.policyNo}>
              <td>{policy.policyNo}</td>
              <td>{named('feeType', policy.feeType)}</td>
              <td>{won(policy.fee)}</td>
              <td>{policy.shippingFee.map(({ condition }) => won(condition)).join(', ')}</td>
              <td>{policy.isPrepayment ? '✓' : ''}</td>
              <td>{policy.isCashOnDelivery ? '✓' : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {may('policy.write') && <NewPolicy placeNo={placeNo} />}
    </section>
  );
}

function NewPolicy({ placeNo }: { placeNo: number }) {
  const call = useCall('policies');
  const [form, setForm] = useState({
    feeType: 2,
    fee: 3_000,
    condition: 50_000,
    isPrepayment: true,
    isCashOnDelivery: false,
    isDefault: false,
  });
  const flags = [
    ['isPrepayment', 'prepay'],
    ['isCashOnDelivery', 'cod'],
    ['isDefault', 'isDefault'],
  ] as const;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        const { condition, ...rest } = form;
        const shippingFee = form.feeType === 3 ? [{ condition }] : [];
        const fee = form.feeType === 1 ? 0 : form.fee;
        call.mutate({
          method: 'POST',
          path: '/item/v1/shipping/policies',
          body: { ...rest, fee, placeNo, shippingFee },
          what: t('newPolicy'),
        });
      }}
    >
      <label>
        {t('feeType')}
        <select value={form.feeType} onChange={(event) => setForm({ ...form, feeType: Number(event.target.value) })}>
          {[1, 2, 3].map((type) => (
            <option key={type} value={type}>
              {named('feeType', type)}
            </option>
          ))}
        </select>
      </label>
      {form.feeType > 1 && (
        <label>
          {t('fee')}
          <input type="number" value={form.fee} onChange={(event) => setForm({ ...form, fee: Number(event.target.value) })} />
        </label>
      )}
      {form.feeType === 3 && (
        <label>
          {t('condition')}
          <input
            type="number"
            value={form.condition}
            onChange={(event) => setForm({ ...form, condition: Number(event.target.value) })}
          />
        </label>
      )}
      {flags.map(([flag, name]) => (
        <label key={flag}>
          {t(name)}
          <input type="checkbox" checked={form[flag]} onChange={(event) => setForm({ ...form, [flag]: event.target.checked })} />
        </label>
      ))}
      <button type="submit" disabled={call.isPending}>
        {t('newPolicy')}
      </button>
    </form>
  );
}
