import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLogLines, type Writing } from '../../process/log-lines.ts';
import { eventually } from '../support/stack.ts';

const root = join(import.meta.dirname, '..', '..');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'delivery-log-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A disk of so many writes, then full until `free`. */
function smallDisk() {
  let kept = '';
  let isFull = false;
  const full = () => Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  const writing: Writing = {
    write: (_fd, bytes, done) => {
      setImmediate(() => {
        if (isFull) return done(full(), 0);
        kept += bytes;
        done(null, bytes.length);
      });
    },
    writeSync: (_fd, bytes) => {
      if (isFull) throw full();
      kept += bytes;
      return bytes.length;
    },
  };
  return {
    writing,
    fill: () => {
      isFull = true;
    },
    free: () => {
      isFull = false;
    },
    lines: () => kept.split('\n').filter(Boolean),
  };
}

describe('a log that cannot be written', () => {
  /** stdout cannot be written to, whatever the system calls that: a file that is open for reading only. */
  async function runWithoutLog(program: string): Promise<{ code: number | null; err: string }> {
    const file = join(folder, 'read-only');
    writeFileSync(file, '');
    const stdout = openSync(file, 'r');
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: root,
      stdio: ['ignore', stdout, 'pipe'],
    });
    closeSync(stdout);
    let err = '';
    child.stderr?.on('data', (text) => {
      err += text;
    });
    const [code] = await once(child, 'exit');
    return { code, err };
  }

  test('does not end its process, and does not keep it from ending', async () => {
    const program = `
      import { setTimeout as sleep } from 'node:timers/promises';
      import { createLog } from './process/log.ts';
      const log = createLog('test', {});
      for (let times = 0; times < 20; times++) {
        log.info('nobody reads this');
        await sleep(5);
      }
      console.error('alive');
      process.exit(7);`;
    expect(await runWithoutLog(program)).toEqual({ code: 7, err: 'alive\n' });
  });

  test('does not hold up the last words of a process that ends itself', async () => {
    const program = `
      import { createLastLog } from './process/log.ts';
      createLastLog('test', {}).fatal('nobody reads this either');
      process.exit(9);`;
    expect(await runWithoutLog(program)).toEqual({ code: 9, err: '' });
  });

  test('is written when there is room again, in order, and says how much is missing', async () => {
    const disk = smallDisk();
    const log = openLogLines(1, { writing: disk.writing });
    log.write('before\n');
    await eventually(async () => disk.lines().length === 1);
    disk.fill();
    const line = `${'x'.repeat(1023)}\n`;
    for (let sent = 0; sent < 10_000; sent++) log.write(line);
    disk.free();
    await eventually(async () => disk.lines().some((each) => each.includes('"lost"')));
    const [first, ...rest] = disk.lines();
    const lost = rest.flatMap((each) => (each.startsWith('{') ? [JSON.parse(each).lost as number] : []));
    expect(first).toBe('before');
    expect(lost).toHaveLength(1);
    expect(rest.length - 1 + (lost[0] ?? 0)).toBe(10_000);
  });

  test('a pipe that is full for a moment loses nothing at the end', () => {
    const disk = smallDisk();
    let refusals = 3;
    const writeSync: Writing['writeSync'] = (fd, bytes) => {
      if (refusals-- > 0) throw Object.assign(new Error('again'), { code: 'EAGAIN' });
      return disk.writing.writeSync(fd, bytes.subarray(0, 3));
    };
    const log = openLogLines(1, { sync: true, writing: { ...disk.writing, writeSync } });
    log.write('one\n');
    log.write('twenty-two\n');
    expect(disk.lines()).toEqual(['one', 'twenty-two']);
  });
});
