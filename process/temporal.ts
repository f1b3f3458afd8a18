import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { type TemporalConfig, temporalOptions } from './config/temporal.ts';

/**
 * A client that connects at first use and reconnects quickly: gRPC's own back-off grows to two minutes, during which a server
 * that is back would go unnoticed. With `interceptors: []` its calls are not retried.
 */
export function createTemporalClient(
  config: TemporalConfig,
  more: Pick<ConnectionOptions, 'interceptors'> = {},
): { client: Client; close: () => Promise<void> } {
  const connection = Connection.lazy({
    ...temporalOptions(config),
    ...more,
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.min_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 500,
    },
  });
  return { client: new Client({ connection, namespace: config.TEMPORAL_NAMESPACE }), close: () => connection.close() };
}
