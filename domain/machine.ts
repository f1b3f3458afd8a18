/** Who asks for a command. `machine` = another workflow of this system (a pickup, an assembly plan). */
export type Actor = 'admin' | 'order' | 'tracker' | 'batch' | 'machine';

/** What every command may carry. Free text is never sent to Temporal: `hasReason` says that the stored request has a reason. */
export interface CommandInput {
  revision?: number | undefined;
  hasReason?: boolean | undefined;
}

export interface MachineRow<State extends string> {
  state: State;
  revision: number;
  finishedAt: string | null;
}

/** One command of a machine: from which states to which, who may ask for it, what it needs and what it changes. */
export interface Rule<State extends string, Row, Input, Code extends string> {
  /** Korean name, shown on buttons and in histories. */
  name: string;
  /** from → to. In a state that is not listed the command is refused. */
  from: Partial<Record<State, State>>;
  who: readonly Actor[];
  permission?: string;
  /** Body fields the command needs; the engine checks `reason`, `judge` the others. */
  needs?: readonly string[];
  /** For states that are not in `from`: a clearer code than TRANSITION_NOT_ALLOWED. */
  elsewhere?: Partial<Record<State, Code>>;
  /** Refusal that depends on the row alone, so that `allowed` can hide the command. */
  blocked?: (row: Row) => Code | null;
  /** Refusal that depends on the input. */
  judge?: (row: Row, input: Input) => Code | null;
  /** The fields that change; null = already done, nothing to write. */
  change?: (row: Row, input: Input, at: string) => Partial<Row> | null;
}

export interface Machine<State extends string, Command extends string, Row, Input, Code extends string> {
  states: Record<State, string>;
  commands: Record<Command, Rule<State, Row, Input, Code>>;
  /** The code that answers every command once the row is finished. */
  finishedCode: Code;
}

export type EngineCode = 'TRANSITION_NOT_ALLOWED' | 'REVISION_CONFLICT' | 'REASON_REQUIRED';

export type Decision<Row, Code extends string> =
  | { ok: true; next: Row; changed: boolean }
  | { ok: false; code: Code | EngineCode };

/**
 * Judges one command on one row; pure. Callers see the order of the checks: finished, changed since it was shown, not possible
 * in this state, not allowed for this actor, blocked, input missing.
 */
export function decide<
  State extends string,
  Command extends string,
  Row extends MachineRow<State>,
  Input extends CommandInput,
  Code extends string,
>(
  machine: Machine<State, Command, Row, Input, Code>,
  row: Row,
  command: Command,
  input: Input & { actor: Actor },
  at: string,
): Decision<Row, Code> {
  const rule = machine.commands[command];
  const refuse = (code: Code | EngineCode): Decision<Row, Code> => ({ ok: false, code });
  if (row.finishedAt !== null) return refuse(machine.finishedCode);
  if (input.revision !== undefined && input.revision !== row.revision) return refuse('REVISION_CONFLICT');
  const to = rule.from[row.state];
  if (to === undefined) return refuse(rule.elsewhere?.[row.state] ?? 'TRANSITION_NOT_ALLOWED');
  if (!rule.who.includes(input.actor)) return refuse('TRANSITION_NOT_ALLOWED');
  const blocked = rule.blocked?.(row);
  if (blocked) return refuse(blocked);
  if (rule.needs?.includes('reason') && !input.hasReason) return refuse('REASON_REQUIRED');
  const judged = rule.judge?.(row, input);
  if (judged) return refuse(judged);
  const change = rule.change ? rule.change(row, input, at) : {};
  if (change === null) return { ok: true, next: row, changed: false };
  return { ok: true, next: { ...row, state: to, revision: row.revision + 1, ...change }, changed: true };
}

/** The commands an admin may give this row now, in the table's order; the console draws its buttons from them. */
export function allowed<State extends string, Command extends string, Row extends MachineRow<State>, Input, Code extends string>(
  machine: Machine<State, Command, Row, Input, Code>,
  row: Row,
): Command[] {
  if (row.finishedAt !== null) return [];
  return (Object.keys(machine.commands) as Command[]).filter((command) => {
    const rule = machine.commands[command];
    return rule.who.includes('admin') && rule.from[row.state] !== undefined && !rule.blocked?.(row);
  });
}
