import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { SERVER_VERSION, UI_VERSION } from '../../local/servers/temporal-server.ts';

test('Compose names the server, its tools and the UI that `npm run cluster` runs', () => {
  const compose = readFileSync(join(import.meta.dirname, '..', '..', 'docker-compose.yml'), 'utf8');
  const images = [...compose.matchAll(/image: temporalio\/([\w-]+):(\S+)/g)].map(([, image, tag]) => `${image}:${tag}`);
  const expected = [`admin-tools:${SERVER_VERSION}`, `server:${SERVER_VERSION}`, `ui:${UI_VERSION}`];
  expect([...new Set(images)].sort()).toEqual(expected.sort());
});
