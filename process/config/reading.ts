import type { z } from 'zod';

/** The environment could not be used: one line per variable. */
export class ConfigError extends Error {}

export type Environment = Record<string, string | undefined>;

/** An empty value is an unset one: compose files and shells write `X=`. */
export function parse<T>(schema: z.ZodType<T>, environment: Environment): T {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
}

type Readers = Record<string, (environment: Environment) => unknown>;

/** Reads several parts, every problem of all of them at once; prints a line per variable and exits with 78 (EX_CONFIG). */
export function readConfig<R extends Readers>(readers: R): { [Part in keyof R]: ReturnType<R[Part]> } {
  const problems = new Set<string>();
  const parts = Object.entries(readers).map(([name, read]) => {
    try {
      return [name, read(process.env)];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const line of error.message.split('\n')) problems.add(line);
      return [name, undefined];
    }
  });
  if (problems.size > 0) {
    console.error([...problems].join('\n'));
    process.exit(78);
  }
  return Object.fromEntries(parts);
}
