import type { components } from './api-types.d.ts';
import { claimsOf } from './claims.ts';

type Settings = components['schemas']['ConsoleSettings'];
type PersonaId = Settings['personas'][number]['id'];

export interface Session {
  /** `expired` = the screen stays behind the sign-in dialog, with everything that was typed. */
  status: 'starting' | 'signedOut' | 'expired' | 'signedIn' | 'unreachable';
  settings: Settings | null;
  token: string | null;
  name: string;
  permissions: ReadonlySet<string>;
  /** The user's 고객사; null = 물류사 or shop. */
  memberId: string | null;
  /** Why the last sign-in failed. */
  trouble: string | null;
}

/** Only the chosen persona is stored, for this tab and new ones; the token is only in this page's memory. */
const REMEMBERED = 'console.persona';
/** The user of this tab: what one user typed or sent here must not appear for the next. */
const OWNER = 'console.owner';
const RENEW_MS = 30_000;
const AGAIN_MS = 3_000;
/** The longest delay of a timer. */
const MOST_TIMER_MS = 2_000_000_000;

let session: Session = {
  status: 'starting',
  settings: null,
  token: null,
  name: '',
  permissions: new Set(),
  memberId: null,
  trouble: null,
};
/** The API has accepted this token before. */
let isAccepted = false;
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

const forgetting = new Set<() => void>();
/** Called before this user's data in the tab are deleted. */
export const onForget = (listener: () => void): void => void forgetting.add(listener);

const forgetTyped = () => {
  for (const listener of forgetting) listener();
  for (const name of Object.keys(sessionStorage)) if (name.startsWith('console.')) sessionStorage.removeItem(name);
};

/** Starts using a token. When the user has changed, the page is reloaded at the same address. */
function signedIn({ token, name = '' }: { token: string; name?: string | undefined }): void {
  const claims = claimsOf(token);
  const owner = sessionStorage.getItem(OWNER);
  if (owner !== null && owner !== claims.sub) {
    const remembered = sessionStorage.getItem(REMEMBERED);
    forgetTyped();
    sessionStorage.setItem(OWNER, claims.sub);
    if (remembered) sessionStorage.setItem(REMEMBERED, remembered);
    location.reload();
    return;
  }
  sessionStorage.setItem(OWNER, claims.sub);
  clearTimeout(expiry);
  const left = claims.exp * 1_000 - Date.now();
  expiry = setTimeout(() => void renew(token), Math.min(left - Math.min(RENEW_MS, left / 10), MOST_TIMER_MS));
  isAccepted = false;
  set({
    status: 'signedIn',
    token,
    name: claims.name || name || claims.sub,
    // A 고객사's token is taken at /v2 alone, so screens of other routes would only be refused.
    permissions: new Set(claims.permissions.filter((name) => claims.memberId === null || name.startsWith('assembly.'))),
    memberId: claims.memberId,
    trouble: null,
  });
}

async function renew(token: string): Promise<void> {
  const { oidc } = session.settings ?? {};
  const next = oidc ? await (await import('./oidc.ts')).renew(oidc).catch(() => null) : null;
  if (next) signedIn(next);
  else expire(token);
}

/** The API no longer accepts this token: sign in again on the same screen. A call refused with an older token changes nothing. */
export function expire(token: string, why = ''): void {
  if (session.status === 'signedIn' && session.token === token)
    set({ status: 'expired', token: null, trouble: isAccepted || why === '' ? null : why });
}

/** The current token; waits for the sign-in if there is none. */
export function tokenOfMoment(): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      if (session.status !== 'signedIn' || session.token === null) return;
      listeners.delete(look);
      resolve(session.token);
    };
    listeners.add(look);
    look();
  });
}

export function accepted(token: string): void {
  if (session.token === token) isAccepted = true;
}

export async function takePersonaToken(id: PersonaId): Promise<void> {
  const taken = await json<components['schemas']['PersonaToken']>(`/console/personas/${id}/token`, { method: 'POST' });
  for (const storage of [localStorage, sessionStorage]) storage.setItem(REMEMBERED, id);
  signedIn(taken);
}

/** The company's sign-in: in a separate window while a screen is open behind it, else in this one. */
export async function oidcSignIn(prompt?: 'none'): Promise<void> {
  const { settings, status } = session;
  if (!settings?.oidc) return;
  const { popup, redirect } = await import('./oidc.ts');
  try {
    const user = status === 'expired' ? await popup(settings.oidc) : 'blocked';
    if (user === 'blocked') await redirect(settings.oidc, prompt);
    else signedIn(user);
  } catch (error) {
    set({ status: status === 'expired' ? status : 'signedOut', trouble: error instanceof Error ? error.message : String(error) });
  }
}

/** Deletes everything of this user from the page and this tab. */
export async function signOut(): Promise<void> {
  localStorage.removeItem(REMEMBERED);
  forgetTyped();
  clearTimeout(expiry);
  const { oidc } = session.settings ?? {};
  set({ status: 'starting', token: null });
  const isLeaving = oidc ? await (await import('./oidc.ts')).leave(oidc).catch(() => false) : false;
  if (!isLeaving) location.assign('/');
}

/** Reads how to sign in here, and continues as the last user. `answer` = the address that the sign-in redirected to. */
export async function startSession(answer: string | null): Promise<void> {
  try {
    const settings = await json<Settings>('/console/settings');
    set({ settings, status: 'starting' });
    const { oidc, personas } = settings;
    if (oidc && answer !== null) {
      const { complete } = await import('./oidc.ts');
      const back = await complete(oidc, answer);
      if ('token' in back) signedIn(back);
      else set({ status: 'signedOut', trouble: back.trouble });
      return;
    }
    if (oidc && sessionStorage.getItem(OWNER) !== null) {
      await oidcSignIn('none');
      return;
    }
    const last = sessionStorage.getItem(REMEMBERED) ?? localStorage.getItem(REMEMBERED);
    const remembered = personas.find(({ id }) => id === last);
    if (remembered) await takePersonaToken(remembered.id);
    else set({ status: 'signedOut' });
  } catch {
    set({ status: 'unreachable' });
    setTimeout(() => void startSession(answer), AGAIN_MS);
  }
}
