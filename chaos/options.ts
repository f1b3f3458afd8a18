import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError } from '../process/config/reading.ts';

/** What a run is asked to be. */
export interface ChaosOptions {
  minutes: number;
  seed: number;
  clients: number;
  cluster: boolean;
  keep: boolean;
}

/** Waybills of a client begin with its number, of two digits. */
const MOST_CLIENTS = 99;
const LONGEST_MINUTES = 7 * 24 * 60;
const LARGEST_SEED = 2 ** 31 - 1;

/** `--minutes 10 --seed 7 --clients 6 --cluster --keep`; throws `ConfigError` with a line per option that is wrong. */
export function readOptions(args: string[]): ChaosOptions {
  const { values } = parsed(args);
  const wrong: string[] = [];
  const number = (name: string, given: string, range: string, isIt: (value: number) => boolean): number => {
    const value = /^\d+(\.\d+)?$/.test(given) ? Number(given) : Number.NaN;
    if (!isIt(value)) wrong.push(`--${name}: ${range}, not ${given}`);
    return value;
  };
  const whole = (least: number, most: number) => (value: number) => Number.isInteger(value) && value >= least && value <= most;
  const options = {
    minutes: number(
      'minutes',
      values.minutes,
      `more than 0 and at most ${LONGEST_MINUTES}`,
      (value) => value > 0 && value <= LONGEST_MINUTES,
    ),
    seed: number('seed', values.seed, `a whole number from 0 to ${LARGEST_SEED}`, whole(0, LARGEST_SEED)),
    clients: number('clients', values.clients, `a whole number from 1 to ${MOST_CLIENTS}`, whole(1, MOST_CLIENTS)),
    cluster: values.cluster,
    keep: values.keep,
  };
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return options;
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        minutes: { type: 'string', default: '10' },
        seed: { type: 'string', default: String(Date.now() % 100_000) },
        clients: { type: 'string', default: '6' },
        cluster: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

/** A folder that nobody has: what a run that did not balance has left, or one that still runs, stays as it is. */
export function newFolder(within: string, name: string): string {
  mkdirSync(within, { recursive: true });
  for (let no = 1; ; no++) {
    const folder = join(within, no === 1 ? name : `${name}-${no}`);
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
