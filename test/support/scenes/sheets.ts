import { deflateRawSync } from 'node:zlib';
import { type CellValue, readXlsx, writeXlsx } from 'hucre/xlsx';
import type { Http } from '../http.ts';
import { eventually, type Stack } from '../stack.ts';
import { command, unique } from './orders.ts';

export const HEADER = ['배송번호', '순번', '택배사코드', '운송장번호'];
export const BULK = '/api/bo/v1/bulk-shipments';

/** A workbook of one sheet: the template's header and these rows, unless told otherwise. */
export const workbook = (rows: CellValue[][], header: string[] = HEADER): Promise<Uint8Array> =>
  writeXlsx({ sheets: [{ name: '출고완료', rows: [header, ...rows] }] });

export const csv = (rows: (string | number)[][], header: string[] = HEADER): Uint8Array =>
  new TextEncoder().encode([header, ...rows].map((row) => row.join(',')).join('\r\n'));

/** Gives 배송지시 and 출고지시 as a client does: what is pending on a slow machine is asked again under its key. */
export async function releaseSurely(api: Http, asked: { deliveryNo: string; lineNo?: number }[]): Promise<void> {
  for (const name of ['instruct', 'release']) {
    const key = { 'idempotency-key': unique(name) };
    await eventually(async () => (await command(api, name, asked, {}, key)).body.failed === 0);
  }
}

/** Uploads a file as a browser does. */
export async function upload(
  { url, token }: Pick<Stack, 'url' | 'token'>,
  bytes: Uint8Array,
  { name = '출고완료.xlsx', headers = {}, query = '' }: { name?: string; headers?: Record<string, string>; query?: string } = {},
) {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), name);
  const response = await fetch(url + BULK + query, {
    method: 'POST',
    headers: { authorization: `Bearer ${await token()}`, ...headers },
    body: form,
  });
  return { status: response.status, body: (await response.json()) as any, headers: response.headers };
}

export const start = (api: Http, id: string) => api.post(`${BULK}/${id}/start`, undefined);

/** Waits until the job has ended and answers it. */
export const ended = (api: Http, id: string) =>
  eventually(async () => {
    const { body } = await api.get(`${BULK}/${id}`);
    return body.finishedAt !== null && body;
  });

/** Downloads a sheet as rows of text. */
export async function downloaded(
  { url, token }: Pick<Stack, 'url' | 'token'>,
  path: string,
  permissions?: string[],
): Promise<CellValue[][]> {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${await token(permissions)}` } });
  const type = response.headers.get('content-type');
  if (response.status !== 200 || !type?.includes('spreadsheetml.sheet')) throw new Error(`${path}: ${response.status} ${type}`);
  const { sheets } = await readXlsx(new Uint8Array(await response.arrayBuffer()));
  return sheets[0]?.rows ?? [];
}

interface Part {
  name: string;
  data: Uint8Array;
  /** What the archive says of its size; the truth unless told. */
  says?: number;
}

/** A zip archive of these parts, made by hand so that it may lie. CRCs are left out: readers of sheets do not look. */
export function zipOf(parts: Part[]): Buffer {
  const [files, entries]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, data, says = data.length } of parts) {
    const packed = deflateRawSync(data, { level: 9 });
    const path = Buffer.from(name);
    const file = Buffer.alloc(30);
    file.writeUInt32LE(0x04034b50, 0);
    file.writeUInt16LE(20, 4);
    file.writeUInt16LE(8, 8);
    file.writeUInt32LE(packed.length, 18);
    file.writeUInt32LE(says, 22);
    file.writeUInt16LE(path.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(says, 24);
    entry.writeUInt16LE(path.length, 28);
    entry.writeUInt32LE(offset, 42);
    files.push(file, path, packed);
    entries.push(entry, path);
    offset += file.length + path.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, directory, end]);
}

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relations = (type: string, target: string) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${RELATIONS}/${type}" Target="${target}"/></Relationships>`;

/** The parts of a workbook around one sheet's XML, for sheets that no program would write. */
export function rawWorkbook(sheet: string | Uint8Array, says?: number): Buffer {
  const text = (part: string) => new TextEncoder().encode(part);
  return zipOf([
    { name: '_rels/.rels', data: text(relations('officeDocument', 'xl/workbook.xml')) },
    {
      name: 'xl/workbook.xml',
      data: text(`<workbook xmlns:r="${RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`),
    },
    { name: 'xl/_rels/workbook.xml.rels', data: text(relations('worksheet', 'worksheets/sheet1.xml')) },
    {
      name: 'xl/worksheets/sheet1.xml',
      data: typeof sheet === 'string' ? text(sheet) : sheet,
      ...(says === undefined ? {} : { says }),
    },
  ]);
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A sheet's XML with inline texts. */
export const sheetXml = (rows: Iterable<string[]>): string =>
  `<worksheet><sheetData>${[...rows].map((row) => `<row>${row.map((cell) => `<c t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`).join('')}</row>`).join('')}</sheetData></worksheet>`;
