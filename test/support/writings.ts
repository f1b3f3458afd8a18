import { type Arbitrary, constantFrom, infiniteStream, tuple } from 'fast-check';

const fullWidth = (letter: string) => letter.replace(/[!-~]/, (plain) => String.fromCharCode(plain.charCodeAt(0) + 0xfee0));
/** What a person, a chat or a spreadsheet makes of a letter. */
const letters = [
  (letter: string) => letter,
  (letter: string) => letter.toLowerCase(),
  (letter: string) => letter.toUpperCase(),
  fullWidth,
];
/** What stands between letters and means nothing. */
const between = ['', '', '', ' ', '-', '\u2013', '\u2212', '\uff0d', '\u3000', '\u00a0', '\t', '\u200b', '\u2060', '\u00ad'];

/** Ways in which people write a number: letter case, hyphens, blanks, full width, letters that nobody sees. */
export const writings: Arbitrary<(number: string) => string> = tuple(
  infiniteStream(constantFrom(...letters)),
  infiniteStream(constantFrom(...between)),
).map(([changes, gaps]) => (number) => {
  const parts = [...number].map((letter) => (changes.next().value ?? letters[0])?.(letter) + (gaps.next().value ?? ''));
  return `${gaps.next().value ?? ''}${parts.join('')}`;
});
