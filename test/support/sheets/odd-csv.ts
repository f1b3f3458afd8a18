import fc from 'fast-check';

/** A record as it was meant. */
export interface OddRecord {
  deliveryNo: string;
  lineNo: string;
  carrier: string;
  waybillNo: string;
  note: string;
}

const digits = (least: number, most: number) => fc.stringMatching(new RegExp(`^[1-9]\\d{${least - 1},${most - 1}}$`));
export const oddRecord: fc.Arbitrary<OddRecord> = fc.record({
  deliveryNo: digits(6, 12).map((no) => `D${no}`),
  lineNo: fc.integer({ min: 1, max: 99 }).map(String),
  carrier: fc.constantFrom('04', '05', '06'),
  waybillNo: fc.tuple(fc.constantFrom('', '0'), digits(10, 12)).map((parts) => parts.join('')),
  note: fc.constantFrom('', '문 앞', '대문 앞 27" 모니터', '쉼표, 하나', '따옴표 " 하나', '두 줄\n메모', '세미;콜론', '탭\t하나'),
});

/** CP949 of Hangul, by asking the decoder for every pair of bytes. */
const korean = (() => {
  const decoder = new TextDecoder('euc-kr');
  const pairs = new Map<string, [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x41; trail <= 0xfe; trail++) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if (text.length === 1 && text !== '\ufffd') pairs.set(text, [lead, trail]);
    }
  return pairs;
})();
const cp949 = (text: string) => Buffer.from([...text].flatMap((letter) => korean.get(letter) ?? [letter.charCodeAt(0)]));
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

const encodings: ((text: string) => Buffer)[] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\ufeff${text}`),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => utf16be(`\ufeff${text}`),
  (text) => Buffer.from(text, 'utf16le'),
  utf16be,
  cp949,
];

/** How a program writes a CSV. */
export const writing = fc.record({
  delimiter: fc.constantFrom(',', '\t', ';'),
  /** Of the header, and of the rows that another program has added. */
  lineEnds: fc.tuple(fc.constantFrom('\r\n', '\n', '\r'), fc.constantFrom('\r\n', '\n', '\r')),
  end: fc.constantFrom('', '\u001a'),
  encode: fc.constantFrom(...encodings),
  keeps: fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => `="${text}"`,
    (text) => `'${text}`,
    (text) => ` ${text} `,
    (text) => `\u0002${text}\u0003`,
  ),
  quotesAll: fc.boolean(),
  blankLines: fc.boolean(),
});
type Writing = typeof writing extends fc.Arbitrary<infer Value> ? Value : never;

/** A CSV with these records as a text. */
export function csvText(records: OddRecord[], { delimiter, lineEnds, end, keeps, quotesAll, blankLines }: Writing): string {
  const quoted = (text: string) => (quotesAll || /["\n\r\t,;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (cells: string[]) => cells.map(quoted).join(delimiter);
  const lines = [
    line(['배송번호', '순번', '택배사코드', '운송장번호', '메모']),
    ...records.flatMap(({ deliveryNo, lineNo, carrier, waybillNo, note }) => [
      ...(blankLines ? [''] : []),
      line([deliveryNo, keeps(lineNo), keeps(carrier), keeps(waybillNo), note]),
    ]),
  ];
  const [header = '', ...rows] = lines;
  return `${header}${lineEnds[0]}${rows.map((row) => row + lineEnds[1]).join('')}${end}`;
}

/** The bytes of a CSV with these records. */
export const oddCsv = (records: OddRecord[], how: Writing): Buffer => how.encode(csvText(records, how));
