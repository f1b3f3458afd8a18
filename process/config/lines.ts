import { z } from 'zod';
import { count } from './fields.ts';
import { type Environment, parse } from './reading.ts';

export const line = z.object({
  LINE_OPEN_DAYS: z.coerce.number().positive().default(90),
  CONTINUE_AS_NEW_AFTER: count(10).optional(),
  PICKUP_AUTO_CONFIRM: z
    .enum(['on', 'off'])
    .default('off')
    .transform((value) => value === 'on'),
});

export const lineConfig = (environment: Environment) => parse(line, environment);
