import type { Ledgers } from '../../chaos/books/ledgers.ts';
import type { Outcome } from '../../chaos/run.ts';

interface Part {
  deliveryNo?: string;
  lineNo?: number;
  pickupNo?: string;
  ok: boolean;
  revision?: number;
}
/** What an answer says of each line or pickup. */
export const resultsIn = (body: unknown): Part[] => (body as { results?: Part[] } | null | undefined)?.results ?? [];

const first = <Row>(rows: Row[], isIt: (row: Row) => boolean): Row => {
  const found = rows.find(isIt);
  if (!found) throw new Error('the run has no such row');
  return found;
};
const keyOf = ({ ledgers }: Outcome, requestId: string) => ledgers.requests.find(({ id }) => id === requestId)?.key;
/** The history row of an outcome that a caller was told. */
const acknowledged = (all: Outcome) =>
  first(all.ledgers.history, ({ requestId, revision, subject }) => {
    const key = keyOf(all, requestId);
    const isIt = ({ deliveryNo, lineNo, pickupNo, ok, ...part }: Part) =>
      ok && part.revision === revision && subject === (pickupNo ?? `${deliveryNo}/${lineNo}`);
    return all.happened.some((event) => event.kind === 'told' && event.key === key && resultsIn(event.body).some(isIt));
  });

/** What is falsified, and which book finds it. */
export const cases: Record<string, { book: string; falsify: (ledgers: Ledgers, all: Outcome) => void }> = {
  'an acknowledged step that is lost': {
    book: 'acknowledged outcomes',
    falsify: (ledgers, all) => {
      ledgers.history.splice(ledgers.history.indexOf(acknowledged({ ...all, ledgers })), 1);
    },
  },
  'an acknowledged step that was done twice': {
    book: 'acknowledged outcomes',
    falsify: (ledgers, all) => {
      ledgers.history.push({ ...acknowledged({ ...all, ledgers }) });
    },
  },
  'a refused step that was done': {
    book: 'nothing refused was done',
    falsify: (ledgers, all) => {
      for (const event of all.happened) {
        if (event.kind !== 'told' || event.status !== 200) continue;
        const refused = resultsIn(event.body).find(({ ok, deliveryNo }) => !ok && deliveryNo !== undefined);
        const request = ledgers.requests.find(({ key }) => key === event.key);
        const row = ledgers.history[0];
        if (!refused || !request || !row) continue;
        ledgers.history.push({
          ...row,
          subject: `${refused.deliveryNo}/${refused.lineNo}`,
          requestId: request.id,
          revision: 99,
        });
        return;
      }
      throw new Error('nothing was refused');
    },
  },
  'an answer that is not the one stored': {
    book: 'told the same',
    falsify: (ledgers) => {
      first(ledgers.requests, ({ status }) => status === 200).status = 409;
    },
  },
  'a gap in the revisions': {
    book: 'steps',
    falsify: (ledgers) => {
      const row = first(ledgers.history, ({ revision, subject }) => revision === 2 && subject.includes('/'));
      ledgers.history.splice(ledgers.history.indexOf(row), 1);
    },
  },
  'a step from where no step ended': {
    book: 'steps',
    falsify: (ledgers) => {
      first(ledgers.history, ({ revision }) => revision === 2).from = 'delivered';
    },
  },
  'a row that is not where its history is': {
    book: 'steps',
    falsify: (ledgers) => {
      first(ledgers.lines, ({ state }) => state === 'delivered').state = 'shipped';
    },
  },
  'a quantity canceled that nobody asked for': {
    book: 'quantities',
    falsify: (ledgers) => {
      first(ledgers.lines, () => true).canceled += 1;
    },
  },
  'a reservation for a pickup that is not there': {
    book: 'quantities',
    falsify: (ledgers) => {
      first(ledgers.lines, () => true).claims = { R0: { quantity: 1, status: 'reserved' } };
    },
  },
  'a waybill of two owners': {
    book: 'waybills',
    falsify: (ledgers) => {
      const row = first(ledgers.lines, ({ waybill_no, finished_at }) => waybill_no !== null && finished_at === null);
      ledgers.lines.push({ ...row, delivery_no: 'D0' });
    },
  },
  'a waybill that nobody gave back': {
    book: 'waybills',
    falsify: (ledgers) => {
      ledgers.waybills.push({ ...first(ledgers.waybills, () => true), waybill_no: '999999999999', closed_at: null });
    },
  },
  'stock that no move explains': {
    book: 'stock',
    falsify: (ledgers) => {
      const product = first(ledgers.products, ({ stock }) => stock !== null);
      product.stock = (product.stock ?? 0) + 1;
    },
  },
  'a line that was taken from stock twice': {
    book: 'stock',
    falsify: (ledgers) => {
      const move = first(ledgers.stock, ({ kind }) => kind === 'ship');
      ledgers.stock.push({ ...move, delta: 0, stock: ledgers.stock.at(-1)?.stock ?? 0 });
    },
  },
  'an acknowledged callback that is lost': {
    book: 'callbacks',
    falsify: (ledgers) => {
      ledgers.journal.splice(0, 1);
    },
  },
  'a callback with two effects': {
    book: 'callbacks',
    falsify: (ledgers) => {
      const row = first(ledgers.history, ({ requestId }) => requestId.startsWith('track-'));
      ledgers.history.push({ ...row });
    },
  },
  'a step that is not told outside': {
    book: 'events',
    falsify: (ledgers) => {
      ledgers.events.splice(ledgers.events.indexOf(first(ledgers.events, ({ type }) => type === 'delivery.shipped')), 1);
    },
  },
  'an event of a step that was not done': {
    book: 'events',
    falsify: (ledgers) => {
      ledgers.events.push({
        ...first(ledgers.events, ({ type }) => type === 'delivery.shipped'),
        history_id: 0,
        id: ledgers.events.length + 1,
      });
    },
  },
  'events of a line out of their order': {
    book: 'events',
    falsify: (ledgers) => {
      const instructed = first(ledgers.events, ({ type }) => type === 'delivery.instructed');
      const ordered = first(ledgers.events, ({ type, subject }) => type === 'delivery.ordered' && subject === instructed.subject);
      [instructed.id, ordered.id] = [ordered.id, instructed.id];
    },
  },
  'an id that nobody has': {
    book: 'events',
    falsify: (ledgers) => {
      for (const event of ledgers.events) if (event.id === ledgers.events.length) event.id++;
    },
  },
  'a receiver that nobody wished for last': {
    book: 'receivers',
    falsify: (ledgers) => {
      first(ledgers.orders, () => true).receiver_address1 = '다른 곳';
    },
  },
};
