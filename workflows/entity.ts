import {
  ActivityFailure,
  ApplicationFailure,
  defineQuery,
  defineSignal,
  defineUpdate,
  type LocalActivityOptions,
  patched,
  setCurrentDetails,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import type { Decision } from '../domain/machine.ts';
import type { Asked, Recorded } from './messages/entry.ts';
import { STATE_QUERY, SUBMIT_SIGNAL } from './messages/names.ts';

/** How many request ids are kept here to recognize a repeated command; older ones are found in the history table. */
const SEEN_KEPT = 100;
const JOURNEY_KEPT = 30;

/** Retries of every `record`: while PostgreSQL is down, other rows must not wait (docs/decisions/record-as-local-activity.md). */
export const recordPolicy: LocalActivityOptions = {
  startToCloseTimeout: '4s',
  localRetryThreshold: '1ms',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
};

const refusal = (code: string) => ApplicationFailure.create({ type: code, message: code, nonRetryable: true });

/** What was refused outside is this command's refusal, so that its caller hears the code. */
async function actOutside<M>(act: () => Promise<M>): Promise<M> {
  try {
    return await act();
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : undefined;
    if (cause instanceof ApplicationFailure && cause.nonRetryable && cause.type) throw refusal(cause.type);
    throw error;
  }
}

/** Input of `record`, whatever the row is called on the wire. */
export interface LifeEntry<Row extends { state: string }, M extends Asked> {
  row: Row;
  from: Row['state'];
  command: string;
  message: M;
  at: string;
  refused?: string;
  rehearsal?: boolean;
}

/** What a run passes to the next: outcomes by request, and the latest steps. */
export interface Carried<Outcome> {
  seen: [string, Outcome][];
  journey: string[];
}

export interface LifeOptions<Row extends { state: string }, Command extends string, M extends Asked, Outcome> {
  row: Row;
  /** From the previous run, if there was one. */
  carried: Partial<Carried<Outcome>>;
  /** Commands accepted as updates under their own names; `submit` accepts every command that `isCommand` knows. */
  updates: readonly Command[];
  isCommand: (text: string) => text is Command;
  decide: (row: Row, command: Command, message: M, at: string) => Decision<Row, string>;
  /**
   * Outside work that must be done before the row becomes `next`; may add to the message. Null = this command has none. It begins only
   * when the record would be written: what history or the database refuses never acts outside. Runs again after a crash. `asked` is
   * false for a command begun by earlier code, which goes on as it began.
   */
  before?: (row: Row, command: Command, message: M, next: Row) => ((asked: boolean) => Promise<M>) | null;
  record: (entry: LifeEntry<Row, M>) => Promise<Recorded<Row, Outcome>>;
  /** Work after the row has changed that the caller also waits for. */
  after?: (command: Command) => Promise<void>;
  outcomeOf: (row: Row) => Outcome;
  /** One line about the state, for the Temporal UI. */
  describe: (row: Row) => string;
}

export interface Life<Row, M extends Asked, Outcome> {
  readonly row: Row;
  /** Runs `work` after everything queued before it: commands of one row never overlap. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Takes a command by signal. Nobody waits for an answer, so a refusal becomes a history row. Call it inside `inTurn`. */
  submit: (command: string, message: M) => Promise<void>;
  commit: (next: Row, command: string, at: string) => void;
  carried: () => Carried<Outcome>;
}

/**
 * One row's life: commands arrive as updates or `submit` signals and pass through one queue; each is decided, recorded and then
 * committed (docs/architecture.md#decide-record-commit). The validator only refuses early; `apply` decides.
 */
export function createLife<Row extends { state: string; revision: number }, Command extends string, M extends Asked, Outcome>(
  options: LifeOptions<Row, Command, M, Outcome>,
): Life<Row, M, Outcome> {
  let { row } = options;
  const { decide, record, outcomeOf } = options;
  const seen = new Map(options.carried.seen);
  const journey = options.carried.journey ?? [];
  let tail: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = tail.then(work);
    tail = run.catch(() => {});
    return run;
  };

  const describe = () => setCurrentDetails(`${options.describe(row)}\n\n${journey.join('\n')}`);

  const commit = (next: Row, command: string, at: string) => {
    journey.push(`- ${at} ${command}: ${row.state} → ${next.state} (revision ${next.revision})`);
    journey.splice(0, journey.length - JOURNEY_KEPT);
    row = next;
    describe();
  };

  const remember = (key: string, outcome: Outcome): Outcome => {
    seen.set(key, outcome);
    for (const oldest of seen.keys()) {
      if (seen.size <= SEEN_KEPT) break;
      seen.delete(oldest);
    }
    return outcome;
  };

  const judge = (command: Command, message: M, at: string) => {
    const decision = decide(row, command, message, at);
    if (!decision.ok) throw refusal(decision.code);
    return decision;
  };

  const apply = async (command: Command, given: M): Promise<Outcome> => {
    const key = `${given.requestId} ${command}`;
    const known = seen.get(key);
    if (known) return known;
    const at = new Date().toISOString();
    /** The row has gone further than this run knows, by a step that stands: it takes that step and decides again. */
    const catchUp = (missed: Row) => {
      commit(missed, 'missed', at);
      return apply(command, given);
    };
    let message = given;
    let decision = judge(command, message, at);
    if (!decision.changed) return remember(key, outcomeOf(row));
    const outside = options.before?.(row, command, message, decision.next);
    if (outside) {
      const asked = patched('ask-before-acting');
      if (asked) {
        const would = await record({ row: decision.next, from: row.state, command, message, at, rehearsal: true });
        if (would.missed) return catchUp(would.missed);
        if (would.refused) throw refusal(would.refused);
        if (would.repeated) return remember(key, would.repeated);
      }
      message = await actOutside(() => outside(asked));
      decision = judge(command, message, at);
    }
    const result = await record({ row: decision.next, from: row.state, command, message, at });
    if (result.missed) return catchUp(result.missed);
    if (result.refused) throw refusal(result.refused);
    if (result.repeated) return remember(key, result.repeated);
    commit(result.row ?? decision.next, command, at);
    if (options.after) await options.after(command);
    return remember(key, outcomeOf(row));
  };

  const submit = async (command: string, message: M): Promise<void> => {
    try {
      if (!options.isCommand(command)) throw refusal('BAD_REQUEST');
      await apply(command, message);
    } catch (error) {
      const refused = error instanceof ApplicationFailure ? (error.type ?? 'INTERNAL') : 'INTERNAL';
      await record({ row, from: row.state, command, message, at: new Date().toISOString(), refused });
    }
  };

  for (const command of options.updates)
    setHandler(defineUpdate<Outcome, [M]>(command), (message) => inTurn(() => apply(command, message)), {
      validator: (message) => {
        if (!seen.has(`${message.requestId} ${command}`)) judge(command, message, '');
      },
    });
  setHandler(defineSignal<[Partial<M> & { command: string }]>(SUBMIT_SIGNAL), (sent) => {
    const { command, ...message } = { ...sent };
    const { requestId = uuid4(), actor = 'admin' } = message as Partial<Asked>;
    return inTurn(() => submit(String(command), { ...message, requestId, actor } as Asked as M));
  });
  setHandler(defineQuery<Row>(STATE_QUERY), () => row);
  describe();

  return {
    get row() {
      return row;
    },
    inTurn,
    submit,
    commit,
    carried: () => ({ seen: [...seen], journey }),
  };
}
