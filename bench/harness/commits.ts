/** Commits so far of the processes with these `/metrics`: transactions and single statements that wrote something (process/metrics/database.ts). */
export async function commitsOf(addresses: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    addresses.map(async (address) => {
      const text = await (await fetch(`${address}/metrics`)).text();
      const [, count] = /^db_commits_total (\S+)$/m.exec(text) ?? [];
      if (count === undefined) throw new Error(`${address}/metrics has no db_commits_total`);
      return Number(count);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
