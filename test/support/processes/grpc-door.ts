import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

/** How the door itself answers a call: gRPC's numbers. */
const REFUSALS = { canceled: '1', 'not-found': '5', unavailable: '14' };
/** What becomes of a call: it goes through, is never answered, or is answered by the door. */
export type Passage = 'open' | 'silent' | keyof typeof REFUSALS;

/** A door before a gRPC server that looks at each call: as if a part of the server were away, while all else answers. */
export interface GrpcDoor {
  address: string;
  /** For calls of these methods from now on; what waits for an answer goes on waiting. */
  set: (methods: RegExp, passage: Passage) => void;
  /** How many calls have not gone through so far. */
  kept: () => number;
  close: () => Promise<void>;
}

const MANY_STREAMS = 10_000;
const { HTTP2_HEADER_PATH, HTTP2_HEADER_STATUS, HTTP2_HEADER_CONTENT_TYPE, NGHTTP2_CANCEL } = constants;
/** Of one hop only. */
const withoutConnection = ({ host, connection, ...headers }: IncomingHttpHeaders) => headers;

/** Opens one before `target` (host:port). */
export async function openGrpcDoor(target: string): Promise<GrpcDoor> {
  const rules = new Map<string, { methods: RegExp; passage: Passage }>();
  const sessions = new Set<ServerHttp2Session>();
  let kept = 0;
  const passageOf = (path: string): Passage =>
    [...rules.values()].findLast(({ methods }) => methods.test(path))?.passage ?? 'open';

  const server = createServer({ settings: { maxConcurrentStreams: MANY_STREAMS } });
  server.on('session', (session) => {
    sessions.add(session);
    const upstream: ClientHttp2Session = connect(`http://${target}`, { peerMaxConcurrentStreams: MANY_STREAMS });
    session.on('error', () => {});
    session.on('close', () => {
      sessions.delete(session);
      upstream.destroy();
    });
    upstream.on('error', () => {});
    upstream.on('close', () => session.destroy());
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      stream.on('error', () => {});
      const passage = passageOf(String(headers[HTTP2_HEADER_PATH]));
      if (passage === 'open') return pass(stream, headers, upstream);
      kept++;
      stream.resume();
      if (passage !== 'silent') refuse(stream, REFUSALS[passage]);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (methods, passage) => {
      rules.delete(methods.source);
      rules.set(methods.source, { methods, passage });
    },
    kept: () => kept,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

function refuse(stream: ServerHttp2Stream, status: string): void {
  stream.respond(
    { [HTTP2_HEADER_STATUS]: 200, [HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc', 'grpc-status': status },
    { endStream: true },
  );
}

/** Both directions, and the trailers in which gRPC puts a call's outcome. */
function pass(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, upstream: ClientHttp2Session): void {
  const call = upstream.request(withoutConnection(headers));
  call.on('error', () => stream.close(NGHTTP2_CANCEL));
  stream.on('close', () => call.close(NGHTTP2_CANCEL));
  stream.pipe(call);
  call.on('response', (answer, flags) => {
    if (flags & constants.NGHTTP2_FLAG_END_STREAM) {
      stream.respond(answer, { endStream: true });
      return;
    }
    stream.respond(answer, { waitForTrailers: true });
    let trailers: IncomingHttpHeaders = {};
    call.on('trailers', (last) => {
      trailers = last;
    });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    call.pipe(stream);
  });
}
