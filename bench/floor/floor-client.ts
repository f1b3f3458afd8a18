import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import type { FloorMove } from './floor-record.ts';

/** An order of one line with its delivery, in one statement. */
const INSERT = {
  name: 'floor-insert',
  text: `with o as (
      insert into orders (order_no, body_hash, ordered_at, orderer_name, orderer_phone, receiver_name, receiver_phone, receiver_zip_code, receiver_address1)
      values ($1, '', now(), '홍길동', '010-1234-5678', '홍길동', '010-1234-5678', '06236', '서울특별시 강남구 테헤란로 123')),
    p as (
      insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, quantity, unit_price, place_no, method_code)
      values ($1, 1, $1, 43897, '캠핑 의자', 2, 39000, 176042, '10')),
    d as (
      insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at)
      values ($1, $1, 'order', 176042, '10', now()))
    insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision, quantity, started_at)
    values ($1, 1, $1, 'order', 43897, 176042, '10', now(), 'ordered', 1, 2, now())`,
};

/** A bare client of the floor's workflow: writes its row and starts it, moves it by update, and signals events to it. */
export async function connectFloor(address: string, taskQueue: string, databaseUrl: string) {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  const connection = await Connection.connect({ address });
  const { workflow } = new Client({ connection });
  const idOf = (deliveryNo: string) => `floor-${deliveryNo}`;
  const message = (to: string): FloorMove => ({ requestId: randomUUID(), to });
  return {
    start: async (deliveryNo: string): Promise<void> => {
      await pool.query({ ...INSERT, values: [deliveryNo] });
      await workflow.start('floor', { taskQueue, workflowId: idOf(deliveryNo), args: [deliveryNo] });
    },
    move: async (deliveryNo: string, to: string): Promise<void> => {
      const moved = message(to);
      const { state } = await workflow
        .getHandle(idOf(deliveryNo))
        .executeUpdate<{ state: string }, [FloorMove]>('move', { args: [moved], updateId: moved.requestId });
      if (state !== to) throw new Error(`${deliveryNo} is ${state}, not ${to}`);
    },
    tell: (deliveryNo: string, to: string): Promise<void> => workflow.getHandle(idOf(deliveryNo)).signal('event', message(to)),
    close: async () => {
      await pool.end();
      await connection.close();
    },
  };
}
