import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadReply, LoadResult, LoadTask } from './load.ts';
import type { SideConfig } from './sides.ts';

/** The load program of one side, in a process of its own. */
export interface Generator {
  pid: number;
  run(task: LoadTask): Promise<LoadResult>;
  stop(): Promise<void>;
}

/** Forks the load program; it ends when this process ends, for any reason. One task at a time. */
export async function startGenerator(config: SideConfig): Promise<Generator> {
  const program = fileURLToPath(new URL('./load.ts', import.meta.url));
  const child = fork(program, [JSON.stringify(config)], { execArgv: [] });
  let waiting = Promise.withResolvers<LoadReply>();
  child.on('message', (reply) => waiting.resolve(reply as LoadReply));
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      waiting.reject(new Error(`the load program of ${config.side} has ended (${signal ?? code})`));
      resolve();
    });
  });
  await waiting.promise;
  return {
    pid: child.pid ?? 0,
    run: async (task) => {
      waiting = Promise.withResolvers<LoadReply>();
      child.send(task);
      const reply = await waiting.promise;
      if ('result' in reply) return reply.result;
      throw new Error(`${config.side}: ${'error' in reply ? reply.error : 'no answer'}`);
    },
    stop: async () => {
      waiting.promise.catch(() => {});
      child.disconnect();
      await ended;
    },
  };
}
