import type { Requests } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { verificationRoutes } from './verifications.ts';
import { workBatchRoutes } from './work-batches.ts';

/** The packing bench: batches of work (작업차수) and verification (검품). */
export function packingRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  workBatchRoutes(app, deps, auth, requests);
  verificationRoutes(app, deps, auth, requests);
}
