import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, get, type Schemas } from '../../api/api.ts';
import { Refusal } from '../../commands/form.tsx';
import { Table } from '../../list/table.tsx';
import { won } from '../../ui/figures.ts';
import { inLanguage } from '../../ui/language.ts';
import { named, t } from '../../ui/texts.ts';
import type { Place } from './place-form.tsx';
import { type QuoteLine, QuoteLines } from './quote-lines.tsx';

/** Sample postal codes: the mainland, Jeju, and an island of Jeju, which counts as remote. */
const samples = [
  ['06236', 'zip.mainland'],
  ['63122', 'zip.jeju'],
  ['63001', 'zip.remote'],
] as const;

const numbered = (text: string) => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined);

/** Explains the price: in Korean the API's own text, in English a text from its parts. */
function reasonOf({ policyNo, feeType, reason }: Schemas['ShippingFeeQuote']['bundles'][number]): string {
  const made = policyNo === null ? t('noPolicy') : `${t('policyNo')} ${policyNo} · ${named('feeType', feeType)}`;
  return inLanguage({ ko: reason, en: made });
}

/** What an order of several lines would pay: requested with every change, and computed by the same function as real orders. */
export function Quote({ places, first }: { places: Place[]; first: number | null }) {
  const [zipCode, setZipCode] = useState('06236');
  const [lines, setLines] = useState<QuoteLine[]>([
    { id: 1, placeNo: String(first ?? ''), policyNo: '', quantity: 1, unitPrice: 20_000 },
  ]);
  const body = {
    zipCode,
    lines: lines.map(({ placeNo, policyNo, quantity, unitPrice }) => ({
      placeNo: numbered(placeNo),
      policyNo: numbered(policyNo),
      quantity: quantity ?? 0,
      unitPrice: unitPrice ?? 0,
    })),
  };
  const { data, error } = useQuery({
    queryKey: ['quote', body],
    enabled: /^(\d{5}|\d{3}-?\d{3})$/.test(zipCode) && lines.every(({ quantity, unitPrice }) => quantity && unitPrice !== null),
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: () => get(api.POST('/api/bo/v1/shipping-fees/quote', { body })),
  });
  const nameOf = (placeNo: number | null) => places.find((place) => place.placeNo === placeNo)?.placeName ?? '';
  return (
    <section className="board quote" aria-label={t('quote')}>
      <h2>{t('quote')}</h2>
      <p className="muted">{t('quoteNote')}</p>
      <div className="form">
        <label>
          {t('zipCode')}
          <input
            name="zipCode"
            value={zipCode}
            inputMode="numeric"
            maxLength={7}
            onChange={(event) => setZipCode(event.target.value)}
          />
        </label>
        {samples.map(([zip, name]) => (
          <button key={zip} type="button" aria-pressed={zip === zipCode} onClick={() => setZipCode(zip)}>
            {t(name)}
          </button>
        ))}
      </div>
      <QuoteLines lines={lines} places={places} onChange={setLines} />
      <Refusal error={error} />
      {data && (
        <>
          <Table
            label={t('quote')}
            heads={['placeNo', 'itemsAmount', 'fee', 'surcharge', 'sum', 'payer']}
            right={['itemsAmount', 'fee', 'surcharge', 'sum']}
            rows={data.bundles}
            empty=""
            row={(bundle) => [
              <tr key={bundle.placeNo} className="joined">
                <td className="wide">
                  {bundle.placeNo ?? t('defaultPlace')} <span className="muted">{nameOf(bundle.placeNo)}</span>
                </td>
                <td className="right">{won(bundle.itemsAmount)}</td>
                <td className="right">{won(bundle.baseFee)}</td>
                <td className={bundle.surcharge > 0 ? 'right amber' : 'right'}>{won(bundle.surcharge)}</td>
                <td className="right">
                  <b>{won(bundle.fee)}</b>
                </td>
                <td>{named('payment', bundle.payment)}</td>
              </tr>,
              <tr key={`${bundle.placeNo} why`}>
                <td colSpan={6} className="muted wide">
                  {reasonOf(bundle)}
                </td>
              </tr>,
            ]}
          />
          <output name="quote">
            <b>{t('totalFee', { fee: won(data.totalFee) })}</b>
          </output>
        </>
      )}
    </section>
  );
}
