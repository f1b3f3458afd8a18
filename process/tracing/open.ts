import { type Tracing, untraced } from '../../commands/tracing.ts';
import type { TracingConfig } from '../config/tracing.ts';

export interface OpenTracing extends Tracing {
  /** Whether spans are written: whoever adds itself to a hot path asks first. */
  isOn: boolean;
  /** Sends what is still waiting. */
  stop: () => Promise<void>;
}

/** Traces of this process, sent to OTEL_EXPORTER_OTLP_ENDPOINT; without it OpenTelemetry is not even loaded (90 ms, 15 MB). */
export async function openTracing(service: 'api' | 'worker', config: TracingConfig): Promise<OpenTracing> {
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return { ...untraced, isOn: false, stop: async () => {} };
  const { createTracing } = await import('./spans.ts');
  return createTracing(service, config);
}
