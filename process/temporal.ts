import { InterceptingCall, type Interceptor, status } from '@grpc/grpc-js';
import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type WorkflowClientInterceptor,
} from '@temporalio/client';
import { type TemporalConfig, temporalOptions } from './config/temporal.ts';

/** Told of each call, retries too: its method, the name of its gRPC status, and how long it took. */
export type OnCall = (method: string, status: string, seconds: number) => void;

export interface ClientOptions {
  /** By default the SDK tries again what failed for a reason that may pass. */
  retries?: boolean;
  onCall?: OnCall;
  spans?: WorkflowClientInterceptor[];
}

const measuring =
  (onCall: OnCall): Interceptor =>
  (options, next) => {
    const startedAt = performance.now();
    const method = options.method_definition.path.split('/').at(-1) ?? '';
    return new InterceptingCall(next(options), {
      start: (metadata, _listener, send) =>
        send(metadata, {
          onReceiveStatus: (ended, pass) => {
            onCall(method, status[ended.code] ?? 'UNKNOWN', (performance.now() - startedAt) / 1000);
            pass(ended);
          },
        }),
    });
  };

/**
 * A client that connects at first use and reconnects quickly: gRPC's own back-off grows to two minutes, during which a server
 * that is back would go unnoticed.
 */
export function createTemporalClient(
  config: TemporalConfig,
  { retries = true, onCall, spans = [] }: ClientOptions = {},
): { client: Client; close: () => Promise<void> } {
  const connection = Connection.lazy({
    ...temporalOptions(config),
    interceptors: [
      ...(retries ? [makeGrpcRetryInterceptor(defaultGrpcRetryOptions())] : []),
      ...(onCall ? [measuring(onCall)] : []),
    ],
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.min_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 500,
    },
  });
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE, interceptors: { workflow: spans } });
  return { client, close: () => connection.close() };
}
