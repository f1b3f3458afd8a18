import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_TASK_QUEUE } from '../../workflows/messages/names.ts';
import { text } from './fields.ts';
import { type Environment, parse } from './reading.ts';

const temporal = z.object({
  TEMPORAL_ADDRESS: text.default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: text.default('default'),
  TEMPORAL_TLS_CA: text.optional(),
  TEMPORAL_TLS_CERT: text.optional(),
  TEMPORAL_TLS_KEY: text.optional(),
  TEMPORAL_TLS_SERVER_NAME: text.optional(),
  TEMPORAL_API_KEY: text.optional(),
  TASK_QUEUE: text.default(DEFAULT_TASK_QUEUE),
});

export type TemporalConfig = z.infer<typeof temporal>;
export const temporalConfig = (environment: Environment): TemporalConfig => parse(temporal, environment);

/** Options for both kinds of connection: address, TLS and API key. Files are given by path. */
export function temporalOptions(config: TemporalConfig) {
  const { TEMPORAL_TLS_CA, TEMPORAL_TLS_CERT, TEMPORAL_TLS_KEY, TEMPORAL_TLS_SERVER_NAME, TEMPORAL_API_KEY } = config;
  const pair =
    TEMPORAL_TLS_CERT && TEMPORAL_TLS_KEY
      ? { crt: readFileSync(TEMPORAL_TLS_CERT), key: readFileSync(TEMPORAL_TLS_KEY) }
      : undefined;
  const tls =
    TEMPORAL_TLS_CA || pair || TEMPORAL_TLS_SERVER_NAME || TEMPORAL_API_KEY
      ? {
          ...(TEMPORAL_TLS_CA ? { serverRootCACertificate: readFileSync(TEMPORAL_TLS_CA) } : {}),
          ...(TEMPORAL_TLS_SERVER_NAME ? { serverNameOverride: TEMPORAL_TLS_SERVER_NAME } : {}),
          ...(pair ? { clientCertPair: pair } : {}),
        }
      : undefined;
  return {
    address: config.TEMPORAL_ADDRESS,
    ...(tls ? { tls } : {}),
    ...(TEMPORAL_API_KEY ? { apiKey: TEMPORAL_API_KEY } : {}),
  };
}
