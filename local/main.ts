import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../process/config/reading.ts';
import { type Keeper, startKeeper } from './keeper/keeper.ts';
import { onNpmGone } from './keeper/npm-parents.ts';
import { HeldByOther } from './keeper/run-file.ts';
import { announce } from './servers/announce.ts';
import { lastLines, progress } from './servers/progress.ts';
import type { Watch } from './servers/servers.ts';
import { readSettings, type Settings } from './servers/settings.ts';
import { startStack } from './stack.ts';

/** `npm start`: the whole stack in one terminal. All of it ends with Ctrl-C, with npm, or with the first child that dies. */
const EX_CONFIG = 78;
const OTHER_LEAVES_MS = 5_000;
const ending = Promise.withResolvers<{ code: number; text: string }>();
const end = (code: number, text: string): void => ending.resolve({ code, text });

// Ctrl-C arrives twice, from the terminal and from npm; the second time has no effect.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0, '멈춥니다'));
// A closed terminal must not end this process before its children.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
onNpmGone(() => end(1, 'npm이 없어져 멈춥니다'));

const settings = settingsOrExit();
let keeper: Keeper | undefined;
void ending.promise.then(async ({ code, text }) => {
  progress(text);
  // Without a keeper none of our programs run, and the folder may belong to another start.
  if (keeper) rmSync(settings.files.ready, { force: true });
  await keeper?.stop();
  progress('모두 멈추었습니다');
  process.exit(code);
});
keeper = await keeperOrExit(settings);
void keeper.lost.then(() => end(1, '자식 프로세스를 돌보던 프로세스(keeper)가 죽어 모두 멈추었습니다'));
run(keeper, settings).catch((error: unknown) => end(1, `시작하지 못했습니다\n${messageOf(error)}`));

async function run(keeper: Keeper, settings: Settings): Promise<void> {
  const { files } = settings;
  mkdirSync(files.logs, { recursive: true });
  rmSync(files.ready, { force: true });
  progress(`배송관리 백오피스를 시작합니다 (데이터 ${files.dataDir})`);
  const env = await startStack(keeper, settings, watch);
  writeFileSync(files.ready, '');
  progress('모두 준비되었습니다');
  await announce(settings, env);
}

function watch(...[child, title, logFile]: Parameters<Watch>): void {
  void child.exited.then(({ code, signal }) => {
    const words = lastLines(logFile, 15).map((line) => `    ${line}`);
    const why = `${title} 프로세스가 끝나(${signal ?? `종료 코드 ${code}`}) 모두 멈춥니다. ${logFile}의 마지막 줄:`;
    end(1, [why, ...words].join('\n'));
  });
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(EX_CONFIG);
  }
}

/** Also stops what a killed start left running; a start whose npm was just killed gets time to end by itself. */
async function keeperOrExit({ files }: Settings): Promise<Keeper> {
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
