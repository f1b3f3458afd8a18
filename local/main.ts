import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { announce, receiverUrl } from './servers/announce.ts';
import { lastLines, progress } from './servers/progress.ts';
import type { Watch } from './servers/servers.ts';
import { readSettings, type Settings } from './servers/settings.ts';
import { startStack } from './stack.ts';
import { inTerminal, settingsOrExit, type Terminal } from './terminal.ts';

/** `npm start`: the whole stack in one terminal. All of it ends with Ctrl-C, with npm, or with the first child that dies. */
const settings = settingsOrExit(() => readSettings(process.env));
await inTerminal(settings, (terminal) => run(terminal, settings));

async function run({ keeper, end }: Terminal, settings: Settings): Promise<void> {
  const { files } = settings;
  mkdirSync(files.logs, { recursive: true });
  rmSync(files.ready, { force: true });
  progress(`배송관리 백오피스를 시작합니다 (데이터 ${files.dataDir})`);
  const env = await startStack(keeper, settings, watch(end));
  writeFileSync(files.ready, '');
  progress('모두 준비되었습니다');
  await announce(settings, env, receiverUrl(settings));
}

function watch(end: Terminal['end']): Watch {
  return (child, title, logFile) =>
    void child.exited.then(({ code, signal }) => {
      const words = lastLines(logFile, 15).map((line) => `    ${line}`);
      const why = `${title} 프로세스가 끝나(${signal ?? `종료 코드 ${code}`}) 모두 멈춥니다. ${logFile}의 마지막 줄:`;
      end(1, [why, ...words].join('\n'));
    });
}
