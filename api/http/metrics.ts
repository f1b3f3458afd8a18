import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus metrics of the API process; labels are routes and codes, never text from a client. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    httpDuration: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'HTTP requests by route, method and status',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
    commands: new Counter({
      name: 'line_commands_total',
      help: 'Commands to lines by command and outcome',
      labelNames: ['command', 'outcome'],
      registers: [registry],
    }),
    callbacks: new Counter({
      name: 'tracker_callbacks_total',
      help: 'Callbacks of the tracker: stored, repeated, refused, not stored',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    swept: new Counter({
      name: 'sweep_total',
      help: 'What the sweeps finished: unanswered requests, rows without a workflow, claims given back',
      labelNames: ['kind'],
      registers: [registry],
    }),
    sweepRuns: new Counter({
      name: 'sweep_runs_total',
      help: 'Rounds of each sweep of this process, and whether they came to their end',
      labelNames: ['sweep', 'outcome'],
      registers: [registry],
    }),
    sweepEnded: new Gauge({
      name: 'sweep_last_success_timestamp_seconds',
      help: 'When a round of this sweep last came to its end',
      labelNames: ['sweep'],
      registers: [registry],
    }),
    givenUp: new Counter({
      name: 'requests_given_up_total',
      help: 'Stored requests answered as failed because three executions of them never came to an end; a person has to look',
      labelNames: ['operation', 'request'],
      registers: [registry],
    }),
    refused: new Counter({
      name: 'data_refused_total',
      help: 'What PostgreSQL refused to store or to look for, by operation, or method and route; no schema should let it come so far',
      labelNames: ['operation'],
      registers: [registry],
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
