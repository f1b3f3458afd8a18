import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { signalWorkflow } from '../commands/workflow-calls.ts';
import { addDays, koreanDay } from '../domain/korea.ts';
import { deliveryWorkflowId, type SubmitMessage } from '../workflows/messages/delivery.ts';
import { SUBMIT_SIGNAL } from '../workflows/messages/names.ts';

const MISSED = 2;
const WITHIN_MS = 30_000;
const listSchema = z.object({ items: z.array(z.object({ deliveryNo: z.string(), lineNo: z.number() })) });

interface Place {
  apiUrl: string;
  token: string;
  temporalAddress: string;
  namespace: string;
}

/**
 * Some buyers of the sample data were promised a day that is over. The API rightly takes no day that has passed, so this is told to
 * the lines as an operator does in the Temporal UI: by signal. Repeated after an interruption, it does nothing more.
 */
export async function missPromises({ apiUrl, token, temporalAddress, namespace }: Place): Promise<void> {
  const lines = async (due: string) => {
    const address = `${apiUrl}/api/bo/v1/delivery-lines?due=${due}&sort=dispatchDueOn&limit=${MISSED}`;
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    return listSchema.parse(await response.json()).items;
  };
  if ((await lines('notice-missed')).length > 0) return;
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    const client = new Client({ connection, namespace });
    const expectedOn = addDays(koreanDay(new Date()), -1);
    const message: SubmitMessage = { command: 'notify-delay', expectedOn, reasonCode: 'STOCK', hasReason: true, by: 'sample' };
    for (const { deliveryNo, lineNo } of await lines('late'))
      await signalWorkflow(client, deliveryWorkflowId(deliveryNo, lineNo), SUBMIT_SIGNAL, message);
  } finally {
    await connection.close();
  }
}
