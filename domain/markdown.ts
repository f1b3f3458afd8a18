/** What can begin or end something in Markdown within a line: emphasis, code, links (also bare addresses), HTML, entities, tables. */
const special = '[\\\\`*_~[\\]()<>!|&:@.]';

/** A text from outside as plain words on one line of Markdown, as Temporal's UI shows summaries and details. */
export const markdownText = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(new RegExp(special, 'g'), '\\$&');
