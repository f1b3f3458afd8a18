import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { App } from './deps.ts';

const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const served: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
};

const page = `<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>배송관리 API</title>
<link rel="icon" href="/docs/favicon-32x32.png"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>`;
const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true, persistAuthorization: false });`;

/** `/openapi.json`, made from the routes' zod schemas, and `/docs` to browse it; all files are served from here. */
export function docsRoutes(app: App): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: '배송관리 백오피스 API',
      version: '1.0.0',
      description: '주문내역의 배송과 회수를 하나씩의 Temporal 워크플로로 처리합니다.',
    },
    servers: [{ url: '/' }],
  });
  app.get('/docs', (c) => c.html(page));
  app.get('/docs/start.js', (c) => c.body(start, 200, { 'content-type': 'text/javascript' }));
  app.get('/docs/:asset', async (c, next) => {
    const type = served[c.req.param('asset')];
    if (type === undefined) return next();
    return c.body(await readFile(join(assets, c.req.param('asset'))), 200, {
      'content-type': type,
      'cache-control': 'max-age=3600',
    });
  });
}
