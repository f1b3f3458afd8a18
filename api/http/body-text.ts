import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { isNestedTooDeep } from '../../domain/nesting.ts';

/**
 * A body of at most `most` bytes; undefined when it is longer. Reads Node's own request, because for a callback the web stream
 * around it would cost more than everything else. Empty when the client has gone: then nobody reads the answer.
 */
export function readText(c: Context, most: number): Promise<string | undefined> {
  const { incoming } = c.env as { incoming: IncomingMessage };
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else resolve(undefined);
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    incoming.on('error', () => resolve(''));
    incoming.on('close', () => resolve(''));
  });
}

/**
 * From here on this request's JSON is read only if it does not nest too deep. The routes read it by `json()`, after they have checked
 * the token; what throws there is answered as broken JSON.
 */
export function boundNesting({ req }: Context): void {
  req.json = async () => {
    const text = await req.text();
    if (isNestedTooDeep(text)) throw new Error('nested too deep');
    return JSON.parse(text);
  };
}
