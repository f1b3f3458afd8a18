import fc from 'fast-check';
import { zipOf } from '../scenes/sheets.ts';

/** A row as it was meant, and `null` for a cell that nobody can read: its row must be an error. */
export interface Meant {
  deliveryNo: string;
  lineNo: string;
  carrier: string;
  waybillNo: string;
}
/** One cell: its XML without the reference, and what it means; null = unreadable. */
interface OddCell {
  attributes: string;
  inner: string;
  means: string | null;
}
export interface OddRow {
  attributes: string;
  cells: OddCell[];
  hidden: boolean;
}

const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** Letters around a text that nobody sees, or that are blanks. */
const around = fc.constantFrom('', ...' \u00a0\u200b\u202d\u202c\u2060\u00ad\u3164\u2800\ufeff\u200e');
const inline = (inner: string): Omit<OddCell, 'means'> => ({ attributes: 't="inlineStr"', inner: `<is>${inner}</is>` });
const wide = (text: string) => text.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));

/** A text as programs write it. */
const textCell = (text: string): fc.Arbitrary<OddCell> =>
  fc
    .tuple(around, around, fc.constantFrom('plain', 'rich', 'phonetic', 'cdata', 'escaped', 'formula', 'lines', 'wide', 'spaced'))
    .map(([before, after, how]): OddCell => {
      const shown = `${before}${xml(text)}${after}`;
      const half = Math.floor(text.length / 2);
      switch (how) {
        case 'rich':
          return {
            ...inline(`<r><rPr><b/></rPr><t>${xml(text.slice(0, half))}</t></r><r><t>${xml(text.slice(half))}</t></r>`),
            means: text,
          };
        case 'phonetic':
          return { ...inline(`<t>${shown}</t><rPh sb="0" eb="1"><t>발음</t></rPh><phoneticPr fontId="1"/>`), means: text };
        case 'cdata':
          return { ...inline(`<t><![CDATA[${text}]]></t>`), means: text };
        case 'escaped':
          return { ...inline(`<t>${xml(text)}_x000D_&#10;</t>`), means: text };
        case 'formula':
          return { attributes: 't="str"', inner: `<f>A1</f><v>${shown}</v>`, means: text };
        case 'lines':
          return { ...inline(`<t xml:space="preserve">${xml(text)}&#13;&#10;</t>`), means: text };
        case 'wide':
          return { ...inline(`<t>${xml(wide(text))}</t>`), means: text };
        default:
          return { ...inline(`<t>${shown}</t>`), means: text };
      }
    });

/** Styles of the workbook, in order, and how each shows a whole number. */
const formats: [code: string, shows: (digits: string) => string | null][] = [
  ['General', (digits) => digits],
  ['0', (digits) => digits],
  ['@', (digits) => digits],
  ['#,##0', (digits) => digits],
  ['"No. "0', (digits) => digits],
  ['[$-412]General;[Red]-General', (digits) => digits],
  ['_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', (digits) => digits],
  ['0000-0000-0000', (digits) => (digits.length <= 12 ? digits.padStart(12, '0') : digits)],
  ['00000000000000', (digits) => digits.padStart(14, '0')],
  ['"EM"0"KR"', (digits) => `EM${digits}KR`],
  ['"D-"0', (digits) => `D${digits}`],
  ['*00', () => null],
  [';;;', () => null],
];
const numFmts = `<numFmts>${formats.map(([code], at) => `<numFmt numFmtId="${164 + at}" formatCode="${xml(code).replaceAll('"', '&quot;')}"/>`).join('')}</numFmts>`;
const cellXfs = `<cellXfs>${formats.map((_, at) => `<xf numFmtId="${164 + at}"/>`).join('')}</cellXfs>`;

/** A number under a format; `only` limits the formats where other digits would be another value. */
const numberCell = (digits: string, only = formats.length): fc.Arbitrary<OddCell> =>
  fc.nat({ max: only - 1 }).map((at): OddCell => {
    const shows = formats[at]?.[1] ?? ((same: string) => same);
    return { attributes: `s="${at}"`, inner: `<v>${digits}</v>`, means: shows(digits) };
  });

/** What nobody can read. */
const lostCell: fc.Arbitrary<OddCell> = fc.constantFrom<OddCell>(
  { attributes: '', inner: '<f>1+0</f><v/>', means: null },
  { attributes: '', inner: '<f>1+0</f>', means: null },
  { attributes: 't="s"', inner: '<v>99999</v>', means: null },
  { attributes: 't="s"', inner: '<v>x</v>', means: null },
  { attributes: 't="n"', inner: '<v>1x</v>', means: null },
  { attributes: 't="odd"', inner: '<v>1</v>', means: null },
  { attributes: '', inner: '<odd>1</odd>', means: null },
  { attributes: '', inner: '1', means: null },
  { attributes: '', inner: '<v>0x1</v>', means: null },
  { attributes: '', inner: '<v>1</v><v>2</v>', means: null },
  { attributes: '', inner: '<f t="shared" si="0"/>', means: null },
  { attributes: 't="inlineStr"', inner: '<is><t>1</t></is><v>2</v>', means: null },
  { attributes: 't="inlineStr"', inner: '<f>1+0</f>', means: null },
  { attributes: 't="str"', inner: '<f>1+0</f>', means: null },
  { attributes: 't="s"', inner: '<f>1+0</f>', means: null },
  { attributes: 't="s"', inner: '<v/>', means: null },
  { attributes: 't="b"', inner: '<f>1+0</f>', means: null },
  { attributes: 't="e"', inner: '<f>1+0</f>', means: null },
  { attributes: 't="e"', inner: '<v/>', means: null },
);

