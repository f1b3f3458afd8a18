import { t } from '../../ui/texts.ts';
import type { Place } from './place-form.tsx';

export interface QuoteLine {
  id: number;
  placeNo: string;
  policyNo: string;
  quantity: number | null;
  unitPrice: number | null;
}

const MOST = 200;

/** The lines of an example order, from any places, each with its place's default policy or a chosen one. */
export function QuoteLines({
  lines,
  places,
  onChange,
}: {
  lines: QuoteLine[];
  places: Place[];
  onChange: (lines: QuoteLine[]) => void;
}) {
  const put = (id: number, part: Partial<QuoteLine>) =>
    onChange(lines.map((line) => (line.id === id ? { ...line, ...part } : line)));
  const last = lines.at(-1);
  return (
    <div className="quote-lines">
      <datalist id="known-places">
        {places.map((place) => (
          <option key={place.placeNo} value={place.placeNo}>
            {place.placeName}
          </option>
        ))}
      </datalist>
      {lines.map((line, at) => (
        <fieldset key={line.id} className="form">
          <legend className="unseen">{t('quoteLine', { n: at + 1 })}</legend>
          {(['placeNo', 'policyNo'] as const).map((name) => (
            <label key={name}>
              {t(name)}
              <input
                name={`${name}-${at + 1}`}
                value={line[name]}
                inputMode="numeric"
                autoComplete="off"
                placeholder={t(name === 'placeNo' ? 'defaultPlace' : 'defaultPolicy')}
                {...(name === 'placeNo' ? { list: 'known-places' } : {})}
                onChange={(event) => put(line.id, { [name]: event.target.value.trim() })}
              />
            </label>
          ))}
          {(['quantity', 'unitPrice'] as const).map((name) => (
            <label key={name}>
              {t(name)}
              <input
                name={`${name}-${at + 1}`}
                type="number"
                min={name === 'quantity' ? 1 : 0}
                value={line[name] ?? ''}
                onChange={(event) => put(line.id, { [name]: event.target.value === '' ? null : Number(event.target.value) })}
              />
            </label>
          ))}
          <button
            type="button"
            className="icon"
            aria-label={t('removeLine', { n: at + 1 })}
            disabled={lines.length === 1}
            onClick={() => onChange(lines.filter(({ id }) => id !== line.id))}
          >
            ×
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        disabled={lines.length >= MOST}
        onClick={() => last && onChange([...lines, { ...last, id: last.id + 1, policyNo: '' }])}
      >
        {t('addLine')}
      </button>
    </div>
  );
}
