import { cleanText } from './clean-text.ts';

// As domain/safe-text.ts, which the console may not import; test/structure/console-clean-text.test.ts compares the two.
/** Longest letter of several parts (a family of emoji, a flag) that is not torn; what is longer is made to break things. */
const LONGEST_LETTER = 40;

/** At most so many UTF-16 units, without part of a letter at the end: neither half of a pair nor an emoji without its parts. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const whole = new Intl.Segmenter().segment(text).containing(most)?.index ?? most;
  if (whole > 0 && most - whole <= LONGEST_LETTER) return text.slice(0, whole);
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

const MOST_FILE_NAME = 80;

/** Without blanks in a row, line ends and other letters that no name on one line can show. */
const oneLine = (text: string) =>
  cleanText(text)
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .trim();

/** A file's name, without its ending, that Windows, macOS and Linux take: 80 letters are fewer than 255 bytes. */
export function fileName(text: string): string {
  const plain = oneLine(text)
    .replace(/[\\/:*?"<>|]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (plain === '') return '파일';
  const own = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])([.\s]|$)/i.test(plain) ? `_${plain}` : plain;
  return cut(own, MOST_FILE_NAME).replace(/[.\s]+$/, '');
}
