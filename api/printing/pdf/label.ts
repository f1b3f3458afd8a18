import { mm, type Paper } from './paper.ts';
import { widthOf } from './wrap.ts';

/** Everything that stands on one label. */
export interface Label {
  carrierName: string;
  /** Where the carrier's sorting machine sends it (정제); null = the carrier has not been asked, and the label says so. */
  sortingCode: string | null;
  waybillNo: string;
  /** The waybill as people read it. */
  spokenNo: string;
  /** How many times it was printed before. */
  reprint: number;
  /** What the receiver pays on arrival, in won; null = nothing. */
  collect: string | null;
  receiver: { name: string; phone: string; zipCode: string; address: string };
  memo: string | null;
  sender: { name: string; address: string };
  goods: string[];
  quantity: number;
  /** The first delivery in the parcel, and how many share it. */
  deliveryNo: string;
  moreDeliveries: number;
  printedAt: string;
  /** Which of the print it is: 3/120. */
  count: string;
}

/** The label is drawn for this paper; on a sheet it is drawn smaller. */
export const LABEL = { width: mm(100), height: mm(150) };
const EDGE = mm(4);
const WIDE = LABEL.width - 2 * EDGE;
/** Of every text of a person: small, but never cut. The longest that an order may have (600 letters) fits. */
const LEAST_ADDRESS = 4.5;

/** Draws a label with its upper left corner at the origin. What is read from afar is large: waybill, name, address. */
export function drawLabel(paper: Paper, label: Label): void {
  head(paper, label);
  paper.rule({ x: EDGE, y: mm(16) }, WIDE);
  paper.barcode(label.waybillNo, { x: EDGE, y: mm(18.5) }, WIDE, mm(18));
  const number = { x: EDGE, y: mm(37.5), width: WIDE, height: mm(8), size: 20, least: 10 } as const;
  paper.box(label.spokenNo, { ...number, weight: 'bold', align: 'center' });
  paper.rule({ x: EDGE, y: mm(46.5) }, WIDE, 1.5);
  receiver(paper, label);
  paper.rule({ x: EDGE, y: mm(102.5) }, WIDE, 1.5);
  caption(paper, '보내는 분', mm(104));
  paper.box(label.sender.name, { x: mm(20), y: mm(103.8), width: mm(76), height: mm(5), size: 10, least: 6, weight: 'bold' });
  paper.box(label.sender.address, { x: mm(20), y: mm(108.4), width: mm(76), height: mm(6), size: 8, least: LEAST_ADDRESS });
  paper.rule({ x: EDGE, y: mm(115) }, WIDE);
  goods(paper, label);
  paper.rule({ x: EDGE, y: mm(136) }, WIDE);
  foot(paper, label);
}

const caption = (paper: Paper, text: string, y: number) => paper.write(text, { x: EDGE, y, size: 8, color: '#444444' });

/** White on black: a mark that must not be overlooked. Returns where it begins, for what stands to its left. */
function mark(paper: Paper, text: string, right: number, y: number, size: number): number {
  const width = widthOf(text, paper.advance('bold')) * size + size * 0.8;
  paper.doc.rect(right - width, y, width, size * 1.5).fill('black');
  paper.write(text, { x: right - width + size * 0.4, y: y + size * 0.16, size, weight: 'bold', color: 'white' });
  return right - width - mm(1.5);
}

function head(paper: Paper, { carrierName, sortingCode, reprint, collect }: Label): void {
  let right = EDGE + WIDE;
  if (sortingCode === null) right = mark(paper, '미정제', right, mm(4.5), 16);
  else {
    const width = mm(40);
    const room = { x: right - width, y: mm(3.5), width, height: mm(11), size: 26, least: 10 } as const;
    paper.box(sortingCode, { ...room, weight: 'bold', align: 'right' });
    right -= width + mm(1.5);
  }
  if (collect !== null) right = mark(paper, collect, right, mm(4.5), 11);
  if (reprint > 0) right = mark(paper, `재출력 ${reprint}`, right, mm(4.5), 11);
  paper.box(carrierName, { x: EDGE, y: mm(5), width: right - EDGE, height: mm(9), size: 18, least: 8, weight: 'bold' });
}

function receiver(paper: Paper, { receiver: { name, phone, zipCode, address }, memo }: Label): void {
  caption(paper, '받는 분', mm(48));
  paper.box(name, { x: mm(20), y: mm(47.6), width: mm(76), height: mm(9.5), size: 22, least: LEAST_ADDRESS, weight: 'bold' });
  paper.box(phone, { x: mm(20), y: mm(57.4), width: mm(50), height: mm(7), size: 15, least: LEAST_ADDRESS, weight: 'bold' });
  const zip = { x: mm(70), y: mm(57.4), width: mm(26), height: mm(7), size: 15, least: 8 } as const;
  paper.box(zipCode, { ...zip, weight: 'bold', align: 'right' });
  const room = { x: EDGE, y: mm(65), width: WIDE, height: mm(24), size: 16, least: LEAST_ADDRESS } as const;
  paper.box(address, { ...room, weight: 'bold' });
  if (memo === null) return;
  paper.rule({ x: EDGE, y: mm(90.3) }, WIDE, 0.4);
  caption(paper, '배송 메모', mm(91.2));
  paper.box(memo, { x: mm(20), y: mm(91), width: mm(76), height: mm(10.8), size: 11, least: LEAST_ADDRESS });
}

function goods(paper: Paper, { goods: lines, quantity }: Label): void {
  caption(paper, '상품', mm(116.2));
  caption(paper, `모두 ${quantity}개`, mm(120.2));
  const height = mm(19) / Math.max(lines.length, 2);
  for (const [at, line] of lines.entries())
    paper.box(line, { x: mm(20), y: mm(116) + at * height, width: mm(76), height, size: 11, least: 7.5, weight: 'bold' });
}

function foot(paper: Paper, { deliveryNo, moreDeliveries, printedAt, count }: Label): void {
  paper.barcode(deliveryNo, { x: EDGE, y: mm(137.5) }, mm(58), mm(6), mm(0.375));
  const shared = moreDeliveries > 0 ? `${deliveryNo} 외 ${moreDeliveries}건 합포장` : deliveryNo;
  paper.box(shared, { x: EDGE, y: mm(143.8), width: mm(58), height: mm(4), size: 8, least: 5, align: 'center' });
  const right = { x: mm(64), width: mm(32), height: mm(5), least: 6, align: 'right' } as const;
  paper.box(count, { ...right, y: mm(138), size: 11, weight: 'bold' });
  paper.box(printedAt, { ...right, y: mm(143.8), size: 8 });
}
