import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';

/** A random secret of this data folder, created at first use, readable by its owner only; `npm run token` uses it too. */
export function localSecret(
  dataDir: string,
  name: 'auth-jwt-secret' | 'tracking-callback-secret' | 'webhook-secret-key',
): string {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, name);
  if (!existsSync(file)) {
    // Renamed when complete: a start killed here must not leave half a secret.
    writeFileSync(`${file}.new`, randomBytes(32).toString('base64url'), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return readFileSync(file, 'utf8').trim();
}

export interface TokenOptions {
  secret: string;
  sub: string;
  name: string;
  permissions: readonly string[];
  hours: number;
  issuer?: string | undefined;
  audience?: string | undefined;
}

/** A HS256 token that the API accepts. */
export async function signToken({ secret, sub, name, permissions, hours, issuer, audience }: TokenOptions): Promise<string> {
  const token = new SignJWT({ name, permissions: [...permissions] }).setProtectedHeader({ alg: 'HS256' });
  token.setSubject(sub).setIssuedAt().setExpirationTime(`${hours}h`);
  if (issuer) token.setIssuer(issuer);
  if (audience) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
}
