import { z } from 'zod';
import { port, text } from './fields.ts';
import { type Environment, parse } from './reading.ts';

const words = text.default('').transform((value) => value.split(/\s+/).filter((word) => word !== ''));

/** What `npm run watch` measures: databases by their URLs, and the disks of folders, separated by blanks. */
const watch = z
  .object({ WATCH_PORT: port.default(8236), WATCH_DATABASES: words, WATCH_FOLDERS: words })
  .superRefine((env, check) => {
    if (env.WATCH_DATABASES.length + env.WATCH_FOLDERS.length === 0)
      check.addIssue({ code: 'custom', path: ['WATCH_DATABASES'], message: 'or WATCH_FOLDERS is required' });
    for (const url of env.WATCH_DATABASES)
      if (!URL.canParse(url)) check.addIssue({ code: 'custom', path: ['WATCH_DATABASES'], message: 'must be URLs' });
  });

export const watchConfig = (environment: Environment) => parse(watch, environment);
