import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../process/config/reading.ts';
import { type Keeper, startKeeper } from './keeper/keeper.ts';
import { onNpmGone } from './keeper/npm-parents.ts';
import { HeldByOther } from './keeper/run-file.ts';
import { progress } from './servers/progress.ts';
import type { Settings } from './servers/settings.ts';

/*
 * What `npm start` and `npm run cluster` have in common: many processes in one terminal, all of which end with Ctrl-C, with npm, or
 * when something that must live has died.
 */
const EX_CONFIG = 78;
const OTHER_LEAVES_MS = 5_000;

export interface Terminal {
  keeper: Keeper;
  /** Aborts as soon as everything is to end. */
  stopping: AbortSignal;
  /** Stops everything and exits with this code, after this sentence. */
  end: (code: number, text: string) => void;
}

/** The settings; without them, the process says what is wrong with each variable and exits. */
export function settingsOrExit(read: () => Settings): Settings {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(EX_CONFIG);
  }
}

/** Runs `start` under a keeper of its own; whatever it throws ends everything. Never returns by itself: the process exits. */
export async function inTerminal({ files }: Settings, start: (terminal: Terminal) => Promise<void>): Promise<void> {
  const ending = Promise.withResolvers<{ code: number; text: string }>();
  const end = (code: number, text: string): void => ending.resolve({ code, text });
  const stopping = new AbortController();
  let keeper: Keeper | undefined;

  // Ctrl-C arrives twice, from the terminal and from npm; the second time has no effect.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0, '멈춥니다'));
  // A closed terminal must not end this process before its children.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  onNpmGone(() => end(1, 'npm이 없어져 멈춥니다'));

  void ending.promise.then(async ({ code, text }) => {
    stopping.abort();
    progress(text);
    // Without a keeper none of our programs run, and the folder may belong to another start.
    if (keeper) rmSync(files.ready, { force: true });
    await keeper?.stop();
    progress('모두 멈추었습니다');
    process.exit(code);
  });
  keeper = await keeperOrExit(files);
  void keeper.lost.then(() => end(1, '자식 프로세스를 돌보던 프로세스(keeper)가 죽어 모두 멈추었습니다'));
  try {
    await start({ keeper, stopping: stopping.signal, end });
  } catch (error) {
    end(1, `시작하지 못했습니다\n${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Also stops what a killed start left running; a start whose npm was just killed gets time to end by itself. */
async function keeperOrExit(files: Settings['files']): Promise<Keeper> {
  for (let waited = 0; ; waited += 250) {
    try {
      return await startKeeper({ runFile: files.run });
    } catch (error) {
      if (!(error instanceof HeldByOther)) throw error;
      if (waited >= OTHER_LEAVES_MS) {
        const where = `${files.dataDir}에서 이미 실행 중입니다 (프로세스 ${error.holder.pid})`;
        console.error(`${where}. 먼저 멈추거나 DATA_DIR과 포트를 달리 주세요.`);
        process.exit(1);
      }
      await sleep(250);
    }
  }
}
