import { TestWorkflowEnvironment } from '@temporalio/testing';

/*
 * `node temporal-download.ts FOLDER VERSION`: the SDK's own download, which comes only with a start of what it got. A process
 * of its own, because nothing in this process could stop a download that hangs.
 */
const [downloadDir = '', version = ''] = process.argv.slice(2);
try {
  const executable = { type: 'cached-download', downloadDir, version } as const;
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
  await environment.teardown();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
