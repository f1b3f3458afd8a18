import type { LeftOut } from '../../../domain/printing/print.ts';
import { type Flow, flowOn, LEFT, tick, WIDE } from './flow.ts';
import { leftOutPart } from './left-out.ts';
import { mm, type Paper } from './paper.ts';
import { LEADING, wrapped } from './wrap.ts';

/** One delivery's packing list, with its people as the person who prints it may see them. */
export interface PackingSheet {
  printedAt: string;
  reprint: number;
  deliveryNo: string;
  /** Facts of the delivery, each with its name. */
  facts: [name: string, value: string][];
  receiver: [name: string, value: string][];
  lines: {
    lineNo: number;
    productId: number;
    productName: string;
    optionName: string | null;
    quantity: number;
    waybill: string;
  }[];
  leftOut: LeftOut[];
}

const TITLE = '패킹 리스트';
const AT = { tick: LEFT, no: LEFT + mm(8), what: LEFT + mm(18), count: LEFT + mm(122), waybill: LEFT + mm(144) };
const WHAT = mm(100);
const WAYBILL = LEFT + WIDE - AT.waybill;
const GAP = mm(2);
const [NAME, OPTION, SMALL] = [13, 12, 9];

/** Draws packing lists, each beginning on a page of its own: it goes into its parcel. */
export function packingPages(paper: Paper): (sheet: PackingSheet) => void {
  const flow = flowOn(paper);
  return (sheet) => {
    const { deliveryNo, printedAt, reprint, facts, receiver, lines, leftOut } = sheet;
    flow.begin({ title: `${TITLE} – ${deliveryNo}`, subject: `배송번호 ${deliveryNo}`, printedAt });
    paper.barcode(deliveryNo, { x: LEFT + mm(106), y: flow.y }, mm(80), mm(14), mm(0.5));
    flow.text(reprint > 0 ? `${TITLE}  (재출력 ${reprint})` : TITLE, 20, 'bold');
    flow.y += GAP;
    flow.text(deliveryNo, 16, 'bold');
    flow.y += GAP;
    for (const [name, value] of facts) fact(paper, flow, name, value, 10);
    flow.y += GAP;
    paper.rule({ x: LEFT, y: flow.y }, WIDE, 1.2);
    flow.y += GAP;
    for (const [name, value] of receiver) fact(paper, flow, name, value, 13);
    flow.y += GAP;
    flow.band(`상품 ${lines.length}줄 · 모두 ${lines.reduce((sum, { quantity }) => sum + quantity, 0)}개`);
    heads(paper, flow);
    for (const line of lines) drawLine(paper, flow, line);
    paper.rule({ x: LEFT, y: flow.y }, WIDE, 1.2);
    leftOutPart(flow, '이 상자에 넣지 않는 주문내역', leftOut);
  };
}

function fact(paper: Paper, flow: Flow, name: string, value: string, size: number): void {
  const indent = mm(24);
  for (const [at, text] of wrapped(value, (WIDE - indent) / size, paper.advance('bold')).entries()) {
    flow.need(size * LEADING);
    if (at === 0) paper.write(name, { x: LEFT, y: flow.y + (size - SMALL), size: SMALL, color: '#444444' });
    paper.write(text, { x: LEFT + indent, y: flow.y, size, weight: 'bold' });
    flow.y += size * LEADING;
  }
}

function heads(paper: Paper, flow: Flow): void {
  const y = flow.y;
  for (const [text, x] of [
    ['순번', AT.no],
    ['상품', AT.what],
    ['수량', AT.count],
    ['운송장', AT.waybill],
  ] as const)
    paper.write(text, { x, y, size: 8, color: '#444444' });
  flow.y += mm(4.5);
}

function drawLine(paper: Paper, flow: Flow, line: PackingSheet['lines'][number]): void {
  const [bold, plain] = [paper.advance('bold'), paper.advance('plain')];
  const options = line.optionName === null ? [] : wrapped(line.optionName, WHAT / OPTION, plain);
  const texts = [
    ...wrapped(line.productName, WHAT / NAME, bold).map((text) => ({ text, size: NAME, weight: 'bold' }) as const),
    ...options.map((text) => ({ text, size: OPTION, weight: 'plain' }) as const),
    { text: `상품번호 ${line.productId}`, size: 8, weight: 'plain' } as const,
  ];
  const high = Math.max(
    texts.reduce((sum, { size }) => sum + size * LEADING, 0),
    mm(9),
  );
  if (flow.need(high + 2 * GAP)) heads(paper, flow);
  paper.rule({ x: LEFT, y: flow.y }, WIDE, 0.4);
  flow.y += GAP;
  tick(paper, AT.tick, flow.y + mm(0.5));
  paper.write(String(line.lineNo), { x: AT.no, y: flow.y + mm(0.5), size: SMALL });
  let y = flow.y;
  for (const { text, size, weight } of texts) {
    paper.write(text, { x: AT.what, y, size, weight });
    y += size * LEADING;
  }
  const count = { x: AT.count, y: flow.y - mm(0.5), width: mm(20), height: mm(9), size: 22, least: 10 } as const;
  paper.box(String(line.quantity), { ...count, weight: 'bold' });
  paper.box(line.waybill, { x: AT.waybill, y: flow.y + mm(0.5), width: WAYBILL, height: mm(9), size: 9, least: 6 });
  flow.y += high + GAP;
}
