import { cleanCode } from '../text.ts';

/** A cell that shows something which cannot be known; with what is in the file, for the person. */
export interface Unreadable {
  unreadable: string;
}
export const unreadable = (raw: string): Unreadable => ({ unreadable: raw });
export const isUnreadable = (cell: Cell | undefined): cell is Unreadable =>
  typeof cell === 'object' && cell !== null && 'unreadable' in cell;

/** What a spreadsheet's cell may hold once read. */
export type Cell = string | number | boolean | Date | Unreadable | null;

/** A number cell holds 15 digits; Excel, LibreOffice and Google Sheets all lose the digits typed beyond them. */
export const MOST_NUMBER = 999_999_999_999_999;

/** Without what only keeps a spreadsheet from reading a number: ="0123" and '0123. */
export const asTyped = (text: string) => (/^="(.*)"$/s.exec(text)?.[1] ?? text).replace(/^'/, '');

/** Letters and digits alone: *운송장 번호, CJ-대한통운. */
export const squeezed = (text: string) =>
  cleanCode(text)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
