import type { IncomingMessage, ServerResponse } from 'node:http';
import { askAligo } from './notices/aligo.ts';
import type { Asked } from './notices/model.ts';
import { askSolapi } from './notices/solapi.ts';
import { misbehave, type NoticeDoor, sendJson } from './parcels/behaviours.ts';
import type { World } from './parcels/model.ts';

const BODY_LIMIT = 65_536;
const DOORS: Record<string, NoticeDoor> = {
  '/messages/v4/send-many/detail': 'solapi',
  '/akv10/alimtalk/send/': 'aligo',
};

/** The providers of messages (알림톡) at their own addresses; undefined = the request is for somebody else. */
export function answerNotice(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> | undefined {
  const door = DOORS[new URL(request.url ?? '/', 'http://notices').pathname];
  return door === undefined ? undefined : answer(world, door, request, response);
}

async function answer(world: World, door: NoticeDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') return sendJson(response, { status: 405, error: 'Method Not Allowed' }, 405);
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > BODY_LIMIT) return sendJson(response, { status: 413, error: 'Payload Too Large' }, 413);
  }
  const asked = ask(world, door, request, body);
  const rule = world.behaviours.meet(door, '', asked.to);
  if (!rule) {
    const { status, body: right } = asked.act();
    return sendJson(response, right, status);
  }
  if (rule.kind === 'code') {
    const { status, body: refused } = asked.refuse(rule.code, rule.message);
    return sendJson(response, refused, status);
  }
  // `acts`: the message goes out, only its answer is lost.
  const right = rule.acts || rule.kind === 'slow' ? asked.act().body : {};
  await misbehave(response, rule, right);
}

function ask({ notices, now }: World, door: NoticeDoor, request: IncomingMessage, body: string): Asked {
  switch (door) {
    case 'solapi':
      return askSolapi(notices, now(), request.headers.authorization ?? '', body);
    case 'aligo':
      return askAligo(notices, now(), request.headers['content-type'] ?? '', body);
    default:
      return door satisfies never;
  }
}
