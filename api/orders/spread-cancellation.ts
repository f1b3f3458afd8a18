import { linesOfOrder } from '../../db/deliveries/find.ts';
import { type DeliveryLineRow, partsOfLine, rowOfLine, toDeliveryLine } from '../../db/deliveries/row.ts';
import { findPlan, keepPlan } from '../../db/requests/plan.ts';
import { deliveryStates, validQuantity } from '../../domain/deliveries/line.ts';
import {
  cancellationOrder,
  cancellationRefusal,
  type PartQuantity,
  type Share,
  type SpreadPlan,
  spread,
} from '../../domain/deliveries/spread.ts';
import { Problem, type ProblemCode } from '../../domain/problems.ts';
import type { StoredRequest } from '../../requests/store.ts';
import { commandLines, keyOfLine, type LineResult } from '../deliveries/line-commands.ts';
import type { ApiDeps } from '../http/deps.ts';
import { lineError } from '../http/problem.ts';

/** Quantities of lines by the numbers that the order system knows. */
export interface Asked {
  lineNo: number;
  quantity: number;
}

/** A line's result under the number that was asked; `parts` = what was canceled of which part, of a line that has been split. */
export type CancellationResult = LineResult & { parts?: PartQuantity[] };

/** So many rounds while parts change under a request; then it is pending, and goes on later. */
const ROUNDS_AT_ONCE = 4;

const partsOf = (rows: DeliveryLineRow[], lineNo: number) => partsOfLine(rows, lineNo).map(toDeliveryLine);
const isSplit = (rows: DeliveryLineRow[], lineNo: number) => partsOfLine(rows, lineNo).length > 1;
const sumOf = (shares: PartQuantity[]) => shares.reduce((sum, { quantity }) => sum + quantity, 0);
const ofLine = (shares: Share[], lineNo: number) => shares.filter(({ askedLineNo }) => askedLineNo === lineNo);
const toldKey = (lineNo: number) => `cancel line ${lineNo}`;

/** All of it from the line itself; a number that the order does not have is refused by its command. */
function wholly(rows: DeliveryLineRow[], { lineNo, quantity }: Asked): Share {
  const [root] = partsOfLine(rows, lineNo);
  return { askedLineNo: lineNo, deliveryNo: root?.delivery_no ?? '', lineNo, quantity };
}

const spreadOver = (rows: DeliveryLineRow[], { lineNo, quantity }: Asked): Share[] =>
  (spread(partsOf(rows, lineNo), quantity, cancellationOrder) ?? []).map((share) => ({ askedLineNo: lineNo, ...share }));

/**
 * Cancels quantities of an order's lines. That of a split line is spread over its parts in rounds: how is kept before a round is begun,
 * so that a repeat asks the same of the same parts under the same ids; a part that has moved on meanwhile is replaced in the next.
 * Where the parts cannot give all of it, the result is refused, and `parts` says what had been canceled by then.
 */
export async function cancelLines(
  deps: ApiDeps,
  request: StoredRequest,
  rows: DeliveryLineRow[],
  asked: Asked[],
): Promise<CancellationResult[]> {
  const { query } = deps.db;
  const toldOf = ({ lineNo }: Asked) => request.outcomes.get(toldKey(lineNo)) as CancellationResult | null | undefined;
  const open = asked.filter((line) => !toldOf(line));
  const results = new Map<number, LineResult>();
  /** Done by the lines themselves, before anybody split them: as their caller may have been told. */
  const wholeResults = new Map<number, LineResult>();
  let { plan, isSpread } = await begun(deps, request, rows, open);
  // A later round is about other lines: these say once more what they said in the first.
  const before =
    plan.round === 0 ? [] : open.filter(({ lineNo }) => !isSplit(rows, lineNo) && ofLine(plan.next, lineNo).length === 0);
  const said = await ask(
    deps,
    request,
    0,
    before.map((line) => wholly(rows, line)),
    rows,
  );
  for (const [at, reply] of said.entries()) wholeResults.set(before[at]?.lineNo ?? 0, reply);
  let now = rows;
  for (let tries = 1; ; tries++) {
    const next = plan.next.filter(({ askedLineNo }) => open.some(({ lineNo }) => lineNo === askedLineNo));
    const replies = await ask(deps, request, plan.round, next, now);
    next.forEach(({ askedLineNo }, at) => {
      const reply = replies[at];
      const known = results.get(askedLineNo);
      // One that is pending says more than one that is refused, and that more than one that is done.
      if (reply && !(known?.error?.code === 'COMMAND_PENDING') && !(known?.error && reply.ok)) results.set(askedLineNo, reply);
    });
    if (!isSpread) for (const [lineNo, reply] of results) if (reply.ok) wholeResults.set(lineNo, reply);
    const isPending = [...said, ...replies].some(({ error }) => error?.code === 'COMMAND_PENDING');
    const done: Share[] = [...plan.done, ...next.filter((_, at) => replies[at]?.ok)];
    const short = open.filter(({ lineNo, quantity }) => sumOf(ofLine(done, lineNo)) < quantity);
    if (short.length > 0 || open.some(({ lineNo }) => isSplit(now, lineNo))) now = await linesOfOrder(query, orderNoOf(rows));
    const split = short.filter(({ lineNo }) => isSplit(now, lineNo));
    const again = split.flatMap(({ lineNo, quantity }) =>
      spreadOver(now, { lineNo, quantity: quantity - sumOf(ofLine(done, lineNo)) }),
    );
    if (isPending || again.length === 0 || tries === ROUNDS_AT_ONCE) {
      const unknown = new Set(isPending || again.length > 0 ? split.map(({ lineNo }) => lineNo) : []);
      return asked.map((line) => {
        const { lineNo } = line;
        return wholeResults.get(lineNo) ?? toldOf(line) ?? told(request, now, line, done, results.get(lineNo), unknown);
      });
    }
    plan = { round: plan.round + 1, done, next: again };
    isSpread = true;
    if (!(await keepPlan(query, request.id, plan))) throw new Problem('COMMAND_PENDING');
  }
}

