import { Agent, request } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** A bare sender: signs and posts these bodies, so many at once, and keeps nothing. Imports nothing of the product. */
const { url, secret, count, atOnce } = JSON.parse(process.argv[2] ?? '') as {
  url: string;
  secret: string;
  count: number;
  atOnce: number;
};
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
const hook = new Webhook(secret);

const post = (id: number) =>
  new Promise<void>((resolve, reject) => {
    const at = new Date();
    const data = { subject: `bare-${id}`, revision: 1, state: 'instructed', deliveryNo: `D${id}`, lineNo: 1 };
    const body = JSON.stringify({ type: 'delivery.instructed', timestamp: at.toISOString(), data });
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'webhook-id': `bare-${id}`,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': hook.sign(`bare-${id}`, at, body),
    };
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => answer.resume().on('end', resolve));
    sent.on('error', reject);
    sent.end(body);
  });

const from = performance.now();
let next = 0;
const lane = async () => {
  while (next < count) await post(next++);
};
await Promise.all(Array.from({ length: atOnce }, lane));
process.send?.({ ms: performance.now() - from });
process.exit();
