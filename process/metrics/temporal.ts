import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { TemporalConfig } from '../config/temporal.ts';
import type { OnCall } from '../temporal.ts';

/**
 * Calls that this process's client sends to Temporal. The SDK measures its own (`temporal_request…`, at the worker); its client for
 * TypeScript measures none.
 */
export function clientMetrics(registry: Registry): OnCall {
  const calls = new Histogram({
    name: 'temporal_client_request_duration_seconds',
    help: 'Calls of the Temporal client by method and gRPC status, each try of its own',
    labelNames: ['method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return (method, status, seconds) => calls.observe({ method, status }, seconds);
}

const FILES = ['TEMPORAL_TLS_CA', 'TEMPORAL_TLS_CERT'] as const;

/**
 * When the certificates end with which this process speaks to Temporal. They are those it began with: a file that was renewed since
 * is used from the next start on.
 */
export function certificateMetrics(registry: Registry, config: TemporalConfig): void {
  const given = FILES.flatMap((variable) => {
    const file = config[variable];
    return file === undefined ? [] : [{ variable, endsAt: firstEnd(readFileSync(file, 'utf8')) }];
  });
  if (given.length === 0) return;
  const gauge = new Gauge({
    name: 'certificate_expiry_timestamp_seconds',
    help: 'When the certificate in use ends; of several in one file, the first that does',
    labelNames: ['variable'],
    registers: [registry],
  });
  for (const { variable, endsAt } of given) gauge.set({ variable }, endsAt);
}

function firstEnd(pem: string): number {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return Math.min(...certificates.map((each) => new X509Certificate(each).validToDate.getTime())) / 1000;
}
