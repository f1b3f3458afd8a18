import { z } from 'zod';
import { base, text } from './fields.ts';
import { type Environment, parse } from './reading.ts';

/** OpenTelemetry's own names; the exporter reads further ones (OTEL_EXPORTER_OTLP_HEADERS, …) itself. */
const tracing = z.object({
  /** Where traces are sent; unset = there are none, and nothing of OpenTelemetry is loaded. */
  OTEL_EXPORTER_OTLP_ENDPOINT: base.optional(),
  OTEL_SERVICE_NAME: text.optional(),
  /** The part of new traces that is kept. A caller's own trace is kept if the caller keeps it. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
});

export type TracingConfig = z.infer<typeof tracing>;
export const tracingConfig = (environment: Environment): TracingConfig => parse(tracing, environment);
