import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { webhookDeliveryRoutes } from './deliveries.ts';
import { feedRoutes } from './feed.ts';
import { webhookRoutes } from './webhooks.ts';

/** Events told outside: the feed for those who ask, and webhooks for those who want to be told. */
export function eventRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  feedRoutes(app, deps, auth);
  webhookRoutes(app, deps, auth, requests);
  webhookDeliveryRoutes(app, deps, auth, requests);
}
