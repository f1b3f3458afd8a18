import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { logLine } from '../domain/safe-text.ts';
import { logConfig } from './config/log.ts';
import type { Environment } from './config/reading.ts';
import { openLogLines } from './log-lines.ts';

const STDOUT = 1;

/**
 * Structured logs on stdout. Of an error only type, code, constraint, message and stack are written, because a database error's
 * `detail` and `where` quote rows, and rows hold personal data. The message about a value that is refused (classes 22, 23, 54) may
 * quote it too: it is replaced, and left out of the stack.
 */
export function createLog(name: string, environment: Environment, stdout: DestinationStream = openLogLines(STDOUT)): Logger {
  const options = {
    name,
    level: logConfig(environment).LOG_LEVEL,
    hooks: { streamWrite: logLine },
    serializers: {
      err: (error: unknown) => {
        if (!(error instanceof Error)) return { type: typeof error };
        const { type, message, stack } = stdSerializers.err(error);
        const { code, constraint } = error as { code?: unknown; constraint?: unknown };
        const named = {
          ...(typeof code === 'string' ? { code } : {}),
          ...(typeof constraint === 'string' ? { constraint } : {}),
        };
        if (!/^(22|23|54)...$/.test(named.code ?? '')) return { type, message, stack, ...named };
        return { type, message: 'a value is refused', stack: stack.slice(stack.indexOf('\n    at ') + 1), ...named };
      },
    },
  };
  return pino(options, stdout);
}

/** A log that writes each line before it returns, for code that ends the process right after. */
export const createLastLog = (name: string, environment: Environment): Logger =>
  createLog(name, environment, openLogLines(STDOUT, { sync: true }));
