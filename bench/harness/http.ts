import { Agent, request } from 'node:http';

export interface HttpAnswer {
  status: number;
  text: string;
}

/** A minimal HTTP client on kept connections: its cost counts against the product, so it does nothing more. */
export function createHttp(baseUrl: string, token: string, sockets = 128) {
  const { hostname, port } = new URL(baseUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: sockets, maxFreeSockets: sockets });
  const authorization = `Bearer ${token}`;
  const send = (method: string, path: string, body: string | undefined): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const headers =
        body === undefined
          ? { authorization }
          : { authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const sent = request({ hostname, port, method, path, agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return {
    get: (path: string) => send('GET', path, undefined),
    post: (path: string, body: object) => send('POST', path, JSON.stringify(body)),
    close: () => agent.destroy(),
  };
}

export type Http = ReturnType<typeof createHttp>;
