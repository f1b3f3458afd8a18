import { Client, Connection } from '@temporalio/client';
import { type TemporalConfig, temporalOptions } from './config.ts';

/**
 * A client that connects when first used and is quick to come back: gRPC's own back-off grows to two minutes, and a server that
 * has returned would be unseen all that time.
 */
export function createTemporalClient(config: TemporalConfig): { client: Client; close: () => Promise<void> } {
  const connection = Connection.lazy({
    ...temporalOptions(config),
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.min_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 1_000,
    },
  });
  return { client: new Client({ connection, namespace: config.TEMPORAL_NAMESPACE }), close: () => connection.close() };
}
