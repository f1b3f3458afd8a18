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

/**
 * `{}`: written. The row itself: this request wrote this revision before, use that row. `repeated`: the command was done at an
 * earlier revision; its outcome then, nothing changes. `refused`: everything rolled back.
 */
export interface Recorded<Outcome> {
  repeated?: Outcome;
  refused?: string;
}
