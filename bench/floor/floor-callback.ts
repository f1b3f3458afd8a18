import { createServer } from 'node:http';
import pg from 'pg';

/*
 * The floor of the callbacks: a bare handler that inserts the same row as the product's route and gives the answer that the
 * tracker requires. No token, no checks, no log; it imports nothing of the product.
 */
const { DATABASE_URL = '', PORT = '0', FLOOR_POOL = '20' } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(FLOOR_POOL), idleTimeoutMillis: 30_000 });

const INSERT = {
  name: 'floor-callback',
  text: `insert into tracking_journal (fid, waybill_no, level, scanned_at, place, details, carrier_code, body)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    try {
      const body = Buffer.concat(chunks).toString('utf8');
      const fields = JSON.parse(body) as Record<string, string>;
      const { fid, invoice_no, level, time_trans, where, details, courier_code } = fields;
      const values = [fid, invoice_no, Number(level), `${time_trans}+09`, where, details, courier_code, body];
      await pool.query({ ...INSERT, values });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"code":true,"message":"success"}');
    } catch (error) {
      console.error(error);
      response.writeHead(503).end();
    }
  });
});
server.listen(Number(PORT), '127.0.0.1');
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
