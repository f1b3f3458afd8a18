import type { NoticeConfig } from '../../process/config/notices.ts';
import { createAligo } from './providers/aligo.ts';
import type { NoticeProvider } from './providers/port.ts';
import { createSolapi } from './providers/solapi.ts';

/** The provider that the configuration names; null = there is none, and nobody is told anything. */
export function providerOf(config: NoticeConfig): NoticeProvider | null {
  const { NOTICE_PROVIDER: name, NOTICE_URL: url, NOTICE_TIMEOUT_MS: timeoutMs } = config;
  // The configuration has checked that what the provider needs is there.
  const apiKey = config.NOTICE_API_KEY ?? '';
  const given = { url, timeoutMs, apiKey, senderKey: config.NOTICE_SENDER_KEY ?? '', sender: config.NOTICE_SENDER ?? '' };
  switch (name) {
    case 'solapi':
      return createSolapi({ ...given, apiSecret: config.NOTICE_API_SECRET ?? '' });
    case 'aligo':
      return createAligo({ ...given, userId: config.NOTICE_USER_ID ?? '' });
    case undefined:
      return null;
    default:
      return name satisfies never;
  }
}
