import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aboutWebhook, sealer } from '../../../process/sealed.ts';

const key = 'a-key-of-the-environment-with-32-letters';
const about = aboutWebhook(7);

describe('a sealed text', () => {
  test('opens by its key for what it is about, whatever it says; nothing of it is seen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 4 }), fc.string({ unit: 'binary' }), (text, of) => {
        const sealed = sealer(key).seal(text, of);
        expect(sealer(key).unseal(sealed, of)).toBe(text);
        expect(sealed).not.toContain(text);
        expect(Buffer.from(sealed.slice(3), 'base64url').includes(text)).toBe(false);
      }),
    );
  });

  test('is another one each time', () => {
    const { seal } = sealer(key);
    expect(new Set(Array.from({ length: 100 }, () => seal('whsec_x', about))).size).toBe(100);
  });

  test('does not open by another key, or for another endpoint', () => {
    const sealed = sealer(key).seal('whsec_x', about);
    expect(() => sealer(`${key}.`).unseal(sealed, about)).toThrow();
    expect(() => sealer(key).unseal(sealed, aboutWebhook(8))).toThrow();
  });

  test('does not open with one bit of it changed, cut short, or of another kind', () => {
    const { seal, unseal } = sealer(key);
    const sealed = seal('whsec_x', about);
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => unseal(`v1.${changed.toString('base64url')}`, about)).toThrow();
    }
    for (let length = 0; length < bytes.length; length++)
      expect(() => unseal(`v1.${bytes.subarray(0, length).toString('base64url')}`, about)).toThrow();
    for (const other of ['', 'whsec_x', 'v2', sealed.replace('v1', 'v2')]) expect(() => unseal(other, about)).toThrow();
  });
});
