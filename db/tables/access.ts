import { defineEntity, p } from '@mikro-orm/core';
import { identity, now } from './columns.ts';

/** 개인정보 접속기록: written before every unmasked answer. */
export const PersonalDataAccessEntity = defineEntity({
  name: 'PersonalDataAccessEntity',
  tableName: 'personal_data_accesses',
  properties: {
    id: identity().primary(),
    at: now(),
    sub: p.text(),
    ip: p.text(),
    route: p.text(),
    subject: p.text(),
    /** All numbers, if an answer (an export) is about many. */
    subjects: p.array().nullable(),
    fields: p.array(),
    reason: p.text().nullable(),
  },
  indexes: [
    { name: 'personal_data_accesses_at', properties: ['at', 'id'] },
    { name: 'personal_data_accesses_sub', properties: ['sub', 'at', 'id'] },
    { name: 'personal_data_accesses_subject', properties: ['subject', 'at', 'id'] },
    { name: 'personal_data_accesses_subjects', properties: ['subjects'], where: 'subjects is not null', type: 'gin' },
  ],
});
