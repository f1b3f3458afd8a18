import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** The three routes of the tracker's wire, and one each of those who deliver messages (알림톡). */
export type TrackerDoor = 'register' | 'trackingInfo' | 'companylist';
export type NoticeDoor = 'solapi' | 'aligo';
export type Door = TrackerDoor | NoticeDoor;

/** A kind of wrong answer. Only `slow` gives the right answer in the end. */
export type Misbehaviour =
  /** register: an e_code; trackingInfo: an HTTP-200 error; solapi and aligo: the message is refused with it. */
  | { kind: 'code'; code: string; message?: string | undefined }
  | { kind: 'status'; status: number; body?: string | undefined; contentType?: string | undefined }
  | { kind: 'html' }
  /** Sends no answer. */
  | { kind: 'hang' }
  /** Sends headers and the first half of the body, then nothing more. */
  | { kind: 'halfway' }
  /** Closes the connection without an answer. */
  | { kind: 'drop' }
  | { kind: 'slow'; ms: number };

/** A rule: which requests are answered wrongly. */
export type Behaviour = Misbehaviour & {
  on: Door;
  /** Only this waybill, of any carrier when `code` is absent; of messages: only this receiver's number. */
  waybill?: { num: string; code?: string | undefined } | undefined;
  /** Skips this many requests first. */
  after?: number | undefined;
  /** Ends after this many requests; when absent, it stays. */
  times?: number | undefined;
  /** The request has its effect; only its answer is lost or late. */
  acts?: boolean | undefined;
};

/** The rules in force, oldest first. */
export class Behaviours {
  private rules: { id: number; rule: Behaviour; passed: number; met: number }[] = [];
  private lastId = 0;

  add(rule: Behaviour): number {
    this.rules.push({ id: ++this.lastId, rule, passed: 0, met: 0 });
    return this.lastId;
  }

  list(): { id: number; rule: Behaviour; met: number }[] {
    return this.rules.map(({ id, rule, met }) => ({ id, rule, met }));
  }

  /** Removes one rule, or all of them. */
  remove(id?: number): number {
    const before = this.rules.length;
    this.rules = id === undefined ? [] : this.rules.filter((each) => each.id !== id);
    return before - this.rules.length;
  }

  /** The oldest rule that applies to this request; counts the request. */
  meet(door: Door, code: string, num: string): Behaviour | undefined {
    for (const each of this.rules) {
      const { on, waybill, after = 0, times = Number.POSITIVE_INFINITY } = each.rule;
      if (on !== door || (waybill && (waybill.num !== num || (waybill.code ?? code) !== code))) continue;
      if (each.passed < after) {
        each.passed++;
        continue;
      }
      each.met++;
      if (each.met >= times) this.remove(each.id);
      return each.rule;
    }
    return undefined;
  }
}

/** An answer of the wire: status 200 unless a misbehaviour says otherwise. */
export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json;charset=UTF-8', 'content-length': Buffer.byteLength(text) })
    .end(text);
}

const HTML = '<!DOCTYPE html><html><head><title>점검중</title></head><body><h1>시스템 점검중입니다.</h1></body></html>';

/** Answers according to a misbehaviour. `right` is the answer that would have been given. */
export async function misbehave(
  response: ServerResponse,
  how: Exclude<Misbehaviour, { kind: 'code' }>,
  right: unknown,
): Promise<void> {
  switch (how.kind) {
    case 'status': {
      const type = how.contentType ?? 'application/json;charset=UTF-8';
      response.writeHead(how.status, { 'content-type': type }).end(how.body ?? `{"status":${how.status},"error":"error"}`);
      return;
    }
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html;charset=UTF-8' }).end(HTML);
      return;
    case 'hang':
      return;
    case 'halfway': {
      const text = Buffer.from(JSON.stringify(right));
      response.writeHead(200, { 'content-type': 'application/json;charset=UTF-8', 'content-length': text.length });
      response.write(text.subarray(0, text.length >> 1));
      return;
    }
    case 'drop':
      response.destroy();
      return;
    case 'slow':
      await sleep(how.ms, undefined, { ref: false });
      sendJson(response, right);
      return;
    default:
      how satisfies never;
  }
}
