import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';

/** Temporal's front door with TLS: what arrives is passed on in clear. The certificate is its own authority, for `localhost`. */
export async function startTlsGate(folder: string, behind: string): Promise<{ address: string; ca: string; close: () => void }> {
  const [key, ca] = [join(folder, 'gate-key.pem'), join(folder, 'gate.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '400', '-subj', '/CN=localhost'];
  execFileSync('openssl', [...request, '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', ca], {
    stdio: 'ignore',
  });
  const [host = '', port] = behind.split(':');
  const sockets = new Set<Socket>();
  const server = createServer({ key: readFileSync(key), cert: readFileSync(ca), ALPNProtocols: ['h2'] }, (socket) => {
    const clear = connect(Number(port), host);
    for (const each of [socket, clear]) sockets.add(each);
    for (const [from, to] of [
      [socket, clear],
      [clear, socket],
    ] as const)
      from.on('error', () => to.destroy()).pipe(to);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, ca, close };
}
