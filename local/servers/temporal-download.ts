import { TestWorkflowEnvironment } from '@temporalio/testing';

/*
 * `node temporal-download.ts FOLDER VERSION`: the SDK's own download, which always starts the downloaded server too. It runs in a
 * process of its own, because a download that hangs could not be stopped otherwise.
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
