import { setTimeout as sleep } from 'node:timers/promises';
import type { Child, ChildExit } from '../keeper/keeper.ts';
import { lastLines } from '../servers/progress.ts';

export type PartKind =
  | 'postgres'
  | 'frontend'
  | 'history'
  | 'matching'
  | 'system-worker'
  | 'temporal-ui'
  | 'simulator'
  | 'api'
  | 'worker';

/** One process of the cluster. */
export interface Part {
  /** As in the log's file name: `history-1`. */
  name: string;
  kind: PartKind;
  /** Undefined while it is away. */
  pid: () => number | undefined;
  /** How often it has been started again. */
  readonly restarted: number;
  logFile: string;
  /** Where its Prometheus metrics are. */
  metrics?: string;
}

export interface PartSpec extends Pick<Part, 'name' | 'kind' | 'logFile' | 'metrics'> {
  /** Resolves when it runs; for a server that others need at once, when it answers. */
  start: () => Promise<Child>;
}

export interface Supervisor {
  /** Starts a part, throws when that fails, and from then on starts it again whenever it ends. */
  supervise: (spec: PartSpec) => Promise<Part>;
  /** In the order in which they were started. */
  parts: Part[];
}

/** The wait before a start doubles from the first to the last while the part does not live for long. */
const FIRST_WAIT_MS = 200;
const LAST_WAIT_MS = 5_000;
const LIVED_MS = 10_000;
/** At the third short life in a row the end of its log is shown, once. */
const SHORT_LIVES = 3;
const SHOWN_CHARACTERS = 300;

/** Until `stopping` aborts; a part that ends after that stays away. */
export function createSupervisor(stopping: AbortSignal, progress: (text: string) => void): Supervisor {
  const parts: Part[] = [];

  const keep = async (spec: PartSpec, state: { child: Child | undefined; restarted: number }) => {
    let began = performance.now();
    for (let shortLives = 0; !stopping.aborted; ) {
      const exit = await state.child?.exited;
      state.child = undefined;
      if (stopping.aborted) return;
      shortLives = performance.now() - began > LIVED_MS ? 0 : shortLives + 1;
      const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, shortLives - 1), LAST_WAIT_MS);
      progress(ended(spec, exit, wait, shortLives));
      await sleep(wait, undefined, { signal: stopping }).catch(() => {});
      if (stopping.aborted) return;
      began = performance.now();
      state.restarted++;
      // A failed start is one more short life: its words are in the log.
      state.child = await spec.start().catch(() => undefined);
    }
  };

  return {
    parts,
    supervise: async (spec) => {
      const state: { child: Child | undefined; restarted: number } = { child: await spec.start(), restarted: 0 };
      const { start: _, ...shown } = spec;
      const part: Part = {
        ...shown,
        pid: () => state.child?.pid,
        get restarted() {
          return state.restarted;
        },
      };
      parts.push(part);
      void keep(spec, state);
      return part;
    },
  };
}

function ended({ name, logFile }: PartSpec, exit: ChildExit | undefined, wait: number, shortLives: number): string {
  const how = exit ? (exit.signal ?? `종료 코드 ${exit.code}`) : '시작 실패';
  const line = `${name}이(가) 끝나(${how}) ${wait / 1000}초 뒤 다시 시작합니다`;
  if (shortLives !== SHORT_LIVES) return line;
  const words = lastLines(logFile, 3).map((each) => `    ${each.slice(0, SHOWN_CHARACTERS)}`);
  return [`${line}. ${logFile}의 마지막 줄:`, ...words].join('\n');
}
