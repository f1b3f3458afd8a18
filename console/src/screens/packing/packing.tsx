import { useEffect, useRef } from 'react';
import { store, useStored } from '../../api/stored.ts';
import { useCarriers, useMay } from '../../list/parts.tsx';
import { cleanNumber } from '../../ui/clean-text.ts';
import { shownName, t } from '../../ui/texts.ts';
import { useBench } from './bench.ts';
import { excessOf } from './finish.ts';
import { type Verification, waybillCarrier } from './verifying.ts';

type Line = Verification['lines'][number];

const toneOf = (line: Line) => (excessOf(line) > 0 ? 'over' : line.counted >= line.needed ? 'full' : 'open');

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
          <span>{excessOf(line) > 0 ? t('packingTakeOut') : shownName('state', line.state, line.stateName)}</span>
        </li>
      ))}
    </ul>
  );
}

/** 검품: a reader types the number of a parcel, then each of its products; the rest is done by itself. */
export function Packing() {
  const { bench, read, retry, reprint, giveUp } = useBench();
  const { parcel, asks, told } = bench;
  const carriers = useCarriers();
  const may = useMay();
  // Read where it is used; the bench stores it too.
  const [, setCarrier] = useStored('packing.carrier', '');
  const [prints, setPrints] = useStored('packing.prints', true);
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
        <span>
          {t(asks === 'waybill' ? 'packingWaybill' : asks ? 'packingCarrierNo' : isOpen ? 'packingProduct' : 'packingParcel')}
        </span>
        <input
          name="packing"
          ref={input}
          // biome-ignore lint/a11y/noAutofocus: a barcode reader types into the focused field
          autoFocus
          autoComplete="off"
          onKeyDown={(event) => {
            if (event.key === 'Escape') giveUp();
            if (event.key === 'F9') reprint();
            if (event.key !== 'Enter' || !input.current) return;
            const code = cleanNumber(input.current.value);
            input.current.value = '';
            read(code);
          }}
        />
      </label>
      <output className="packing-told">{told && `${told.right ? '✓' : '✗'} ${told.text}`}</output>
      {asks === 'carrier' && (
        <ol className="packing-carriers">
          {parcel?.carriers.map((code) => (
            <li key={code}>{carriers.find((each) => each.code === code)?.name ?? code}</li>
          ))}
        </ol>
      )}
      {parcel && <Picture parcel={parcel} />}
      <footer>
        <span>{t('packingHelp')}</span>
        <label title={may('pii.read') ? undefined : t('packingNoLabel')}>
          <input
            type="checkbox"
            name="prints"
            checked={prints && may('pii.read')}
            disabled={!may('pii.read')}
            onChange={({ target }) => {
              setPrints(() => target.checked);
              input.current?.focus();
            }}
          />{' '}
          {t('packingPrints')}
        </label>
        <label>
          {t('packingCarrier')}{' '}
          <select
            name="carrier"
            value={waybillCarrier()}
            onChange={(event) => {
              store('packing.carrier', event.target.value);
              setCarrier(() => event.target.value);
              retry();
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
