import type { Report } from '../measure/report.ts';
import type { Servers } from './servers.ts';
import type { Sizes } from './sizes.ts';

/** Input of every part. */
export interface Bench {
  servers: Servers;
  report: Report;
  sizes: Sizes;
  /** Runs `work` this many times, or fewer (at least twice) when the seconds are used up. */
  rounds(count: number, seconds: number, work: (round: number) => Promise<void>): Promise<void>;
}

/** A part of the benchmark, independent of the others; add new ones in main.ts. */
export interface Part {
  /** For `BENCH_PARTS=warm,lists`. */
  key: string;
  title: string;
  run(bench: Bench): Promise<void>;
}
