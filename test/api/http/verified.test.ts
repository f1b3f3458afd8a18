import { describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { createVerifier } from '../../../api/http/auth.ts';
import { remembered } from '../../../api/http/token-cache.ts';
import { apiConfig } from '../../../process/config/api.ts';
import { SECRET } from '../../support/stack.ts';

/** A verifier under a clock of its own that counts how often a token was really looked at. */
function counted(expiresAt: number) {
  const state = { at: 0, looked: 0, refuses: false };
  const verify = remembered(
    async (token) => {
      state.looked++;
      if (state.refuses) throw new Error('refused');
      return { who: token, expiresAt };
    },
    () => state.at,
  );
  return { state, verify };
}

describe('a token that was verified is remembered', () => {
  test('for a minute, then its signature is checked again: a withdrawn key is believed no longer', async () => {
    const { state, verify } = counted(1_000_000);
    expect(await verify('a')).toBe('a');
    state.refuses = true;
    state.at = 59_999;
    expect(await verify('a')).toBe('a');
    expect(state.looked).toBe(1);
    state.at = 60_000;
    await expect(verify('a')).rejects.toThrow('refused');
  });

  test('never beyond its end, however lately it was verified', async () => {
    const { state, verify } = counted(5_000);
    await verify('a');
    state.refuses = true;
    state.at = 4_999;
    expect(await verify('a')).toBe('a');
    state.at = 5_000;
    await expect(verify('a')).rejects.toThrow('refused');
  });

  test('a refusal is not: the next try is looked at anew', async () => {
    const { state, verify } = counted(1_000_000);
    state.refuses = true;
    await expect(verify('a')).rejects.toThrow('refused');
    state.refuses = false;
    expect(await verify('a')).toBe('a');
    expect(state.looked).toBe(2);
  });

  test('another token, also of the same person with other permissions, is its own', async () => {
    const verify = createVerifier(apiConfig({ AUTH_JWT_SECRET: SECRET }), pino({ level: 'silent' }));
    const tokenOf = (permissions: string[]) =>
      new SignJWT({ sub: 'kim', permissions, exp: Math.floor(Date.now() / 1000) + 60 })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(SECRET));
    const [reader, writer] = [await tokenOf(['delivery.read']), await tokenOf(['delivery.write'])];
    for (let time = 0; time < 2; time++) {
      expect([...(await verify(reader)).permissions]).toEqual(['delivery.read']);
      expect([...(await verify(writer)).permissions]).toEqual(['delivery.write']);
    }
    const [head, body] = reader.split('.');
    const [, , signature] = writer.split('.');
    await expect(verify(`${head}.${body}.${signature}`)).rejects.toThrow();
  });

  test('a thousand are kept, the oldest goes first', async () => {
    const { state, verify } = counted(1_000_000);
    for (let token = 0; token <= 1_000; token++) await verify(String(token));
    await verify('1000');
    expect(state.looked).toBe(1_001);
    await verify('0');
    expect(state.looked).toBe(1_002);
  });
});
