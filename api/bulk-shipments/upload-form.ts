import type { IncomingMessage } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { Problem } from '../../domain/problems.ts';
import type { ApiEnv } from '../http/deps.ts';

/** An upload's multipart body, read from Node's own request: bounded in bytes, in time and in parts, before anything is made of it. */

export const MOST_UPLOAD_BYTES = 20 * 1024 * 1024;
/** A multipart body has some lines in addition to the file. */
const MOST_BODY_BYTES = MOST_UPLOAD_BYTES + 64 * 1024;
/** A form of 290,000 empty parts took 1.9 s and 480 MB to parse; ours has one. */
const MOST_PARTS = 10;
const MOST_HEAD_BYTES = 8 * 1024;
/** Whoever sends more slowly after the first seconds gives the place back: a body that trickles would hold it for ever. */
const LEAST_BYTES_PER_SECOND = 32 * 1024;
const FIRST_SECONDS = 10;

const tooLarge = () => new Problem('BODY_TOO_LARGE', '파일은 20 MiB까지입니다');
const tooSlow = () =>
  new Problem(
    'UNAVAILABLE',
    '파일이 너무 느리게 오고 있습니다. 네트워크를 확인하고 다시 올려 주세요',
    {},
    { 'retry-after': '10' },
  );
const malformed = () => new HTTPException(400);

const BOUNDARY = /;\s*boundary=(?:"([0-9A-Za-z'()+_,./:=? -]{1,70})"|([0-9A-Za-z'()+_,./:=?-]{1,70})(?=\s*(?:;|$)))/i;

/** Runs after authentication and before a place is taken: refuses what no place is needed for. */
export const formOnly: MiddlewareHandler<ApiEnv> = async (c, next) => {
  if (!/^multipart\/form-data\s*;/i.test(c.req.header('content-type') ?? ''))
    throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'Content-Type: multipart/form-data 이어야 합니다');
  if (Number(c.req.header('content-length') ?? 0) > MOST_BODY_BYTES) throw tooLarge();
  await next();
};

/** Runs in a place: reads the body, and gives the form to the route's own validation. */
export const readForm: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const [, quoted, plain] = BOUNDARY.exec(c.req.header('content-type') ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed();
  c.req.bodyCache.formData = await formOf(await bodyOf(c), boundary);
  await next();
};

/** The whole body. Chunks may be of one byte each, so they are copied into one buffer instead of being kept. */
async function bodyOf(c: Context): Promise<Buffer<ArrayBuffer>> {
  const { incoming } = c.env as { incoming: IncomingMessage };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let body = Buffer.alloc(Number(incoming.headers['content-length'] ?? 64 * 1024));
  let size = 0;
  const take = (chunk: Buffer) => {
    const from = size;
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return reject(tooLarge());
    if (size > body.length) {
      const grown = Buffer.alloc(Math.min(MOST_BODY_BYTES, size * 2));
      body.copy(grown, 0, 0, from);
      body = grown;
    }
    chunk.copy(body, from);
  };
  // Counted in turns of the timer, not by the clock: a machine that has slept did not wait for its client.
  let seconds = 0;
  const pace = setInterval(() => {
    if (size < (++seconds - FIRST_SECONDS) * LEAST_BYTES_PER_SECOND) reject(tooSlow());
  }, 1_000);
  const gone = () => reject(malformed());
  incoming.on('data', take).once('end', resolve).once('error', gone).once('close', gone);
  // The client has gone while it waited for its place.
  if (incoming.destroyed) gone();
  try {
    await promise;
  } finally {
    clearInterval(pace);
    incoming.off('data', take);
  }
  return body.subarray(0, size);
}

/**
 * The form of a body, without its content being parsed: that took 160 ms and eight copies of 19 MB. The parts' heads are, with numbers
 * for contents; a file then gets its bytes, and a field that is no file keeps the number, because nobody reads it.
 */
async function formOf(body: Buffer<ArrayBuffer>, boundary: string): Promise<FormData> {
  const parts = partsOf(body, boundary);
  const heads = parts.map(({ head }, at) => `--${boundary}\r\n${head}\r\n\r\n${at}\r\n`);
  const headers = { 'content-type': `multipart/form-data; boundary="${boundary}"` };
  const read = await new Response(`${heads.join('')}--${boundary}--\r\n`, { headers }).formData().catch(() => {
    throw malformed();
  });
  const form = new FormData();
  for (const [at, [name, value]] of [...read].entries()) {
    const content = parts[at]?.content;
    if (typeof value === 'string' || !content) form.append(name, value);
    else form.append(name, new File([content], value.name));
  }
  return form;
}

/** Heads and contents of a multipart body (RFC 2046); throws for more parts than a form of ours has, and for a long head. */
function partsOf(body: Buffer<ArrayBuffer>, boundary: string): { head: string; content: Buffer<ArrayBuffer> }[] {
  const mark = Buffer.from(`\r\n--${boundary}`);
  const parts: { head: string; content: Buffer<ArrayBuffer> }[] = [];
  let at = body.subarray(0, mark.length - 2).equals(mark.subarray(2)) ? -2 : body.indexOf(mark);
  for (;;) {
    const begin = at + mark.length;
    if (body.toString('latin1', begin, begin + 2) === '--') return parts;
    const length = body.subarray(begin, begin + MOST_HEAD_BYTES).indexOf('\r\n\r\n');
    const from = begin + length + 4;
    const end = body.indexOf(mark, from);
    // `at` is -1 where there is no part at all.
    if (at === -1 || length < 0 || end < 0 || parts.length === MOST_PARTS) throw malformed();
    parts.push({ head: body.toString('utf8', begin + 2, begin + length), content: body.subarray(from, end) });
    at = end;
  }
}
