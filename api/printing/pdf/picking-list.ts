import type { Pick, PlacePicks } from '../../../domain/printing/picking.ts';
import type { LeftOut } from '../../../domain/printing/print.ts';
import { type Flow, flowOn, LEFT, type Running, tick, WIDE } from './flow.ts';
import { leftOutPart } from './left-out.ts';
import { mm, type Paper } from './paper.ts';
import { type Advance, LEADING, widthOf, wrapped } from './wrap.ts';

/** A part of a picking list: the picks of one place, which somebody takes in hand and walks with, or what is not picked. */
export interface PickingPart {
  printedAt: string;
  /** Deliveries and lines of the whole list. */
  summary: string;
  place: PlacePicks | null;
  leftOut: LeftOut[];
}

const TITLE = '피킹 리스트';
/** From the left: a box to tick, how many, what, and for which deliveries. */
const AT = { tick: LEFT, count: LEFT + mm(8), what: LEFT + mm(30), where: LEFT + mm(104) };
const WHAT = mm(71);
const WHERE = LEFT + WIDE - AT.where;
const GAP = mm(2);
const [NAME, OPTION, NUMBER, PLACE] = [12, 12, 8, 9];

/** Draws the parts of a picking list, each beginning on a page of its own. */
export function pickingPages(paper: Paper): (part: PickingPart) => void {
  const flow = flowOn(paper);
  return ({ printedAt, summary, place, leftOut }) => {
    const subject = place ? `출하지 ${place.placeName ?? '없음'}` : '피킹하지 않는 주문내역';
    const running: Running = { title: `${TITLE} – ${subject}`, subject, printedAt };
    flow.begin(running);
    flow.text(TITLE, 22, 'bold');
    flow.text(summary, 10);
    flow.y += GAP;
    if (place) {
      const number = place.placeNo === null ? '' : ` (${place.placeNo})`;
      flow.band(`${subject}${number} · 상품 ${place.picks.length}종 · ${place.quantity}개`);
      heads(paper, flow);
      for (const pick of place.picks) drawPick(paper, flow, pick);
    }
    leftOutPart(flow, '피킹하지 않는 주문내역', leftOut);
  };
}

function heads(paper: Paper, flow: Flow): void {
  const y = flow.y;
  for (const [text, x] of [
    ['수량', AT.count],
    ['상품', AT.what],
    ['배송번호-순번×수량', AT.where],
  ] as const)
    paper.write(text, { x, y, size: 8, color: '#444444' });
  flow.y += mm(4.5);
}

/** A product whose deliveries need more than a page goes on on the next, under its name. */
function drawPick(paper: Paper, flow: Flow, pick: Pick): void {
  const [bold, plain] = [paper.advance('bold'), paper.advance('plain')];
  const names = wrapped(pick.productName, WHAT / NAME, bold);
  const options = pick.optionName === null ? [] : wrapped(pick.optionName, WHAT / OPTION, plain);
  const whatHigh = names.length * NAME * LEADING + options.length * OPTION * LEADING + NUMBER * LEADING;
  const places = rowsOf(pick, plain);
  const row = PLACE * LEADING;
  const least = Math.max(whatHigh, mm(9));
  if (flow.need(least + 2 * GAP)) heads(paper, flow);
  paper.rule({ x: LEFT, y: flow.y }, WIDE, 0.4);
  flow.y += GAP;
  tick(paper, AT.tick, flow.y + mm(0.5));
  const count = { x: AT.count, y: flow.y - mm(0.5), width: mm(20), height: mm(9), size: 22, least: 10 } as const;
  paper.box(String(pick.quantity), { ...count, weight: 'bold' });
  let y = flow.y;
  for (const name of names) y = line(paper, name, y, NAME, 'bold');
  for (const option of options) y = line(paper, option, y, OPTION, 'plain');
  line(paper, `상품번호 ${pick.productId}`, y, NUMBER, 'plain');

  for (let drawn = 0, first = true; drawn < places.length; first = false) {
    if (!first && flow.need(mm(30))) paper.rule({ x: LEFT, y: flow.y - GAP }, WIDE, 0.4);
    if (!first)
      paper.box(`${pick.productName} (이어서)`, { x: AT.what, y: flow.y, width: WHAT, height: mm(10), size: 9, least: 6 });
    const fits = Math.max(1, Math.floor((flow.left() - GAP) / row));
    const piece = places.slice(drawn, drawn + fits);
    for (const [at, cells] of piece.entries())
      for (const [column, text] of cells.entries()) {
        const width = WHERE / cells.length;
        const place = { x: AT.where + column * width, y: flow.y + at * row, width, height: row };
        paper.box(text, { ...place, size: PLACE, least: 5 });
      }
    drawn += piece.length;
    flow.y += Math.max(first ? least : mm(6), piece.length * row);
  }
  flow.y += GAP;
}

/** Where the pieces go, in as many columns as the longest number leaves room for; the last row is filled up. */
function rowsOf({ lines }: Pick, advance: Advance): string[][] {
  const places = lines.map(({ deliveryNo, lineNo, quantity }) => `${deliveryNo}-${lineNo}×${quantity}`);
  const widest = Math.max(...places.map((place) => widthOf(place, advance) * PLACE)) + mm(3);
  const columns = Math.max(1, Math.floor(WHERE / widest));
  return Array.from({ length: Math.ceil(places.length / columns) }, (_, row) =>
    Array.from({ length: columns }, (_, column) => places[row * columns + column] ?? ''),
  );
}

function line(paper: Paper, text: string, y: number, size: number, weight: 'plain' | 'bold'): number {
  paper.write(text, { x: AT.what, y, size, weight });
  return y + size * LEADING;
}
