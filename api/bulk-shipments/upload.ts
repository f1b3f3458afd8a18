import { createHash, randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { z } from 'zod';
import { insertRows, judgeRows } from '../../db/bulk-shipments/judge.ts';
import type { BulkShipmentRecord } from '../../db/bulk-shipments/row.ts';
import { Problem } from '../../domain/problems.ts';
import type { Answer, StoredRequest } from '../../requests/store.ts';
import type { ApiDeps } from '../http/deps.ts';
import { text } from '../http/schemas.ts';
import { readShipmentSheet } from '../sheets/read.ts';
import { validatedBulk } from './rows.ts';

/** Sheets read at once by one process; each takes a thread and its memory. */
const READ_AT_ONCE = 2;

/** What the stored request of an upload holds; the bytes are in `bulk_uploads`, by their hash. */
export const uploadBody = z.object({ hash: z.string(), fileName: text(200) });
export type UploadBody = z.output<typeof uploadBody>;

/** Keeps an upload where any API process finds it, before its request is stored. */
export async function keepUpload({ db }: ApiDeps, fileName: string, bytes: Buffer): Promise<UploadBody> {
  const hash = createHash('sha256').update(bytes).digest('hex');
  await db.query('insert into bulk_uploads (hash, content) values ($1, $2) on conflict (hash) do update set created_at = now()', [
    hash,
    bytes,
  ]);
  // macOS sends the letters of a Korean name apart; PostgreSQL takes no NUL.
  const name = fileName.toWellFormed().normalize('NFC').replaceAll('\0', '').trim().slice(-200);
  return { hash, fileName: name === '' ? '이름 없음' : name };
}

/** Executes an upload's stored request: reads the sheet, judges every row, and makes one job of it whatever is repeated. */
export function createUpload(deps: ApiDeps) {
  const { db } = deps;
  const reading = pLimit(READ_AT_ONCE);

  const madeBy = async (requestId: string): Promise<BulkShipmentRecord | undefined> => {
    const rows = await db.query<BulkShipmentRecord>(`select * from bulk_shipments where request_id = $1 and state <> 'reading'`, [
      requestId,
    ]);
    return rows[0];
  };

  const answerOf = async (row: BulkShipmentRecord): Promise<Answer> => ({
    status: 201,
    body: await validatedBulk(db.query, row),
    final: true,
  });

  /** Reads into rows that nobody sees until they have been judged; a crash leaves them to the sweep. */
  const make = async (request: StoredRequest, bytes: Buffer, fileName: string): Promise<void> => {
    const id = randomUUID();
    await db.query(`insert into bulk_shipments (id, request_id, file_name, by, state) values ($1, $2, $3, $4, 'reading')`, [
      id,
      request.id,
      fileName,
      request.sub,
    ]);
    try {
      await readShipmentSheet(bytes, {
        titles: async (titles) => {
          await db.query('update bulk_shipments set titles = $2 where id = $1', [id, JSON.stringify(titles)]);
        },
        rows: (rows) => insertRows(db.query, id, rows),
      });
      await judgeRows(db.query, id);
      await db.query(`update bulk_shipments set state = 'validated', created_at = now() where id = $1`, [id]);
    } catch (error) {
      await db.query(`delete from bulk_shipments where id = $1 and state = 'reading'`, [id]);
      if (isAlreadyMade(error)) return;
      throw error;
    }
  };

  return async (request: StoredRequest): Promise<Answer> => {
    const known = await madeBy(request.id);
    if (known) return answerOf(known);
    const { hash, fileName } = uploadBody.parse(request.body);
    const rows = await db.query<{ content: Buffer }>('select content from bulk_uploads where hash = $1', [hash]);
    const content = rows[0]?.content;
    if (!content) throw new Problem('SHEET_UNREADABLE', '올린 파일이 더 이상 보관되어 있지 않습니다. 다시 올려 주세요');
    await reading(() => make(request, content, fileName));
    const made = await madeBy(request.id);
    if (!made) throw new Problem('COMMAND_PENDING');
    return answerOf(made);
  };
}

/** Another execution of the same request was faster. */
const isAlreadyMade = (error: unknown) =>
  error instanceof Error && 'constraint' in error && error.constraint === 'bulk_shipments_request';
