import type { LabelPaper } from '../../../domain/printing/print.ts';
import type { Label } from './label.ts';
import { labelPages } from './label-pages.ts';
import { type PackingSheet, packingPages } from './packing-list.ts';
import type { Paper } from './paper.ts';
import { type PickingPart, pickingPages } from './picking-list.ts';

/** What is to be drawn: its parts follow one by one. */
export type Job =
  | { kind: 'label'; title: string; paper: LabelPaper }
  | { kind: 'packing-list'; title: string }
  | { kind: 'picking-list'; title: string };
export type Part = Label | PackingSheet | PickingPart;

/** Draws each part of a job. Both come from our own process, which made them by these types. */
export function drawingOf(job: Job, paper: Paper): (part: Part) => void {
  switch (job.kind) {
    case 'label':
      return labelPages(paper, job.paper) as (part: Part) => void;
    case 'packing-list':
      return packingPages(paper) as (part: Part) => void;
    case 'picking-list':
      return pickingPages(paper) as (part: Part) => void;
    default:
      return job satisfies never;
  }
}

/** The last line of a job: without it some parts are missing, and the PDF must not look whole. */
export const END = '"end"';
