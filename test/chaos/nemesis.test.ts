import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { tell } from '../../chaos/clients/stories.ts';
import { planFaults, streamOf } from '../../chaos/nemesis/plan.ts';
import { type Gate, openGate } from '../../chaos/world/gate.ts';
import { eventually } from '../support/stack.ts';

describe('a seed', () => {
  const places = { parts: ['postgres', 'worker-1'], gates: ['worker-1→postgres'], hasDisks: true };

  test('gives the same faults and the same stories again, another seed others', () => {
    const story = (seed: number) => tell(streamOf(seed, 'client-1'), 'O-1', '600001');
    expect(planFaults(7, 60_000, places)).toEqual(planFaults(7, 60_000, places));
    expect(story(7)).toEqual(story(7));
    expect(planFaults(8, 60_000, places)).not.toEqual(planFaults(7, 60_000, places));
    expect(story(8)).not.toEqual(story(7));
  });

  test('gives every kind of fault within its time, and each to what it can be done to', () => {
    const faults = planFaults(1, 3_600_000, places);
    const kinds = ['full-disk', 'half-open', 'kill', 'latency', 'pause', 'reset', 'stalled'];
    expect([...new Set(faults.map(({ deed }) => deed.kind))].sort()).toEqual(kinds);
    for (const { at, lasts, where, deed } of faults) {
      expect(at + lasts).toBeLessThanOrEqual(3_600_000);
      expect(places.parts.includes(where)).toBe(['kill', 'pause', 'full-disk'].includes(deed.kind));
    }
  });
});

describe('a gate', () => {
  let server: Server;
  let gate: Gate;
  let heard = '';
  const accepted: Socket[] = [];
  beforeEach(async () => {
    heard = '';
    accepted.length = 0;
    server = createServer((socket) => {
      accepted.push(socket);
      socket
        .on('error', () => {})
        .on('data', (bytes) => {
          heard += bytes;
          socket.write(bytes);
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    gate = await openGate('a→b', `127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    await gate.close();
    for (const socket of accepted) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const call = async () => {
    const { hostname, port } = new URL(`tcp://${gate.address}`);
    const socket = connect(Number(port), hostname);
    const client = { socket, heard: '', ended: '' };
    socket.on('data', (bytes) => {
      client.heard += bytes;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      client.ended = error.code ?? 'error';
    });
    socket.on('close', () => {
      client.ended ||= 'closed';
    });
    await once(socket, 'connect');
    return client;
  };

  test('slow: all comes later, in order', async () => {
    const client = await call();
    gate.set({ kind: 'latency', ms: 200 });
    const began = performance.now();
    for (const letter of 'abc') client.socket.write(letter);
    await eventually(async () => client.heard === 'abc');
    expect(performance.now() - began).toBeGreaterThanOrEqual(400);
    client.socket.destroy();
  });

  test('stalled: nothing comes through, then all of it does, late', async () => {
    const client = await call();
    client.socket.write('1');
    await eventually(async () => client.heard === '1');
    gate.set({ kind: 'stalled' });
    client.socket.write('2');
    const other = await call();
    other.socket.write('3');
    const through = await call();
    expect(heard).toBe('1');
    gate.set({ kind: 'clear' });
    await eventually(async () => client.heard === '12' && other.heard === '3');
    for (const each of [client, other, through]) each.socket.destroy();
  });

  test('half-open: the server is told, the client is not; nothing of it ever comes through', async () => {
    const client = await call();
    client.socket.write('1');
    await eventually(async () => client.heard === '1');
    gate.set({ kind: 'half-open' });
    await eventually(async () => accepted[0]?.destroyed);
    client.socket.write('2');
    const other = await call();
    other.socket.write('3');
    expect([client.ended, other.ended]).toEqual(['', '']);
    gate.set({ kind: 'clear' });
    await eventually(async () => client.ended && other.ended);
    const next = await call();
    next.socket.write('4');
    await eventually(async () => next.heard === '4');
    expect(heard).toBe('14');
    next.socket.destroy();
  });

  test('reset: both hear it', async () => {
    const client = await call();
    client.socket.write('1');
    await eventually(async () => client.heard === '1');
    gate.reset();
    await eventually(async () => client.ended === 'ECONNRESET');
    await eventually(async () => accepted[0]?.destroyed);
  });
});
