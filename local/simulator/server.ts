import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Control } from './control.ts';
import { controlRoutes } from './control-routes.ts';
import { answerNotice } from './notice-wire.ts';
import { Behaviours } from './parcels/behaviours.ts';
import { startClock } from './parcels/clock.ts';
import { Journal } from './parcels/journal.ts';
import { presetSettings, type Settings, type World } from './parcels/model.ts';
import { Parcels } from './parcels/parcels.ts';
import { Pushes } from './parcels/pushes.ts';
import { answerWire } from './parcels/wire.ts';
import { openStateFile } from './state-file.ts';

export interface SimulatorOptions {
  /** 0 or absent: any free port. */
  port?: number | undefined;
  host?: string | undefined;
  /** Speed of the parcel clock: 1 = a level about every 20 s, 0 = parcels move only on command. */
  speed?: number | undefined;
  settings?: Partial<Settings> | undefined;
  /** Stores parcels and their options, so that they survive a restart. */
  stateFile?: string | undefined;
  /** The tracker's current time, in epoch milliseconds. */
  now?: (() => number) | undefined;
}

export interface Simulator {
  url: string;
  port: number;
  control: Control;
  /** Aborts everything in progress. */
  stop: () => Promise<void>;
}

/**
 * A small SweetTracker on a real port: its wire, moving parcels, and scenarios under `/_control`. Beside it, at their own addresses, two
 * who deliver messages (알림톡).
 */
export async function startSimulator({
  port = 0,
  host = '127.0.0.1',
  speed = 1,
  settings,
  stateFile,
  now = Date.now,
}: SimulatorOptions = {}): Promise<Simulator> {
  const preset = (): Settings => ({ ...presetSettings(speed), ...settings });
  const kept = { parcels: new Map(), options: new Map() };
  const file = openStateFile(stateFile, kept);
  const world: World = {
    ...kept,
    settings: preset(),
    journal: new Journal(() => world.settings),
    behaviours: new Behaviours(),
    notices: [],
    now,
    changed: file.changed,
  };
  const pushes = new Pushes(world);
  const stands = (): boolean => world.settings.paused || world.settings.outage !== 'off';
  const clock = startClock(
    () => (stands() ? 0 : world.settings.speed),
    (key) => parcels.step(key),
  );
  const parcels = new Parcels(world, pushes, clock);
  const control = new Control(world, parcels, pushes, () => {
    pushes.forget();
    clock.clear();
    world.parcels.clear();
    world.options.clear();
    world.behaviours.remove();
    world.journal.clear();
    world.notices.length = 0;
    world.settings = preset();
    file.changed();
  });

  const routes = getRequestListener(controlRoutes(control).fetch, { overrideGlobalObjects: false });
  const server = createServer((request, response) => {
    const answered = /^\/_control(\/|\?|$)/.test(request.url ?? '')
      ? routes(request, response)
      : (answerNotice(world, request, response) ?? answerWire(world, parcels, request, response));
    answered.catch((error: unknown) => {
      // A client that hung up is not an error worth printing.
      if (!response.destroyed) console.error(error);
      response.destroy();
    });
  });
  const stop = async (): Promise<void> => {
    clock.stop();
    pushes.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    file.flush();
  };

  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    clock.stop();
    throw error;
  }
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  parcels.resume();
  return { url: `http://${name}:${address.port}`, port: address.port, control, stop };
}
