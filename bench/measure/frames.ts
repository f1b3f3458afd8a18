import { readFileSync } from 'node:fs';
import type { Profiler, Runtime } from 'node:inspector';
import { SourceMap, type SourceMapping } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A function and the time spent in the function itself. */
export interface Frame {
  name: string;
  /** `ours`, an npm package, `node`, `gc` or `native`. */
  group: string;
  /** Short file and line. */
  at: string;
  ms: number;
}

const NOT_BUSY = new Set(['(idle)', '(root)']);
const repository = join(import.meta.dirname, '..', '..');

/** The source map at the end of the workflow bundle, to find a position's source. */
export function bundleMap(path: string): SourceMap {
  const text = readFileSync(path, 'utf8');
  const base64 = text.slice(text.lastIndexOf('base64,') + 'base64,'.length).trim();
  return new SourceMap(JSON.parse(Buffer.from(base64, 'base64').toString('utf8')));
}

/** What a thread did while it was profiled, most expensive first, without idle time. */
export function framesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, bundle: SourceMap): Frame[] {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const frames = new Map<string, Frame>();
  for (const [at, id] of samples.entries()) {
    const call = byId.get(id);
    if (!call || NOT_BUSY.has(call.functionName)) continue;
    const frame = frameOf(call, bundle);
    const key = `${frame.name} ${frame.at}`;
    const known = frames.get(key) ?? frame;
    // A sample counts for the time until the next one.
    known.ms += (timeDeltas[at + 1] ?? 0) / 1000;
    frames.set(key, known);
  }
  return [...frames.values()].sort((a, b) => b.ms - a.ms);
}

function frameOf({ functionName, url, lineNumber, columnNumber }: Runtime.CallFrame, bundle: SourceMap): Frame {
  const name = functionName || '(anonymous)';
  const inBundle = /workflow-bundle|\.cache\/workflows/.test(url);
  const found = inBundle ? bundle.findEntry(lineNumber, columnNumber) : {};
  const { originalSource = url, originalLine = lineNumber }: Partial<SourceMapping> = found;
  return { name, ms: 0, ...placeOf(name, originalSource, originalLine + 1) };
}

function placeOf(name: string, url: string, line: number): { group: string; at: string } {
  if (name === '(garbage collector)') return { group: 'gc', at: '' };
  if (url === '') return { group: 'native', at: '' };
  if (url.startsWith('node:')) return { group: 'node', at: `${url}:${line}` };
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const [, inPackage] = /.*node_modules\/(.+)$/.exec(path) ?? [];
  if (inPackage === undefined)
    return { group: 'ours', at: `${path.replace(`${repository}/`, '').replace(/^webpack:\/+\.?\/?/, '')}:${line}` };
  const [first = '', second = ''] = inPackage.split('/');
  return { group: first.startsWith('@') ? `${first}/${second}` : first, at: `${inPackage}:${line}` };
}
