import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals texts that a dump of the database must not give away. */
export interface Sealer {
  /** `about` names what the text belongs to: sealed for one, it opens for no other. */
  seal: (text: string, about: string) => string;
  /** Throws when the text was sealed by another key or about something else, or was changed. */
  unseal: (sealed: string, about: string) => string;
}

/**
 * What the secret of an endpoint is sealed about. Its id: that is the one thing of it which never changes (its URL does, by PUT) and
 * which no other endpoint has, so a sealed secret that somebody copies into another row does not open there. The id is drawn before
 * the row is inserted (db/webhooks/write.ts).
 */
export const aboutWebhook = (id: number): string => `webhook/${id}`;

/** A sealer by a secret of the environment, from which a key for this use alone is derived (HKDF). */
export function sealer(secret: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'delivery-back-office sealed v1', 32));
  return {
    seal: (text, about) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(about));
      const parts = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return `${VERSION}.${Buffer.concat(parts).toString('base64url')}`;
    },
    unseal: (sealed, about) => {
      const [version, text = ''] = sealed.split('.');
      const bytes = Buffer.from(text, 'base64url');
      if (version !== VERSION || bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('not a sealed text');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(about));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const opened = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    },
  };
}
