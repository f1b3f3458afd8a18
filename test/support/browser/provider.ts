import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

export const CLIENT_ID = 'console';
export const AUDIENCE = 'delivery-back-office';

/** An OpenID provider of a company, on loopback: its people sign in by a click on their name. */
export interface TestProvider {
  issuer: string;
  /** Of the tokens it gives from now on. */
  tokens: { permissions: string[]; seconds: number; refresh: boolean };
  /** Registers the console that is at this address. */
  serve: (consoleUrl: string) => void;
  stop: () => Promise<void>;
}

const PEOPLE: Record<string, string> = { lee: '이운영', kim: '김관리' };

const page = (links: [href: string, text: string][]) =>
  `<!doctype html><meta charset="utf-8"><title>회사 로그인</title>${links.map(([href, text]) => `<p><a href="${href}">${text}</a>`).join('')}`;

export async function startProvider(): Promise<TestProvider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'one' };
  const tokens: TestProvider['tokens'] = { permissions: [], seconds: 600, refresh: false };
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end();
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const serve = (consoleUrl: string) => {
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT_ID,
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          redirect_uris: [`${consoleUrl}/signed-in`],
          post_logout_redirect_uris: [`${consoleUrl}/`],
        },
      ],
      jwks: { keys: [key] },
      cookies: { keys: ['only for tests'] },
      pkce: { required: () => true },
      ttl: { Interaction: 600, Grant: 600, Session: 600, IdToken: 600, RefreshToken: 600 },
      clientBasedCORS: (_ctx, origin) => origin === consoleUrl,
      findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, name: PEOPLE[id] }) }),
      claims: { openid: ['sub'], profile: ['name'] },
      conformIdTokenClaims: false,
      extraTokenClaims: () => ({ permissions: tokens.permissions }),
      issueRefreshToken: () => tokens.refresh,
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      // The company trusts its own console: nobody is asked what it may know.
      loadExistingGrant: async (ctx) => {
        const { client, session, provider: self } = ctx.oidc;
        const grant = new self.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' });
        grant.addOIDCScope('openid profile');
        await grant.save();
        return grant;
      },
      features: {
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => 'urn:delivery-back-office',
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: '',
            audience: AUDIENCE,
            accessTokenFormat: 'jwt',
            accessTokenTTL: tokens.seconds,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
    });
    const callback = provider.callback();
    answer = (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
      if (!pathname.startsWith('/interaction/')) return void callback(request, response);
      const as = searchParams.get('as');
      if (as !== null) return void provider.interactionFinished(request, response, { login: { accountId: as } });
      if (searchParams.has('deny'))
        return void provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'no' });
      response.setHeader('content-type', 'text/html');
      response.end(
        page([...Object.entries(PEOPLE).map(([id, name]) => [`?as=${id}`, name] as [string, string]), ['?deny', '거절']]),
      );
    };
  };
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { issuer, tokens, serve, stop };
}
