import { z } from 'zod';
import { text } from './fields.ts';
import { type Environment, parse } from './reading.ts';

const database = z.object({ DATABASE_URL: text });
export const databaseConfig = (environment: Environment) => parse(database, environment);
