import { randomUUID } from 'node:crypto';

/** What a span says. It leaves the system, so it holds numbers and codes of ours, never a text that somebody wrote. */
export type Facts = Record<string, string | number | undefined>;

export interface SpanOptions {
  name: string;
  facts?: Facts;
  /** The header `traceparent` of a call: the caller's trace goes on. */
  traceparent?: string | undefined;
  /** The id of a new request, made by `newRequestId`, whose span this is. */
  is?: string;
  /** The stored request it belongs to, perhaps one of another process. */
  of?: string | undefined;
  /** A name, unique in the request, by which another process can put spans `under` this one. */
  as?: string;
  under?: string;
  /** Not the first try of this: what is named `as` within it has been written once already. */
  again?: boolean;
}

/** Adds facts that are known later, and the name of the span, if that is. */
export type Say = (facts: Facts, name?: string) => void;

/** Where a process's traces go; `untraced` when nobody collects any. */
export interface Tracing {
  /**
   * The id of a new stored request. That of a traced one is its trace and its span, so that whoever has the id (a sweep, a worker's
   * `record`) finds the trace without asking.
   */
  newRequestId: () => string;
  /** Runs `work` within a span, which ends with it. */
  span: <T>(options: SpanOptions, work: (say: Say) => Promise<T>) => Promise<T>;
}

const say: Say = () => {};

/** No traces. */
export const untraced: Tracing = {
  newRequestId: () => randomUUID(),
  span: (_options, work) => work(say),
};

/** Under this name a workflow's `record` finds the update or the signal that asked for it. */
export const messageName = (workflowId: string, command: string): string => `${workflowId} ${command}`;
