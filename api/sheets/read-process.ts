import { buffer } from 'node:stream/consumers';
import { readBytes, type SheetMessage } from './read-bytes.ts';

/** Sends a message, and waits until the parent has worked on it: neither holds more than one piece. */
const say = (message: SheetMessage) =>
  new Promise<void>((resolve) => {
    process.once('message', () => resolve());
    process.send?.(message);
  });

// Its parent is gone: nobody needs what is read.
process.once('disconnect', () => process.exit());
// Sent by read.ts of this folder: the bytes on stdin, the sheet's name as argument.
const [wanted] = process.argv.slice(2);
await readBytes(await buffer(process.stdin), wanted, say);
process.disconnect();
