import { Client, Connection } from '@temporalio/client';
import pg from 'pg';

/** A bare loop of signals, without batches, pages or counts; ends when the rows show the state. Imports nothing of the product. */
export async function signalLoop(
  to: { address: string; databaseUrl: string; within: number },
  asked: { workflowIds: string[]; signal: string; message: object; atOnce: number; shown: string },
): Promise<number> {
  const { workflowIds, signal, message, atOnce, shown } = asked;
  const pool = new pg.Pool({ connectionString: to.databaseUrl });
  const connection = await Connection.connect({ address: to.address });
  const { workflow } = new Client({ connection });
  try {
    const from = performance.now();
    const queue = [...workflowIds];
    const sender = async () => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) await workflow.getHandle(id).signal(signal, message);
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
    for (;;) {
      const { rows } = await pool.query<{ n: string }>(shown);
      if (Number(rows[0]?.n) === workflowIds.length) return performance.now() - from;
      if (performance.now() > from + to.within) throw new Error(`only ${rows[0]?.n} of ${workflowIds.length} rows show it`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await pool.end();
    await connection.close();
  }
}
