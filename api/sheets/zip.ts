import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import yauzl from 'yauzl';

/** The file needs more memory or time than a sheet for this API can need. */
export class TooLarge extends Error {}

/** What is wrong with the file, in a sentence for the person who sent it. */
export class Damaged extends Error {}

/** Unpacked size of all parts together; yauzl refuses an entry that contains more than it declares. */
export const MOST_UNPACKED = 256 * 1024 * 1024;
const MOST_ENTRIES = 2_000;
const END_OF_DIRECTORY = Buffer.from('PK\u0005\u0006', 'latin1');
const END_SIZE = 22;

export interface Zip {
  stream: (name: string, most: number) => Promise<Readable | null>;
  close: () => void;
}

/** A part's name, however its writer spelled it: letter case, backslashes, percent signs, decomposed Hangul. */
export function partName(name: string): string {
  let plain = name.replaceAll('\\', '/');
  try {
    plain = decodeURIComponent(plain);
  } catch {
    // A percent sign that stands for itself.
  }
  return plain.replace(/^\/+/, '').normalize('NFC').toLowerCase();
}

/** A name as it was packed: UTF-8, or CP949 by old programs. */
function decodedName(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('euc-kr').decode(bytes);
  }
}

/** The one entry of this name. Names that differ by case alone are one name, of which a writer may have packed several. */
function entryOf(named: yauzl.Entry[], name: string): yauzl.Entry | undefined {
  const [first, ...others] = named;
  if (
    !first ||
    others.every(({ crc32, uncompressedSize: size }) => crc32 !== 0 && crc32 === first.crc32 && size === first.uncompressedSize)
  )
    return first;
  const [exact, ...more] = named.filter(({ fileName }) => decodedName(fileName as unknown as Buffer) === name);
  if (!exact || more.length > 0) throw new Damaged(`파일 안에 "${name}"이(가) 둘 이상 있습니다`);
  return exact;
}

/** The archive without what follows its end: mail programs and downloads append bytes, possibly those of another end. */
function untilEnd(bytes: Buffer): Buffer {
  for (let at = bytes.lastIndexOf(END_OF_DIRECTORY); at > 0; at = bytes.lastIndexOf(END_OF_DIRECTORY, at - 1)) {
    if (at + END_SIZE > bytes.length) continue;
    const end = at + END_SIZE + bytes.readUInt16LE(at + END_SIZE - 2);
    const [size, offset] = [bytes.readUInt32LE(at + 12), bytes.readUInt32LE(at + 16)];
    // Of Zip64 the true offset stands elsewhere.
    if (end <= bytes.length && (offset === 0xffffffff || offset + size === at)) return bytes.subarray(0, end);
  }
  return bytes;
}

/** Opens the archive and checks its declared sizes before anything is unpacked. */
export async function openZip(bytes: Buffer): Promise<Zip> {
  const { promise, resolve, reject } = Promise.withResolvers<yauzl.ZipFile>();
  // Names are decoded by us: yauzl refuses some that are only odd.
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
  yauzl.fromBuffer(untilEnd(bytes), options, (error, opened) => (error ? reject(error) : resolve(opened)));
  const zip = await promise;
  const entries = new Map<string, yauzl.Entry[]>();
  let count = 0;
  let unpacked = 0;
  await new Promise<void>((done, fail) => {
    zip.on('error', fail).on('end', done);
    zip.on('entry', (entry: yauzl.Entry) => {
      unpacked += entry.uncompressedSize;
      if (unpacked > MOST_UNPACKED || ++count > MOST_ENTRIES) return fail(new TooLarge());
      const name = partName(decodedName(entry.fileName as unknown as Buffer));
      entries.set(name, [...(entries.get(name) ?? []), entry]);
      zip.readEntry();
    });
    zip.readEntry();
  });
  return {
    stream: async (name, most) => {
      const entry = entryOf(entries.get(partName(name)) ?? [], name);
      if (!entry) return null;
      if (entry.uncompressedSize > most) throw new TooLarge();
      return new Promise((done, fail) => zip.openReadStream(entry, (error, stream) => (error ? fail(error) : done(stream))));
    },
    close: () => zip.close(),
  };
}

interface Handlers {
  open?: (name: string, attributes: Record<string, string>) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
}

/** A name without its namespace's prefix. */
export const local = (name: string) => name.slice(name.indexOf(':') + 1);

/** XML is UTF-8 unless it begins with the mark of UTF-16, or names another encoding. */
export function decoderFor(chunk: Buffer) {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return new TextDecoder('utf-16le');
  if (chunk[0] === 0xfe && chunk[1] === 0xff) return new TextDecoder('utf-16be');
  const declared = /^[^<]{0,3}<\?xml[^>]*?\sencoding\s*=\s*["']([\w-]+)/.exec(chunk.toString('latin1', 0, 200))?.[1] ?? 'utf-8';
  return new TextDecoder(/^utf-16/i.test(declared) ? 'utf-8' : declared);
}

/** Parses a part with these handlers; after each chunk, yields what `after` returns. */
export async function* parse<T>(stream: Readable, { open, text, close }: Handlers, after: () => T[]): AsyncGenerator<T[]> {
  const parser = new SaxesParser({ xmlns: false });
  let failed: Error | undefined;
  parser.on('error', (error) => {
    failed ??= error;
  });
  // A spreadsheet needs no document type; one is sent only to attack the parser with entities.
  parser.on('doctype', () => {
    failed ??= new Error('a document type in a sheet');
  });
  parser.on('opentag', ({ name, attributes }) => open?.(local(name), attributes));
  parser.on('text', (found) => text?.(found));
  parser.on('cdata', (found) => text?.(found));
  parser.on('closetag', ({ name }) => close?.(local(name)));
  let decoder: ReturnType<typeof decoderFor> | undefined;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    decoder ??= decoderFor(chunk);
    parser.write(decoder.decode(chunk, { stream: true }));
    if (failed) throw failed;
    yield after();
  }
  parser.close();
  if (failed) throw failed;
  yield after();
}

/** Reads one small part; false = it does not exist. */
export async function readPart(zip: Zip, name: string, most: number, handlers: Handlers): Promise<boolean> {
  const stream = await zip.stream(name, most);
  if (!stream) return false;
  for await (const _ of parse(stream, handlers, () => []));
  return true;
}