const orderNoOf = (rows: DeliveryLineRow[]): string => rows[0]?.order_no ?? '';

/**
 * The round to be asked now. A repeat without a plan asks the lines themselves: the first execution may have done that, before somebody
 * split them.
 */
async function begun(
  deps: ApiDeps,
  request: StoredRequest,
  rows: DeliveryLineRow[],
  asked: Asked[],
): Promise<{ plan: SpreadPlan; isSpread: boolean }> {
  const { query } = deps.db;
  const isRepeat = request.attempts > 1;
  const kept = isRepeat ? await findPlan(query, request.id) : null;
  if (kept) return { plan: kept, isSpread: true };
  const whole = { round: 0, done: [], next: asked.map((line) => wholly(rows, line)) };
  if (isRepeat || !asked.some(({ lineNo }) => isSplit(rows, lineNo))) return { plan: whole, isSpread: false };
  const next = asked.flatMap((line) => (isSplit(rows, line.lineNo) ? spreadOver(rows, line) : [wholly(rows, line)]));
  const plan = { round: 0, done: [], next };
  if (!(await keepPlan(query, request.id, plan))) throw new Problem('COMMAND_PENDING');
  return { plan, isSpread: true };
}

/** One round: under an id of its own, because a part that is asked again would take it for the same. */
function ask(
  deps: ApiDeps,
  request: StoredRequest,
  round: number,
  next: Share[],
  rows: DeliveryLineRow[],
): Promise<LineResult[]> {
  const own = round === 0 ? request : { ...request, id: `${request.id}-${round + 1}`, outcomes: new Map() };
  const targets = next.map(({ askedLineNo, deliveryNo, lineNo, quantity }) => {
    const row = rowOfLine(partsOfLine(rows, askedLineNo), { deliveryNo, lineNo });
    return { deliveryNo, lineNo, row, input: { quantity, hasReason: request.reason !== null } };
  });
  return commandLines(deps, own, 'cancel', 'order', targets);
}

/** The result of a line under its own number; that of a split line is noted, so that a repeat tells the same. */
function told(
  request: StoredRequest,
  rows: DeliveryLineRow[],
  { lineNo, quantity }: Asked,
  done: Share[],
  own: LineResult | undefined,
  unknown: Set<number>,
): CancellationResult {
  const [root, ...rest] = partsOf(rows, lineNo);
  if (!root || rest.length === 0) return own ?? { deliveryNo: root?.deliveryNo ?? '', lineNo, ...refused('COMMAND_PENDING') };
  const all = [root, ...rest];
  const { deliveryNo, revision } = root;
  const shares = ofLine(done, lineNo);
  if (unknown.has(lineNo)) {
    request.outcomes.set(toldKey(lineNo), null);
    return { deliveryNo, lineNo, ...refused('COMMAND_PENDING') };
  }
  const { state } = all.find(({ finishedAt }) => finishedAt === null) ?? root;
  const left = all.reduce((sum, part) => sum + validQuantity(part), 0);
  const parts = mergedShares(shares);
  const isDone = sumOf(shares) === quantity;
  const code = cancellationRefusal(all, quantity - sumOf(shares));
  const now = { state, stateName: deliveryStates[state], revision, validQuantity: left, parts };
  const result: CancellationResult = {
    deliveryNo,
    lineNo,
    ...(isDone ? { ok: true } : refused(code)),
    ...(isDone || parts.length > 0 ? now : {}),
  };
  request.outcomes.set(toldKey(lineNo), result);
  return result;
}

const refused = (code: ProblemCode) => ({ ok: false, error: lineError(code) });

/** One entry a part, whatever rounds it took. */
function mergedShares(shares: Share[]): PartQuantity[] {
  const byPart = Map.groupBy(shares, ({ deliveryNo, lineNo }) => keyOfLine(deliveryNo, lineNo));
  return [...byPart.values()].flatMap((of) => {
    const [first] = of;
    return first ? [{ deliveryNo: first.deliveryNo, lineNo: first.lineNo, quantity: sumOf(of) }] : [];
  });
}
