/** How wide a letter is at size 1. */
export type Advance = (letter: string) => number;

export const widthOf = (text: string, advance: Advance): number => [...text].reduce((sum, letter) => sum + advance(letter), 0);

/**
 * A text in lines no wider than `width` at size 1. It breaks between words, because Korean broken between syllables reads badly from
 * afar (PDFKit would do that); only a word wider than a whole line is torn.
 */
export function wrapped(text: string, width: number, advance: Advance): string[] {
  const lines: string[] = [];
  const blank = advance(' ');
  let line = '';
  let filled = 0;
  const end = () => {
    if (line !== '') lines.push(line);
    line = '';
    filled = 0;
  };
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const wide = widthOf(word, advance);
    if (line !== '' && filled + blank + wide <= width) {
      line += ` ${word}`;
      filled += blank + wide;
      continue;
    }
    end();
    for (const letter of word) {
      const next = advance(letter);
      if (filled + next > width) end();
      line += letter;
      filled += next;
    }
  }
  end();
  return lines;
}

export interface Fit {
  size: number;
  lines: string[];
}

/** A text box, in points. */
export interface Room {
  width: number;
  height: number;
  /** The size it should have, and the least that it may shrink to. */
  size: number;
  least: number;
}

/** The height of a line, in its size. */
export const LEADING = 1.22;
const STEP = 0.5;
/** Sums of rounded widths: what fits exactly must not break. */
const SLACK = 0.01;

/** The largest size at which the text stays in its room. At the least size what is too much is cut, and the cut is shown. */
export function fitted(text: string, { width, height, size, least }: Room, advance: Advance): Fit {
  for (let at = size; ; at = Math.max(least, at - STEP)) {
    const lines = wrapped(text, width / at - SLACK, advance);
    const most = Math.max(1, Math.floor(height / (at * LEADING) + SLACK));
    if (lines.length <= most) return { size: at, lines };
    if (at <= least) return { size: at, lines: cutAt(lines, most, width / at - SLACK, advance) };
  }
}

function cutAt(lines: string[], most: number, width: number, advance: Advance): string[] {
  const letters = [...(lines[most - 1] ?? '')];
  while (letters.length > 0 && widthOf(`${letters.join('')}…`, advance) > width) letters.pop();
  return [...lines.slice(0, most - 1), `${letters.join('').trimEnd()}…`];
}
