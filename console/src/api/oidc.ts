import { ErrorResponse, InMemoryWebStorage, type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { t } from '../ui/texts.ts';
import { CALLBACK, rememberScreen, stay } from './returning.ts';

interface Provider {
  authority: string;
  clientId: string;
  scope: string;
}

/** Errors of a provider that was asked (with `prompt=none`) whether somebody is signed in, and nobody is. */
const NOBODY = ['login_required', 'interaction_required', 'consent_required', 'account_selection_required'];

let made: UserManager | undefined;
/** Tokens stay in memory; the data needed after the redirect (PKCE verifier, state) are stored for this tab. */
function managerOf({ authority, clientId, scope }: Provider): UserManager {
  made ??= new UserManager({
    authority,
    client_id: clientId,
    scope,
    redirect_uri: location.origin + CALLBACK,
    post_logout_redirect_uri: `${location.origin}/`,
    response_type: 'code',
    automaticSilentRenew: false,
    redirectMethod: 'replace',
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
  });
  return made;
}

const tokenOf = ({ access_token, profile }: User) => ({ token: access_token, name: profile.name });

/** A readable reason why a sign-in failed: the provider's own text if it gave one. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof ErrorResponse))
    return t('signInFailed', { why: error instanceof Error ? error.message : String(error) });
  if (error.error === 'access_denied') return t('signInDenied');
  return t('signInFailed', { why: error.error_description ?? error.error ?? '' });
}

/** Goes to the provider; `none` = only to ask whether somebody is signed in there. */
export async function redirect(provider: Provider, prompt?: 'none'): Promise<void> {
  rememberScreen();
  await managerOf(provider)
    .signinRedirect(prompt ? { prompt } : {})
    .catch((error: unknown) => {
      stay();
      throw new Error(sentenceOf(error));
    });
}

/** Signs in in a separate window; `blocked` = the browser did not open it. */
export async function popup(provider: Provider) {
  try {
    return tokenOf(await managerOf(provider).signinPopup());
  } catch (error) {
    if (error instanceof Error && /disposed window/.test(error.message)) return 'blocked' as const;
    throw new Error(sentenceOf(error));
  }
}

/** Renews with a refresh token; null = the provider gave none. */
export async function renew(provider: Provider) {
  const manager = managerOf(provider);
  if (!(await manager.getUser())?.refresh_token) return null;
  const user = await manager.signinSilent();
  return user && tokenOf(user);
}

/** Ends the session at the provider too; false = it has no address for that. */
export async function leave(provider: Provider): Promise<boolean> {
  const manager = managerOf(provider);
  if (!(await manager.metadataService.getEndSessionEndpoint())) return false;
  // Removed first, so that the library has no ID token to put into the address.
  await manager.removeUser();
  await manager.signoutRedirect();
  return true;
}

/** The result of the provider's redirect to `answer`: tokens, or why there are none (null: nobody was signed in there). */
export async function complete(provider: Provider, answer: string) {
  const manager = managerOf(provider);
  const state = new URL(answer).searchParams.get('state') ?? '';
  // Started by another window, which waits for this answer; this popup only passes it on. A forged answer finds no such window.
  if (sessionStorage.getItem(`oidc.${state}`) === null) {
    await manager.signinPopupCallback(answer).catch(() => undefined);
    return { trouble: t('signInForeign') };
  }
  try {
    return tokenOf(await manager.signinRedirectCallback(answer));
  } catch (error) {
    const isNobody = error instanceof ErrorResponse && NOBODY.includes(error.error ?? '');
    return { trouble: isNobody ? null : sentenceOf(error) };
  }
}
