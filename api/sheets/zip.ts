import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import yauzl from 'yauzl';

/** The file needs more memory or time than a sheet for this API can need. */
export class TooLarge extends Error {}

/** Unpacked size of all parts together; yauzl refuses an entry that contains more than it declares. */
export const MOST_UNPACKED = 256 * 1024 * 1024;
const MOST_ENTRIES = 2_000;

export interface Zip {
  stream: (name: string, most: number) => Promise<Readable | null>;
  close: () => void;
}

/** Opens the archive and checks its declared sizes before anything is unpacked. */
export async function openZip(bytes: Buffer): Promise<Zip> {
  const { promise, resolve, reject } = Promise.withResolvers<yauzl.ZipFile>();
  yauzl.fromBuffer(bytes, { lazyEntries: true, autoClose: false }, (error, opened) => (error ? reject(error) : resolve(opened)));
  const zip = await promise;
  const entries = new Map<string, yauzl.Entry>();
  let unpacked = 0;
  await new Promise<void>((done, fail) => {
    zip.on('error', fail).on('end', done);
    zip.on('entry', (entry: yauzl.Entry) => {
      unpacked += entry.uncompressedSize;
      if (unpacked > MOST_UNPACKED || entries.size > MOST_ENTRIES) return fail(new TooLarge());
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
  return {
    stream: async (name, most) => {
      const entry = entries.get(name);
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
  parser.on('closetag', ({ name }) => close?.(local(name)));
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
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
