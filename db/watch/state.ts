import { type RawBuilder, sql } from 'kysely';

/** Of the tables that take the most room, indexes included. */
const TABLES = 20;

export interface ServerState {
  bytes: number;
  connections: number;
  most_connections: number;
  /** Of the oldest transaction that is open anywhere on the server. */
  oldest_seconds: number;
  /** Transactions since the oldest that is not frozen: PostgreSQL stops near 2,000 million. */
  transaction_age: number;
}

/** One row about the database of the connection and its server. */
export const serverState: RawBuilder<ServerState> = sql<ServerState>`
  select pg_database_size(d.oid)::float8 as bytes, age(d.datfrozenxid)::float8 as transaction_age,
         current_setting('max_connections')::float8 as most_connections,
         (select count(*) from pg_stat_activity where backend_type = 'client backend')::float8 as connections,
         (select coalesce(extract(epoch from now() - min(xact_start)), 0) from pg_stat_activity
           where backend_type = 'client backend')::float8 as oldest_seconds
    from pg_database d where d.datname = current_database()`;

export interface TableState {
  table: string;
  table_bytes: number;
  index_bytes: number;
  live_rows: number;
  dead_rows: number;
  /** Since rows were last cleared away, by autovacuum or by hand; null = never. */
  vacuumed_seconds: number | null;
}

/** The largest tables of the connection's database. */
export const tableStates: RawBuilder<TableState> = sql<TableState>`
  select relname as table, pg_table_size(relid)::float8 as table_bytes, pg_indexes_size(relid)::float8 as index_bytes,
         n_live_tup::float8 as live_rows, n_dead_tup::float8 as dead_rows,
         extract(epoch from now() - greatest(last_vacuum, last_autovacuum))::float8 as vacuumed_seconds
    from pg_stat_user_tables order by pg_total_relation_size(relid) desc limit ${TABLES}`;
