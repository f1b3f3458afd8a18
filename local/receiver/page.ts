import { html, raw } from 'hono/html';
import type { Received } from './received.ts';

const style = `body{font:14px/1.5 system-ui,sans-serif;margin:24px;color:#1f2328}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:6px 10px;border-bottom:1px solid #d8dee4}td.number{font-variant-numeric:tabular-nums}
pre{margin:0;white-space:pre-wrap;word-break:break-all;max-height:12em;overflow:auto}.bad{color:#b3261e}.good{color:#1a7f37}p{color:#59636e}`;

const time = (at: string) =>
  new Date(at).toLocaleString('ko-KR', { timeZone: 'Asia/Seoul', dateStyle: 'short', timeStyle: 'medium' });

/** JSON with blanks, for people; anything else as it came. */
const readable = (body: string) => {
  try {
    return JSON.stringify(JSON.parse(body), null, 1);
  } catch {
    return body;
  }
};

const row = ({ at, id, type, body, verified, error, again }: Received) => html`<tr>
<td class="number">${time(at)}</td><td class="number">${id}${again ? ' (다시 옴)' : ''}</td><td>${type}</td>
<td class="${verified ? 'good' : 'bad'}">${verified ? '확인됨' : `거절: ${error}`}</td>
<td><details><summary>본문</summary><pre>${readable(body)}</pre></details></td></tr>`;

/** What came, for people; the page loads itself again while nothing in it is open. */
export const page = (items: readonly Received[], total: number, hasSecret: boolean) => html`<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>웹훅 수신기</title><style>${raw(style)}</style></head><body>
<h1>웹훅 수신기</h1>
<p>서명을 확인하고 받은 웹훅을 보여 줍니다. 시작한 뒤 ${total}건, 마지막 500건까지. JSON은 <a href="/received">/received</a>.
${hasSecret ? '' : '비밀 값(secret)이 없어 모두 거절합니다: '}${hasSecret ? '비밀 값을 바꾸었으면 ' : ''}<code>curl -X PUT -H 'content-type: application/json' -d '{"secret":"whsec_…"}' 이 주소/_control/secret</code></p>
<table><thead><tr><th>받은 때 (서울)</th><th>webhook-id</th><th>이벤트</th><th>서명</th><th></th></tr></thead>
<tbody>${items.length === 0 ? html`<tr><td colspan="5">아직 받은 것이 없습니다</td></tr>` : items.map(row)}</tbody></table>
<script>setInterval(() => document.querySelector('details[open]') ?? location.reload(), 5000)</script>
</body></html>`;
