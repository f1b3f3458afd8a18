import type { z } from 'zod';

/** The environment is unusable; the message has one line per variable. */
export class ConfigError extends Error {}

export type Environment = Record<string, string | undefined>;

/** An empty value counts as unset: compose files and shells write `X=`. */
export function parse<T>(schema: z.ZodType<T>, environment: Environment): T {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
}

type Readers = Record<string, (environment: Environment) => unknown>;

/** Reads several parts and reports the problems of all of them at once: one line per variable, then exit with 78 (EX_CONFIG). */
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
