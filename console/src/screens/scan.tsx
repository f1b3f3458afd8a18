import { useRef, useState } from 'react';
import { t } from '../texts.ts';
import type { Line } from './columns.tsx';

const WAYBILL = /^[0-9A-Z]{9,20}$/;

/** High for right, low twice for wrong: who scans looks at parcels, not at the screen. */
function beep(right: boolean): void {
  const audio = new AudioContext();
  for (const [at, tone] of right
    ? [[0, 1_200]]
    : [
        [0, 260],
        [0.18, 200],
      ]) {
    const oscillator = audio.createOscillator();
    oscillator.frequency.value = tone ?? 0;
    oscillator.connect(audio.destination);
    oscillator.start(audio.currentTime + (at ?? 0));
    oscillator.stop(audio.currentTime + (at ?? 0) + 0.12);
  }
  setTimeout(() => void audio.close(), 800);
}

/** A barcode reader types a delivery number and Enter, then its waybill and Enter. */
export function Scan<Row extends Line>({ rows, onWaybill }: { rows: Row[]; onWaybill: (row: Row, waybillNo: string) => void }) {
  const [delivery, setDelivery] = useState<string | null>(null);
  const [told, setTold] = useState<{ right: boolean; text: string } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const tell = (right: boolean, text: string) => {
    beep(right);
    setTold({ right, text });
  };
  const read = (code: string) => {
    const lines = rows.filter((row) => row.deliveryNo === code);
    if (lines.length > 0) {
      setDelivery(code);
      return tell(true, code);
    }
    if (delivery === null) return tell(false, t('scanUnknown', { no: code }));
    const waybillNo = code.replace(/[\s-]/g, '').toUpperCase();
    if (!WAYBILL.test(waybillNo)) return tell(false, t('scanBad', { no: code }));
    for (const row of rows) if (row.deliveryNo === delivery) onWaybill(row, waybillNo);
    setDelivery(null);
    tell(true, t('scanDone', { no: delivery, waybill: waybillNo }));
  };
  return (
    <div className={`scan ${told ? (told.right ? 'right' : 'wrong') : ''}`}>
      <label>
        <span>{delivery === null ? t('scanDelivery') : t('scanWaybill', { no: delivery })}</span>
        <input
          name="scan"
          ref={input}
          // biome-ignore lint/a11y/noAutofocus: a barcode reader types into what has the focus
          autoFocus
          autoComplete="off"
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !input.current) return;
            const code = input.current.value.trim();
            input.current.value = '';
            if (code !== '') read(code);
          }}
        />
      </label>
      <output>{told?.text}</output>
    </div>
  );
}
