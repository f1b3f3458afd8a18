import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

/** So many are kept, in memory alone. */
const MOST_KEPT = 500;
/** Of a body so many letters are kept. */
const MOST_LETTERS = 4_000;

/** What came, as it is shown. */
export interface Received {
  at: string;
  /** `webhook-id`: the event's. */
  id: string;
  type: string;
  timestamp: string;
  body: string;
  /** Signed by the secret, not long ago. */
  verified: boolean;
  /** Why it is not verified. */
  error: string | null;
  /** It came before: webhooks are sent at least once. */
  again: boolean;
}

const bodySchema = z.object({ type: z.string(), timestamp: z.string() });
const typeOf = (body: string) => {
  try {
    return bodySchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
};

/** The last webhooks that came, newest first. */
export class ReceivedWebhooks {
  private readonly kept: Received[] = [];
  /** How many have come since the start. */
  total = 0;

  list(): readonly Received[] {
    return this.kept;
  }

  /** Checks the signature and keeps what came. What is not verified is kept too, to be seen, but is no event. */
  take(secret: string | undefined, headers: Record<string, string>, body: string): Received {
    const id = headers['webhook-id'] ?? '';
    const error = faultOf(secret, headers, body);
    const { type = '?', timestamp = '' } = typeOf(body) ?? {};
    const received: Received = {
      ...{ at: new Date().toISOString(), id, type, timestamp, body: body.slice(0, MOST_LETTERS) },
      ...{ verified: error === null, error },
      again: this.kept.some((each) => each.verified && each.id === id),
    };
    this.kept.unshift(received);
    if (this.kept.length > MOST_KEPT) this.kept.length = MOST_KEPT;
    this.total++;
    return received;
  }
}

/** Why this is no webhook for us; null = it is. */
function faultOf(secret: string | undefined, headers: Record<string, string>, body: string): string | null {
  if (secret === undefined) return '비밀 값(secret)을 아직 받지 못했습니다';
  try {
    new Webhook(secret).verify(body, headers);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
