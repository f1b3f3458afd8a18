import type { components } from './api-types.d.ts';

type Settings = components['schemas']['ConsoleSettings'];
type PersonaId = Settings['personas'][number]['id'];

export interface Session {
  status: 'starting' | 'signedOut' | 'expired' | 'signedIn' | 'unreachable';
  settings: Settings | null;
  token: string | null;
  name: string;
  permissions: ReadonlySet<string>;
}

/** Only who was chosen is remembered; the token lives in this page's memory alone. */
const REMEMBERED = 'console.persona';
const HALF_MINUTE = 30_000;

let session: Session = { status: 'starting', settings: null, token: null, name: '', permissions: new Set() };
const listeners = new Set<() => void>();
let expiry: ReturnType<typeof setTimeout> | undefined;

export const getSession = (): Session => session;
export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: Partial<Session>): void {
  session = { ...session, ...next };
  for (const listener of listeners) listener();
}

async function json<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(path, { ...init, cache: 'no-store' });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/** Takes a token into use; the screen of the moment stays, when it ends. */
function signedIn(token: string, name: string, permissions: Iterable<string>, expiresAt: number): void {
  clearTimeout(expiry);
  expiry = setTimeout(expire, Math.max(0, Math.min(expiresAt - Date.now() - HALF_MINUTE, 2_000_000_000)));
  set({ status: 'signedIn', token, name, permissions: new Set(permissions) });
}

/** The API no longer takes the token: sign in again, on the same address with its filters. */
export function expire(): void {
  if (session.status === 'signedIn') set({ status: 'expired', token: null });
}

export async function takePersonaToken(id: PersonaId): Promise<void> {
  const persona = session.settings?.personas.find((each) => each.id === id);
  const { token, expiresAt } = await json<components['schemas']['PersonaToken']>(`/console/personas/${id}/token`, {
    method: 'POST',
  });
  localStorage.setItem(REMEMBERED, id);
  signedIn(token, persona?.name ?? id, persona?.permissions ?? [], Date.parse(expiresAt));
}

/** Leads to the sign-in of the company; the address of the moment comes back with it. */
export async function oidcSignIn(): Promise<void> {
  const { redirect } = await import('./oidc.ts');
  if (session.settings?.oidc) await redirect(session.settings.oidc);
}

export function signOut(): void {
  localStorage.removeItem(REMEMBERED);
  clearTimeout(expiry);
  set({ status: 'signedOut', token: null, name: '', permissions: new Set() });
}

/** Asks how one signs in here, and goes on as whoever was chosen last. */
export async function startSession(): Promise<void> {
  try {
    const settings = await json<Settings>('/console/settings');
    set({ settings });
    const remembered = settings.personas.find(({ id }) => id === localStorage.getItem(REMEMBERED));
    if (settings.oidc) {
      const { resume } = await import('./oidc.ts');
      const user = await resume(settings.oidc);
      if (user) return signedIn(user.token, user.name, user.permissions, user.expiresAt);
    } else if (remembered) return await takePersonaToken(remembered.id);
    set({ status: 'signedOut' });
  } catch {
    set({ status: 'unreachable' });
  }
}
