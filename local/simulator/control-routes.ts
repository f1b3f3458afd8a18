import { Hono } from 'hono';
import { ZodError } from 'zod';
import type { Control } from './control.ts';
import * as schemas from './parcels/control-schemas.ts';
import { ScenarioError } from './parcels/scenario.ts';

/** `Control` as JSON under `/_control`. An invalid body or query is 400, an unknown parcel 404. */
export function controlRoutes(control: Control): Hono {
  const app = new Hono().basePath('/_control');

  app.get('/', (c) => c.json({ settings: control.settings(), totals: control.totals(), behaviours: control.behaviours() }));
  app.get('/settings', (c) => c.json(control.settings()));
  app.on(['PATCH', 'PUT'], '/settings', async (c) => c.json(control.settings(schemas.settingsPatch.parse(await c.req.json()))));

  app.get('/parcels', (c) => c.json(control.listParcels(schemas.parcelFilter.parse(c.req.query()))));
  app.get('/parcels/:num', (c) => c.json(control.parcel(c.req.param('num'), c.req.query('code'))));
  app.post('/parcels', async (c) => c.json(control.preload(schemas.preload.parse(await c.req.json())), 201));
  app.put('/parcels/:num/options', async (c) =>
    c.json(control.options(c.req.param('num'), schemas.parcelOptions.parse(await c.req.json()))),
  );
  app.delete('/parcels/:num/options', (c) => c.json(control.options(c.req.param('num'), null)));
  app.post('/advance', async (c) => c.json(await control.advance(schemas.advance.parse(await c.req.json()))));

  app.post('/callbacks', async (c) => c.json(await control.send(schemas.callback.parse(await c.req.json()))));
  app.get('/callbacks', (c) => c.json({ items: control.callbacks(schemas.logFilter.parse(c.req.query())) }));
  app.get('/registrations', (c) => c.json({ items: control.registrations(schemas.logFilter.parse(c.req.query())) }));
  app.get('/questions', (c) => c.json({ items: control.questions(schemas.logFilter.parse(c.req.query())) }));
  app.get('/notices', (c) => c.json({ items: control.notices(schemas.noticeFilter.parse(c.req.query())) }));
  app.get('/waybills', (c) => c.json({ items: control.waybills(schemas.waybillFilter.parse(c.req.query())) }));
  app.get('/idle', async (c) => c.json(await control.idle(schemas.idleFilter.parse(c.req.query()).timeoutMs)));

  app.get('/behaviours', (c) => c.json({ items: control.behaviours() }));
  app.post('/behaviours', async (c) => c.json(control.behave(schemas.behaviour.parse(await c.req.json())), 201));
  app.delete('/behaviours', (c) => c.json(control.unbehave()));
  app.delete('/behaviours/:id', (c) => c.json(control.unbehave(Number(c.req.param('id')))));

  app.post('/new-day', (c) => {
    control.newDay();
    return c.json({ ok: true });
  });
  app.post('/reset', (c) => {
    control.reset();
    return c.json({ ok: true });
  });

  app.notFound((c) => c.json({ error: `no such control route: ${c.req.method} ${c.req.path}` }, 404));
  app.onError((error, c) => {
    if (error instanceof ZodError) {
      const errors = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      return c.json({ error: 'the input does not fit', errors }, 400);
    }
    if (error instanceof SyntaxError) return c.json({ error: 'the body is not JSON' }, 400);
    if (error instanceof ScenarioError) return c.json({ error: error.message }, error.status);
    return c.json({ error: String(error) }, 500);
  });
  return app;
}
