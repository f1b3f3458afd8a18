/** What global-setup started, handed to the test files by environment. */
export interface TestServers {
  folder: string;
  /** Of the template database. */
  databaseUrl: string;
  temporalAddress: string;
  temporalExecutable: string;
  bundlePath: string;
}

export const TEMPLATE = 'template_delivery';

/** Kept between setup and teardown, which Jest runs in one process. */
export const servers: { stop?: () => Promise<void> } = {};

export function testServers(): TestServers {
  const given = process.env.TEST_SERVERS;
  if (given === undefined) throw new Error('run the tests by npm test: global-setup starts the servers');
  return JSON.parse(given) as TestServers;
}
