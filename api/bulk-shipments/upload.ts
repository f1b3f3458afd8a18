import { randomUUID, webcrypto } from 'node:crypto';
import pLimit from 'p-limit';
import { z } from 'zod';
import { bulkOfRequest, findUpload } from '../../db/bulk-shipments/find.ts';
import { insertRows, judgeRows } from '../../db/bulk-shipments/judge.ts';
import type { BulkShipmentRow } from '../../db/bulk-shipments/row.ts';
import {
  deleteUnread,
  insertJob,
  insertUpload,
  isAlreadyMade,
  markValidated,
  updateTitles,
} from '../../db/bulk-shipments/write.ts';
import { Problem } from '../../domain/problems.ts';
import { cleanText } from '../../domain/text.ts';
import type { Answer, StoredRequest } from '../../requests/store.ts';
import type { ApiDeps } from '../http/deps.ts';
import { optionalText, text } from '../http/schemas.ts';
import { readShipmentSheet } from '../sheets/read.ts';
import { validatedBulk } from './rows.ts';
import { UPLOADS_AT_ONCE } from './upload-places.ts';

/** `others=include`: rows that are no parcels are shipped too. */
export const others = z.enum(['include']).optional();

/**
 * The stored request of an upload; its bytes are in `bulk_uploads`, by hash. `others` stands in it only where it was asked for, so that
 * an upload from before is still the same.
 */
export const uploadBody = z.object({ hash: z.string(), fileName: text(200), sheet: optionalText(100), others });
export type UploadBody = z.output<typeof uploadBody>;

/** macOS sends Korean letters decomposed; PostgreSQL cannot store NUL, nor half a letter. Of a long name the end is kept. */
function storableName(fileName: string): string {
  const name = cleanText(fileName)
    .trim()
    .slice(-200)
    .replace(/^[\udc00-\udfff]/, '')
    .trim();
  return name === '' ? '이름 없음' : name;
}

/** A file as it was sent, the sheet that is meant, where it has several, and whether rows that are no parcels are meant too. */
interface UploadedSheet {
  name: string;
  bytes: Buffer<ArrayBuffer>;
  sheet: string | null;
  others: z.output<typeof others>;
}

/** Stores an upload for all API processes, before its request is stored. */
export async function keepUpload({ db }: ApiDeps, file: UploadedSheet): Promise<UploadBody> {
  const { name, bytes, sheet, others } = file;
  // Beside other requests: 20 MiB take 20–80 ms.
  const hash = Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
  await insertUpload(db.query, hash, bytes);
  return { hash, fileName: storableName(name), sheet, ...(others ? { others } : {}) };
}

/** Executes an upload's stored request: reads the sheet and judges every row. Repeats make only one job. */
export function createUpload(deps: ApiDeps) {
  const { db } = deps;
  /** For executions by the sweep; an upload itself has its place already (upload-places.ts). */
  const reading = pLimit(UPLOADS_AT_ONCE);

  const answerOf = async (row: BulkShipmentRow): Promise<Answer> => ({
    status: 201,
    body: await validatedBulk(db.query, row),
    final: true,
  });

  /** Reads into rows that are hidden until they have been judged; after a crash the sweep deletes them. */
  const make = async (request: StoredRequest, bytes: Uint8Array, { fileName, sheet, others }: UploadBody): Promise<void> => {
    const id = randomUUID();
    let hiddenRows = 0;
    await insertJob(db.query, { id, request_id: request.id, file_name: fileName, by: request.sub });
    try {
      await readShipmentSheet(bytes, sheet ?? undefined, {
        titles: (titles) => updateTitles(db.query, id, titles),
        rows: (rows) => {
          hiddenRows += rows.filter(({ hidden }) => hidden).length;
          return insertRows(db.query, id, rows);
        },
      });
      await judgeRows(db.query, id, others === 'include');
      await markValidated(db.query, id, hiddenRows);
    } catch (error) {
      await deleteUnread(db.query, id);
      if (isAlreadyMade(error)) return;
      throw error;
    }
  };

  return async ({ request, body }: { request: StoredRequest; body: UploadBody }): Promise<Answer> => {
    const known = await bulkOfRequest(db.query, request.id);
    if (known) return answerOf(known);
    const content = await findUpload(db.query, body.hash);
    if (!content) throw new Problem('SHEET_UNREADABLE', '올린 파일이 더 이상 보관되어 있지 않습니다. 다시 올려 주세요');
    await reading(() => make(request, content, body));
    const made = await bulkOfRequest(db.query, request.id);
    if (!made) throw new Problem('COMMAND_PENDING');
    return answerOf(made);
  };
}
