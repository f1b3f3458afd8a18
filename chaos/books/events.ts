import { deliveryEventOf, pickupEventOf } from '../../domain/events/types.ts';
import { byKey, type Finding } from './finding.ts';
import type { HistoryRow, Ledgers } from './ledgers.ts';

const BOOK = 'events';

/** Whether a step has to be told. The snapshot is the row after it, as the machines know it. */
const isTold = ({ subject, command, snapshot, refused }: HistoryRow): boolean => {
  if (refused !== null) return false;
  const typeOf = subject.includes('/') ? deliveryEventOf : pickupEventOf;
  return typeOf(command, snapshot as never) !== null;
};

/**
 * Each step that has a type is told once, and nothing else is, unless it was taken back; ids have no gap; and the events of a line or a
 * pickup come in the order of its revisions.
 */
export function checkEvents({ history, events }: Pick<Ledgers, 'history' | 'events'>): Finding[] {
  const findings: Finding[] = [];
  const note = (subject: string, text: string) => findings.push({ book: BOOK, subject, text });
  const takenBack = new Set(events.map(({ corrects }) => corrects));
  const standing = events.filter(({ key, corrects }) => corrects === null && !takenBack.has(key));
  const steps = standing.filter(({ type }) => type.startsWith('delivery.') || type.startsWith('pickup.'));
  const told = byKey(steps, ({ subject, history_id }) => `${subject} ${history_id}`);
  for (const row of history) {
    const times = told.get(`${row.subject} ${row.id}`)?.length ?? 0;
    const wanted = isTold(row) ? 1 : 0;
    if (times !== wanted) note(row.subject, `${row.command} at revision ${row.revision} is told ${times} times, not ${wanted}`);
  }
  const known = new Set(history.map(({ subject, id }) => `${subject} ${id}`));
  for (const [step, [event]] of told)
    if (event && !known.has(step)) note(event.subject, `${event.type} is told, and its step does not stand in history`);

  const inOrder = events.toSorted((a, b) => (a.id ?? 0) - (b.id ?? 0));
  inOrder.forEach(({ id, subject }, at) => {
    if (id !== at + 1) note(subject, `the event in place ${at + 1} has the id ${id}`);
  });
  for (const [subject, own] of byKey(
    steps.toSorted((a, b) => (a.id ?? 0) - (b.id ?? 0)),
    (event) => event.subject,
  ))
    for (const [at, { revision }] of own.entries()) {
      const before = own[at - 1]?.revision ?? 0;
      if ((revision ?? 0) < before) note(subject, `revision ${revision} is told after ${before}`);
    }
  return findings;
}
