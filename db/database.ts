import type { IMigrator } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { Migration20261123000000 } from './migrations/20261123000000-delivery.ts';
import { Migration20261123010000 } from './migrations/20261123010000-pickup.ts';
import { Migration20261123020000 } from './migrations/20261123020000-tracking.ts';
import { Migration20261123021000 } from './migrations/20261123021000-batches.ts';
import { Migration20261123022000 } from './migrations/20261123022000-tracking-relay.ts';
import { Migration20261123030000 } from './migrations/20261123030000-bulk-shipment.ts';
import { Migration20261123040000 } from './migrations/20261123040000-bundle-fee.ts';
import { Migration20261123050000 } from './migrations/20261123050000-assembly.ts';
import { PersonalDataAccessEntity } from './tables/access.ts';
import {
  AssemblyMaterialEntity,
  AssemblyPlanEntity,
  AssemblyPlanHistoryEntity,
  AssemblyPlanMaterialEntity,
  AssemblyProductEntity,
} from './tables/assembly.ts';
import { BulkShipmentEntity, BulkShipmentRowEntity, BulkUploadEntity, CommandPaceEntity } from './tables/bulk-shipment.ts';
import { DeliveryHistoryEntity } from './tables/delivery-history.ts';
import { DeliveryLineEntity } from './tables/delivery-line.ts';
import { DeliveryEntity, OrderEntity, OrderLineEntity } from './tables/order.ts';
import { ClaimEntity, PickupEntity, PickupHistoryEntity, PickupItemEntity } from './tables/pickup.ts';
import { RequestEntity } from './tables/request.ts';
import { ShippingChangeEntity, ShippingPlaceEntity, ShippingPolicyEntity } from './tables/shipping.ts';
import { ShippingProductEntity, StockLedgerEntity } from './tables/stock.ts';
import { BatchRunEntity, TrackingExceptionEntity, TrackingJournalEntity, TrackingQuestionsEntity } from './tables/tracking.ts';
import { WaybillEntity, WaybillRegistrationEntity } from './tables/waybill.ts';
import { WorkerEntity } from './tables/worker.ts';

/** Every table, complete: the schema in TypeScript (test/structure/schema.test.ts). */
export const entities = [
  OrderEntity,
  OrderLineEntity,
  DeliveryEntity,
  DeliveryLineEntity,
  DeliveryHistoryEntity,
  ClaimEntity,
  PickupEntity,
  PickupItemEntity,
  PickupHistoryEntity,
  RequestEntity,
  WaybillEntity,
  WaybillRegistrationEntity,
  TrackingJournalEntity,
  TrackingExceptionEntity,
  TrackingQuestionsEntity,
  BatchRunEntity,
  PersonalDataAccessEntity,
  WorkerEntity,
  ShippingPlaceEntity,
  ShippingPolicyEntity,
  ShippingChangeEntity,
  BulkUploadEntity,
  BulkShipmentEntity,
  BulkShipmentRowEntity,
  CommandPaceEntity,
  ShippingProductEntity,
  StockLedgerEntity,
  AssemblyProductEntity,
  AssemblyMaterialEntity,
  AssemblyPlanEntity,
  AssemblyPlanMaterialEntity,
  AssemblyPlanHistoryEntity,
] as const;

export type Em = EntityManager & { '~entities'?: typeof entities };

/** Runs one statement with bound parameters; a `name` makes it a prepared one. */
export type Query = <Row extends object>(text: string, values?: unknown[], name?: string) => Promise<Row[]>;

/**
 * One process's door to PostgreSQL. `em()` is MikroORM's unit of work; `query` and `transaction` use the same pool with bound
 * parameters, because MikroORM writes values into the statement's text: not to be prepared, and in the server's log on an error.
 */
export interface Db {
  em: () => Em;
  query: Query;
  transaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
  migrator: IMigrator;
  close: () => Promise<void>;
}

export interface DbOptions {
  url: string;
  poolSize?: number;
  /** Bound of one transaction in ms; a hung server must not hold a line for ever. */
  transactionTimeout?: number;
  /** Client-side bound of one statement in ms. */
  queryTimeout?: number;
  /**
   * For programs that know each row they want. A prepared statement keeps its plan: one made while a table was small reads all of
   * it, and goes on so until the table is next analyzed, however it has grown meanwhile.
   */
  byIndex?: boolean;
}

// bigint columns hold numbers of ours and counts, all far below 2^53.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

const queryOn =
  (client: Pick<pg.ClientBase, 'query'>): Query =>
  async <Row extends object>(text: string, values: unknown[] = [], name?: string) => {
    const { rows } = await client.query<Row>({ text, values, types, ...(name === undefined ? {} : { name }) });
    return rows;
  };

/** Opens PostgreSQL lazily: the first query connects, so a process starts while the server is still away. */
export function openDb({ url, poolSize = 10, transactionTimeout = 0, queryTimeout = 0, byIndex = false }: DbOptions): Db {
  const settings = [
    ...(transactionTimeout > 0 ? [`transaction_timeout=${transactionTimeout}`] : []),
    ...(byIndex ? ['enable_seqscan=off'] : []),
  ];
  const orm = new MikroORM({
    entities: [...entities],
    clientUrl: url,
    extensions: [Migrator],
    forceUtcTimezone: true,
    pool: { min: 0, max: poolSize, idleTimeoutMillis: 30_000 },
    driverOptions: {
      connectionTimeoutMillis: 2_500,
      keepAlive: true,
      ...(queryTimeout > 0 ? { query_timeout: queryTimeout } : {}),
      ...(settings.length > 0 ? { options: settings.map((setting) => `-c ${setting}`).join(' ') } : {}),
    },
    migrations: {
      migrationsList: [
        { name: '20261123000000-delivery', class: Migration20261123000000 },
        { name: '20261123010000-pickup', class: Migration20261123010000 },
        { name: '20261123020000-tracking', class: Migration20261123020000 },
        { name: '20261123021000-batches', class: Migration20261123021000 },
        { name: '20261123022000-tracking-relay', class: Migration20261123022000 },
        { name: '20261123040000-bundle-fee', class: Migration20261123040000 },
        { name: '20261123030000-bulk-shipment', class: Migration20261123030000 },
        { name: '20261123050000-assembly', class: Migration20261123050000 },
      ],
      snapshot: false,
    },
    logger: () => {},
  });
  const pool = () => orm.em.getConnection().getNativeClient();
  return {
    em: () => orm.em.fork() as Em,
    query: async (text, values, name) => queryOn(await pool())(text, values, name),
    transaction: async (work) => {
      const client = await (await pool()).connect();
      let broken: Error | undefined;
      try {
        await client.query('begin');
        const result = await work(queryOn(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((lost: Error) => {
          broken = lost;
        });
        throw error;
      } finally {
        // A connection that could not even roll back is thrown away instead of going back to the pool.
        client.release(broken);
      }
    },
    get migrator() {
      return orm.migrator;
    },
    close: () => orm.close(true),
  };
}
