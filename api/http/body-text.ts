import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';

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
