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
  /** Asks what the record would answer, and writes nothing: for commands that act outside before their row changes. */
  rehearsal?: boolean | undefined;
}

/** Answer of a row's record; on the wire `row` is named by its kind (`line`, `pickup`, `plan`). `{}` = written as it was decided. */
export interface Recorded<Row, Outcome> {
  /** The row as it was written, now or by this request before, to be used as the next one. */
  row?: Row | undefined;
  /** The command was done at an earlier revision: its outcome then; nothing changes. */
  repeated?: Outcome | undefined;
  /**
   * The row has gone further, by a step that other rows stand on too and that cannot be taken back: the row after it, from which the
   * command is to be decided again. Nothing was written.
   */
  missed?: Row | undefined;
  /** The code of a refusal; everything was rolled back. */
  refused?: string | undefined;
}
