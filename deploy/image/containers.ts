import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Child, Keeper } from '../../local/keeper/keeper.ts';

const run = promisify(execFile);
export const engines = ['docker', 'podman', 'buildah'] as const;
export type Engine = (typeof engines)[number];

/** A running program of the image. */
export interface Container {
  child: Child;
  /** As an orchestrator does: SIGTERM, and the exit code of the program; kills it when it takes longer than the grace time. */
  stop: () => Promise<number | null>;
}

export interface Containers {
  /** What a program that ends by itself has printed, and its exit code. */
  once: (command: string[], environment?: Record<string, string>) => Promise<{ code: number | null; output: string }>;
  start: (name: string, command: string[], environment: Record<string, string>, logFile: string) => Promise<Container>;
  remove: () => Promise<void>;
}

const GRACE_SECONDS = 15;

/** Runs programs of one image, on this machine's network, with what production gives them and no more. */
export async function containersOf(engine: Engine, image: string, keeper: Keeper): Promise<Containers> {
  const ours: string[] = [];
  const mark = `delivery-try-${process.pid}`;
  const variables = (environment: Record<string, string>) =>
    Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);

  /** The command line; a name is needed by whoever stops it. */
  const line = async (name: string, command: string[], environment: Record<string, string>): Promise<string[]> => {
    if (engine === 'buildah') {
      const { stdout } = await run('buildah', ['from', '--pull-never', '--name', name, image]);
      ours.push(stdout.trim());
      return ['run', '--isolation', 'chroot', '--user', 'node', ...variables(environment), name, '--', ...command];
    }
    ours.push(name);
    const limits = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
    return ['run', '--rm', '--name', name, '--network', 'host', ...limits, ...variables(environment), image, ...command];
  };

  const spawn = async (name: string, command: string[], environment: Record<string, string>, to: Partial<Output>) =>
    keeper.spawn({ name, command: engine, args: await line(name, command, environment), ...to });

  return {
    once: async (command, environment = {}) => {
      const lines: string[] = [];
      const child = await spawn(`${mark}-${ours.length}`, command, environment, { onLine: (text) => lines.push(text) });
      const { code } = await child.exited;
      return { code, output: lines.join('\n') };
    },
    start: async (name, command, environment, logFile) => {
      const full = `${mark}-${name}`;
      const child = await spawn(full, command, environment, { logFile });
      return {
        child,
        stop: async () => {
          if (engine === 'buildah') for (const pid of programsBelow(child.pid)) process.kill(pid, 'SIGTERM');
          else await run(engine, ['stop', '-t', String(GRACE_SECONDS), full]);
          const killed = setTimeout(() => void child.stop(0), GRACE_SECONDS * 1000);
          const { code } = await child.exited;
          clearTimeout(killed);
          return code;
        },
      };
    },
    remove: async () => {
      const remove = engine === 'buildah' ? ['rm'] : ['rm', '--force'];
      for (const name of ours) await run(engine, [...remove, name]).catch(() => {});
    },
  };
}

interface Output {
  logFile: string;
  onLine: (line: string) => void;
}

/** Without a pid namespace Buildah's programs are processes of ours: those of the image's Node below this one. */
function programsBelow(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const each of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    const parent = parentOf(each);
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), each]);
  }
  const below = (from: number): number[] => (parents.get(from) ?? []).flatMap((each) => [each, ...below(each)]);
  return below(pid).filter((each) => {
    try {
      return readlinkSync(`/proc/${each}/exe`).endsWith('/bin/node');
    } catch {
      return false;
    }
  });
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}
