import { useCallback, useMemo, useState } from 'react';
import { toast } from 'sonner';
import { t } from '../ui/texts.ts';
import { type Clash, clashesOf, type Unsent } from '../waybills/clashes.ts';
import type { Put } from '../waybills/place.ts';
import { type Carrier, carrierOf, cleanWaybill, faultOf, type WaybillFault } from '../waybills/waybill.ts';
import { changeDrafts, type Draft, draftsIn, type Drafts as Kept, type Named, unsentElsewhere } from './draft-store.ts';
import { useUsed } from './in-use.ts';
import { keep, useKept } from './kept.ts';
import type { DraftTab } from './tab-of.ts';

export interface Typed {
  carrierCode: string;
  waybillNo: string;
  fault: WaybillFault | null;
  /** Another delivery has this waybill, or it was typed for another one too. */
  clash: Clash | null;
  /** Something was typed that the row does not have yet. */
  isUnsent: boolean;
}

export interface Drafts<Row> {
  count: number;
  /** Of these, rows that their command cannot be done to now. */
  stuck: number;
  carrier: string;
  setCarrier: (code: string) => void;
  /** What the row shows and sends: the input if any, else its own values. */
  of: (id: string, row: Named) => Typed;
  isTyped: (id: string) => boolean;
  /** Rows with a typed waybill, as they were then. */
  rows: Row[];
  type: (cells: { row: Row; field: string; value: string }[]) => void;
  /** Enters what a paste said; how many waybills typed before it has replaced. */
  put: (puts: readonly Put<Row>[]) => number;
  clear: () => void;
  /** Whether the grid shows the rows with input alone, among them those its list does not hold. */
  isAlone: boolean;
  setAlone: (alone: boolean) => void;
  shown: (rows: Row[]) => Row[];
}

const NONE: Kept<never> = {};

/** Carriers and waybills that were typed, pasted or scanned but not sent yet; they survive a reload. */
export function useDrafts<Row extends Named>(tab: DraftTab<Row>, carriers: readonly Carrier[]): Drafts<Row> {
  const drafts = useKept<Kept<Row>>(`drafts.${tab.name}`, NONE);
  const carrier = useKept('carrier', '04');
  const [alone, setAlone] = useState(false);
  const { name, idOf, noOf, kept } = tab;

  const { unsent, others } = useMemo(() => {
    const own = Object.entries(drafts).flatMap(([id, { waybillNo, carrierCode, row }]): Unsent[] =>
      waybillNo ? [{ id, no: noOf(row), carrierCode: carrierCode ?? row.carrierCode ?? carrier, waybillNo }] : [],
    );
    const right = own.filter((each) => faultOf(each.carrierCode, each.waybillNo, carriers) === null);
    return { unsent: right, others: unsentElsewhere(name) };
  }, [drafts, carrier, carriers, name, noOf]);
  const used = useUsed(unsent);
  const clashes = useMemo(() => clashesOf(unsent, others, used), [unsent, others, used]);

  const type = useCallback(
    (cells: { row: Row; field: string; value: string }[]) =>
      changeDrafts<Row>(name, (all) => {
        const next: Record<string, Draft<Row>> = { ...all };
        for (const { row, field, value } of cells) {
          const id = idOf(row);
          const before = next[id];
          const waybillNo = cleanWaybill(value);
          // The waybill keeps the carrier chosen now, because the next pallet may have another one.
          const own = before?.carrierCode ?? row.carrierCode;
          if (field === 'typedCarrier') next[id] = { ...before, row: kept(row), carrierCode: carrierOf(value, carriers) };
          else if (waybillNo === '') delete next[id];
          else next[id] = { ...before, row: kept(row), waybillNo, ...(own ? {} : { carrierCode: carrier }) };
        }
        return next;
      }),
    [carriers, carrier, name, idOf, kept],
  );

  const put = useCallback(
    (puts: readonly Put<Row>[]) => {
      const all = draftsIn<Row>(name);
      const next: Record<string, Draft<Row>> = { ...all };
      for (const { row, carrierCode, waybillNo } of puts) {
        const before = all[idOf(row)];
        const code = carrierCode || before?.carrierCode || (row.carrierCode ? '' : carrier);
        const no = waybillNo || before?.waybillNo;
        next[idOf(row)] = { row: kept(row), ...(code ? { carrierCode: code } : {}), ...(no ? { waybillNo: no } : {}) };
      }
      changeDrafts<Row>(name, () => next);
      return puts.filter(({ row, waybillNo }) => {
        const before = all[idOf(row)]?.waybillNo;
        return before && waybillNo && before !== waybillNo;
      }).length;
    },
    [carrier, name, idOf, kept],
  );

  const of = useCallback(
    (id: string, row: Named): Typed => {
      const draft = drafts[id];
      const own = draft?.carrierCode ?? row.carrierCode ?? '';
      const waybillNo = draft?.waybillNo ?? row.waybillNo ?? '';
      const carrierCode = own || (draft?.waybillNo ? carrier : '');
      const isOther = waybillNo !== (row.waybillNo ?? '') || carrierCode !== (row.carrierCode ?? '');
      return {
        carrierCode,
        waybillNo,
        fault: draft ? faultOf(carrierCode, waybillNo, carriers) : null,
        clash: clashes.get(id) ?? null,
        isUnsent: draft !== undefined && waybillNo !== '' && isOther,
      };
    },
    [drafts, carrier, carriers, clashes],
  );

  const clear = useCallback(() => {
    const before = draftsIn<Row>(name);
    changeDrafts<Row>(name, () => ({}));
    toast(t('typedForgotten', { n: Object.keys(before).length }), {
      duration: 15_000,
      action: { label: t('undo'), onClick: () => changeDrafts<Row>(name, (now) => ({ ...before, ...now })) },
    });
  }, [name]);

  return useMemo(() => {
    const typed = Object.values(drafts).filter(({ waybillNo, carrierCode }) => waybillNo || carrierCode);
    const isAlone = alone && typed.length > 0;
    return {
      count: typed.length,
      stuck: typed.filter(({ row }) => !row.allowedCommands.includes(tab.command)).length,
      carrier,
      setCarrier: (code: string) => keep('carrier', code),
      of,
      isTyped: (id: string) => id in drafts,
      rows: typed.filter(({ waybillNo }) => waybillNo).map(({ row }) => row),
      type,
      put,
      clear,
      isAlone,
      setAlone,
      shown: (rows: Row[]) => {
        if (!isAlone) return rows;
        const now = new Map(rows.map((row) => [idOf(row), row]));
        return typed.map(({ row }) => now.get(idOf(row)) ?? row);
      },
    };
  }, [drafts, alone, tab, idOf, carrier, of, type, put, clear]);
}