const digitsOf = (least: number, most: number) =>
  fc
    .tuple(fc.constantFrom(...'123456789'), fc.stringMatching(new RegExp(`^\\d{${least - 1},${most - 1}}$`)))
    .map(([first, rest]) => first + rest);

const rowNumber = fc.constantFrom('', '', '', 'ht=""', 'r=""', 'r="x"', 'r="1.5"', 'r="1"', 'r="99999999999"');

/** A row of the sheet, as some program writes it. */
export const oddRow: fc.Arbitrary<OddRow> = fc
  .record({
    deliveryNo: digitsOf(6, 12).chain((no) => textCell(`D${no}`)),
    lineNo: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.integer({ min: 1, max: 99 }).chain((n) => fc.oneof(textCell(String(n)), numberCell(String(n), 7))),
      },
      lostCell,
    ),
    carrier: fc.constantFrom('04', '05', '06').chain(textCell),
    waybillNo: fc.oneof(
      { weight: 8, arbitrary: digitsOf(10, 14).chain((no) => fc.oneof(textCell(no), numberCell(no))) },
      lostCell,
    ),
    number: rowNumber,
    hidden: fc.boolean(),
  })
  .map(({ deliveryNo, lineNo, carrier, waybillNo, number, hidden }) => ({
    attributes: `${number} ${hidden ? 'hidden="1"' : ''}`,
    cells: [deliveryNo, lineNo, carrier, waybillNo],
    hidden,
  }));

const HEADER = ['배송번호', '순번(필수)', '택배사코드&#10;', '운송장 번호*'];
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** How a program packs a workbook. */
export const packing = fc.record({
  /** Of a part's name in the archive. */
  named: fc.constantFrom<(name: string) => string>(
    (name) => name,
    (name) => name.toUpperCase(),
    (name) => name.replaceAll('/', '\\'),
  ),
  /** Of a target in a relation. */
  target: fc.constantFrom(
    'worksheets/sheet 1.xml',
    '/xl/worksheets/sheet 1.xml',
    'worksheets\\sheet 1.xml',
    './worksheets/sheet%201.xml',
  ),
  prefix: fc.constantFrom('', 'x:'),
  before: fc.constantFrom('', '\r\n', '\ufeff'),
  after: fc.constantFrom('', '\r\n', 'mail footer', 'PK\u0005\u0006'),
  /** Of a part's XML. */
  encode: fc.constantFrom<(xml: string) => Uint8Array>(
    (xml) => new TextEncoder().encode(xml),
    (xml) => Buffer.from(`\ufeff<?xml version="1.0" encoding="utf-8"?>${xml}`),
    (xml) => Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${xml}`, 'utf16le'),
  ),
  numFmtsLast: fc.boolean(),
});
type Packing = typeof packing extends fc.Arbitrary<infer Value> ? Value : never;

/** The workbook of these rows. */
export function oddWorkbook(rows: OddRow[], { named, target, prefix, before, after, encode, numFmtsLast }: Packing): Buffer {
  const p = prefix;
  const cell = ({ attributes, inner }: OddCell) =>
    `<${p}c ${attributes}>${inner.replace(/<(\/?)([a-z])/gi, `<$1${p}$2`)}</${p}c>`;
  const header = `<${p}row>${HEADER.map((title) => `<${p}c t="inlineStr"><${p}is><${p}t>${title}</${p}t></${p}is></${p}c>`).join('')}</${p}row>`;
  const body = rows.map((row) => `<${p}row ${row.attributes}>${row.cells.map(cell).join('')}</${p}row>`).join('');
  const relation = (type: string, to: string, id: string) =>
    `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${to}"/>`;
  const parts: [string, string][] = [
    ['_rels/.rels', `<Relationships>${relation('officeDocument', 'xl/workbook.xml', 'rId1')}</Relationships>`],
    [
      'xl/workbook.xml',
      `<workbook xmlns:r="${RELATIONS}"><sheets><sheet name="출고" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships>${relation('worksheet', target, 'rId1')}${relation('styles', 'styles.xml', 'rId2')}</Relationships>`,
    ],
    ['xl/styles.xml', `<styleSheet>${numFmtsLast ? cellXfs + numFmts : numFmts + cellXfs}</styleSheet>`],
    ['xl/worksheets/sheet 1.xml', `<${p}worksheet xmlns:x="a"><${p}sheetData>${header}${body}</${p}sheetData></${p}worksheet>`],
  ];
  return Buffer.concat([
    Buffer.from(before),
    zipOf(parts.map(([name, data]) => ({ name: named(name), data: encode(data) }))),
    Buffer.from(after),
  ]);
}
