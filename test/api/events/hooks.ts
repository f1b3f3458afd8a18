/** The address of webhooks. */
export const WEBHOOKS = '/api/bo/v1/webhooks';

/** An endpoint as somebody registers it. */
export const hook = (more: Record<string, unknown> = {}) => ({
  url: 'https://shop.example/hooks/delivery',
  types: ['delivery.shipped', 'delivery.delivered'],
  ...more,
});
