import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { type Routing, type Standing, standingOf } from './routing.ts';
import type { Version } from './version.ts';

const LOOK_EVERY_MS = 2_000;
const BEGIN_AGAIN_MS = 5_000;
/** A stop waits no longer for a worker that is being created: Temporal may take the connection and not answer. */
const GIVE_UP_MS = 2_000;

export type Part = Pick<Worker, 'run' | 'shutdown' | 'getState'>;

export interface WorkersOptions {
  version: Version;
  /** Creates a worker of this version, or one without. */
  create: (version: Version | null) => Promise<Part>;
  look: () => Promise<Routing>;
  /** Called after every look. */
  onLook: (standing: Standing, routing: Routing | undefined) => void;
  log: Logger;
  lookEveryMs?: number;
}

interface Begun {
  part: Part;
  ended: Promise<void>;
}

/**
 * A worker of this process's version and, as long as no version is current on the task queue, one without a version beside it. So
 * lines are served from the first moment: Temporal takes a new version in by its own system worker, which may be away, and gives
 * it nothing before it is made current. Whatever keeps a version from that keeps no line waiting.
 */
export async function createWorkers(options: WorkersOptions): Promise<Part> {
  const { version, create, look, onLook, log, lookEveryMs = LOOK_EVERY_MS } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let hasEnded = false;
  let routing: Routing | undefined;
  const standing = () => standingOf(version, routing);
  const lookAgain = async () => {
    routing = await look().catch(() => routing);
    onLook(standing(), routing);
  };
  const givenUp = once(signal, 'abort').then(() => sleep(GIVE_UP_MS, undefined, { ref: false }));
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {});

  await lookAgain();
  const first = await create(standing() === 'unversioned' ? null : version);
  let plain: Begun | undefined;
  let own: Part | undefined = standing() === 'unversioned' ? undefined : first;

  const begin = (part: Part): Begun => {
    const ended = part.run();
    ended.catch(() => {});
    if (signal.aborted) part.shutdown();
    return { part, ended };
  };

  /** Ends with the process, or by a failure while nobody else does this process's work. */
  const runOwn = async () => {
    while (!signal.aborted) {
      try {
        own ??= (await Promise.race([create(version), givenUp])) ?? undefined;
        if (own) return await begin(own).ended;
      } catch (error) {
        own = undefined;
        if (!plain) throw error;
        log.error({ err: error, ...version }, 'the worker of this version has failed, the one without a version goes on');
      }
      await pause(BEGIN_AGAIN_MS);
    }
  };

  const runPlain = async (part: Part) => {
    plain = begin(part);
    while (!signal.aborted && standing() === 'unversioned') {
      await Promise.race([pause(lookEveryMs), plain.ended]);
      if (!signal.aborted) await lookAgain();
    }
    const { ended } = plain;
    if (part.getState() === 'RUNNING') part.shutdown();
    plain = undefined;
    await ended.catch((error: unknown) => log.warn({ err: error }, 'the worker without a version did not end cleanly'));
  };

  const watch = async () => {
    if (standing() === 'unversioned') await runPlain(first);
    while (!signal.aborted) {
      await pause(lookEveryMs);
      if (signal.aborted) return;
      await lookAgain();
      if (standing() === 'unversioned') await runPlain(await create(null));
    }
  };

  const shutdown = () => {
    stopping.abort();
    for (const part of [own, plain?.part]) if (part?.getState() === 'RUNNING') part.shutdown();
  };

  return {
    run: async () => {
      const works = [runOwn(), watch()];
      try {
        await Promise.all(works);
      } finally {
        shutdown();
        await Promise.allSettled(works);
        hasEnded = true;
      }
    },
    shutdown,
    getState: () => {
      if (hasEnded) return 'STOPPED';
      if (signal.aborted) return 'STOPPING';
      return plain?.part.getState() ?? own?.getState() ?? 'INITIALIZED';
    },
  };
}
