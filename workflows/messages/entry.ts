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

/**
 * `{}` written · the row itself: this request had written this revision before, take that row · `repeated` it had been done
 * at an earlier revision: its outcome, nothing changes · `refused` rolled back whole.
 */
export interface Recorded<Outcome> {
  repeated?: Outcome;
  refused?: string;
}
