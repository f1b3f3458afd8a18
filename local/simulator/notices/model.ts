/** A message that a provider has taken. */
export interface NoticeEntry {
  provider: 'solapi' | 'aligo';
  at: string;
  to: string;
  templateCode: string;
  /** Aligo gets the whole text, Solapi the variables. */
  text: string | null;
  variables: Record<string, string> | null;
  messageId: string;
}

/** What the simulated providers take as ours: `npm start` and tests configure the worker with these. */
export const noticeKeys = {
  apiKey: 'local-key',
  apiSecret: 'local-secret',
  userId: 'local-user',
  senderKey: 'local-channel',
  sender: '0212345678',
} as const;

/** An answer of a provider. */
export interface Told {
  status: number;
  body: object;
}

/** A request to one of them: to whom, what it does, and how it is refused with a code. */
export interface Asked {
  to: string;
  act: () => Told;
  refuse: (code: string, message?: string) => Told;
}
