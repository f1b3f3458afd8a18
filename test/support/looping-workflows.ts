/** The worker's workflows, and one whose code never answers: for workflow-loops.test.ts. */
export * from '../../workflows/index.ts';

export async function loops(): Promise<void> {
  for (;;);
}
