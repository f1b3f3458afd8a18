import { once } from 'node:events';
import { stdin, stdout } from 'node:process';
import { drawingOf, END, type Job, type Part } from './pdf/job.ts';
import { paperOf } from './pdf/paper.ts';

// Started by press.ts of this folder: a job and its parts come on stdin, a line each; the PDF leaves on stdout while they come.
const lines = linesOf(stdin.setEncoding('utf8'));
const first = await lines.next();
const job = JSON.parse(first.value ?? '') as Job;
const paper = paperOf(job.title);
const draw = drawingOf(job, paper);
paper.doc.on('data', (bytes: Buffer) => stdout.write(bytes));

let isWhole = false;
for await (const line of lines) {
  isWhole = line === END;
  // Read to its end all the same: a pipe closed too early would look like a failure to the parent.
  if (isWhole) continue;
  draw(JSON.parse(line) as Part);
  // PDFKit does not wait for whoever reads it: without this a slow reader's pages would pile up here.
  if (stdout.writableNeedDrain) await once(stdout, 'drain');
}
// The parent died or gave up in the middle.
if (!isWhole) process.exit(1);
const ended = once(paper.doc, 'end');
paper.doc.end();
await ended;
stdout.end();

/** Its lines, read no further than they are wanted; Node's readline reads a thousand ahead. */
async function* linesOf(input: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = '';
  for await (const piece of input) {
    const whole = (begun + piece).split('\n');
    begun = whole.pop() ?? '';
    yield* whole;
  }
}
