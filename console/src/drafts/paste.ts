import { useCallback, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { toast } from 'sonner';
import { sentenceOf } from '../api/sentences.ts';
import type { Pasted } from '../grid/grid-paste.ts';
import { useWhenCarriers } from '../list/parts.tsx';
import { t } from '../ui/texts.ts';
import { readBlock } from '../waybills/block.ts';
import { cellsOf } from '../waybills/cells.ts';
import { type Left, type Placed, placeByNumber, placeInOrder } from '../waybills/place.ts';
import { type Carrier, cleanNo, faultOf } from '../waybills/waybill.ts';
import type { Named } from './draft-store.ts';
import type { Drafts } from './drafts.ts';
import { keep, useKept } from './kept.ts';
import { lookUp } from './look-up.ts';
import type { DraftTab } from './tab-of.ts';

/** What the last paste did; it stays until it is closed. Of what was pasted only numbers and carriers are kept. */
export interface Report {
  told: string;
  /** What was not entered, line by line. */
  left: Left[];
}
export interface Pastes<Row> {
  paste: (pasted: Pasted<Row>) => void;
  isReading: boolean;
  report: Report | null;
  close: () => void;
}

interface PasteList<Row> {
  rows: Row[];
  /** Reads on until the list has so many more rows, or ends; the list's rows then. */
  reach: (enough: (rows: Row[]) => boolean) => Promise<Row[]>;
}

const failure = (told: string): Report => ({ told, left: [] });

/** Pastes go where their numbers say, wherever the cursor is; without numbers they fill the rows that need a waybill, in order. */
export function usePaste<Row extends Named>(tab: DraftTab<Row>, drafts: Drafts<Row>, list: PasteList<Row>): Pastes<Row> {
  const whenCarriers = useWhenCarriers();
  const name = `paste.${tab.name}`;
  const report = useKept<Report | null>(name, null);
  const [reading, setReading] = useState(0);
  const queue = useRef(Promise.resolve());
  const now = useRef({ drafts, list });
  now.current = { drafts, list };

  const enter = useCallback(
    (placed: Placed<Row>, isNumbered: boolean, carriers: readonly Carrier[]): Report | null => {
      const { drafts: typed, list: shown } = now.current;
      const { puts, left, passed } = placed;
      const held = new Set(shown.rows.map(tab.idOf));
      const isElsewhere = isNumbered && puts.some(({ row }) => !held.has(tab.idOf(row)));
      // In one go: the grid draws the rows of the paste once, with what was entered.
      const replaced = flushSync(() => {
        if (isElsewhere) typed.setAlone(true);
        return typed.put(puts);
      });
      const bad = puts.filter(({ row, carrierCode, waybillNo }) => {
        const code = carrierCode || typed.of(tab.idOf(row), row).carrierCode || typed.carrier;
        return faultOf(code, waybillNo, carriers) !== null;
      }).length;
      const beyond = left.filter(({ why }) => why === 'pasteBeyond').length;
      const told = [
        t('pasted', { n: puts.length }),
        bad > 0 && t('pastedBad', { n: bad }),
        passed > 0 && t('pastedPassed', { n: passed }),
        replaced > 0 && t('pastedReplaced', { n: replaced }),
        beyond > 0 && t('pastedBeyond', { n: beyond }),
        left.length > beyond && t('pastedLeft', { n: left.length - beyond }),
      ];
      const sentence = told.filter(Boolean).join(' · ');
      if (left.length > 0) return { told: sentence, left };
      (bad + passed + replaced > 0 ? toast.warning : toast.success)(sentence);
      return null;
    },
    [tab],
  );

  const judge = useCallback(
    async ({ text, field, from }: Pasted<Row>): Promise<Report | null> => {
      const cells = cellsOf(text);
      if (cells.length === 0) return null;
      const carriers = await whenCarriers();
      const given = { titles: tab.titles, carriers, field };
      let read = readBlock(cells, { ...given, orders: null });
      if ('asks' in read) {
        const ordered = await lookUp<Row>(tab, 'orderNo', read.asks.map(cleanNo));
        const orders = new Set(ordered.map((row) => cleanNo(tab.orderNoOf(row))));
        read = readBlock(cells, { ...given, orders });
      }
      if (!('entries' in read)) return failure(t('unclear' in read ? read.unclear : 'pasteNoNumber'));
      const block = read;
      let placed: Placed<Row>;
      if (block.isNumbered) {
        const numbers = block.entries.map(({ no }) => cleanNo(no));
        const orders = block.entries.flatMap(({ no, orderNo }) => (cleanNo(no) === '' ? [cleanNo(orderNo)] : []));
        const rows = await Promise.all([lookUp<Row>(tab, tab.noField, numbers), lookUp<Row>(tab, 'orderNo', orders)]);
        const known = new Map(rows.flat().map((row) => [tab.idOf(row), row]));
        placed = placeByNumber(block, [...known.values()], tab, carriers);
      } else {
        if (from === null) return failure(t('pasteNowhere'));
        const after = (rows: Row[]) => rows.slice(rows.findIndex((row) => tab.idOf(row) === tab.idOf(from)));
        const enough = (rows: Row[]) => {
          const some = placeInOrder(block, after(rows), tab, carriers);
          return 'unclear' in some || some.left.length === 0;
        };
        const tried = placeInOrder(block, after(await now.current.list.reach(enough)), tab, carriers);
        if ('unclear' in tried) return failure(t(tried.unclear));
        placed = tried;
      }
      return enter(placed, block.isNumbered, carriers);
    },
    [tab, whenCarriers, enter],
  );

  const paste = useCallback(
    (pasted: Pasted<Row>) => {
      setReading((n) => n + 1);
      queue.current = queue.current.then(async () => {
        const next = await judge(pasted).catch((error: unknown) =>
          failure(t('pasteFailed', { why: error instanceof Error ? sentenceOf(error) : '' })),
        );
        keep(name, next);
        setReading((n) => n - 1);
      });
    },
    [judge, name],
  );
  return useMemo(
    () => ({ paste, isReading: reading > 0, report, close: () => keep(name, null) }),
    [paste, reading, report, name],
  );
}
