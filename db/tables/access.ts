import { defineEntity, p } from '@mikro-orm/core';

/** 개인정보 접속기록: written before every unmasked answer. */
export const PersonalDataAccessEntity = defineEntity({
  name: 'PersonalDataAccessEntity',
  tableName: 'personal_data_accesses',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    at: p.datetime(),
    sub: p.text(),
    ip: p.text(),
    route: p.text(),
    subject: p.text(),
    /** Every number of an answer about many, an export's. */
    subjects: p.array().nullable(),
    fields: p.array(),
    reason: p.text().nullable(),
  },
});
