/**
 * Memory that a worker's process shares with its watchdog: whether a call into workflow code is under way, and whose it is. A call
 * runs its workflow until it waits, microtasks included, and nothing else of the process meanwhile.
 */
const COUNTER_BYTES = 4;
const NAME_BYTES = 4_096;

export const sandboxMemory = new SharedArrayBuffer(COUNTER_BYTES + NAME_BYTES);

/** Counts entering and leaving: odd while a call is under way. */
const counterOf = (memory: SharedArrayBuffer) => new Int32Array(memory, 0, 1);
const nameOf = (memory: SharedArrayBuffer) => new Uint8Array(memory, COUNTER_BYTES);

const counter = counterOf(sandboxMemory);
const name = nameOf(sandboxMemory);

/** The workflow that a call belongs to. */
export interface CalledWorkflow {
  workflowId: string;
  workflowType: string;
  runId: string;
}

/** Runs a call into the sandbox under this name; `written` is of `calledBy`. */
export function called<T>(written: Uint8Array, call: () => T): T {
  name.set(written);
  Atomics.add(counter, 0, 1);
  try {
    return call();
  } finally {
    Atomics.add(counter, 0, 1);
  }
}

/** A workflow's name as the shared memory has it; ids are 1,000 bytes at most. */
export const calledBy = ({ workflowId, workflowType, runId }: CalledWorkflow): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify({ workflowId, workflowType, runId })}\0`).subarray(0, NAME_BYTES);

/** For the watchdog: the number of the call that is under way, or null; and whose it is. */
export function callIn(memory: SharedArrayBuffer): { number: number | null; who: () => CalledWorkflow } {
  const number = Atomics.load(counterOf(memory), 0);
  const who = () => JSON.parse(new TextDecoder().decode(nameOf(memory).slice()).split('\0', 1)[0] ?? '');
  return { number: number % 2 === 0 ? null : number, who };
}
