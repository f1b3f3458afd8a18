import type { Line, PickupRow } from '../list/columns.tsx';
import { named, shownName } from '../ui/texts.ts';
import type { Rules } from '../waybills/place.ts';
import type { Named } from './draft-store.ts';

/** A list in which waybills are typed: how its rows are known and read, and which take a waybill. */
export interface DraftTab<Row extends Named> extends Rules<Row> {
  /** Of its input, which outlives the list. */
  name: string;
  path: string;
  /** The list's filter by its own number. */
  noField: 'deliveryNo' | 'pickupNo';
  /** What its own number is called in sheets. */
  titles: readonly string[];
  /** The command that sends the input. */
  command: string;
  /** The part of a row that is stored with its input: what the command needs, no personal data. */
  kept: (row: Row) => Row;
}

const METHOD_PARCEL = '10';

/** One object for each tab, for what depends on it. */
const once = <Row extends Named>(make: (tab: string) => DraftTab<Row>) => {
  const made = new Map<string, DraftTab<Row>>();
  return (tab: string): DraftTab<Row> => {
    const known = made.get(tab) ?? make(tab);
    made.set(tab, known);
    return known;
  };
};

/** 배송처리: 출고완료 sends new waybills, 운송장정정 in 배송완료 other ones. */
const linesOf = (tab: string): DraftTab<Line> => {
  const command = tab === 'ship' ? 'ship' : 'correct-waybill';
  return {
    name: tab,
    path: '/api/bo/v1/delivery-lines',
    noField: 'deliveryNo',
    titles: ['배송번호', 'deliveryno'],
    command,
    idOf: ({ deliveryNo, lineNo }) => `${deliveryNo}/${lineNo}`,
    noOf: ({ deliveryNo }) => deliveryNo,
    lineNoOf: ({ lineNo }) => lineNo,
    orderNoOf: ({ orderNo }) => orderNo,
    waybillOf: ({ waybillNo }) => waybillNo ?? null,
    refusal: ({ allowedCommands, methodCode, state, stateName }) => {
      if (!allowedCommands.includes(command)) return { why: 'pasteState', what: shownName('state', state, stateName) };
      return methodCode === METHOD_PARCEL ? null : { why: 'pasteNoParcel', what: named('method', methodCode) };
    },
    kept: (line) => ({ ...line, receiverName: '', stockoutReason: null }),
  };
};

/** 회수처리: 회수지시 may send the waybill under which a parcel comes back. */
const pickupsOf = (tab: string): DraftTab<PickupRow> => ({
  name: `pickups.${tab}`,
  path: '/api/bo/v1/pickups',
  noField: 'pickupNo',
  titles: ['회수배송번호', '회수번호', 'pickupno'],
  command: 'instruct',
  idOf: ({ pickupNo }) => pickupNo,
  noOf: ({ pickupNo }) => pickupNo,
  lineNoOf: () => null,
  orderNoOf: ({ orderNo }) => orderNo,
  waybillOf: ({ waybillNo }) => waybillNo ?? null,
  refusal: ({ allowedCommands, state, stateName }) =>
    allowedCommands.includes('instruct') ? null : { why: 'pasteState', what: shownName('pstate', state, stateName) },
  kept: (row) => ({ ...row, holdReason: null, items: row.items.map((item) => ({ ...item, reason: null })) }),
});

export const lineDrafts = once(linesOf);
export const pickupDrafts = once(pickupsOf);
/** The tab in which a line's waybill is typed, by its state. */
export const draftTabOfLine = (state: string): string =>
  state === 'released' ? 'ship' : state === 'shipped' ? 'deliver' : 'none';
/** Rows chosen by typing alone: nothing is offered for them but the command that sends what was typed. */
export const onlyFor = <Row extends Named>(rows: Row[], { command }: Pick<DraftTab<Row>, 'command'>): Row[] =>
  rows.map((row) => ({ ...row, allowedCommands: row.allowedCommands.filter((name) => name === command) }));
