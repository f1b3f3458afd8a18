import { useEffect, useRef } from 'react';
import { useStored } from '../../api/stored.ts';
import { useCarriers } from '../../list/parts.tsx';
import { cleanNumber } from '../../ui/clean-text.ts';
import { shownName, t } from '../../ui/texts.ts';
import { useBench } from './bench.ts';
import type { Verification } from './verifying.ts';

type Line = Verification['lines'][number];

const toneOf = ({ counted, needed }: Line) => (counted > needed ? 'over' : counted === needed ? 'full' : 'open');

/** The parcel, to be read from where its box stands. */
function Picture({ parcel }: { parcel: Verification }) {
  return (
    <ul className="packing-lines" aria-label={parcel.number}>
      {parcel.lines.map((line) => (
        <li key={`${line.deliveryNo}/${line.lineNo}`} className={toneOf(line)} data-line={`${line.deliveryNo}/${line.lineNo}`}>
          <b className="packing-count">
            {line.counted} / {line.needed}
          </b>
          <span>
            <strong>{line.productName}</strong> {line.optionName} <small>{line.barcode}</small>{' '}
            {line.labelPrints > 1 && <b className="red">{t('packingReprint', { n: line.labelPrints - 1 })}</b>}
          </span>
          <span>{line.counted > line.needed ? t('packingTakeOut') : shownName('state', line.state, line.stateName)}</span>
        </li>
      ))}
    </ul>
  );
}

/** 검품: a reader types the number of a parcel, then each of its products; the rest is done by itself. */
export function Packing() {
  const { bench, read, giveUp } = useBench();
  const { parcel, needsWaybill, told } = bench;
  const carriers = useCarriers();
  const [carrier, setCarrier] = useStored('packing.carrier', '04');
  const input = useRef<HTMLInputElement>(null);
  const isOpen = parcel?.verificationId != null && !parcel.blocked;

  // A reader types wherever the focus is: keys outside any other field go to the scan field.
  useEffect(() => {
    const press = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent) => {
      const isText = key.length === 1 && !ctrlKey && !altKey && !metaKey;
      if (isText && !document.activeElement?.closest('input, select, textarea, [role=dialog], [role=menu]'))
        input.current?.focus();
    };
    addEventListener('keydown', press, true);
    return () => removeEventListener('keydown', press, true);
  }, []);

  return (
    <section className={`page packing ${told ? (told.right ? 'right' : 'wrong') : ''}`} aria-label={t('packing')}>
      <h1>{t('packing')}</h1>
      <label className="packing-scan">
        <span>{t(needsWaybill ? 'packingWaybill' : isOpen ? 'packingProduct' : 'packingParcel')}</span>
        <input
          name="packing"
          ref={input}
          // biome-ignore lint/a11y/noAutofocus: a barcode reader types into the focused field
          autoFocus
          autoComplete="off"
          onKeyDown={(event) => {
            if (event.key === 'Escape') giveUp();
            if (event.key !== 'Enter' || !input.current) return;
            const code = cleanNumber(input.current.value);
            input.current.value = '';
            if (code !== '') read(code);
          }}
        />
      </label>
      <output className="packing-told">{told && `${told.right ? '✓' : '✗'} ${told.text}`}</output>
      {parcel && <Picture parcel={parcel} />}
      <footer>
        <span>{t('packingHelp')}</span>
        <label>
          {t('packingCarrier')}{' '}
          <select
            name="carrier"
            value={carrier}
            onChange={(event) => {
              setCarrier(() => event.target.value);
              input.current?.focus();
            }}
          >
            {carriers.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </footer>
    </section>
  );
}
