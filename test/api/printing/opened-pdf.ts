import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createCanvas } from '@napi-rs/canvas';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { PATIENCE_MS } from '../../support/patience.ts';

/** A piece of text where it stands, in millimetres from the upper left corner. */
export interface Piece {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface OpenedPage {
  /** In millimetres. */
  width: number;
  height: number;
  pieces: Piece[];
  /** All its text, without blanks: where a line is broken is the printer's business. */
  text: string;
  /** What a scanner reads on the paper, rendered as a label printer of `dpi` does. */
  scan: (dpi?: number) => Promise<string[]>;
}

const MM = 25.4 / 72;
// By itself it would fetch its code from the net.
const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) } });

/** Opens a PDF with another library than the one that wrote it. */
export async function openPdf(bytes: Uint8Array): Promise<OpenedPage[]> {
  // A copy: PDF.js takes the bytes away.
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  const pages = Array.from({ length: document.numPages }, async (_, at): Promise<OpenedPage> => {
    const page = await document.getPage(at + 1);
    const { width, height } = page.getViewport({ scale: 1 });
    const { items } = await page.getTextContent();
    const pieces = items.flatMap((item) => {
      if (!('str' in item) || item.str.trim() === '') return [];
      const [, , , , x = 0, y = 0] = item.transform as number[];
      return { text: item.str, x: x * MM, y: (height - y - item.height) * MM, width: item.width * MM, height: item.height * MM };
    });
    const scan = async (dpi = 203) => {
      const viewport = page.getViewport({ scale: dpi / 72 });
      const canvas = createCanvas(Math.round(viewport.width), Math.round(viewport.height));
      const context = canvas.getContext('2d');
      await page.render({ canvas: canvas as never, canvasContext: context as never, viewport }).promise;
      const found = await readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height) as never, {
        formats: ['Code128'],
        tryHarder: true,
      });
      return found.map(({ text }) => text).sort();
    };
    return {
      width: width * MM,
      height: height * MM,
      pieces,
      text: pieces
        .map(({ text }) => text)
        .join('')
        .replace(/\s/g, ''),
      scan,
    };
  });
  return Promise.all(pages);
}

/** Sends a print and waits for the whole answer. */
export async function print(url: string, token: string, what: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/api/bo/v1/prints/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isPdf = response.headers.get('content-type') === 'application/pdf';
  return {
    status: response.status,
    headers: response.headers,
    body: isPdf ? null : JSON.parse(new TextDecoder().decode(bytes)),
    pages: isPdf ? await openPdf(bytes) : [],
  };
}
