/**
 * Folders whose mistakes cost data or money: nearly every branch of theirs must be covered by tests.
 * A new repository, ledger or write-ahead log adds its folder here.
 */
const criticalFolders = [
  'packages/backup/src/wal',
  'packages/backup/src/repository',
  'packages/logs/src/wal',
  'packages/payments/src/ledger',
  'packages/payments/src/money',
  'packages/atproto/src/repo',
]

/** What `npm test -- --coverage` measures and demands, in per cent: below, the run fails. */
export const coverage = {
  provider: 'v8' as const,
  include: ['packages/*/src/**/*.ts'],
  exclude: ['**/*.test.ts', '**/*.d.ts'],
  reporter: ['text-summary', 'json-summary', 'lcovonly'],
  thresholds: {
    lines: 85,
    ...Object.fromEntries(criticalFolders.map((folder) => [`${folder}/**/*.ts`, { branches: 95 }])),
  },
}
