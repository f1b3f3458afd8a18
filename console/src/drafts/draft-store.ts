import { toast } from 'sonner';
import { keyOf, onSettled, type Result, type Target } from '../api/jobs.ts';
import { t } from '../ui/texts.ts';
import type { Unsent } from '../waybills/clashes.ts';
import { keep, keptAs, namesOf } from './kept.ts';

/** The parts of a row that a command and its input need; numbers and codes only. */
export interface Named {
  revision: number;
  allowedCommands: string[];
  state?: string;
  carrierCode?: string | null;
  waybillNo?: string | null;
}
/** Input for one row that was not sent yet. */
export interface Draft<Row> {
  carrierCode?: string;
  waybillNo?: string;
  /** The row the input belongs to, because the current list may not contain it. */
  row: Row;
}
export type Drafts<Row> = Readonly<Record<string, Draft<Row>>>;

const NONE: Drafts<Named> = {};
const nameOf = (tab: string) => `drafts.${tab}`;

export const draftsIn = <Row extends Named>(tab: string): Drafts<Row> => keptAs(nameOf(tab), NONE as Drafts<Row>);

export function changeDrafts<Row extends Named>(tab: string, change: (before: Drafts<Row>) => Drafts<Row>): void {
  const before = draftsIn<Row>(tab);
  const next = change(before);
  if (next !== before) keep(nameOf(tab), next);
}

/** For how many rows carriers or waybills were typed and not sent, in all tabs of this window. */
export const typedNow = (): number => namesOf('drafts.').reduce((sum, name) => sum + Object.keys(keptAs(name, NONE)).length, 0);

/** Waybills that were typed in other tabs and are not sent yet. */
export const unsentElsewhere = (tab: string): Unsent[] =>
  namesOf('drafts.').flatMap((name) =>
    name === nameOf(tab)
      ? []
      : Object.entries(keptAs(name, NONE)).flatMap(([id, { carrierCode = '', waybillNo = '' }]) =>
          waybillNo === '' ? [] : [{ id, no: id.split('/')[0] ?? id, carrierCode, waybillNo }],
        ),
  );

/** Whether a command has sent exactly this input: another command on the row, or another waybill, leaves it as it is. */
const isSent = ({ carrierCode, waybillNo }: Draft<Named>, target: Target): boolean =>
  target.waybillNo !== undefined &&
  (waybillNo ?? target.waybillNo) === target.waybillNo &&
  (carrierCode ?? target.carrierCode) === target.carrierCode;

/** The row after a command that left its input: it can be sent again where a list shows the row, or reads it again. */
const moved = (row: Named, { state, revision }: Result): Named =>
  state === undefined || state === row.state
    ? { ...row, ...(revision === undefined ? {} : { revision }) }
    : { ...row, state, revision: revision ?? row.revision, allowedCommands: [] };

/** Rows of this input as they are now; input itself stays. */
export function refreshRows<Row extends Named>(tab: string, rows: readonly Row[], idOf: (row: Row) => string): void {
  changeDrafts<Row>(tab, (before) => {
    const newer = rows.filter((row) => {
      const draft = before[idOf(row)];
      return draft !== undefined && draft.row.revision <= row.revision;
    });
    if (newer.length === 0) return before;
    return { ...before, ...Object.fromEntries(newer.map((row) => [idOf(row), { ...before[idOf(row)], row }])) };
  });
}

/** What was sent is discarded, even when no current list contains its row; what was not is kept and told. */
onSettled(({ targets, results }) => {
  let left = 0;
  for (const name of namesOf('drafts.'))
    changeDrafts<Named>(name.slice('drafts.'.length), (before) => {
      const next = { ...before };
      let isChanged = false;
      targets.forEach((target, at) => {
        const [id, result] = [keyOf(target), results[at]];
        const draft = before[id];
        if (!draft || !result?.ok) return;
        isChanged = true;
        if (isSent(draft, target)) delete next[id];
        else {
          next[id] = { ...draft, row: moved(draft.row, result) };
          if (draft.waybillNo) left += 1;
        }
      });
      return isChanged ? next : before;
    });
  if (left > 0) toast.warning(t('typedKept', { n: left }), { duration: 10_000 });
});
