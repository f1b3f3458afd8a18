import { createHmac } from 'node:crypto';

/** The token of a fid's callback URL: HMAC under `TRACKING_CALLBACK_SECRET`; whoever calls back must have been told it. */
export function callbackToken(secret: string, fid: string): string {
  return createHmac('sha256', secret).update(fid).digest('base64url');
}
