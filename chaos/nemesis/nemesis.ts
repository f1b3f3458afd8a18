import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from '../../local/cluster/supervisor.ts';
import { descendants, sendSignal } from '../../local/keeper/processes.ts';
import type { History } from '../history/history.ts';
import type { Gate } from '../world/gate.ts';
import type { World } from '../world/world.ts';
import { setDisk } from './disk.ts';
import type { Fault } from './plan.ts';

/** A full disk stays full when its process has been started again. */
const DISK_LOOK_MS = 100;

/** Does what the plan says, and resolves when the last fault is over. `stopping` ends all of them at once. */
export async function runFaults(faults: Fault[], world: World, history: History, stopping: AbortSignal): Promise<void> {
  const began = performance.now();
  const wait = (ms: number) => sleep(Math.max(0, ms), undefined, { signal: stopping }).catch(() => {});
  await Promise.all(
    faults.map(async (fault) => {
      await wait(began + fault.at - performance.now());
      if (stopping.aborted) return;
      const note = (kind: 'hurt' | 'healed') => history.note({ kind, what: shown(fault), where: fault.where });
      note('hurt');
      await commit(fault, world, wait);
      if (fault.lasts > 0) note('healed');
    }),
  );
}

/** As people read it. */
export const shown = ({ deed, lasts }: Fault): string => {
  const detail = deed.kind === 'latency' ? ` of ${deed.ms} ms` : '';
  return `${deed.kind}${detail}${lasts > 0 ? ` for ${(lasts / 1000).toFixed(1)} s` : ''}`;
};

async function commit(fault: Fault, world: World, wait: (ms: number) => Promise<void>): Promise<void> {
  const gate = world.gates.find(({ name }) => name === fault.where);
  if (gate) return cut(fault, gate, wait);
  const part = world.parts.find(({ name }) => name === fault.where);
  if (part) return hurt(fault, part, wait);
  throw new Error(`neither part nor connection: ${fault.where}`);
}

async function cut({ deed, lasts }: Fault, gate: Gate, wait: (ms: number) => Promise<void>): Promise<void> {
  switch (deed.kind) {
    case 'reset':
      return gate.reset();
    case 'latency':
    case 'stalled':
    case 'half-open':
      gate.set(deed);
      await wait(lasts);
      return gate.set({ kind: 'clear' });
    default:
      throw new Error(`${deed.kind} is not for connections`);
  }
}

async function hurt({ deed, lasts }: Fault, part: Part, wait: (ms: number) => Promise<void>): Promise<void> {
  const pid = part.pid();
  switch (deed.kind) {
    case 'kill':
      if (pid !== undefined && !sendSignal(-pid, 'SIGKILL')) sendSignal(pid, 'SIGKILL');
      return;
    case 'pause': {
      if (pid === undefined) return;
      const paused = [pid, ...descendants(pid).map((each) => each.pid)];
      for (const each of paused) sendSignal(each, 'SIGSTOP');
      await wait(lasts);
      for (const each of paused) sendSignal(each, 'SIGCONT');
      return;
    }
    case 'full-disk': {
      const until = performance.now() + lasts;
      for (let filled: number | undefined; performance.now() < until; ) {
        const now = part.pid();
        if (now !== undefined && now !== filled) await setDisk(now, true);
        filled = now;
        await wait(Math.min(DISK_LOOK_MS, until - performance.now()));
        if (performance.now() < until) continue;
        if (filled !== undefined) await setDisk(filled, false);
      }
      return;
    }
    default:
      throw new Error(`${deed.kind} is not for parts`);
  }
}
