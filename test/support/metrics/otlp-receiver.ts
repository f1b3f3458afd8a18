import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import protobuf from 'protobufjs';

/** The parts of OTLP's ExportTraceServiceRequest that a span of ours has. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Export { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
    repeated Event events = 11; repeated Link links = 13; Status status = 15;
  }
  message Event { string name = 2; }
  message Link { bytes trace_id = 1; bytes span_id = 2; }
  message Status { string message = 2; int32 code = 3; }
`);
const exported = root.lookupType('Export');

interface KeyValue {
  key: string;
  value: Record<string, string | number>;
}

interface Wire {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: { spans: (Pick<Span, 'name'> & Record<string, any>)[] }[];
  }[];
}

/** One span as a collector has it. */
export interface Span {
  service: string;
  traceId: string;
  spanId: string;
  /** Empty for the first of a trace. */
  parentId: string;
  name: string;
  facts: Record<string, string | number>;
  links: { traceId: string; spanId: string }[];
  events: string[];
  failed: boolean;
}

export interface Receiver {
  url: string;
  spans: Span[];
  /** All bytes that arrived, as text: whatever was sent, in whatever field. */
  raw: () => string;
  close: () => void;
}

const hex = (bytes: string) => Buffer.from(bytes, 'base64').toString('hex');
const factsOf = (attributes: KeyValue[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0] ?? '']));

/** A collector: takes OTLP over HTTP as protobuf, at the path of OpenTelemetry's specification. */
export async function startReceiver(): Promise<Receiver> {
  const spans: Span[] = [];
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    bodies.push(body);
    const isOurs = request.url === '/v1/traces' && request.headers['content-type'] === 'application/x-protobuf';
    if (isOurs) spans.push(...spansIn(body));
    response.writeHead(isOurs ? 200 : 400, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    raw: () => Buffer.concat(bodies).toString('utf8'),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function spansIn(body: Buffer): Span[] {
  const { resourceSpans } = exported.toObject(exported.decode(body), { bytes: String, longs: Number, arrays: true }) as Wire;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(factsOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, traceId, spanId, parentSpanId = '', attributes, links, events, status }) => ({
        service,
        name,
        traceId: hex(traceId),
        spanId: hex(spanId),
        parentId: hex(parentSpanId),
        facts: factsOf(attributes),
        links: links.map((link: { traceId: string; spanId: string }) => ({
          traceId: hex(link.traceId),
          spanId: hex(link.spanId),
        })),
        events: events.map((event: { name: string }) => event.name),
        failed: status?.code === 2,
      })),
    );
  });
}
