import { useCallback, useEffect, useMemo } from 'react';
import { toast } from 'sonner';
import { doneIn, onSettled } from '../api/jobs.ts';
import { store, stored, useStored } from '../api/stored.ts';
import type { Pasted } from '../grid/grid-paste.ts';
import { t } from '../ui/texts.ts';
import { type Carrier, carrierOf, cleanWaybill, faultOf, type WaybillFault } from './waybills.ts';

/** The parts of a row that a command and its input need; numbers and codes only. */
export interface Named {
  revision: number;
  allowedCommands: string[];
  carrierCode?: string | null;
  waybillNo?: string | null;
}
interface Draft<Row> {
  carrierCode?: string;
  waybillNo?: string;
  /** The row the input belongs to, because the current list may not contain it. */
  row: Row;
}
interface Typed {
  carrierCode: string;
  waybillNo: string;
  fault: WaybillFault | null;
}

export interface Drafts<Row> {
  count: number;
  carrier: string;
  setCarrier: (code: string) => void;
  /** What the row shows and sends: the input if any, else its own values. */
  of: (id: string, row: Named) => Typed;
  isTyped: (id: string) => boolean;
  /** Rows with a typed waybill, as they were then. */
  rows: Row[];
  type: (cells: { row: Row; field: string; value: string }[]) => void;
  paste: (pasted: Pasted<Row>) => void;
  clear: () => void;
}

const without = <Kept>(drafts: Record<string, Kept>, done: ReadonlySet<string>): Record<string, Kept> =>
  Object.fromEntries(Object.entries(drafts).filter(([id]) => !done.has(id)));

/** Discards input that has been sent, even when no current list contains its row. */
onSettled((part) => {
  const done = doneIn(part);
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith('console.drafts.')) continue;
    const name = key.slice('console.'.length);
    const before = stored<Record<string, unknown>>(name, {});
    if (Object.keys(before).some((id) => done.has(id))) store(name, without(before, done));
  }
});

/** Carriers and waybills that were typed, pasted or scanned but not sent yet; they survive a reload. */
export function useDrafts<Row extends Named>(
  name: string,
  carriers: readonly Carrier[],
  idOf: (row: Row) => string,
  kept: (row: Row) => Row,
): Drafts<Row> {
  const [drafts, setDrafts] = useStored<Record<string, Draft<Row>>>(`drafts.${name}`, {});
  const [carrier, setCarrier] = useStored('carrier', '04');

  // Discards input that has been sent.
  useEffect(
    () =>
      onSettled((part) => {
        const done = doneIn(part);
        setDrafts((before) => without(before, done));
      }),
    [setDrafts],
  );

  const type = useCallback(
    (cells: { row: Row; field: string; value: string }[]) =>
      setDrafts((before) => {
        const next = { ...before };
        for (const { row, field, value } of cells) {
          const id = idOf(row);
          const before = next[id];
          const waybillNo = cleanWaybill(value);
          // The waybill keeps the carrier chosen now, because the next pallet may have another one.
          const own = before?.carrierCode ?? row.carrierCode;
          const part =
            field === 'typedCarrier'
              ? { carrierCode: carrierOf(value, carriers) }
              : { waybillNo, ...(own || waybillNo === '' ? {} : { carrierCode: carrier }) };
          next[id] = { ...before, row: kept(row), ...part };
        }
        return next;
      }),
    [setDrafts, carriers, carrier, idOf, kept],
  );

  const of = useCallback(
    (id: string, row: Named): Typed => {
      const draft = drafts[id];
      const own = draft?.carrierCode ?? row.carrierCode ?? '';
      const waybillNo = draft?.waybillNo ?? row.waybillNo ?? '';
      const carrierCode = own || (draft?.waybillNo ? carrier : '');
      return { carrierCode, waybillNo, fault: draft ? faultOf(carrierCode, waybillNo, carriers) : null };
    },
    [drafts, carrier, carriers],
  );

  const paste = useCallback(
    ({ cells, rows, beyond }: Pasted<Row>) => {
      if (cells.length === 0) {
        toast.error(t('pasteNowhere'));
        return;
      }
      type(cells);
      const bad = cells.filter(({ row, field, value }) => {
        const pair = cells.find((each) => each.row === row && each.field === 'typedCarrier');
        const code = pair ? carrierOf(pair.value, carriers) : of(idOf(row), row).carrierCode || carrier;
        return field === 'typedWaybill' && faultOf(code, cleanWaybill(value), carriers) !== null;
      }).length;
      const told = [
        t('pasted', { n: rows }),
        bad > 0 && t('pastedBad', { n: bad }),
        beyond > 0 && t('pastedBeyond', { n: beyond }),
      ];
      (bad + beyond > 0 ? toast.warning : toast.success)(told.filter(Boolean).join(' · '));
    },
    [type, of, carrier, carriers, idOf],
  );

  return useMemo(() => {
    const typed = Object.entries(drafts).filter(([, { waybillNo, carrierCode }]) => waybillNo || carrierCode);
    return {
      count: typed.length,
      carrier,
      setCarrier: (code: string) => setCarrier(() => code),
      of,
      isTyped: (id: string) => id in drafts,
      rows: typed.filter(([, { waybillNo }]) => waybillNo).map(([, { row }]) => row),
      type,
      paste,
      clear: () => setDrafts(() => ({})),
    };
  }, [drafts, carrier, of, type, paste, setCarrier, setDrafts]);
}
