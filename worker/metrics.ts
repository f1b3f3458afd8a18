import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import type { ActivityDeps } from '../activities/deps.ts';

/** What activities count, and the registry in which a worker's metrics stand. Labels are kinds, names and codes, never a text from outside. */
export function createWorkerMetrics(): {
  registry: Registry;
  counted: Pick<ActivityDeps, 'onRepair' | 'onClaimRefused' | 'onErased' | 'onOverdue' | 'onDataRefused'>;
} {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const repairs = counter('projection_repairs_total', 'Rows found ahead of or behind their workflow and rewritten', 'kind');
  // From 0 on, so that the first one is an increase.
  for (const kind of ['ahead', 'behind']) repairs.inc({ kind }, 0);
  const claimRefusals = counter(
    'claim_refusals_total',
    'Claims that a line refused to settle or release for its pickup',
    'settlement',
    'code',
  );
  const erased = counter(
    'personal_data_erased_total',
    'Orders whose people, callbacks whose original body, unanswered requests, and access records that were erased at the end of their term',
    'kind',
  );
  const overdue = counter('dispatch_overdue_lines_total', 'Lines that had not left by their day, each once in its life');
  const refused = counter('data_refused_total', 'What PostgreSQL refused to store or to read, by activity', 'operation');
  return {
    registry,
    counted: {
      onRepair: (kind) => repairs.inc({ kind }),
      onClaimRefused: (settlement, code) => claimRefusals.inc({ settlement, code }),
      onErased: (kind, count) => erased.inc({ kind }, count),
      onOverdue: (count) => overdue.inc(count),
      onDataRefused: (operation) => refused.inc({ operation }),
    },
  };
}
