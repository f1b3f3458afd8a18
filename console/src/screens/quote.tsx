import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, get } from '../api.ts';
import { Trouble } from '../parts.tsx';
import { named, t, won } from '../texts.ts';

/** What one line of this place would pay: asked anew with every change, of the function that order intake uses. */
export function Quote({ placeNo }: { placeNo: number }) {
  const [form, setForm] = useState({ zipCode: '06236', quantity: 1, unitPrice: 20_000 });
  const { data, error } = useQuery({
    queryKey: ['quote', placeNo, form],
    enabled: /^\d{5}$/.test(form.zipCode) && form.quantity > 0,
    placeholderData: keepPreviousData,
    queryFn: () => {
      const { zipCode, ...line } = form;
      return get(api.POST('/api/bo/v1/shipping-fees/quote', { body: { zipCode, lines: [{ placeNo, ...line }] } }));
    },
  });
  return (
    <section aria-label={t('quote')}>
      <h2>{t('quote')}</h2>
      <div className="form">
        <label>
          {t('zipCode')}
          <input
            name="zipCode"
            value={form.zipCode}
            inputMode="numeric"
            maxLength={5}
            onChange={(event) => setForm({ ...form, zipCode: event.target.value })}
          />
        </label>
        {(['quantity', 'unitPrice'] as const).map((name) => (
          <label key={name}>
            {t(name)}
            <input
              name={name}
              type="number"
              min={1}
              value={form[name]}
              onChange={(event) => setForm({ ...form, [name]: Number(event.target.value) })}
            />
          </label>
        ))}
        <output name="quote">{data && <b>{t('totalFee', { fee: won(data.totalFee) })}</b>}</output>
      </div>
      {error && <Trouble error={error} />}
      {data?.bundles.map((bundle) => (
        <p key={bundle.placeNo} className="note">
          {t('itemsAmount')} {won(bundle.itemsAmount)} · {t('policyNo')} {bundle.policyNo ?? '–'}{' '}
          {named('feeType', bundle.feeType)} · {t('fee')} {won(bundle.baseFee)} · {t('surcharge')} {won(bundle.surcharge)} ·{' '}
          {named('payment', bundle.payment)} · {bundle.reason}
        </p>
      ))}
    </section>
  );
}
