import type { LabelPaper } from '../../../domain/printing/print.ts';
import { drawLabel, LABEL, type Label } from './label.ts';
import { mm, type Paper } from './paper.ts';

const A4 = { width: mm(210), height: mm(297) };
/** The cells of a sheet of four, as label sheets are cut (99.1×139 mm): from the left, from above. */
const CELL = { width: mm(99.1), height: mm(139) };
const CELLS = [
  { x: mm(4.65), y: mm(9.5) },
  { x: mm(106.25), y: mm(9.5) },
  { x: mm(4.65), y: mm(148.5) },
  { x: mm(106.25), y: mm(148.5) },
];
const SCALE = CELL.height / LABEL.height;

/** Draws labels one after the other, each on a page of its own or four on a sheet. */
export function labelPages(paper: Paper, of: LabelPaper): (label: Label) => void {
  const { doc } = paper;
  if (of === '100x150')
    return (label) => {
      doc.addPage({ size: [LABEL.width, LABEL.height], margin: 0 });
      drawLabel(paper, label);
    };
  let drawn = 0;
  return (label) => {
    const cell = CELLS[drawn++ % CELLS.length];
    if (cell === CELLS[0]) doc.addPage({ size: [A4.width, A4.height], margin: 0 });
    doc.save();
    doc.translate((cell?.x ?? 0) + (CELL.width - LABEL.width * SCALE) / 2, cell?.y ?? 0).scale(SCALE);
    drawLabel(paper, label);
    doc.restore();
  };
}
