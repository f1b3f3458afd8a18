import { writeFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { join } from 'node:path';
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';

/*
 * Preloaded (`node --import`) into a process to be profiled, and inherited by its threads: SIGUSR2 starts a profile in every thread
 * but a watchdog's, a second one ends it, and each thread writes its profile into PROFILE_FOLDER.
 */

/** What a thread writes. */
export interface ThreadProfile {
  /** `main`, or the thread's script. */
  thread: string;
  /** CPU of this thread alone; for the main thread also that of the whole process. */
  cpuMs: number;
  processMs: number;
  profile: Profiler.Profile;
}

export const profileName = (pid: number) => `profile-${pid}-`;

const SAMPLE_EVERY_US = 500;

function profileThread(folder: string): void {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
  let since: { thread: NodeJS.CpuUsage; process: NodeJS.CpuUsage } | undefined;
  const ms = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;
  const toggle = () => {
    if (!since) {
      session.post('Profiler.start');
      since = { thread: process.threadCpuUsage(), process: process.cpuUsage() };
      return;
    }
    const cpuMs = ms(process.threadCpuUsage(since.thread));
    const processMs = isMainThread ? ms(process.cpuUsage(since.process)) : 0;
    since = undefined;
    session.post('Profiler.stop', (error, { profile }) => {
      if (error) throw error;
      const thread = isMainThread ? 'main' : (process.argv[1] ?? '');
      const found: ThreadProfile = { thread, cpuMs, processMs, profile };
      writeFileSync(join(folder, `${profileName(process.pid)}${threadId}.json`), JSON.stringify(found));
    });
  };
  const channel = new BroadcastChannel('cpu-profile');
  channel.onmessage = toggle;
  channel.unref();
  if (isMainThread)
    process.on('SIGUSR2', () => {
      channel.postMessage('toggle');
      toggle();
    });
}

if (process.env.PROFILE_FOLDER && !process.argv[1]?.endsWith('watchdog-thread.ts')) profileThread(process.env.PROFILE_FOLDER);
