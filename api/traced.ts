import type { Context } from 'hono';
import type { Tracing } from '../commands/tracing.ts';

/**
 * A call's span, under the span that its caller sends along. It names the route, never the address or a header: a query holds names.
 */
export function traced(
  { span }: Tracing,
  c: Context,
  answered: () => Promise<{ route: string; status: number }>,
): Promise<{ route: string; status: number }> {
  const { method } = c.req;
  return span({ name: method, traceparent: c.req.header('traceparent') }, async (say) => {
    const { route, status } = await answered();
    const facts = { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status };
    say({ ...facts, 'error.type': status >= 500 ? String(status) : undefined }, `${method} ${route}`);
    return { route, status };
  });
}
