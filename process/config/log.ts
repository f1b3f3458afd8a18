import { z } from 'zod';
import { type Environment, parse } from './reading.ts';

const log = z.object({ LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info') });
export const logConfig = (environment: Environment) => parse(log, environment);
