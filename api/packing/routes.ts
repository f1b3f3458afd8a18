import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { workBatchRoutes } from './work-batches.ts';

/** The packing bench: batches of work (작업차수). */
export function packingRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  workBatchRoutes(app, deps, auth, requests);
}
