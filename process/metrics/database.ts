import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What `openDb` tells while it works. */
export interface DatabaseWatch {
  onWait: (seconds: number) => void;
  onCommit: () => void;
}

/** How many connections a process has, and how many wait for one. */
export interface Connections {
  idle: number;
  busy: number;
  waiting: number;
}

/** Metrics of a process's pool: hand the result to `openDb`, then give the pool to `watch`. */
export function databaseMetrics(registry: Registry): DatabaseWatch & { watch: (connections: () => Connections) => void } {
  const registers = [registry];
  const waits = new Histogram({
    name: 'db_pool_wait_seconds',
    help: 'How long a statement or a transaction waited for a connection of the pool',
    buckets: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5],
    registers,
  });
  const commits = new Counter({
    name: 'db_commits_total',
    help: 'Transactions and single statements that wrote something and were committed',
    registers,
  });
  return {
    onWait: (seconds) => waits.observe(seconds),
    onCommit: () => commits.inc(),
    watch: (connections) => {
      new Gauge({
        name: 'db_pool_connections',
        help: 'Connections of the pool that are idle or busy, and who waits for one',
        labelNames: ['state'],
        registers,
        collect() {
          for (const [state, count] of Object.entries(connections())) this.set({ state }, count);
        },
      });
    },
  };
}
