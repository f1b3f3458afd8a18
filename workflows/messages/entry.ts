import type { Actor } from '../../domain/machine.ts';

/** Who asks, under which request; every command to a row carries it. `by` is absent when the stored request knows it. */
export interface Asked {
  requestId: string;
  actor: Actor;
  by?: string | undefined;
}

/** What a row's record writes beside the row as decided: the facts of its history row. */
export interface Entry<State extends string> extends Asked {
  from: State;
  command: string;
  at: string;
  /** Set when the command was refused: a history row is written, the row itself is not. */
  refused?: string | undefined;
}

/** What a row's record answers; on the wire `row` is called by its kind (`line`, `pickup`, `plan`). `{}` = written. */
export interface Recorded<Row, Outcome> {
  /** This request had written this revision before: the row as it was written then, to be taken as the next one. */
  row?: Row | undefined;
  /** It had been done at an earlier revision: its outcome of then, nothing changes. */
  repeated?: Outcome | undefined;
  /** The code of a refusal; everything was rolled back. */
  refused?: string | undefined;
}
