import { defineEntity, p } from '@mikro-orm/core';
import { type NoticeType, noticeStates } from '../../../domain/notices/notice.ts';
import type { NoticeSource } from '../../../domain/notices/rule.ts';
import { identity, isOneOf, namesOf, now, oneOf } from '../columns.ts';

/** Which template tells receivers of a type of event; none = nobody is told. */
export const NoticeRuleEntity = defineEntity({
  name: 'NoticeRuleEntity',
  tableName: 'notice_rules',
  properties: {
    type: p.text().$type<NoticeType>().primary(),
    templateCode: p.text(),
    text: p.text(),
    variables: p.json<Record<string, NoticeSource>>(),
    enabled: p.boolean(),
    by: p.text(),
    askedAt: p.datetime(),
    updatedAt: now(),
  },
});

/** One message to a receiver (알림톡) at most for each event. Without name, phone and text, which are read and made when it is sent. */
export const NoticeEntity = defineEntity({
  name: 'NoticeEntity',
  tableName: 'notices',
  properties: {
    id: identity().primary(),
    eventId: p.bigint('number'),
    type: p.text().$type<NoticeType>(),
    happenedAt: p.datetime(),
    subject: p.text(),
    orderNo: p.text(),
    /** The event's, which may be gone before the message is sent. */
    data: p.json<object>(),
    state: oneOf(namesOf(noticeStates)).default('waiting'),
    /** One of ours, or a provider's code behind its name; never its words, which may hold a number. */
    reason: p.text().nullable(),
    dueAt: now(),
    /** Only grow, because an answer belongs to one of them. */
    attempts: p.integer().default(0),
    attemptsLeft: p.integer(),
    resentAt: p.datetime().nullable(),
    /** Since when a worker has it; long ago = that worker has died. */
    sendingAt: p.datetime().nullable(),
    provider: p.text().nullable(),
    templateCode: p.text().nullable(),
    /** The provider's own number of the message. */
    messageId: p.text().nullable(),
    sentAt: p.datetime().nullable(),
    createdAt: now(),
    updatedAt: now(),
  },
  checks: [isOneOf('notices_state_check', 'state', namesOf(noticeStates))],
  indexes: [
    { name: 'notices_due', properties: ['dueAt', 'id'], where: "state = 'waiting'" },
    { name: 'notices_sending', properties: ['sendingAt'], where: "state = 'sending'" },
    { name: 'notices_state', properties: ['state', 'id'] },
    { name: 'notices_order', properties: ['orderNo', 'id'] },
  ],
  uniques: [{ name: 'notices_event_id_key', properties: ['eventId'] }],
});

/** Up to which event notices were made. One row, and the lock under which the next are. */
export const NoticeHeadEntity = defineEntity({
  name: 'NoticeHeadEntity',
  tableName: 'notice_head',
  properties: {
    one: p.boolean().primary().default(true),
    /** Null until the first worker with a provider: what happened before is told to nobody. */
    eventId: p.bigint('number').nullable(),
  },
  checks: [{ name: 'notice_head_one', property: 'one', expression: 'one' }],
});
