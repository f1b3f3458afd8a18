import type { Http } from '../../support/http.ts';

export const FEED = '/api/bo/v1/events';

export interface Heard {
  id: string;
  type: string;
  at: string;
  data: Record<string, any>;
}

/** Everything, page by page, as a receiver reads it. */
export async function heardFrom(api: Pick<Http, 'get'>, query = ''): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (let after = ''; ; ) {
    const { status, body } = await api.get(`${FEED}?limit=50${query}${after && `&after=${after}`}`);
    if (status !== 200) throw new Error(`events: ${status} ${JSON.stringify(body)}`);
    heard.push(...body.items);
    if (body.nextAfter === after) return heard;
    after = body.nextAfter;
  }
}
