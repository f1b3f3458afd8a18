import { byKey, type Finding } from './finding.ts';
import type { Ledgers } from './ledgers.ts';

/**
 * Every row of a sheet that was started ends in a result, and what it says was shipped was. A sheet that is still being read is the
 * rest of an upload whose process died: no list shows it, its request made another, and it is pruned.
 */
export function checkSheets({ bulks, bulkRows, history }: Ledgers): Finding[] {
  const rows = byKey(bulkRows, ({ job_id }) => job_id);
  const done = byKey(
    history.filter(({ command, revision }) => command === 'ship' && revision !== null),
    ({ requestId, subject }) => `${requestId} ${subject}`,
  );
  return bulks.flatMap((bulk) => {
    const findings: Finding[] = [];
    const note = (text: string) => findings.push({ book: 'sheets', subject: bulk.id, text });
    if (bulk.state === 'reading') return findings;
    const own = rows.get(bulk.id) ?? [];
    if (bulk.total !== own.length) note(`counts ${bulk.total} rows, has ${own.length}`);
    if (bulk.state !== 'completed') return findings;
    if (bulk.succeeded + bulk.failed !== bulk.valid)
      note(`${bulk.valid} were valid, ${bulk.succeeded} succeeded and ${bulk.failed} failed`);
    for (const row of own) {
      if (row.status !== 'succeeded' || bulk.start_request_id === null) continue;
      for (const lineNo of row.line_nos ?? [])
        if (!done.has(`${bulk.start_request_id} ${row.delivery_no}/${lineNo}`))
          note(`says ${row.delivery_no}/${lineNo} was shipped, history does not`);
    }
    return findings;
  });
}
