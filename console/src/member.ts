import { useSession } from './parts.tsx';

/** The 고객사 that a token speaks for; null = 물류사 or shop. The API decides what is shown, this only arranges the screen. */
export function memberOf(token: string | null): string | null {
  const [, payload = ''] = (token ?? '').split('.');
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    const member: unknown = typeof claims === 'object' && claims !== null ? Reflect.get(claims, 'member_id') : null;
    return member === null || member === undefined ? null : String(member);
  } catch {
    return null;
  }
}

export const useMember = (): string | null => memberOf(useSession().token);
