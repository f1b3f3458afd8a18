import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type Context, ROOT_CONTEXT, type Span, type SpanContext, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Facts, SpanOptions, Tracing } from '../../commands/tracing.ts';
import type { TracingConfig } from '../config/tracing.ts';
import type { OpenTracing } from './open.ts';

const SEND_EVERY_MS = 1_000;
/** A collector that does not answer must not hold a process that stops. */
const LAST_SEND_MS = 2_000;

interface Current {
  span: Span;
  context: Context;
  again: boolean;
}

/** The trace and span in a traced request's id. */
function spanOf(requestId: string | undefined): SpanContext | undefined {
  const [, traceId, spanId] = /^([0-9a-f]{32})-([0-9a-f]{16})$/.exec(requestId ?? '') ?? [];
  return traceId && spanId ? { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true } : undefined;
}

/** W3C's header; a broken one is no trace. */
function callerOf(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags ?? '0', 16) & TraceFlags.SAMPLED, isRemote: true };
}

/** The span that is called `name` in a request; both who writes it and who comes under it can say it. */
const namedSpan = (requestId: string, name: string): string =>
  createHash('sha256').update(`${requestId} ${name}`).digest('hex').slice(0, 16);

const known = (facts: Facts) =>
  Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string | number] => fact[1] !== undefined));

/** Of an error its class or code, never its message, which may quote a value. */
const kindOf = (error: unknown): string => {
  const { code, name } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : (name ?? typeof error);
};

/**
 * Spans by OpenTelemetry. Nothing is registered globally, and no other library writes into these traces: every name and attribute is
 * one that our own code gives.
 */
export function createTracing(service: 'api' | 'worker', config: TracingConfig): OpenTracing {
  let spanId: string | undefined;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      ...envDetector.detect().attributes,
      'service.name': config.OTEL_SERVICE_NAME ?? `delivery-${service}`,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.OTEL_TRACES_SAMPLER_ARG) }),
    idGenerator: {
      // A UUID, because it becomes part of a request's id.
      generateTraceId: () => randomUUID().replaceAll('-', ''),
      generateSpanId: () => spanId ?? randomBytes(8).toString('hex'),
    },
    // Reads the endpoint and everything else from the environment, as its documentation says.
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: SEND_EVERY_MS })],
  });
  const tracer = provider.getTracer('delivery-back-office');
  const current = new AsyncLocalStorage<Current>();

  /** Starting is synchronous, so the generator above gives this id to this span alone. */
  const startAs = (id: string | undefined, start: () => Span): Span => {
    spanId = id;
    try {
      return start();
    } finally {
      spanId = undefined;
    }
  };

  const start = ({ name, facts = {}, traceparent, is, of, as, under, again = false }: SpanOptions): Current => {
    const around = current.getStore();
    const request = spanOf(of);
    const asker = request && of && under ? { ...request, spanId: namedSpan(of, under) } : undefined;
    const parent = asker ?? around?.span.spanContext() ?? request ?? callerOf(traceparent);
    // A repeat of the caller executes a request of another trace.
    const links = request && parent && parent.traceId !== request.traceId ? [{ context: request }] : [];
    const isAgain = again || around?.again === true;
    const own = spanOf(is)?.spanId ?? (request && of && as && !isAgain ? namedSpan(of, as) : undefined);
    const into = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
    const span = startAs(own, () => tracer.startSpan(name, { attributes: known(facts), links }, into));
    return { span, context: trace.setSpan(ROOT_CONTEXT, span), again: isAgain };
  };

  const span: Tracing['span'] = async (options, work) => {
    // What belongs to a request that nobody traces would stand in a trace of its own, and say little there.
    if (options.of !== undefined && !current.getStore() && !spanOf(options.of)) return work(() => {});
    const mine = start(options);
    try {
      return await current.run(mine, () =>
        work((facts, name) => {
          mine.span.setAttributes(known(facts));
          if (name !== undefined) mine.span.updateName(name);
          if (facts['error.type'] !== undefined) mine.span.setStatus({ code: SpanStatusCode.ERROR });
        }),
      );
    } catch (error) {
      mine.span.setAttributes({ 'error.type': kindOf(error) }).setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      mine.span.end();
    }
  };

  return {
    isOn: true,
    newRequestId: () => {
      const around = current.getStore()?.span;
      return around?.isRecording() ? `${around.spanContext().traceId}-${randomBytes(8).toString('hex')}` : randomUUID();
    },
    span,
    stop: async () => {
      const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_SEND_MS).unref());
      await Promise.race([provider.shutdown().catch(() => {}), late]);
    },
  };
}
