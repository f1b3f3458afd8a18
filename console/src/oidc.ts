import { InMemoryWebStorage, UserManager, WebStorageStateStore } from 'oidc-client-ts';

interface Provider {
  authority: string;
  clientId: string;
  scope: string;
}

const CALLBACK = '/signed-in';

/** The tokens stay in memory; what the redirect needs to come back (PKCE verifier, state) is kept for this tab. */
const manager = ({ authority, clientId, scope }: Provider) =>
  new UserManager({
    authority,
    client_id: clientId,
    scope,
    redirect_uri: location.origin + CALLBACK,
    response_type: 'code',
    automaticSilentRenew: false,
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
  });

export async function redirect(provider: Provider): Promise<void> {
  await manager(provider).signinRedirect({ state: location.pathname + location.search });
}

function claimsOf(token: string): { name?: unknown; permissions?: unknown; exp?: unknown } {
  const part = token.split('.')[1] ?? '';
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** The person who just came back from the sign-in, put on the screen from which they left; null = nobody did. */
export async function resume(provider: Provider) {
  if (location.pathname !== CALLBACK) return null;
  const user = await manager(provider).signinRedirectCallback();
  const back = typeof user.state === 'string' && /^\/(?!\/)/.test(user.state) ? user.state : '/';
  history.replaceState(null, '', back);
  const { name, permissions, exp } = claimsOf(user.access_token);
  return {
    token: user.access_token,
    name: typeof name === 'string' ? name : (user.profile.name ?? user.profile.sub),
    permissions: Array.isArray(permissions) ? permissions.map(String) : [],
    expiresAt: (typeof exp === 'number' ? exp : (user.expires_at ?? 0)) * 1000,
  };
}
