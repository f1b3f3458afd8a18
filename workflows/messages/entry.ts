import type { Actor } from '../../domain/machine.ts';

/** Who asks, and by which request; part of every command. `by` is absent when the stored request has it. */
export interface Asked {
  requestId: string;
  actor: Actor;
  by?: string | undefined;
}

/** What is recorded besides the row itself: the facts of its history row. */
export interface Entry<State extends string> extends Asked {
  from: State;
  command: string;
  at: string;
  /** Set when the command was refused: then only a history row is written. */
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
