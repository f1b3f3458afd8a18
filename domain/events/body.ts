/**
 * The body that a webhook of this event has: the letters that are signed and sent, and that the list of deliveries shows. Of one event
 * they are the same at every attempt, so that a receiver may compare them.
 */
export const webhookBody = ({ type, at, data }: { type: string; at: Date; data: object }): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data });
