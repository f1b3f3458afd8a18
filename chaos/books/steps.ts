import { deliveryMachine } from '../../domain/deliveries/machine.ts';
import { pickupMachine } from '../../domain/pickups/machine.ts';
import { byKey, type Finding } from './finding.ts';
import { type HistoryRow, type Ledgers, lineKey } from './ledgers.ts';

const BOOK = 'steps';

/** Revisions without gaps, in the order of time, each step one that the table knows, from where the last ended; the row is where the last step went. */
export function checkSteps({ history, lines, pickups }: Ledgers): Finding[] {
  const rows = byKey(history, ({ subject }) => subject);
  const lifeOf = (subject: string) => (rows.get(subject) ?? []).filter(({ revision }) => revision !== null);
  return [
    ...lines.flatMap((line) => check(lineKey(line), lifeOf(lineKey(line)), line, isLineStep)),
    ...pickups.flatMap((pickup) => check(pickup.pickup_no, lifeOf(pickup.pickup_no), pickup, isPickupStep)),
  ];
}

function check(
  subject: string,
  life: HistoryRow[],
  row: { revision: number; state: string },
  isStep: (step: HistoryRow) => boolean,
): Finding[] {
  const findings: Finding[] = [];
  const note = (revision: number, text: string) => findings.push({ book: BOOK, subject, text, revision });
  const inOrder = life.toSorted((a, b) => (a.revision ?? 0) - (b.revision ?? 0));
  for (const [at, step] of inOrder.entries()) {
    const revision = at + 1;
    const before = inOrder[at - 1];
    if (step.revision !== revision) {
      note(revision, `revision ${revision} is missing or there twice (next is ${step.revision})`);
      break;
    }
    if (before && step.from !== before.to)
      note(revision, `${step.command} begins at ${step.from}, the step before ended at ${before.to}`);
    if (before && step.at < before.at) note(revision, `${step.command} is older than the step before`);
    if (before && step.id < before.id) note(revision, `${step.command} was written before the step before`);
    if (before && !isStep(step)) note(revision, `no table knows ${step.command} from ${step.from} to ${step.to}`);
    if (step.snapshot && (step.snapshot.revision !== revision || step.snapshot.state !== step.to))
      note(revision, `its snapshot is ${step.snapshot.state} at ${step.snapshot.revision}`);
  }
  const last = inOrder.at(-1);
  if (last?.revision !== row.revision || last.to !== row.state)
    note(row.revision, `the row is ${row.state} at ${row.revision}, history ends at ${last?.to} at ${last?.revision}`);
  return findings;
}

/** As a table has it: command → where it leads from each state. */
type Steps = Record<string, { from: Partial<Record<string, string>> } | undefined>;

const goes = (commands: Steps, { command, from, to }: HistoryRow): boolean => commands[command]?.from[from ?? ''] === to;

const isLineStep = (step: HistoryRow): boolean =>
  goes(deliveryMachine.commands, step) ||
  (step.command === 'cancel' && step.to === 'canceled') ||
  // A part of it is missing: that one waits.
  (step.command === 'report-stockout' && step.from === 'released' && step.to === 'released') ||
  (step.command === 'close' && step.from === step.to);
const isPickupStep = (step: HistoryRow): boolean => goes(pickupMachine.commands, step);
