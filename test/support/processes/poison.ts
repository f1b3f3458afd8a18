import pg from 'pg';

/**
 * Loaded before a program by `--import`: a statement that writes the value in POISON ends the process, as running out of memory
 * would.
 */
const { POISON = '' } = process.env;
const send = pg.Client.prototype.query as (...args: unknown[]) => unknown;
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const { text = '', values = [] } = (args[0] ?? {}) as pg.QueryConfig;
  if (/^update "?orders"?/.test(text) && values.includes(POISON)) process.kill(process.pid, 'SIGKILL');
  return send.apply(this, args);
} as typeof pg.Client.prototype.query;
