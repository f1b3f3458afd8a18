import type pg from 'pg';

/** What a process may want to know of its database work. */
export interface PoolWatch {
  /** Seconds until a connection was there. */
  onWait?: ((seconds: number) => void) | undefined;
  /** A transaction, or a single statement that writes, was committed. */
  onCommit?: (() => void) | undefined;
}

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, release: (release?: unknown) => void) => void;

/**
 * Whether the pool had no connection to give: no statement was sent. Known by where it failed, because the message differs with the cause.
 * MikroORM takes the mark over to its own error.
 */
export const isUnconnected = (error: unknown): boolean => error instanceof Error && 'isUnconnected' in error;

/** Times every `connect` of the pool and marks its errors: `pool.query` and MikroORM's own go through it too. */
export function watchConnects(pool: pg.Pool, onWait: PoolWatch['onWait']): void {
  const connect = pool.connect.bind(pool) as (done: Connected) => void;
  const watched = (done: Connected): void => {
    const since = performance.now();
    connect((error, client, release) => {
      if (error) Object.assign(error, { isUnconnected: true });
      onWait?.((performance.now() - since) / 1000);
      done(error, client, release);
    });
  };
  const promised = (): Promise<pg.PoolClient> =>
    new Promise((resolve, reject) => watched((error, client) => (client ? resolve(client) : reject(error))));
  pool.connect = ((done?: Connected) => (done ? watched(done) : promised())) as pg.Pool['connect'];
}

/** PostgreSQL names what a statement was, and how many rows; one that wrote nothing commits nothing. */
export const hasWritten = ({ command, rowCount }: pg.QueryResult): boolean =>
  (rowCount ?? 0) > 0 && /^(INSERT|UPDATE|DELETE|MERGE)$/.test(command);
