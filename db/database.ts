import type { IMigrator } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { entities } from './entities.ts';
import { migrationsList } from './migrations/list.ts';
import { limitQueries } from './query-limit.ts';
import { compile, type Query, type Statement, type Tables } from './statement.ts';
import { hasWritten, type PoolWatch, watchConnects } from './watched-pool.ts';

/** MikroORM's unit of work over the entities. */
export type Em = EntityManager & { '~entities'?: typeof entities };

/**
 * A process's access to PostgreSQL. `query` and `transaction` send statements with bound values. `em` and `unitOfWork` are for
 * plain facts (places, policies, products): MikroORM writes values into the statement's text, which cannot be prepared and appears
 * in the server's log after an error, so never use them for personal data.
 */
export interface Db {
  query: Query;
  transaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
  em: () => Em;
  /** One transaction for entities and statements together; flush an entity before a statement must see it. */
  unitOfWork: <T>(work: (em: Em, query: Query) => Promise<T>) => Promise<T>;
  migrator: IMigrator;
  /** Of the pool, and how many wait for one. */
  connections: () => { idle: number; busy: number; waiting: number };
  close: () => Promise<void>;
}

export interface DbOptions extends PoolWatch {
  url: string;
  poolSize?: number;
  /** Limit of one transaction in ms, because a hanging server must not block a line forever. */
  transactionTimeout?: number;
  /** How long the server may owe an answer without a word, in ms; then its connection is given up. */
  queryTimeout?: number;
  /**
   * For programs that always look up rows by key. A prepared statement keeps its plan: one made while a table was small scans the
   * whole table, and keeps doing so until the next analyze, however large the table has become.
   */
  byIndex?: boolean;
}

// Converts values to the entities' types: bigint columns hold our numbers and counts, all far below 2^53; an instant is a Date, as
// in pg; a date is a calendar day, for which JavaScript has no type, so it stays text.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.DATE, String);

const queryOn = (client: Pick<pg.ClientBase, 'query'>, onCommit?: PoolWatch['onCommit']): Query =>
  (async (statement: Statement<object>) => {
    const { sql, parameters, name } = compile(statement);
    const result = await client.query({ text: sql, values: [...parameters], name });
    if (onCommit && hasWritten(result)) onCommit();
    return result.rows;
  }) as Query;

/**
 * Lets an entity manager write over this connection. MikroORM's own transaction is not used: it keeps a connection of the pool
 * forever when `begin` or `rollback` fails, and its connection cannot name a statement.
 */
const entitiesOn = (client: pg.ClientBase) => {
  const only = { query: client.query.bind(client), release: () => {} } as PostgresPoolClient;
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect: async () => only, end: async () => {}, options: {} } }),
  });
};

/** Opens PostgreSQL lazily: the first query connects, so that a process can start while the server is away. */
export function openDb(options: DbOptions): Db {
  const { url, poolSize = 10, transactionTimeout = 0, queryTimeout = 0, byIndex = false, onWait, onCommit } = options;
  // Everything here is short: starting parallel workers takes longer than what they would save (docs/benchmarks.md).
  const settings = [
    'max_parallel_workers_per_gather=0',
    ...(transactionTimeout > 0 ? [`transaction_timeout=${transactionTimeout}`] : []),
    ...(byIndex ? ['enable_seqscan=off'] : []),
  ];
  let opened: pg.Pool | undefined;
  const orm = new MikroORM({
    entities: [...entities],
    clientUrl: url,
    extensions: [Migrator],
    forceUtcTimezone: true,
    pool: { min: 0, max: poolSize, idleTimeoutMillis: 30_000 },
    driverOptions: {
      connectionTimeoutMillis: 2_500,
      keepAlive: true,
      types,
      onPoolCreated: (pool: pg.Pool) => {
        watchConnects(pool, onWait);
        if (queryTimeout > 0) limitQueries(pool, queryTimeout);
        opened = pool;
      },
      options: settings.map((setting) => `-c ${setting}`).join(' '),
    },
    migrations: {
      migrationsList,
      snapshot: false,
    },
    logger: () => {},
  });
  const pool = (): Promise<pg.Pool> => orm.em.getConnection().getNativeClient();
  const inTransaction = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await (await pool()).connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      onCommit?.();
      return result;
    } catch (error) {
      await client.query('rollback').catch((lost: Error) => {
        broken = lost;
      });
      throw error;
    } finally {
      // A connection whose rollback failed is closed instead of going back to the pool.
      client.release(broken);
    }
  };
  return {
    query: async (statement) => queryOn(await pool(), onCommit)(statement),
    transaction: (work) => inTransaction((client) => work(queryOn(client))),
    em: () => orm.em.fork() as Em,
    unitOfWork: (work) =>
      inTransaction(async (client) => {
        const em = orm.em.fork() as Em;
        em.setTransactionContext(entitiesOn(client));
        const result = await work(em, queryOn(client));
        await em.flush();
        return result;
      }),
    get migrator() {
      return orm.migrator;
    },
    connections: () => {
      const { totalCount = 0, idleCount = 0, waitingCount = 0 } = opened ?? {};
      return { idle: idleCount, busy: totalCount - idleCount, waiting: waitingCount };
    },
    close: () => orm.close(true),
  };
}
