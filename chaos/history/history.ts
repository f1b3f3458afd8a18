import { appendFileSync } from 'node:fs';

/** Who asked for what. `act` names it for people: `ship D… /1`. */
export interface Asked {
  kind: 'asked';
  key: string;
  client: string;
  act: string;
  method: string;
  path: string;
  body: unknown;
}

/** What a caller heard; no status = nothing, the connection broke or patience ended. */
export interface Told {
  kind: 'told';
  key: string;
  status?: number;
  body?: unknown;
  error?: string;
}

/** A callback of the tracker, and whether it was acknowledged. */
export interface Called {
  kind: 'called';
  fid: string;
  waybillNo: string;
  level: number;
  /** `yyyy-MM-dd HH:mm:ss`, as sent. */
  time: string;
  place: string;
  acknowledged: boolean;
}

export interface Hurt {
  kind: 'hurt' | 'healed';
  what: string;
  /** The part, or the connection. */
  where: string;
}

/** `at`: ms since the run began. */
export type Happened = (Asked | Told | Called | Hurt) & { at: number };

/** All that happened in a run, in order; also in a file, line by line, so that a run that dies leaves it behind. */
export interface History {
  happened: Happened[];
  note: (event: Asked | Told | Called | Hurt) => void;
  file: string;
  /** `performance.now()` of ms 0. */
  began: number;
}

export function openHistory(file: string): History {
  const began = performance.now();
  const happened: Happened[] = [];
  return {
    happened,
    file,
    began,
    note: (event) => {
      const entry: Happened = { at: Math.round(performance.now() - began), ...event };
      happened.push(entry);
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
    },
  };
}

/** What was told under one key. */
export const tellings = (happened: readonly Happened[]): Map<string, (Told & { at: number })[]> => {
  const found = new Map<string, (Told & { at: number })[]>();
  for (const event of happened) {
    if (event.kind !== 'told') continue;
    const list = found.get(event.key) ?? [];
    list.push(event);
    found.set(event.key, list);
  }
  return found;
};
