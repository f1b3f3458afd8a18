import { scanRequestId } from '../../workflows/messages/track.ts';
import type { Happened } from '../history/history.ts';
import { byKey, type Finding } from './finding.ts';
import { type Ledgers, lineKey } from './ledgers.ts';

const BOOK = 'callbacks';
const KST_MS = 9 * 3_600_000;
const DELIVERED = 6;

/**
 * Every acknowledged callback is in the journal once and judged; each had its one effect, and no delivery or arrival that was reported is
 * missing.
 */
export function checkCallbacks(happened: readonly Happened[], ledgers: Ledgers): Finding[] {
  const findings: Finding[] = [];
  const note = (subject: string, text: string) => findings.push({ book: BOOK, subject, text });
  const journal = byKey(
    ledgers.journal,
    (row) => `${row.fid} ${row.waybill_no} ${row.level} ${row.scanned_at.toISOString()} ${row.place}`,
  );
  const seen = new Set<string>();
  for (const event of happened) {
    if (event.kind !== 'called' || !event.acknowledged) continue;
    const { fid, waybillNo, level, time, place } = event;
    const at = new Date(Date.parse(`${time.replace(' ', 'T')}Z`) - KST_MS).toISOString();
    const key = `${fid} ${waybillNo} ${level} ${at} ${place}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const rows = journal.get(key) ?? [];
    if (rows.length !== 1)
      note(fid, `level ${level} of ${waybillNo} was acknowledged, and is ${rows.length} times in the journal`);
    else if (rows[0]?.processed_at === null) note(fid, `level ${level} of ${waybillNo} was acknowledged, and is not judged`);
  }

  const scans = new Map(ledgers.journal.map((row) => [scanRequestId(row.id), row]));
  const effects = byKey(
    ledgers.history.filter(({ revision, requestId }) => revision !== null && scans.has(requestId)),
    ({ requestId, subject }) => `${requestId} ${subject}`,
  );
  for (const [effect] of effects.values()) {
    const row = scans.get(effect?.requestId ?? '');
    const times = effects.get(`${effect?.requestId} ${effect?.subject}`)?.length ?? 0;
    if (effect && times > 1) note(effect.subject, `level ${row?.level} had ${times} effects`);
  }

  const reports = byKey(
    ledgers.journal.filter(({ level }) => level === DELIVERED),
    ({ fid, waybill_no }) => `${fid} ${waybill_no}`,
  );
  const history = byKey(ledgers.history, ({ subject }) => subject);
  for (const line of ledgers.lines) {
    // A line that was returned whole has ended: its waybill is closed, and what is judged after that is kept and moves nothing.
    if (line.state !== 'shipped' || line.finished_at !== null) continue;
    const subject = lineKey(line);
    const life = (history.get(subject) ?? []).filter(({ revision }) => revision !== null);
    const began = life.findLast(({ command }) => command === 'ship' || command === 'correct-waybill' || command === 'reopen');
    if (!began || began.command === 'reopen') continue;
    // What became an exception is before a person's eyes: a scan that came before its line was recorded as shipped, for one.
    const own = (reports.get(`${line.delivery_no} ${line.waybill_no}`) ?? []).filter(
      ({ outcome }) => outcome === 'applied' || outcome === 'kept',
    );
    const since = own.find(({ received_at }) => received_at > began.at);
    if (since) note(subject, `is shipped, and its delivery was reported (journal ${since.id}, ${since.outcome})`);
  }
  for (const { pickup_no: subject, waybill_no, state, arrived_at } of ledgers.pickups) {
    const report = (reports.get(`${subject} ${waybill_no}`) ?? []).find(({ outcome }) => outcome === 'applied');
    if (report && state === 'instructed' && arrived_at === null)
      note(subject, `has not arrived, and its arrival was reported (journal ${report.id})`);
  }
  return findings;
}
