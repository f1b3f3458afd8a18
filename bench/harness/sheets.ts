import { type CellValue, writeXlsx } from 'hucre/xlsx';

const HEADER = ['배송번호', '순번', '택배사코드', '운송장번호'];

/** An .xlsx of the template's columns, with shared strings as Excel writes them. */
export const sheetOf = (rows: CellValue[][]) => writeXlsx({ sheets: [{ name: '출고완료', rows: [HEADER, ...rows] }] });

/** The fields of a job that the bench reads. */
export interface Job {
  id: string;
  valid: number;
  succeeded: number;
  finishedAt: string | null;
}

/** Uploads a sheet as a browser does. */
export async function upload(url: string, token: string, sheet: Uint8Array): Promise<Job> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(sheet)]), 'bench.xlsx');
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/api/bo/v1/bulk-shipments`, { method: 'POST', headers, body: form });
  if (response.status !== 201) throw new Error(`upload: ${response.status} ${await response.text()}`);
  return (await response.json()) as Job;
}
