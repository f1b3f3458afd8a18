import { mm, type Paper } from './paper.ts';
import { LEADING, wrapped } from './wrap.ts';

const PAGE = { width: mm(210), height: mm(297) };
export const LEFT = mm(12);
export const WIDE = PAGE.width - 2 * LEFT;
const TOP = mm(12);
const BOTTOM = PAGE.height - mm(16);

/** What every page of a list begins and ends with. */
export interface Running {
  title: string;
  /** Of which delivery or place: a page that falls on the floor must find back. */
  subject: string;
  printedAt: string;
}

/** Text and rows from above to below, over as many A4 pages as they need. */
export interface Flow {
  y: number;
  /** A page with this head; its parts count from 1. */
  begin: (running: Running) => void;
  /** Goes on on the next page, under the same head, unless so much is left of this one. Returns whether it did. */
  need: (height: number) => boolean;
  /** What is left of this page. */
  left: () => number;
  /** A text as wide as the page, broken over pages; nothing of it is cut. */
  text: (text: string, size: number, weight?: 'plain' | 'bold') => void;
  /** A grey band with a heading. */
  band: (text: string) => void;
}

export function flowOn(paper: Paper): Flow {
  let running: Running = { title: '', subject: '', printedAt: '' };
  let page = 0;
  const turn = () => {
    paper.doc.addPage({ size: [PAGE.width, PAGE.height], margin: 0 });
    page += 1;
    const { title, subject, printedAt } = running;
    const foot = { y: PAGE.height - mm(12), height: mm(5), size: 8, least: 6 } as const;
    paper.box(subject, { ...foot, x: LEFT, width: WIDE * 0.6 });
    paper.box(`${printedAt}   ${page}쪽`, { ...foot, x: LEFT + WIDE * 0.6, width: WIDE * 0.4, align: 'right' });
    if (page > 1)
      paper.box(`${title} (이어서)`, { x: LEFT, y: TOP, width: WIDE, height: mm(6), size: 10, least: 8, weight: 'bold' });
    flow.y = page > 1 ? TOP + mm(8) : TOP;
  };
  const flow: Flow = {
    y: 0,
    begin(next) {
      running = next;
      page = 0;
      turn();
    },
    need(height) {
      if (flow.y + height <= BOTTOM) return false;
      turn();
      return true;
    },
    left: () => BOTTOM - flow.y,
    text(text, size, weight = 'plain') {
      for (const line of wrapped(text, WIDE / size, paper.advance(weight))) {
        flow.need(size * LEADING);
        paper.write(line, { x: LEFT, y: flow.y, size, weight });
        flow.y += size * LEADING;
      }
    },
    band(text) {
      flow.need(mm(24));
      paper.doc.rect(LEFT, flow.y, WIDE, mm(8)).fill('#e4e4e4');
      const room = { x: LEFT + mm(2), width: WIDE - mm(4), height: mm(6.4), size: 13, least: 7 } as const;
      paper.box(text, { ...room, y: flow.y + mm(1.3), weight: 'bold' });
      flow.y += mm(9.5);
    },
  };
  return flow;
}

/** A square to tick. */
export function tick(paper: Paper, x: number, y: number): void {
  paper.doc.lineWidth(1).rect(x, y, mm(5), mm(5)).stroke('black');
}
