import { fileURLToPath } from 'node:url';
import bwip from 'bwip-js/node';
import PDFDocument from 'pdfkit';
import { type Advance, fitted, LEADING, widthOf } from './wrap.ts';

const POINTS = 72 / 25.4;
/** Millimetres in the PDF's points. */
export const mm = (millimetres: number): number => millimetres * POINTS;

/** The console's font, with all 11,172 syllables; only the letters that are used are embedded. */
const fonts = { plain: 'Pretendard-Regular', bold: 'Pretendard-Bold' } as const;
type Weight = keyof typeof fonts;
const weights = Object.keys(fonts) as Weight[];
const fileOf = (name: string) => fileURLToPath(import.meta.resolve(`pretendard/dist/public/static/alternative/${name}.ttf`));

interface Place {
  x: number;
  y: number;
}
interface Written extends Place {
  size: number;
  weight?: Weight;
  color?: string;
}
interface Boxed extends Written {
  width: number;
  height: number;
  least: number;
  align?: 'left' | 'right' | 'center';
}

/** What draws on the pages of a PDF. Sizes and places are in points. */
export interface Paper {
  doc: PDFKit.PDFDocument;
  /** How wide letters of this weight are at size 1. */
  advance: (weight: Weight) => Advance;
  /** One line as it is. */
  write: (text: string, place: Written) => void;
  /** A text within a box, as large as there is room; returns the height it takes. */
  box: (text: string, place: Boxed) => number;
  /** A horizontal line. */
  rule: (place: Place, width: number, thickness?: number) => void;
  /** Code 128 as filled rectangles, in the middle of `width`; nothing where a letter has no bars. Returns the width of one module. */
  barcode: (text: string, place: Place, width: number, height: number, module?: number) => number;
}

/** A dot of a label printer of 203 dpi: bars whose modules are whole dots come out sharp. */
const DOT = mm(0.125);
/** Modules of white on each side, without which scanners do not see where a code begins. */
const QUIET = 10;
const hasBars = /^[\x20-\x7e]+$/;

/**
 * Letters of scripts that the font does not have, each a box. Left to the font, a line that begins with an Arabic one would be set from
 * right to left as a whole: its house numbers too.
 */
const UNKNOWN =
  /[^\p{sc=Hangul}\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Common}\p{sc=Inherited}]/gu;
const shown = (text: string) => text.replace(UNKNOWN, '□');

interface OpenedFont {
  layout: (text: string, features?: Record<string, boolean>) => unknown;
}

/**
 * Each letter as it was typed. The font would join some as it thinks better: an x between two digits becomes ×, and in the number of a
 * delivery that is another one. PDFKit takes features for each text only, and then keeps no layout, which costs 30 × as much.
 */
function asTyped(doc: PDFKit.PDFDocument, weight: Weight): void {
  const { font } = (doc.font(weight) as unknown as { _font: { font: OpenedFont } })._font;
  const layout = font.layout.bind(font);
  font.layout = (text) => layout(text, { calt: false, clig: false, liga: false });
}

/** An empty PDF without pages. Its title is seen by everybody and names nobody. */
export function paperOf(title: string): Paper {
  const doc = new PDFDocument({
    autoFirstPage: false,
    margin: 0,
    // None yet: a font that is the default one is opened anew, 40 ms each time, whenever its registered name is asked for.
    font: '',
    info: { Title: title, Creator: 'delivery-back-office' },
    lang: 'ko',
  });
  for (const weight of weights) {
    doc.registerFont(weight, fileOf(fonts[weight]));
    asTyped(doc, weight);
  }
  const widths = { plain: new Map<string, number>(), bold: new Map<string, number>() };
  const advance = (weight: Weight) => (letter: string) => {
    const known = widths[weight].get(letter);
    if (known !== undefined) return known;
    const width = doc.font(weight, 1000).widthOfString(shown(letter)) / 1000;
    widths[weight].set(letter, width);
    return width;
  };
  const write = (text: string, { x, y, size, weight = 'plain', color = 'black' }: Written) => {
    doc.font(weight, size).fillColor(color).text(shown(text), x, y, { lineBreak: false });
  };
  return {
    doc,
    advance,
    write,
    box(text, { x, y, width, height, size, least, weight = 'plain', align = 'left', color }) {
      const fit = fitted(text, { width, height, size, least }, advance(weight));
      for (const [at, line] of fit.lines.entries()) {
        const free = width - widthOf(line, advance(weight)) * fit.size;
        const indent = align === 'right' ? free : align === 'center' ? free / 2 : 0;
        write(line, { x: x + indent, y: y + at * fit.size * LEADING, size: fit.size, weight, ...(color ? { color } : {}) });
      }
      return fit.lines.length * fit.size * LEADING;
    },
    rule({ x, y }, width, thickness = 0.75) {
      doc.rect(x, y - thickness / 2, width, thickness).fill('black');
    },
    barcode(text, { x, y }, width, height, widest = 5 * DOT) {
      if (!hasBars.test(text)) return 0;
      const bars = barsOf(text);
      const modules = bars.reduce((sum, bar) => sum + bar, 0);
      const dots = Math.floor(width / (modules + 2 * QUIET) / DOT);
      const module = Math.min(widest, dots >= 1 ? dots * DOT : width / (modules + 2 * QUIET));
      let at = x + (width - modules * module) / 2;
      for (const [index, bar] of bars.entries()) {
        if (index % 2 === 0) doc.rect(at, y, bar * module, height);
        at += bar * module;
      }
      doc.fill('black');
      return module;
    },
  };
}

/** The widths of bars and gaps by turns, in modules. */
function barsOf(text: string): number[] {
  const [symbol] = bwip.raw('code128', text);
  if (!symbol || !('sbs' in symbol)) throw new Error('a code without bars');
  return symbol.sbs;
}
