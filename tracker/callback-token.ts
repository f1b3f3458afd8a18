import { createHmac } from 'node:crypto';

/** The token in a fid's callback URL: HMAC with `TRACKING_CALLBACK_SECRET`. Only a caller who was given the URL knows it. */
export function callbackToken(secret: string, fid: string): string {
  return createHmac('sha256', secret).update(fid).digest('base64url');
}
