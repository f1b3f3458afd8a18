import { defineEntity, p } from '@mikro-orm/core';
import { identity, now } from './columns.ts';

/** A view that a person has kept: a list of the console with its filters. */
export interface SavedView {
  id: string;
  /** The screen's path in the console. */
  screen: string;
  name: string;
  /** The screen's address parameters, dates relative. */
  query: string;
}

/** The name in the token of a person who signed in, so that history shows people and not their `sub`. */
export const CallerNameEntity = defineEntity({
  name: 'CallerNameEntity',
  tableName: 'caller_names',
  properties: {
    sub: p.text().primary(),
    name: p.text(),
    seenAt: now(),
  },
});

/** The saved views of a person, all of them together. */
export const SavedViewsEntity = defineEntity({
  name: 'SavedViewsEntity',
  tableName: 'saved_views',
  properties: {
    sub: p.text().primary(),
    views: p.json<SavedView[]>(),
    revision: p.integer(),
    updatedAt: now(),
  },
  checks: [{ name: 'saved_views_revision_check', property: 'revision', expression: 'revision >= 1' }],
});

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
