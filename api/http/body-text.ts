import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';

/**
 * A body of at most `most` bytes, undefined when there is more. Read from Node's own request: the web stream around it would cost
 * a callback more than everything else it does. Empty when the client goes away: nobody is left to be answered.
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
