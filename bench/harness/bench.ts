import type { Report } from '../measure/report.ts';
import type { Servers } from './servers.ts';
import type { Sizes } from './sizes.ts';

/** What every part is given. */
export interface Bench {
  servers: Servers;
  report: Report;
  sizes: Sizes;
  /** Runs `work` so many times, or fewer (never fewer than two) when these seconds are used up. */
  rounds(count: number, seconds: number, work: (round: number) => Promise<void>): Promise<void>;
}

/** A piece of the benchmark, independent of the others; a new one is written down in main.ts. */
export interface Part {
  /** For `BENCH_PARTS=warm,lists`. */
  key: string;
  title: string;
  run(bench: Bench): Promise<void>;
}
