import { isDeepStrictEqual } from 'node:util';
import { isFinal, type Json } from '../clients/asking.ts';
import { type Asked, type Happened, type Told, tellings } from '../history/history.ts';
import { byKey, type Finding } from './finding.ts';
import type { HistoryRow, Ledgers } from './ledgers.ts';

/** A part of an answer: what a caller was told of one line or pickup. */
interface Part {
  deliveryNo?: string;
  lineNo?: number;
  pickupNo?: string;
  ok: boolean;
  state?: string;
  revision?: number;
  error?: { code: string };
  /** Of a cancellation of a split line. */
  parts?: { deliveryNo: string; lineNo: number; quantity: number }[];
}

/** What callers were told, against what is there. */
export function checkTold(happened: readonly Happened[], ledgers: Ledgers): Finding[] {
  const requests = new Map(ledgers.requests.map((request) => [request.key, request]));
  const history = byKey(ledgers.history, ({ requestId }) => requestId);
  const told = tellings(happened);
  const lineOf = new Map(ledgers.lines.map((line) => [`${line.order_no} ${line.line_no}`, line.delivery_no]));
  const findings: Finding[] = [];

  for (const asked of happened) {
    if (asked.kind !== 'asked') continue;
    const answers = told.get(asked.key) ?? [];
    const request = requests.get(asked.key);
    const rows = request ? rowsOf(request.id, history) : [];
    const note = (book: string, text: string, subject = asked.key) =>
      findings.push({ book, subject, text: `${asked.act}: ${text}` });
    const isRefusedUnstored =
      answers.length > 0 && answers.every(({ status, body }) => status === 503 && codeOf(body) === 'UNAVAILABLE');
    if (isRefusedUnstored && request)
      note('nothing refused was done', 'every answer said UNAVAILABLE, and its request is stored');
    const finals = answers.filter(isFinal);
    if (finals.length > 0 && finals.every(({ status = 0 }) => status < 300) && !request)
      note('acknowledged outcomes', 'it was answered, and its request is not stored');
    for (const answer of answers) checkAnswer(asked, answer, rows, lineOf, note);
    checkSame(answers, note);
    const [last] = finals.slice(-1);
    if (last && request?.status != null && !isDeepStrictEqual([last.status, last.body], [request.status, request.answer]))
      note(
        'told the same',
        `told ${JSON.stringify([last.status, last.body])}, stored ${JSON.stringify([request.status, request.answer])}`,
      );
    checkMade(asked, finals, ledgers, note);
  }
  return findings;
}

type Note = (book: string, text: string, subject?: string) => void;
const codeOf = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : undefined;
const partsOf = (body: Json): Part[] => (Array.isArray(body?.results) ? body.results : []);

/** A cancellation that is spread over parts asks them in rounds, each under an id of its own. */
function rowsOf(id: string, history: Map<string, HistoryRow[]>): HistoryRow[] {
  const rows = [...(history.get(id) ?? [])];
  for (let round = 2; history.has(`${id}-${round}`) || round < 4; round++) rows.push(...(history.get(`${id}-${round}`) ?? []));
  return rows;
}

/** What was canceled of the parts of a split line is in the history of those parts. */
function checkParts({ parts = [] }: Part, rows: HistoryRow[], note: Note): void {
  for (const { deliveryNo, lineNo, quantity } of parts) {
    const subject = `${deliveryNo}/${lineNo}`;
    if (!rows.some((row) => row.subject === subject && row.command === 'cancel' && row.revision !== null))
      note('acknowledged outcomes', `told that ${quantity} were canceled, and it is not in history`, subject);
  }
}

/** Every part: done once with its revision, or refused and not done. */
function checkAnswer(asked: Asked, { status, body }: Told, rows: HistoryRow[], lineOf: Map<string, string>, note: Note): void {
  const orderNo = /orders\/([^/]+)\/cancellations/.exec(asked.path)?.[1];
  for (const part of status === 200 || status === 503 ? partsOf(body) : []) {
    const deliveryNo = part.deliveryNo ?? lineOf.get(`${orderNo} ${part.lineNo}`);
    const subject = part.pickupNo ?? `${deliveryNo}/${part.lineNo}`;
    if (part.parts) {
      checkParts(part, rows, note);
      continue;
    }
    const done = rows.filter((row) => row.subject === subject && row.revision !== null);
    if (part.ok && part.revision !== undefined) {
      const [row] = done;
      if (done.length !== 1)
        note('acknowledged outcomes', `told revision ${part.revision}, ${done.length} times in history`, subject);
      else if (row?.revision !== part.revision || row.to !== part.state)
        note(
          'acknowledged outcomes',
          `told ${part.state} at ${part.revision}, history has ${row?.to} at ${row?.revision}`,
          subject,
        );
    }
    if (!part.ok && part.error?.code !== 'COMMAND_PENDING' && done.length > 0)
      note(
        'nothing refused was done',
        `told ${part.error?.code}, and it is in history at revision ${done[0]?.revision}`,
        subject,
      );
  }
  const isRefused = status !== undefined && status >= 400 && status < 500 && !/^IDEMPOTENCY/.test(codeOf(body) ?? '');
  // A claim's reservations are made before it can be refused, and given back: the book of quantities looks at them.
  if (isRefused && !asked.path.endsWith('/claims') && rows.some(({ revision }) => revision !== null))
    note('nothing refused was done', `told ${status} ${codeOf(body)}, and it is in history`);
}

/** What was told of a part is final. */
function checkSame(answers: Told[], note: Note): void {
  const first = new Map<string, Part>();
  for (const { status, body } of answers) {
    if (status !== 200 && status !== 503) continue;
    for (const part of partsOf(body)) {
      if (part.error?.code === 'COMMAND_PENDING') continue;
      const subject = part.pickupNo ?? `${part.deliveryNo}/${part.lineNo}`;
      const before = first.get(subject);
      if (before && !isDeepStrictEqual(essence(before), essence(part)))
        note('told the same', `first ${JSON.stringify(essence(before))}, then ${JSON.stringify(essence(part))}`, subject);
      first.set(subject, before ?? part);
    }
  }
}

const essence = ({ ok, state, revision, error }: Part) => ({ ok, state, revision, code: error?.code });

/** Orders and claims that were taken are there. */
function checkMade(asked: Asked, finals: Told[], ledgers: Ledgers, note: Note): void {
  const taken = finals.find(({ status = 0 }) => status === 201 || status === 200);
  if (!taken) return;
  const body = taken.body as {
    orderNo?: string;
    deliveries?: { deliveryNo: string; lineNos: number[] }[];
    pickups?: { pickupNo: string }[];
  };
  if (asked.path.endsWith('/orders'))
    for (const { deliveryNo, lineNos } of body.deliveries ?? [])
      for (const lineNo of lineNos)
        if (!ledgers.lines.some((line) => line.delivery_no === deliveryNo && line.line_no === lineNo))
          note('acknowledged outcomes', 'a line of the order is not there', `${deliveryNo}/${lineNo}`);
  if (asked.path.endsWith('/claims'))
    for (const { pickupNo } of body.pickups ?? [])
      if (!ledgers.pickups.some((pickup) => pickup.pickup_no === pickupNo))
        note('acknowledged outcomes', 'its pickup is not there', pickupNo);
}
