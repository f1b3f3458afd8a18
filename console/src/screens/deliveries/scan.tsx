import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/api.ts';
import { useStored } from '../../api/stored.ts';
import { unsentElsewhere } from '../../drafts/draft-store.ts';
import type { Drafts } from '../../drafts/drafts.ts';
import { askUsed } from '../../drafts/in-use.ts';
import { lookUp } from '../../drafts/look-up.ts';
import { lineDrafts } from '../../drafts/tab-of.ts';
import type { Line } from '../../list/columns.tsx';
import { useWhenCarriers } from '../../list/parts.tsx';
import { cleanNumber } from '../../ui/clean-text.ts';
import { named, shownName, t } from '../../ui/texts.ts';
import { cleanWaybill, faultOf } from '../../waybills/waybill.ts';
import { beep } from './beep.ts';
import { lineId } from './line-columns.tsx';

const LOGGED = 8;
interface Scanned {
  at: number;
  right: boolean;
  text: string;
}
interface Parcel {
  deliveryNo: string;
  lines: Line[];
}
type Outcome = Omit<Scanned, 'at'> & { parcel: Parcel | null };

const tab = lineDrafts('ship');
const isCode = (text: string) => /^[0-9A-Za-z_-]{1,30}$/.test(text);

/** Reads a delivery number's lines from the API, because they need not be among the rows on the screen. */
const linesOf = (deliveryNo: string): Promise<Line[]> =>
  isCode(deliveryNo) ? lookUp<Line>(tab, 'deliveryNo', [deliveryNo]) : Promise.resolve([]);

/** A barcode reader types a delivery number and Enter, then its waybill and Enter; valid pairs wait to be shipped together. */
export function Scan({ drafts }: { drafts: Drafts<Line> }) {
  const [log, setLog] = useStored<Scanned[]>('scan.log', []);
  const [parcel, setParcel] = useState<Parcel | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const queue = useRef(Promise.resolve());
  const latest = useRef({ drafts, parcel, log });
  latest.current = { drafts, parcel, log };
  const whenCarriers = useWhenCarriers();
  const last = log[0];

  const judge = async (code: string): Promise<Outcome> => {
    const carriers = await whenCarriers();
    const { parcel: open, drafts: typed } = latest.current;
    const waybillNo = cleanWaybill(code);
    const isWaybill = open !== null && faultOf(typed.carrier, waybillNo, carriers) === null && code !== open.deliveryNo;
    if (isWaybill) {
      // Only the current input counts, not what was scanned before: that may have been sent or discarded since.
      const of = (row: Line) => (typed.isTyped(lineId(row)) ? typed.of(lineId(row), row) : null);
      const isTyped = (row: Line) => of(row)?.waybillNo === waybillNo;
      if (open.lines.every(isTyped))
        return { right: true, text: t('scanTwice', { no: open.deliveryNo, waybill: waybillNo }), parcel: null };
      const here = typed.rows.find((row) => row.deliveryNo !== open.deliveryNo && isTyped(row))?.deliveryNo;
      const other =
        here ?? unsentElsewhere(tab.name).find((each) => each.waybillNo === waybillNo && each.no !== open.deliveryNo)?.no;
      if (other !== undefined) return { right: false, text: t('scanUsed', { no: other, waybill: waybillNo }), parcel: open };
      const [row] = open.lines;
      const carrierCode = (row && (of(row)?.carrierCode || row.carrierCode)) || typed.carrier;
      const asked = await askUsed([{ carrierCode, waybillNo }]);
      const user = [...asked.values()][0];
      const holder = user?.deliveryNo ?? user?.pickupNo;
      if (holder !== undefined && holder !== open.deliveryNo)
        return { right: false, text: t('scanInUse', { no: holder, waybill: waybillNo }), parcel: open };
      const before = open.lines.map((row) => of(row)?.waybillNo).find((each) => each);
      typed.type(open.lines.map((row) => ({ row, field: 'typedWaybill', value: waybillNo })));
      const done = t('scanDone', { no: open.deliveryNo, waybill: waybillNo, n: open.lines.length });
      return { right: true, text: before ? `${done} · ${t('scanInstead', { waybill: before })}` : done, parcel: null };
    }
    const found = await linesOf(code);
    const lines = found.filter((row) => tab.refusal(row) === null);
    const [first] = lines;
    if (first) {
      const { deliveryNo } = first;
      return { right: true, text: t('scanFound', { no: deliveryNo, n: lines.length }), parcel: { deliveryNo, lines } };
    }
    const other = found.find((row) => tab.refusal(row)?.why === 'pasteNoParcel');
    if (other) {
      const method = named('method', other.methodCode);
      return { right: false, text: t('scanNoParcel', { no: other.deliveryNo, method }), parcel: open };
    }
    if (found.length > 0) {
      const names = [...new Set(found.map(({ state, stateName }) => shownName('state', state, stateName)))].join(', ');
      return { right: false, text: t('scanNotReleased', { no: code, state: names }), parcel: open };
    }
    return { right: false, text: t(open ? 'scanBad' : 'scanUnknown', { no: code }), parcel: open };
  };

  /** One after the other, because a reader is faster than the API. */
  const read = (code: string) => {
    queue.current = queue.current.then(async () => {
      const outcome = await judge(code).catch((error: unknown): Outcome => {
        const why = error instanceof ApiError && error.status !== 0 ? error.message : t('unreachable');
        return { right: false, text: `${code}: ${why}`, parcel: latest.current.parcel };
      });
      const { parcel: next, ...told } = outcome;
      beep(told.right);
      latest.current.parcel = next;
      latest.current.log = [{ at: Date.now(), ...told }, ...latest.current.log].slice(0, 200);
      setParcel(next);
      setLog(() => latest.current.log);
    });
  };

  // A reader types wherever the focus is: keys outside any other field go to the scan field.
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isText = event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.altKey && !event.metaKey;
      const { activeElement } = document;
      if (!isText || activeElement?.closest('input, select, textarea, [role=dialog], [role=menu]')) return;
      event.stopPropagation();
      input.current?.focus();
    };
    addEventListener('keydown', press, true);
    return () => removeEventListener('keydown', press, true);
  }, []);

  return (
    <section className={`scan ${last ? (last.right ? 'right' : 'wrong') : ''}`} aria-label={t('scan')}>
      <label>
        <span>{parcel === null ? t('scanDelivery') : t('scanWaybill', { no: parcel.deliveryNo })}</span>
        <input
          name="scan"
          ref={input}
          // biome-ignore lint/a11y/noAutofocus: a barcode reader types into the focused field
          autoFocus
          autoComplete="off"
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.ctrlKey || !input.current) return;
            const code = cleanNumber(input.current.value);
            input.current.value = '';
            if (code !== '') read(code);
          }}
        />
      </label>
      <output>{last?.text}</output>
      <ol className="scan-log" aria-label={t('scanLog')}>
        {log.slice(1, LOGGED).map((each) => (
          <li key={`${each.at} ${each.text}`} className={each.right ? '' : 'red'}>
            {each.right ? '✓' : '✗'} {each.text}
          </li>
        ))}
      </ol>
    </section>
  );
}
