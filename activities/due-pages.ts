import { linesWithoutParcel } from '../db/deliveries/deliver-lines.ts';
import { settleWaybills, waybillsToAsk } from '../db/tracking/questions.ts';
import type { AutoCompleteProgress, BatchRun, DueLine, DueWaybill } from '../workflows/messages/batches.ts';
import type { ActivityDeps } from './deps.ts';

const PAGE = 500;

export interface PageOf<Item> {
  items: Item[];
  /** The key after which the next page begins; null = this was the last page. */
  next: AutoCompleteProgress['after'];
}

export interface PageQuestion {
  run: BatchRun;
  after: AutoCompleteProgress['after'];
}

/** The pages of auto-complete (docs/sources/requirements.md#batches-1). */
export function createDuePages({ db, tracking }: Pick<ActivityDeps, 'db' | 'tracking'>) {
  const { rowAgeSeconds, untrackedAfterDays } = tracking;
  return {
    async dueWaybillPage({ run, after }: PageQuestion): Promise<PageOf<DueWaybill>> {
      const place = { after: after ?? ['-infinity', 0], before: run.startedAt, most: PAGE } as const;
      const rows = await waybillsToAsk(db.query, { ...place, rowAgeSeconds, untrackedAfterDays });
      const settled = rows.filter(({ shipped }) => shipped === 0).map((row) => row.id);
      if (settled.length > 0) await db.transaction((query) => settleWaybills(query, settled));
      const last = rows.at(-1);
      return {
        items: rows
          .filter(({ due }) => due > 0)
          .map((row) => ({ id: row.id, carrierCode: row.carrier_code, waybillNo: row.waybill_no })),
        next: last && rows.length === PAGE ? [last.asked, last.id] : null,
      };
    },

    async dueOtherPage({ after }: PageQuestion): Promise<PageOf<DueLine>> {
      const rows = await linesWithoutParcel(db.query, after ?? ['', 0], rowAgeSeconds, PAGE);
      const last = rows.at(-1);
      return {
        items: rows.map(({ delivery_no, line_no }) => ({ deliveryNo: delivery_no, lineNo: line_no })),
        next: last && rows.length === PAGE ? [last.delivery_no, last.line_no] : null,
      };
    },
  };
}
