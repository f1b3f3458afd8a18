import { sql } from 'kysely';
import { bulkWorkflowId } from '../../../workflows/messages/bulk-shipment.ts';
import { uniqueWaybill } from '../../support/scenes/orders.ts';
import { csv, ended as endOf, start, upload } from '../../support/scenes/sheets.ts';
import { signToken, withoutPii } from '../../support/stack.ts';
import { placed, type Scenario } from '../world.ts';

/** A sheet of one line, to its end. */
export const bulkScenarios: Record<string, Scenario> = {
  completed: async ({ api }) => {
    const { deliveryNo, lineNo } = await placed(api, ['instruct', 'release']);
    const sheet = csv([[deliveryNo, lineNo, '04', uniqueWaybill()]]);
    const { body } = await upload({ url: api.url, token: () => signToken(withoutPii) }, sheet, { name: '출고.csv' });
    await start(api, body.id);
    await endOf(api, body.id);
    return bulkWorkflowId(body.id);
  },
  canceled: async ({ api, stack }) => {
    const { deliveryNo, lineNo } = await placed(api, ['instruct', 'release']);
    const sheet = csv([[deliveryNo, lineNo, '04', uniqueWaybill()]]);
    const { body } = await upload({ url: api.url, token: () => signToken(withoutPii) }, sheet, { name: '출고.csv' });
    await stack.db.query(sql`update bulk_shipments set cancel_at = now() where id = ${body.id}`);
    await start(api, body.id);
    await endOf(api, body.id);
    return bulkWorkflowId(body.id);
  },
};
