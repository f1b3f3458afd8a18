import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Behaviour, misbehave, sendJson, type TrackerDoor } from './behaviours.ts';
import { carriers } from './carriers.ts';
import type { World } from './model.ts';
import type { Parcels } from './parcels.ts';
import { refusal, register } from './register.ts';
import { type Question, trackingError, trackingInfo } from './tracking-info.ts';

const BODY_LIMIT = 65_536;
const DOORS: Record<string, { door: TrackerDoor; methods: string[] }> = {
  '/add_invoice': { door: 'register', methods: ['POST'] },
  '/api/v1/trackingInfo': { door: 'trackingInfo', methods: ['GET', 'POST'] },
  '/api/v1/companylist': { door: 'companylist', methods: ['GET'] },
};

/** A request to one of the routes: its waybill, how to execute it, how to refuse it, how to log it. */
interface Asked {
  code: string;
  num: string;
  act: () => unknown;
  refuse: (code: string, message?: string) => unknown;
  /** An answer of the right form, used when a misbehaving request was not executed. */
  blank: unknown;
  note: (answeredBy: string, answer: unknown) => void;
}

/** SweetTracker's own routes; everything else is 404. */
export async function answerWire(
  world: World,
  parcels: Parcels,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://tracker');
  const entry = DOORS[url.pathname];
  if (!entry) return sendJson(response, { status: 404, error: 'Not Found', path: url.pathname }, 404);
  if (!entry.methods.includes(request.method ?? '')) return sendJson(response, { status: 405, error: 'Method Not Allowed' }, 405);
  if (world.settings.outage !== 'off') return outage(world.settings.outage, response);
  const body = await readBody(request);
  if (body === undefined) return sendJson(response, { status: 413, error: 'Payload Too Large' }, 413);
  const asked = ask(world, parcels, entry.door, request, url, body);
  const rule = world.behaviours.meet(entry.door, asked.code, asked.num);
  if (!rule) {
    const answer = asked.act();
    asked.note('right', answer);
    return sendJson(response, answer);
  }
  await misanswer(response, rule, asked);
}

async function misanswer(response: ServerResponse, rule: Behaviour, asked: Asked): Promise<void> {
  const acted = rule.acts || rule.kind === 'slow' ? asked.act() : undefined;
  if (rule.kind === 'code') {
    const told = asked.refuse(rule.code, rule.message);
    asked.note(rule.kind, acted ?? told);
    return sendJson(response, told);
  }
  asked.note(rule.kind, acted ?? null);
  await misbehave(response, rule, acted ?? asked.blank);
}

async function outage(how: 'drop' | '503' | 'hang', response: ServerResponse): Promise<void> {
  await misbehave(response, how === '503' ? { kind: 'status', status: 503 } : { kind: how }, null);
}

function ask(world: World, parcels: Parcels, door: TrackerDoor, request: IncomingMessage, url: URL, body: string): Asked {
  const at = new Date(world.now()).toISOString();
  switch (door) {
    case 'register':
      return askRegister(world, parcels, at, request.headers['content-type'] ?? '', body);
    case 'trackingInfo':
      return askTracking(world, at, request.method ?? '', request.method === 'GET' ? url.searchParams : body);
    case 'companylist':
      return {
        code: '',
        num: '',
        act: () => ({ Company: carriers }),
        refuse: trackingError,
        blank: { Company: carriers },
        note: () => {},
      };
    default:
      return door satisfies never;
  }
}

function askRegister(world: World, parcels: Parcels, at: string, contentType: string, body: string): Asked {
  // A body that is not a form has no parameters: 01.
  const form = new URLSearchParams(contentType.startsWith('application/x-www-form-urlencoded') ? body : '');
  const of = (name: string): string => form.get(name) ?? '';
  const num = of('num');
  const fid = of('fid');
  const about = {
    num,
    code: of('code'),
    fid,
    callbackUrl: of('callback_url'),
    tier: of('tier'),
    key: of('key'),
    type: of('type'),
  };
  let answer: ReturnType<typeof register> | null = null;
  return {
    code: about.code,
    num,
    act: () => {
      answer = register(world, parcels, form);
      return answer;
    },
    refuse: (code, message) => {
      const told = refusal(num, fid, code, message);
      answer ??= told;
      return told;
    },
    blank: { success: true, num, fid, e_code: '', e_message: '' },
    note: (answeredBy) => world.journal.registration({ at, ...about, contentType, answeredBy, answer }),
  };
}

function askTracking(world: World, at: string, method: string, from: URLSearchParams | string): Asked {
  const question = typeof from === 'string' ? fromJson(from) : fromEntries(Object.fromEntries(from));
  const { t_key: key, t_code: code, t_invoice: num } = question;
  return {
    code,
    num,
    act: () => trackingInfo(world, question),
    refuse: trackingError,
    blank: { result: 'Y', invoiceNo: num, complete: true, completeYN: 'Y', level: 6, trackingDetails: [] },
    note: (answeredBy, answer) => world.journal.question({ at, method, key, num, code, answeredBy, ...levelAndError(answer) }),
  };
}

function levelAndError(answer: unknown): { level: number | null; error: string | null } {
  if (typeof answer !== 'object' || answer === null) return { level: null, error: null };
  if ('status' in answer && answer.status === false) return { level: null, error: 'code' in answer ? String(answer.code) : '' };
  return { level: 'level' in answer && typeof answer.level === 'number' ? answer.level : null, error: null };
}

function fromJson(body: string): Question {
  try {
    const parsed: unknown = JSON.parse(body);
    return fromEntries(typeof parsed === 'object' && parsed !== null ? { ...parsed } : {});
  } catch {
    return fromEntries({});
  }
}

function fromEntries(entries: Record<string, unknown>): Question {
  const of = (name: string): string => (entries[name] === undefined || entries[name] === null ? '' : String(entries[name]));
  return { t_key: of('t_key'), t_code: of('t_code'), t_invoice: of('t_invoice') };
}

/** The whole body; undefined when it is too large. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_LIMIT) chunks.push(chunk);
    });
    request.on('end', () => resolve(size > BODY_LIMIT ? undefined : Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
}
