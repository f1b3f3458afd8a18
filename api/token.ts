import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { permissions } from './http/auth.ts';

/** `npm run --silent token -- --sub kim --permissions a,b [--member 70] [--hours 12]`: prints a token for the local secret. */
const usage = 'npm run --silent token -- --sub kim --permissions delivery.read,delivery.write [--member 70] [--hours 12]';

const options = z.object({
  sub: z.string().min(1),
  permissions: z
    .string()
    .transform((list) => list.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(permissions))),
  member: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .optional(),
  hours: z.coerce.number().positive().default(12),
});

function localSecret(): string {
  if (process.env.AUTH_JWT_SECRET) return process.env.AUTH_JWT_SECRET;
  return readFileSync(join(process.env.DATA_DIR ?? '.data', 'auth-jwt-secret'), 'utf8').trim();
}

try {
  const { values } = parseArgs({
    options: { sub: { type: 'string' }, permissions: { type: 'string' }, member: { type: 'string' }, hours: { type: 'string' } },
  });
  const { sub, permissions: granted, member, hours } = options.parse(values);
  const token = await new SignJWT({ permissions: granted, ...(member === undefined ? {} : { member_id: Number(member) }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000 + hours * 3600))
    .sign(new TextEncoder().encode(localSecret()));
  console.log(token);
} catch (error) {
  const why =
    error instanceof z.ZodError
      ? error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n')
      : String(error);
  console.error(`${why}\n${usage}\npermissions: ${permissions.join(',')}`);
  process.exit(1);
}
