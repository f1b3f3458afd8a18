import { factsOfNotice } from '../../db/notices/facts.ts';
import { findNotices, waitingNotices } from '../../db/notices/list.ts';
import { lockNotices } from '../../db/notices/resend.ts';
import { findNoticeRules } from '../../db/notices/rules.ts';
import { takeNotices } from '../../db/notices/take.ts';
import type { Example } from './example.ts';

export const noticeExamples: readonly Example[] = [
  {
    of: 'db/notices/list.ts findNotices',
    what: 'a further page',
    run: (query) => findNotices(query, { cursor: '1200' }, 51),
    indexes: ['notices_pkey'],
  },
  {
    of: 'db/notices/list.ts findNotices',
    what: 'those that failed',
    run: (query) => findNotices(query, { state: 'failed' }, 51),
    indexes: ['notices_state'],
  },
  {
    of: 'db/notices/list.ts findNotices',
    what: 'of one order',
    run: (query) => findNotices(query, { orderNo: 'S20261123-0001' }, 51),
    indexes: ['notices_order'],
  },
  {
    of: 'db/notices/resend.ts lockNotices',
    what: 'some, to be sent again',
    run: (query) => lockNotices(query, [12, 13]),
    indexes: ['notices_pkey'],
  },
  { of: 'db/notices/list.ts waitingNotices', what: 'how many wait', run: waitingNotices, indexes: ['notices_due'] },
  { of: 'db/notices/rules.ts findNoticeRules', what: 'every rule', run: findNoticeRules, indexes: [] },
  {
    of: 'db/notices/take.ts takeNotices',
    what: 'the next that are due',
    run: (query) => takeNotices(query, 8),
    indexes: ['notices_due'],
  },
  {
    of: 'db/notices/facts.ts factsOfNotice',
    what: 'what a message is made of',
    run: (query) => factsOfNotice(query, 12),
    indexes: ['notices_pkey', 'events_rest_subject_key_idx', 'events_rest_id_idx'],
  },
];
