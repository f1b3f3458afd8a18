/**
 * Memory shared between a worker's process and its watchdog: whether a call into workflow code is running, and for which
 * workflow. A call runs its workflow until it waits, microtasks included; nothing else in the process runs meanwhile.
 */
const COUNTER_BYTES = 4;
const NAME_BYTES = 4_096;

export const sandboxMemory = new SharedArrayBuffer(COUNTER_BYTES + NAME_BYTES);

/** Counts entries and exits: odd while a call is running. */
const counterOf = (memory: SharedArrayBuffer) => new Int32Array(memory, 0, 1);
const nameOf = (memory: SharedArrayBuffer) => new Uint8Array(memory, COUNTER_BYTES);

const counter = counterOf(sandboxMemory);
const name = nameOf(sandboxMemory);

/** The workflow of a call. */
export interface CalledWorkflow {
  workflowId: string;
  workflowType: string;
  runId: string;
}

/** Runs a call into the sandbox in the name of a workflow; `written` comes from `calledBy`. */
export function called<T>(written: Uint8Array, call: () => T): T {
  name.set(written);
  Atomics.add(counter, 0, 1);
  try {
    return call();
  } finally {
    Atomics.add(counter, 0, 1);
  }
}

/** A workflow's name in the form kept in the shared memory; ids have at most 1,000 bytes. */
export const calledBy = ({ workflowId, workflowType, runId }: CalledWorkflow): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify({ workflowId, workflowType, runId })}\0`).subarray(0, NAME_BYTES);

/** For the watchdog: the number of the running call, or null, and which workflow it belongs to. */
export function callIn(memory: SharedArrayBuffer): { number: number | null; who: () => CalledWorkflow } {
  const number = Atomics.load(counterOf(memory), 0);
  const who = () => JSON.parse(new TextDecoder().decode(nameOf(memory).slice()).split('\0', 1)[0] ?? '');
  return { number: number % 2 === 0 ? null : number, who };
}
